"""Somebody signed in, with doubles of account and sync behind the pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.paths import DataFolder
from tests.support.clock import FixedClock
from tests.support.fake_accounts import SIGNED_IN, FakeAccounts, FakeHosting
from tests.support.fake_syncing import FakeSyncing
from tests.support.sample_sync import MADE_MS, UP_TO_DATE, workspaces
from tests.support.sync_stage import SyncStage
from tests.support.ui_session import open_session


@pytest.fixture
def stage(qapp: QApplication, data_folder: DataFolder, qtbot: QtBot) -> Iterator[SyncStage]:
    """A session of somebody whose workspace is backed up."""
    accounts, syncing = FakeAccounts(SIGNED_IN), FakeSyncing(UP_TO_DATE)
    clock = FixedClock(MADE_MS + 20_000)
    with open_session(data_folder, clock, accounts=accounts, hosting=FakeHosting(), syncing=syncing) as session:
        made = SyncStage(session, accounts, syncing, qtbot)
        syncing.known_workspaces = workspaces(made.workspace.workspace_id)
        yield made
        made.close()
