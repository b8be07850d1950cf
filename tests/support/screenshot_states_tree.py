"""The states of the tree that are drawn: moving to another workspace, what was recovered; and held environments."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from insomnia_desktop.model import Edit
from insomnia_desktop.services.sync_views import WorkspaceSync
from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog
from insomnia_desktop.ui.panes.sidebar.move_menu import MoveMenu
from tests.support import fake_accounts as fake
from tests.support.lost_parents import LoseParent
from tests.support.quarantine import Hold
from tests.support.screenshot_states import main
from tests.support.stage import Stage

State = Callable[[Stage], None]


def move_menu(stage: Stage) -> None:
    """The menu of a row with the workspaces that it can be moved to."""
    main(stage)
    stage.accounts.become(msgspec.structs.replace(fake.SIGNED_IN))
    workspaces = stage.session.services.workspaces
    for name in ("Billing API", "Scratch"):
        workspaces.create(name)[1].result()
    modes = {"Scratch": "this_device"}
    stage.syncing.known_workspaces = tuple(
        WorkspaceSync(row.id, row.name, modes.get(row.name, "synced")) for row in workspaces.all()
    )
    tree = stage.window.sidebar.tree
    tree.menu_requested.emit(tree.mapToGlobal(tree.visualRect(tree.currentIndex()).center()))
    stage.settle()
    moving = tree.findChild(MoveMenu)
    assert moving is not None
    moving.parentWidget().setActiveAction(moving.menuAction())
    moving.popup(
        moving.parentWidget().mapToGlobal(moving.parentWidget().actionGeometry(moving.menuAction()).topRight())
    )
    stage.settle()


def moved(stage: Stage) -> None:
    """The notice after a move to a workspace that other devices do not have."""
    moves = stage.window.sidebar.view_model.moves
    target = next(each for each in moves.targets() if each.name == "Scratch")
    moves.move([stage.sample.list_id], target)
    stage.until(lambda: stage.window.toast.isVisible())
    stage.settle()


def recovered(stage: Stage) -> None:
    """Requests whose folder is not on this device, under a row of their own."""
    documents = stage.session.services.documents
    rows = {row.name: row.id for row in documents.tree(stage.sample.workspace_id)}
    for name in ("Health", "Allowed methods"):
        documents._access.submit(LoseParent(rows[name])).result()
    tree = stage.window.sidebar.tree
    stage.until(lambda: stage.window.sidebar.view_model.model.recovered_index().isValid())
    tree.close_all()
    tree.expand(stage.window.sidebar.view_model.model.recovered_index())
    tree.select(rows["Health"])
    stage.settle()


def environment_held(stage: Stage) -> None:
    """The environment editor at one that a newer version of the program wrote."""
    workspace = stage.window.workspace
    shown = workspace.environment_id or workspace.environments()[0].id
    stage.session.services.documents._access.submit(Hold(shown, workspace.workspace_id)).result()
    stage.window.commands.dialogs.environments()
    stage.settle()


def environment_unreadable(stage: Stage) -> None:
    """The environment editor at one that cannot be read."""
    environments = stage.window.workspace.environments()
    broken = next(each for each in environments if each.name == "Production")
    stage.session.services.editing.patch(broken.id, (Edit(("variables",), "no list"),)).result()
    stage.window.commands.dialogs.environments()
    stage.settle()
    stage.part("environmentsDialog", EnvironmentsDialog).view_model.show(broken.id)
    stage.settle()


def request_held(stage: Stage) -> None:
    """A request that a newer version of the program wrote: it can be read and sent."""
    stage.show_request(stage.sample.order_id, tab="body")
    workspace = stage.window.workspace
    stage.session.services.documents._access.submit(Hold(workspace.request_id or "", workspace.workspace_id)).result()
    stage.settle()


def row_menu_held(stage: Stage) -> None:
    """The menu of it: what would be refused is switched off."""
    tree = stage.window.sidebar.tree
    tree.select(stage.sample.order_id)
    stage.settle()
    tree.menu_requested.emit(tree.mapToGlobal(tree.visualRect(tree.currentIndex()).center()))
    stage.settle()


def request_held_authentication(stage: Stage) -> None:
    """The same with a longer sentence, and its authentication."""
    workspace = stage.window.workspace
    stage.session.services.documents._access.submit(
        Hold(workspace.request_id or "", workspace.workspace_id, "malformed")
    ).result()
    stage.show_request(stage.sample.order_id, tab="auth")
    stage.settle()


STATES: tuple[State, ...] = (
    move_menu,
    moved,
    recovered,
    request_held,
    row_menu_held,
    request_held_authentication,
    environment_held,
    environment_unreadable,
)
NOT_DRAWN: tuple[State, ...] = ()
STAY_OPEN: tuple[State, ...] = ()
