"""Somebody signed in, with doubles of account and sync behind the window's access to the program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.paths import DataFolder
from tests.support.clock import FixedClock
from tests.support.fake_accounts import SIGNED_IN, FakeAccounts, FakeHosting
from tests.support.fake_syncing import FakeSyncing
from tests.support.sync_stage import SyncStage
from tests.support.ui_session import open_session


@pytest.fixture
def stage(qapp: QApplication, data_folder: DataFolder, clock: FixedClock, qtbot: QtBot) -> Iterator[SyncStage]:
    """A session of somebody signed in."""
    accounts, syncing = FakeAccounts(SIGNED_IN), FakeSyncing()
    with open_session(data_folder, clock, accounts=accounts, hosting=FakeHosting(), syncing=syncing) as session:
        made = SyncStage(session, accounts, syncing, qtbot)
        yield made
        made.close()
