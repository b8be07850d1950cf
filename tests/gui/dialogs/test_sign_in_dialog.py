"""Signing in by keyboard, about dialogs.sign_in_dialog, sign_in_pages, form_dialog, form_page and form_fields."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog

from insomnia_desktop.services.account_views import AccountState, AccountStatus
from insomnia_desktop.ui.dialogs.recovery_key_page import RecoveryKeyPage
from insomnia_desktop.ui.dialogs.sign_in_dialog import CREATE, RECOVER, SIGN_IN, UNLOCK, SignInDialog
from insomnia_desktop.ui.viewmodels.account_words import signed_out_words
from insomnia_desktop.ui.widgets.icon_line import IconLine
from tests.gui.dialogs.account_stage import AccountStage, Key, accounts, desk, focused, hosting
from tests.support.fake_accounts import EMAIL, FOR_OTHERS, RECOVERY_KEY, SERVER, SIGNED_IN, FakeAccounts
from tests.support.spoken import nameless_controls, spoken_name
from tests.support.sync_stage import words as words_of

__all__ = ["accounts", "desk", "hosting"]
PASSWORD = "correct horse battery"


def opened(desk: AccountStage, page: str = SIGN_IN) -> SignInDialog:
    dialog = SignInDialog(desk.session, desk.account, desk.host, page=page)
    desk.open(dialog)
    return dialog


def typed(desk: AccountStage, dialog: SignInDialog) -> None:
    """Type server, e-mail and password, from field to field."""
    desk.type(dialog, SERVER)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, EMAIL)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, PASSWORD)


def test_signing_in_by_keyboard_alone(desk: AccountStage) -> None:
    dialog = opened(desk)
    assert focused(dialog).objectName() == "serverEdit"
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("sign_in")
    assert asked.given == {"server": SERVER, "email": EMAIL, "password": PASSWORD}
    assert dialog.progress.isVisible()
    with desk.qtbot.waitSignal(dialog.signed_in):
        asked.succeed(SIGNED_IN)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert not dialog.isVisible()


def test_a_long_address_shows_its_host_when_the_caret_is_elsewhere(desk: AccountStage) -> None:
    """What other devices copy ends in a pin that is longer than the field."""
    dialog = opened(desk)
    field = desk.field(dialog, "serverEdit")
    desk.type(dialog, FOR_OTHERS)
    assert field.cursorPosition() == len(FOR_OTHERS)
    desk.press(dialog, Key.Key_Tab)
    assert field.cursorPosition() == 0
    field.setText(FOR_OTHERS)
    assert field.cursorPosition() == 0


def test_the_parts_have_their_names_and_can_be_spoken(desk: AccountStage) -> None:
    dialog = opened(desk)
    assert dialog.objectName() == "signInDialog"
    for name, words in (
        ("serverEdit", "Server"),
        ("emailEdit", "E-mail"),
        ("passwordEdit", "Password"),
        ("signInButton", "Sign in"),
    ):
        assert spoken_name(desk.part(dialog, name)) == words
    assert nameless_controls(dialog) == set()
    assert dialog.windowTitle() == "Sign in"


def test_tab_visits_everything_from_top_to_bottom(desk: AccountStage) -> None:
    dialog = opened(desk)
    assert desk.focus_chain(dialog) == [
        "serverEdit",
        "emailEdit",
        "passwordEdit",
        "useRecoveryKeyButton",
        "cancelButton",
        "signInButton",
        "showPasswordButton",
        "",
    ]


def test_what_is_known_is_there_and_the_caret_is_in_the_first_empty_field(
    desk: AccountStage, accounts: FakeAccounts
) -> None:
    accounts.become(AccountStatus(AccountState.SIGNED_OUT_ELSEWHERE, EMAIL, server=SERVER))
    desk.qtbot.waitUntil(lambda: desk.account.status.email == EMAIL)
    dialog = opened(desk)
    assert desk.field(dialog, "serverEdit").text() == SERVER
    assert desk.field(dialog, "emailEdit").text() == EMAIL
    assert focused(dialog).objectName() == "passwordEdit"


@pytest.mark.parametrize(
    ("code", "field"),
    [
        ("account.wrong_credentials", "passwordEdit"),
        ("account.too_many_tries", "passwordEdit"),
        ("account.bad_address", "serverEdit"),
        ("account.server_unreachable", "serverEdit"),
        ("account.not_a_sync_server", "serverEdit"),
        ("account.newer_protocol", "serverEdit"),
        ("account.server_too_old", "serverEdit"),
        ("account.bad_email", "emailEdit"),
        ("account.signed_in_already", "emailEdit"),
    ],
)
def test_an_error_marks_its_field_and_loses_nothing(desk: AccountStage, code: str, field: str) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    desk.asked("sign_in").fail(code, minutes=15, address=SERVER, email="grace@example.com")
    desk.until_idle(dialog)
    error = desk.error(dialog)
    assert error
    if code == "account.signed_in_already":
        # What cannot be done here is said with where it can.
        assert error.endswith("is signed in on this computer. Sign out first; everything here is kept.")
    marked = [
        name
        for name in ("serverEdit", "emailEdit", "passwordEdit")
        if desk.field(dialog, name).is_wrong()  # type: ignore[attr-defined]
    ]
    assert marked == [field]
    assert focused(dialog).objectName() == field
    assert focused(dialog).accessibleDescription() == desk.error(dialog)
    assert desk.field(dialog, "serverEdit").text() == SERVER
    assert desk.field(dialog, "emailEdit").text() == EMAIL
    assert desk.field(dialog, "passwordEdit").text() == PASSWORD
    assert not dialog.progress.isVisible()
    desk.press(dialog, Key.Key_End, Key.Key_X)
    assert desk.error(dialog) == ""
    assert not desk.field(dialog, field).is_wrong()  # type: ignore[attr-defined]


def test_an_error_that_belongs_to_no_field_stands_over_the_buttons(desk: AccountStage) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    desk.asked("sign_in").fail("account.keyring_unavailable")
    desk.until_idle(dialog)
    error = desk.part(dialog, "signInError")
    assert desk.error(dialog)
    assert error.mapTo(dialog, error.rect().topLeft()).y() > desk.part(dialog, "passwordEdit").y()
    assert focused(dialog).objectName() == "passwordEdit"


def test_the_steps_are_told_and_after_a_second_the_time_too(desk: AccountStage) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    line = desk.part(dialog, "signInProgress")
    assert isinstance(line, IconLine)
    asked = desk.asked("sign_in")
    promise = line.text()
    for step, words in (
        ("connecting", "Asking the server…"),
        ("deriving", "Making keys from your password…"),
        ("proving", "Proving the password without sending it…"),
        ("storing", "Keeping your keys on this computer…"),
    ):
        asked.step(step)
        desk.qtbot.waitUntil(lambda words=words: line.text() == words)  # type: ignore[misc]
    desk.session.clock.advance(2_000)  # type: ignore[attr-defined]
    desk.qtbot.waitUntil(lambda: line.text().endswith(" 2.0 s"))
    asked.fail("account.wrong_credentials")
    desk.until_idle(dialog)
    assert line.text() == promise


@pytest.mark.parametrize("step", ["connecting", "deriving", "proving", "storing"])
def test_escape_stops_the_deed_at_every_step_and_leaves_what_was_typed(desk: AccountStage, step: str) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("sign_in")
    asked.step(step)
    assert focused(dialog).objectName() == "cancelButton"
    assert not desk.part(dialog, "passwordEdit").isEnabled()
    desk.press(dialog, Key.Key_Escape)
    assert asked.cancelled
    desk.until_idle(dialog)
    assert dialog.isVisible()
    assert desk.error(dialog) == ""
    assert desk.field(dialog, "passwordEdit").text() == PASSWORD
    assert focused(dialog).objectName() == "passwordEdit"
    desk.press(dialog, Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_deed_that_was_done_before_the_cancel_came_is_done(desk: AccountStage, accounts: FakeAccounts) -> None:
    accounts.cancels = False
    dialog = opened(desk)
    typed(desk, dialog)
    desk.press(dialog, Key.Key_Return, Key.Key_Escape)
    with desk.qtbot.waitSignal(dialog.signed_in):
        desk.asked("sign_in").succeed(SIGNED_IN)
    assert not dialog.isVisible()


def test_the_halves_share_what_was_typed(desk: AccountStage) -> None:
    dialog = opened(desk)
    typed(desk, dialog)
    dialog.show_page(CREATE)
    assert desk.field(dialog, "emailEdit").text() == EMAIL
    assert desk.field(dialog, "passwordEdit").text() == PASSWORD
    assert dialog.switch.current() == CREATE
    assert dialog.windowTitle() == "Create account"
    desk.field(dialog, "emailEdit").setText("other@shop.example")
    dialog.show_page(SIGN_IN)
    assert desk.field(dialog, "serverEdit").text() == SERVER
    assert desk.field(dialog, "emailEdit").text() == "other@shop.example"


def test_arrow_keys_change_the_half(desk: AccountStage) -> None:
    dialog = opened(desk)
    desk.qtbot.keyClick(focused(dialog), Key.Key_Backtab)
    desk.press(dialog, Key.Key_Right)
    assert desk.button(dialog, "createAccountButton").isVisible()


def test_who_was_signed_out_elsewhere_is_told_why_and_what_stays(desk: AccountStage, accounts: FakeAccounts) -> None:
    dialog = opened(desk)
    assert "Nothing is replaced." in words_of(dialog)
    dialog.close()
    accounts.become(AccountStatus(AccountState.SIGNED_OUT_ELSEWHERE, EMAIL, server=SERVER))
    desk.qtbot.waitUntil(lambda: desk.account.status.email == EMAIL)
    dialog = opened(desk)
    assert signed_out_words() in words_of(dialog)
    assert focused(dialog).objectName() == "passwordEdit"


def test_unlocking_asks_for_the_password_alone(desk: AccountStage, accounts: FakeAccounts) -> None:
    accounts.become(AccountStatus(AccountState.LOCKED, EMAIL, server=SERVER))
    desk.qtbot.waitUntil(lambda: desk.account.status.email == EMAIL)
    dialog = opened(desk, UNLOCK)
    assert not dialog.switch.isVisible()
    assert focused(dialog).objectName() == "passwordEdit"
    assert nameless_controls(dialog) == set()
    desk.type(dialog, PASSWORD)
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("unlock")
    assert asked.given == {"password": PASSWORD}
    assert focused(dialog).objectName() == "cancelButton"
    asked.fail("account.wrong_credentials")
    desk.until_idle(dialog)
    assert desk.error(dialog) == "The password is wrong."
    assert desk.button(dialog, "workOfflineButton").isVisible()
    desk.press(dialog, Key.Key_Return)
    asked = desk.asked("unlock")
    with desk.qtbot.waitSignal(dialog.signed_in):
        asked.succeed(SIGNED_IN)


def test_working_offline_instead(desk: AccountStage, accounts: FakeAccounts) -> None:
    accounts.become(AccountStatus(AccountState.LOCKED, EMAIL, server=SERVER))
    dialog = opened(desk, UNLOCK)
    desk.press(dialog, Key.Key_Tab, Key.Key_Tab)
    assert focused(dialog).objectName() == "workOfflineButton"
    desk.press(dialog, Key.Key_Space)
    assert accounts.status().state == AccountState.WORK_OFFLINE
    assert not dialog.isVisible()


def test_who_forgot_the_password_of_locked_keys_uses_the_recovery_key(
    desk: AccountStage, accounts: FakeAccounts
) -> None:
    accounts.become(AccountStatus(AccountState.LOCKED, EMAIL, server=SERVER))
    desk.qtbot.waitUntil(lambda: desk.account.status.email == EMAIL)
    dialog = opened(desk, UNLOCK)
    desk.click(dialog, "useRecoveryKeyButton")
    assert desk.field(dialog, "serverEdit").text() == SERVER
    assert focused(dialog).objectName() == "recoveryKeyEdit"


def recovering(desk: AccountStage, server: str = SERVER) -> SignInDialog:
    dialog = opened(desk)
    desk.type(dialog, server)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, EMAIL)
    desk.press(dialog, Key.Key_Tab, Key.Key_Tab)
    assert focused(dialog).objectName() == "useRecoveryKeyButton"
    desk.press(dialog, Key.Key_Space)
    assert focused(dialog).objectName() == "recoveryKeyEdit"
    desk.type(dialog, RECOVERY_KEY)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, PASSWORD)
    desk.press(dialog, Key.Key_Tab)
    desk.type(dialog, PASSWORD)
    desk.press(dialog, Key.Key_Return)
    return dialog


def test_recovering_shows_the_next_key_and_then_signs_in(desk: AccountStage) -> None:
    dialog = recovering(desk)
    asked = desk.asked("recover")
    assert asked.given["recovery_key"] == RECOVERY_KEY
    assert asked.given["new_password"] == PASSWORD
    asked.given["before_sending"]("NEXT-KEY0")
    asked.succeed("NEXT-KEY0")
    desk.until_idle(dialog)
    assert desk.part(dialog, "recoveryKeyView").accessibleDescription() == "N E X T, K E Y 0"
    desk.click(dialog, "recoveryKeptBox")
    desk.click(dialog, "doneButton")
    again = desk.asked("sign_in")
    assert again.given == {"server": SERVER, "email": EMAIL, "password": PASSWORD}
    with desk.qtbot.waitSignal(dialog.signed_in):
        again.succeed(SIGNED_IN)


@pytest.mark.parametrize(
    ("server", "whole"),
    [("127.0.0.1:8443", "http://127.0.0.1:8443"), ("sync.example.com/", "https://sync.example.com"), ("a b", "a b")],
)
def test_the_file_of_the_next_key_names_the_whole_address(
    desk: AccountStage, tmp_path: Path, server: str, whole: str
) -> None:
    dialog = recovering(desk, server)
    desk.asked("recover").given["before_sending"]("NEXT-KEY0")
    desk.asked("recover").succeed("NEXT-KEY0")
    desk.until_idle(dialog)
    assert isinstance(dialog.page, RecoveryKeyPage)
    dialog.page.save(str(tmp_path / "key.txt"))
    assert f"Server: {whole}" in (tmp_path / "key.txt").read_text("utf-8").splitlines()


def test_a_key_whose_answer_was_lost_is_shown_all_the_same(desk: AccountStage) -> None:
    dialog = recovering(desk)
    asked = desk.asked("recover")
    asked.given["before_sending"]("NEXT-KEY0")
    asked.fail("account.server_unreachable", address=SERVER)
    desk.until_idle(dialog)
    assert desk.part(dialog, "recoveryKeyView").accessibleDescription() == "N E X T, K E Y 0"


def test_a_wrong_recovery_key_is_marked(desk: AccountStage) -> None:
    dialog = recovering(desk)
    desk.asked("recover").fail("account.bad_recovery_key")
    desk.until_idle(dialog)
    assert focused(dialog).objectName() == "recoveryKeyEdit"
    assert desk.error(dialog)
    assert desk.field(dialog, "recoveryKeyEdit").text() == RECOVERY_KEY
    desk.click(dialog, "backButton")
    assert desk.field(dialog, "serverEdit").text() == SERVER
    assert dialog.switch.isVisible()


@pytest.mark.parametrize("page", [SIGN_IN, CREATE, UNLOCK, RECOVER])
def test_every_page_fits_into_a_window_of_900_by_600(desk: AccountStage, page: str) -> None:
    dialog = opened(desk, page)
    assert dialog.width() <= 900
    assert dialog.height() <= 600
