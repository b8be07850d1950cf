"""What stands in the menu of workspaces beside those that are synced otherwise than the one that is left."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.sync_views import SyncMode, WorkspaceSync
from insomnia_desktop.ui.panes.sidebar.move_menu import MoveMenu
from insomnia_desktop.ui.viewmodels.sidebar_view_model import SidebarViewModel
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.clock import FixedClock
from tests.support.fake_syncing import FakeSyncing
from tests.support.ui_session import open_session

CASES: tuple[tuple[tuple[SyncMode, SyncMode, SyncMode], list[str]], ...] = (
    (("synced", "synced", "this_device"), ["R && D", "Scratch\tNot synced"]),
    (("this_device", "synced", "this_device"), ["R && D\tSynced", "Scratch"]),
    (("this_device", "this_device", "other_account"), ["R && D", "Scratch"]),
)


def test_it_says_which_are_synced_otherwise(
    qapp: QApplication, data_folder: DataFolder, clock: FixedClock, qtbot: QtBot
) -> None:
    syncing = FakeSyncing()
    with open_session(data_folder, clock, syncing=syncing) as session:
        workspace = WorkspaceViewModel(session)
        ids = [workspace.workspace_id]
        for name in ("R & D", "Scratch"):
            workspace_id, made = session.services.workspaces.create(name)
            made.result()
            ids.append(workspace_id)
        rows = SidebarViewModel(session, workspace)
        menu = MoveMenu(rows.moves, [])
        qtbot.addWidget(menu)
        for modes, words in CASES:
            known = zip(ids, modes, strict=True)
            syncing.known_workspaces = tuple(WorkspaceSync(workspace_id, "", mode) for workspace_id, mode in known)
            menu.aboutToShow.emit()
            assert [action.text() for action in menu.actions()] == words
