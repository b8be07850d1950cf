"""Lies about pages of rows: every field of a row and of a page changed, dropped, doubled, swapped, replayed, forged."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from insomnia_desktop.protocol.binary import decode, encode
from tests.support.tampering import Answer, Change, Expected, Lie

NUMBER_MAX: Final = 2**53 - 1
PAGES: Final = ("changes", "push")


def each_row(change: Callable[[dict[str, Any]], None]) -> Change:
    """Change every row of a page."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        for row in answer.rows:
            change(row)

    return run


def page(**fields: Any) -> Change:
    """Give a page other fields."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.told.update(fields)

    return run


def row(**fields: Any) -> Change:
    """Give every row of a page other fields."""
    return each_row(lambda each: each.update(fields))


def of_rows(change: Callable[[list[dict[str, Any]]], Iterable[dict[str, Any]]]) -> Change:
    """Change the list of rows."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.told["rows"] = list(change(answer.rows))

    return run


def blob(change: Callable[[bytes], bytes]) -> Change:
    """Change the envelope of every row."""
    return each_row(lambda each: each.update(blob=encode(change(decode(each["blob"])))))


def flipped(at: int) -> Callable[[bytes], bytes]:
    """Flip a bit of a byte, counted from the end where negative."""

    def run(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return run


def swapped(*names: str) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Let each row have fields of the next one."""

    def run(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        others = rows[1:] + rows[:1]
        return [{**each, **{name: other[name] for name in names}} for each, other in zip(rows, others, strict=True)]

    return run


def doubled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let every row come twice, the second time behind all others."""
    last = rows[-1]["seq"] if rows else 0
    return [*rows, *({**each, "seq": last + number} for number, each in enumerate(rows, 1))]


def doubled_page(answer: Answer, _: Sequence[Answer]) -> None:
    """Let every row come twice, and the page say so."""
    answer.told["rows"] = doubled(answer.rows)
    if answer.rows:
        last = answer.rows[-1]["seq"]
        answer.told.update(head_seq=max(last, answer.told["head_seq"]))
        answer.told["next"] = last if answer.told["more"] else answer.told["head_seq"]


def older_versions(answer: Answer, earlier: Sequence[Answer]) -> None:
    """Put the first version that was ever told of in the place of each."""
    first: dict[str, dict[str, Any]] = {}
    for each in (known for told in earlier if told.endpoint in PAGES for known in told.rows):
        first.setdefault(each["id"], each)
    for each in answer.rows:
        known = first.get(each["id"], each)
        each.update({**known, "seq": each["seq"]})


def older_versions_too(answer: Answer, earlier: Sequence[Answer]) -> None:
    """Let the older versions come behind the newer ones, in one page."""
    honest = copy.deepcopy(answer.rows)
    older_versions(answer, earlier)
    older = [each for each, known in zip(answer.rows, honest, strict=True) if each["version"] != known["version"]]
    answer.told["rows"] = [*honest, *older]
    last = honest[-1]["seq"] if honest else 0
    for number, each in enumerate(older, 1):
        each["seq"] = last + number
    answer.told["head_seq"] = answer.told["next"] = max(answer.told["head_seq"], last + len(older))
    answer.told["more"] = False


def first_page_again(answer: Answer, earlier: Sequence[Answer]) -> None:
    """Answer with the first page of this group that was ever told."""
    for told in earlier:
        if (told.endpoint, told.group) == ("changes", answer.group):
            answer.told = {**answer.told, **copy.deepcopy(told.told)}
            return


def page_of_another_group(answer: Answer, earlier: Sequence[Answer]) -> None:
    """Answer with the rows of another group, as far as they fit behind the cursor."""
    for told in reversed(earlier):
        if told.endpoint in PAGES and told.group != answer.group and told.rows:
            rows = copy.deepcopy(told.rows)
            first = int(answer.query.get("after", "0")) if answer.asked is None else answer.asked["after"]
            for number, each in enumerate(rows, 1):
                each["seq"] = first + number
            last = first + len(rows)
            answer.told.update(rows=rows, more=False, next=last, head_seq=last)
            return


def rows_and_cursor(change: Callable[[list[dict[str, Any]]], Iterable[dict[str, Any]]]) -> Change:
    """Change the rows, and let the page lead as far as they do."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        answer.told["rows"] = list(change(answer.rows))
        if answer.told["more"] and answer.rows:
            answer.told["next"] = answer.rows[-1]["seq"]

    return run


def cut_short(answer: Answer, _: Sequence[Answer]) -> None:
    """Say that this was all."""
    answer.told["rows"] = answer.rows[:1]
    answer.told.update(more=False, next=answer.told["head_seq"])


def another_epoch(answer: Answer, _: Sequence[Answer]) -> None:
    """Be another server every time."""
    answer.told["server_epoch"] = encode(os.urandom(16))


def endless(fresh_rows: int) -> Change:
    """Say of every page that another one comes, with so many rows that nobody ever wrote."""

    def run(answer: Answer, _: Sequence[Answer]) -> None:
        after = int(answer.query.get("after", "0")) if answer.asked is None else answer.asked["after"]
        made = [_nonsense(after + number) for number in range(1, fresh_rows + 1)]
        answer.told.update(rows=made, more=True, head_seq=NUMBER_MAX, next=after + max(1, fresh_rows))

    return run


def tombstones_forgotten(answer: Answer, earlier: Sequence[Answer]) -> None:
    """Say that the server has let go of everything until now, and bring old versions."""
    older_versions(answer, earlier)
    answer.told["floor_seq"] = answer.told["head_seq"]


def always_resync(answer: Answer, _: Sequence[Answer]) -> None:
    """Say that the cursor is too old, whatever it is."""
    answer.refuse(410, "resync")


def resync_and_less(answer: Answer, _: Sequence[Answer]) -> None:
    """Want everything to be pulled anew, and then have nearly nothing of it."""
    if answer.query.get("full") == "0":
        answer.refuse(410, "resync")
    else:
        answer.told.update(rows=answer.rows[:1], more=False, next=answer.told["head_seq"])
        answer.told["floor_seq"] = answer.told["head_seq"]


def _nonsense(seq: int) -> dict[str, Any]:
    return {
        "id": encode(os.urandom(16)),
        "version": 1,
        "seq": seq,
        "prev": encode(bytes(32)),
        "deleted": False,
        "author": encode(os.urandom(16)),
        "blob": encode(b"\x01\x00\x00\x00\x01" + os.urandom(284)),
    }


def _lies(expected: Expected, changes: dict[str, Change], at: tuple[str, ...] = PAGES) -> list[Lie]:
    return [Lie(name, at, change, expected) for name, change in changes.items()]


ROWS: Final = _lies(
    "detected",
    {
        "row of the next version": each_row(lambda each: each.update(version=each["version"] + 1)),
        "row of the version before": each_row(lambda each: each.update(version=max(1, each["version"] - 1))),
        "row of the greatest version": row(version=NUMBER_MAX),
        "row of a version too great for numbers": row(version=NUMBER_MAX + 1),
        "row of a version of 400 digits": row(version=10**400),
        "row of version -1": row(version=-1),
        "row of version 1.5": row(version=1.5),
        "row of version true": row(version=True),
        "row of version as text": row(version="2"),
        "row with another prev": each_row(lambda each: each.update(prev=encode(os.urandom(32)))),
        "row without a prev": each_row(lambda each: each.update(prev=encode(bytes(32)))),
        "row with a short prev": row(prev=encode(bytes(31))),
        "row of another author": row(author=encode(bytes(16))),
        "row shown as a tombstone": row(deleted=True),
        "tombstone shown as living": row(deleted=False),
        "row whose deleted is null": row(deleted=None),
        "row of another id": each_row(lambda each: each.update(id=encode(os.urandom(16)))),
        "row whose id is no base64url": row(id="!" * 22),
        "row whose id is not canonical": each_row(lambda each: each.update(id=each["id"][:-1] + "B")),
        "rows with each other's ids": of_rows(swapped("id")),
        "rows with each other's envelopes": of_rows(swapped("blob")),
        "rows with each other's versions and envelopes": of_rows(swapped("version", "prev", "deleted", "blob")),
        "rows in the wrong order": of_rows(lambda rows: rows[::-1]),
        "rows of one seq": of_rows(lambda rows: [{**each, "seq": rows[0]["seq"]} for each in rows * 2]),
        "rows of the greatest seq": row(seq=NUMBER_MAX),
        "rows without seq": row(seq=0),
        "row with a bit of its nonce flipped": blob(flipped(5)),
        "row with a bit of its text flipped": blob(flipped(40)),
        "row with a bit of its tag flipped": blob(flipped(-1)),
        "row with another first byte": blob(flipped(0)),
        "row of another epoch": blob(flipped(4)),
        "row whose envelope is cut short": blob(lambda data: data[:-1]),
        "row whose envelope is longer": blob(lambda data: data + b"\x00"),
        "row whose envelope is empty": row(blob=""),
        "row whose envelope is a MiB of nothing": row(blob=encode(bytes(1 << 20))),
        "rows twice": doubled_page,
        "rows twice behind the end": of_rows(doubled),
        "rows of older versions": older_versions,
        "rows and their older versions": older_versions_too,
        "rows of older versions, tombstones forgotten": tombstones_forgotten,
        "rows of another group": page_of_another_group,
        "rows without the first": rows_and_cursor(lambda rows: rows[1:]),
        "rows without tombstones": rows_and_cursor(lambda rows: (each for each in rows if not each["deleted"])),
        "no rows": of_rows(lambda rows: ()),
        "rows are null": page(rows=None),
        "rows are an object": page(rows={}),
        "rows are numbers": page(rows=[1, 2]),
    },
)
FIELDS: Final = _lies(
    "detected",
    {
        "page that is the first one again": first_page_again,
        "page that always has more": page(more=True),
        "page cut short": cut_short,
        "page whose next goes back": page(next=0),
        "page whose next is the greatest number": page(next=NUMBER_MAX),
        "page whose head is the greatest number": page(head_seq=NUMBER_MAX, next=NUMBER_MAX),
        "page whose head went back": page(head_seq=1, next=1),
        "page whose head is 1.5": page(head_seq=1.5, next=1.5),
        "page of another digest": page(digest=encode(b"\x07" * 32)),
        "page of an empty digest": page(digest=encode(bytes(32))),
        "page of another server": page(server_epoch=encode(b"\x07" * 16)),
        "page of another server every time": another_epoch,
        "page without a field": lambda answer, _: answer.told.pop("digest"),
        "pages without end": endless(1),
        "pages of many rows without end": endless(12),
        "pages without rows and without end": endless(0),
        "everything anew without end": always_resync,
        "everything anew, and nearly nothing there": resync_and_less,
    },
) + _lies(
    "harmless",
    {
        "page whose floor is the greatest number": page(floor_seq=NUMBER_MAX),
        "page with commands": page(command="alert", html="<script>alert(1)</script>", plugins=["x"]),
    },
)
FRESH: Final = [
    Lie(f"{lie.name}, to a new device", lie.at, lie.change, lie.expected, fresh=True)
    for lie in (*ROWS, *FIELDS)
    if lie.name
    in {
        "row shown as a tombstone",
        "rows with each other's ids",
        "rows twice",
        "rows of another group",
        "no rows",
        "page cut short",
        "page that always has more",
        "pages without end",
        "pages without rows and without end",
        "page of another digest",
    }
]
_OFTEN: Final = frozenset(
    (
        "row of the next version",
        "row of the version before",
        "row of another author",
        "row shown as a tombstone",
        "tombstone shown as living",
        "row of another id",
        "rows with each other's envelopes",
        "rows with each other's versions and envelopes",
        "rows in the wrong order",
        "rows of the greatest seq",
        "row with a bit of its text flipped",
        "row of another epoch",
        "row whose envelope is cut short",
        "rows twice",
        "rows of older versions",
        "rows and their older versions",
        "rows of older versions, tombstones forgotten",
        "rows of another group",
        "rows without tombstones",
        "page that is the first one again",
        "page that always has more",
        "page cut short",
        "page whose head is the greatest number",
        "page whose head went back",
        "page of another digest",
        "page of another server every time",
        "pages without end",
        "pages without rows and without end",
        "everything anew, and nearly nothing there",
        "page whose floor is the greatest number",
        "page cut short, to a new device",
        "rows with each other's ids, to a new device",
    )
)
PAGE_LIES: Final = tuple(replace(lie, often=lie.name in _OFTEN) for lie in (*ROWS, *FIELDS, *FRESH))
