"""The recovery key in nine groups of four, large enough to be written down."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import mono_font, px
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

COLUMNS = 3
LINE, PADDING = 36, 22


class RecoveryKeyView(QWidget):
    """Shows a key whose groups are joined by `-`; focused, Ctrl+C copies it. Screen readers spell it group by group."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = ""
        self._ring = FocusRing(self)
        self.setObjectName("recoveryKeyView")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_key(self, key: str) -> None:
        """Show a key; an empty one shows nothing."""
        self._key = key
        self.setAccessibleName(self.tr("Recovery key"))
        self.setAccessibleDescription(", ".join(" ".join(group) for group in self._groups()))
        self.updateGeometry()
        self.update()

    def key(self) -> str:
        """Return the key that is shown."""
        return self._key

    def sizeHint(self) -> QSize:
        """Return the room of three lines."""
        rows = max(1, -(-len(self._groups()) // COLUMNS))
        return QSize(px(512), rows * px(LINE) + 2 * px(PADDING))

    def minimumSizeHint(self) -> QSize:
        """The columns may come closer."""
        return QSize(px(260), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy on the key for it."""
        if event.matches(QKeySequence.StandardKey.Copy) and self._key:
            QGuiApplication.clipboard().setText(self._key)
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box and the groups in three columns."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        self._ring.paint_frame(painter, rect, fill="raised", radius=painting.LARGE_RADIUS)
        side = px(PADDING)
        width = (rect.width() - 2 * side) / COLUMNS
        font = mono_font(20, 500)
        for at, group in enumerate(self._groups()):
            row, column = divmod(at, COLUMNS)
            cell = QRectF(side + column * width, px(PADDING) + row * px(LINE), width, px(LINE))
            painting.draw_centered(painter, group, rect=cell, font=font, token="text")

    def _groups(self) -> list[str]:
        return [group for group in self._key.split("-") if group]
