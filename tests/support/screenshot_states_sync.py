"""The states of sync that are drawn, by name: footer, panel, history, conflicts, what the server sees."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QAbstractButton, QApplication

from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.services.sync_views import (
    AttentionItem,
    Progress,
    SpaceUsed,
    SyncState,
    SyncStatus,
    WorkspaceSync,
)
from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog
from insomnia_desktop.ui.panes.sync.history_page import HistoryPage
from tests.support import fake_accounts as accounts
from tests.support import sample_sync as sample
from tests.support.sample_workspace import MADE_MS
from tests.support.screenshot_states import main
from tests.support.stage import Stage

State = Callable[[Stage], None]
replace = msgspec.structs.replace


def become(stage: Stage, status: SyncStatus) -> None:
    """Bring sync into a state, with nothing over the window."""
    if not hasattr(stage, "window"):
        stage.accounts.current = accounts.SIGNED_IN
        _answer(stage)
        stage.syncing.current = status
        main(stage)
    stage.window.sync.close_page()
    stage.accounts.become(accounts.SIGNED_IN)
    stage.syncing.become(status)
    stage.settle()


def _answer(stage: Stage) -> None:
    fake = stage.syncing
    fake.known_workspaces = sample.workspaces(stage.sample.workspace_id)
    fake.trash = sample.deleted()
    fake.log = sample.connection_log()
    fake.answers = {
        "history": sample.versions(),
        "changes": sample.version_changes(),
        "conflict_origin": sample.conflict_origin(),
        "version": lambda _document, version, against="current": sample.version_view(version, against),
        "server_rows": sample.server_rows(),
        "fingerprint": "9c41f0d27ab35e8816d2",
        "server_revision": sample.server_revision(),
        "restore": None,
        "space": SpaceUsed(1_812_000, 2**30),
    }


def sync_up_to_date(stage: Stage) -> None:
    """Everything is backed up."""
    become(stage, sample.UP_TO_DATE)


def sync_saving(stage: Stage) -> None:
    """Edits are on their way; two rows have a dot."""
    stage.syncing.dirty = frozenset({stage.sample.order_id, stage.sample.customer_id})
    become(stage, replace(sample.UP_TO_DATE, state=SyncState.SAVING, pending=2))


def sync_backing_up(stage: Stage) -> None:
    """A backup that was asked for."""
    become(stage, replace(sample.UP_TO_DATE, state=SyncState.SAVING, pending=28))
    stage.window.sync.backup_now()
    stage.syncing.become(replace(stage.syncing.current, backing_up=Progress(12, 40)))
    stage.settle()


def end_backup(stage: Stage) -> None:
    """The backup ended well, and says so."""
    stage.syncing.dirty = frozenset()
    stage.syncing.become(sample.UP_TO_DATE)
    stage.syncing.last.succeed(sample.REPORT)
    stage.settle()


def sync_offline(stage: Stage) -> None:
    """The server cannot be reached."""
    become(stage, _offline())


def sync_local_only(stage: Stage) -> None:
    """The workspace is not synced."""
    become(stage, SyncStatus(SyncState.LOCAL_ONLY))


def sync_it(stage: Stage) -> None:
    """The question before it is."""
    press(stage, "footerDeedButton")


def sync_signed_out_elsewhere(stage: Stage) -> None:
    """Another device signed this one out."""
    become(stage, sample.UP_TO_DATE)
    stage.accounts.become(replace(accounts.SIGNED_IN, state=AccountState.SIGNED_OUT_ELSEWHERE))
    stage.syncing.become(SyncStatus(SyncState.SIGNED_OUT_ELSEWHERE))
    stage.settle()


def sync_panel(stage: Stage) -> None:
    """What needs a choice first."""
    fake, ids = stage.syncing, stage.sample
    fake.dirty = frozenset({ids.order_id, ids.customer_id})
    fake.known_conflicts = sample.conflicts(ids.order_id, ids.workspace_id)
    fake.taken_fields = sample.taken_fields()
    item = sample.conflict_item(ids.order_id)
    become(stage, replace(sample.UP_TO_DATE, state=SyncState.NEEDS_ATTENTION, attention=(item,)))
    stage.window.sync.open_panel()
    stage.window.toast.dismiss()
    stage.settle()


def sync_panel_devices(stage: Stage) -> None:
    """The devices."""
    _tab(stage, "devices")


def sync_panel_history(stage: Stage) -> None:
    """Documents, deleted ones, and the whole workspace."""
    _tab(stage, "history")


def sync_panel_conflicts(stage: Stage) -> None:
    """The list of conflicts."""
    _tab(stage, "conflicts")


def sync_panel_server(stage: Stage) -> None:
    """What the server sees."""
    _tab(stage, "server")


def sync_panel_log(stage: Stage) -> None:
    """Every connection."""
    _tab(stage, "log")


def conflict(stage: Stage) -> None:
    """Chosen, not chosen and still open values."""
    stage.window.sync.open_conflict(stage.sample.order_id)
    model = stage.window.sync._conflicts
    assert model is not None
    for number, choice in ((1, "theirs"), (2, "mine"), (3, "mine")):
        model.choose(number, choice)
    stage.settle()


def conflict_open(stage: Stage) -> None:
    """Nothing chosen yet."""
    model = stage.window.sync._conflicts
    assert model is not None
    model.choose_all(stage.sample.order_id, "open")
    stage.settle()


def sync_panel_well(stage: Stage) -> None:
    """Nothing needs a choice."""
    stage.syncing.known_conflicts = ()
    become(stage, sample.UP_TO_DATE)
    stage.window.sync.open_panel()
    stage.settle()


def stop_syncing(stage: Stage) -> None:
    """The question what becomes of the server's copy."""
    workspace = stage.syncing.known_workspaces[0]
    stage.window.sync._on_mode_wanted(workspace, "off")
    stage.settle()


