"""The page that creates an account: where the encrypted data shall live, who one is, and a password."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.services.account_views import ServerPlace
from insomnia_desktop.ui.dialogs.form_fields import FieldBlock, PasswordPair
from insomnia_desktop.ui.dialogs.form_page import FormPage
from insomnia_desktop.ui.dialogs.sign_in_pages import email_field, server_field
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels import account_words as names
from insomnia_desktop.ui.viewmodels.sign_in_form import FormProblem
from insomnia_desktop.ui.widgets.choice_card import ChoiceCard
from insomnia_desktop.ui.widgets.copy_line import CopyLine
from insomnia_desktop.ui.widgets.fields import CheckBox, LineField
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.labels import WrappedLabel

HERE: Final = "here"
THERE: Final = "there"
NAME: Final = "name"
_CHOSEN = "chosen_place"


class CreateAccountPage(FormPage):
    """Two cards for the place, name and e-mail, the password twice.

    Signals:
        others_wanted(wanted): other devices shall reach the server on this computer, or not.
        measure_wanted(password): the password rests.
    """

    others_wanted = Signal(bool)
    measure_wanted = Signal(str)

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.deed_button.setText(self.tr("Create account"))
        self.deed_button.setObjectName("createAccountButton")
        self.column.addWidget(WrappedLabel(self.tr("Where shall the encrypted data live?")))
        self.column.addSpacing(px(10))
        self.column.addLayout(self._cards())
        self.column.addWidget(self._of_here())
        self.column.addWidget(self._of_there())
        self.name = LineField()
        self.name.setObjectName("nameEdit")
        self.email = email_field()
        who = QHBoxLayout()
        who.setSpacing(px(16))
        for key, block in (
            (NAME, FieldBlock(self.tr("Name"), self.name)),
            (names.EMAIL, FieldBlock(self.tr("E-mail"), self.email)),
        ):
            side = QVBoxLayout()
            side.addWidget(block)
            side.addStretch(1)
            who.addLayout(side, 1)
            self.know(key, block)
        self.column.addSpacing(px(24))
        self.column.addLayout(who)
        self.pair = PasswordPair(self.tr("Password"), self.tr("Password again"))
        self.pair.measure_wanted.connect(self.measure_wanted)
        self.column.addSpacing(px(16))
        self.column.addWidget(self.pair)
        self.know(names.PASSWORD, self.pair.password_block)
        self.know(names.PASSWORD_AGAIN, self.pair.again_block)
        self.finish_layout(self.tr("Encrypted before it leaves this window."))
        self._show_place()

    def place(self) -> ServerPlace:
        """Return where the encrypted data shall live."""
        if self.there.isChecked():
            return ServerPlace(kind=THERE, address=self.server.text(), invitation=self.invitation.text())
        return ServerPlace(kind=HERE, other_devices=self.others_box.isChecked())

    def show_hosting(self, address: str, problem: str) -> None:
        """Show the address that other devices use, or why there is none; nothing while they are not let in."""
        wanted = self.others_box.isChecked()
        self.address_line.set_value(address)
        self.address_line.setVisible(bool(address) and wanted)
        self.hosting_error.set_text(problem)
        self.hosting_error.setVisible(bool(problem) and wanted)

    def show_problem(self, problem: FormProblem) -> None:
        """Show a problem of the place under the cards, any other as every page does.

        Few servers want an invitation: its field is there once the server asked for one.
        """
        if problem.field == names.INVITATION:
            self.invitation_block.show()
        super().show_problem(problem)
        if problem.field == names.PLACE and self.here.isChecked():
            self._here_column.addWidget(self.error)
            self.error.set_gap(0)

    def typed(self) -> dict[str, str]:
        """Return what was typed, and the chosen place."""
        return super().typed() | {_CHOSEN: THERE if self.there.isChecked() else HERE}

    def fill(self, typed: dict[str, str]) -> None:  # type: ignore[override]
        """Put in what was typed on another page."""
        super().fill(typed)
        self.there.setChecked(typed.get(_CHOSEN) == THERE)

    def focus_first(self) -> None:
        """Begin at the name; the place is chosen already."""
        if self.name.text():
            super().focus_first()
        else:
            self.name.setFocus()

    def stop(self) -> None:
        """Measure nothing any more."""
        super().stop()
        self.pair.stop()

    def _cards(self) -> QHBoxLayout:
        self.here = ChoiceCard(
            "device",
            self.tr("On this computer"),
            self.tr("Starts a sync server here; the box below lets other devices in"),
        )
        self.here.setObjectName("onThisComputerCard")
        self.there = ChoiceCard(
            "server", self.tr("On a server"), self.tr("One that you or your team run; give its address")
        )
        self.there.setObjectName("onAServerCard")
        self.here.setChecked(True)
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(px(8))
        for card in (self.here, self.there):
            self._group.addButton(card)
            row.addWidget(card, 1)
            self.rest_while_running(card)
        self.there.toggled.connect(self._show_place)
        return row

    def _of_here(self) -> QWidget:
        self._here_part = QWidget()
        column = self._here_column = QVBoxLayout(self._here_part)
        column.setContentsMargins(0, px(10), 0, 0)
        column.setSpacing(px(8))
        self.others_box = CheckBox(self.tr("Let other devices on my network connect"))
        self.others_box.setObjectName("otherDevicesBox")
        self.others_box.toggled.connect(self._on_others)
        self.address_line = CopyLine("globe", self.tr("Other devices use"), self.tr("Copy the address"))
        self.address_line.setObjectName("otherDevicesAddress")
        self.address_line.hide()
        column.addWidget(self.others_box)
        self.hosting_error = IconLine("warning", token="danger", rank="danger")
        self.hosting_error.setObjectName("hostingError")
        self.hosting_error.hide()
        column.addWidget(self.address_line)
        column.addWidget(self.hosting_error)
        self.rest_while_running(self.others_box)
        return self._here_part

    def _of_there(self) -> QWidget:
        self.server = server_field()
        block = FieldBlock(self.tr("Server"), self.server)
        self._there_part = QWidget()
        column = QVBoxLayout(self._there_part)
        column.setContentsMargins(0, px(16), 0, 0)
        column.setSpacing(px(16))
        column.addWidget(block)
        self.know(names.SERVER, block)
        self.invitation = LineField(mono=True)
        self.invitation.setObjectName("invitationEdit")
        self.invitation_block = FieldBlock(self.tr("Invitation, from whoever runs the server"), self.invitation)
        self.invitation_block.hide()
        column.addWidget(self.invitation_block)
        self.know(names.INVITATION, self.invitation_block)
        return self._there_part

    @Slot()
    def _show_place(self) -> None:
        there = self.there.isChecked()
        self._here_part.setVisible(not there)
        self._there_part.setVisible(there)
        self.edited.emit()

    @Slot(bool)
    def _on_others(self, wanted: bool) -> None:
        if not wanted:
            self.address_line.hide()
            self.hosting_error.hide()
        self.others_wanted.emit(wanted)
