"""Which line and row stands where: counts per block of 64 K code units, made step by step.

1 GB takes 16,384 blocks of two numbers; a place inside of a block is found by looking into the block.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right

from insomnia_desktop.ui.widgets.viewer.breaks import count_breaks, has_break, nth_break
from insomnia_desktop.ui.widgets.viewer.rows import GRID, Row, Rows
from insomnia_desktop.ui.widgets.viewer.text_encoding import CUT_REACH

BLOCK = 64 * 1024
_BLOCKS_A_STEP = 8
# Before anything is counted, a line is guessed to be this long.
_GUESSED_ROW = 32


class LineIndex:
    """Counts the rows of a body block by block; what lies in counted blocks is known exactly, the rest is estimated.

    Lines and rows are counted from 0.
    """

    def __init__(self, rows: Rows) -> None:
        """Begin with nothing counted."""
        self._rows = rows
        # Of every counted block: the row begins and line breaks before it; one more entry holds the sums.
        self._rows_before = array("Q", [0])
        self._lines_before = array("Q", [0])
        # The line of every cut, ascending: what makes the number of a row differ from that of its line.
        self._cut_lines = array("Q")
        self.indexed_to = 0
        self.done = rows.size == 0

    def step(self) -> bool:
        """Count some more blocks (about 0.5 ms); True when the body is counted wholly."""
        for _ in range(_BLOCKS_A_STEP):
            if self.done:
                break
            self._count_block()
        return self.done

    def _count_block(self) -> None:
        start = self.indexed_to
        end = min(start + BLOCK, self._rows.size)
        view = self._rows.scan_view(start, end + 1)
        lines = count_breaks(view, 0, min(end - start, len(view)))
        cuts = 0
        narrow = self._rows.encoding.kind in ("utf8", "single")
        line, counted = self._lines_before[-1], 0
        for cell in range(0, end - start, GRID):
            if has_break(view, cell, cell + GRID):
                continue
            grid = cell + GRID
            before = view[grid - CUT_REACH : grid + 1] if narrow else b""
            if self._rows.cut_place(start + grid, before) is not None:
                line, counted = line + count_breaks(view, counted, cell), cell
                cuts += 1
                self._cut_lines.append(line)
        self._rows_before.append(self._rows_before[-1] + lines + cuts)
        self._lines_before.append(self._lines_before[-1] + lines)
        self.indexed_to = end
        self.done = end >= self._rows.size

    def row_count(self) -> float:
        """Return how many rows there are; an estimate from what is counted until `done`."""
        return self._whole(self._rows_before[-1])

    def line_count(self) -> float:
        """Return how many lines there are; an estimate until `done`."""
        return self._whole(self._lines_before[-1])

    def row_number(self, row: Row) -> int | None:
        """Return the number of a row; None where nothing is counted yet."""
        if row.start <= self._rows.first:
            return 0
        block = (row.start - 1) // BLOCK
        if not self._knows(block):
            return None
        view, base = self._block_view(block)
        number = self._rows_before[block]
        for cell in range(0, (row.start - 1 - base) // GRID * GRID, GRID):
            number += self._cell_rows(view, base, cell)
        if row.continued:
            return number + 1
        return number + count_breaks(view, (row.start - 1 - base) // GRID * GRID, row.start - base)

    def line_number(self, row: Row) -> int | None:
        """Return the number of the line that a row belongs to; None where nothing is counted yet."""
        if row.start <= self._rows.first:
            return 0
        block = (row.start - 1) // BLOCK
        if not self._knows(block):
            return None
        view, base = self._block_view(block)
        return self._lines_before[block] + count_breaks(view, 0, row.start - base)

    def row_start(self, number: int) -> int | None:
        """Return where a row begins; None when it is not counted yet or does not exist."""
        if number <= 0:
            return self._rows.first
        if number > self._rows_before[-1]:
            return None
        block = bisect_left(self._rows_before, number) - 1
        left = number - self._rows_before[block]
        view, base = self._block_view(block)
        for cell in range(0, BLOCK, GRID):
            count = self._cell_rows(view, base, cell)
            if left <= count:
                if has_break(view, cell, cell + GRID):
                    return base + nth_break(view, cell, cell + GRID, number=left)
                return self._rows.cut_place(base + cell + GRID)
            left -= count
        return None

    def line_start(self, number: int) -> int | None:
        """Return where a line begins; None when it is not counted yet or does not exist."""
        if number <= 0:
            return self._rows.first
        if number > self._lines_before[-1]:
            return None
        block = bisect_left(self._lines_before, number) - 1
        left = number - self._lines_before[block]
        view, base = self._block_view(block)
        for cell in range(0, BLOCK, GRID):
            count = count_breaks(view, cell, cell + GRID)
            if left <= count:
                return base + nth_break(view, cell, cell + GRID, number=left)
            left -= count
        return None

    def rows_before_line(self, number: int) -> int:
        """Return how many rows stand before a line, which must be counted already."""
        return number + bisect_left(self._cut_lines, number)

    def estimated_row(self, position: int) -> float:
        """Return about which row begins at a position that is not counted yet."""
        return self._rows_before[-1] + (position - self.indexed_to) * self._rows_per_unit()

    def estimated_position(self, row: float) -> int:
        """Return about where a row begins that is not counted yet."""
        return self.indexed_to + int((row - self._rows_before[-1]) / self._rows_per_unit())

    def rough_position(self, row: float) -> int:
        """Return about where a row begins: its block exactly, the place within by its share; cheap, for marks."""
        if row > self._rows_before[-1]:
            return self.estimated_position(row)
        block = max(bisect_right(self._rows_before, int(row)) - 1, 0)
        if block >= len(self._rows_before) - 1:
            return self.indexed_to
        inside = self._rows_before[block + 1] - self._rows_before[block]
        share = (row - self._rows_before[block]) / inside if inside else 0.0
        start = block * BLOCK
        return start + int(min(share, 1.0) * (min(start + BLOCK, self._rows.size) - start))

    def _knows(self, block: int) -> bool:
        return block < len(self._rows_before) - 1

    def _whole(self, counted: int) -> float:
        if self.done:
            return counted + 1
        per_unit = counted / self.indexed_to if counted and self.indexed_to else 1 / _GUESSED_ROW
        return counted + 1 + (self._rows.size - self.indexed_to) * per_unit

    def _rows_per_unit(self) -> float:
        counted = self._rows_before[-1]
        return counted / self.indexed_to if counted and self.indexed_to else 1 / _GUESSED_ROW

    def _block_view(self, block: int) -> tuple[bytes, int]:
        base = block * BLOCK
        return self._rows.view(base, base + BLOCK + 1), base

    def _cell_rows(self, view: bytes, base: int, cell: int) -> int:
        breaks = count_breaks(view, cell, cell + GRID)
        if breaks:
            return breaks
        return 0 if self._rows.cut_place(base + cell + GRID) is None else 1
