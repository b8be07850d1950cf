"""Line breaks (LF, CRLF, CR) in a line view, that is: in bytes with one byte per code unit."""

from __future__ import annotations

import re

_BREAK = re.compile(rb"\r\n|\n|\r")


def count_breaks(view: bytes, start: int, end: int) -> int:
    """Return how many line breaks end in (start, end]; the view must hold the unit at `end` if there is one."""
    feeds = view.count(b"\n", start, end)
    if view.find(b"\r", start, end) < 0:
        return feeds
    # A CR with its LF behind the end is a break that ends later.
    return feeds + view.count(b"\r", start, end) - view.count(b"\r\n", start, min(end + 1, len(view)))


def has_break(view: bytes, start: int, end: int) -> bool:
    """Say whether a line break ends in (start, end]; the view must hold the unit at `end` if there is one."""
    if view.find(b"\n", start, end) >= 0:
        return True
    carriage = view.find(b"\r", start, end)
    return carriage >= 0 and not (carriage == end - 1 and view[end : end + 1] == b"\n")


def nth_break(view: bytes, start: int, end: int, *, number: int) -> int:
    """Return where the `number`th (from 1) line break that ends in (start, end] ends."""
    if view.find(b"\r", start, end) < 0:
        piece = view[start:end]
        return start + len(piece) - len(piece.split(b"\n", number)[-1])
    left = number
    for found in _BREAK.finditer(view, start, min(end + 1, len(view))):
        left -= 1
        if not left:
            return found.end()
    # Only a file that others made shorter since it was counted has fewer.
    return min(end, len(view))


def last_break(view: bytes, end: int) -> int:
    """Return where the last line break that ends at or before `end` ends, or -1."""
    feed = view.rfind(b"\n", 0, end)
    carriage = view.rfind(b"\r", max(feed, 0), end)
    if carriage == end - 1 and view[end : end + 1] == b"\n":
        # The position lies between a CR and its LF: inside of the break.
        carriage = view.rfind(b"\r", max(feed, 0), carriage) if carriage > 0 else -1
    return max(feed, carriage) + 1 if max(feed, carriage) >= 0 else -1


def first_break(view: bytes, start: int) -> tuple[int, int] | None:
    """Return the begin and end of the first line break at or behind `start`; None without one."""
    feed = view.find(b"\n", start)
    carriage = view.find(b"\r", start, feed if feed >= 0 else len(view))
    if carriage >= 0:
        return carriage, carriage + (2 if view[carriage + 1 : carriage + 2] == b"\n" else 1)
    return (feed, feed + 1) if feed >= 0 else None
