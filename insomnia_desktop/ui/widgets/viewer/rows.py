"""Rows of a body: its lines, very long ones cut into pieces, found at any place without reading what is before.

A line is cut on a grid of the file, not of the line: at a multiple of `GRID` code units, moved back to the begin
of a character, when no line break ended in the `GRID` units before it. So one look of a few KB tells where the
rows around any position begin, also in the middle of a line of 1 GB. A row is shorter than 2 * `GRID` + 64 units.
"""

from __future__ import annotations

from typing import NamedTuple

from insomnia_desktop.ui.widgets.viewer.breaks import first_break, has_break, last_break
from insomnia_desktop.ui.widgets.viewer.byte_source import ByteSource
from insomnia_desktop.ui.widgets.viewer.text_encoding import CUT_REACH, MULTI_REACH, TextEncoding

GRID = 2048


class Row(NamedTuple):
    """A line or a piece of one, in code units: its text from `start` to `text_end`, then the line break to `end`.

    `continued`: it begins with a cut, not with a line.
    """

    start: int
    text_end: int
    end: int
    continued: bool


class Rows:
    """Finds rows by position; reads a few KB through the cache of the source for each answer."""

    def __init__(self, source: ByteSource, encoding: TextEncoding) -> None:
        """Work on a source; `first` is where the text begins, behind a byte order mark."""
        self.source = source
        self.encoding = encoding
        self.size = source.size // encoding.unit
        self.first = min(encoding.bom, self.size)

    def at(self, position: int) -> Row:
        """Return the row that holds a position; the last one for the end of the body."""
        position = min(max(position, self.first), self.size)
        start = self._line_start_near(position)
        grid = (position + CUT_REACH) // GRID * GRID
        while grid > 0 and (start is None or grid - GRID >= start):
            cut = self.cut(grid)
            if cut is not None and cut <= position:
                if start is None or cut > start:
                    return self._row(cut, continued=True)
                break
            grid -= GRID
        return self._row(self.first if start is None else start, continued=False)

    def after(self, row: Row) -> Row | None:
        """Return the next row, None behind the last one."""
        if row.end > row.text_end:
            return self._row(row.end, continued=False)
        return self._row(row.end, continued=True) if row.end < self.size else None

    def before(self, row: Row) -> Row | None:
        """Return the row before, None for the first one."""
        return self.at(row.start - 1) if row.start > self.first else None

    def last(self) -> Row:
        """Return the last row: an empty one when the body ends with a line break."""
        return self.at(self.size)

    def content(self, row: Row) -> bytes:
        """Return the bytes of a row without its line break."""
        unit = self.encoding.unit
        return self.source.read(row.start * unit, row.text_end * unit)

    def view(self, start: int, end: int) -> bytes:
        """Return the line view of a range through the cache."""
        unit = self.encoding.unit
        return self.encoding.line_view(self.source.read(start * unit, end * unit))

    def scan_view(self, start: int, end: int) -> bytes:
        """Return the line view of a range past the cache."""
        unit = self.encoding.unit
        return self.encoding.line_view(self.source.scan(start * unit, end * unit))

    def cut(self, grid: int) -> int | None:
        """Return the cut that belongs to a grid position, None where the line is not cut."""
        if grid - GRID < self.first or grid >= self.size:
            return None
        view = self.view(grid - GRID, grid + 1)
        return None if has_break(view, 0, GRID) else self.cut_place(grid)

    def cut_place(self, grid: int, before: bytes = b"") -> int | None:
        """Return where a line is cut that has run for `GRID` units up to a grid position.

        `before` may bring the 64 units before it and the one at it, in a charset of single bytes or UTF-8.
        """
        if grid - GRID < self.first or grid >= self.size:
            return None
        unit = self.encoding.unit
        reach = min(MULTI_REACH, GRID) if self.encoding.kind == "multi" else CUT_REACH
        around = before if len(before) == reach + 1 else self.source.read((grid - reach) * unit, (grid + 1) * unit)
        # A line that ends exactly here needs no row for its line break alone.
        if self.encoding.line_view(around[reach * unit :]) in (b"\n", b"\r"):
            return None
        return grid - self.encoding.cut_before(around[: reach * unit])

    def _line_start_near(self, position: int) -> int | None:
        """Return where the line of a position begins; None when that is more than three grids before."""
        low = max(self.first, position - 3 * GRID)
        ended = last_break(self.view(low, position + 1), position - low)
        if ended >= 0:
            return low + ended
        return low if low == self.first else None

    def _row(self, start: int, *, continued: bool) -> Row:
        grid = -(-(start + GRID) // GRID) * GRID
        view = self.view(start, grid + 2)
        found = first_break(view, 0)
        if found is not None and start + found[0] <= grid:
            return Row(start, start + found[0], start + found[1], continued)
        cut = self.cut_place(grid)
        end = self.size if cut is None else cut
        return Row(start, end, end, continued)
