"""The one piece in which two texts differ, found quickly in large texts."""

from __future__ import annotations

from typing import NamedTuple


class Difference(NamedTuple):
    """Characters `start` to `end` of the old text become `inserted`."""

    start: int
    end: int
    inserted: str


def difference(old: str, new: str) -> Difference:
    """Return the smallest single piece whose replacement makes `new` of `old`."""
    start = _common_prefix(old, new)
    most = min(len(old), len(new)) - start
    tail = min(most, _common_suffix(old, new, most))
    return Difference(start, len(old) - tail, new[start : len(new) - tail])


def _common_prefix(old: str, new: str) -> int:
    low, high = 0, min(len(old), len(new))
    # Comparing slices is far quicker than characters, so halve.
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_suffix(old: str, new: str, most: int) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if old[len(old) - middle : len(old) - low] == new[len(new) - middle : len(new) - low]:
            low = middle
        else:
            high = middle - 1
    return low
