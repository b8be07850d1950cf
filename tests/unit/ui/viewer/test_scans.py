"""Searches against regular expressions over the whole text.

Covers:
insomnia_desktop.ui.widgets.viewer.finder
insomnia_desktop.ui.widgets.viewer.hits
insomnia_desktop.ui.widgets.viewer.patterns
insomnia_desktop.ui.widgets.viewer.scans
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.ui.widgets.viewer import scans
from insomnia_desktop.ui.widgets.viewer.body import Body
from insomnia_desktop.ui.widgets.viewer.byte_source import MemorySource
from insomnia_desktop.ui.widgets.viewer.finder import Finder
from insomnia_desktop.ui.widgets.viewer.hits import Hits
from insomnia_desktop.ui.widgets.viewer.patterns import PcreMatcher
from insomnia_desktop.ui.widgets.viewer.rows import Rows
from insomnia_desktop.ui.widgets.viewer.text_encoding import encoding_of

_SMALL_TEXT = st.text("abAB\u00e9\u00c9\u6f22\U0001f600 ", max_size=60)


def _rows(text: str, charset: str = "utf-8") -> Rows:
    return Rows(MemorySource(text.encode(charset)), encoding_of(charset, b""))


def _body(text: str) -> Body:
    return Body(MemorySource(text.encode()), encoding_of("utf-8", b""), "text")


def _units(text: str, charset: str) -> int:
    return len(text.encode(charset)) // encoding_of(charset, b"").unit


def _run(scan: scans.Scan, hits: Hits) -> list[tuple[int, int]]:
    for _ in range(100_000):
        if scan.step():
            return [hits[number] for number in range(len(hits))]
    raise AssertionError("the search does not end")


def _expected(text: str, pattern: re.Pattern[str], charset: str) -> list[tuple[int, int]]:
    return [
        (_units(text[: found.start()], charset), _units(text[: found.end()], charset))
        for found in pattern.finditer(text)
        if found.group()
    ]


@settings(deadline=None)
@given(
    text=_SMALL_TEXT,
    needle=st.text("abAB\u00e9\u00c9\u6f22\U0001f600", min_size=1, max_size=3),
    case=st.booleans(),
    charset=st.sampled_from(("utf-8", "utf-16-le", "utf-16-be", "gb18030", "utf-32-be")),
)
def test_plain_text_is_found_where_a_regular_expression_finds_it(
    text: str, needle: str, case: bool, charset: str
) -> None:
    hits = Hits()
    found = _run(scans.plain_scan(_rows(text, charset), hits, text=needle, case=case), hits)

    pattern = re.compile(re.escape(needle), 0 if case else re.IGNORECASE)
    assert found == _expected(text, pattern, charset)


@settings(deadline=None, max_examples=50)
@given(
    gaps=st.lists(st.integers(0, 40), min_size=1, max_size=30),
    case=st.booleans(),
    needle=st.sampled_from(("needle", "aa", "\u00c9a", "aba")),
    charset=st.sampled_from(("utf-8", "utf-16-le", "gb18030")),
)
def test_a_hit_across_two_pieces_is_found_once(
    monkeypatch_pieces: None, gaps: list[int], case: bool, needle: str, charset: str
) -> None:
    text = "".join("a" * gap + needle for gap in gaps)
    hits = Hits()
    found = _run(scans.plain_scan(_rows(text, charset), hits, text=needle, case=case), hits)

    assert found == _expected(text, re.compile(re.escape(needle), 0 if case else re.IGNORECASE), charset)


@pytest.fixture(scope="module")
def monkeypatch_pieces() -> object:
    """Make the pieces so small that every hit may lie across two of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scans, "_BYTES_PIECE", 16)
        patch.setattr(scans, "_TEXT_PIECE", 16)
        patch.setattr(scans, "_HITS_A_STEP", 2)
        yield


