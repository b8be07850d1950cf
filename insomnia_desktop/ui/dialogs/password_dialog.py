"""Asks for one password, which is kept in memory only."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from insomnia_desktop.ui.dialogs.plain_dialog import PlainDialog
from insomnia_desktop.ui.widgets.buttons import DefaultButton, PrimaryButton
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import WrappedLabel


class PasswordDialog(PlainDialog):
    """One password field.

    Signals:
        entered(password): the person gave it.
    """

    entered = Signal(str)

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Password needed"), parent)
        self.setObjectName("passwordDialog")
        self.column.addWidget(WrappedLabel(text))
        self._field = LineField()
        self._field.setObjectName("passwordEdit")
        self._field.setAccessibleName(self.tr("Password"))
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_field(self.tr("Password"), self._field)
        cancel = DefaultButton(self.tr("Cancel"))
        cancel.set_measures(height=32)
        cancel.clicked.connect(self.reject)
        use = PrimaryButton(self.tr("Use it"))
        use.setDefault(True)
        use.clicked.connect(self._on_use)
        self.add_button(cancel)
        self.add_button(use)
        self._field.setFocus()

    def _on_use(self) -> None:
        self.entered.emit(self._field.text())
        self.accept()
