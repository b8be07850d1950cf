"""History in the window, and what is restored there: ui.window.sync_openers."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from insomnia_desktop.services.sync_views import SyncState, SyncStatus
from insomnia_desktop.ui.panes.sync.history_page import HistoryPage
from insomnia_desktop.ui.panes.sync.sync_panel import SyncPanel
from tests.support import sample_sync as sample
from tests.support.sync_window import SyncWindow, keys

replace = msgspec.structs.replace


def test_history_by_keyboard_menu_and_panel(stage: SyncWindow) -> None:
    stage.syncing.answers = {"history": sample.versions(), "version": lambda _id, number: sample.version_view(number)}
    request_id = stage.request()
    keys(stage.window, "Ctrl+Shift+H")
    assert stage.page(SyncPanel).findChildren(QWidget, "historyDocuments")
    stage.window.workspace.open_request(request_id)
    stage.qtbot.waitUntil(lambda: stage.window.panes.page() is None)
    keys(stage.window, "Ctrl+Shift+H")
    page = stage.page(HistoryPage)
    assert page.accessibleName() == "History of Create order"
    assert stage.syncing.asked_of("history")[-1].given == (request_id, None)
    stage.qtbot.waitUntil(lambda: any(e.key == "9" for e in page.list.entries()))  # type: ignore[attr-defined]
    stage.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert stage.window.panes.page() is None
    stage.window.sidebar.tree.select(request_id)
    menu = stage.window.sidebar._menus.for_rows(stage.window.sidebar.tree)
    next(action for action in menu.actions() if action.text().startswith("History")).trigger()
    menu.deleteLater()
    stage.page(HistoryPage)


def test_history_from_the_panel_goes_back_to_it(stage: SyncWindow) -> None:
    request_id = stage.request()
    stage.sync.open_panel("history")
    panel = stage.page(SyncPanel)
    panel.history_wanted.emit(request_id, "Create order")  # type: ignore[attr-defined]
    stage.page(HistoryPage)
    stage.press("closePageButton")
    assert stage.page(SyncPanel).tab == "history"  # type: ignore[attr-defined]


def test_a_restored_version_can_be_shown(stage: SyncWindow) -> None:
    stage.syncing.answers = {
        "history": sample.versions(),
        "version": lambda _id, number: sample.version_view(number),
        "restore": None,
    }
    request_id = stage.request()
    stage.sync.open_history(request_id)
    stage.qtbot.waitUntil(
        lambda: any(each.isVisible() for each in stage.window.findChildren(QWidget, "restoreVersionButton"))
    )
    stage.press("restoreVersionButton")
    stage.qtbot.waitUntil(lambda: stage.window.toast.text() == "Restored version of 13:40")
    stage.window.toast._on_action()
    assert stage.window.panes.page() is None
    assert stage.window.workspace.request_id == request_id


@pytest.mark.parametrize("edited_since", [False, True])
def test_a_restored_version_is_taken_back_from_its_notice(stage: SyncWindow, edited_since: bool) -> None:
    services = stage.window.session.services
    request_id = stage.request()

    def restore(_id: str, _version: int) -> None:
        services.documents.rename(request_id, "As it was").result()

    stage.syncing.answers = {
        "history": sample.versions(),
        "version": lambda _id, number: sample.version_view(number),
        "restore": restore,
    }
    stage.sync.open_history(request_id)
    stage.qtbot.waitUntil(
        lambda: any(each.isVisible() for each in stage.window.findChildren(QWidget, "restoreVersionButton"))
    )
    stage.press("restoreVersionButton")
    stage.qtbot.waitUntil(lambda: stage.window.toast.text() == "Restored version of 13:40")
    assert "Undo" in {each.text() for each in stage.window.toast.findChildren(QAbstractButton)}
    # The page may be gone by then.
    stage.press("closePageButton")
    if edited_since:
        services.documents.rename(request_id, "Later").result()
    stage.window.toast._on_action()
    if edited_since:
        stage.qtbot.waitUntil(lambda: "Something was edited since" in stage.window.toast.text())
    name = "Later" if edited_since else "Create order"
    stage.qtbot.waitUntil(lambda: getattr(services.documents.row(request_id), "name", "") == name)


def test_a_workspace_that_is_not_synced_has_no_history(stage: SyncWindow) -> None:
    stage.become(SyncStatus(SyncState.LOCAL_ONLY))
    stage.sync.open_history(stage.request())
    assert stage.window.panes.page() is None
    assert "only on this device" in stage.window.toast.text()
    stage.window.toast._on_action()
    stage.dialog("syncWorkspaceDialog").reject()


def test_what_is_restored_in_the_panel_is_told_and_the_panel_stays(stage: SyncWindow) -> None:
    services, tree = stage.window.session.services, stage.window.sidebar.tree
    ids = [stage.request(name) for name in ("First", "Second")]
    stage.window.workspace.open_request(ids[1])
    services.documents.delete(ids).result()
    stage.qtbot.waitUntil(lambda: stage.window.workspace.request_id is None)
    stage.syncing.trash = tuple(
        replace(sample.deleted()[0], document_id=each, name=name)
        for each, name in zip(ids, ("First", "Second"), strict=True)
    )
    stage.sync.open_panel("history")
    for request_id, name in zip(ids, ("First", "Second"), strict=True):
        restore = next(e for e in stage.window.findChildren(QAbstractButton, "restoreDeletedButton") if e.isVisible())
        stage.syncing.trash = stage.syncing.trash[1:]
        restore.click()
        stage.qtbot.waitUntil(lambda name=name: stage.window.toast.text() == f"“{name}” is restored.")
        assert services.documents.get(request_id) is not None
        stage.page(SyncPanel)
        assert stage.window.workspace.request_id is None
    # Also when the panel is gone again.
    stage.sync.toggle_panel()
    stage.window.toast._on_action()
    assert stage.window.workspace.request_id == ids[1]
    stage.qtbot.waitUntil(lambda: tree.current_id() == ids[1])
