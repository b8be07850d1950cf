"""Rows, line breaks and the index against a naive reading of the whole text.

Covers:
insomnia_desktop.ui.widgets.viewer.breaks
insomnia_desktop.ui.widgets.viewer.line_index
insomnia_desktop.ui.widgets.viewer.rows
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insomnia_desktop.ui.widgets.viewer import breaks
from insomnia_desktop.ui.widgets.viewer.byte_source import MemorySource
from insomnia_desktop.ui.widgets.viewer.line_index import LineIndex
from insomnia_desktop.ui.widgets.viewer.rows import GRID, Row, Rows
from insomnia_desktop.ui.widgets.viewer.text_encoding import encoding_of

# Lines of every length around the grid, in every mix of breaks, with characters of one to four bytes.
_LINES = st.lists(
    st.tuples(
        st.sampled_from(("a", "é", "漢", "😀", '{"k":1},')),
        st.one_of(st.integers(0, 40), st.integers(GRID - 5, GRID + 5), st.integers(2 * GRID - 5, 5 * GRID)),
        st.sampled_from(("\n", "\r\n", "\r")),
    ),
    max_size=12,
)
_CHARSETS = st.sampled_from(("utf-8", "utf-16-le", "utf-16-be", "latin-1", "utf-32-le", "gb18030"))


def _text(lines: list[tuple[str, int, str]], *, charset: str, end_with_break: bool) -> str:
    text = "".join((character * count)[:count] + ended for character, count, ended in lines)
    if charset == "gb18030":
        # Without a blank in a row of 2,048 units nobody can tell where a character begins.
        text = re.sub("(.{500})(?=.)", r"\1 ", text)
    if charset == "latin-1":
        text = text.encode("latin-1", "replace").decode("latin-1")
    return text if end_with_break or not text else text + "end"


def _rows(content: bytes, charset: str) -> Rows:
    return Rows(MemorySource(content), encoding_of(charset, content[:4]))


def _walk(rows: Rows) -> list[Row]:
    found = []
    row: Row | None = rows.at(rows.first)
    while row is not None:
        found.append(row)
        row = rows.after(row)
    return found


def _lines(text: str) -> list[str]:
    return re.split("\r\n|\n|\r", text)


def _index(rows: Rows) -> LineIndex:
    index = LineIndex(rows)
    while not index.step():
        pass
    return index


@settings(max_examples=60, deadline=None)
@given(lines=_LINES, charset=_CHARSETS, end_with_break=st.booleans())
def test_rows_joined_are_the_lines_of_the_text_in_every_charset(
    lines: list[tuple[str, int, str]], charset: str, end_with_break: bool
) -> None:
    text = _text(lines, charset=charset, end_with_break=end_with_break)
    rows = _rows(text.encode(charset), charset)

    found: list[str] = []
    for row in _walk(rows):
        assert row.text_end - row.start < 2 * GRID + 64
        decoded = rows.encoding.decode(rows.content(row))
        if row.continued:
            found[-1] += decoded
        else:
            found.append(decoded)

    assert found == _lines(text)


@settings(max_examples=60, deadline=None)
@given(lines=_LINES, charset=_CHARSETS, share=st.floats(0, 1))
def test_any_position_finds_the_row_that_a_walk_from_the_top_finds(
    lines: list[tuple[str, int, str]], charset: str, share: float
) -> None:
    rows = _rows(_text(lines, charset=charset, end_with_break=True).encode(charset), charset)
    walked = _walk(rows)
    position = int(share * rows.size)

    expected = next(row for row in reversed(walked) if row.start <= position)

    assert rows.at(position) == expected
    place = walked.index(expected)
    assert rows.before(expected) == (walked[place - 1] if place else None)
    assert rows.last() == walked[-1]


@settings(max_examples=40, deadline=None)
@given(lines=_LINES, charset=_CHARSETS, repeat=st.integers(1, 12))
def test_the_index_numbers_rows_and_lines_as_a_walk_does(
    lines: list[tuple[str, int, str]], charset: str, repeat: int
) -> None:
    text = _text(lines, charset=charset, end_with_break=False) * repeat
    rows = _rows(text.encode(charset), charset)
    index = _index(rows)
    walked = _walk(rows)

    assert index.row_count() == len(walked)
    assert index.line_count() == sum(not row.continued for row in walked)
    line = -1
    for number, row in enumerate(walked):
        line += not row.continued
        assert index.row_number(row) == number
        assert index.line_number(row) == line
        assert index.row_start(number) == row.start
        if not row.continued:
            assert index.line_start(line) == row.start
            assert index.rows_before_line(line) == number
    assert index.row_start(len(walked)) is None
    assert index.line_start(line + 1) is None


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_a_byte_order_mark_is_no_text_and_tells_the_charset(mark: bytes) -> None:
    codec = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}[mark]
    text = "x" * (3 * GRID) + "\nsecond"
    rows = _rows(mark + text.encode(codec), "latin-1")

    walked = _walk(rows)

    assert "".join(rows.encoding.decode(rows.content(row)) for row in walked) == text.replace("\n", "")
    assert _index(rows).line_count() == 2


def test_an_empty_body_has_one_empty_row() -> None:
    rows = _rows(b"", "utf-8")

    assert _walk(rows) == [Row(0, 0, 0, False)]
    assert _index(rows).row_count() == 1


def test_units_that_only_look_like_line_feeds_in_utf_16_are_no_breaks() -> None:
    # U+0A0D and U+0D0A hold the bytes of CR and LF; "\u010a\u0000" holds 0A 00 across two units.
    text = "\u0a0d\u0d0a\u010a\u0000x\nend"
    for charset in ("utf-16-le", "utf-16-be"):
        rows = _rows(text.encode(charset), charset)
        assert len(_walk(rows)) == 2
        assert _index(rows).line_count() == 2


def test_a_cut_line_never_splits_a_character() -> None:
    for offset in range(4):
        rows = _rows(("x" * offset + "漢" * 4000).encode(), "utf-8")
        assert all("\udce6" not in rows.encoding.decode(rows.content(row)) for row in _walk(rows))


def test_estimates_are_used_until_the_index_has_come() -> None:
    rows = _rows(b"0123456789abcde\n" * 40_000, "utf-8")
    index = LineIndex(rows)
    index.step()

    assert not index.done
    assert index.row_number(rows.last()) is None
    assert index.row_count() == pytest.approx(40_001, rel=0.01)
    assert index.estimated_position(index.estimated_row(500_000)) == pytest.approx(500_000, abs=16)
    assert index.row_start(39_000) is None


def test_rough_positions_rise_with_the_row_and_stay_in_its_block() -> None:
    rows = _rows(b"0123456789abcde\n" * 40_000, "utf-8")
    index = _index(rows)

    found = [index.rough_position(row) for row in range(0, 40_000, 100)]

    assert found == sorted(found)
    for row, position in zip(range(0, 40_000, 100), found, strict=True):
        assert position == pytest.approx(row * 16, abs=64 * 1024)


@given(view=st.lists(st.sampled_from((b"a", b"\n", b"\r", b"\r\n")), max_size=40).map(b"".join), data=st.data())
def test_breaks_are_counted_and_found_as_a_regular_expression_finds_them(view: bytes, data: st.DataObject) -> None:
    ends = [found.end() for found in re.finditer(rb"\r\n|\n|\r", view)]
    start = data.draw(st.integers(0, len(view)))
    # A range that begins within a CRLF would see a lone LF: the index never has one.
    if start and view[start - 1 : start + 1] == b"\r\n":
        start -= 1
    end = data.draw(st.integers(start, len(view)))
    inside = [place for place in ends if start < place <= end]

    assert breaks.count_breaks(view, start, end) == len(inside)
    assert breaks.has_break(view, start, end) == bool(inside)
    for number, place in enumerate(inside, 1):
        assert breaks.nth_break(view, start, end, number=number) == place
    assert breaks.last_break(view, end) == max((place for place in ends if place <= end), default=-1)
    first = breaks.first_break(view, start)
    assert (first[1] if first else None) == next((place for place in ends if place > start), None)
