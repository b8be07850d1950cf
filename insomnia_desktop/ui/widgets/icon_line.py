"""A sentence with an icon before it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.labels import Rank, WrappedLabel

ICON = 16


class Icon(QWidget):
    """An icon of a fixed size in the colour of a token."""

    def __init__(self, name: str, token: str = "dim", size: int = ICON, *, height: int | None = None) -> None:
        super().__init__()
        self._name, self._token, self._size, self._height = name, token, size, height or size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, name: str, token: str) -> None:
        """Show another icon or colour."""
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size; where a height was given, the icon stands in its middle."""
        return QSize(px(self._size), px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon."""
        y = round((self.height() - px(self._size)) / 2)
        paint_icon(QPainter(self), self._name, self._token, x=0, y=y, size=px(self._size))


class IconLine(QWidget):
    """An icon and a sentence, which may wrap: a promise, a warning, what went wrong."""

    def __init__(
        self, icon: str, text: str = "", parent: QWidget | None = None, *, token: Rank = "dim", rank: Rank = "dim"
    ) -> None:
        super().__init__(parent)
        self._icon = Icon(icon, token, height=18)
        self._label = WrappedLabel(text, rank=rank, size=12)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(px(8))
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._label, 1)
        self.setAccessibleName(text)

    def show_line(self, icon: str, text: str, *, token: Rank, rank: Rank) -> None:
        """Show another sentence, with its icon and colours."""
        self._icon.set_icon(icon, token)
        self._label.set_rank(rank)
        self.set_text(text)

    def set_gap(self, gap: int, *, beside: int = 8) -> None:
        """Leave room over the line, and between icon and sentence (px at 100 %)."""
        self._row.setContentsMargins(0, px(gap), 0, 0)
        self._row.setSpacing(px(beside))

    def set_text(self, text: str) -> None:
        """Show another sentence."""
        self._label.set_plain_text(text)
        self.setAccessibleName(text)

    def text(self) -> str:
        """Return the sentence."""
        return self._label.plain_text()
