"""A window with doubles of account and sync behind it, and what tests ask of it."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.services.sync_views import SyncStatus
from insomnia_desktop.ui.window.main_window import MainWindow
from tests.support.fake_accounts import FakeAccounts
from tests.support.fake_syncing import FakeSyncing


class SyncWindow:
    """A window with doubles behind it."""

    def __init__(self, window: MainWindow, accounts: FakeAccounts, syncing: FakeSyncing, qtbot: QtBot) -> None:
        self.window, self.accounts, self.syncing, self.qtbot = window, accounts, syncing, qtbot
        self.sync = window.sync

    def become(self, status: SyncStatus) -> None:
        """Bring sync into a state, and wait until the window knows."""
        self.syncing.become(status)
        self.qtbot.waitUntil(lambda: self.sync.view_model.status == status)

    def request(self, name: str = "Create order") -> str:
        """Make a request."""
        services = self.window.session.services
        request_id, future = services.documents.create_request(
            self.window.workspace.workspace_id, None, fields={"name": name, "method": "POST"}
        )
        future.result()
        self.qtbot.waitUntil(lambda: self.window.sidebar.view_model.model.index_of(request_id).isValid())
        return request_id

    def page(self, kind: type[QWidget]) -> QWidget:
        """Return the page over request and response, which is of a kind."""
        found = self.window.panes.page()
        assert isinstance(found, kind)
        return found

    def press(self, name: str) -> None:
        """Click a visible button of the window."""
        (button,) = [each for each in self.window.findChildren(QAbstractButton, name) if each.isVisible()]
        button.click()

    def dialog(self, name: str) -> QDialog:
        """Return the dialog that is open."""
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in self.window.findChildren(QDialog, name)))
        return next(each for each in self.window.findChildren(QDialog, name) if each.isVisible())


def keys(window: MainWindow, sequence: str) -> None:
    """Press keys where the focus is."""
    QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(sequence))
