"""Texts merged by lines: examples, and laws for any three texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.sync import line_merge
from insomnia_desktop.sync.line_merge import MOST_DIFFERENCES, Hunk, changes, merge_text

line_lists = st.lists(st.sampled_from("abcd"), max_size=10)
texts = line_lists.map("\n".join)


def rebuilt(base: list[str], other: list[str], hunks: list[Hunk]) -> list[str]:
    result: list[str] = []
    at = 0
    for hunk in hunks:
        result += base[at : hunk.start] + other[hunk.lines_start : hunk.lines_end]
        at = hunk.end
    return result + base[at:]


@given(line_lists, line_lists)
def test_the_hunks_turn_one_text_into_the_other(base: list[str], other: list[str]) -> None:
    hunks = changes(base, other)
    assert rebuilt(base, other, hunks) == other
    for before, after in pairwise(hunks):
        assert before.end < after.start
        assert before.lines_end < after.lines_start
    for hunk in hunks:
        assert base[hunk.start : hunk.end] != other[hunk.lines_start : hunk.lines_end]


@given(line_lists, line_lists)
def test_the_matching_is_a_longest_one(base: list[str], other: list[str]) -> None:
    longest = [[0] * (len(other) + 1) for _ in range(len(base) + 1)]
    for i, left in enumerate(base):
        for j, right in enumerate(other):
            longest[i + 1][j + 1] = longest[i][j] + 1 if left == right else max(longest[i][j + 1], longest[i + 1][j])
    changed = sum(hunk.end - hunk.start for hunk in changes(base, other))
    assert len(base) - changed == longest[-1][-1]


def test_texts_that_differ_everywhere_are_one_change() -> None:
    base = [f"a{number}" for number in range(MOST_DIFFERENCES)]
    other = ["x", *[f"b{number}" for number in range(MOST_DIFFERENCES)], "a7", "y"]
    assert changes(["first", *base, "last"], ["first", *other, "last"]) == [
        Hunk(1, 1 + MOST_DIFFERENCES, 1, 1 + len(other))
    ]


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a b c", "A b c", "a b C", "A b C"),
        ("a b c", "a b c d", "z a b c", "z a b c d"),
        ("a b c d e", "a c d e", "a b c d x e", "a c d x e"),
        ("a b c", "a x b c", "a x b c", "a x b c"),
        ("a b c d e f", "a B c d e f g", "a b c d E f", "a B c d E f g"),
        ("a b c d e", "a B c d e", "a B c d E", "a B c d E"),
    ],
)
def test_changes_in_different_lines_come_together(base: str, mine: str, theirs: str, merged: str) -> None:
    result = merge_text(*(text.replace(" ", "\n") for text in (base, mine, theirs)))
    assert result.text.replace("\n", " ") == merged
    assert not result.conflicting


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("a b c", "a X c", "a Y c", "a X c"),
        ("a b c d e", "a X c d e", "a Y c d E", "a X c d E"),
        # Neighbouring lines are one place.
        ("a b c d", "a B c d", "a b C d", "a B c d"),
        ("a b c d e", "a B c D e", "a x y z e", "a B c D e"),
        ("a", "x", "y", "x"),
    ],
)
def test_changes_of_the_same_lines_leave_mine(base: str, mine: str, theirs: str, merged: str) -> None:
    result = merge_text(*(text.replace(" ", "\n") for text in (base, mine, theirs)))
    assert result.text.replace("\n", " ") == merged
    assert result.conflicting


@given(texts, texts)
def test_one_sided_changes_are_taken(base: str, changed: str) -> None:
    for result in (
        merge_text(base, changed, base),
        merge_text(base, base, changed),
        merge_text(base, changed, changed),
    ):
        assert result == line_merge.MergedText(changed, conflicting=False)


@given(texts, texts, texts)
def test_both_orders_agree_without_a_conflict(base: str, mine: str, theirs: str) -> None:
    one, other = merge_text(base, mine, theirs), merge_text(base, theirs, mine)
    assert one.conflicting == other.conflicting
    assert one.conflicting or one.text == other.text


@given(texts, texts, texts)
def test_what_only_one_side_added_is_in_the_result_or_there_is_a_conflict(base: str, mine: str, theirs: str) -> None:
    added = "\n".join(f"mine {number}" for number in range(2))
    result = merge_text(base, f"{mine}\n{added}", theirs)
    assert added in result.text


@given(st.text(alphabet="a\r\n\x0b\u2028", max_size=8), st.text(alphabet="b\r\n", max_size=8))
def test_every_character_of_a_line_end_is_kept(base: str, changed: str) -> None:
    assert merge_text(base, changed, base).text == changed
