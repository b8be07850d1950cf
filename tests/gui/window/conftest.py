"""The window that tests of sync in the window share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.ui.window.main_window import MainWindow
from tests.support import sample_sync as sample
from tests.support.clock import FixedClock
from tests.support.fake_accounts import SIGNED_IN, FakeAccounts, FakeHosting
from tests.support.fake_syncing import FakeSyncing
from tests.support.sync_window import SyncWindow
from tests.support.ui_session import open_session


@pytest.fixture
def stage(qapp: QApplication, data_folder: DataFolder, qtbot: QtBot) -> Iterator[SyncWindow]:
    accounts, syncing = FakeAccounts(SIGNED_IN), FakeSyncing(sample.UP_TO_DATE)
    clock = FixedClock(sample.MADE_MS + 20_000)
    with open_session(data_folder, clock, accounts=accounts, hosting=FakeHosting(), syncing=syncing) as session:
        window = MainWindow(session)
        syncing.known_workspaces = sample.workspaces(window.workspace.workspace_id)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(window.isActiveWindow)
        yield SyncWindow(window, accounts, syncing, qtbot)
        window.close()
        assert (accounts.listeners(), syncing.listeners()) == (0, 0)
