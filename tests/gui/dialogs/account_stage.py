"""What tests of account dialogs share: a session with doubles, and typing and pressing as a person does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.widgets.icon_line import IconLine
from tests.gui.dialogs.stage import Stage
from tests.support.clock import FixedClock
from tests.support.fake_accounts import Asked, FakeAccounts, FakeHosting
from tests.support.ui_session import open_session

Key = Qt.Key


class AccountStage:
    """A window of 1280 x 800 whose account service is a double."""

    def __init__(self, session: UiSession, qtbot: QtBot, accounts: FakeAccounts, hosting: FakeHosting) -> None:
        self.session, self.qtbot, self.accounts, self.hosting = session, qtbot, accounts, hosting
        self.stage = Stage(qtbot)
        self.host = self.stage.host
        self.account = AccountViewModel(session)

    def open(self, dialog: QDialog) -> None:
        """Open a dialog as the window does."""
        self.stage.open(dialog)

    def part(self, dialog: QWidget, name: str) -> QWidget:
        """Return the visible part of that name, of which there must be one."""
        found = [each for each in dialog.findChildren(QWidget, name) if each.isVisible()]
        assert len(found) == 1, (name, len(found))
        return found[0]

    def field(self, dialog: QWidget, name: str) -> QLineEdit:
        """Return a visible field."""
        found = self.part(dialog, name)
        assert isinstance(found, QLineEdit)
        return found

    def button(self, dialog: QWidget, name: str) -> QAbstractButton:
        """Return a visible button."""
        found = self.part(dialog, name)
        assert isinstance(found, QAbstractButton)
        return found

    def error(self, dialog: QWidget) -> str:
        """Return the sentence about what is wrong, or ""."""
        found = [each for each in dialog.findChildren(IconLine, "signInError") if each.isVisible()]
        assert len(found) <= 1
        return found[0].text() if found else ""

    def press(self, dialog: QWidget, *keys: Key) -> None:
        """Press keys where the focus is."""
        for key in keys:
            self.qtbot.keyClick(focused(dialog), key)

    def type(self, dialog: QWidget, text: str) -> None:
        """Type where the focus is."""
        self.qtbot.keyClicks(focused(dialog), text)

    def click(self, dialog: QWidget, name: str) -> None:
        """Click a control."""
        target = self.part(dialog, name)
        self.qtbot.mouseClick(target, Qt.MouseButton.LeftButton, pos=QPoint(8, target.height() // 2))

    def asked(self, name: str) -> Asked:
        """Return the newest deed, which must be of that name."""
        assert self.accounts.asked, "nothing was asked"
        assert self.accounts.last.name == name
        return self.accounts.last

    def until_idle(self, dialog: object) -> None:
        """Wait until the deed of a dialog has ended."""
        deed = dialog.deed  # type: ignore[attr-defined]
        self.qtbot.waitUntil(lambda: not deed.is_running)

    def focus_chain(self, dialog: QDialog) -> list[str]:
        """Return the names in the order in which Tab visits them, from where the focus is."""
        first, names = focused(dialog), []
        while True:
            names.append(focused(dialog).objectName())
            self.qtbot.keyClick(focused(dialog), Key.Key_Tab)
            if focused(dialog) is first or len(names) > 30:
                return names

    def close(self) -> None:
        """Take everything away."""
        self.account.close()
        self.stage.close()
        self.account.deleteLater()


def focused(dialog: QWidget) -> QWidget:
    """Return what has the focus."""
    found = QApplication.focusWidget()
    return found if found is not None else dialog


@pytest.fixture
def accounts() -> FakeAccounts:
    """The double of the account service, signed out."""
    return FakeAccounts()


@pytest.fixture
def hosting() -> FakeHosting:
    """The double of the server on this computer."""
    return FakeHosting()


@pytest.fixture
def desk(
    qapp: QApplication,
    data_folder: DataFolder,
    clock: FixedClock,
    qtbot: QtBot,
    accounts: FakeAccounts,
    hosting: FakeHosting,
) -> Iterator[AccountStage]:
    """The stage, closed before the store is."""
    with open_session(data_folder, clock, accounts=accounts, hosting=hosting) as session:
        made = AccountStage(session, qtbot, accounts, hosting)
        yield made
        made.close()
