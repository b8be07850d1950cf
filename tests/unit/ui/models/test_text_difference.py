"""Differences of texts as they are drawn: ui.models.text_difference and conflict_lines."""

from __future__ import annotations

from time import process_time

import pytest

from insomnia_desktop.ui.models import conflict_lines as conflict_lines_module
from insomnia_desktop.ui.models.conflict_lines import MOST_LINES, conflict_lines
from insomnia_desktop.ui.models.text_difference import DifferenceLine, changed_words, difference_lines


def kinds(lines: list[DifferenceLine]) -> str:
    return "".join({"same": "=", "removed": "-", "added": "+", "skipped": "."}[line.kind] for line in lines)


def marked(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


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


def test_large_texts_are_compared_in_bounded_time() -> None:
    before, after = ("\n".join(f"{letter} {number}" for number in range(30_000)) for letter in "ab")
    began = process_time()
    lines = difference_lines(before, after)
    assert len(lines) == 60_000
    assert changed_words("x " * 5_000, "y " * 5_000) == ((), ())
    assert process_time() - began < 10


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
