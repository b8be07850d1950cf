"""sync.envelopes and sync.session: what is sealed opens again, and nothing that arrives raises."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.crypto.envelope import NO_PREV, Revision
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.resources import Row as WireRow
from insomnia_desktop.store.sync_rows import OutboxRow
from insomnia_desktop.sync import envelopes
from insomnia_desktop.sync.envelopes import GroupKeys, NotSealed, Unsealed, open_row, open_some, seal_all
from insomnia_desktop.sync.plaintext import write_plaintext
from insomnia_desktop.sync.pulled_row import Arrived, decide
from insomnia_desktop.sync.push_batch import Dirty
from insomnia_desktop.sync.session import SyncSession
from insomnia_desktop.sync.stored import resource_of, row_write
from insomnia_desktop.sync.values import Plaintext, Resource, Sketch
from tests.support.sealed_envelopes import seal_and_hash
from tests.unit.sync.documents import plaintexts, request, wire_id

WORKSPACE = wire_id(1)
KEYS = GroupKeys(bytes(16), bytes(range(16)), resource_of(WORKSPACE), {1: os.urandom(32)})
NINTH = resource_of(wire_id(9))


def seal(document: Dirty, data: bytes, local_rev: int, *, keys: GroupKeys = KEYS) -> OutboxRow | NotSealed:
    """Seal one document."""
    (made,) = seal_all(keys, [Unsealed(document, data, local_rev)])
    return made


def sealed(plaintext: Plaintext, name: str = NINTH) -> OutboxRow:
    """Return a first version."""
    row = seal(Dirty(name, plaintext.parent, False, 1), write_plaintext(plaintext), 1)
    assert isinstance(row, OutboxRow)
    return row


def as_pulled(row: OutboxRow, **changes: object) -> WireRow:
    """Return the row as another device pulls it."""
    fields: dict[str, object] = {
        "id": Bytes16(bytes.fromhex(row.resource)),
        "version": row.version,
        "seq": 5,
        "prev": Bytes32(row.prev),
        "deleted": row.deleted,
        "author": Bytes16(KEYS.account_id),
        "blob": Binary(row.blob),
    }
    return WireRow(**{**fields, **changes})  # type: ignore[arg-type]


@given(plaintexts())
def test_what_one_device_seals_another_opens(plaintext: Plaintext) -> None:
    row = sealed(plaintext)
    (opened,) = open_some(KEYS, [as_pulled(row)])
    assert isinstance(opened.content, Plaintext)
    assert opened.content.is_same(plaintext)
    assert opened.row.rev_hash == row.rev_hash


@given(plaintexts())
def test_what_arrives_new_is_written_as_what_is_decided(plaintext: Plaintext) -> None:
    opened = open_row(KEYS, as_pulled(sealed(plaintext)))
    decided = row_write(decide(Resource(), opened.row, opened.content), opened.held)
    if not isinstance(opened.read, Sketch):
        assert plaintext.rest or plaintext.kind not in ("folder", "request") or b"\\u" in write_plaintext(plaintext)
        return
    arrived = row_write(Arrived(opened.row.as_head(), opened.read, opened.row.deleted), opened.held)
    assert arrived == decided


def test_no_more_text_is_opened_at_once_than_fits_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [as_pulled(sealed(request(name="x" * 1000))) for _ in range(5)]
    assert len(open_some(KEYS, rows)) == 5
    monkeypatch.setattr(envelopes, "_TEXT_AT_ONCE", 2000)
    assert len(open_some(KEYS, rows)) == 2
    monkeypatch.setattr(envelopes, "_TEXT_AT_ONCE", 1)
    assert len(open_some(KEYS, rows)) == 1
    assert open_some(KEYS, []) == []


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"deleted": True},
        {"prev": Bytes32(bytes(31) + b"\x01")},
        {"author": Bytes16(bytes(16))},
        {"id": Bytes16(bytes(15) + b"\x07")},
        {"blob": Binary(b"\x01short")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_row_that_says_something_else_does_not_open(change: dict[str, object]) -> None:
    row = sealed(request())
    opened = open_row(KEYS, as_pulled(row, **change))
    assert opened.content == "undecryptable"
    assert opened.row.rev_hash != row.rev_hash


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    opened = open_row(KEYS, as_pulled(sealed(request()), blob=Binary(data)))
    assert opened.content == "undecryptable"


def test_a_version_0_and_a_second_workspace_are_malformed() -> None:
    zero = Revision(KEYS.group_id, bytes.fromhex(NINTH), 0, NO_PREV, False, KEYS.account_id)
    blob, _ = seal_and_hash(KEYS.keys[1], 1, zero, write_plaintext(request()))
    assert open_row(KEYS, as_pulled(sealed(request()), version=0, blob=Binary(blob))).content == "malformed"
    # Of one that does not open at all nobody knows who made it.
    assert open_row(KEYS, as_pulled(sealed(request()), version=0)).content == "undecryptable"
    misplaced = Plaintext(1, "workspace", None, "V", {"name": "Other"})
    data = write_plaintext(misplaced)
    made = seal(Dirty(NINTH, None, False, 1), data, 1, keys=GroupKeys(bytes(16), KEYS.account_id, NINTH, KEYS.keys))
    assert isinstance(made, OutboxRow)
    assert open_row(KEYS, as_pulled(made)).content == "malformed"
    assert seal(Dirty(NINTH, None, False, 1), data, 1) == NotSealed(NINTH, "invalid", 1)


def test_what_nobody_could_read_is_not_sent() -> None:
    deep: object = 1
    for _ in range(70):
        deep = [deep]
    document = Dirty(NINTH, WORKSPACE, False, 3)
    unreadable = (write_plaintext(request(x=deep)), b'{"s":1,"t":"request"', b"", b"\xff")
    for data in unreadable:
        assert seal(document, data, 3) == NotSealed(NINTH, "invalid", 3)
    noise = os.urandom(1_300_000).hex()
    large = seal(document, write_plaintext(request(description=noise)), 3)
    assert large == NotSealed(NINTH, "too_large", 3)


def test_what_is_sealed_with_others_is_what_it_is_alone_and_the_unreadable_stop_nobody() -> None:
    texts = [write_plaintext(request(name=f"R{number}", body="x" * number * 40)) for number in range(12)]
    texts[3], texts[7] = b"\xff", b""
    documents = [
        Unsealed(Dirty(resource_of(wire_id(20 + at)), WORKSPACE, False, at), data, at) for at, data in enumerate(texts)
    ]
    nonces = [os.urandom(12) for _ in range(10)]
    together = seal_all(KEYS, documents, iter(nonces))
    assert [at for at, made in enumerate(together) if isinstance(made, NotSealed)] == [3, 7]
    rows = [made for made in together if isinstance(made, OutboxRow)]
    alone = [
        made
        for each, nonce in zip([each for at, each in enumerate(documents) if at not in (3, 7)], nonces, strict=True)
        for made in seal_all(KEYS, [each], iter([nonce]))
    ]
    assert rows == alone
    assert all(isinstance(open_row(KEYS, as_pulled(row)).read, Sketch) for row in rows)
    assert [row.plaintext for row in rows] == [data.decode() for at, data in enumerate(texts) if at not in (3, 7)]
    # Where there are no more that were drawn together, each draws its own.
    more = seal_all(KEYS, [documents[0], documents[1]], iter(nonces[:1]))
    assert more[0] == rows[0]
    assert isinstance(more[1], OutboxRow)
    assert more[1].blob[5:17] not in nonces


def test_a_session_knows_its_groups_and_shows_no_key() -> None:
    session = SyncSession(None, bytes(16), os.urandom(32))  # type: ignore[arg-type]
    group = session.group_of("wrk_" + bytes(15).hex() + "01")
    assert session.is_workspace_of(wire_id(1), group)
    assert not session.is_workspace_of(wire_id(2), group)
    made = session.new_group(group)
    keys = session.keys_of(group, "wrk_" + bytes(15).hex() + "01", [made])  # type: ignore[list-item]
    assert keys is not None
    assert keys.workspace == resource_of(wire_id(1))
    assert repr(session.account_key) not in repr(session)
    assert keys.keys[1].hex() not in repr(keys)
    other = SyncSession(None, bytes(16), os.urandom(32))  # type: ignore[arg-type]
    assert other.keys_of(group, "wrk_" + bytes(16).hex(), [made]) is None  # type: ignore[list-item]
    assert to_base64url(bytes(16)) == session.account
