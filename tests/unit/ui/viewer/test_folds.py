"""Folds against those of the syntax package, and what shows around closed ones.

Covers:
insomnia_desktop.ui.widgets.viewer.body
insomnia_desktop.ui.widgets.viewer.fold_index
insomnia_desktop.ui.widgets.viewer.folded_lines
"""

from __future__ import annotations

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insomnia_desktop.ui.syntax.folding import fold_ranges
from insomnia_desktop.ui.widgets.viewer import fold_index
from insomnia_desktop.ui.widgets.viewer.body import Body, ShownRow
from insomnia_desktop.ui.widgets.viewer.byte_source import MemorySource
from insomnia_desktop.ui.widgets.viewer.text_encoding import encoding_of

_VALUES = st.recursive(
    st.one_of(st.integers(), st.text('ab"\\{}[]\n\u00e9', max_size=8), st.none()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('a"{[\\', max_size=4), inner, max_size=4),
    max_leaves=25,
)


def _body(text: str, language: str = "json", charset: str = "utf-8") -> Body:
    body = Body(MemorySource(text.encode(charset)), encoding_of(charset, b""), language)
    while not body.index.step():
        pass
    for _ in range(100_000):
        if body.folds.step():
            return body
    raise AssertionError("the folds do not end")


def _shown(body: Body) -> list[int]:
    found: list[int] = []
    shown: ShownRow | None = body.first()
    while shown is not None:
        assert shown.line is not None
        if not shown.row.continued:
            found.append(shown.line)
        shown = body.after(shown)
    return found


@settings(deadline=None, max_examples=150)
@given(value=_VALUES, piece=st.sampled_from((3, 7, 64, 32768)), charset=st.sampled_from(("utf-8", "utf-16-le")))
def test_json_folds_are_those_of_the_syntax_package(value: object, piece: int, charset: str) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fold_index, "_PIECE", piece)
        body = _body(text, charset=charset)

    found = {(first, body.folds.last_line(first)) for first in body.folds.first_lines()}
    assert found == {(one.first, one.last + 1) for one in fold_ranges(text.split("\n"), "json")}


@pytest.mark.parametrize("piece", [5, 40, 32768])
def test_xml_folds_skip_comments_data_and_empty_elements(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(fold_index, "_PIECE", piece)
    text = (
        '<?xml version="1.0"?>\n<orders>\n  <order id="a>b">\n    <note/>\n    <!-- <open>\n -->\n'
        "    <data><![CDATA[<x>\n]]></data>\n  </order>\n</orders>\n"
    )
    body = _body(text, "xml")

    assert [(line, body.folds.last_line(line)) for line in body.folds.first_lines()] == [(1, 9), (2, 8)]


def test_html_elements_without_an_end_do_not_swallow_the_rest() -> None:
    body = _body("<ul>\n<li>one\n<br>\n<li>two\n</ul>\n<p>\nx\n</p>", "html")

    assert [(line, body.folds.last_line(line)) for line in body.folds.first_lines()] == [(0, 4), (5, 7)]


def test_broken_json_has_the_folds_that_close() -> None:
    body = _body('{\n "a": [\n 1,\n 2\n ]\n "open\n }}}]', "json")
    assert body.folds.last_line(1) == 4


def test_large_bodies_and_other_languages_have_no_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold_index, "FOLD_LIMIT", 10)
    assert list(_body("[\n1,\n2,\n3\n]").folds.first_lines()) == []
    monkeypatch.undo()
    assert list(_body("[\n1,\n2\n]", "text").folds.first_lines()) == []


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), long_line=st.booleans())
def test_what_shows_is_what_no_closed_fold_hides(seed: int, long_line: bool) -> None:
    chance = random.Random(seed)
    value = [[[1, {"a": [1, "x" * 9000 if long_line else "x"]}], 2], {"b": {"c": [3], "d": []}}, [4]]
    body = _body(json.dumps(value, indent=1))
    starts = list(body.folds.first_lines())
    hidden: set[int] = set()
    for line in chance.sample(starts, chance.randint(0, len(starts))):
        body.folded.toggle(line)
        last = body.folds.last_line(line)
        assert last is not None
        hidden.update(range(line + 1, last))
    lines = int(body.index.line_count())

    shown = _shown(body)

    assert shown == [line for line in range(lines) if line not in hidden]
    # Every row of the scroll bar leads to the row that stands there, and back; upwards is downwards turned around.
    rows: list[ShownRow] = []
    step: ShownRow | None = body.first()
    while step is not None:
        rows.append(step)
        step = body.after(step)
    assert body.row_count() == len(rows)
    assert [body.at_place(place) for place in range(len(rows))] == rows
    assert [body.place(row) for row in rows] == list(range(len(rows)))
    for above, below in pairwise(rows):
        assert body.before(below) == above


def test_a_hidden_position_shows_as_the_line_it_is_folded_into_and_can_be_revealed() -> None:
    text = '{\n "a": [\n  1,\n  2\n ]\n}'
    body = _body(text)
    body.folded.toggle(1)
    body.folded.toggle(0)
    position = text.index("2")

    assert body.at(position).line == 0
    assert body.folded.reveal(3)
    assert body.at(position).line == 3
    assert not body.folded
    assert not body.folded.reveal(3)


def test_all_folds_close_to_the_outermost_lines_and_open_again() -> None:
    body = _body("[\n [\n  1,\n  2\n ]\n]\n")
    body.folded.close_all()
    assert _shown(body) == [0, 5, 6]
    assert body.folded.is_closed(1)
    body.folded.toggle(0)
    assert _shown(body) == [0, 1, 4, 5, 6]
    body.folded.open_all()
    assert _shown(body) == list(range(7))
    assert not body.folded.toggle(2)


def test_the_bounds_of_a_line_hold_all_of_its_rows() -> None:
    text = "first\n" + "x" * 20_000 + "\nlast"
    body = _body(text, "text")

    assert body.line_bounds(body.at(12_000)) == (6, 20_007)
    assert body.line_bounds(body.at(0)) == (0, 6)
    assert body.line_bounds(body.last()) == (20_007, len(text))


def test_copied_text_has_plain_line_feeds_and_no_half_characters() -> None:
    body = Body(MemorySource(b"a\r\nb\rc\xff"), encoding_of("utf-8", b""), "text")
    assert body.text(0, 7) == "a\nb\nc\ufffd"
