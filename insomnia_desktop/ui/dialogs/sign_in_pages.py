"""Pages of the sign-in dialog: signing in, unlocking, and recovering with the recovery key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.ui.dialogs.form_fields import FieldBlock, PasswordPair
from insomnia_desktop.ui.dialogs.form_page import FormPage
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels import account_words as names
from insomnia_desktop.ui.widgets.buttons import DefaultButton, LinkButton
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
from insomnia_desktop.ui.widgets.password_field import PasswordField


class SignInPage(FormPage):
    """Server, e-mail, password; `ended` says why a session that was there is over, where one is.

    Signals:
        recover_wanted(): the password is lost; the recovery key is there.
    """

    recover_wanted = Signal()

    def __init__(self, clock: Clock, *, ended: str = "") -> None:
        super().__init__(clock)
        self.deed_button.setText(self.tr("Sign in"))
        self.deed_button.setObjectName("signInButton")
        promise = self.tr("Your data on this computer stays. Nothing is replaced.")
        self.column.addWidget(WrappedLabel(ended or promise))
        self.server = server_field()
        self.email = email_field()
        self.password = PasswordField(self.tr("Password"))
        self.password.setObjectName("passwordEdit")
        self.add_field(names.SERVER, FieldBlock(self.tr("Server"), self.server), gap=22)
        self.add_field(names.EMAIL, FieldBlock(self.tr("E-mail"), self.email))
        self.add_field(names.PASSWORD, FieldBlock(self.tr("Password"), self.password))
        link = LinkButton(self.tr("Use recovery key…"))
        link.setObjectName("useRecoveryKeyButton")
        link.clicked.connect(self.recover_wanted)
        self.finish_layout(self.tr("Your password is never sent, not even encrypted."), link)


class UnlockPage(FormPage):
    """The password alone: this computer has no place for the keys, so it is asked at each start.

    Signals:
        offline_wanted(): the keys stay locked this time.
        recover_wanted(): the password is lost; the recovery key is there.
    """

    offline_wanted = Signal()
    recover_wanted = Signal()

    def __init__(self, clock: Clock, *, email: str, server: str) -> None:
        super().__init__(clock)
        self.deed_button.setText(self.tr("Unlock"))
        self.deed_button.setObjectName("unlockButton")
        self.column.addWidget(Label(self.tr("Unlock your account"), size=18, weight=600))
        self.column.addSpacing(px(8))
        text = self.tr("This computer has no keyring to keep your keys in, so the password is asked at each start.")
        self.column.addWidget(WrappedLabel(text))
        self.column.addSpacing(px(16))
        self.column.addWidget(Label(email, weight=500))
        self.column.addSpacing(px(4))
        self.column.addWidget(Label(server, rank="dim", size=12, mono=True))
        self.password = PasswordField(self.tr("Password"))
        self.password.setObjectName("passwordEdit")
        self.add_field(names.PASSWORD, FieldBlock(self.tr("Password"), self.password), gap=22)
        link = LinkButton(self.tr("Use recovery key…"))
        link.setObjectName("useRecoveryKeyButton")
        link.clicked.connect(self.recover_wanted)
        self.finish_layout(self.tr("Your password is never sent, not even encrypted."), link)
        # It stands where Cancel comes while the keys are opened.
        self.offline_button = DefaultButton(self.tr("Work offline"))
        self.offline_button.setObjectName("workOfflineButton")
        self.offline_button.set_measures(height=32, padding=16)
        self.offline_button.clicked.connect(self.offline_wanted)
        self.foot.insertWidget(self.foot.indexOf(self.cancel_button), self.offline_button)
        self.cancel_button.hide()
        self.setTabOrder(link, self.offline_button)
        self.setTabOrder(self.offline_button, self.cancel_button)

    def set_running(self, running: bool) -> None:
        """Offer Cancel while the keys are opened, else to go on without them."""
        self.cancel_button.setVisible(running)
        self.offline_button.setVisible(not running)
        super().set_running(running)


class RecoverPage(FormPage):
    """Server, e-mail, the recovery key, and a new password.

    Signals:
        back_wanted(): the password came back to mind.
        measure_wanted(password): the new password rests.
    """

    back_wanted = Signal()
    measure_wanted = Signal(str)

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.deed_button.setText(self.tr("Set new password"))
        self.deed_button.setObjectName("recoverButton")
        self.column.addWidget(Label(self.tr("Use your recovery key"), size=18, weight=600))
        self.column.addSpacing(px(8))
        text = self.tr(
            "It sets a new password, and your other devices are signed out. It is used up by that, and you get another"
            " one."
        )
        self.column.addWidget(WrappedLabel(text))
        self.server = server_field()
        self.email = email_field()
        self.recovery_key = LineField(mono=True, placeholder=self.tr("Nine groups of four"))
        self.recovery_key.setObjectName("recoveryKeyEdit")
        self.pair = PasswordPair(self.tr("New password"), self.tr("New password again"))
        self.add_field(names.SERVER, FieldBlock(self.tr("Server"), self.server), gap=22)
        self.add_field(names.EMAIL, FieldBlock(self.tr("E-mail"), self.email))
        self.add_field(names.RECOVERY_KEY, FieldBlock(self.tr("Recovery key"), self.recovery_key))
        self.column.addSpacing(px(16))
        self.column.addWidget(self.pair)
        self.know(names.PASSWORD, self.pair.password_block)
        self.know(names.PASSWORD_AGAIN, self.pair.again_block)
        self.pair.measure_wanted.connect(self.measure_wanted)
        link = LinkButton(self.tr("Back to Sign in"))
        link.setObjectName("backButton")
        link.clicked.connect(self.back_wanted)
        self.finish_layout(self.tr("The key is never sent either, only a proof that you have it."), link)

    def stop(self) -> None:
        """Measure nothing any more."""
        super().stop()
        self.pair.stop()


class _ServerField(LineField):
    """Shows the beginning of an address that is too long, unless somebody is typing: the host tells more than a pin."""

    def setText(self, text: str | None) -> None:
        """Put another address in."""
        super().setText(text or "")
        if not self.hasFocus():
            self.home(False)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Go back to the beginning when the caret goes elsewhere in the dialog."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.home(False)


def server_field() -> LineField:
    """Return the field for the address of a server."""
    field = _ServerField(placeholder="https://")
    field.setObjectName("serverEdit")
    return field


def email_field() -> LineField:
    """Return the field for an e-mail address."""
    field = LineField()
    field.setObjectName("emailEdit")
    return field


def inputs_of(page: QWidget) -> list[str]:
    """Return what a password should not be made of: what else was typed."""
    return [field.text() for field in page.findChildren(LineField) if not isinstance(field, PasswordField)]
