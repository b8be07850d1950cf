"""The quiet page of a request that has no response yet: the keys worth knowing."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.widgets.labels import Label

_ROW = 32
_WIDTH = 280


class EmptyPage(QWidget):
    """A small table of shortcuts in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("responseEmptyPage")
        rows = (
            (self.tr("Send"), "Ctrl+Enter"),
            (self.tr("Address"), "Ctrl+L"),
            (self.tr("Environments"), "Ctrl+E"),
            (self.tr("Cookies"), "Ctrl+Shift+K"),
        )
        table = QWidget()
        table.setFixedWidth(px(_WIDTH))
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.setColumnStretch(0, 1)
        for number, (words, keys) in enumerate(rows):
            grid.addWidget(Label(words, rank="dim"), number, 0)
            grid.addWidget(KeycapRow(keys), number, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.setRowMinimumHeight(number, px(_ROW))
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(table, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
