"""Which lines of two texts are the same: matches that rise on both sides, in bounded time and memory."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Final, TypeAlias

Run: TypeAlias = tuple[int, int, int]
"""Where equal lines begin in the old and in the new text, and how many they are."""
Match: TypeAlias = tuple[int, int]

# A table of so many bits is kept to walk back through: 32 MB.
_MOST_PAIRS: Final = 2**28
# Of one comparison with all its parts; some tenths of a second each.
_PAIRS: Final = 2**30
_MARKS: Final = 600_000
_ASKED_EVERY: Final = 256


class Unwanted(Exception):
    """The comparison is not wanted any more."""


class Effort:
    """How much one comparison may still cost, and what it had to leave out: told by `coarse` and `unmarked`.

    Threads: one. Whoever compares raises Unwanted once `is_wanted` says no.
    """

    def __init__(self, is_wanted: Callable[[], bool] | None = None) -> None:
        self._is_wanted = is_wanted
        self._pairs = _PAIRS
        self._marks = _MARKS
        self.coarse = False
        """Lines were told as replaced that were not compared with each other."""
        self.unmarked = False
        """Lines were told as changed without a look at their words."""

    def check(self) -> None:
        """Raise Unwanted where nobody waits any more."""
        if self._is_wanted is not None and not self._is_wanted():
            raise Unwanted

    def may_compare(self, pairs: int) -> bool:
        """Take so many pairs of lines from what is left, and say whether it was enough."""
        if pairs > min(_MOST_PAIRS, self._pairs):
            self.coarse = True
            return False
        self._pairs -= pairs
        return True

    def may_mark(self, cost: int) -> bool:
        """Take what marking words costs from what is left, and say whether it was enough."""
        if cost > self._marks:
            self.unmarked = True
            return False
        self._marks -= cost
        return True


def equal_runs(old: Sequence[str], new: Sequence[str], effort: Effort) -> list[Run]:
    """Return the equal lines of two texts, as runs that rise on both sides and do not touch each other.

    Lines that each text has once are matched first; between those a longest common subsequence is looked for.
    """
    effort.check()
    head, tail = _ends(old, new, 0, len(old), 0, len(new))
    matches = [(at, at) for at in range(head)]
    old_at = new_at = head
    for old_to, new_to in [*_anchors(old, new, head, tail), (len(old) - tail, len(new) - tail)]:
        matches += _between(old, new, (old_at, old_to), (new_at, new_to), effort)
        if old_to < len(old) - tail:
            matches.append((old_to, new_to))
        old_at, new_at = old_to + 1, new_to + 1
    matches += [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]
    return list(_joined(matches))


def common_subsequence(old: Sequence[Hashable], new: Sequence[Hashable], effort: Effort) -> list[Match]:
    """Return a longest list of equal elements that rises in both; nothing where that costs too much.

    A row of bits for each element of `old` says at which elements of `new` the length so far rises (Hyyrö 2004).
    """
    if not old or not new or not effort.may_compare(len(old) * len(new)):
        return []
    places: dict[Hashable, int] = {}
    for at, element in enumerate(new):
        places[element] = places.get(element, 0) | 1 << at
    full = (1 << len(new)) - 1
    flat = full
    rows = []
    for at, element in enumerate(old):
        if at % _ASKED_EVERY == 0:
            effort.check()
        same = flat & places.get(element, 0)
        flat = (flat + same | flat - same) & full
        rows.append(flat)
    matches: list[Match] = []
    old_at, new_at = len(old), len(new)
    while old_at and new_at:
        bit = 1 << new_at - 1
        if rows[old_at - 1] & bit:
            new_at -= 1
            continue
        old_at -= 1
        if not old_at or rows[old_at - 1] & bit:
            new_at -= 1
            matches.append((old_at, new_at))
    return matches[::-1]


def _ends(
    old: Sequence[str], new: Sequence[str], old_from: int, old_to: int, new_from: int, new_to: int
) -> tuple[int, int]:
    """Return how many lines two parts begin and end with alike."""
    shorter = min(old_to - old_from, new_to - new_from)
    head = 0
    while head < shorter and old[old_from + head] == new[new_from + head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[old_to - 1 - tail] == new[new_to - 1 - tail]:
        tail += 1
    return head, tail


def _anchors(old: Sequence[str], new: Sequence[str], head: int, tail: int) -> list[Match]:
    """Return the lines that are once in each text, as far as their order is the same in both."""
    inner_old, inner_new = old[head : len(old) - tail], new[head : len(new) - tail]
    once_old = {line for line, count in Counter(inner_old).items() if count == 1}
    once = {line for line, count in Counter(inner_new).items() if count == 1} & once_old
    if not once:
        return []
    places = {line: head + at for at, line in enumerate(inner_new) if line in once}
    candidates = [(head + at, places[line]) for at, line in enumerate(inner_old) if line in once]
    # The longest rising list: on each pile lies what ends the lists of one length, the lowest on top.
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for number, (_, place) in enumerate(candidates):
        pile = bisect_left(tops, place)
        before.append(piles[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            piles.append(number)
        else:
            tops[pile] = place
            piles[pile] = number
    anchors: list[Match] = []
    number = piles[-1]
    while number >= 0:
        anchors.append(candidates[number])
        number = before[number]
    return anchors[::-1]


def _between(
    old: Sequence[str], new: Sequence[str], old_part: tuple[int, int], new_part: tuple[int, int], effort: Effort
) -> Iterator[Match]:
    (old_from, old_to), (new_from, new_to) = old_part, new_part
    if old_from >= old_to or new_from >= new_to:
        return
    head, tail = _ends(old, new, old_from, old_to, new_from, new_to)
    yield from ((old_from + at, new_from + at) for at in range(head))
    inner_old, inner_new = old[old_from + head : old_to - tail], new[new_from + head : new_to - tail]
    # A line that only one side has matches nothing, and is not compared with all others.
    shared = set(inner_old) & set(inner_new)
    olds = [old_from + head + at for at, line in enumerate(inner_old) if line in shared]
    news = [new_from + head + at for at, line in enumerate(inner_new) if line in shared]
    for first, second in common_subsequence([old[at] for at in olds], [new[at] for at in news], effort):
        yield olds[first], news[second]
    yield from ((old_to - at, new_to - at) for at in range(tail, 0, -1))


def _joined(matches: Sequence[Match]) -> Iterator[Run]:
    at = 0
    while at < len(matches):
        old_at, new_at = matches[at]
        count = 1
        while at + count < len(matches) and matches[at + count] == (old_at + count, new_at + count):
            count += 1
        yield old_at, new_at, count
        at += count