def sync_panel_attention(stage: Stage) -> None:
    """Everything else that may need a look, and a backup that was not verified."""
    become(
        stage,
        replace(
            sample.UP_TO_DATE,
            state=SyncState.NEEDS_ATTENTION,
            last_backup=sample.WRONG_REPORT,
            attention=sample.attention(stage.sample.workspace_id),
        ),
    )
    stage.window.sync.open_panel()
    stage.settle()


def sync_panel_offline(stage: Stage) -> None:
    """The server cannot be reached, and the devices are not known."""
    become(stage, _offline())
    stage.window.sync.open_panel()
    stage.settle()


def sync_panel_new(stage: Stage) -> None:
    """Right after the first sign-in: no backup yet, no conflicts, nothing at the server, no connection."""
    fake = stage.syncing
    fake.log, fake.trash = (), ()
    fake.answers["server_rows"] = ()
    stage.accounts.known_devices = accounts.DEVICES[:1]
    become(stage, SyncStatus(SyncState.SAVING, pending=42))
    stage.window.sync.open_panel()
    stage.settle()


def sync_panel_no_conflicts(stage: Stage) -> None:
    """Nothing to choose."""
    _tab(stage, "conflicts")


def sync_panel_no_rows(stage: Stage) -> None:
    """The server holds nothing of this workspace yet."""
    _tab(stage, "server")


def sync_panel_no_log(stage: Stage) -> None:
    """No connection yet."""
    _tab(stage, "log")


def sync_panel_nothing_deleted(stage: Stage) -> None:
    """The history of a workspace in which nothing was deleted."""
    _tab(stage, "history")


def sync_panel_server_unknown(stage: Stage) -> None:
    """The server cannot be asked what it holds."""
    stage.syncing.answers["server_rows"] = accounts.KnownError("account.server_unreachable", address=accounts.SERVER)
    _tab(stage, "server")
    _answer(stage)


def history_new(stage: Stage) -> None:
    """A request of which the server holds no version yet."""
    stage.syncing.answers["history"] = ()
    stage.window.sync.open_history(stage.sample.order_id)
    stage.settle()
    _answer(stage)


