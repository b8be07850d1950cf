"""Three versions of a text merged line by line (diff3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# Beyond this many differing lines the middle of two texts counts as one change, so that a merge takes milliseconds.
MOST_DIFFERENCES = 200


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines `start` to `end` of the base stand as `lines_start` to `lines_end` in the other text."""

    start: int
    end: int
    lines_start: int
    lines_end: int


@dataclass(frozen=True, slots=True)
class MergedText:
    """The merged text, and whether both sides changed the same lines in different ways (mine then stand)."""

    text: str
    conflicting: bool


def merge_text(base: str, mine: str, theirs: str) -> MergedText:
    """Merge two texts by lines; a change next to a change of the other side is one with it."""
    lines, my_lines, their_lines = base.split("\n"), mine.split("\n"), theirs.split("\n")
    my_hunks, their_hunks = changes(lines, my_lines), changes(lines, their_lines)
    merged: list[str] = []
    conflicting = False
    position = mine_shift = theirs_shift = 0
    while my_hunks or their_hunks:
        my_part, their_part = _touching(my_hunks, their_hunks)
        start = min(hunk.start for hunk in my_part + their_part)
        end = max(hunk.end for hunk in my_part + their_part)
        merged += lines[position:start]
        new_mine_shift = my_part[-1].lines_end - my_part[-1].end if my_part else mine_shift
        new_theirs_shift = their_part[-1].lines_end - their_part[-1].end if their_part else theirs_shift
        my_version = my_lines[start + mine_shift : end + new_mine_shift]
        their_version = their_lines[start + theirs_shift : end + new_theirs_shift]
        merged += my_version if my_part else their_version
        conflicting = conflicting or (bool(my_part and their_part) and my_version != their_version)
        position, mine_shift, theirs_shift = end, new_mine_shift, new_theirs_shift
        my_hunks, their_hunks = my_hunks[len(my_part) :], their_hunks[len(their_part) :]
    return MergedText("\n".join(merged + lines[position:]), conflicting)


def changes(base: Sequence[str], other: Sequence[str]) -> list[Hunk]:
    """Return what differs, in order, with at least one equal line between two hunks."""
    front = 0
    shorter = min(len(base), len(other))
    while front < shorter and base[front] == other[front]:
        front += 1
    back = 0
    while back < shorter - front and base[-1 - back] == other[-1 - back]:
        back += 1
    old, new = base[front : len(base) - back], other[front : len(other) - back]
    hunks: list[Hunk] = []
    old_end = new_end = 0
    for old_at, new_at in [*_matches(old, new), (len(old), len(new))]:
        if (old_at, new_at) != (old_end, new_end):
            hunks.append(Hunk(front + old_end, front + old_at, front + new_end, front + new_at))
        old_end, new_end = old_at + 1, new_at + 1
    return hunks


def _touching(my_hunks: list[Hunk], their_hunks: list[Hunk]) -> tuple[list[Hunk], list[Hunk]]:
    """Return the first hunks of both sides that overlap or touch each other, as far as that goes on."""
    counts = [0, 0]
    sides = (my_hunks, their_hunks)
    end = min(hunks[0].start for hunks in sides if hunks)
    found = True
    while found:
        found = False
        for side, hunks in enumerate(sides):
            while counts[side] < len(hunks) and hunks[counts[side]].start <= end:
                end = max(end, hunks[counts[side]].end)
                counts[side] += 1
                found = True
    return my_hunks[: counts[0]], their_hunks[: counts[1]]


def _matches(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs of equal lines, rising in both: a longest such list (Myers 1986, O(ND)), or none where that is long.

    Row `d` of the trace holds, for each diagonal, how far into `old` d insertions and removals lead.
    """
    furthest = {1: 0}
    trace: list[dict[int, int]] = []
    for differences in range(min(len(old) + len(new), MOST_DIFFERENCES) + 1):
        trace.append(dict(furthest))
        for diagonal in range(-differences, differences + 1, 2):
            down = _is_insertion(furthest, diagonal, differences)
            at = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while at < len(old) and at - diagonal < len(new) and old[at] == new[at - diagonal]:
                at += 1
            furthest[diagonal] = at
            if at >= len(old) and at - diagonal >= len(new):
                return _walk_back(trace, len(old), len(new))
    return []


def _is_insertion(furthest: dict[int, int], diagonal: int, differences: int) -> bool:
    if diagonal in (-differences, differences):
        return diagonal == -differences
    return furthest[diagonal - 1] < furthest[diagonal + 1]


def _walk_back(trace: list[dict[int, int]], old_length: int, new_length: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    old_at, new_at = old_length, new_length
    for differences in range(len(trace) - 1, -1, -1):
        furthest = trace[differences]
        diagonal = old_at - new_at
        came_from = diagonal + 1 if _is_insertion(furthest, diagonal, differences) else diagonal - 1
        old_before = furthest[came_from]
        new_before = old_before - came_from
        while old_at > max(old_before, 0) and new_at > max(new_before, 0):
            old_at, new_at = old_at - 1, new_at - 1
            pairs.append((old_at, new_at))
        old_at, new_at = old_before, new_before
    return pairs[::-1]
