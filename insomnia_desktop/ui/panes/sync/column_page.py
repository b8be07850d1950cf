"""A page that scrolls, with two columns beside each other, or under each other where there is little room."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from insomnia_desktop.ui.panes.sync.sync_rows import Ground
from insomnia_desktop.ui.theme.fonts import px

LEAST_FOR_TWO = 760
COLUMN_GAP, SECTION_GAP = 40, 24


class ColumnPage(QScrollArea):
    """`left` and `right` are the columns; `right` may stay empty."""

    def __init__(self, *, two: bool = True) -> None:
        super().__init__()
        self._two = two
        self.left, self._left_part = _column()
        self.right, self._right_part = _column()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.addWidget(self._left_part, 1, Qt.AlignmentFlag.AlignTop)
        if two:
            self._columns.addWidget(self._right_part, 1, Qt.AlignmentFlag.AlignTop)
        inner = Ground()
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(px(16), px(16), px(16), px(16))
        outer.addLayout(self._columns)
        outer.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setBackgroundRole(QPalette.ColorRole.NoRole)
        self.setWidget(inner)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the right column under the left one where there is no room beside it."""
        super().resizeEvent(event)
        beside = self.width() >= px(LEAST_FOR_TWO)
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self._columns.setSpacing(px(COLUMN_GAP if beside else SECTION_GAP))


def _column() -> tuple[QVBoxLayout, QWidget]:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column, part
