"""The states of the sign-in dialog, the account page and the footer that are drawn, by name."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from insomnia_desktop.services.account_views import AccountState, Created
from insomnia_desktop.services.sync_views import SyncState
from insomnia_desktop.ui.dialogs.sign_in_dialog import SignInDialog
from tests.support import fake_accounts as fake
from tests.support import sample_sync as sample
from tests.support.screenshot_states import main
from tests.support.stage import Stage

State = Callable[[Stage], None]
_PASSWORD = "correct horse battery"


def dialog(stage: Stage) -> SignInDialog:
    """Return the sign-in dialog that is open."""
    return stage.part("signInDialog", SignInDialog)


def put(stage: Stage, **texts: str) -> None:
    """Type into the fields of the dialog that is open."""
    for name, text in texts.items():
        stage.part(name, QLineEdit).setText(text)
    stage.settle()


def press(stage: Stage, name: str) -> None:
    """Click a button."""
    button = stage.part(name, QAbstractButton)
    if button.focusPolicy() & Qt.FocusPolicy.ClickFocus:
        button.setFocus(Qt.FocusReason.MouseFocusReason)
    button.click()
    stage.settle()


def focus(stage: Stage, name: str) -> None:
    """Put the caret into a field, at its end."""
    field = stage.part(name, QLineEdit)
    field.window().activateWindow()
    field.setFocus(Qt.FocusReason.OtherFocusReason)
    field.end(False)
    stage.settle()


def become(stage: Stage, **fields: object) -> None:
    """Sign somebody in whose workspace is backed up, with other facts."""
    stage.syncing.become(sample.UP_TO_DATE)
    stage.accounts.become(msgspec.structs.replace(fake.SIGNED_IN, **fields))
    stage.settle()


def sign_in(stage: Stage) -> None:
    """Sign in, with the caret in the password."""
    stage.accounts.become(fake.SIGNED_OUT)
    if not hasattr(stage, "window"):
        main(stage)
    stage.window.account.sign_in()
    stage.settle()
    put(stage, serverEdit=fake.SERVER, emailEdit=fake.EMAIL, passwordEdit="correct horse bat")
    focus(stage, "passwordEdit")


def sign_in_empty(stage: Stage) -> None:
    """Sign in, before anything was typed."""
    stage.window.account.sign_in()
    stage.settle()


def sign_in_error(stage: Stage) -> None:
    """A wrong password."""
    _failed(stage, "account.wrong_credentials")


def sign_in_unknown_server(stage: Stage) -> None:
    """A server that does not answer."""
    _failed(stage, "account.server_unreachable", address=fake.SERVER)


def sign_in_shown(stage: Stage) -> None:
    """The password shown."""
    sign_in(stage)
    press(stage, "showPasswordButton")


def sign_in_running(stage: Stage) -> None:
    """Keys are made, for more than a second."""
    sign_in(stage)
    press(stage, "signInButton")
    stage.accounts.last.step("deriving")
    stage.clock.advance(1_200)
    stage.settle()


def end_running(stage: Stage) -> None:
    """Stop what runs."""
    stage.accounts.last.future.cancel()
    stage.settle()


def create_account(stage: Stage) -> None:
    """An account on this computer that other devices reach."""
    stage.hosting.current = fake.HostingStatus(running=False)
    stage.accounts.score = 4
    stage.window.account.create_account()
    stage.settle()
    press(stage, "otherDevicesBox")
    _fill_new(stage)


def create_account_first(stage: Stage) -> None:
    """Creating an account, before anything was typed."""
    stage.window.account.create_account()
    stage.settle()


def create_account_on_a_server(stage: Stage) -> None:
    """An account on a server, whose e-mail is taken."""
    stage.accounts.score = 1
    stage.window.account.create_account()
    stage.settle()
    press(stage, "onAServerCard")
    put(stage, serverEdit=fake.SERVER)
    _fill_new(stage, again="correct")
    stage.part("passwordAgainEdit", QLineEdit).setText(_PASSWORD)
    press(stage, "createAccountButton")
    stage.accounts.last.fail("account.email_taken")
    stage.settle()


def create_account_port_taken(stage: Stage) -> None:
    """The port of the server on this computer is somebody else's."""
    stage.accounts.score = 2
    stage.window.account.create_account()
    stage.settle()
    _fill_new(stage)
    press(stage, "createAccountButton")
    stage.accounts.last.fail("account.port_taken", port=8443)
    stage.settle()


def create_account_not_the_same(stage: Stage) -> None:
    """Two passwords that differ."""
    stage.window.account.create_account()
    stage.settle()
    _fill_new(stage, again="correct hoarse")
    press(stage, "createAccountButton")


def recovery_key(stage: Stage) -> None:
    """The recovery key, not kept yet."""
    stage.window.account.create_account()
    stage.settle()
    _fill_new(stage)
    press(stage, "createAccountButton")
    stage.accounts.last.succeed(Created(fake.SIGNED_IN, fake.RECOVERY_KEY))
    stage.settle()


