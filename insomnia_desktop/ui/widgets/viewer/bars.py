"""Keeps the scroll bars of the viewer and its page in step."""

from __future__ import annotations

from PySide6.QtWidgets import QScrollBar

from insomnia_desktop.ui.widgets.viewer.hits import Hits
from insomnia_desktop.ui.widgets.viewer.metrics import Metrics
from insomnia_desktop.ui.widgets.viewer.page import Page
from insomnia_desktop.ui.widgets.viewer.scroll_marks import MarkedScrollBar

# Few hits are placed by their rows; many by the bytes at each pixel of the bar.
_EXACT_MARKS = 200


class PageBars:
    """Both scroll bars; `busy` while they are set, so that their signals do not scroll the page again."""

    def __init__(self, down: MarkedScrollBar, across: QScrollBar) -> None:
        """Work on these two."""
        self._down = down
        self._across = across
        self.busy = False

    def follow(self, page: Page, metrics: Metrics) -> None:
        """Show where the page is."""
        self.busy = True
        steps = page.steps()
        bottom = page.bottom()
        most = int(page.place_of(bottom) * steps)
        self._down.setRange(0, most)
        self._down.setSingleStep(max(int(steps), 1))
        self._down.setPageStep(max(int((page.body.row_count() - page.place_of(bottom)) * steps), 1))
        self._down.setValue(most if page.top == bottom else int(page.place_of(page.top) * steps))
        if page.wrap:
            page.left = 0
        # Rows are measured when they are laid out: the width grows as wider ones come to be seen.
        page.placed()
        room = max(int(page.widest + 4 * metrics.advance) - page.width, page.left)
        self._across.setRange(0, 0 if page.wrap else room)
        self._across.setSingleStep(int(4 * metrics.advance))
        self._across.setPageStep(page.width)
        self._across.setValue(page.left)
        self.busy = False

    def lead(self, page: Page) -> None:
        """Bring the page to where the bars are."""
        page.left = self._across.value()
        value = self._down.value()
        if value >= self._down.maximum():
            page.top = page.bottom()
        else:
            page.scroll_to_place(value / page.steps())

    def mark(self, page: Page, hits: Hits) -> None:
        """Mark where hits are, one mark for all that fall on the same pixel."""
        height = self._down.height()
        index = page.body.index
        rows = max(index.row_count(), 1.0)
        if len(hits) <= _EXACT_MARKS:
            rows_of_hits = (index.row_number(page.body.rows.at(hits[number][0])) for number in range(len(hits)))
            found = {int(row * height / rows) for row in rows_of_hits if row is not None}
        else:
            edges = [index.rough_position(rows * y / height) for y in range(height)]
            edges.append(page.body.rows.size + 1)
            found = {y for y in range(height) if hits.any_between(edges[y], edges[y + 1])}
        # Marks are 2 px high: the one in the last row would be cut off.
        self._down.set_marks(tuple(sorted(min(y, height - 2) for y in found)))
