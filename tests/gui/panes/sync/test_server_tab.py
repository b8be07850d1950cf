"""What the server sees: panes.sync.server_tab and row_fields."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.ui.panes.sync.server_tab import ServerTab
from insomnia_desktop.ui.viewmodels.server_view_model import ServerViewModel
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SERVER
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, is_shown, words

replace = msgspec.structs.replace


@pytest.fixture
def open_tab(stage: SyncStage) -> Callable[..., ServerTab]:
    """Opens the page in a width and asks the server."""

    def open_at(width: int = 1024) -> ServerTab:
        server = ServerViewModel(stage.session, stage.workspace.workspace_id)
        tab = ServerTab(server)
        server.setParent(tab)
        stage.qtbot.addWidget(tab)
        tab.resize(width, 700)
        tab.show()
        stage.qtbot.waitUntil(tab.isActiveWindow)
        server.load()
        return tab

    return open_at


def filled(stage: SyncStage) -> None:
    stage.syncing.answers = {
        "server_rows": sample.server_rows(),
        "fingerprint": "9c41f0d27ab3",
        "server_revision": sample.server_revision(),
    }


def test_each_row_is_there_with_its_bytes_and_what_they_mean(
    stage: SyncStage, open_tab: Callable[..., ServerTab]
) -> None:
    filled(stage)
    tab = open_tab()
    stage.qtbot.waitUntil(tab.table.isVisible)
    assert tab.table.objectName() == "serverViewTable"
    rows = tab.table.rows_model.rows()
    assert len(rows) == 9
    first = sample.server_rows()[0]
    assert rows[0].texts == (first.resource_id, "1", "4,218", "96 B", "Shop API (workspace)")
    assert "cannot be opened" in rows[7].texts[4]
    assert rows[8].texts[4] == "Deleted"
    key = tab.findChild(QLabel, "groupKeyFingerprint")
    assert key is not None
    stage.qtbot.waitUntil(lambda: key.text() == "9c41 f0d2 7ab3")
    about = tab.findChild(QLabel, "groupKeyWords")
    assert about is not None
    assert about.text() == "Key of this workspace, to compare with another device"
    tab.resize(560, 700)
    # The longer words did not keep the page as wide as they are.
    assert (tab.width(), about.text()) == (560, "Key of this workspace")
    tab.resize(400, 700)
    assert about.text() == "Key"
    assert "on each of your devices it must be the same" in about.toolTip()
    tab.resize(1024, 700)
    tab.table.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(tab.table, Qt.Key.Key_Down)
    assert tab.table.current_thing() == sample.server_rows()[1]
    tab.bytes.select_all()
    assert tab.bytes.selection() == (0, 160)
    stage.qtbot.waitUntil(lambda: "What the server holds, 160 B, since 23 Nov 2026 14:02:11" in words(tab))
    assert tab.fields.isVisible()
    row, told = sample.server_rows()[1], sample.server_revision()
    assert tab.fields.values() == {
        "id": row.resource_id,
        "group": row.group_id,
        "author": row.author,
        "device": f"{told.device}  Work laptop",
        "prev": row.prev,
        "rev_hash": told.rev_hash,
        "version": "2",
        "seq": "4,211",
        "at": str(sample.MADE_MS),
        "size": "160",
        "deleted": "false",
        "kept": "true",
    }
    tab.document.select_all()
    tab.document.copy()
    document = sample.server_rows()[1].document
    assert document is not None
    assert json.loads(stage_clipboard()) == json.loads(document)
    assert nameless_controls(tab) == set()


def stage_clipboard() -> str:
    """Return what is on the clipboard."""
    from PySide6.QtGui import QGuiApplication

    return QGuiApplication.clipboard().text()


@pytest.mark.parametrize("width", [667, 1024])
def test_a_long_name_gives_way_to_the_figures_and_widens_nothing(
    stage: SyncStage, open_tab: Callable[..., ServerTab], width: int
) -> None:
    filled(stage)
    known = stage.syncing.known_workspaces
    short = open_tab(width)
    stage.qtbot.waitUntil(short.table.isVisible)
    least = short.minimumSizeHint().width()
    name = "Orders of the northern warehouse, with every line that was ever cancelled and then reopened"
    stage.syncing.known_workspaces = (replace(known[0], name=name), *known[1:])
    tab = open_tab(width)
    stage.qtbot.waitUntil(tab.table.isVisible)
    key = tab.findChild(QLabel, "groupKeyFingerprint")
    assert key is not None
    stage.qtbot.waitUntil(lambda: key.text() == "9c41 f0d2 7ab3")
    QApplication.processEvents()
    named = button(tab, "serverWorkspaceButton")
    assert named.accessibleName() == f"Workspace: {name}"
    assert named.toolTip() == name
    assert tab.minimumSizeHint().width() <= least + 20
    assert key.width() >= key.sizeHint().width()
    assert tab.width() == width


def test_a_row_that_cannot_be_opened_shows_the_bytes_and_the_reason(
    stage: SyncStage, open_tab: Callable[..., ServerTab]
) -> None:
    filled(stage)
    tab = open_tab()
    stage.qtbot.waitUntil(tab.table.isVisible)
    tab.table.selectRow(7)
    tab.document.select_all()
    tab.document.copy()
    assert "cannot be opened" in stage_clipboard()
    assert "What it means here" in words(tab)


def test_a_row_of_what_was_moved_says_where_to(stage: SyncStage, open_tab: Callable[..., ServerTab]) -> None:
    request_id = stage.request("Capture")
    stage.move_away(request_id)
    filled(stage)
    *rest, deleted = sample.server_rows()
    moved = replace(deleted, resource_id=to_wire(request_id))
    named = replace(moved, document='{"s":1,"t":"request","d":{"name":"Capture"}}')
    living = replace(rest[0], resource_id=to_wire(request_id))
    stage.syncing.answers["server_rows"] = (deleted, moved, named, living)
    tab = open_tab()
    stage.qtbot.waitUntil(tab.table.isVisible)
    assert [row.texts[4] for row in tab.table.rows_model.rows()] == [
        "Deleted",
        "Moved to “Payments”",
        "Capture (request), moved to “Payments”",
        "Shop API (workspace)",
    ]


def test_where_there_is_little_room_one_of_the_two_is_shown(
    stage: SyncStage, open_tab: Callable[..., ServerTab]
) -> None:
    filled(stage)
    tab = open_tab(667)
    stage.qtbot.waitUntil(tab.table.isVisible)
    assert tab.fields.isVisible()
    assert not tab.bytes.isVisible()
    assert not tab.document.isVisible()
    tab._segments.set_current("bytes")
    tab._segments.current_changed.emit("bytes")
    assert tab.bytes.isVisible()
    assert not tab.fields.isVisible()
    tab._segments.set_current("document")
    tab._segments.current_changed.emit("document")
    assert tab.document.isVisible()
    assert not tab.fields.isVisible()
    assert not tab.bytes.isVisible()
    tab.resize(1024, 700)
    stage.qtbot.waitUntil(tab.bytes.isVisible)
    assert tab.document.isVisible()


def test_other_workspaces_are_in_a_menu(stage: SyncStage, open_tab: Callable[..., ServerTab]) -> None:
    filled(stage)
    tab = open_tab()
    button(tab, "serverWorkspaceButton").click()
    actions = tab._menu.actions()
    assert [(action.text(), action.isChecked()) for action in actions] == [("Shop API", True), ("Warehouse", False)]
    actions[1].trigger()
    tab._menu.close()
    assert stage.syncing.asked[-1].given == ("wrk_b",)


def test_a_server_that_does_not_answer_is_asked_again(stage: SyncStage, open_tab: Callable[..., ServerTab]) -> None:
    tab = open_tab()
    assert "Asking the server…" in tab._note.accessibleName()
    stage.syncing.asked[0].fail("account.server_unreachable", address=SERVER)
    stage.qtbot.waitUntil(lambda: is_shown(tab, "retryServerButton"))
    filled(stage)
    button(tab, "retryServerButton").click()
    stage.qtbot.waitUntil(tab.table.isVisible)


@pytest.mark.parametrize("synced", [True, False])
def test_nothing_there_is_said_so(stage: SyncStage, open_tab: Callable[..., ServerTab], synced: bool) -> None:
    filled(stage)
    stage.syncing.answers["server_rows"] = ()
    if not synced:
        stage.syncing.known_workspaces = ()
    tab = open_tab()
    stage.qtbot.waitUntil(lambda: "The server holds nothing" in tab._note.accessibleName())
