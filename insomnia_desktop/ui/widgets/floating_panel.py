"""A rounded panel that floats over the window with a soft shadow painted once."""

from __future__ import annotations

from math import erfc, sqrt

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHideEvent,
    QLinearGradient,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QRadialGradient,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px

SHADOW_DOWN = 10
SHADOW_WIDTH = 36
STOPS = 24


class FloatingPanel(QWidget):
    """A child of the window with its own ground, edge and shadow; the shadow is a sibling that takes no mouse."""

    def __init__(self, parent: QWidget, *, radius: int = 12, fill: str = "window") -> None:
        super().__init__(parent)
        self._radius = radius
        self._fill = fill
        self._shadow = _Shadow(parent, radius)
        self.hide()

    def lift(self) -> None:
        """Put shadow and panel over all siblings."""
        self._shadow.raise_()
        self.raise_()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the shadow with the panel."""
        super().showEvent(event)
        self._shadow.surround(self.geometry())
        self._shadow.show()
        self.lift()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hide the shadow with the panel."""
        super().hideEvent(event)
        self._shadow.hide()

    def moveEvent(self, event: QMoveEvent) -> None:
        """Take the shadow along."""
        super().moveEvent(event)
        self._shadow.surround(self.geometry())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the shadow fit."""
        super().resizeEvent(event)
        self._shadow.surround(self.geometry())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground and edge."""
        rect = QRectF(self.rect())
        painting.frame_rounded(QPainter(self), rect, fill=self._fill, edge="border", radius=self._radius)


class _Shadow(QWidget):
    """The shadow: a blurred rounded rectangle, kept as a pixmap until size, theme or screen change."""

    def __init__(self, parent: QWidget, radius: int) -> None:
        super().__init__(parent)
        self._radius = radius
        self._kept: tuple[object, QPixmap] | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def surround(self, panel: QRect) -> None:
        """Lie around a panel."""
        reach, down = px(SHADOW_WIDTH), px(SHADOW_DOWN)
        self.setGeometry(panel.adjusted(-reach, -reach + down, reach, reach + down))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the kept picture."""
        ratio = self.devicePixelRatioF()
        key = (self.size(), ratio, theme().name)
        if self._kept is None or self._kept[0] != key:
            self._kept = (key, self._made(ratio))
        QPainter(self).drawPixmap(0, 0, self._kept[1])

    def _made(self, ratio: float) -> QPixmap:
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        # The blur reaches as far in as out: corners are quarter circles around points that far inside.
        corner = min(2.0 * px(SHADOW_WIDTH), whole.width() / 2, whole.height() / 2)
        inner = whole.adjusted(corner, corner, -corner, -corner)
        _fill(painter, inner, theme().color("shadow"))
        for center, area in _corners(whole, inner):
            gradient = QRadialGradient(center, corner)
            _set_stops(gradient, corner)
            painter.fillRect(area, QBrush(gradient))
        for start, end, area in _edges(whole, inner):
            line = QLinearGradient(start, end)
            _set_stops(line, corner)
            painter.fillRect(area, QBrush(line))
        painter.end()
        return pixmap


def _fill(painter: QPainter, rect: QRectF, color: QColor) -> None:
    if rect.isValid():
        painter.fillRect(rect, color)


def _set_stops(gradient: QRadialGradient | QLinearGradient, length: float) -> None:
    """Fall off like a Gaussian blur whose edge lies `SHADOW_WIDTH` before the end."""
    sigma = px(SHADOW_WIDTH) / 2.2
    deepest = theme().color("shadow")
    for step in range(STOPS + 1):
        position = step / STOPS
        beyond = position * length - (length - px(SHADOW_WIDTH))
        faded = QColor(deepest)
        share = 0.5 * erfc(beyond / (sigma * sqrt(2))) if step < STOPS else 0.0
        faded.setAlphaF(deepest.alphaF() * share)
        gradient.setColorAt(position, faded)


def _corners(whole: QRectF, inner: QRectF) -> list[tuple[QPointF, QRectF]]:
    return [
        (inner.topLeft(), QRectF(whole.topLeft(), inner.topLeft())),
        (inner.topRight(), QRectF(inner.right(), whole.top(), whole.right() - inner.right(), inner.top())),
        (inner.bottomLeft(), QRectF(whole.left(), inner.bottom(), inner.left(), whole.bottom() - inner.bottom())),
        (inner.bottomRight(), QRectF(inner.bottomRight(), whole.bottomRight())),
    ]


def _edges(whole: QRectF, inner: QRectF) -> list[tuple[QPointF, QPointF, QRectF]]:
    width, height = inner.width(), inner.height()
    below, right = whole.bottom() - inner.bottom(), whole.right() - inner.right()
    return [
        (QPointF(0, inner.top()), QPointF(0, 0), QRectF(inner.left(), 0, width, inner.top())),
        (QPointF(0, inner.bottom()), QPointF(0, whole.bottom()), QRectF(inner.left(), inner.bottom(), width, below)),
        (QPointF(inner.left(), 0), QPointF(0, 0), QRectF(0, inner.top(), inner.left(), height)),
        (QPointF(inner.right(), 0), QPointF(whole.right(), 0), QRectF(inner.right(), inner.top(), right, height)),
    ]
