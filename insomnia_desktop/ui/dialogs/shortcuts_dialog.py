"""The list of keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import PrimaryButton
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.widgets.labels import Label

ROW = 28


class ShortcutsDialog(PlainDialog):
    """Shows every action that has keys, in two columns."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keyboard shortcuts"), parent, width=720)
        self.setObjectName("shortcutsDialog")
        grid = QGridLayout()
        grid.setVerticalSpacing(0)
        half = (len(rows) + 1) // 2
        for at, (words, keys) in enumerate(rows):
            row, side = at % half, 3 * (at // half)
            grid.setRowMinimumHeight(row, px(ROW))
            grid.addWidget(Label(words, rank="dim"), row, side)
            caps = KeycapRow(keys)
            caps.setAccessibleName(f"{words}: {keys}")
            grid.addWidget(caps, row, side + 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(2, px(40))
        grid.setColumnStretch(3, 1)
        self.column.addLayout(grid)
        done = PrimaryButton(self.tr("Done"))
        done.setDefault(True)
        done.clicked.connect(self.accept)
        self.add_button(done)
