"""Dialogs of the account page by keyboard: dialogs.account_password_dialogs and leave_account_dialogs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest
from PySide6.QtWidgets import QFileDialog

from insomnia_desktop.ui.dialogs.account_password_dialogs import ChangePasswordDialog, RecoveryKeyDialog
from insomnia_desktop.ui.dialogs.form_dialog import FormDialog
from insomnia_desktop.ui.dialogs.leave_account_dialogs import DeleteAccountDialog, RevokeDialog, SignOutDialog
from tests.gui.dialogs.account_stage import AccountStage, Key, accounts, desk, focused, hosting
from tests.support.fake_accounts import DEVICES, RECOVERY_KEY, SIGNED_IN, SIGNED_OUT, FakeAccounts
from tests.support.spoken import nameless_controls

__all__ = ["accounts", "desk", "hosting"]
OLD, NEW = "the old password", "correct horse battery"


@pytest.fixture(autouse=True)
def signed_in(accounts: FakeAccounts) -> None:
    accounts.current = SIGNED_IN


def changing(desk: AccountStage, *, again: str = NEW) -> ChangePasswordDialog:
    dialog = ChangePasswordDialog(desk.session, desk.host)
    desk.open(dialog)
    assert focused(dialog).objectName() == "passwordEdit"
    desk.type(dialog, OLD)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, NEW)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, again)
    return dialog


def test_another_password(desk: AccountStage, accounts: FakeAccounts) -> None:
    dialog = changing(desk)
    assert nameless_controls(dialog) == set()
    desk.qtbot.waitUntil(lambda: dialog.pair.meter.word() == "Strong")
    assert accounts.measured[-1] == (NEW, [SIGNED_IN.email, SIGNED_IN.name, SIGNED_IN.server])
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("change_password")
    assert asked.given == {"password": OLD, "new_password": NEW}
    with desk.qtbot.waitSignal(dialog.changed):
        asked.succeed(SIGNED_IN)
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("account.wrong_credentials", "passwordEdit"),
        ("account.bad_password_length", "newPasswordEdit"),
        ("account.server_unreachable", "cancelButton"),
    ],
)
def test_a_password_that_is_not_taken(desk: AccountStage, code: str, field: str) -> None:
    dialog = changing(desk)
    desk.press(dialog, Key.Key_Return)
    desk.asked("change_password").fail(code)
    desk.until_idle(dialog)
    assert desk.error(dialog)
    if field != "cancelButton":
        assert focused(dialog).objectName() == field
    assert desk.field(dialog, "passwordEdit").text() == OLD
    assert desk.field(dialog, "newPasswordEdit").text() == NEW


def test_new_passwords_that_differ_are_not_sent(desk: AccountStage, accounts: FakeAccounts) -> None:
    dialog = changing(desk, again="another")
    desk.press(dialog, Key.Key_Return)
    assert not accounts.asked
    assert desk.error(dialog) == "The two passwords differ."


def test_escape_stops_the_change_first(desk: AccountStage) -> None:
    dialog = changing(desk)
    desk.press(dialog, Key.Key_Return, Key.Key_Escape)
    assert desk.asked("change_password").cancelled
    desk.until_idle(dialog)
    assert dialog.isVisible()


@pytest.mark.parametrize("has_one", [True, False])
def test_another_recovery_key(desk: AccountStage, accounts: FakeAccounts, has_one: bool) -> None:
    accounts.current = msgspec.structs.replace(SIGNED_IN, recovery=has_one)
    dialog = RecoveryKeyDialog(desk.session, desk.host)
    desk.open(dialog)
    assert dialog.windowTitle() == ("Make another recovery key" if has_one else "Make a recovery key")
    desk.type(dialog, OLD)
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("make_recovery_key")
    assert asked.given == {"password": OLD}
    asked.succeed(RECOVERY_KEY)
    desk.until_idle(dialog)
    assert focused(dialog).objectName() == "recoveryKeyView"
    desk.press(dialog, Key.Key_Escape)
    assert accounts.recovery_keys.kept == 0
    desk.press(dialog, Key.Key_Space, Key.Key_Return)
    assert not dialog.isVisible()
    assert accounts.recovery_keys.kept == 1


def test_a_wrong_password_makes_no_key(desk: AccountStage) -> None:
    dialog = RecoveryKeyDialog(desk.session, desk.host)
    desk.open(dialog)
    desk.type(dialog, OLD)
    desk.press(dialog, Key.Key_Return)
    desk.asked("make_recovery_key").fail("account.wrong_credentials")
    desk.until_idle(dialog)
    assert desk.error(dialog)
    assert desk.field(dialog, "passwordEdit").text() == OLD


def test_revoking_asks_first_and_enter_does_not_do_it(desk: AccountStage) -> None:
    dialog = RevokeDialog(DEVICES[1], desk.host)
    desk.open(dialog)
    assert dialog.windowTitle() == "Revoke “Work laptop”?"
    assert focused(dialog).objectName() == "cancelButton"
    layout = dialog.layout()
    assert layout is not None
    assert dialog.height() == layout.totalHeightForWidth(dialog.width())  # no empty lines over the buttons
    with desk.qtbot.assertNotEmitted(dialog.revoked):
        desk.press(dialog, Key.Key_Return, Key.Key_Space)
    assert not dialog.isVisible()


def test_a_device_is_revoked(desk: AccountStage) -> None:
    dialog = RevokeDialog(DEVICES[1], desk.host)
    desk.open(dialog)
    desk.press(dialog, Key.Key_Tab)
    with desk.qtbot.waitSignal(dialog.revoked) as told:
        desk.press(dialog, Key.Key_Space)
    assert told.args == ["d2"]


def test_signing_out_keeps_the_account_unless_told_otherwise(desk: AccountStage) -> None:
    dialog = SignOutDialog(desk.session, desk.host)
    desk.open(dialog)
    assert focused(dialog).objectName() == "keepCard"
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("sign_out")
    assert asked.given == {"remove_data": False}
    with desk.qtbot.waitSignal(dialog.signed_out):
        asked.succeed(SIGNED_OUT)


def test_the_account_can_be_removed_from_here(desk: AccountStage) -> None:
    dialog = SignOutDialog(desk.session, desk.host)
    desk.open(dialog)
    desk.press(dialog, Key.Key_Down)
    assert dialog.remove.isChecked()
    desk.press(dialog, Key.Key_Return)
    assert desk.asked("sign_out").given == {"remove_data": True}
    desk.asked("sign_out").fail("account.server_unreachable")
    desk.until_idle(dialog)
    assert desk.error(dialog)
    assert dialog.isVisible()


def test_a_copy_of_all_documents_is_saved_first(desk: AccountStage, tmp_path: Path) -> None:
    dialog = DeleteAccountDialog(desk.session, desk.host)
    desk.open(dialog)
    dialog.offer.save(str(tmp_path / "copy.sqlite"))
    desk.qtbot.waitUntil(dialog.offer.said.isVisible)
    assert dialog.offer.said.text() == "Saved as copy.sqlite."
    copy = sqlite3.connect(tmp_path / "copy.sqlite")
    assert copy.execute("SELECT count(*) FROM document WHERE kind = 'workspace'").fetchone() == (1,)
    copy.close()


def test_deleting_offers_a_copy_and_asks_for_the_password(
    desk: AccountStage, accounts: FakeAccounts, tmp_path: Path
) -> None:
    dialog = DeleteAccountDialog(desk.session, desk.host)
    desk.open(dialog)
    assert nameless_controls(dialog) == set()
    desk.click(dialog, "saveCopyButton")
    chooser = dialog.findChild(QFileDialog, "saveCopyDialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(tmp_path / "nowhere" / "copy.sqlite"))
    chooser.reject()
    desk.qtbot.waitUntil(dialog.offer.said.isVisible)
    assert "nowhere" in dialog.offer.said.text()
    dialog.activateWindow()
    desk.qtbot.waitUntil(dialog.isActiveWindow)
    desk.field(dialog, "passwordEdit").setFocus()
    desk.type(dialog, OLD)
    desk.press(dialog, Key.Key_Return)
    assert not accounts.asked
    desk.press(dialog, Key.Key_Tab, Key.Key_Tab)
    assert focused(dialog).objectName() == "deleteAccountButton"
    desk.press(dialog, Key.Key_Space)
    asked = desk.asked("delete")
    assert asked.given == {"password": OLD}
    with desk.qtbot.waitSignal(dialog.deleted):
        asked.succeed(SIGNED_OUT)
    assert not dialog.isVisible()


def test_a_wrong_password_deletes_nothing(desk: AccountStage) -> None:
    dialog = DeleteAccountDialog(desk.session, desk.host)
    desk.open(dialog)
    desk.type(dialog, OLD)
    desk.click(dialog, "deleteAccountButton")
    desk.asked("delete").fail("account.wrong_credentials")
    desk.until_idle(dialog)
    assert desk.error(dialog)
    assert desk.field(dialog, "passwordEdit").text() == OLD


@pytest.mark.parametrize("kind", [ChangePasswordDialog, RecoveryKeyDialog, SignOutDialog, DeleteAccountDialog])
def test_escape_closes_what_does_nothing(desk: AccountStage, kind: type[FormDialog]) -> None:
    dialog = kind(desk.session, desk.host)  # type: ignore[arg-type]
    desk.open(dialog)
    desk.press(dialog, Key.Key_Escape)
    assert not dialog.isVisible()
