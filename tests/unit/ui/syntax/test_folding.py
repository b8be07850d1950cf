"""Which lines fold together: insomnia_desktop.ui.syntax.folding."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.ui.syntax import LANGUAGES
from insomnia_desktop.ui.syntax.folding import FoldRange, FoldSearch, can_fold, fold_ranges


def ranges(language: str, text: str) -> list[tuple[int, int]]:
    """Return the fold ranges of a text as plain pairs."""
    return [tuple(found) for found in fold_ranges(text.split("\n"), language)]


def searched(language: str, text: str, first: int) -> int:
    """Return how many lines the fold that begins in line `first` hides."""
    search = FoldSearch(language)
    for line in text.split("\n")[first:]:
        if search.feed(line):
            break
    return search.length


JSON = '{\n "a": [\n  {\n   "b": "}"\n  }, {\n   "c": 1\n  }\n ],\n "e": {\n }\n}'


def test_json_folds_by_brackets_and_keeps_the_closing_line() -> None:
    assert ranges("json", JSON) == [(0, 9), (1, 6), (2, 3), (4, 5)]


def test_several_brackets_in_a_line_fold_as_the_outermost() -> None:
    assert ranges("json", "[{\n1\n},\n2\n]") == [(0, 3)]


def test_xml_folds_by_elements() -> None:
    assert ranges("xml", '<a>\n<b\n c="1"/>\n<d>\nx\n</d>\n</a>') == [(0, 5), (3, 4)]


def test_html_does_not_wait_for_the_end_of_void_elements() -> None:
    assert ranges("html", "<div>\n<br>\n<img src=x />\n<p>\n</div>\n<div>\n1\n</div>") == [(0, 3), (5, 6)]


def test_graphql_folds_by_brackets() -> None:
    assert ranges("graphql", "query {\n a(\n  b: 1\n ) {\n  c\n }\n}") == [(0, 5), (1, 2), (3, 4)]


def test_yaml_folds_by_indentation() -> None:
    assert ranges("yaml", "a:\n  b:\n    - 1\n\n  c: 2\nd: 3") == [(0, 4), (1, 2)]


def test_plain_text_has_no_folds() -> None:
    assert not can_fold("text")
    assert fold_ranges(["{", " 1", "}"], "text") == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("json", JSON),
        ("xml", "<a>\n<b>\n<c/>\n</b>\n</a>"),
        ("yaml", "a:\n  b:\n    - 1\n\n  c: 2\nd: 3"),
        ("graphql", "query {\n a {\n  b\n }\n}"),
    ],
)
def test_looking_for_one_end_finds_the_same_as_reading_everything(language: str, text: str) -> None:
    for found in fold_ranges(text.split("\n"), language):
        assert searched(language, text, found.first) == found.last - found.first


def test_a_line_that_opens_nothing_has_no_fold() -> None:
    assert searched("json", "1,\n2", 0) == 0
    assert searched("json", "{\n}", 0) == 0


def test_an_unclosed_bracket_folds_to_the_end() -> None:
    assert searched("json", "{\n1\n2", 0) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@given(lines=st.lists(st.text(alphabet="{}[]()<>/ab \"':-.!br", max_size=15), max_size=12))
def test_ranges_lie_inside_and_each_line_begins_one_at_most(language: str, lines: list[str]) -> None:
    found = fold_ranges(lines, language)
    assert all(isinstance(one, FoldRange) and 0 <= one.first < one.last < len(lines) for one in found)
    assert len({one.first for one in found}) == len(found)
    for first in range(len(lines)):
        assert searched(language, "\n".join(lines), first) < max(1, len(lines) - first)
