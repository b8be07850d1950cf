"""The difference of two texts as lines to be drawn: what went, what came, and which words of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

LineKind = Literal["same", "removed", "added", "skipped"]
Span: TypeAlias = tuple[int, int]
CONTEXT = 2
# Comparing takes the product of both lengths at worst: above these a part is told as changed wholly.
_MOST_LINE_PAIRS = 4_000_000
_MOST_WORD_PAIRS = 250_000
# Below this share of equal words, marking words says less than the whole line.
_LEAST_ALIKE = 0.25
_WORDS = re.compile(r"\{\{[^{}\n]*\}\}|\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One line: its numbers in the old and in the new text (0: not there), and the words of it that changed.

    A `skipped` line stands for `count` lines that are the same.
    """

    kind: LineKind
    text: str = ""
    old: int = 0
    new: int = 0
    words: tuple[Span, ...] = ()
    count: int = 0


def difference_lines(before: str | None, after: str | None, *, context: int = CONTEXT) -> list[DifferenceLine]:
    """Return the lines of two texts with what changed between them; None is no text at all."""
    old = before.split("\n") if before is not None else []
    new = after.split("\n") if after is not None else []
    return list(_folded(list(_lines(old, new)), context))


def changed_words(before: str, after: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return which characters of two lines changed; nothing is marked where hardly anything is alike."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) * len(new) > _MOST_WORD_PAIRS:
        return (), ()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    gone: list[Span] = []
    come: list[Span] = []
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            continue
        first = _span(old, old_from, old_to)
        second = _span(new, new_from, new_to)
        first, second = _without_shared_ends(before, first, after, second)
        gone.append(_without_blanks(before, first))
        come.append(_without_blanks(after, second))
    marked = (_joined(gone), _joined(come))
    alike = min(len(before) - _length(marked[0]), len(after) - _length(marked[1]))
    longest = max(len(before), len(after))
    return marked if longest == 0 or alike / longest >= _LEAST_ALIKE else ((), ())


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[DifferenceLine]:
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    for number in range(head):
        yield DifferenceLine("same", old[number], number + 1, number + 1)
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(inner_old) * len(inner_new) > _MOST_LINE_PAIRS:
        yield from _replaced(inner_old, inner_new, head, head)
    else:
        matcher = SequenceMatcher(None, inner_old, inner_new, autojunk=False)
        for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            if tag == "equal":
                for step in range(old_to - old_from):
                    yield DifferenceLine(
                        "same", inner_old[old_from + step], head + old_from + step + 1, head + new_from + step + 1
                    )
            else:
                yield from _replaced(
                    inner_old[old_from:old_to], inner_new[new_from:new_to], head + old_from, head + new_from
                )
    for step in range(tail, 0, -1):
        yield DifferenceLine("same", old[-step], len(old) - step + 1, len(new) - step + 1)


def _replaced(old: Sequence[str], new: Sequence[str], old_at: int, new_at: int) -> Iterator[DifferenceLine]:
    pairs = [changed_words(first, second) for first, second in zip(old, new, strict=False)]
    for number, text in enumerate(old):
        words = pairs[number][0] if number < len(pairs) else ()
        yield DifferenceLine("removed", text, old=old_at + number + 1, words=words)
    for number, text in enumerate(new):
        words = pairs[number][1] if number < len(pairs) else ()
        yield DifferenceLine("added", text, new=new_at + number + 1, words=words)


def _folded(lines: list[DifferenceLine], context: int) -> Iterator[DifferenceLine]:
    """Put one line in the place of the same ones that are far from every change."""
    changes = [at for at, line in enumerate(lines) if line.kind != "same"]
    near: set[int] = set()
    for at in changes:
        near.update(range(max(0, at - context), min(len(lines), at + context + 1)))
    at = 0
    while at < len(lines):
        if at in near:
            yield lines[at]
            at += 1
            continue
        start = at
        while at < len(lines) and at not in near:
            at += 1
        if at - start == 1:
            yield lines[start]  # a line that says "1 line unchanged" takes as much room
        else:
            yield DifferenceLine("skipped", count=at - start)


def _span(words: Sequence[str], first: int, last: int) -> Span:
    start = sum(map(len, words[:first]))
    return start, start + sum(map(len, words[first:last]))


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
