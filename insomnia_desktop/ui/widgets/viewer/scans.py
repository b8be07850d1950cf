"""Passes over a body that look for a text or a pattern, step by step.

A plain text is looked for in the bytes wherever the charset allows it; else in decoded pieces. A pattern is tried
on each line alone.
"""

from __future__ import annotations

import re
from typing import Protocol

from insomnia_desktop.ui.widgets.viewer.breaks import last_break
from insomnia_desktop.ui.widgets.viewer.hits import Hits
from insomnia_desktop.ui.widgets.viewer.rows import Rows

_BYTES_PIECE = 512 * 1024
_TEXT_PIECE = 64 * 1024
# A step over a text full of hits stays as short as one over a text without any.
_HITS_A_STEP = 1000
# A longer line is tried in pieces that overlap: the time of a bad pattern grows with the square of the length.
LONGEST_LINE = 8 * 1024
# A match longer than this may be missed where two pieces of a long line meet.
OVERLAP = 512


class Scan(Protocol):
    """A search under way."""

    @property
    def position(self) -> int:
        """Return up to where the body was read, in code units."""
        ...

    def step(self) -> bool:
        """Read one piece on (about 1 ms); True when the whole body was read or the hits are full."""
        ...


class LineMatcher(Protocol):
    """A compiled pattern."""

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return begin and end of each match in one line, in characters, none empty.

        Raises KnownError `viewer.pattern_too_slow` when the pattern takes too long for this line.
        """
        ...

    def lines_worth_trying(self, text: str) -> list[int] | None:
        """Return a position in each line of a text of many lines that may match; None: try all."""
        ...


def plain_scan(rows: Rows, hits: Hits, *, text: str, case: bool) -> Scan:
    """Return the search for a text; without `case` letters match in either case, ASCII ones byte by byte."""
    encoding = rows.encoding
    needle = encoding.encode(text)
    if needle is None:
        return _NothingToFind(rows)
    if encoding.kind in ("utf8", "single") and not case and text.isascii():
        return ByteScan(rows, hits, needle=needle.lower(), fold=True)
    if encoding.kind != "multi" and (case or not _has_case(text)):
        return ByteScan(rows, hits, needle=needle, fold=False)
    return TextScan(rows, hits, text=text, case=case)


class ByteScan:
    """Looks for bytes; with `fold` for ASCII letters in either case."""

    def __init__(self, rows: Rows, hits: Hits, *, needle: bytes, fold: bool) -> None:
        """Begin at the first unit; the needle is lower case already when `fold`."""
        self._rows = rows
        self._hits = hits
        self._needle = needle
        self._fold = fold
        self._next = rows.first * rows.encoding.unit

    @property
    def position(self) -> int:
        """Return up to where the body was read, in code units."""
        return self._next // self._rows.encoding.unit

    def step(self) -> bool:
        """Read one piece on."""
        size, unit = self._rows.size * self._rows.encoding.unit, self._rows.encoding.unit
        start = self._next
        end = min(start + max(_BYTES_PIECE, 4 * len(self._needle)), size)
        content = self._rows.source.scan(start, end)
        if self._fold:
            content = content.lower()
        length = len(self._needle)
        place = content.find(self._needle)
        behind = 0
        room = len(self._hits) + _HITS_A_STEP
        while place >= 0 and not self._hits.full:
            if len(self._hits) >= room:
                self._next = start + behind
                return False
            if (start + place) % unit:
                # In a wide charset the bytes of two neighbours can look like the text.
                place = content.find(self._needle, place + 1)
                continue
            self._hits.add((start + place) // unit, length // unit)
            behind = place + length
            place = content.find(self._needle, behind)
        # The needle may begin in the last bytes of this piece; what was found is not found again.
        self._next = end if end >= size else start + max(len(content) - length + unit, behind)
        return end >= size or self._hits.full or len(content) < end - start


class TextScan:
    """Looks for a text in decoded pieces, for what bytes do not tell: case beyond ASCII, double-byte charsets."""

    def __init__(self, rows: Rows, hits: Hits, *, text: str, case: bool) -> None:
        """Begin at the first unit."""
        self._rows = rows
        self._hits = hits
        self._length = len(text)
        self._pattern = re.compile(re.escape(text), 0 if case else re.IGNORECASE)
        self._next = rows.first

    @property
    def position(self) -> int:
        """Return up to where the body was read, in code units."""
        return self._next

    def step(self) -> bool:
        """Read one piece on."""
        rows, unit = self._rows, self._rows.encoding.unit
        start = self._next
        end = min(start + max(_TEXT_PIECE, 16 * self._length), rows.size)
        content = rows.source.scan(start * unit, end * unit)
        if end < rows.size:
            content = content[: len(content) - rows.encoding.cut_before(content) * unit]
        text = rows.encoding.decode(content)
        places = _Places(rows, content, text)
        behind = 0
        room = len(self._hits) + _HITS_A_STEP
        for found in self._pattern.finditer(text):
            if self._hits.full:
                break
            if len(self._hits) >= room:
                self._next = start + places.unit(behind)
                return False
            behind = found.end()
            first = places.unit(found.start())
            self._hits.add(start + first, places.unit(found.end()) - first)
        last = end >= rows.size or not text or self._hits.full
        kept = max(len(text) - self._length + 1, behind, 1)
        self._next = rows.size if end >= rows.size else start + places.unit(min(kept, len(text)))
        return last


class PatternScan:
    """Tries a compiled pattern on every line."""

    def __init__(self, rows: Rows, hits: Hits, matcher: LineMatcher) -> None:
        """Begin at the first unit."""
        self._rows = rows
        self._hits = hits
        self._matcher = matcher
        self._next = rows.first

    @property
    def position(self) -> int:
        """Return up to where the body was read, in code units."""
        return self._next

    def step(self) -> bool:
        """Try the lines of one piece; raises KnownError `viewer.pattern_too_slow`."""
        rows, unit = self._rows, self._rows.encoding.unit
        start = self._next
        end = min(start + LONGEST_LINE, rows.size)
        content = rows.source.scan(start * unit, end * unit)
        if end < rows.size:
            content, cut_line = self._whole_lines(content, start)
        else:
            cut_line = False
        text = rows.encoding.decode(content)
        places = _Places(rows, content, text)
        # What begins near the end of a piece of a long line is left to the next piece.
        until = len(text) - OVERLAP if cut_line else len(text)
        behind = 0
        for first, last in self._lines_to_try(text):
            for begin, finish in self._matcher.find(text[first:last]):
                if self._hits.full:
                    return True
                if first + begin < until:
                    unit_start = places.unit(first + begin)
                    behind = first + finish
                    self._hits.add(start + unit_start, places.unit(behind) - unit_start)
        read = len(content) // unit if not cut_line else places.unit(max(until, behind))
        self._next = start + read
        return end >= rows.size or not content

    def _whole_lines(self, content: bytes, start: int) -> tuple[bytes, bool]:
        """Return the content up to its last line break, or, if it has none, up to a whole character and True."""
        encoding = self._rows.encoding
        peek = self._rows.source.read(
            (start + LONGEST_LINE) * encoding.unit, (start + LONGEST_LINE + 1) * encoding.unit
        )
        ended = last_break(encoding.line_view(content + peek), len(content) // encoding.unit)
        if ended > 0:
            return content[: ended * encoding.unit], False
        return content[: len(content) - encoding.cut_before(content) * encoding.unit], True

    def _lines_to_try(self, text: str) -> list[tuple[int, int]]:
        worth = self._matcher.lines_worth_trying(text)
        if worth is None:
            return _line_spans(text)
        spans: list[tuple[int, int]] = []
        behind = -1
        for place in worth:
            if place > behind:
                first = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
                feed = _LINE_END.search(text, place)
                behind = len(text) if feed is None else feed.start()
                spans.append((first, behind))
        return spans


class _Places:
    """Code units of ascending characters of a piece, counted on from the last one asked for."""

    def __init__(self, rows: Rows, content: bytes, text: str) -> None:
        self._encoding = rows.encoding
        self._text = text
        self._starts = rows.encoding.starts(content, text) if rows.encoding.kind == "multi" else None
        self._character = 0
        self._unit = 0

    def unit(self, character: int) -> int:
        """Return the unit of a character, counted from the begin of the piece."""
        if self._starts is not None:
            return self._starts[character]
        self._unit += self._encoding.units_of(self._text[self._character : character])
        self._character = character
        return self._unit


class _NothingToFind:
    """The search for a text that the charset cannot write: over at once."""

    def __init__(self, rows: Rows) -> None:
        self.position = rows.size

    def step(self) -> bool:
        """Be done."""
        return True


_LINE_END = re.compile("[\r\n]")


def _line_spans(text: str) -> list[tuple[int, int]]:
    spans = []
    first = 0
    for found in _LINE_END.finditer(text):
        spans.append((first, found.start()))
        first = found.end()
    spans.append((first, len(text)))
    return spans


def _has_case(text: str) -> bool:
    return text.lower() != text.upper() or re.search(r"[\u0130\u0131\u017f\u212a]", text) is not None
