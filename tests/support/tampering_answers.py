"""Lies about everything but rows: results of pushes, heads, groups, wraps, revisions, limits, and HTTP itself."""

from __future__ import annotations

import copy
import gzip
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import zstandard

from insomnia_desktop.protocol.binary import decode, encode
from tests.support.tampering import Answer, Change, Expected, Lie
from tests.support.tampering_pages import NUMBER_MAX, flipped

EVERYWHERE: Final = ("heads", "groups", "new group", "changes", "push", "revisions", "version")
BODY_BYTES: Final = 4 * 1024 * 1024


def results(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Change:
    """Change the results of a push."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.told["results"] = change(copy.deepcopy(answer.told["results"]))

    return run


def each_result(**fields: Any) -> Change:
    """Let every result be another one."""
    return results(lambda told: [{"id": each["id"], **fields} for each in told])


def accepted_and_not_stored(answer: Answer, earlier: Sequence[Answer]) -> None:
    """Say of a push that it was stored; nobody has heard of it."""
    last = next(
        each.told for each in reversed(earlier) if each.endpoint in ("push", "changes") and each.group == answer.group
    )
    head = last["head_seq"]
    named = [
        {"id": each["id"], "result": "ok", "seq": head + number}
        for number, each in enumerate(answer.asked["changes"], 1)
    ]
    head += len(named)
    answer.told = {**last, "rows": [], "more": False, "head_seq": head, "next": head, "results": named}


def first_answer_again(answer: Answer, earlier: Sequence[Answer]) -> None:
    """Answer with what was first told here."""
    for told in earlier:
        if (told.endpoint, told.group) == (answer.endpoint, answer.group):
            answer.told = copy.deepcopy(told.told)
            return


def every_group(change: Callable[[dict[str, Any]], None]) -> Change:
    """Change every group of heads, or of the list of groups."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        for group in answer.told.get("groups", [answer.told]):
            change(group)

    return run


def groups(change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Change:
    """Change the list of groups."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.told["groups"] = change(answer.told["groups"])

    return run


def swapped_between_groups(*names: str) -> Change:
    """Let each group have fields of the next one."""

    def run(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        others = told[1:] + told[:1]
        return [{**each, **{name: other[name] for name in names}} for each, other in zip(told, others, strict=True)]

    return groups(run)


def foreign_group(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add a group that is not of this account."""
    return [*told, {**told[0], "id": encode(b"\x07" * 16)}]


def foreign_wraps(group: dict[str, Any]) -> None:
    """Give a group a key that the server has chosen."""
    group["wraps"] = [{"epoch": 1, "wrap": encode(b"\x01" + os.urandom(60))}]


def told(**fields: Any) -> Change:
    """Give the answer other fields."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.told.update(fields)

    return run


def limits(**numbers: Any) -> Change:
    """Tell other limits."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.told["limits"].update(numbers)

    return run


def refusing(status: int, code: str, **headers: str) -> Change:
    """Refuse what is asked."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.refuse(status, code, **headers)

    return run


def saying(body: bytes, media_type: str = "application/json", status: int = 200, **headers: str) -> Change:
    """Say these bytes."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.say(body, media_type, status, **headers)

    return run


def in_other_bytes(change: Callable[[bytes], bytes], **headers: str) -> Change:
    """Say the honest answer in other bytes."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.say(change(json.dumps(answer.told).encode()), **headers)

    return run


def not_modified(answer: Answer, _: Sequence[Answer]) -> None:
    """Say that nothing has changed, where that was asked."""
    if answer.status == 200:
        answer.say(b"", status=304)


def _lies(
    expected: Expected, at: tuple[str, ...], changes: dict[str, Change], *, undelivered: bool = False
) -> list[Lie]:
    return [Lie(name, at, change, expected, undelivered=undelivered) for name, change in changes.items()]


PUSHES: Final = [
    *_lies("detected", ("push",), {"accepted and not stored": accepted_and_not_stored}, undelivered=True),
    *_lies(
        "detected",
        ("push",),
        {
            "results in another order": results(lambda told: told[::-1] if len(told) > 1 else []),
            "one result too few": results(lambda told: told[:-1]),
            "one result too many": results(lambda told: told + told[-1:]),
            "results of other ids": results(lambda told: [{**each, "id": encode(b"\x07" * 16)} for each in told]),
            "result of a name that nobody knows": each_result(result="fine"),
            "results are conflicts": each_result(result="conflict"),
            "results are gone": each_result(result="gone"),
            "results are rejected for the quota": each_result(result="rejected", code="quota"),
            "results are rejected for what nobody knows": each_result(result="rejected", code="because"),
            "results are rejected without a reason": each_result(result="rejected"),
            "results of a negative seq": each_result(result="ok", seq=-1),
            "answer to an earlier push": first_answer_again,
            "results are superseded": each_result(result="superseded"),
            "conflicts are accepted": each_result(result="ok", seq=1),
            "results without a seq": each_result(result="ok"),
            "results of the greatest seq": each_result(result="ok", seq=NUMBER_MAX),
            "every push is too large": refusing(413, "too_large"),
            "every push is invalid": refusing(422, "invalid"),
            "every push meets a group that is gone": refusing(404, "not_found"),
        },
    ),
    *_lies(
        "harmless",
        ("push",),
        {
            "push that wants everything anew": told(resync=True, rows=[]),
        },
    ),
]
HEADS: Final = [
    *_lies(
        "detected",
        ("heads",),
        {
            "heads without a group": groups(lambda told: sorted(told, key=lambda each: int(each["head_seq"]))[:-1]),
            "heads without groups": groups(lambda told: []),
            "heads with each other's ids": swapped_between_groups("id"),
            "heads with each other's seqs and digests": swapped_between_groups("head_seq", "digest"),
            "heads that went back": every_group(lambda group: group.update(head_seq=1)),
            "heads of another server": told(server_epoch=encode(b"\x07" * 16)),
            "heads of the beginning": first_answer_again,
            "heads are not found": refusing(404, "not_found"),
            "heads are for another": refusing(401, "unauthorized"),
            "heads of a negative seq": every_group(lambda group: group.update(head_seq=-1)),
            "heads with a foreign group": groups(foreign_group),
            "heads without role": every_group(lambda group: group.pop("role")),
            "heads without role of an owner": every_group(lambda group: group.update(role="")),
        },
    ),
    *_lies(
        "harmless",
        ("heads",),
        {
            "heads with a group twice": groups(lambda told: told + told[:1]),
            "heads of other digests": every_group(lambda group: group.update(digest=encode(b"\x07" * 32))),
            "heads of the greatest seq": every_group(lambda group: group.update(head_seq=NUMBER_MAX)),
            "heads with a new account": told(account_rev=NUMBER_MAX),
        },
    ),
    *_lies("withheld", ("heads",), {"heads that never change": not_modified}),
]
GROUPS: Final = [
    *_lies(
        "detected",
        ("groups", "new group"),
        {
            "wraps with a bit flipped": every_group(
                lambda group: group["wraps"][0].update(wrap=encode(flipped(20)(decode(group["wraps"][0]["wrap"]))))
            ),
            "wraps of a key of the server's": every_group(foreign_wraps),
            "no wraps": every_group(lambda group: group.update(wraps=[])),
            "wraps of another epoch": every_group(lambda group: group["wraps"][0].update(epoch=2)),
            "groups of another epoch": every_group(lambda group: group.update(epoch=2)),
            "groups for a reader": every_group(lambda group: group.update(role="reader")),
            "groups of other ids": every_group(lambda group: group.update(id=encode(os.urandom(16)))),
            "groups are not found": refusing(404, "not_found"),
            "groups are too many": refusing(403, "limit"),
            "groups are there already": refusing(409, "group_exists"),
        },
    ),
    *_lies(
        "detected",
        ("groups",),
        {"wraps swapped between groups": swapped_between_groups("wraps"), "no groups": groups(lambda told: [])},
    ),
]
REVISIONS: Final = _lies(
    "detected",
    ("revisions",),
    {
        "revisions are none": told(revisions=[]),
        "revisions of another hash": lambda answer, _: [
            each.update(rev_hash=encode(b"\x07" * 32)) for each in answer.told["revisions"]
        ],
        "revisions are not found": refusing(404, "not_found"),
    },
)
LIMITS: Final = [
    *_lies(
        "harmless",
        ("version",),
        {
            "limits of nothing": limits(body=0, changes=0, page=0, blob=0),
            "limits of one byte": limits(body=1, blob=1),
            "limits of one change": limits(changes=1, page=1),
            "limits without limit": limits(**dict.fromkeys(("body", "changes", "page", "blob"), NUMBER_MAX)),
        },
    ),
    *_lies(
        "detected",
        ("version",),
        {
            "another service": told(service="something-else"),
            "limits below nothing": limits(page=-1),
            "version is not found": refusing(404, "not_found"),
        },
    ),
]
HTTP: Final = [
    *_lies(
        "detected",
        EVERYWHERE,
        {
            "a page of a captive portal": saying(b"<html>Welcome to the hotel</html>", "text/html"),
            "a captive portal in JSON's clothes": saying(b"<html>Welcome to the hotel</html>"),
            "a redirect": saying(b"", "text/html", 302, location="http://127.0.0.1:9/"),
            "a redirect to nowhere": saying(b"", "text/html", 307, location="mailto:somebody"),
            "a redirect without end": saying(b"", "text/html", 308, location="/v1/heads"),
            "honest, in gzip": in_other_bytes(gzip.compress, content_encoding="gzip"),
            "honest, in zstd": in_other_bytes(zstandard.compress, content_encoding="zstd"),
            "a bomb in gzip": saying(gzip.compress(bytes(16 * BODY_BYTES), 1), content_encoding="gzip"),
            "honest, in UTF-16": in_other_bytes(lambda body: body.decode().encode("utf-16")),
            "honest, of another type": in_other_bytes(lambda body: body, content_type="text/plain"),
            "honest, cut short": in_other_bytes(lambda body: body[:-1]),
            "a byte too much": saying(b" " * (BODY_BYTES + 1)),
            "nothing": saying(b""),
            "no content": saying(b"", status=204),
            "a list": saying(b"[]"),
            "JSON a thousand deep": in_other_bytes(
                lambda body: body[:-1] + b',"x":' + b"[" * 1000 + b"]" * 1000 + b"}"
            ),
            "a number that is none": in_other_bytes(lambda body: body[:-1] + b',"x":NaN}'),
            "half a letter": in_other_bytes(lambda body: body[:-1] + b',"x":"\xc3"}'),
            "a server that is down": saying(b"<h1>502 Bad Gateway</h1>", "text/html", 502),
            "a server that fails": refusing(500, "internal"),
            "a server that is busy": refusing(429, "rate_limited", **{"retry-after": "7"}),
            "a server of a protocol to come": refusing(426, "upgrade_required"),
            "a refusal that nobody knows": refusing(418, "teapot"),
            "a refusal of another status": refusing(400, "unauthorized"),
            "a partial answer": in_other_bytes(lambda body: body, status=206, content_type="multipart/byteranges"),
        },
    ),
    *_lies(
        "harmless",
        EVERYWHERE,
        {
            "fields given twice": in_other_bytes(lambda body: b'{"rows":[],"groups":[],' + body[1:]),
            "fields that nobody knows": told(command="open", deep={"a": [1, 2.5, None]}),
            "cookies": lambda answer, _: answer.headers.update({"set-cookie": "session=1; path=/"}),
        },
    ),
]
_OFTEN: Final = frozenset(
    (
        "accepted and not stored",
        "results in another order",
        "results of other ids",
        "results are conflicts",
        "results are gone",
        "results are rejected for what nobody knows",
        "results are superseded",
        "conflicts are accepted",
        "every push is too large",
        "heads without a group",
        "heads with each other's ids",
        "heads with each other's seqs and digests",
        "heads that went back",
        "heads of the beginning",
        "heads are not found",
        "heads that never change",
        "wraps of a key of the server's",
        "wraps swapped between groups",
        "groups of other ids",
        "no groups",
        "groups are there already",
        "revisions of another hash",
        "limits of nothing",
        "a page of a captive portal",
        "a redirect to nowhere",
        "honest, in gzip",
        "a byte too much",
        "JSON a thousand deep",
        "a server that is busy",
        "fields given twice",
    )
)
_ALL: Final = (*PUSHES, *HEADS, *GROUPS, *REVISIONS, *LIMITS, *HTTP)
ANSWER_LIES: Final = tuple(replace(lie, often=lie.name in _OFTEN) for lie in _ALL)
