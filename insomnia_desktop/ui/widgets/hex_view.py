"""The bytes of a body of any size: offset, sixteen bytes or as many as fit, ASCII."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
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
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.viewer.byte_source import ByteSource, FileSource, MemorySource
from insomnia_desktop.ui.widgets.viewer.caret import Move
from insomnia_desktop.ui.widgets.viewer.copy_menu import Entry, open_copy_menu
from insomnia_desktop.ui.widgets.viewer.hex_rows import (
    PER_ROW,
    Pane,
    ascii_text,
    byte_at,
    column_of,
    copied_hex,
    hex_columns,
    hex_text,
    offset_digits,
    per_row_in,
    row_count,
)
from insomnia_desktop.ui.widgets.viewer.keys import is_by_keyboard, move_of
from insomnia_desktop.ui.widgets.viewer.metrics import metrics
from insomnia_desktop.ui.widgets.viewer.painting import paint_focus_ring

# As digits three times as much goes to the clipboard.
HEX_COPY_LIMIT = 16 * 1024 * 1024


class HexView(QAbstractScrollArea):
    """Shows bytes and lets them be selected and copied.

    Signals:
        copy_truncated(int): only so many bytes of the selection were copied.
        content_lost(): the file became shorter or unreadable while it was shown.
    """

    copy_truncated = Signal(int)
    content_lost = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Show nothing."""
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Bytes of the body"))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._source: ByteSource = MemorySource(b"")
        self._metrics = metrics()
        self._per_row = PER_ROW
        # First and last selected byte as they were chosen; None before the first click or key.
        self._chosen: tuple[int, int] | None = None
        self._pane: Pane = "hex"
        self._keyboard_focus = False
        switch().changed.connect(self._on_theme_changed)

    def open_file(self, path: Path) -> None:
        """Show a file, which stays open until `close_file`.

        Raises KnownError `viewer.body_missing`, `viewer.body_unreadable`; what was shown then stays.
        """
        self._take(FileSource(path))

    def open_bytes(self, content: bytes) -> None:
        """Show bytes from memory."""
        self._take(MemorySource(content))

    def close_file(self) -> None:
        """Show nothing and give the file back."""
        self.open_bytes(b"")

    def selection(self) -> tuple[int, int]:
        """Return begin and end of the selected bytes; equal when there are none."""
        if self._chosen is None:
            return 0, 0
        return min(self._chosen), min(max(self._chosen) + 1, self._source.size)

    def select_all(self) -> None:
        """Select every byte."""
        if self._source.size:
            self._choose(0, self._source.size - 1)

    def copy_hex(self) -> None:
        """Copy the selected bytes as digits, at most `HEX_COPY_LIMIT` bytes."""
        content = self._selected()
        if content:
            QGuiApplication.clipboard().setText(copied_hex(content))

    def copy_text(self) -> None:
        """Copy the selected bytes as UTF-8 text, at most `HEX_COPY_LIMIT` bytes; what is no text is U+FFFD."""
        content = self._selected()
        if content:
            QGuiApplication.clipboard().setText(content.decode("utf-8", "replace"))

    def _take(self, source: ByteSource) -> None:
        self._source.close()
        self._source = source
        self._chosen = None
        self._fit()
        self.verticalScrollBar().setValue(0)

    def _selected(self) -> bytes:
        start, end = self.selection()
        if end - start > HEX_COPY_LIMIT:
            end = start + HEX_COPY_LIMIT
            self.copy_truncated.emit(HEX_COPY_LIMIT)
        return self._source.scan(start, end)

    def _choose(self, anchor: int, caret: int) -> None:
        self._chosen = (anchor, caret)
        start, end = self.selection()
        said = self.tr("Byte {0:X}: {1}").format(caret, self._source.read(caret, caret + 1).hex())
        self.setAccessibleDescription(said if end - start == 1 else self.tr("{0} bytes selected").format(end - start))
        self.viewport().update()

    def _full_rows(self) -> int:
        return max((self.viewport().height() - 2 * self._metrics.top) // self._metrics.line, 1)

    def _hex_left(self) -> float:
        return px(16) + (offset_digits(self._source.size) + 2) * self._metrics.advance

    def _text_left(self) -> float:
        return self._hex_left() + (hex_columns(self._per_row) + 2) * self._metrics.advance

    def _fit(self) -> None:
        bar, across = self.verticalScrollBar(), self.horizontalScrollBar()
        first = bar.value() * self._per_row
        room = self.viewport().width() - self._hex_left() - px(16)
        self._per_row = per_row_in(room / self._metrics.advance)
        rows, full = row_count(self._source.size, self._per_row), self._full_rows()
        bar.setRange(0, max(rows - full, 0))
        bar.setPageStep(full)
        # What stood at the top stays there when a row has other bytes.
        bar.setValue(first // self._per_row)
        wanted = int(self._text_left() + self._per_row * self._metrics.advance) + px(16)
        across.setRange(0, max(wanted - self.viewport().width(), 0))
        across.setPageStep(self.viewport().width())
        across.setSingleStep(int(4 * self._metrics.advance))
        self.viewport().update()

    def _byte_at(self, event: QMouseEvent, pane: Pane | None) -> tuple[int, Pane]:
        """Return the byte at a point, and in which pane; a drag stays in the pane it began in."""
        x = event.position().x() + self.horizontalScrollBar().value()
        found: Pane = pane or ("text" if x >= self._text_left() - self._metrics.advance else "hex")
        left = self._text_left() if found == "text" else self._hex_left()
        line = int((event.position().y() - self._metrics.top) // self._metrics.line)
        row = min(max(self.verticalScrollBar().value() + line, 0), row_count(self._source.size, self._per_row) - 1)
        byte = row * self._per_row + byte_at((x - left) / self._metrics.advance, found, self._per_row)
        return min(byte, max(self._source.size - 1, 0)), found

    def _paint_row(self, painter: QPainter, row: int, y: float) -> None:
        start = row * self._per_row
        content = self._source.read(start, start + self._per_row)
        first, last = self.selection()
        for place in range(max(first - start, 0), min(last - start, len(content))):
            joined = place + 1 < min(last - start, len(content))
            self._paint_ground(painter, place, y, joined=joined)
        base = y + self._metrics.text_top + self._metrics.ascent
        colours = theme()
        painter.setPen(colours.color("gutter"))
        painter.drawText(QPointF(px(16), base), f"{start:0{offset_digits(self._source.size)}x}")
        painter.setPen(colours.color("text"))
        painter.drawText(QPointF(self._hex_left(), base), hex_text(content))
        in_selection = first < start + len(content) and last > start
        painter.setPen(colours.color("text" if in_selection else "dim"))
        painter.drawText(QPointF(self._text_left(), base), ascii_text(content))

    def _paint_ground(self, painter: QPainter, place: int, y: float, *, joined: bool) -> None:
        colour, advance, line = theme().color("textsel"), self._metrics.advance, self._metrics.line
        left = column_of(place)
        right = column_of(place + 1) if joined else left + 2
        painter.fillRect(QRectF(self._hex_left() + left * advance, y, (right - left) * advance, line), colour)
        painter.fillRect(QRectF(self._text_left() + place * advance, y, advance, line), colour)

    def _show(self, byte: int) -> None:
        bar, row = self.verticalScrollBar(), byte // self._per_row
        if row < bar.value():
            bar.setValue(row)
        elif row >= bar.value() + self._full_rows():
            bar.setValue(row - self._full_rows() + 1)

    def _on_theme_changed(self) -> None:
        self._metrics = metrics()
        self._fit()

    def _on_lost(self) -> None:
        if isinstance(self._source, FileSource):
            self._source.accept_loss()
            self._chosen = None
            self._fit()
            self.content_lost.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows on the screen."""
        area = self.viewport()
        painter = QPainter(area)
        painter.fillRect(area.rect(), theme().color("window"))
        painter.setFont(self._metrics.font)
        painter.translate(-self.horizontalScrollBar().value(), 0)
        y = self._metrics.top
        for row in range(self.verticalScrollBar().value(), row_count(self._source.size, self._per_row)):
            if y >= area.height():
                break
            self._paint_row(painter, row, y)
            y += self._metrics.line
        painter.resetTransform()
        if self._keyboard_focus and self.hasFocus():
            paint_focus_ring(painter, area.width(), area.height())
        painter.end()
        if self._source.lost:
            # Scroll bars must not change within a paint event.
            QTimer.singleShot(0, self, self._on_lost)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the scroll bars to the new size."""
        self._fit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint anew where the bars are."""
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by bytes, rows and pages, select, copy."""
        move = move_of(event)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_hex()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif move is not None and self._source.size:
            self._move(move[0], keep_anchor=move[1])
        else:
            event.ignore()

    def _move(self, move: Move, *, keep_anchor: bool) -> None:
        anchor, caret = self._chosen or (0, 0)
        per_row = self._per_row
        page = self._full_rows() * per_row
        within = caret % per_row
        steps = {
            Move.LEFT: -1,
            Move.RIGHT: 1,
            Move.WORD_LEFT: -4,
            Move.WORD_RIGHT: 4,
            Move.UP: -per_row,
            Move.DOWN: per_row,
            Move.PAGE_UP: -page,
            Move.PAGE_DOWN: page,
            Move.LINE_START: -within,
            Move.LINE_END: per_row - 1 - within,
            Move.START: -caret,
            Move.END: self._source.size,
        }
        target = min(max(caret + steps[move], 0), self._source.size - 1)
        self._choose(anchor if keep_anchor else target, target)
        self._show(target)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a byte; with Shift select up to it."""
        self._keyboard_focus = False
        if event.button() == Qt.MouseButton.LeftButton and self._source.size:
            byte, self._pane = self._byte_at(event, None)
            extend = event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._chosen is not None
            self._choose(self._chosen[0] if extend and self._chosen else byte, byte)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select on while the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton and self._chosen is not None:
            byte, _ = self._byte_at(event, self._pane)
            self._choose(self._chosen[0], byte)
            self._show(byte)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End selecting; the event ends here."""
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy and to select."""
        start, end = self.selection()
        standard = QKeySequence.StandardKey
        copy = Entry(self.tr("Copy as hex"), self.copy_hex, standard.Copy, end > start)
        text = Entry(self.tr("Copy as text"), self.copy_text, enabled=end > start)
        everything = Entry(self.tr("Select all"), self.select_all, standard.SelectAll)
        open_copy_menu(self, event.globalPos(), (copy, text, everything))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard brought the focus."""
        self._keyboard_focus = is_by_keyboard(event.reason())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        self.viewport().update()
