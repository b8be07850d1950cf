"""ui.panes.sync.history_tab and ui.viewmodels.copy_words: what was deleted, and the workspace as it was."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from insomnia_desktop.services.sync_views import CopyGap, DeletedRow, WorkspaceCopy
from insomnia_desktop.ui.panes.sync.history_tab import HistoryTab, moment_from
from insomnia_desktop.ui.panes.sync.sync_rows import SyncRow
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SERVER
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, is_shown, spoken, words

replace = msgspec.structs.replace


@pytest.fixture
def tab(stage: SyncStage) -> HistoryTab:
    stage.request("Create order")
    stage.request("List orders")
    stage.syncing.trash = sample.deleted()
    made = HistoryTab(stage.session, stage.workspace)
    stage.qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    stage.qtbot.waitUntil(made.isActiveWindow)
    return made


def test_documents_are_found_and_opened(stage: SyncStage, tab: HistoryTab) -> None:
    assert {"Create order", "List orders"} <= {entry.title for entry in tab.list.entries()}
    tab.search.setText("list")
    stage.qtbot.waitUntil(lambda: [entry.title for entry in tab.list.entries()] == ["List orders"])
    tab.list.setFocus(Qt.FocusReason.TabFocusReason)
    with stage.qtbot.waitSignal(tab.history_wanted) as told:
        stage.qtbot.keyClick(tab.list, Qt.Key.Key_Return)
    assert told.args is not None
    assert told.args[1] == "List orders"
    assert nameless_controls(tab) == set()


def test_the_list_follows_the_documents(stage: SyncStage, tab: HistoryTab) -> None:
    stage.request("Fresh")
    stage.qtbot.waitUntil(lambda: "Fresh" in {entry.title for entry in tab.list.entries()})


def test_deleted_things_have_versions_and_come_back(stage: SyncStage, tab: HistoryTab) -> None:
    assert spoken(tab, SyncRow) == ["Cancel order, Today, 13:40", "Old endpoints, 20 November, 14:02"]
    row = next(each for each in tab.findChildren(SyncRow) if each.isVisible())
    assert row.link is not None
    with stage.qtbot.waitSignal(tab.history_wanted) as told:
        row.link.click()
    assert told.args == ["req_gone", "Cancel order"]


def test_a_deleted_request_is_restored(stage: SyncStage, tab: HistoryTab) -> None:
    request_id = stage.request("Gone")
    stage.session.services.documents.delete([request_id]).result()
    stage.syncing.trash = (replace(sample.deleted()[0], document_id=request_id, name="Gone"),)
    stage.qtbot.waitUntil(lambda: "Gone" in words(tab))
    stage.syncing.trash = ()
    button(tab, "restoreDeletedButton").click()
    stage.qtbot.waitUntil(lambda: "Nothing was deleted or moved away." in words(tab))
    assert stage.session.services.documents.get(request_id) is not None


def test_what_was_moved_into_another_workspace_says_so_and_where_to(stage: SyncStage, tab: HistoryTab) -> None:
    request_id = stage.request("Capture")
    other = stage.move_away(request_id)
    stage.syncing.trash = (replace(sample.deleted()[0], document_id=request_id, name="Capture"), sample.deleted()[1])
    tab._show_deleted()
    rows = {row.accessibleName() for row in tab.findChildren(SyncRow)}
    assert rows >= {"Capture, Moved to “Payments”, today, 13:40", "Old endpoints, 20 November, 14:02"}
    stage.session.services.workspaces.delete(other).result()
    tab._show_deleted()
    assert "Moved to another workspace, today, 13:40" in words(tab)


def test_the_whole_workspace_as_it_was(stage: SyncStage, tab: HistoryTab) -> None:
    assert tab.moment.text() == "2026-11-22 14:02"
    tab.moment.setFocus()
    stage.qtbot.keyClick(tab.moment, Qt.Key.Key_Return)
    asked = stage.syncing.last
    assert asked.name == "workspace_as_of"
    # All of that minute.
    assert asked.given == (stage.workspace.workspace_id, (moment_from("2026-11-22 14:02") or 0) + 59_999)
    assert not tab.copy_button.isEnabled()
    made, future = stage.session.services.workspaces.create("Copy")
    future.result()
    with stage.qtbot.waitSignal(tab.notice_requested) as told:
        asked.succeed(WorkspaceCopy(made))
    assert told.args is not None
    words = "The copy shows the workspace as of yesterday, 14:02, and is synced like the others."
    assert told.args[:2] == [words, "Open"]
    told.args[2]()
    assert stage.workspace.workspace_id == made


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01 00:00", "2030-01-01 00:00"])
def test_a_moment_that_is_none_is_marked(stage: SyncStage, tab: HistoryTab, text: str) -> None:
    tab.moment.setText(text)
    button(tab, "copyAsOfButton").click()
    assert tab.moment.is_wrong()
    assert is_shown(tab, "momentError")
    assert stage.syncing.asked_of("workspace_as_of") == []
    tab.moment.setFocus()
    stage.qtbot.keyClicks(tab.moment, "1")
    assert not tab.moment.is_wrong()


def test_a_copy_that_cannot_be_made_says_why(stage: SyncStage, tab: HistoryTab) -> None:
    button(tab, "copyAsOfButton").click()
    stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    stage.qtbot.waitUntil(lambda: is_shown(tab, "momentError"))
    assert tab.copy_button.isEnabled()


def test_a_copy_that_is_not_wholly_of_the_moment_says_so(stage: SyncStage, tab: HistoryTab) -> None:
    gaps = tuple(CopyGap("request", name, 1) for name in ("List", "", "Create", "Cancel", "Pay"))
    tab.copy_button.click()
    with stage.qtbot.waitSignal(tab.notice_requested) as told:
        stage.syncing.last.succeed(WorkspaceCopy("wrk_made", gaps, (CopyGap("folder", "Orders"),)))
    assert told.args is not None
    assert told.args[0] == (
        "The copy shows the workspace as of yesterday, 14:02, and is synced like the others. 5 documents are as of"
        " another moment, the nearest that is kept: “List”, A request, “Create” and 2 more. 1 document is left out, as"
        " nothing of that time can be read: “Orders”."
    )
    # The notice goes; this stays, with more names.
    gaps_shown = tab.findChild(QWidget, "copyGaps")
    assert gaps_shown is not None
    assert gaps_shown.isVisible()
    assert "“Create”, “Cancel”, “Pay”. 1 document is left out" in words(tab)
    tab.copy_button.click()
    assert not gaps_shown.isVisible()


def test_what_the_trash_let_go_of_is_listed_and_leads_to_its_versions(stage: SyncStage) -> None:
    stage.syncing.gone = (
        DeletedRow("req_gone", "request", "Long gone", 0),
        DeletedRow("jar_gone", "cookie_jar", "", 0),
    )
    made = HistoryTab(stage.session, stage.workspace)
    stage.qtbot.addWidget(made)
    made.resize(1024, 700)
    made.show()
    entry = made.list.entries()[-1]
    assert (entry.key, entry.title, entry.sub) == ("req_gone", "Long gone", "Deleted, no longer in the trash")
    with stage.qtbot.waitSignal(made.history_wanted) as told:
        made.list.opened.emit("req_gone")
    assert told.args == ["req_gone", "Long gone"]
    assert "Nothing is in the trash; what it let go of is in the list of documents." in words(made)


def test_the_moment_that_is_proposed_is_not_before_the_first_version(stage: SyncStage, tab: HistoryTab) -> None:
    (asked,) = stage.syncing.asked_of("history")
    assert asked.given == (stage.workspace.workspace_id, 2)
    first = replace(sample.versions()[-1], version=1, at=sample.MADE_MS - 2 * sample.HOUR)
    asked.succeed((first,))
    stage.qtbot.waitUntil(lambda: tab.moment.text() == "2026-11-23 12:02")
    tab.copy_button.click()
    assert first.at <= stage.syncing.last.given[1] < first.at + sample.MINUTE


def test_a_moment_that_was_typed_stays(stage: SyncStage, tab: HistoryTab) -> None:
    tab.moment.setText("")
    tab.moment.setFocus()
    stage.qtbot.keyClicks(tab.moment, "2026-11-01 10:00")
    stage.syncing.last.succeed((replace(sample.versions()[-1], version=1, at=sample.MADE_MS - sample.HOUR),))
    stage.drain()
    assert tab.moment.text() == "2026-11-01 10:00"


def test_before_the_first_version_it_is_said_since_when_there_is_one(stage: SyncStage, tab: HistoryTab) -> None:
    tab.copy_button.click()
    stage.syncing.last.fail("sync.not_kept_then", since=sample.MADE_MS - sample.HOUR)
    stage.qtbot.waitUntil(lambda: is_shown(tab, "momentError"))
    assert "This workspace has been kept since today, 13:02; choose a later moment." in words(tab)
    assert "synced like the others" in words(tab)
