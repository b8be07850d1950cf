"""The difference of two texts as lines to be drawn: what went, what came, and which words of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Final, Literal, TypeAlias

import msgspec

from insomnia_desktop.ui.models.line_matches import Effort, common_subsequence, equal_runs

LineKind = Literal["same", "removed", "added", "skipped"]
Span: TypeAlias = tuple[int, int]
CONTEXT = 2
# Runs of equal words read better than many single ones, but looking for them takes the product of both lengths.
_FEW_PAIRS: Final = 2_500
_LONGEST_MARKED: Final = 8_000
_COST_OF_A_LINE: Final = 100
_ASKED_EVERY: Final = 256
# Below this share of equal words, marking words says less than the whole line.
_LEAST_ALIKE = 0.25
_WORDS = re.compile(r"\{\{[^{}\n]*\}\}|\w+|\s+|[^\w\s]")


class DifferenceLine(msgspec.Struct, frozen=True, gc=False):
    """One line: its numbers in the old and in the new text (0: not there), and the words of it that changed.

    A `skipped` line stands for `count` lines that are the same.
    """

    kind: LineKind
    text: str = ""
    old: int = 0
    new: int = 0
    words: tuple[Span, ...] = ()
    count: int = 0


def difference_lines(
    before: str | None, after: str | None, *, context: int = CONTEXT, effort: Effort | None = None
) -> list[DifferenceLine]:
    """Return the lines of two texts with what changed between them; None is no text at all.

    What `effort` has no more for is told coarser, which it then says. Raises Unwanted as it does.
    """
    effort = effort or Effort()
    old = before.split("\n") if before is not None else []
    new = after.split("\n") if after is not None else []
    lines: list[DifferenceLine] = []
    old_at = new_at = 0
    for old_from, new_from, count in [*equal_runs(old, new, effort), (len(old), len(new), 0)]:
        lines += _replaced(old[old_at:old_from], new[new_at:new_from], old_at, new_at, effort)
        old_at, new_at = old_from + count, new_from + count
        leading = context if lines else 0
        trailing = context if (old_at, new_at) != (len(old), len(new)) else 0
        lines += _folded(old[old_from:old_at], old_from, new_from, leading, trailing)
    return lines


def changed_words(before: str, after: str, effort: Effort | None = None) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return which characters of two lines changed; nothing is marked where hardly anything is alike."""
    effort = effort or Effort()
    if len(before) + len(after) > _LONGEST_MARKED:
        effort.unmarked = True
        return (), ()
    if not effort.may_mark(_COST_OF_A_LINE):
        return (), ()
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pairs = len(old) * len(new)
    if not effort.may_mark(min(pairs, _FEW_PAIRS) + len(old) + len(new)):
        return (), ()
    old_ends, new_ends = [0, *accumulate(map(len, old))], [0, *accumulate(map(len, new))]
    gone: list[Span] = []
    come: list[Span] = []
    for old_from, old_to, new_from, new_to in _replaced_words(old, new, effort):
        first, second = (old_ends[old_from], old_ends[old_to]), (new_ends[new_from], new_ends[new_to])
        first, second = _without_shared_ends(before, first, after, second)
        gone.append(_without_blanks(before, first))
        come.append(_without_blanks(after, second))
    marked = (_joined(gone), _joined(come))
    alike = min(len(before) - _length(marked[0]), len(after) - _length(marked[1]))
    longest = max(len(before), len(after))
    return marked if longest == 0 or alike / longest >= _LEAST_ALIKE else ((), ())


def _replaced_words(old: list[str], new: list[str], effort: Effort) -> Iterator[tuple[int, int, int, int]]:
    """Tell which words of one line stand in the place of which of the other."""
    if len(old) * len(new) <= _FEW_PAIRS:
        for tag, *place in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag != "equal":
                yield place[0], place[1], place[2], place[3]
        return
    old_at = new_at = 0
    for old_to, new_to in [*common_subsequence(old, new, effort), (len(old), len(new))]:
        if (old_at, new_at) != (old_to, new_to):
            yield old_at, old_to, new_at, new_to
        old_at, new_at = old_to + 1, new_to + 1


def _replaced(
    old: Sequence[str], new: Sequence[str], old_at: int, new_at: int, effort: Effort
) -> Iterator[DifferenceLine]:
    pairs = []
    for number, (first, second) in enumerate(zip(old, new, strict=False)):
        if number % _ASKED_EVERY == 0:
            effort.check()
        pairs.append(changed_words(first, second, effort))
    for number, text in enumerate(old):
        words = pairs[number][0] if number < len(pairs) else ()
        yield DifferenceLine("removed", text, old=old_at + number + 1, words=words)
    for number, text in enumerate(new):
        words = pairs[number][1] if number < len(pairs) else ()
        yield DifferenceLine("added", text, new=new_at + number + 1, words=words)


def _folded(same: Sequence[str], old_at: int, new_at: int, leading: int, trailing: int) -> Iterator[DifferenceLine]:
    """Tell equal lines, with one in the place of those that are far from every change."""
    skipped = len(same) - leading - trailing
    # A line that says "1 line unchanged" takes as much room as the line.
    first, last = (leading, len(same) - trailing) if skipped > 1 else (len(same), len(same))
    for number in [*range(first), *range(last, len(same))]:
        if number == last:
            yield DifferenceLine("skipped", count=skipped)
        yield DifferenceLine("same", same[number], old_at + number + 1, new_at + number + 1)
    if skipped > 1 and not trailing:
        yield DifferenceLine("skipped", count=skipped)


def _without_shared_ends(before: str, old: Span, after: str, new: Span) -> tuple[Span, Span]:
    """Where one side only grew ("order", "orders"), leave out what both begin or end with."""
    first, second = before[slice(*old)], after[slice(*new)]
    shorter, longer = sorted((first, second), key=len)
    if not shorter or shorter.isdecimal():
        return old, new  # of a number that grew, no part stayed
    if longer.startswith(shorter):
        cut = len(shorter)
        return (old[0] + cut, old[1]), (new[0] + cut, new[1])
    if longer.endswith(shorter):
        cut = len(shorter)
        return (old[0], old[1] - cut), (new[0], new[1] - cut)
    return old, new


def _without_blanks(text: str, span: Span) -> Span:
    """Leave out the blanks at both ends, unless nothing else changed."""
    inner = text[slice(*span)]
    if not inner.strip():
        return span
    return span[0] + len(inner) - len(inner.lstrip()), span[1] - (len(inner) - len(inner.rstrip()))


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in spans:
        if start == end:
            continue
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _length(spans: Sequence[Span]) -> int:
    return sum(end - start for start, end in spans)
