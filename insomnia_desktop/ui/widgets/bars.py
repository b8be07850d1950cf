"""The ground of a column, and the rows with a hairline that stand first, second and last in it."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px

GAP = 8


class Surface(QWidget):
    """A plain area with the ground of a token: a column, a page, a list."""

    def __init__(self, token: str = "window", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color(self._token))


class Bar(QWidget):
    """A row of a fixed height (48 or 40); the hairline is its last or first pixel.

    Texts start 16 from the left; where the first thing is a button or a tab, which pad 8 themselves, pass `left=8`.
    """

    def __init__(
        self,
        height: int,
        parent: QWidget | None = None,
        *,
        hairline: Literal["bottom", "top", "none"] = "bottom",
        left: int = 16,
        right: int = 8,
    ) -> None:
        super().__init__(parent)
        self._height = height
        self._hairline = hairline
        self._sides = (left, right)
        self._gap = GAP
        self._row = QHBoxLayout(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._measure()

    def add(self, widget: QWidget, *, stretch: int = 0) -> None:
        """Put a control at the end of the row, in the middle of its height."""
        vertical = widget.sizePolicy().verticalPolicy()
        keeps_height = vertical in (QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        centered = Qt.AlignmentFlag.AlignVCenter if keeps_height and not stretch else Qt.AlignmentFlag(0)
        self._row.addWidget(widget, stretch, centered)

    def add_space(self, width: int) -> None:
        """Add a gap (px at 100 %) to the row."""
        self._row.addSpacing(px(width))

    def add_stretch(self) -> None:
        """Push what follows to the right."""
        self._row.addStretch(1)

    def set_spacing(self, gap: int) -> None:
        """Change the gap between controls."""
        self._gap = gap
        self._row.setSpacing(px(gap))

    def sizeHint(self) -> QSize:
        """Return the row's width at the fixed height."""
        return QSize(super().sizeHint().width(), px(self._height))

    def minimumSizeHint(self) -> QSize:
        """Return the least width of the controls at the fixed height."""
        return QSize(super().minimumSizeHint().width(), px(self._height))

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when theme or zoom changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the hairline."""
        if self._hairline != "none":
            y = self.height() - 1 if self._hairline == "bottom" else 0
            painting.hairline(QPainter(self), 0, y, length=self.width())

    def _measure(self) -> None:
        left, right = self._sides
        # The hairline is the last or first pixel of the row, not beside it: controls stand in the middle of all of it.
        self._row.setContentsMargins(px(left), 0, px(right), 0)
        self._row.setSpacing(px(self._gap))
