"""Moving rows into another workspace: what is said, what is open afterwards, and taking it back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.sync_views import SyncMode, WorkspaceSync
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.request_view_model import RequestViewModel
from insomnia_desktop.ui.viewmodels.sidebar_view_model import SidebarViewModel
from insomnia_desktop.ui.viewmodels.workspace_moves import MoveTarget
from tests.support.quarantine import Hold
from tests.support.sync_stage import SyncStage


class Moving:
    """Two workspaces, the first with a folder that holds a request, and a request beside it."""

    def __init__(self, stage: SyncStage) -> None:
        self.stage, self.services = stage, stage.session.services
        self.here = stage.workspace.workspace_id
        self.there, made = self.services.workspaces.create("Scratch")
        made.result()
        self.rows = SidebarViewModel(stage.session, stage.workspace)
        self.moves = self.rows.moves
        self.folder, made = self.services.documents.create_folder(self.here, None, name="Orders")
        made.result()
        self.inside, made = self.services.documents.create_request(self.here, self.folder, name="List orders")
        made.result()
        self.alone, made = self.services.documents.create_request(self.here, None, name="Health")
        made.result()
        stage.drain()
        self.told: list[tuple[str, Callable[[], None]]] = []
        self.said: list[str] = []
        self.failed: list[AppError] = []
        self.moves.moved.connect(lambda text, undo: self.told.append((text, undo)))
        self.moves.said.connect(self.said.append)
        stage.session.bridge.failed.connect(self.failed.append)

    def modes(self, here: SyncMode, there: SyncMode) -> None:
        """Let sync say how the two workspaces stand."""
        self.stage.syncing.known_workspaces = (
            WorkspaceSync(self.here, "Shop", here),
            WorkspaceSync(self.there, "Scratch", there),
        )

    def move(self, *ids: str) -> str:
        """Move rows and return what is said."""
        before = len(self.told)
        (target,) = self.moves.targets()
        self.moves.move(self.rows.without_descendants(ids), target)
        self.stage.qtbot.waitUntil(lambda: len(self.told) > before)
        return self.told[-1][0]

    def names(self, workspace_id: str) -> set[str]:
        return {row.name for row in self.services.documents.tree(workspace_id)}


@pytest.fixture
def moving(stage: SyncStage) -> Moving:
    return Moving(stage)


def test_a_folder_goes_with_all_it_holds_and_comes_back(moving: Moving, qtbot: QtBot) -> None:
    assert moving.move(moving.folder, moving.inside) == "Moved “Orders” to “Scratch”"
    assert moving.names(moving.here) == {"Health"}
    assert moving.names(moving.there) == {"Orders", "List orders"}
    moving.told[-1][1]()
    qtbot.waitUntil(lambda: moving.names(moving.there) == set())
    assert moving.names(moving.here) == {"Orders", "List orders", "Health"}
    assert not moving.said


def test_several_go_as_one_step_of_undo(moving: Moving) -> None:
    assert moving.move(moving.folder, moving.alone) == "Moved 2 items to “Scratch”"
    moving.services.editing.undo(moving.here).result()
    assert moving.names(moving.here) == {"Orders", "List orders", "Health"}
    assert moving.names(moving.there) == set()


@pytest.mark.parametrize(
    ("here", "there", "end"),
    [
        ("synced", "synced", ""),
        ("this_device", "this_device", ""),
        ("synced", "this_device", ", which is not synced: your other devices will no longer have this."),
        ("synced", "other_account", ", which is not synced: your other devices will no longer have this."),
        ("this_device", "synced", ", which is synced: your other devices will have this too."),
    ],
)
def test_it_says_what_other_devices_get(moving: Moving, here: SyncMode, there: SyncMode, end: str) -> None:
    moving.modes(here, there)
    assert moving.move(moving.alone) == f"Moved “Health” to “Scratch”{end}"


def test_the_draft_goes_along_and_the_other_workspace_begins_with_it(moving: Moving, qtbot: QtBot) -> None:
    workspace = moving.stage.workspace
    workspace.open_request(moving.inside)
    draft = RequestViewModel(moving.stage.session, workspace)
    draft.set_url("http://typed.example")
    moving.move(moving.folder)
    qtbot.waitUntil(lambda: workspace.request_id is None)
    (copy,) = [row for row in moving.services.documents.tree(moving.there) if row.name == "List orders"]
    assert copy.url == "http://typed.example"
    workspace.use_workspace(moving.there)
    assert workspace.request_id == copy.id
    assert draft.request is not None
    assert draft.request.url == "http://typed.example"


@pytest.mark.parametrize("by_notice", [True, False])
def test_taken_back_it_is_open_again(moving: Moving, qtbot: QtBot, by_notice: bool) -> None:
    workspace = moving.stage.workspace
    workspace.open_request(moving.inside)
    moving.move(moving.folder)
    qtbot.waitUntil(lambda: workspace.request_id is None)
    if by_notice:
        moving.told[-1][1]()
    else:
        moving.services.editing.undo(moving.here).result()
    qtbot.waitUntil(lambda: workspace.request_id == moving.inside)


def test_the_notice_takes_back_nothing_else(moving: Moving, qtbot: QtBot) -> None:
    moving.move(moving.alone)
    moving.services.documents.rename(moving.folder, "Renamed").result()
    moving.told[-1][1]()
    qtbot.waitUntil(lambda: bool(moving.said))
    assert moving.names(moving.here) == {"Renamed", "List orders"}
    assert moving.names(moving.there) == {"Health"}


def test_what_is_in_quarantine_stays_and_it_is_said(moving: Moving, qtbot: QtBot) -> None:
    held = moving.services.documents._access.submit(Hold(moving.inside, moving.here))
    assert isinstance(held.result(), ChangeSet)
    moving.moves.move([moving.folder], MoveTarget(moving.there, "Scratch"))
    qtbot.waitUntil(lambda: bool(moving.failed))
    assert moving.failed[0].code == "document.quarantined"
    assert moving.failed[0].params["name"] == "List orders"
    assert moving.names(moving.there) == set()


def test_nothing_chosen_moves_nothing(moving: Moving) -> None:
    moving.moves.move([], MoveTarget(moving.there, "Scratch"))
    assert moving.names(moving.here) == {"Orders", "List orders", "Health"}


def test_a_long_name_is_cut(moving: Moving) -> None:
    moving.services.documents.rename(moving.alone, "A name that is much longer than a line").result()
    moving.stage.drain()
    assert moving.move(moving.alone) == "Moved “A name that is much…” to “Scratch”"
