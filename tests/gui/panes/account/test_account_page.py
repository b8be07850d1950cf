"""The account page: panes.account.account_page and account_rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.account_views import AccountState, DeviceView, HostingStatus
from insomnia_desktop.ui.panes.account.account_page import AccountPage
from insomnia_desktop.ui.panes.account.account_rows import FactRow, kind_words, seen_words
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.widgets.copy_line import CopyLine
from insomnia_desktop.ui.widgets.labels import WrappedLabel
from tests.support.clock import FixedClock
from tests.support.fake_accounts import (
    DEVICES,
    EMAIL,
    FOR_OTHERS,
    HOSTED,
    SERVER,
    SIGNED_IN,
    FakeAccounts,
    FakeHosting,
)
from tests.support.spoken import nameless_controls
from tests.support.ui_session import open_session


class Shown:
    """The page in a window, with the doubles behind it."""

    def __init__(self, page: AccountPage, account: AccountViewModel, accounts: FakeAccounts, hosting: FakeHosting):
        self.page, self.account, self.accounts, self.hosting = page, account, accounts, hosting

    def button(self, name: str) -> QAbstractButton:
        """Return the visible button of a name."""
        (found,) = [each for each in self.page.findChildren(QAbstractButton, name) if each.isVisible()]
        return found

    def is_shown(self, name: str) -> bool:
        """Say whether a part of that name is visible."""
        return any(each.isVisible() for each in self.page.findChildren(QWidget, name))

    def facts(self) -> list[str]:
        """Return what is said of the account."""
        return [row.accessibleName() for row in self.page.findChildren(FactRow) if row.isVisible()]

    def words(self) -> str:
        """Return every text on the page."""
        return "\n".join(label.text() for label in self.page.findChildren(QLabel) if label.isVisible())


@pytest.fixture
def shown(qapp: QApplication, data_folder: DataFolder, clock: FixedClock, qtbot: QtBot) -> Iterator[Shown]:
    """The page of somebody on a server."""
    accounts, hosting = FakeAccounts(SIGNED_IN), FakeHosting()
    with open_session(data_folder, clock, accounts=accounts, hosting=hosting) as session:
        account = AccountViewModel(session)
        page = AccountPage(session, account)
        qtbot.addWidget(page)
        page.resize(1024, 800)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        yield Shown(page, account, accounts, hosting)
        account.close()
        page.close()


def test_who_is_signed_in_and_where(shown: Shown, qtbot: QtBot) -> None:
    assert shown.facts() == [f"E-mail: {EMAIL}", "Name: Ada Lindqvist", f"Server: {SERVER}"]
    assert "Signed in\n" in shown.words()
    assert "Local only" not in shown.words()
    assert nameless_controls(shown.page) == set()
    with qtbot.waitSignal(shown.account.status_changed):
        shown.accounts.become(msgspec.structs.replace(SIGNED_IN, name="", recovery=False))
    qtbot.waitUntil(lambda: "Name: none given" in shown.facts())
    assert shown.button("recoveryKeyRowButton").text() == "Make one…"


def test_the_box_keeps_the_focus_while_the_server_starts(shown: Shown, qtbot: QtBot) -> None:
    """A box that rests would hand it to the next button, and a Space would press that."""
    hosted(shown, qtbot)
    box = shown.page.others_box
    box.setFocus(Qt.FocusReason.TabFocusReason)
    shown.account.hosting_deed.running_changed.emit(True)
    assert (box.isEnabled(), box.hasFocus()) == (True, True)
    shown.account.hosting_deed.running_changed.emit(False)


def test_devices_and_sign_out_are_elsewhere_and_named(shown: Shown, qtbot: QtBot) -> None:
    shown.account.load_devices()
    qtbot.waitUntil(lambda: shown.account.devices == DEVICES)
    assert not shown.is_shown("revokeDeviceButton")
    assert not shown.is_shown("signOutRowButton")
    assert "Devices and signing out" in shown.words()


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("changePasswordRowButton", "password_wanted"),
        ("recoveryKeyRowButton", "recovery_key_wanted"),
        ("openDevicesButton", "devices_wanted"),
        ("deleteAccountRowButton", "delete_wanted"),
        ("closePageButton", "closed"),
    ],
)
def test_every_deed_has_its_button(shown: Shown, qtbot: QtBot, name: str, signal: str) -> None:
    with qtbot.waitSignal(getattr(shown.page, signal)):
        qtbot.mouseClick(shown.button(name), Qt.MouseButton.LeftButton)


def test_escape_goes_back_from_wherever_the_focus_is(shown: Shown, qtbot: QtBot) -> None:
    shown.page.focus_first()
    with qtbot.waitSignal(shown.page.closed):
        qtbot.keyClick(shown.button("closePageButton"), Qt.Key.Key_Escape)
    with qtbot.waitSignal(shown.page.closed):
        qtbot.keyClick(shown.button("openDevicesButton"), Qt.Key.Key_Escape)
    with qtbot.assertNotEmitted(shown.page.closed):
        qtbot.keyClick(shown.button("closePageButton"), Qt.Key.Key_A)


def test_the_server_on_this_computer_is_only_there_for_who_has_one(shown: Shown, qtbot: QtBot) -> None:
    assert not shown.is_shown("otherDevicesBox")
    shown.hosting.current = HostingStatus(True, 8443, HOSTED)
    with qtbot.waitSignal(shown.account.status_changed):
        shown.accounts.become(msgspec.structs.replace(SIGNED_IN, hosted_here=True, server=f"{HOSTED}#pin"))
    qtbot.waitUntil(lambda: f"Server: On this computer, {HOSTED}" in shown.facts())
    assert not shown.page.others_box.isChecked()
    assert not shown.is_shown("otherDevicesAddress")
    note = shown.page.findChild(WrappedLabel, "hostingNote")
    assert note is not None
    assert "signs in again" in note.text()
    with qtbot.waitSignal(shown.account.hosting_changed):
        qtbot.keyClick(shown.page.others_box, Qt.Key.Key_Space)
    line = shown.page.findChild(CopyLine, "otherDevicesAddress")
    assert line is not None
    assert line.isVisible()
    assert "signs in again with this one" in note.text()
    with qtbot.waitSignal(shown.page.notice_requested):
        line.copy_button.click()
    assert QGuiApplication.clipboard().text() == FOR_OTHERS
    with qtbot.waitSignal(shown.account.hosting_changed):
        qtbot.keyClick(shown.page.others_box, Qt.Key.Key_Space)
    assert shown.hosting.calls == ["start True", "start False"]
    assert not shown.is_shown("otherDevicesAddress")


def hosted(shown: Shown, qtbot: QtBot) -> None:
    shown.hosting.current = HostingStatus(True, 8443, HOSTED, True, FOR_OTHERS)
    with qtbot.waitSignal(shown.account.status_changed):
        shown.accounts.become(msgspec.structs.replace(SIGNED_IN, hosted_here=True, server=HOSTED))


def test_the_address_can_be_kept_as_a_file(shown: Shown, qtbot: QtBot, tmp_path: Path) -> None:
    hosted(shown, qtbot)
    shown.account.hosting_changed.emit()
    shown.button("saveAddressButton").click()
    chooser = shown.page.findChild(QFileDialog, "saveAddressDialog")
    assert chooser is not None
    with qtbot.waitSignal(shown.page.notice_requested) as told:
        chooser.fileSelected.emit(str(tmp_path / "address.txt"))
    chooser.reject()
    assert told.args[0] == "Saved as address.txt."
    assert shown.hosting.shared == [tmp_path / "address.txt"]


def test_a_server_that_does_not_start_says_why(shown: Shown, qtbot: QtBot) -> None:
    hosted(shown, qtbot)
    shown.hosting.problem = KnownError("account.port_taken", port=8443)
    with qtbot.waitSignal(shown.account.hosting_changed):
        shown.account.let_others_in(True)
    assert shown.is_shown("hostingError")


def test_in_a_small_window_the_columns_stand_under_each_other(shown: Shown) -> None:
    def left_of(name: str) -> int:
        button = shown.button(name)
        return button.mapTo(shown.page, button.rect().topLeft()).x()

    fact = shown.page.findChildren(FactRow)[0]
    assert fact.width() < 512
    shown.page.resize(640, 560)
    QApplication.sendPostedEvents()
    assert fact.width() > 580
    assert left_of("changePasswordRowButton") > 400
    assert shown.page.minimumSizeHint().width() <= 400


def test_a_state_without_keys_is_told_in_the_head(shown: Shown, qtbot: QtBot) -> None:
    with qtbot.waitSignal(shown.account.status_changed):
        shown.accounts.become(msgspec.structs.replace(SIGNED_IN, state=AccountState.SIGNED_OUT_ELSEWHERE))
    assert "Signed out elsewhere" in shown.words()


@pytest.mark.parametrize(
    ("platform", "client", "words"),
    [
        ("linux", "insomnia-desktop/1.4.0", "Linux, version 1.4.0"),
        ("macos", "insomnia-desktop/1.4.0 (x)", "macOS, version 1.4.0"),
        ("windows", "another/2", "Windows, another/2"),
        ("other", "", "Another system"),
    ],
)
def test_what_a_device_is(platform: str, client: str, words: str) -> None:
    assert kind_words(DeviceView("d", "D", platform, client, 0, 0, False)) == words


def test_a_device_that_may_be_in_use_is_not_said_to_be_away() -> None:
    hour, now = 3_600_000, 100 * 86_400_000
    seen = [(now - 2 * 60_000, False), (now - hour + 1, False), (now - hour, False), (now - 5 * hour, True)]
    assert [seen_words(DeviceView("d", "D", "linux", "", 0, at, current), now) for at, current in seen] == [
        "In the last hour", "In the last hour", "1 hour ago", "Now",
    ]  # fmt: skip
