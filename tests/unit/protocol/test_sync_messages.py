"""The messages of protocol.sync, resources, resource_groups and events as they stand on the wire."""

from __future__ import annotations

import json
from typing import Any

import pytest

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, Bytes61
from insomnia_desktop.protocol.codec import InvalidBody, decode_body, encode_body
from insomnia_desktop.protocol.events import AccountEvent, HeadEvent, RevokedEvent
from insomnia_desktop.protocol.resource_groups import OWNER, Group, Groups, GroupWrap, Head, Heads, NewGroup
from insomnia_desktop.protocol.resources import Revision, RevisionRow, Revisions, Row
from insomnia_desktop.protocol.sync import Change, Page, Push, PushAnswer, Result
from tests.support.vectors import V1, h

ID, HASH = Bytes16(bytes(16)), Bytes32(bytes(32))
WRAP = Bytes61(h(V1["group"]["wrap"]))
ROW = Row(ID, 1, 2, HASH, False, ID, Binary(b"blob"))
CHANGE = Change(ID, 1, HASH, True, Binary(b"blob"))
REVISION = Revision(3, HASH, HASH, False, ID, ID, 5, 289, True)
GROUP = Group(ID, 1, OWNER, 2, [GroupWrap(1, WRAP)])
HEAD = Head(ID, 3, HASH, 1, OWNER, 0)
PAGE = "rows next more head_seq floor_seq digest server_epoch"
MESSAGES = [
    (NewGroup(ID, 1, WRAP), "id epoch wrap"),
    (GROUP, "id epoch role created_at wraps"),
    (Groups([GROUP]), "groups"),
    (HEAD, "id head_seq digest epoch role log_n"),
    (Heads(ID, 1, [HEAD]), "server_epoch account_rev groups"),
    (ROW, "id version seq prev deleted author blob"),
    (RevisionRow(ID, 1, None, HASH, False, ID, Binary(b"blob"), 5), "id version seq prev deleted author blob at"),
    (REVISION, "version rev_hash prev deleted author device at size kept"),
    (Revisions([REVISION], True), "revisions more"),
    (Page([ROW], 2, False, 2, 0, HASH, ID), PAGE),
    (CHANGE, "id version prev deleted blob"),
    (Push(0, [CHANGE]), "after changes"),
    (PushAnswer([ROW], 2, False, 2, 0, HASH, ID, [Result(ID, "ok", 2)]), f"{PAGE} results"),
    (PushAnswer([], 2, True, 2, 0, HASH, ID, [], resync=True), f"{PAGE} results resync"),
    (Result(ID, "ok", 2), "id result seq"),
    (Result(ID, "rejected", code="quota"), "id result code"),
    (Result(ID, "conflict"), "id result"),
    (HeadEvent(ID, 3), "g seq"),
    (AccountEvent(3), "rev"),
    (RevokedEvent(), ""),
]
OPTIONAL = {"resync", "code"}


@pytest.mark.parametrize(("message", "fields"), MESSAGES, ids=lambda value: type(value).__name__)
def test_a_message_has_the_fields_of_the_protocol_and_comes_back(message: Any, fields: str) -> None:
    body = encode_body(message)
    assert set(json.loads(body)) == set(fields.split())
    assert decode_body(body, type(message)) == message


@pytest.mark.parametrize(("message", "fields"), MESSAGES, ids=lambda value: type(value).__name__)
def test_a_missing_field_is_named(message: Any, fields: str) -> None:
    optional = OPTIONAL | ({"seq"} if isinstance(message, Result) else set())
    for field in set(fields.split()) - optional:
        body = json.loads(encode_body(message))
        del body[field]
        with pytest.raises(InvalidBody) as caught:
            decode_body(json.dumps(body).encode(), type(message))
        assert caught.value.field == field


def test_a_revision_says_that_it_has_no_seq() -> None:
    body = json.loads(encode_body(RevisionRow(ID, 1, None, HASH, False, ID, Binary(b"blob"), 5)))
    assert body["seq"] is None


def test_a_result_of_a_newer_server_is_none_of_ours() -> None:
    with pytest.raises(InvalidBody):
        decode_body(b'{"id":"AAAAAAAAAAAAAAAAAAAAAA","result":"maybe"}', Result)
    told = decode_body(b'{"id":"AAAAAAAAAAAAAAAAAAAAAA","result":"rejected","code":"new"}', Result)
    assert told.code == "new"
