"""Colours of single rows, with states looked up above them and long JSON lines entered in the middle.

Covers:
insomnia_desktop.ui.widgets.viewer.row_colours
"""

from __future__ import annotations

import json

import pytest

from insomnia_desktop.ui.syntax import Span
from insomnia_desktop.ui.widgets.viewer.byte_source import MemorySource
from insomnia_desktop.ui.widgets.viewer.row_colours import RowColours, begins_inside_string
from insomnia_desktop.ui.widgets.viewer.rows import GRID, Row, Rows
from insomnia_desktop.ui.widgets.viewer.text_encoding import encoding_of

_RECORDS = json.dumps([{"id": f"ord: {number}, [x]", "note": 'a \\ "b"', "n": number} for number in range(2000)])


def _rows(text: str) -> Rows:
    return Rows(MemorySource(text.encode()), encoding_of("utf-8", b""))


def _at(rows: Rows, line: int) -> tuple[Row, str]:
    row: Row | None = rows.at(0)
    for _ in range(line):
        assert row is not None
        row = rows.after(row)
    assert row is not None
    return row, rows.encoding.decode(rows.content(row))


def test_a_row_in_an_open_comment_is_a_comment_wherever_one_begins_to_read() -> None:
    rows = _rows("<a>\n<!-- one\ntwo\nthree -->\n<b/>")
    for line in (3, 2):
        row, text = _at(rows, line)
        spans = RowColours(rows, "xml").spans(row, text)
        assert spans[0].token == "comment"
    row, text = _at(rows, 4)
    assert all(span.token != "comment" for span in RowColours(rows, "xml").spans(row, text))


@pytest.mark.parametrize("row_number", range(1, 12))
def test_a_piece_of_a_long_json_line_has_the_colours_of_the_whole_line(row_number: int) -> None:
    rows = _rows(_RECORDS)
    colours = RowColours(rows, "json")
    row, text = _at(rows, row_number)
    assert row.continued
    whole = _tokens(RowColours(_rows(_RECORDS), "json").spans(Row(0, len(_RECORDS), len(_RECORDS), False), _RECORDS))

    piece = _tokens(colours.spans(row, text))

    # A string that the cut splits may be taken for a value where it is a key: all else must agree.
    inner = range(120, GRID - 120)
    assert [piece.get(place) for place in inner] == [whole.get(row.start + place) for place in inner]


def test_what_shows_of_a_long_line_is_coloured_without_reading_it_from_its_begin() -> None:
    rows = _rows(_RECORDS)
    row, text = _at(rows, 0)
    whole = _tokens(RowColours(rows, "json").spans(row, text))

    part = _tokens(RowColours(rows, "json").spans(row, text, shown_from=1500))

    shown = range(1500, len(text) - 120)
    assert [part.get(place) for place in shown] == [whole.get(place) for place in shown]
    assert 100 not in part


@pytest.mark.parametrize(
    ("piece", "inside"),
    [
        ('lo", "a": 1', True),
        ('"a": 1, "b": 2', False),
        ('1, "a": "b"', False),
        ('a, b: c", "d": [', True),
        (r'\"quoted\" rest", "x": 1', True),
        ("no quotes at all", False),
        ("", False),
    ],
)
def test_a_piece_tells_by_its_quotes_whether_it_begins_in_a_string(piece: str, inside: bool) -> None:
    assert begins_inside_string(piece) is inside


def test_plain_text_has_no_colours() -> None:
    rows = _rows('{"a": 1}')
    assert RowColours(rows, "text").spans(*_at(rows, 0)) == []


def _tokens(spans: list[Span]) -> dict[int, str]:
    return {place: span.token for span in spans for place in range(span.start, span.start + span.length)}
