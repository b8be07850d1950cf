"""A row of the list at the left of a dialog."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

HEIGHT = 30


class SideRow(QAbstractButton):
    """Words over the ground of a chosen or hovered row; put into a QButtonGroup, arrow keys walk from row to row."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ring = FocusRing(self)
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of a row."""
        return QSize(px(160), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """A row gives way in its width."""
        return QSize(px(64), px(HEIGHT))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, ring, what stands beside the words, and the words."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painting.fill_rounded(painter, rect, theme().color("sel" if self.isChecked() else "hover"))
        self._ring.paint(painter, rect)
        left, right = self._paint_sides(painter, rect)
        painting.draw_text(
            painter,
            self.text(),
            x=left,
            top=0,
            height=rect.height(),
            font=ui_font(13, 500 if self.isChecked() else 400),
            token="text",
            width=max(0.0, right - left),
        )

    def _paint_sides(self, painter: QPainter, rect: QRectF) -> tuple[float, float]:
        """Draw what stands before and behind the words; return where these may begin and end."""
        return rect.left() + px(8), rect.right() - px(8)
