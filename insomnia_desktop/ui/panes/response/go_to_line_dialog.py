"""Asks for the number of a line."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import Label

_MOST = 2_000_000_000


class GoToLineDialog(QDialog):
    """One field and one deed.

    Signals:
        line_chosen(number): the line that is wanted, from 1.
    """

    line_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("goToLineDialog")
        self.setWindowTitle(self.tr("Go to line"))
        self.field = LineField()
        self.field.setAccessibleName(self.tr("Line"))
        self.field.setValidator(QIntValidator(1, _MOST, self))
        self.field.setMinimumWidth(px(240))
        go = PrimaryButton(self.tr("Go"))
        go.setDefault(True)
        cancel = DefaultButton(self.tr("Cancel"))
        cancel.set_measures(height=32, padding=16)
        cancel.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(24), px(24), px(24))
        column.setSpacing(px(6))
        column.addWidget(Label(self.tr("Line"), rank="dim", size=12, weight=500))
        column.addWidget(self.field)
        column.addSpacing(px(18))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(go)
        column.addLayout(row)
        go.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.accepted.connect(self._on_accepted)

    def _on_accepted(self) -> None:
        text = self.field.text()
        if text.isdecimal() and int(text) > 0:
            self.line_chosen.emit(min(int(text), _MOST))
