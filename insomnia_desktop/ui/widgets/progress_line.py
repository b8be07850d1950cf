"""The 2 px line that lies on a hairline while something runs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.theme.active import theme

THICKNESS = 2
PIECE = 0.26  # of the width, where nobody knows how much is left
ROUND_MS = 1600


class ProgressLine(QWidget):
    """Lies on an edge of its parent and takes no mouse; moves only while it is visible and the end unknown."""

    def __init__(self, parent: QWidget, *, edge: str = "bottom") -> None:
        super().__init__(parent)
        self._host = parent
        self._edge = edge
        self._fraction: float | None = None
        self._travel = QVariantAnimation(self)
        self._travel.setStartValue(0.0)
        self._travel.setEndValue(1.0)
        self._travel.setDuration(ROUND_MS)
        self._travel.setLoopCount(-1)
        self._travel.valueChanged.connect(self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)
        self._place()

    def start(self, fraction: float | None = None) -> None:
        """Show the line; None means that nobody knows how much is left."""
        self.set_fraction(fraction)
        self.show()
        self.raise_()

    def set_fraction(self, fraction: float | None) -> None:
        """Set how much is done, 0 to 1, or None."""
        self._fraction = None if fraction is None else max(0.0, min(1.0, fraction))
        self._run_if_needed()
        self.update()

    def stop(self) -> None:
        """Hide the line."""
        self.hide()

    def fraction(self) -> float | None:
        """Return how much is done, or None."""
        return self._fraction

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to move where the end is unknown."""
        super().showEvent(event)
        self._run_if_needed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._travel.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what is done, or the travelling piece, over the hairline."""
        painter = QPainter(self)
        width = float(self.width())
        painter.fillRect(self.rect(), theme().color("hairline"))
        if self._fraction is None:
            position = self._travel.currentValue() or 0.0
            length = width * PIECE
            done = QRectF(position * (width + length) - length, 0, length, THICKNESS)
        else:
            done = QRectF(0, 0, width * self._fraction, THICKNESS)
        painter.fillRect(done, theme().color("accent"))

    def _place(self) -> None:
        top = self._host.height() - THICKNESS if self._edge == "bottom" else 0
        self.setGeometry(0, top, self._host.width(), THICKNESS)

    def _run_if_needed(self) -> None:
        if self._fraction is None and self.isVisible():
            if self._travel.state() != QVariantAnimation.State.Running:
                self._travel.start()
        else:
            self._travel.stop()
