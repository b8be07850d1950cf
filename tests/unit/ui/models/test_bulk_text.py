"""Tests of insomnia_desktop.ui.models.bulk_text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from insomnia_desktop.ui.models.bulk_text import from_bulk_text, parse_pasted, to_bulk_text
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow, ValueKind

_KINDS: tuple[ValueKind, ...] = ("text", "file", "json")
_TEXT = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    'ab :/\\#()=\n\r\t\ufffc\u2028\u00a0\u3000filejson{}"', max_size=12
)
_ROW = st.builds(
    KeyValueRow,
    id=st.text("abc", min_size=12, max_size=12),
    enabled=st.booleans(),
    name=_TEXT,
    value=_TEXT,
    description=_TEXT,
    kind=st.sampled_from(_KINDS),
)


@given(st.lists(_ROW, max_size=5, unique_by=lambda row: row.id))
@example([KeyValueRow("a" * 12, name="// x", value="//", description="//")])
@example([KeyValueRow("a" * 12, name="\\x", value=" ", description=" // ")])
@example([KeyValueRow("a" * 12, name="a (file)", value="\\n")])
def test_every_row_survives_with_its_id(rows: list[KeyValueRow]) -> None:
    assert from_bulk_text(to_bulk_text(rows, kinds=_KINDS), rows, kinds=_KINDS) == tuple(rows)


@given(st.lists(_ROW, max_size=4))
def test_without_the_old_rows_everything_but_the_ids_survives(rows: list[KeyValueRow]) -> None:
    texts = [replace(row, id="", kind="text") for row in rows]
    again = from_bulk_text(to_bulk_text(rows))
    assert [replace(row, id="") for row in again] == texts


@given(st.lists(_ROW, max_size=4))
def test_one_row_is_one_line_that_a_text_widget_keeps(rows: list[KeyValueRow]) -> None:
    text = to_bulk_text(rows, kinds=_KINDS)
    assert len(text.split("\n")) == max(1, len(rows))
    assert not any(char in text for char in "\r\u2028\u2029\u00a0\ufffc\x00")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_every_text_stands_for_rows_that_are_stable(text: str) -> None:
    rows = from_bulk_text(text, kinds=_KINDS)
    assert from_bulk_text(to_bulk_text(rows, kinds=_KINDS), rows, kinds=_KINDS) == rows


def test_ordinary_rows_look_ordinary() -> None:
    rows = [
        KeyValueRow("1", name="Accept", value="text/html;q=0.9"),
        KeyValueRow("2", enabled=False, name="X-Trace", value="https://a.example:8080/x", description="who asked"),
        KeyValueRow("3", name="If-Match", value='"abc\\d"'),
        KeyValueRow("4", name="empty"),
    ]
    assert to_bulk_text(rows).split("\n") == [
        "Accept: text/html;q=0.9",
        "// X-Trace: https://a.example:8080/x // who asked",
        'If-Match: "abc\\d"',
        "empty:",
    ]


def test_rows_that_need_it_are_escaped() -> None:
    rows = [KeyValueRow("1", name="a:b", value=" x\ny"), KeyValueRow("2", value="a // b")]
    assert to_bulk_text(rows).split("\n") == ["\\ a\\:b: \\sx\\ny", "\\ : a \\/\\/ b"]


def test_kinds_are_marked_where_the_table_knows_them() -> None:
    rows = [
        KeyValueRow("1", name="doc", value="/a b.pdf", kind="file"),
        KeyValueRow("2", name="n", value="1", kind="json"),
    ]
    assert to_bulk_text(rows, kinds=_KINDS) == "doc (file): /a b.pdf\nn (json): 1"
    assert from_bulk_text("x (file): y")[0].name == "x (file)"


def test_a_changed_line_keeps_its_id_and_what_the_text_does_not_show() -> None:
    before = (
        KeyValueRow("1", name="a", value="1"),
        KeyValueRow("2", name="doc", value="/x", kind="file", media_type="text/csv"),
        KeyValueRow("3", name="c", value="3"),
    )
    after = from_bulk_text("new: 0\na: 1\ndoc (file): /y\nc: 4", before, kinds=_KINDS)
    assert [row.id for row in after][1:] == ["1", "2", "3"]
    assert after[0].id not in {"1", "2", "3"}
    assert after[2].media_type == "text/csv"


def test_a_lone_backslash_and_unknown_escapes_stand_for_themselves() -> None:
    (row,) = from_bulk_text("\\ a: \\q\\u12\\")
    assert (row.name, row.value) == ("a", "qu12\\")


@pytest.mark.parametrize(
    ("line", "parsed"),
    [
        ("a: b", (True, "a", "b", "")),
        ("a=b:c", (True, "a", "b:c", "")),
        ("Cookie: a=b", (True, "Cookie", "a=b", "")),
        ("a\tb\tc", (True, "a", "b", "c")),
        ("// a: b", (False, "a", "b", "")),
        ("alone", (True, "alone", "", "")),
    ],
)
def test_pasted_lines_become_rows(line: str, parsed: tuple[bool, str, str, str]) -> None:
    assert parse_pasted(f"{line}\r\n\r\nx: y\n") == [parsed, (True, "x", "y", "")]


def test_one_pasted_line_is_no_list_of_rows() -> None:
    assert parse_pasted("a: b\n") is None