def sign_out_synced(stage: Stage) -> None:
    """Signing out with something that the server does not have yet."""
    become(stage, replace(sample.UP_TO_DATE, state=SyncState.SAVING, pending=2))
    stage.window.account.sign_out()
    stage.settle()
    stage.keys("Down")


def workspace_synced(stage: Stage) -> None:
    """The settings of a workspace that is synced."""
    become(stage, sample.UP_TO_DATE)
    stage.window.actions_by_name["workspace_settings"].trigger()
    stage.settle()


def environment_private(stage: Stage) -> None:
    """An environment that is kept on this device alone."""
    become(stage, sample.UP_TO_DATE)
    stage.window.actions_by_name["environments"].trigger()
    stage.settle()
    dialog = QApplication.activeWindow()
    assert isinstance(dialog, EnvironmentsDialog)
    dialog.head.privacy_requested.emit(True)
    stage.settle()


def trash_synced(stage: Stage) -> None:
    """The trash of a workspace that is synced."""
    stage.window.sidebar.trash_requested.emit()
    stage.settle()


def history(stage: Stage) -> None:
    """A version beside the current one."""
    become(stage, sample.UP_TO_DATE)
    stage.window.sync.open_history(stage.sample.order_id)
    stage.settle()
    stage.keys("Down")


def history_previous(stage: Stage) -> None:
    """A version beside the one before it."""
    page = stage.window.findChildren(HistoryPage)[-1]
    page.bar.against_chosen.emit("previous")
    stage.settle()


def history_gone(stage: Stage) -> None:
    """A version whose text the server no longer keeps."""
    stage.keys("End")


def restored(stage: Stage) -> None:
    """A version was brought back."""
    stage.keys("Home", "Down", "Down")
    press(stage, "restoreVersionButton")


def history_problem(stage: Stage) -> None:
    """The versions cannot be had."""
    stage.syncing.answers["history"] = accounts.KnownError("account.server_unreachable", address=accounts.SERVER)
    stage.window.sync.open_history(stage.sample.order_id)
    stage.settle()
    stage.syncing.answers["history"] = sample.versions()


def first_sync(stage: Stage) -> None:
    """Which workspaces are added, after the first sign-in."""
    stage.syncing.proposals = sample.proposals()
    stage.syncing.known_workspaces = (WorkspaceSync("wrk_there", "Payments", "synced", group_id="g", items=38),)
    item = AttentionItem("choose_workspaces")
    become(stage, SyncStatus(SyncState.NEEDS_ATTENTION, attention=(item,)))


def press(stage: Stage, name: str) -> None:
    """Click a button."""
    stage.part(name, QAbstractButton).click()
    stage.settle()


def _tab(stage: Stage, key: str) -> None:
    stage.window.sync.open_panel(key)
    stage.settle()


def _offline() -> SyncStatus:
    report = replace(sample.REPORT, at=MADE_MS - 22 * sample.MINUTE)
    return replace(
        sample.UP_TO_DATE,
        state=SyncState.OFFLINE,
        last_backup=report,
        problem="account.server_unreachable",
        problem_params={"address": accounts.SERVER},
        next_try_at=MADE_MS + 45_000,
    )


STATES: tuple[State, ...] = (
    sync_up_to_date, sync_saving, sync_backing_up, end_backup, sync_offline, sync_local_only, sync_it,
    sync_signed_out_elsewhere, sync_panel, sync_panel_devices, sync_panel_history, sync_panel_conflicts,
    sync_panel_server, sync_panel_log, conflict, conflict_open, sync_panel_well, stop_syncing, sync_panel_attention,
    sync_panel_offline, history, history_previous, history_gone, restored, history_problem, history_new,
    sign_out_synced, environment_private,
    workspace_synced, trash_synced, sync_panel_new, sync_panel_no_conflicts, sync_panel_no_rows, sync_panel_no_log,
    sync_panel_nothing_deleted, sync_panel_server_unknown, first_sync,
)  # fmt: skip
NOT_DRAWN: frozenset[State] = frozenset()
STAY_OPEN: frozenset[State] = frozenset({sync_backing_up})
