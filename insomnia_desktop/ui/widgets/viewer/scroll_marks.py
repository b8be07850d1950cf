"""The scroll bar of the viewer, with the places of hits marked at its edge."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider, QWidget

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px


class MarkedScrollBar(QScrollBar):
    """A vertical scroll bar that draws small lines where hits are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without marks."""
        super().__init__(Qt.Orientation.Vertical, parent)
        self._marks: tuple[int, ...] = ()
        self._room = False

    def set_marks(self, marks: tuple[int, ...]) -> None:
        """Show marks at these heights, in pixels from the top of the bar."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def marks(self) -> tuple[int, ...]:
        """Return the heights of the marks."""
        return self._marks

    def set_room(self, room: bool) -> None:
        """Keep room for marks beside the handle; set it when a search begins, so that nothing moves at a hit."""
        if room != self._room:
            self._room = room
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """Be 4 wider with room for marks."""
        return QSize(px(16) if self._room else px(12), super().sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the handle and the marks on the ground of the viewer."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("window"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.maximum() > self.minimum():
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            control = QStyle.ComplexControl.CC_ScrollBar
            slider = self.style().subControlRect(control, option, QStyle.SubControl.SC_ScrollBarSlider, self)
            gap = px(6) if self._room else px(3)
            handle = QRectF(self.width() - gap - px(6), slider.top() + 2, px(6), slider.height() - 4)
            painter.setBrush(theme().color("scroll"))
            painter.drawRoundedRect(handle, px(3), px(3))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for y in self._marks:
            painter.fillRect(self.width() - px(4), y, px(4), 2, theme().color("dot_warning"))
        painter.end()
