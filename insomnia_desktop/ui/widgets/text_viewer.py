"""The read-only viewer of bodies of any size: reads, lays out and colours only what is on the screen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.viewer.bars import PageBars
from insomnia_desktop.ui.widgets.viewer.byte_source import ByteSource, FileSource, MemorySource
from insomnia_desktop.ui.widgets.viewer.caret import Caret
from insomnia_desktop.ui.widgets.viewer.copy_menu import Entry, open_copy_menu
from insomnia_desktop.ui.widgets.viewer.copying import COPY_LIMIT, text_to_copy
from insomnia_desktop.ui.widgets.viewer.keys import is_by_keyboard, move_of
from insomnia_desktop.ui.widgets.viewer.metrics import metrics
from insomnia_desktop.ui.widgets.viewer.opening import open_body
from insomnia_desktop.ui.widgets.viewer.page import Page
from insomnia_desktop.ui.widgets.viewer.painting import (
    Marked,
    PagePainter,
    cursor_at,
    fold_at,
    gutter_of,
    paint_focus_ring,
)
from insomnia_desktop.ui.widgets.viewer.pointer import Pointer
from insomnia_desktop.ui.widgets.viewer.row_layout import RowLayouts
from insomnia_desktop.ui.widgets.viewer.scroll_marks import MarkedScrollBar
from insomnia_desktop.ui.widgets.viewer.search_run import SearchRun
from insomnia_desktop.ui.widgets.viewer.slices import Slices
from insomnia_desktop.ui.widgets.viewer.wheel import Wheel

# A body of a few MB is counted wholly before its first frame, so that nothing moves afterwards.
_FIRST_SLICE_S = 0.004
_REFIT_MS = 50


class TextViewer(QAbstractScrollArea):
    """Shows a text from a file or from memory; positions are code units of its charset.

    Signals:
        search_progress(int, int, int): number of the current hit (from 1, 0 for none yet), hits found so far,
            per cent searched; at most twenty a second.
        search_failed(str): why a pattern cannot be used, as a sentence.
        search_limited(int): the search stopped at so many hits.
        copy_truncated(int): only so many bytes of the selection were copied.
        content_lost(): the file became shorter or unreadable while it was shown; what is left is shown.
    """

    search_progress = Signal(int, int, int)
    search_failed = Signal(str)
    search_limited = Signal(int)
    copy_truncated = Signal(int)
    content_lost = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show an empty text."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Text of the body"))
        self.viewport().setMouseTracking(True)
        self._down = MarkedScrollBar(self)
        self.setVerticalScrollBar(self._down)
        self._bars = PageBars(self._down, self.horizontalScrollBar())
        self._metrics = metrics()
        self._slices = Slices(self)
        self._search = SearchRun(self, self._slices)
        self._wrap = False
        self._keyboard_focus = False
        self._wheel = Wheel()
        self._wanted_line: int | None = None
        self._charset = "utf-8"
        self._settled = False
        self._since_fit = QElapsedTimer()
        self._since_fit.start()
        self._body = open_body(MemorySource(b""), language="text", charset="utf-8")
        self._show_body()
        self._pointer = Pointer(self, page=lambda: self._page, caret=lambda: self._caret)
        # What a paint event finds out (a wider row, a file cut short) must not change scroll bars within it.
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._on_settle)
        self._pointer.moved.connect(self._fit)
        self._slices.sliced.connect(self._on_sliced)
        self._search.progressed.connect(self.search_progress)
        self._search.failed.connect(self.search_failed)
        self._search.limited.connect(self.search_limited)
        self._search.reached.connect(self._reveal)
        self._search.progressed.connect(self._on_search_progressed)
        switch().changed.connect(self._on_theme_changed)

    def open_file(self, path: Path, *, language: str = "text", charset: str = "utf-8") -> None:
        """Show a file; `language` is one of `ui.syntax.LANGUAGES`, a byte order mark wins over `charset`.

        The file stays open until `close_file` or the next body. Raises KnownError `viewer.body_missing`,
        `viewer.body_unreadable`; the viewer then shows what it showed before.
        """
        self._take(FileSource(path), language=language, charset=charset)

    def open_text(self, text: str, *, language: str = "text") -> None:
        """Show a text from memory."""
        self._take(MemorySource(text.encode("utf-8", "surrogatepass")), language=language, charset="utf-8")

    def close_file(self) -> None:
        """Show nothing and give the file back; on Windows it cannot be deleted before."""
        self.open_text("")

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines at the edge, or let them run out of sight."""
        if wrap != self._wrap:
            self._wrap = wrap
            self._lay_out_anew()

    def go_to_line(self, number: int) -> None:
        """Show a line (from 1), the last one when there are fewer, and put the caret there.

        In a very large body that was just opened it happens as soon as the lines up to there are counted.
        """
        self._wanted_line = max(number, 1) - 1
        self._go_to_wanted_line()

    def fold_all(self) -> None:
        """Fold everything that folds; nothing while the body is still being counted."""
        if self.is_counted():
            self._body.folded.close_all()
            self._after_fold()

    def unfold_all(self) -> None:
        """Unfold everything."""
        self._body.folded.open_all()
        self._after_fold()

    def find_text(self, text: str, *, case: bool = False, regex: bool = False) -> None:
        """Search from the caret, or from the top of the screen, on; an empty text ends the search."""
        if not text:
            self._search.stop()
            return
        origin = self._caret.selection[0] if self._caret.shown else self._page.top.shown.row.start
        self._search.start(self._body, text, case=case, regex=regex, origin=origin)

    def find_next(self) -> None:
        """Go to the next hit, from the last one to the first."""
        self._search.move(forward=True)

    def find_previous(self) -> None:
        """Go to the previous hit, from the first one to the last."""
        self._search.move(forward=False)

    def is_counted(self) -> bool:
        """Say whether all lines and folds are known; before that, places and numbers far below are estimates."""
        return self._body.index.done and self._body.folds.done

    def has_selection(self) -> bool:
        """Say whether anything is selected."""
        start, end = self._caret.selection
        return start < end

    def select_all(self) -> None:
        """Select the whole body; the screen stays where it is."""
        self._caret.select(self._body.rows.first, self._body.rows.size)
        self.viewport().update()

    def copy(self) -> None:
        """Copy what is selected, at most `COPY_LIMIT` bytes of it."""
        if self.has_selection():
            text, truncated = text_to_copy(self._body, self._caret.selection)
            QGuiApplication.clipboard().setText(text)
            if truncated:
                self.copy_truncated.emit(COPY_LIMIT)

    def _take(self, source: ByteSource, *, language: str, charset: str) -> None:
        self._body.source.close()
        self._charset = charset
        self._body = open_body(source, language=language, charset=charset)
        self._show_body()

    def _show_body(self) -> None:
        """Begin at the top of the body."""
        self._search.stop()
        self._caret = Caret(self._body.rows.first)
        self._wanted_line = None
        self._slices.clear()
        self._slices.add(self._body.index.step)
        self._slices.run(_FIRST_SLICE_S)
        self._slices.add(self._body.folds.step)
        self._slices.run(_FIRST_SLICE_S / 2)
        self._layouts = RowLayouts(self._body.rows, self._body.language, self._metrics)
        self._page = Page(self._body, self._layouts, self._metrics)
        self._page.wrap = self._wrap
        self._fit()

    def _lay_out_anew(self) -> None:
        """Lay out the same body at the same place, after another font, colour or wrapping."""
        before = self._page
        self._layouts = RowLayouts(self._body.rows, self._body.language, self._metrics)
        self._page = Page(self._body, self._layouts, self._metrics)
        self._page.wrap = self._wrap
        self._page.left = 0 if self._wrap else before.left
        self._fit()
        self._page.scroll_to(before.top.shown, 0)
        self._fit()

    def _after_fold(self) -> None:
        self._page.refit()
        self._fit()

    def _fit(self) -> None:
        """Bring page and scroll bars to the present size of viewport, gutter and body."""
        code_start = gutter_of(self._body, self._metrics).code_start
        width, height = max(self.viewport().width() - code_start, 1), max(self.viewport().height(), 1)
        if (width, height) != (self._page.width, self._page.height):
            self._page.resize(width, height)
        self._bars.follow(self._page, self._metrics)
        self.viewport().update()

    def _go_to_wanted_line(self) -> None:
        if self._wanted_line is None:
            return
        start = self._body.index.line_start(self._wanted_line)
        if start is None and not self._body.index.done:
            return
        self._wanted_line = None
        if start is None:
            start, _ = self._body.line_bounds(self._body.last())
        self._reveal((start, start))

    def _reveal(self, span: tuple[int, int]) -> None:
        """Put the caret at the begin of a span, unfold what hides it, and show it."""
        start, end = span
        line = self._body.index.line_number(self._body.rows.at(start))
        if line is not None and self._body.folded.reveal(line):
            self._page.refit()
        self._caret.set(start)
        self._show_caret(end)

    def _show_caret(self, until: int | None = None) -> None:
        shown, text = self._page.reveal_position(self._caret.position, until)
        self._fit()
        # A screen reader reads the line of the caret; a row of a minified body would be thousands of letters.
        said = text.drawn[:500]
        described = said if shown.line is None else self.tr("Line {0}: {1}").format(shown.line + 1, said)
        self.setAccessibleDescription(described)

    def _on_sliced(self) -> None:
        settled = self.is_counted()
        # While a search runs alone nothing of the page changes; while lines are counted 20 frames a second do.
        if self._body.source.lost or (settled and not self._settled) or self._since_fit.hasExpired(_REFIT_MS):
            self._settled = settled
            self._on_settle()

    def _on_settle(self) -> None:
        """Take up what changed: the index grew, a wider row was seen, or the file became shorter."""
        source = self._body.source
        if source.lost and isinstance(source, FileSource):
            source.accept_loss()
            self._body = open_body(source, language=self._body.language, charset=self._charset)
            self._show_body()
            self.content_lost.emit()
            return
        self._since_fit.restart()
        self._go_to_wanted_line()
        self._fit()

    def _on_search_progressed(self) -> None:
        self._down.set_room(self._search.active)
        self._bars.mark(self._page, self._search.hits)
        self.viewport().update()

    def _on_theme_changed(self) -> None:
        self._metrics = metrics()
        self._lay_out_anew()

    def _code_point(self, event: QMouseEvent) -> QPoint:
        point = event.position().toPoint()
        return point - QPoint(gutter_of(self._body, self._metrics).code_start, 0)

    def event(self, event: QEvent) -> bool:
        """Keep Copy and Select all from the shortcuts of the window while the focus is here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            standard = QKeySequence.StandardKey
            if event.matches(standard.Copy) or event.matches(standard.SelectAll) or move_of(event) is not None:
                event.accept()
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is on the screen."""
        area = self.viewport()
        painter = QPainter(area)
        marked = Marked(
            selection=self._caret.selection,
            caret=self._caret.position if self._caret.shown else None,
            caret_visible=self.hasFocus() and not self.has_selection(),
            hits=self._search.hits,
            current_hit=self._search.current,
        )
        widest = self._page.widest
        gutter = gutter_of(self._body, self._metrics)
        PagePainter(painter, self._page, self._metrics, gutter=gutter, marked=marked).paint(area.width(), area.height())
        if self._keyboard_focus and self.hasFocus():
            paint_focus_ring(painter, area.width(), area.height())
        painter.end()
        if self._page.widest > widest or self._body.source.lost:
            self._settle.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page into the new size."""
        self._fit()
        self._bars.mark(self._page, self._search.hits)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Follow the scroll bars."""
        if not self._bars.busy:
            self._bars.lead(self._page)
            self._settle.start()
            self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll down or across."""
        event.setAccepted(self._wheel.scroll(event, self._page, self.horizontalScrollBar()))
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the caret, select, copy."""
        move = move_of(event)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif move is not None:
            self._caret.move(self._page, move[0], keep_anchor=move[1])
            self._show_caret()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to select, or fold at an arrow."""
        self._keyboard_focus = False
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        gutter = gutter_of(self._body, self._metrics)
        point = event.position()
        line = fold_at(self._page, self._metrics, gutter, x=point.x(), y=point.y())
        if line is not None and self._body.index.done:
            self._body.folded.toggle(line)
            self._after_fold()
            return
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._pointer.press(self._code_point(event), extend=extend, whole_line=point.x() < gutter.number_end)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.double_press(self._code_point(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select on, or show by the pointer what can be done here."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._pointer.drag(self._code_point(event))
            return
        gutter, point = gutter_of(self._body, self._metrics), event.position()
        self.viewport().setCursor(cursor_at(self._page, self._metrics, gutter, x=point.x(), y=point.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End selecting."""
        self._pointer.release()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer Copy and Select all."""
        standard = QKeySequence.StandardKey
        copy = Entry(self.tr("Copy"), self.copy, standard.Copy, self.has_selection())
        everything = Entry(self.tr("Select all"), self.select_all, standard.SelectAll)
        open_copy_menu(self, event.globalPos(), (copy, everything))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard brought the focus."""
        self._keyboard_focus = is_by_keyboard(event.reason())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide caret and ring."""
        self.viewport().update()
