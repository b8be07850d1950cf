"""The account in the window: ui.window.account_openers, and what it shows in footer, menu and first page.

Also ui.dialogs.unkept_key_dialog and ui.viewmodels.unkept_key.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.account_views import AccountState, AccountStatus, Created
from insomnia_desktop.services.sync_views import AttentionItem, SyncState, SyncStatus
from insomnia_desktop.ui.panes.account.account_page import AccountPage
from insomnia_desktop.ui.panes.sync.sync_panel import SyncPanel
from insomnia_desktop.ui.window.main_window import MainWindow
from tests.support.clock import FixedClock
from tests.support.fake_accounts import (
    DEVICES,
    EMAIL,
    RECOVERY_KEY,
    SERVER,
    SIGNED_IN,
    SIGNED_OUT,
    FakeAccounts,
    FakeHosting,
)
from tests.support.fake_syncing import FakeSyncing
from tests.support.ui_session import open_session

LEFT = Qt.MouseButton.LeftButton
LOCKED = AccountStatus(AccountState.LOCKED, EMAIL, server=SERVER)


@pytest.fixture
def accounts() -> FakeAccounts:
    return FakeAccounts()


@pytest.fixture
def window(
    qapp: QApplication, data_folder: DataFolder, clock: FixedClock, qtbot: QtBot, accounts: FakeAccounts
) -> Iterator[MainWindow]:
    with open_session(data_folder, clock, accounts=accounts, hosting=FakeHosting()) as session:
        made = MainWindow(session)
        qtbot.addWidget(made)
        made.show()
        qtbot.waitUntil(made.isActiveWindow)
        yield made
        made.close()


def dialog(window: MainWindow, qtbot: QtBot, name: str = "signInDialog") -> QDialog:
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(QDialog, name)))
    return next(each for each in window.findChildren(QDialog, name) if each.isVisible())


def press(parent: QWidget, qtbot: QtBot, name: str) -> None:
    (button,) = [each for each in parent.findChildren(QAbstractButton, name) if each.isVisible()]
    qtbot.mouseClick(button, LEFT)


def become(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts, status: AccountStatus) -> None:
    with qtbot.waitSignal(window.account.view_model.status_changed):
        accounts.become(status)


def shown_actions(window: MainWindow) -> set[str]:
    names = ("create_account", "sign_in", "unlock", "sign_out", "account")
    return {name for name in names if window.actions_by_name[name].isVisible()}


def page(window: MainWindow) -> AccountPage | None:
    found = window.panes.page()
    assert found is None or isinstance(found, AccountPage)
    return found


@pytest.mark.parametrize(
    ("way", "button"),
    [
        ("createAccountCard", "createAccountButton"),
        ("signInLink", "signInButton"),
        ("footerDeedButton", "signInButton"),
    ],
)
def test_the_ways_to_the_dialog(window: MainWindow, qtbot: QtBot, way: str, button: str) -> None:
    press(window, qtbot, way)
    opened = dialog(window, qtbot)
    assert opened.findChild(QAbstractButton, button) is not None
    assert window.scrim.isVisible()
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.scrim.isVisible())


@pytest.mark.parametrize(
    ("state", "actions", "offered"),
    [
        (AccountState.SIGNED_OUT, {"create_account", "sign_in"}, True),
        (AccountState.SIGNED_IN, {"account"}, False),
        (AccountState.SIGNED_OUT_ELSEWHERE, {"sign_in"}, False),
        (AccountState.WORK_OFFLINE, {"unlock", "sign_out"}, False),
    ],
)
def test_nothing_dead_is_shown(
    window: MainWindow, qtbot: QtBot, accounts: FakeAccounts, state: AccountState, actions: set[str], offered: bool
) -> None:
    become(window, qtbot, accounts, AccountStatus(state, EMAIL))
    assert shown_actions(window) == actions
    card = window.begin_page.findChild(QAbstractButton, "createAccountCard")
    assert card is not None
    assert card.isVisible() is offered


def test_whoever_is_signed_in_is_not_told_that_nothing_leaves_the_computer(
    window: MainWindow, qtbot: QtBot, accounts: FakeAccounts
) -> None:
    promise = "Nothing leaves this computer unless you send it."

    def said() -> str:
        return " ".join(each.text() for each in window.begin_page.findChildren(QLabel) if each.isVisible())

    assert promise in said()
    assert "Three ways to begin" in said()
    become(window, qtbot, accounts, SIGNED_IN)
    assert promise not in said()
    assert "What you sync is encrypted before it leaves this computer." in said()
    become(window, qtbot, accounts, AccountStatus(AccountState.SIGNED_OUT))
    assert promise in said()


def test_an_account_is_made_and_the_window_says_so(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts) -> None:
    window.actions_by_name["create_account"].trigger()
    opened = dialog(window, qtbot)
    for name, text in (("emailEdit", EMAIL), ("passwordEdit", "1234567890"), ("passwordAgainEdit", "1234567890")):
        field = opened.findChild(QLineEdit, name)
        assert field is not None
        field.setText(text)
    press(opened, qtbot, "createAccountButton")
    accounts.become(SIGNED_IN)
    accounts.last.succeed(Created(SIGNED_IN, RECOVERY_KEY))
    qtbot.waitUntil(lambda: window.sidebar.sync_status.text() == "Local only")
    qtbot.waitUntil(lambda: opened.findChild(QAbstractButton, "recoveryKeptBox") is not None)
    press(opened, qtbot, "recoveryKeptBox")
    press(opened, qtbot, "doneButton")
    qtbot.waitUntil(lambda: window.toast.isVisible())
    assert window.toast.text() == f"Signed in as {EMAIL}."
    # Kept once, and not shown again.
    assert accounts.recovery_keys.kept == 1
    window.account.view_model.unkept_key.look()
    assert not any(each.isVisible() for each in window.findChildren(QDialog, "unkeptKeyDialog"))


def test_a_key_that_nobody_kept_is_shown_again(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts) -> None:
    accounts.recovery_keys.key = RECOVERY_KEY
    become(window, qtbot, accounts, msgspec.structs.replace(SIGNED_IN, unkept_recovery=True))
    window.account.view_model.unkept_key.look()
    shown = dialog(window, qtbot, "unkeptKeyDialog")
    # Another word about the account does not take it away.
    become(window, qtbot, accounts, msgspec.structs.replace(SIGNED_IN, name="A. L.", unkept_recovery=True))
    assert shown.isVisible()
    key = shown.findChild(QWidget, "recoveryKeyView")
    assert key is not None
    assert key.accessibleDescription().replace(" ", "") == RECOVERY_KEY.replace("-", ",")
    # It does not go away before it is kept.
    shown.reject()
    assert shown.isVisible()
    press(shown, qtbot, "recoveryKeptBox")
    press(shown, qtbot, "doneButton")
    qtbot.waitUntil(lambda: not shown.isVisible())
    assert accounts.recovery_keys.kept == 1


def test_a_key_that_was_replaced_meanwhile_goes_and_is_told(
    qapp: QApplication, data_folder: DataFolder, clock: FixedClock, qtbot: QtBot
) -> None:
    accounts, syncing = FakeAccounts(msgspec.structs.replace(SIGNED_IN, unkept_recovery=True)), FakeSyncing()
    accounts.recovery_keys.key = RECOVERY_KEY
    with open_session(data_folder, clock, accounts=accounts, hosting=FakeHosting(), syncing=syncing) as session:
        window = MainWindow(session)
        qtbot.addWidget(window)
        window.show()
        shown = dialog(window, qtbot, "unkeptKeyDialog")
        syncing.become(SyncStatus(SyncState.NEEDS_ATTENTION, attention=(AttentionItem("recovery_key_replaced", id=1),)))
        become(window, qtbot, accounts, SIGNED_IN)
        qtbot.waitUntil(lambda: not shown.isVisible())
        qtbot.waitUntil(lambda: window.toast.isVisible())
        assert window.toast.text().startswith("Another recovery key was made on another device.")
        assert accounts.recovery_keys.kept == 0
        window.close()


def test_the_page_lies_over_request_and_response_and_goes_back(
    window: MainWindow, qtbot: QtBot, accounts: FakeAccounts
) -> None:
    become(window, qtbot, accounts, SIGNED_IN)
    window.actions_by_name["account"].trigger()
    shown = page(window)
    assert shown is not None
    assert shown.isVisible()
    assert not window.begin_page.isVisible()
    assert window.sidebar.isVisible()
    assert not window.sidebar.sync_status.isChecked()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page(window) is None
    assert window.begin_page.isVisible()
    assert window.sidebar.sync_status.hasFocus()


def test_opening_a_request_leaves_the_page(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts) -> None:
    become(window, qtbot, accounts, SIGNED_IN)
    window.actions_by_name["account"].trigger()
    assert page(window) is not None
    window.sidebar.new_request()
    qtbot.waitUntil(lambda: page(window) is None)
    qtbot.waitUntil(lambda: window.bench.is_made and window.bench.request_pane.isVisible())


def test_the_page_goes_when_the_device_is_signed_out(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts) -> None:
    become(window, qtbot, accounts, SIGNED_IN)
    window.account.open_page()
    become(window, qtbot, accounts, msgspec.structs.replace(SIGNED_IN, state=AccountState.SIGNED_OUT_ELSEWHERE))
    assert page(window) is None
    assert window.sidebar.footer.deed.text() == "Sign in"
    window.account.open_page()
    assert page(window) is None


def test_the_dialogs_of_the_page(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts) -> None:
    become(window, qtbot, accounts, SIGNED_IN)
    window.account.open_page()
    shown = page(window)
    assert shown is not None
    for name, opened in (
        ("changePasswordRowButton", "changePasswordDialog"),
        ("recoveryKeyRowButton", "recoveryKeyDialog"),
        ("deleteAccountRowButton", "deleteAccountDialog"),
    ):
        press(shown, qtbot, name)
        over = dialog(window, qtbot, opened)
        over.reject()
        qtbot.waitUntil(lambda: not window.scrim.isVisible())


def devices_page(window: MainWindow, qtbot: QtBot) -> QWidget:
    """Open the devices in the sync panel, from the account page."""
    window.account.open_page()
    shown = page(window)
    assert shown is not None
    press(shown, qtbot, "openDevicesButton")
    panel = window.panes.page()
    assert isinstance(panel, SyncPanel)
    assert panel.tab == "devices"
    return panel


def test_a_device_is_revoked_in_the_panel(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts) -> None:
    become(window, qtbot, accounts, SIGNED_IN)
    shown = devices_page(window, qtbot)
    qtbot.waitUntil(lambda: window.account.view_model.devices == DEVICES)
    button = next(each for each in shown.findChildren(QAbstractButton, "revokeDeviceButton") if each.isVisible())
    qtbot.mouseClick(button, LEFT)
    press(dialog(window, qtbot, "revokeDialog"), qtbot, "revokeButton")
    assert accounts.last.name == "revoke"
    accounts.last.succeed(DEVICES[:1])
    qtbot.waitUntil(lambda: window.account.view_model.devices == DEVICES[:1])


def test_signing_out_in_the_panel(window: MainWindow, qtbot: QtBot, accounts: FakeAccounts) -> None:
    become(window, qtbot, accounts, SIGNED_IN)
    press(devices_page(window, qtbot), qtbot, "signOutRowButton")
    press(dialog(window, qtbot, "signOutDialog"), qtbot, "signOutButton")
    accounts.become(SIGNED_OUT)
    accounts.last.succeed(SIGNED_OUT)
    qtbot.waitUntil(lambda: window.toast.isVisible())
    assert window.toast.text() == "You are signed out."
    assert window.panes.page() is None


def test_who_lost_the_password_can_sign_out_without_it(
    window: MainWindow, qtbot: QtBot, accounts: FakeAccounts
) -> None:
    become(window, qtbot, accounts, msgspec.structs.replace(SIGNED_IN, state=AccountState.WORK_OFFLINE))
    window.actions_by_name["sign_out"].trigger()
    press(dialog(window, qtbot, "signOutDialog"), qtbot, "signOutButton")
    accounts.become(SIGNED_OUT)
    accounts.last.succeed(SIGNED_OUT)
    qtbot.waitUntil(lambda: window.toast.isVisible())
    assert window.sidebar.footer.deed.text() == "Sign in"


def test_locked_keys_are_asked_for_once(
    qapp: QApplication, data_folder: DataFolder, clock: FixedClock, qtbot: QtBot
) -> None:
    accounts = FakeAccounts(LOCKED)
    with open_session(data_folder, clock, accounts=accounts, hosting=FakeHosting()) as session:
        window = MainWindow(session)
        qtbot.addWidget(window)
        assert not window.findChildren(QDialog, "signInDialog")
        window.show()
        opened = dialog(window, qtbot)
        assert opened.findChild(QAbstractButton, "unlockButton") is not None
        press(opened, qtbot, "workOfflineButton")
        qtbot.waitUntil(lambda: window.sidebar.sync_status.text() == "Offline")
        become(window, qtbot, accounts, LOCKED)
        assert not any(each.isVisible() for each in window.findChildren(QDialog, "signInDialog"))
        press(window, qtbot, "footerDeedButton")
        dialog(window, qtbot).reject()
        window.close()
        assert accounts.listeners() == 0
