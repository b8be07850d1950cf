"""Dialogs of the account page that ask for the password: changing it, and making another recovery key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import AppError
from insomnia_desktop.ui.dialogs.form_dialog import FormDialog
from insomnia_desktop.ui.dialogs.form_fields import FieldBlock, PasswordPair
from insomnia_desktop.ui.dialogs.form_page import FormPage
from insomnia_desktop.ui.dialogs.recovery_key_page import RecoveryKeyPage
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels import account_words as names
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.sign_in_form import FormProblem, KeyToKeep, password_problem
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
from insomnia_desktop.ui.widgets.password_field import PasswordField

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import AccountStatus, Strength
    from insomnia_desktop.ui.viewmodels.session import UiSession

NEW_PASSWORD = "new_password"
_WIDTH = 560


class PasswordPage(FormPage):
    """A heading, a sentence, and the field for the account's password; subclasses add more fields."""

    def __init__(self, clock: Clock, heading: str, text: str, label: str, *, danger: bool = False) -> None:
        super().__init__(clock, danger=danger)
        self.column.addWidget(Label(heading, size=18, weight=600))
        self.column.addSpacing(px(8))
        self.column.addWidget(WrappedLabel(text))
        self.password = PasswordField(label)
        self.password.setObjectName("passwordEdit")
        self.password_block = FieldBlock(label, self.password)


class ChangePasswordDialog(FormDialog):
    """The current password, and the new one twice.

    Signals:
        changed(): the server has the new one.
    """

    changed = Signal()

    def __init__(self, session: UiSession, parent: QWidget | None = None) -> None:
        super().__init__(RunningDeed(session), parent)
        self.setObjectName("changePasswordDialog")
        self._session = session
        self._accounts = session.services.accounts
        self._measured = 0
        heading = self.tr("Change password")
        text = self.tr("Your other devices are signed out and ask for the new one.")
        page = PasswordPage(session.clock, heading, text, self.tr("Current password"))
        page.deed_button.setText(heading)
        page.deed_button.setObjectName("changePasswordButton")
        page.add_field(names.PASSWORD, page.password_block, gap=22)
        self.pair = PasswordPair(self.tr("New password"), self.tr("New password again"))
        self.pair.password.setObjectName("newPasswordEdit")
        page.column.addSpacing(px(16))
        page.column.addWidget(self.pair)
        page.know(NEW_PASSWORD, self.pair.password_block)
        page.know(names.PASSWORD_AGAIN, self.pair.again_block)
        page.finish_layout(self.tr("Neither is ever sent."))
        page.submitted.connect(self._submit)
        page.edited.connect(lambda: self.show_problem(FormProblem()))
        self.pair.measure_wanted.connect(self._measure)
        self._page_of_it = page
        self.put(page, heading, width=_WIDTH)

    def before_close(self) -> None:
        """Measure nothing any more."""
        self.pair.stop()

    @Slot()
    def _submit(self) -> None:
        typed = self._page_of_it.typed()
        if typed[NEW_PASSWORD] != typed[names.PASSWORD_AGAIN]:
            words = self.tr("The two passwords differ.")
            self.show_problem(FormProblem(names.PASSWORD_AGAIN, words))
            return
        self.show_problem(FormProblem())
        self.deed.start(
            lambda told: self._accounts.change_password(
                password=typed[names.PASSWORD], new_password=typed[NEW_PASSWORD], on_progress=told
            ),
            self._on_changed,
            self._on_failed,
        )

    def _on_changed(self, status: AccountStatus) -> None:
        self.changed.emit()
        self.accept()

    def _on_failed(self, error: AppError) -> None:
        problem = password_problem(error)
        # A length that is wrong is the new one's: the old one was taken once.
        field = NEW_PASSWORD if error.code == "account.bad_password_length" else problem.field
        self.show_problem(FormProblem(field, problem.text, problem.code))

    @Slot(str)
    def _measure(self, password: str) -> None:
        self._measured += 1
        number = self._measured
        if password:
            status = self._accounts.status()
            found = self._accounts.strength(password, [status.email, status.name, status.server])
            self._session.bridge.watch(found, lambda strength: self._on_strength(number, strength), owner=self)

    def _on_strength(self, number: int, strength: Strength) -> None:
        if number == self._measured:
            self.pair.set_strength(strength)


class RecoveryKeyDialog(FormDialog):
    """The password, then another recovery key to be kept."""

    def __init__(self, session: UiSession, parent: QWidget | None = None) -> None:
        super().__init__(RunningDeed(session), parent)
        self.setObjectName("recoveryKeyDialog")
        self._session = session
        self._clock = session.clock
        self._accounts = session.services.accounts
        self._status = self._accounts.status()
        replaces = self._status.recovery
        heading = self.tr("Make another recovery key") if replaces else self.tr("Make a recovery key")
        text = (
            self.tr("The one that you have stops working as soon as the new one is made.")
            if replaces
            else self.tr("It opens your data if you forget the password.")
        )
        page = PasswordPage(session.clock, heading, text, self.tr("Password"))
        page.deed_button.setText(self.tr("Make the key"))
        page.deed_button.setObjectName("makeRecoveryKeyButton")
        page.add_field(names.PASSWORD, page.password_block, gap=22)
        page.finish_layout(self.tr("The server never sees the key."))
        page.submitted.connect(self._submit)
        page.edited.connect(lambda: self.show_problem(FormProblem()))
        self._password_page = page
        self.put(page, heading, width=_WIDTH)

    @Slot()
    def _submit(self) -> None:
        self.show_problem(FormProblem())
        password = self._password_page.password.text()
        self.deed.start(
            lambda _: self._accounts.make_recovery_key(password=password),
            self._on_made,
            lambda error: self.show_problem(password_problem(error)),
        )

    def _on_made(self, text: str) -> None:
        page = RecoveryKeyPage(KeyToKeep(text, self._status.email, self._status.server), self._clock)
        page.done.connect(self._on_kept)
        self.put(page, self.tr("Keep your recovery key"), width=_WIDTH)

    @Slot()
    def _on_kept(self) -> None:
        self._session.bridge.watch(self._accounts.recovery_keys.note_kept().future)
        self.accept()
