"""A splitter whose handle is a hairline, yet easy to grab."""

from __future__ import annotations

from PySide6.QtCore import QMargins, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from insomnia_desktop.ui.theme.active import theme

GRAB = 4  # px beside the line on either side that also take the mouse


class _HairlineHandle(QSplitterHandle):
    """One pixel to the eye, nine to the mouse."""

    def __init__(self, orientation: Qt.Orientation, parent: HairlineSplitter) -> None:
        super().__init__(orientation, parent)
        self._splitter = parent
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAttribute(Qt.WidgetAttribute.WA_MouseNoMask)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reach over the neighbours for the mouse, but show only the line."""
        # Not QSplitterHandle's own: it sets margins of 2, which resizes again, without end.
        beside = self.orientation() == Qt.Orientation.Horizontal
        margins = QMargins(GRAB, 0, GRAB, 0) if beside else QMargins(0, GRAB, 0, GRAB)
        if self.contentsMargins() != margins:
            self.setContentsMargins(margins)
        self.setMask(QRegion(self.contentsRect()))
        QWidget.resizeEvent(self, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line, in the accent while the pointer could drag it."""
        token = "accent" if self.underMouse() else "hairline"
        QPainter(self).fillRect(self.contentsRect(), theme().color(token))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the first sizes again."""
        self._splitter.reset_requested.emit(self._splitter.indexOf(self))
        event.accept()


class HairlineSplitter(QSplitter):
    """Panes side by side or one under the other, divided by hairlines.

    Signals:
        reset_requested: the handle at an index was double-clicked; the owner sets its first sizes.
    """

    reset_requested = Signal(int)

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:
        """Make our own handle."""
        return _HairlineHandle(self.orientation(), self)
