"""The list of keyboard shortcuts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from insomnia_desktop.ui.dialogs.plain_dialog import EDGE, PlainDialog
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.bars import Surface
from insomnia_desktop.ui.widgets.buttons import PrimaryButton
from insomnia_desktop.ui.widgets.keycap import KeycapRow
from insomnia_desktop.ui.widgets.labels import Label

ROW = 28
_AROUND = 160  # heading, buttons and padding of the dialog


class ShortcutsDialog(PlainDialog):
    """Shows every action that has keys, in two columns; what the window has no room for can be scrolled to."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keyboard shortcuts"), parent, width=720)
        self.setObjectName("shortcutsDialog")
        inner = Surface("window")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, px(12), 0)
        grid.setVerticalSpacing(0)
        half = (len(rows) + 1) // 2
        for at, (words, keys) in enumerate(rows):
            row, side = at % half, 3 * (at // half)
            grid.setRowMinimumHeight(row, px(ROW))
            grid.addWidget(Label(words, rank="dim", elide=Qt.TextElideMode.ElideRight), row, side)
            caps = KeycapRow(keys)
            caps.setAccessibleName(f"{words}: {keys}")
            grid.addWidget(caps, row, side + 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(0, 1)
        grid.setColumnMinimumWidth(2, px(40))
        grid.setColumnStretch(3, 1)
        self._area = _Area(half * px(ROW))
        self._area.setObjectName("shortcutsArea")
        self._area.setAccessibleName(self.tr("Keyboard shortcuts"))
        self._area.setWidget(inner)
        self.column.addWidget(self._area)
        if parent is not None:
            self._area.setMaximumHeight(max(px(ROW) * 4, parent.window().height() - px(EDGE) - px(_AROUND)))
        done = PrimaryButton(self.tr("Done"))
        done.setObjectName("doneButton")
        done.clicked.connect(self.accept)
        self.add_button(done)
        done.setFocus()


class _Area(QScrollArea):
    """As high as its content wants to be."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self._wanted = wanted
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def sizeHint(self) -> QSize:
        return QSize(px(320), self._wanted)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), min(self._wanted, px(ROW) * 4, self.maximumHeight()))
