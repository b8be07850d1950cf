"""Differences of texts as they are drawn.

About ui.models.text_difference, line_matches, difference_sections and conflict_lines.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insomnia_desktop.ui.models import conflict_lines as conflict_lines_module
from insomnia_desktop.ui.models.conflict_lines import MOST_LINES, conflict_lines
from insomnia_desktop.ui.models.difference_sections import DifferencePart, DifferenceSection, compared
from insomnia_desktop.ui.models.line_matches import Effort, Unwanted, common_subsequence, equal_runs
from insomnia_desktop.ui.models.text_difference import DifferenceLine, changed_words, difference_lines


def kinds(lines: list[DifferenceLine]) -> str:
    return "".join({"same": "=", "removed": "-", "added": "+", "skipped": "."}[line.kind] for line in lines)


def marked(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def replaced_lines() -> tuple[str, str]:
    """A hundred thousand lines, each another one."""
    old, new = ("\n".join(f'  "{name}{number}": "{name} {number}",' for number in range(100_000)) for name in "kx")
    return old, new


def repeated_lines() -> tuple[str, str]:
    """Some thousand lines of which most are often there, as in JSON."""
    old = "\n".join("{" if number % 3 else str(number) for number in range(1_900))
    return old, "\n".join("{" if number % 2 else str(3 * number) for number in range(2_000))


def wordy_lines() -> tuple[str, str]:
    """Lines of several hundred words."""
    old, new = (" ".join(str(number * step) for number in range(240)) for step in (1, 3))
    return "\n".join(f"{old} {number}" for number in range(300)), "\n".join(f"{new} {number}" for number in range(300))


def jumbled_lines() -> tuple[str, str]:
    """Lines that are all in both texts, many times, and in another order."""
    old, new = ("\n".join(str(number * number * step % 97) for number in range(60_000)) for step in (1, 2))
    return f"old\n{old}\nold", f"new\n{new}\nnew"


def test_lines_far_from_a_change_become_one() -> None:
    before = "\n".join("abcdefghijkl")
    lines = difference_lines(before, before.replace("f", "X"))
    assert kinds(lines) == ".==-+==."
    assert (lines[0].count, lines[-1].count) == (3, 4)
    assert [(line.old, line.new) for line in lines[1:7]] == [(4, 4), (5, 5), (6, 0), (0, 6), (7, 7), (8, 8)]


def test_numbers_follow_both_texts_after_an_insertion() -> None:
    lines = difference_lines("a\nb\nc", "a\nnew\nb\nC")
    assert kinds(lines) == "=+=-+"
    assert [(line.old, line.new) for line in lines] == [(1, 1), (0, 2), (2, 3), (3, 0), (0, 4)]


def test_a_single_line_is_never_folded() -> None:
    assert kinds(difference_lines("a\nb\nc\nd", "a\nb\nc\nX")) == "===-+"


@pytest.mark.parametrize(("before", "after", "expected"), [(None, "a\nb", "++"), ("a", None, "-"), (None, None, "")])
def test_a_text_that_is_not_there(before: str | None, after: str | None, expected: str) -> None:
    assert kinds(difference_lines(before, after)) == expected


def test_equal_texts_are_one_fold() -> None:
    assert kinds(difference_lines("a\nb\nc", "a\nb\nc")) == "."


@pytest.mark.parametrize(
    ("before", "after", "gone", "come"),
    [
        ("Create order", "Place order", ["Create"], ["Place"]),
        ("Create order", "Create an order", [], ["an"]),
        ('"sku": "TEA-SENCHA-250",', '"sku": "{{ sku }}",', ["TEA-SENCHA-250"], ["{{ sku }}"]),
        ("{{ base_url }}/order", "{{ base_url }}/orders", [], ["s"]),
        ('"amount": 1,', '"amount": 2,', ["1"], ["2"]),
        ("wholly", "another", [], []),
        ("a b", "a  b", [" "], ["  "]),
    ],
)
def test_words_that_changed(before: str, after: str, gone: list[str], come: list[str]) -> None:
    first, second = changed_words(before, after)
    if (before, after) == ("a b", "a  b"):
        assert marked(after, second) == [" "]  # blanks alone are marked where nothing else changed
        return
    assert (marked(before, first), marked(after, second)) == (gone, come)


@pytest.mark.parametrize("made", [replaced_lines, repeated_lines, wordy_lines, jumbled_lines])
def test_large_texts_are_compared_in_bounded_time(made: Callable[[], tuple[str, str]]) -> None:
    before, after = made()
    section = DifferenceSection("Body", (DifferencePart(before, after),))
    began = process_time()
    (told,) = compared([section])
    # About a second on the machine that it was written on; each of them took from eight seconds to minutes.
    assert process_time() - began < 5
    (part,) = told.parts
    assert "\n".join(line.text for line in part.lines if line.kind == "removed").count("\n") > 200


def test_what_costs_too_much_is_told_coarser_and_the_comparison_says_so() -> None:
    section = DifferenceSection("Body", (DifferencePart("a\nb", "a\nc"),))
    assert compared([section])[0].left_out == ""
    jumbled, replaced = jumbled_lines(), replaced_lines()
    told = compared([DifferenceSection(each[0][:1], (DifferencePart(*each),)) for each in (replaced, jumbled)])
    assert [each.left_out for each in told] == ["words", "lines"]
    lines = told[0].parts[0].lines
    assert len(lines) == 200_000
    assert lines[0].words
    assert not lines[99_999].words
    # Each of its lines is there, in the order of its text.
    for text, numbered in zip(jumbled, ("old", "new"), strict=True):
        shown = [line.text for line in told[1].parts[0].lines if getattr(line, numbered)]
        assert shown == text.split("\n")[: len(shown)]


def test_a_comparison_that_nobody_wants_any_more_ends() -> None:
    asked: list[bool] = []

    def is_wanted() -> bool:
        asked.append(True)
        return len(asked) < 3

    with pytest.raises(Unwanted):
        compared([DifferenceSection("Body", (DifferencePart(*replaced_lines()),))], is_wanted)
    assert len(asked) == 3


@given(st.lists(st.sampled_from("abc{}"), max_size=30), st.lists(st.sampled_from("abc{}xy"), max_size=30))
def test_lines_told_are_those_of_both_texts_in_their_order(old: list[str], new: list[str]) -> None:
    before, after = "\n".join(old), "\n".join(new)
    lines = difference_lines(before, after, context=100)
    if before == after:
        # Nothing changed, so that no line is near a change.
        assert {line.kind for line in lines} <= {"same", "skipped"}
        return
    assert [line.text for line in lines if line.old] == before.split("\n")
    assert [line.text for line in lines if line.new] == after.split("\n")
    assert [line.old for line in lines if line.old] == list(range(1, before.count("\n") + 2))
    assert [line.new for line in lines if line.new] == list(range(1, after.count("\n") + 2))
    assert all((line.kind == "same") == bool(line.old and line.new) for line in lines)


@given(st.text("ab{ ", max_size=14), st.text("ab{ ", max_size=14))
def test_the_longest_list_of_equal_elements_is_found(old: str, new: str) -> None:
    matches = common_subsequence(old, new, Effort())
    assert all(old[first] == new[second] for first, second in matches)
    assert all(before[0] < after[0] and before[1] < after[1] for before, after in pairwise(matches))
    lengths = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row, first in enumerate(old):
        for column, second in enumerate(new):
            longest = max(lengths[row][column + 1], lengths[row + 1][column])
            lengths[row + 1][column + 1] = lengths[row][column] + 1 if first == second else longest
    assert len(matches) == lengths[-1][-1]


@given(st.lists(st.sampled_from("abcdefgh{}"), max_size=40), st.lists(st.sampled_from("abcdefgh{}"), max_size=40))
def test_lines_that_are_the_same_are_told_as_runs_that_do_not_touch(old: list[str], new: list[str]) -> None:
    runs = equal_runs(old, new, Effort())
    assert all(old[first : first + count] == new[second : second + count] for first, second, count in runs)
    for (old_at, new_at, count), (old_next, new_next, _) in pairwise(runs):
        assert old_at + count <= old_next
        assert new_at + count <= new_next
        assert (old_at + count, new_at + count) != (old_next, new_next)


def test_of_several_lines_those_that_differ_are_shown() -> None:
    base = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}'
    shown = conflict_lines(base, base.replace("1", "10"), base.replace("2", "20"))
    assert (shown.first, shown.last) == (2, 3)
    assert shown.base is not None
    assert shown.mine is not None
    assert shown.theirs is not None
    assert [line.text for line in shown.base] == ['"a": 1,', '"b": 2,']
    assert [marked(line.text, line.words) for line in shown.mine] == [["10"], []]
    assert [marked(line.text, line.words) for line in shown.theirs] == [[], ["20"]]


def test_a_line_that_came_is_shown_between_its_neighbours() -> None:
    shown = conflict_lines("a\nb\nc", "a\nb\nnew\nc", "a\nb\nc")
    assert shown.mine is not None
    assert [line.text for line in shown.mine] == ["b", "new", "c"]
    assert marked("new", shown.mine[1].words) == ["new"]


def test_one_line_and_no_value_are_shown_as_they_are() -> None:
    shown = conflict_lines(None, "{{ trace_id }}", "laptop-debug")
    assert shown.base is None
    assert (shown.first, shown.last) == (0, 0)
    assert shown.mine is not None
    assert [line.text for line in shown.mine] == ["{{ trace_id }}"]
    assert conflict_lines(None, None, "x").mine is None


def test_very_many_lines_end_with_how_many_more() -> None:
    shown = conflict_lines("a", "\n".join("b" * 3 for _ in range(MOST_LINES + 7)), "c")
    assert shown.mine is not None
    assert shown.mine[-1].text == "… 7"
    assert len(shown.mine) == MOST_LINES + 1


def test_of_a_very_long_text_only_what_is_shown_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []

    def counted(before: str | None, after: str | None, *, context: int = 2) -> list[DifferenceLine]:
        compared.append(max((before or "").count("\n"), (after or "").count("\n")))
        return difference_lines(before, after, context=context)

    monkeypatch.setattr(conflict_lines_module, "difference_lines", counted)
    text = "\n".join(f"line {number}" for number in range(20_000))
    shown = conflict_lines(text, f"m\n{text}\nm", "t\n" + text.replace("5", "6") + "\nt")
    assert max(compared) < 1000
    assert shown.mine is not None
    assert [line.text for line in shown.mine[:2]] == ["m", "line 0"]
    assert shown.mine[-1].text == f"… {20_002 - MOST_LINES:,}"
