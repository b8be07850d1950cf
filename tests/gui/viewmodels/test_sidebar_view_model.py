"""The sidebar's rows follow the store, and its deeds reach it."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sidebar_view_model import SidebarViewModel
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    return WorkspaceViewModel(session)


@pytest.fixture
def rows(session: UiSession, workspace: WorkspaceViewModel) -> SidebarViewModel:
    return SidebarViewModel(session, workspace)


def shown(rows: SidebarViewModel) -> list[str]:
    return [rows.model.tree.row(handle).name for handle in rows.model.tree.descendants(0)]


def test_a_new_request_appears_and_is_chosen(rows: SidebarViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rows.chosen) as chosen:
        made = rows.new_request(None)
    assert chosen.args == [made, False]
    assert shown(rows) == ["New request"]


def test_a_new_folder_is_chosen_for_naming(rows: SidebarViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rows.chosen) as chosen:
        made = rows.new_folder(None)
    assert chosen.args == [made, True]
    rows.rename(made, "Orders")
    qtbot.waitUntil(lambda: shown(rows) == ["Orders"])


def test_a_copied_folder_brings_what_it_holds(rows: SidebarViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rows.chosen):
        folder = rows.new_folder(None)
    with qtbot.waitSignal(rows.chosen):
        rows.new_request(folder)
    with qtbot.waitSignal(rows.chosen):
        rows.duplicate(folder)
    assert shown(rows) == ["New folder", "New request", "New folder copy", "New request"]


def test_deleting_says_what_and_restoring_brings_it_back(rows: SidebarViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rows.chosen):
        folder = rows.new_folder(None)
    with qtbot.waitSignal(rows.chosen):
        request = rows.new_request(folder)
    with qtbot.waitSignal(rows.deleted) as deleted:
        rows.delete([folder, request])
    assert deleted.args == ["Deleted “New folder” with 1 requests", [folder]]
    assert shown(rows) == []
    rows.restore([folder])
    qtbot.waitUntil(lambda: shown(rows) == ["New folder", "New request"])


def test_moving_by_drop(rows: SidebarViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rows.chosen):
        folder = rows.new_folder(None)
    with qtbot.waitSignal(rows.chosen):
        request = rows.new_request(None)
    rows.model.move_requested.emit([request], folder, "")
    qtbot.waitUntil(lambda: rows.model.tree.path(rows.model.tree.handle(request) or 0) == ("New folder",))
    rows.model.move_requested.emit([request], "", folder)
    qtbot.waitUntil(lambda: shown(rows) == ["New request", "New folder"])


def test_what_another_process_writes_is_shown(rows: SidebarViewModel, session: UiSession, qtbot: QtBot) -> None:
    workspace_id = session.services.workspaces.ensure_one()
    session.services.documents.create_request(workspace_id, None, name="From elsewhere")
    qtbot.waitUntil(lambda: shown(rows) == ["From elsewhere"])


def test_open_folders_are_remembered(rows: SidebarViewModel, session: UiSession, workspace: WorkspaceViewModel) -> None:
    rows.set_expanded("fld_1", True)
    rows.set_expanded("fld_2", True)
    rows.set_expanded("fld_2", False)
    rows.remember()
    assert SidebarViewModel(session, workspace).expanded == {"fld_1"}


def test_the_filter_is_told(rows: SidebarViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rows.model.modelReset):
        rows.set_filter("x")
    assert rows.model.tree.filter.active
