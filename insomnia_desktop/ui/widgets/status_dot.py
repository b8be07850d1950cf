"""A coloured dot that stands before a word."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.painting import fill_dot


class StatusDot(QWidget):
    """A dot of 8 px in the colour of a token, or in one that a person chose (an environment's)."""

    def __init__(self, token: str = "faint", parent: QWidget | None = None, *, diameter: int = 8) -> None:
        super().__init__(parent)
        self._token = token
        self._chosen = QColor()
        self._diameter = diameter
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_token(self, token: str) -> None:
        """Show the colour of a token."""
        self._token = token
        self._chosen = QColor()
        self.update()

    def set_color(self, color: QColor) -> None:
        """Show a colour that is not of the theme; an invalid one falls back to the token."""
        self._chosen = color
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the dot."""
        return QSize(px(self._diameter), px(self._diameter))

    def minimumSizeHint(self) -> QSize:
        """A dot is never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dot in the middle."""
        painter = QPainter(self)
        color = self._chosen if self._chosen.isValid() else theme().color(self._token)
        fill_dot(painter, QPointF(self.width() / 2, self.height() / 2), px(self._diameter), color)
