"""What a search has found: positions and lengths in ascending order, up to a bound."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

# 12 MB of positions; who has more hits looks for something else.
MOST_HITS = 1_000_000


class Hits:
    """The hits of one search, in code units."""

    def __init__(self) -> None:
        """Begin with none."""
        self._starts = array("Q")
        self._lengths = array("L")
        self._longest = 0

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._starts)

    def __getitem__(self, number: int) -> tuple[int, int]:
        """Return begin and end of a hit."""
        return self._starts[number], self._starts[number] + self._lengths[number]

    @property
    def full(self) -> bool:
        """Say whether no more are taken."""
        return len(self._starts) >= MOST_HITS

    def add(self, start: int, length: int) -> None:
        """Take a hit that begins behind all others."""
        self._starts.append(start)
        self._lengths.append(length)
        self._longest = max(self._longest, length)

    def first_from(self, position: int) -> int | None:
        """Return the number of the first hit at or behind a position."""
        number = bisect_left(self._starts, position)
        return number if number < len(self._starts) else None

    def between(self, start: int, end: int) -> list[int]:
        """Return the numbers of the hits that touch [start, end)."""
        low = bisect_right(self._starts, start - self._longest)
        high = bisect_left(self._starts, end)
        return [number for number in range(low, high) if self._starts[number] + self._lengths[number] > start]

    def any_between(self, start: int, end: int) -> bool:
        """Say whether a hit begins in [start, end)."""
        return bisect_left(self._starts, start) < bisect_left(self._starts, end)
