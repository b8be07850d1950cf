"""Creating an account by keyboard, and keeping its key, about dialogs.create_account_page, recovery_key_page;
also viewmodels.recovery_kit.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF, QSizeF
from PySide6.QtGui import QGuiApplication, QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.account_views import Created, ServerPlace
from insomnia_desktop.ui.dialogs.recovery_key_page import RecoveryKeyPage
from insomnia_desktop.ui.dialogs.sign_in_dialog import CREATE, SignInDialog
from insomnia_desktop.ui.viewmodels import recovery_kit
from insomnia_desktop.ui.viewmodels.sign_in_form import KeyToKeep
from insomnia_desktop.ui.widgets.copy_line import CopyLine
from insomnia_desktop.ui.widgets.fields import LineField
from tests.gui.dialogs.account_stage import AccountStage, Key, accounts, desk, focused, hosting
from tests.support.fake_accounts import EMAIL, FOR_OTHERS, RECOVERY_KEY, SERVER, SIGNED_IN, FakeAccounts, FakeHosting
from tests.support.spoken import nameless_controls

__all__ = ["accounts", "desk", "hosting"]
PASSWORD = "correct horse battery"


def opened(desk: AccountStage) -> SignInDialog:
    dialog = SignInDialog(desk.session, desk.account, desk.host, page=CREATE)
    desk.open(dialog)
    return dialog


def typed(desk: AccountStage, dialog: SignInDialog, *, again: str = PASSWORD) -> None:
    assert focused(dialog).objectName() == "nameEdit"
    desk.type(dialog, "Ada")
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, EMAIL)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, PASSWORD)
    desk.press(dialog, Key.Key_Tab)
    assert focused(dialog).objectName() == "passwordAgainEdit"
    desk.type(dialog, again)


def key_shown(desk: AccountStage) -> SignInDialog:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    desk.asked("create").succeed(Created(SIGNED_IN, RECOVERY_KEY))
    desk.until_idle(dialog)
    return dialog


def said(desk: AccountStage, dialog: QWidget) -> str:
    return desk.part(dialog, "recoveryKeySaid").accessibleName()


def test_an_account_on_this_computer(desk: AccountStage) -> None:
    dialog = opened(desk)
    assert nameless_controls(dialog) == set()
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("create")
    assert asked.given == {"place": ServerPlace("here"), "email": EMAIL, "name": "Ada", "password": PASSWORD}
    asked.step("starting_server")
    desk.qtbot.waitUntil(lambda: desk.part(dialog, "signInProgress").accessibleName() == "Starting the server…")
    asked.succeed(Created(SIGNED_IN, RECOVERY_KEY))
    desk.until_idle(dialog)
    assert focused(dialog).objectName() == "recoveryKeyView"
    done = desk.button(dialog, "doneButton")
    assert not done.isEnabled()
    desk.press(dialog, Key.Key_Escape)
    assert dialog.isVisible()
    assert said(desk, dialog) == "Keep the key first, then tick the box: it is not shown again."
    assert focused(dialog).objectName() == "recoveryKeptBox"
    desk.press(dialog, Key.Key_Space)
    assert done.isEnabled()
    with desk.qtbot.waitSignal(dialog.signed_in):
        desk.press(dialog, Key.Key_Return)
    assert not dialog.isVisible()


def test_tab_visits_everything_from_top_to_bottom(desk: AccountStage) -> None:
    dialog = opened(desk)
    assert desk.focus_chain(dialog) == [
        "nameEdit",
        "emailEdit",
        "passwordEdit",
        "passwordAgainEdit",
        "cancelButton",
        "createAccountButton",
        "showPasswordButton",
        "",
        "onThisComputerCard",
        "otherDevicesBox",
    ]


def test_an_account_on_a_server(desk: AccountStage) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.part(dialog, "onThisComputerCard").setFocus()
    desk.press(dialog, Key.Key_Right)
    server = desk.field(dialog, "serverEdit")
    server.setFocus()
    desk.type(dialog, SERVER)
    desk.press(dialog, Key.Key_Return)
    assert desk.asked("create").given["place"] == ServerPlace("there", SERVER)
    desk.asked("create").fail("account.email_taken")
    desk.until_idle(dialog)
    assert focused(dialog).objectName() == "emailEdit"
    assert server.text() == SERVER


def test_a_server_that_wants_an_invitation_is_given_one(desk: AccountStage) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.click(dialog, "onAServerCard")
    assert not dialog.findChild(QWidget, "invitationEdit").isVisible()  # type: ignore[union-attr]
    desk.field(dialog, "serverEdit").setFocus()
    desk.type(dialog, SERVER)
    desk.press(dialog, Key.Key_Return)
    desk.asked("create").fail("account.invite_invalid")
    desk.until_idle(dialog)
    assert focused(dialog).objectName() == "invitationEdit"
    assert desk.error(dialog)
    desk.type(dialog, "AAAAAAAAAAAAAAAAAAAAAA")
    desk.press(dialog, Key.Key_Return)
    assert desk.asked("create").given["place"] == ServerPlace("there", SERVER, False, "AAAAAAAAAAAAAAAAAAAAAA")


def test_passwords_that_differ_are_not_sent(desk: AccountStage, accounts: FakeAccounts) -> None:
    dialog = opened(desk)
    typed(desk, dialog, again="correct hoarse")
    desk.press(dialog, Key.Key_Return)
    assert not accounts.asked
    assert desk.error(dialog) == "The two passwords differ."
    assert focused(dialog).objectName() == "passwordAgainEdit"


def test_strength_and_sameness_are_shown_while_typing(desk: AccountStage, accounts: FakeAccounts) -> None:
    dialog = opened(desk)
    accounts.score = 4
    typed(desk, dialog)
    page = dialog.page
    pair = page.pair  # type: ignore[union-attr]
    desk.qtbot.waitUntil(lambda: pair.meter.word() == "Very strong")
    assert accounts.measured[-1][0] == PASSWORD
    assert EMAIL in accounts.measured[-1][1]
    assert "Ada" in accounts.measured[-1][1]
    assert PASSWORD not in accounts.measured[-1][1]
    assert pair.same.accessibleName() == "Both passwords are the same"
    desk.field(dialog, "passwordEdit").clear()
    assert pair.meter.word() == ""
    assert pair.same.accessibleName() == ""


def test_a_password_that_would_not_be_taken_is_told_while_typing(desk: AccountStage, accounts: FakeAccounts) -> None:
    dialog = opened(desk)
    accounts.too_short = True
    typed(desk, dialog)
    pair = dialog.page.pair  # type: ignore[union-attr]
    desk.qtbot.waitUntil(lambda: pair.meter.word() == "Too short: at least 10 characters")
    height = dialog.sizeHint().height()
    desk.press(dialog, Key.Key_Return)
    desk.asked("create").fail("account.bad_password_length", least=10, most=1024)
    desk.until_idle(dialog)
    assert not pair.meter.isVisible()  # the sentence stands in its place
    assert dialog.sizeHint().height() - height < 40


def test_one_eye_shows_both(desk: AccountStage) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.click(dialog, "showPasswordButton")
    assert focused(dialog).objectName() == "passwordEdit"  # who looks at it goes on typing
    assert desk.field(dialog, "passwordEdit").displayText() == PASSWORD
    assert desk.field(dialog, "passwordAgainEdit").displayText() == PASSWORD
    desk.click(dialog, "showPasswordButton")
    assert PASSWORD not in desk.field(dialog, "passwordEdit").displayText()


def test_other_devices_get_an_address_and_a_needless_server_is_stopped(
    desk: AccountStage, hosting: FakeHosting
) -> None:
    dialog = opened(desk)
    desk.part(dialog, "otherDevicesBox").setFocus()
    desk.press(dialog, Key.Key_Space)
    desk.qtbot.waitUntil(lambda: any(line.isVisible() for line in dialog.findChildren(CopyLine)))
    line = dialog.findChildren(CopyLine)[0]
    assert line.value() == FOR_OTHERS
    desk.qtbot.mouseClick(line.copy_button, desk_left())
    assert QGuiApplication.clipboard().text() == FOR_OTHERS
    desk.press(dialog, Key.Key_Escape)
    assert hosting.calls == ["start True", "stop"]


def desk_left() -> object:
    from PySide6.QtCore import Qt

    return Qt.MouseButton.LeftButton


def test_not_letting_them_in_after_all_stops_the_server(desk: AccountStage, hosting: FakeHosting) -> None:
    dialog = opened(desk)
    desk.click(dialog, "otherDevicesBox")
    desk.qtbot.waitUntil(lambda: any(line.isVisible() for line in dialog.findChildren(CopyLine)))
    desk.click(dialog, "otherDevicesBox")
    assert hosting.calls == ["start True", "stop"]
    assert not any(line.isVisible() for line in dialog.findChildren(CopyLine))


def test_a_server_that_does_not_start_says_why(desk: AccountStage, hosting: FakeHosting) -> None:
    hosting.problem = KnownError("account.port_taken", port=8443)
    dialog = opened(desk)
    desk.click(dialog, "otherDevicesBox")
    desk.qtbot.waitUntil(lambda: desk.account.hosting_problem != "")
    assert desk.part(dialog, "hostingError").accessibleName() == desk.account.hosting_problem


@pytest.mark.parametrize("code", ["account.port_taken", "account.server_did_not_start"])
def test_a_problem_of_the_place_stands_under_the_cards(desk: AccountStage, code: str) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    desk.asked("create").fail(code, port=8443)
    desk.until_idle(dialog)
    error = desk.part(dialog, "signInError")
    assert (
        error.mapTo(dialog, error.rect().bottomLeft()).y()
        < desk.part(dialog, "nameEdit").mapTo(dialog, error.rect().topLeft()).y()
    )
    assert not [field for field in dialog.findChildren(LineField) if field.is_wrong()]


def test_cancel_while_the_keys_are_made(desk: AccountStage) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    desk.asked("create").step("making_keys")
    desk.press(dialog, Key.Key_Space)
    assert desk.asked("create").cancelled
    desk.until_idle(dialog)
    assert desk.field(dialog, "passwordAgainEdit").text() == PASSWORD


def test_the_key_can_be_copied(desk: AccountStage) -> None:
    dialog = key_shown(desk)
    QGuiApplication.clipboard().clear()
    desk.qtbot.keySequence(focused(dialog), "Ctrl+C")
    assert QGuiApplication.clipboard().text() == RECOVERY_KEY
    QGuiApplication.clipboard().clear()
    desk.click(dialog, "copyRecoveryKeyButton")
    assert QGuiApplication.clipboard().text() == RECOVERY_KEY
    assert said(desk, dialog).startswith("Copied.")


def test_the_key_can_be_saved_with_the_key_as_the_last_line(desk: AccountStage, tmp_path: Path) -> None:
    dialog = key_shown(desk)
    page = dialog.page
    assert isinstance(page, RecoveryKeyPage)
    target = tmp_path / "key.txt"
    desk.click(dialog, "saveRecoveryKeyButton")
    chooser = page.findChild(QFileDialog, "recoveryKeySaveDialog")
    assert chooser is not None
    chooser.fileSelected.emit(str(target))
    chooser.reject()
    lines = target.read_text("utf-8").splitlines()
    assert lines[-1] == RECOVERY_KEY
    assert f"E-mail: {EMAIL}" in lines
    assert f"Server: {SERVER}" in lines
    assert target.stat().st_mode & 0o777 == 0o600
    assert said(desk, dialog) == "Saved as key.txt."
    page.save(str(tmp_path / "nowhere" / "key.txt"))
    assert said(desk, dialog).startswith("The key could not be saved there: ")


def test_the_key_can_be_printed(desk: AccountStage) -> None:
    dialog = key_shown(desk)
    desk.click(dialog, "printRecoveryKeyButton")
    printing = dialog.findChild(QDialog, "recoveryKeyPrintDialog")
    assert printing is not None
    assert printing.isVisible()
    printing.reject()
    assert dialog.isVisible()


def test_the_printed_page_holds_the_text(tmp_path: Path) -> None:
    target = tmp_path / "key.pdf"
    writer = QPdfWriter(str(target))
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QSizeF(210, 297), QPageSize.Unit.Millimeter),
            QPageLayout.Orientation.Portrait,
            QMarginsF(20, 20, 20, 20),
        )
    )
    recovery_kit.print_kit(writer, recovery_kit.kit_text(KeyToKeep(RECOVERY_KEY, EMAIL, SERVER), 0))
    del writer
    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_size > 1000
