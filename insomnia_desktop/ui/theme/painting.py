"""The few strokes every painted control is made of: rounded frames, rings, hairlines, text centred by its capitals."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from insomnia_desktop.ui.theme.current import theme
from insomnia_desktop.ui.theme.fonts import px

RING_WIDTH = 2.0
RADIUS = 6
SMALL_RADIUS = 4
LARGE_RADIUS = 8


def text_width(font: QFont, text: str) -> float:
    """Return how wide a text is, in logical pixels."""
    return QFontMetricsF(font).horizontalAdvance(text)


def baseline(font: QFont, *, top: float, height: float) -> float:
    """Return the baseline that puts capitals and digits into the middle of a height, whatever the font's ascent."""
    return round(top + (height + QFontMetricsF(font).capHeight()) / 2)


def draw_text(
    painter: QPainter, text: str, *, x: float, top: float, height: float, font: QFont, token: str, width: float = -1
) -> float:
    """Draw one line of text, elided at its end when a width is given, and return its right edge."""
    if width >= 0:
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
    painter.setFont(font)
    painter.setPen(theme().color(token))
    painter.drawText(QPointF(x, baseline(font, top=top, height=height)), text)
    return x + text_width(font, text)


def draw_centered(painter: QPainter, text: str, *, rect: QRectF, font: QFont, token: str) -> None:
    """Draw one line of text in the middle of a rectangle."""
    x = rect.x() + (rect.width() - text_width(font, text)) / 2
    draw_text(painter, text, x=x, top=rect.y(), height=rect.height(), font=font, token=token)


def fill_rounded(painter: QPainter, rect: QRectF, color: QColor, *, radius: float = RADIUS) -> None:
    """Fill a rounded rectangle; the radius is one of 100 % zoom."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, px(radius), px(radius))


def frame_rounded(
    painter: QPainter, rect: QRectF, *, fill: str, edge: str, radius: float = RADIUS, pen: float = 1.0
) -> None:
    """Draw a rounded box with an edge of one pixel (or `pen`); an empty token leaves fill or edge out."""
    colors = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colors.color(fill) if fill else Qt.BrushStyle.NoBrush)
    if not edge:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, px(radius), px(radius))
        return
    painter.setPen(QPen(colors.color(edge), pen))
    # Inset by half of the pen: only then the edge is one sharp line.
    half = pen / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), px(radius) - half, px(radius) - half)


def ring(painter: QPainter, rect: QRectF, *, token: str = "accent", radius: float = RADIUS, fill: str = "") -> None:
    """Draw the 2 px ring of focus or error inside a rectangle, over an optional fill."""
    colors = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(colors.color(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colors.color(token), RING_WIDTH))
    half = RING_WIDTH / 2
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), px(radius) - half, px(radius) - half)


def hairline(painter: QPainter, x: float, y: float, *, length: float, upright: bool = False) -> None:
    """Draw a line of one logical pixel in `hairline`, never smoothed."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    rect = QRectF(x, y, 1, length) if upright else QRectF(x, y, length, 1)
    painter.fillRect(rect, theme().color("hairline"))


def fill_dot(painter: QPainter, center: QPointF, diameter: float, color: QColor) -> None:
    """Fill a round dot."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(center, diameter / 2, diameter / 2)
