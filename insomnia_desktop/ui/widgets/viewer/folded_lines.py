"""The lines that folds hide at the moment, and how many."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import NamedTuple

from insomnia_desktop.ui.widgets.viewer.fold_index import FoldIndex
from insomnia_desktop.ui.widgets.viewer.line_index import LineIndex


class Hidden(NamedTuple):
    """Lines `first` to `last` (both hidden), folded into the line before `first`."""

    first: int
    last: int


class FoldedLines:
    """Keeps which folds are closed; both indexes must be done before the first one is closed."""

    def __init__(self, index: LineIndex, folds: FoldIndex) -> None:
        """Begin with everything open."""
        self._index = index
        self._folds = folds
        self._closed: set[int] = set()
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._rows_until: list[int] = [0]

    def __bool__(self) -> bool:
        """Say whether anything is hidden."""
        return bool(self._firsts)

    def is_closed(self, line: int) -> bool:
        """Say whether the fold that begins in a line is closed."""
        return line in self._closed

    def toggle(self, line: int) -> bool:
        """Close or open the fold that begins in a line; False when there is none."""
        if self._folds.last_line(line) is None:
            return False
        self._closed.symmetric_difference_update((line,))
        self._rebuild()
        return True

    def close_all(self) -> None:
        """Close every fold."""
        self._closed = set(self._folds.first_lines())
        self._rebuild()

    def open_all(self) -> None:
        """Open every fold."""
        self._closed.clear()
        self._rebuild()

    def reveal(self, line: int) -> bool:
        """Open all folds that hide a line; True when there were any."""
        opened = False
        while (hidden := self.hidden_at(line)) is not None:
            self._closed.discard(hidden.first - 1)
            self._rebuild()
            opened = True
        return opened

    def hidden_at(self, line: int) -> Hidden | None:
        """Return the hidden lines that hold a line, None for a line that shows."""
        place = bisect_right(self._firsts, line) - 1
        if place >= 0 and line <= self._lasts[place]:
            return Hidden(self._firsts[place], self._lasts[place])
        return None

    def rows_hidden_before(self, line: int) -> int:
        """Return how many rows are hidden before a line that shows."""
        return self._rows_until[bisect_left(self._firsts, line)]

    def rows_hidden(self) -> int:
        """Return how many rows are hidden at all."""
        return self._rows_until[-1]

    def full_row(self, visible_row: int) -> int:
        """Return the row (counted with the hidden ones) of a row counted without them."""
        low, high = 0, len(self._firsts)
        while low < high:
            middle = (low + high) // 2
            shown_before = self._index.rows_before_line(self._firsts[middle]) - self._rows_until[middle]
            if shown_before <= visible_row:
                low = middle + 1
            else:
                high = middle
        return visible_row + self._rows_until[low]

    def _rebuild(self) -> None:
        self._firsts, self._lasts = [], []
        shown_from = 0
        for line in sorted(self._closed):
            last = self._folds.last_line(line)
            if line < shown_from or last is None:
                # It lies inside of a closed fold; it stays closed when that one is opened.
                continue
            self._firsts.append(line + 1)
            self._lasts.append(last - 1)
            shown_from = last
        counts = (
            self._index.rows_before_line(last + 1) - self._index.rows_before_line(first)
            for first, last in zip(self._firsts, self._lasts, strict=True)
        )
        self._rows_until = list(accumulate(counts, initial=0))
