"""Sync in the window: ui.window.sync_openers, and what it shows in footer, tree and menu."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from insomnia_desktop.services.sync_views import AttentionItem, Progress, SyncState, SyncStatus
from insomnia_desktop.store.changes import Change, ChangeSet, Origin
from insomnia_desktop.ui.models.request_tree_model import UNSAVED_ROLE
from insomnia_desktop.ui.panes.account.account_page import AccountPage
from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage
from insomnia_desktop.ui.panes.sync.first_sync_page import FirstSyncPage
from insomnia_desktop.ui.panes.sync.history_page import HistoryPage
from insomnia_desktop.ui.panes.sync.sync_panel import SyncPanel
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SIGNED_OUT
from tests.support.sync_window import SyncWindow, keys

LEFT = Qt.MouseButton.LeftButton
replace = msgspec.structs.replace
WAITS = SyncStatus(SyncState.NEEDS_ATTENTION, attention=(AttentionItem("choose_workspaces"),))


def test_backup_now_from_footer_and_keyboard(stage: SyncWindow) -> None:
    assert stage.window.sidebar.sync_status.text() == "Up to date"
    stage.press("backupNowButton")
    assert stage.syncing.last.name == "backup_now"
    stage.become(replace(sample.UP_TO_DATE, backing_up=Progress(10, 40)))
    footer = stage.window.sidebar.footer
    stage.qtbot.waitUntil(lambda: footer.status.text() == "Saving 10 of 40")
    assert footer.progress.fraction() == 0.25
    stage.press("backupNowButton")
    assert stage.syncing.last.cancelled
    stage.become(sample.UP_TO_DATE)
    stage.qtbot.waitUntil(lambda: not footer.progress.isVisible())
    keys(stage.window, "Ctrl+Shift+S")
    assert len(stage.syncing.asked) == 2
    stage.syncing.last.succeed(sample.REPORT)
    stage.qtbot.waitUntil(lambda: stage.window.toast.text() == "Backed up at 14:02: 312 items, verified.")


def test_rows_that_are_not_backed_up_have_a_dot(stage: SyncWindow) -> None:
    request_id = stage.request()
    model = stage.window.sidebar.view_model.model
    assert model.index_of(request_id).data(UNSAVED_ROLE) is False
    stage.syncing.dirty = frozenset({request_id})
    stage.become(replace(sample.UP_TO_DATE, state=SyncState.SAVING, pending=1))
    stage.qtbot.waitUntil(lambda: model.index_of(request_id).data(UNSAVED_ROLE) is True)
    spoken = model.index_of(request_id).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "POST Create order, not backed up"


def test_the_panel_opens_and_closes_by_the_footer(stage: SyncWindow) -> None:
    status = stage.window.sidebar.sync_status
    stage.qtbot.mouseClick(status, LEFT)
    panel = stage.page(SyncPanel)
    assert panel.objectName() == "syncPanel"
    assert status.isChecked()
    assert stage.accounts.asked[-1].name == "devices"
    stage.qtbot.mouseClick(status, LEFT)
    assert stage.window.panes.page() is None
    stage.window.actions_by_name["sync_panel"].trigger()
    stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert stage.window.panes.page() is None
    assert status.hasFocus()


def test_panel_and_account_have_keys_and_entries_in_the_menu_of_workspaces(stage: SyncWindow) -> None:
    keys(stage.window, "Ctrl+Shift+Y")
    stage.page(SyncPanel)
    keys(stage.window, "Ctrl+Shift+A")
    stage.page(AccountPage)
    shown = dict(stage.window.actions_by_name.rows())
    assert (shown["Sync"], shown["Account"]) == ("Ctrl+Shift+Y", "Ctrl+Shift+A")
    menu = stage.window.sidebar._menus.workspaces
    for words, kind in (("Sync\tCtrl+Shift+Y", SyncPanel), ("Account\tCtrl+Shift+A", AccountPage)):
        menu.aboutToShow.emit()
        next(each for each in menu.actions() if each.text() == words).trigger()
        stage.page(kind)


def test_the_word_shows_the_panel_from_the_account_page_too(stage: SyncWindow) -> None:
    status = stage.window.sidebar.sync_status
    stage.window.actions_by_name["account"].trigger()
    stage.page(AccountPage)
    assert not status.isChecked()
    stage.qtbot.mouseClick(status, LEFT)
    stage.page(SyncPanel)
    assert status.isChecked()


def test_without_an_account_there_is_no_dead_way(stage: SyncWindow) -> None:
    stage.accounts.become(SIGNED_OUT)
    stage.qtbot.waitUntil(lambda: stage.window.sidebar.sync_status.text() == "On this device")
    assert not stage.window.actions_by_name["backup_now"].isVisible()
    assert not stage.window.actions_by_name["sync_panel"].isVisible()
    menu = stage.window.sidebar._menus.workspaces
    menu.aboutToShow.emit()
    assert not any(each.text().startswith(("Sync", "Account")) for each in menu.actions())
    stage.sync.open_panel()
    assert stage.window.panes.page() is None
    for deed in (stage.sync.backup_now, stage.sync.open_current_history, lambda: stage.sync.open_history("req_1")):
        stage.window.toast.dismiss()
        deed()
        assert stage.window.toast.text().startswith("Sign in to")
    assert stage.syncing.asked == []


def test_the_panel_leads_to_account_dialogs_and_pages(stage: SyncWindow) -> None:
    stage.sync.open_panel("devices")
    stage.press("signOutRowButton")
    stage.dialog("signOutDialog").reject()
    stage.qtbot.waitUntil(lambda: not stage.window.scrim.isVisible())
    stage.press("openAccountButton")
    stage.page(AccountPage)


def test_syncing_a_workspace_is_asked_first(stage: SyncWindow) -> None:
    stage.become(SyncStatus(SyncState.LOCAL_ONLY))
    stage.qtbot.waitUntil(lambda: stage.window.sidebar.footer.deed.text() == "Sync it…")
    stage.press("footerDeedButton")
    opened = stage.dialog("syncWorkspaceDialog")
    assert stage.syncing.asked == []
    button = opened.findChild(QAbstractButton, "syncWorkspaceButton")
    assert button is not None
    button.click()
    assert (stage.syncing.last.name, stage.syncing.last.given[1]) == ("set_mode", "on")


@pytest.mark.parametrize(("card", "name"), [("keepCopyCard", "set_mode"), ("removeCopyCard", "remove_from_server")])
def test_keeping_a_workspace_here_asks_about_the_servers_copy(stage: SyncWindow, card: str, name: str) -> None:
    stage.sync.open_panel()
    panel = stage.page(SyncPanel)
    panel.mode_wanted.emit(stage.syncing.known_workspaces[0], "off")  # type: ignore[attr-defined]
    opened = stage.dialog("stopSyncingDialog")
    chosen = opened.findChild(QAbstractButton, card)
    stop = opened.findChild(QAbstractButton, "stopSyncingButton")
    assert chosen is not None
    assert stop is not None
    chosen.click()
    stop.click()
    assert stage.syncing.last.name == name


@pytest.mark.parametrize("page", [SyncPanel, ConflictPage])
def test_a_question_goes_where_its_answer_is_given_otherwise(stage: SyncWindow, page: type[QWidget]) -> None:
    request_id = stage.request()
    stage.syncing.known_conflicts = sample.conflicts(request_id, stage.window.workspace.workspace_id)
    item = sample.conflict_item(request_id)
    stage.become(replace(sample.UP_TO_DATE, state=SyncState.NEEDS_ATTENTION, attention=(item,)))
    stage.qtbot.waitUntil(lambda: stage.window.toast.isVisible())
    if page is SyncPanel:
        stage.sync.toggle_panel()
    else:
        stage.sync.open_conflict(request_id)
    stage.page(page)
    assert not stage.window.toast.isVisible()
    stage.window.show_notice("“Create order” is settled.")
    assert stage.window.toast.text() == "“Create order” is settled."
    stage.sync.open_panel()
    assert stage.window.toast.isVisible()


def test_a_conflict_is_told_and_settled(stage: SyncWindow) -> None:
    request_id = stage.request()
    stage.syncing.known_conflicts = sample.conflicts(request_id, stage.window.workspace.workspace_id)
    item = sample.conflict_item(request_id)
    stage.become(replace(sample.UP_TO_DATE, state=SyncState.NEEDS_ATTENTION, attention=(item,)))
    stage.qtbot.waitUntil(lambda: stage.window.toast.isVisible())
    told = "“Create order” was changed on two devices. Yours is shown."
    assert stage.window.toast.text() == told
    # What a backup says does not push away what asks.
    stage.window.sync.view_model.told.emit("Backed up at 14:02: 3 items, verified.")
    assert stage.window.toast.text() == told
    stage.window.toast._on_action()
    stage.page(ConflictPage)
    stage.press("allMineButton")
    stage.press("finishButton")
    stage.syncing.known_conflicts = ()
    for asked in stage.syncing.asked:
        asked.succeed()
    stage.qtbot.waitUntil(lambda: isinstance(stage.window.panes.page(), SyncPanel))
    assert stage.window.toast.text() == "“Create order” is settled: yours stays."


def test_the_history_of_a_conflict_that_cannot_be_read_leads_back_to_the_list(stage: SyncWindow) -> None:
    request_id = stage.request()
    row = sample.conflicts(request_id, stage.window.workspace.workspace_id)[0]
    stage.syncing.known_conflicts = (replace(row, path=(), unreadable=True),)
    stage.become(sample.UP_TO_DATE)
    stage.sync.open_conflict(request_id)
    stage.press("conflictHistoryButton")
    stage.page(HistoryPage).closed.emit()  # type: ignore[attr-defined]
    assert stage.page(SyncPanel).tab == "conflicts"  # type: ignore[attr-defined]


def test_a_conflict_that_is_settled_already_leads_to_the_list(stage: SyncWindow) -> None:
    stage.sync.open_conflict("req_gone")
    assert stage.page(SyncPanel).tab == "conflicts"  # type: ignore[attr-defined]


def test_the_first_sign_in_asks_once_which_workspaces(stage: SyncWindow) -> None:
    stage.syncing.proposals = sample.proposals()
    stage.become(WAITS)
    stage.qtbot.waitUntil(lambda: isinstance(stage.window.panes.page(), FirstSyncPage))
    stage.press("notNowButton")
    assert stage.window.panes.page() is None
    stage.become(replace(WAITS, pending=1))
    assert stage.window.panes.page() is None
    stage.sync.open_panel()
    stage.press("attentionButton")
    stage.page(FirstSyncPage)
    stage.press("addWorkspacesButton")
    assert stage.syncing.last.name == "choose_first"
    stage.syncing.current = sample.UP_TO_DATE
    stage.syncing.last.succeed()
    stage.qtbot.waitUntil(lambda: stage.window.panes.page() is None)


def test_sync_looks_for_news_when_the_window_comes_to_the_front(stage: SyncWindow) -> None:
    assert "focused True" in stage.syncing.calls
    other = QWidget()
    stage.qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    stage.qtbot.waitUntil(lambda: "focused False" in stage.syncing.calls)


def test_a_workspace_that_came_from_the_account_is_told_and_opened(stage: SyncWindow) -> None:
    session = stage.window.session
    workspace_id, made = session.services.workspaces.create("Shop")
    made.result()
    change = Change("created", "workspace", workspace_id, workspace_id)
    session.feed.changed.emit(ChangeSet(1, Origin("sync"), (change,)))
    stage.qtbot.waitUntil(lambda: stage.window.toast.text() == "1 workspace came from your account: “Shop”.")
    stage.window.toast._on_action()
    assert stage.window.workspace.workspace_id == workspace_id


def test_of_several_that_came_the_first_one_that_is_not_open_is_offered(stage: SyncWindow) -> None:
    services, active = stage.window.session.services, stage.window.workspace.workspace_id
    workspace_id, made = services.workspaces.create("Shop")
    made.result()
    stage.sync.view_model.arrived.emit((active, workspace_id))
    toast = stage.window.toast
    assert toast.text() == "2 workspaces came from your account: “My workspace”, “Shop”."
    assert "Open “Shop”" in {each.text() for each in toast.findChildren(QAbstractButton)}
    stage.sync.view_model.arrived.emit((active,))
    assert toast.text() == "1 workspace came from your account: “My workspace”."
    assert not any(each.isVisible() and each.text().startswith("Open") for each in toast.findChildren(QAbstractButton))