def recovery_key_insists(stage: Stage) -> None:
    """Escape before the key is kept."""
    recovery_key(stage)
    stage.keys("Esc")


def keep_key(stage: Stage) -> None:
    """Let the dialog go."""
    press(stage, "recoveryKeptBox")
    press(stage, "doneButton")


def recover(stage: Stage) -> None:
    """The recovery key in the place of the password."""
    stage.window.account.sign_in()
    stage.settle()
    put(stage, serverEdit=fake.SERVER, emailEdit=fake.EMAIL)
    press(stage, "useRecoveryKeyButton")
    put(stage, recoveryKeyEdit=fake.RECOVERY_KEY)
    stage.accounts.score = 3
    put(stage, passwordEdit=_PASSWORD)
    focus(stage, "passwordAgainEdit")


def unlock(stage: Stage) -> None:
    """The password at the start, where there is no keyring."""
    become(stage, state=AccountState.LOCKED)
    if not stage.window.findChildren(SignInDialog):
        stage.window.account.unlock()
    stage.settle()


def footer_offline(stage: Stage) -> None:
    """The keys stay locked this time."""
    become(stage, state=AccountState.WORK_OFFLINE)


def footer_signed_out_elsewhere(stage: Stage) -> None:
    """Another device revoked this one."""
    become(stage, state=AccountState.SIGNED_OUT_ELSEWHERE)


def footer_menu(stage: Stage) -> None:
    """The two ways in."""
    stage.accounts.become(fake.SIGNED_OUT)
    stage.settle()
    press(stage, "syncStatus")


def account_page(stage: Stage) -> None:
    """The account page of somebody on a server."""
    become(stage)
    stage.window.account.open_page()
    stage.settle()


def account_page_hosted(stage: Stage) -> None:
    """The account page where the server is on this computer, for other devices too."""
    stage.hosting.current = fake.HostingStatus(True, 8443, fake.HOSTED, True, fake.FOR_OTHERS)
    become(stage, hosted_here=True, server=fake.HOSTED, recovery=False)
    stage.window.account.open_page()
    stage.settle()


def devices_page(stage: Stage) -> None:
    """The devices in the sync panel, and the way out."""
    become(stage)
    stage.window.sync.open_panel("devices")
    stage.settle()


def devices_offline(stage: Stage) -> None:
    """The devices without a network."""
    become(stage)
    stage.syncing.become(msgspec.structs.replace(sample.UP_TO_DATE, state=SyncState.OFFLINE))
    stage.accounts.known_devices = ()
    stage.window.sync.open_panel("devices")
    stage.accounts.last.fail("account.server_unreachable", address=fake.SERVER)
    stage.settle()
    stage.accounts.known_devices = fake.DEVICES


def revoke(stage: Stage) -> None:
    """Revoking a device."""
    devices_page(stage)
    press(stage, "revokeDeviceButton")


def change_password(stage: Stage) -> None:
    """Another password, and the one of now is wrong."""
    account_page(stage)
    press(stage, "changePasswordRowButton")
    put(stage, passwordEdit="wrong password", newPasswordEdit=_PASSWORD, passwordAgainEdit=_PASSWORD)
    press(stage, "changePasswordButton")
    stage.accounts.last.fail("account.wrong_credentials")
    stage.settle()


def make_recovery_key(stage: Stage) -> None:
    """Another recovery key."""
    account_page(stage)
    press(stage, "recoveryKeyRowButton")


def sign_out(stage: Stage) -> None:
    """Signing out and keeping everything."""
    devices_page(stage)
    press(stage, "signOutRowButton")


def sign_out_remove(stage: Stage) -> None:
    """Signing out and removing everything."""
    devices_page(stage)
    press(stage, "signOutRowButton")
    press(stage, "removeCard")


def delete_account(stage: Stage) -> None:
    """Deleting the account."""
    account_page(stage)
    press(stage, "deleteAccountRowButton")


def _failed(stage: Stage, code: str, **params: object) -> None:
    sign_in(stage)
    press(stage, "signInButton")
    stage.accounts.last.fail(code, **params)
    stage.settle()


def _fill_new(stage: Stage, *, again: str = _PASSWORD) -> None:
    put(stage, nameEdit="Ada Lindqvist", emailEdit=fake.EMAIL, passwordEdit=_PASSWORD, passwordAgainEdit=again)
    focus(stage, "passwordAgainEdit")


STATES: tuple[State, ...] = (
    sign_in, sign_in_empty, sign_in_error, sign_in_unknown_server, sign_in_shown, sign_in_running, end_running,
    create_account, create_account_first, create_account_on_a_server, create_account_port_taken,
    create_account_not_the_same, recovery_key, keep_key, recovery_key_insists, keep_key, recover, footer_menu, unlock,
    footer_offline, footer_signed_out_elsewhere, account_page, account_page_hosted, devices_offline, revoke,
    change_password, make_recovery_key, sign_out, sign_out_remove, delete_account,
)  # fmt: skip
NOT_DRAWN = (end_running, keep_key)
STAY_OPEN = (sign_in_running, recovery_key, recovery_key_insists)
