"""Selecting with the mouse: by characters, words or lines, and scrolling while the pointer is outside."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, QTimer, Signal
from PySide6.QtWidgets import QApplication

from insomnia_desktop.ui.widgets.viewer.caret import Caret
from insomnia_desktop.ui.widgets.viewer.page import Page

_AUTOSCROLL_MS = 40


class Grain(Enum):
    """What a drag selects at least."""

    CHARACTER = 1
    WORD = 2
    LINE = 3


class Pointer(QObject):
    """Turns presses and moves into a selection.

    Signals:
        moved: caret or selection changed, or the page was scrolled.
    """

    moved = Signal()

    def __init__(self, parent: QObject, *, page: Callable[[], Page], caret: Callable[[], Caret]) -> None:
        """`page` and `caret` give those of the body that is open now."""
        super().__init__(parent)
        self._page = page
        self._caret = caret
        self._grain = Grain.CHARACTER
        self._origin = (0, 0)
        self._point = QPoint()
        self._dragging = False
        self._since_double = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_AUTOSCROLL_MS)
        self._timer.timeout.connect(self._on_timeout)

    def press(self, point: QPoint, *, extend: bool, whole_line: bool) -> None:
        """Begin to select at a point (from the begin of code); the third click in a row takes the line."""
        position = self._page().hit(point.x(), point.y())
        third = self._since_double.isValid() and self._since_double.elapsed() < QApplication.doubleClickInterval()
        near = (point - self._point).manhattanLength() < QApplication.startDragDistance()
        self._since_double.invalidate()
        self._begin(point)
        if whole_line or (third and near):
            self._start(Grain.LINE, position)
        elif extend:
            self._grain = Grain.CHARACTER
            self._origin = (self._caret().anchor, self._caret().anchor)
            self._caret().set(position, keep_anchor=True)
        else:
            self._grain = Grain.CHARACTER
            self._origin = (position, position)
            self._caret().set(position)
        self.moved.emit()

    def double_press(self, point: QPoint) -> None:
        """Select the word at a point."""
        self._since_double.start()
        self._begin(point)
        self._start(Grain.WORD, self._page().hit(point.x(), point.y()))
        self.moved.emit()

    def drag(self, point: QPoint) -> None:
        """Select up to a point while the button is down."""
        if not self._dragging:
            return
        self._point = QPoint(point)
        page = self._page()
        outside = point.y() < 0 or point.y() > page.height or point.x() < 0 or point.x() > page.width
        if outside and not self._timer.isActive():
            self._timer.start()
        elif not outside:
            self._timer.stop()
        self._extend()

    def release(self) -> None:
        """End selecting."""
        self._dragging = False
        self._timer.stop()

    def _begin(self, point: QPoint) -> None:
        self._dragging = True
        self._point = QPoint(point)

    def _start(self, grain: Grain, position: int) -> None:
        self._grain = grain
        self._origin = self._span(position)
        self._caret().select(*self._origin)

    def _span(self, position: int) -> tuple[int, int]:
        page = self._page()
        shown = page.body.at(position)
        if self._grain is Grain.WORD:
            start, end = page.layout(shown).text.word_at(max(position - shown.row.start, 0))
            return shown.row.start + start, shown.row.start + end
        if self._grain is Grain.LINE:
            return page.body.line_bounds(shown)
        return position, position

    def _extend(self) -> None:
        page, caret = self._page(), self._caret()
        position = page.hit(self._point.x(), min(max(self._point.y(), 0), page.height))
        start, end = self._span(position)
        if start >= self._origin[0]:
            caret.select(self._origin[0], max(end, self._origin[1]))
        else:
            caret.select(self._origin[1], start)
        self.moved.emit()

    def _on_timeout(self) -> None:
        page = self._page()
        above, below = -self._point.y(), self._point.y() - page.height
        if above > 0:
            page.scroll_lines(-1 - above // 20)
        elif below > 0:
            page.scroll_lines(1 + below // 20)
        if not page.wrap:
            beyond = self._point.x() - page.width
            if beyond > 0:
                page.left = min(page.left + beyond, max(int(page.widest) - page.width, page.left))
            elif self._point.x() < 0:
                page.left = max(page.left + self._point.x(), 0)
        self._extend()
