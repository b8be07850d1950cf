"""services.version_words: what a version changed, in words."""

from __future__ import annotations

from typing import Any

import pytest

from insomnia_desktop.services.version_words import change_words, changed_lines
from insomnia_desktop.sync.history import OpenedVersion
from insomnia_desktop.sync.values import Plaintext

FIELDS: dict[str, Any] = {
    "name": "List",
    "url": "/orders",
    "headers": [{"id": "h1", "name": "Accept", "value": "*/*", "enabled": True}],
    "body": {"type": "text", "text": "a\nb\nc"},
    "authentication": {"type": "basic", "username": "ann"},
}


def version(*, parent: str | None = "root", order: str = "a", deleted: bool = False, **fields: Any) -> OpenedVersion:
    return OpenedVersion(1, 0, deleted, Plaintext(1, "request", parent, order, {**FIELDS, **fields}))


def words(before: OpenedVersion | None, after: OpenedVersion) -> tuple[str, ...]:
    return change_words(before, after, {"f1": "Orders"}.get)


def test_the_first_version_was_created() -> None:
    assert words(None, version()) == ("Created",)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"name": "All", "url": "/all"}, ("Name", "Address")),
        ({"body": {"type": "text", "text": "a\nB\nc"}}, ("Body: 1 line",)),
        ({"body": {"type": "text", "text": "x\ny\nc\nd"}}, ("Body: 4 lines",)),
        ({"authentication": {"type": "bearer", "token": "t"}}, ("Authentication: Bearer",)),
        ({"headers": []}, ("Header Accept removed",)),
        ({"headers": [{**FIELDS["headers"][0], "value": "text/html"}]}, ("Header Accept",)),
        ({"headers": [{**FIELDS["headers"][0], "enabled": False}]}, ("Header Accept switched off",)),
        (
            {"headers": [*FIELDS["headers"], {"id": "h2", "name": "X-Trace-Id", "value": "1", "enabled": True}]},
            ("Header X-Trace-Id added",),
        ),
        ({}, ("The same as before",)),
        ({"parent": "f1"}, ("Moved to Orders",)),
        ({"parent": "unknown"}, ("Moved",)),
        ({"order": "b", "name": "All"}, ("Name", "Moved")),
        ({"deleted": True, "name": "All"}, ("Deleted",)),
    ],
)
def test_each_change_is_told_once(after: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert words(version(), version(**after)) == expected


def test_what_came_back_says_so() -> None:
    assert words(version(deleted=True), version(name="All")) == ("Brought back", "Name")
    assert words(version(deleted=True), version(deleted=True)) == ("Deleted again",)


def test_the_rows_of_a_table_in_another_order() -> None:
    rows = [{"id": name, "name": name, "value": "", "enabled": True} for name in ("h1", "h2")]
    assert words(version(headers=rows), version(headers=rows[::-1])) == ("Headers: order",)


def test_lines_are_counted_from_the_first_to_the_last_that_differs() -> None:
    assert changed_lines("a\nb\nc", "a\nb\nc") == 0
    assert changed_lines("a\nb\nc", "a\nc") == 1
    assert changed_lines("", "a\nb") == 2
