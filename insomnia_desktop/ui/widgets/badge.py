"""The small round count beside a word."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, tabular, ui_font

HEIGHT = 16
PADDING = 5


def badge_font() -> QFont:
    """Return the font of counts."""
    return tabular(ui_font(11, 500))


def badge_width(text: str) -> int:
    """Return how wide a badge with a text is."""
    return max(px(HEIGHT), round(painting.text_width(badge_font(), text)) + 2 * px(PADDING))


def paint_badge(painter: QPainter, text: str, *, x: float, middle: float, fill: str, token: str) -> float:
    """Draw a badge with its left edge at `x` around a middle line, and return its right edge."""
    rect = QRectF(x, round(middle - px(HEIGHT) / 2), badge_width(text), px(HEIGHT))
    painting.fill_rounded(painter, rect, theme().color(fill), radius=HEIGHT / 2)
    painting.draw_centered(painter, text, rect=rect, font=badge_font(), token=token)
    return rect.right()


class Badge(QLabel):
    """A count as a widget; `warning` marks one that asks for something."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, warning: bool = False) -> None:
        super().__init__(text, parent)
        self._warning = warning
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the badge."""
        return QSize(badge_width(self.text()), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """A badge is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the badge."""
        fill, token = ("warning_tint", "warning") if self._warning else ("pressed", "text")
        painter = QPainter(self)
        paint_badge(painter, self.text(), x=0, middle=self.height() / 2, fill=fill, token=token)
