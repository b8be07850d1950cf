"""The editor of one cell of a key/value table."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMoveEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.widgets.template_line_edit import TemplateLineEdit

_RING_RADIUS = 4
# What QLineEdit itself leaves beside its text.
_INNER_MARGIN = 2
_TIP_HEIGHT = 28
_TIP_PADDING = 8


class Walk(Enum):
    """Where a key takes the editing."""

    NEXT = "next"
    PREVIOUS = "previous"
    DOWN = "down"
    REVERT = "revert"


class CellEditor(TemplateLineEdit):
    """A line edit on the ground of a row, in the 2 px ring, with what is wrong with its text in a tip under it.

    Signals:
        walked(Walk): Tab, Shift+Tab, Enter or Escape was pressed and no list of suggestions took it.
    """

    walked = Signal(Walk)

    def __init__(self, parent: QWidget, *, padding: int, is_plain: bool = False) -> None:
        super().__init__(parent)
        self._is_plain = is_plain
        self._note = ""
        self._table = parent
        self._tip: _NoteTip | None = None
        self.original = ""
        self.setTextMargins(padding - _INNER_MARGIN, 4, px(4), 4)
        if is_plain:
            self.setFont(ui_font(13))

    def set_note(self, note: str) -> None:
        """Show what is wrong with the text, or nothing."""
        if note != self._note:
            self._note = note
            self.setToolTip(note)
            self.setAccessibleDescription(note)
            self._place_note()
            self.update()

    def note(self) -> str:
        """Return what is said to be wrong."""
        return self._note

    def refresh(self) -> None:
        """Follow theme and zoom; a description keeps the font of the window."""
        super().refresh()
        if getattr(self, "_is_plain", False):
            self.setFont(ui_font(13))

    def event(self, event: QEvent) -> bool:
        """Take Tab before Qt moves the focus with it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Tab: Walk.NEXT, Qt.Key.Key_Backtab: Walk.PREVIOUS}.get(Qt.Key(event.key()))
            if step is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                if not self.take_key(event):
                    self.walked.emit(step)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter go down and Escape take back, after the list of suggestions."""
        if self.take_key(event):
            return
        key = event.key()
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and is_plain:
            self.walked.emit(Walk.DOWN)
        elif key == Qt.Key.Key_Escape:
            self.walked.emit(Walk.REVERT)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the note beside the cell."""
        super().resizeEvent(event)
        self._place_note()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Keep the note beside the cell."""
        super().moveEvent(event)
        self._place_note()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the note away with the editor."""
        super().hideEvent(event)
        if self._tip is not None:
            self._tip.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and ring under the text."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("raised"))
        token = "danger" if self._note else "accent"
        painting.ring(painter, QRectF(self.rect()), token=token, radius=_RING_RADIUS)
        painter.end()
        super().paintEvent(event)

    def _place_note(self) -> None:
        """Put the tip under the cell, or over it where the table ends; the text itself keeps all of its room."""
        if not self._note:
            if self._tip is not None:
                self._tip.hide()
            return
        if self._tip is None:
            self._tip = _NoteTip(self._table)
            self.destroyed.connect(self._tip.deleteLater)
        self._tip.show_note(self._note, self.geometry())


class _NoteTip(QWidget):
    """One sentence in `danger` on a floating ground, over the rows of the table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = parent
        self._note = ""
        self.setObjectName("cellNote")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_note(self, note: str, cell: QRect) -> None:
        self._note = note
        width = round(painting.text_width(ui_font(12), note)) + 2 * px(_TIP_PADDING) + 1
        height = px(_TIP_HEIGHT)
        room = self._table.rect()
        y = cell.bottom() + 1 + px(2)
        if y + height > room.bottom():
            y = cell.top() - px(2) - height
        self.setGeometry(max(0, min(cell.left(), room.width() - width)), y, min(width, room.width()), height)
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.frame_rounded(painter, QRectF(self.rect()), fill="floating", edge="border", radius=_RING_RADIUS)
        painting.draw_text(
            painter,
            self._note,
            x=px(_TIP_PADDING),
            top=0,
            height=self.height(),
            font=ui_font(12),
            token="danger",
            width=self.width() - 2 * px(_TIP_PADDING) + 1,
        )