@settings(deadline=None)
@given(
    lines=st.lists(st.text("ab1 \u00e9\U0001f600", max_size=8), max_size=12),
    pattern=st.sampled_from(("a+", "^a", "b$", "[^b]+", r"\d\b", "a|b1", "a.*b", r"\s+", "(?<=a)b", "(?i)A", "a{2,}?")),
    ended=st.sampled_from(("\n", "\r\n", "\r")),
)
def test_a_pattern_is_tried_on_each_line_alone(lines: list[str], pattern: str, ended: str) -> None:
    text = ended.join(lines)
    hits = Hits()
    found = _run(scans.PatternScan(_rows(text), hits, PcreMatcher(pattern, case=True)), hits)

    expected: list[tuple[int, int]] = []
    start = 0
    for line in re.split("\r\n|\n|\r", text):
        matched = re.finditer(pattern, line)
        expected += [
            (_units(text[: start + one.start()], "utf-8"), _units(text[: start + one.end()], "utf-8"))
            for one in matched
            if one.group()
        ]
        start += len(line) + len(ended)
    assert found == expected


@pytest.mark.parametrize("unit", ["word ", "漢字 "])
def test_a_pattern_finds_all_in_a_line_that_is_longer_than_a_piece(unit: str) -> None:
    text = unit * 9000
    hits = Hits()
    found = _run(scans.PatternScan(_rows(text), hits, PcreMatcher(r"\w+", case=True)), hits)

    size = len(unit.encode())
    assert found == [(place * size, place * size + size - 1) for place in range(9000)]


def test_a_pattern_that_would_take_years_fails_within_its_steps() -> None:
    finder = Finder(_body("a" * 60 + "b\n"), text="(a+)+$", case=True, regex=True, origin=0)

    while not finder.step():
        pass

    assert finder.failure is not None
    assert finder.failure.code == "viewer.pattern_too_slow"


@pytest.mark.parametrize("pattern", ["(", "[a", "*"])
def test_a_pattern_that_is_none_is_refused_with_its_place(pattern: str) -> None:
    with pytest.raises(KnownError) as refused:
        PcreMatcher(pattern, case=True)

    assert refused.value.code == "viewer.pattern_invalid"
    assert isinstance(refused.value.params["place"], int)
    assert refused.value.params["reason"]


def test_a_text_that_the_charset_cannot_write_is_not_found() -> None:
    hits = Hits()
    rows = Rows(MemorySource(b"abc"), encoding_of("latin-1", b""))
    assert _run(scans.plain_scan(rows, hits, text="漢", case=True), hits) == []


def test_the_current_hit_is_the_first_from_the_caret_and_goes_around() -> None:
    finder = Finder(_body("x--x--x"), text="x", case=True, regex=False, origin=1)
    assert finder.percent < 100
    while not finder.step():
        pass

    assert finder.current == 1
    assert finder.percent == 100
    finder.move(forward=True)
    finder.move(forward=True)
    assert finder.current == 0
    finder.move(forward=False)
    assert finder.current == 2


def test_without_a_hit_behind_the_caret_the_first_of_all_is_current() -> None:
    finder = Finder(_body("x--x--"), text="x", case=True, regex=False, origin=5)
    while not finder.step():
        pass
    assert finder.current == 0


def test_next_at_the_last_known_hit_waits_for_one_that_is_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "_BYTES_PIECE", 4)
    finder = Finder(_body("x-----------x"), text="x", case=True, regex=False, origin=0)
    finder.step()
    finder.move(forward=True)
    assert finder.current == 0
    while not finder.step():
        pass
    assert finder.current == 1


def test_the_search_stops_when_it_has_all_the_hits_it_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insomnia_desktop.ui.widgets.viewer.hits.MOST_HITS", 5)
    finder = Finder(_body("x" * 50), text="x", case=True, regex=False, origin=0)
    while not finder.step():
        pass
    assert finder.full
    assert len(finder.hits) == 5


@given(
    spans=st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20)), max_size=20),
    edges=st.tuples(st.integers(0, 300), st.integers(0, 300)),
)
def test_hits_are_found_by_their_place(spans: list[tuple[int, int]], edges: tuple[int, int]) -> None:
    hits = Hits()
    start = 0
    for gap, length in spans:
        hits.add(start + gap, length)
        start += gap + length
    low, high = min(edges), max(edges)
    every = [hits[number] for number in range(len(hits))]

    assert hits.between(low, high) == [n for n, (begin, end) in enumerate(every) if begin < high and end > low]
    assert hits.any_between(low, high) == any(low <= begin < high for begin, _ in every)
    assert hits.first_from(low) == next((n for n, (begin, _) in enumerate(every) if begin >= low), None)
