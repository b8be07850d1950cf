"""A conflict that cannot be read, on its page: panes.sync.unreadable_conflict_row."""

from __future__ import annotations

import msgspec
from PySide6.QtWidgets import QApplication, QLabel

from insomnia_desktop.services.sync_views import ConflictRow
from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage
from insomnia_desktop.ui.panes.sync.unreadable_conflict_row import UnreadableConflictRow
from tests.support import sample_sync as sample
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, words


def page_of(stage: SyncStage, sound: int) -> ConflictPage:
    """A page about so many conflicts that can be read, and one that cannot."""
    order_id = stage.request()
    rows = sample.conflicts(order_id, stage.workspace.workspace_id)
    damaged: ConflictRow = msgspec.structs.replace(rows[0], id=9, path=(), unreadable=True)
    stage.syncing.known_conflicts = (*rows[:sound], damaged)
    return stage.conflict_page(order_id)


def summary(page: ConflictPage) -> str:
    label = page.findChild(QLabel, "conflictSummary")
    assert label is not None
    return label.text()


def test_beside_others_it_says_what_can_be_done(stage: SyncStage) -> None:
    page = page_of(stage, 2)
    assert (len(page.rows), len(page.unreadable)) == (2, 1)
    assert "This conflict cannot be read: what this device kept of it is damaged." in words(page)
    assert page.unreadable[0].accessibleName().startswith("Unknown: This conflict cannot be read")
    assert nameless_controls(page) == set()
    button(page, "allMineButton").click()
    assert summary(page) == "2 of 2 chosen"
    assert page.finish_button.isEnabled()
    with stage.qtbot.waitSignal(page.history_wanted):
        button(page, "conflictHistoryButton").click()
    button(page, "endConflictButton").click()
    assert stage.syncing.last.given == ((9, "mine"),)
    stage.syncing.known_conflicts = stage.syncing.known_conflicts[:2]
    with stage.qtbot.waitSignal(page._conflicts.documents_changed):
        stage.syncing.last.succeed()
    assert (len(page.rows), page.unreadable) == (2, [])


def test_the_field_is_told_where_it_is_known(stage: SyncStage) -> None:
    row = sample.conflicts("req_1", "wrk_1")[3]
    shown = UnreadableConflictRow(msgspec.structs.replace(row, unreadable=True))
    stage.qtbot.addWidget(shown)
    assert shown.accessibleName().startswith("Header X-Trace-Id: This conflict cannot be read")


def test_alone_there_is_nothing_to_choose_and_its_end_is_that_of_the_page(stage: SyncStage) -> None:
    page = page_of(stage, 0)
    page.focus_first()
    assert QApplication.focusWidget() is page.unreadable[0].end_button
    assert summary(page) == "Nothing to choose"
    for each in (page.finish_button, page.both_button, page.all_mine, page.all_theirs):
        assert not each.isEnabled()
    assert not page._titles.isVisible()
    page.unreadable[0].end_button.click()
    stage.syncing.known_conflicts = ()
    with stage.qtbot.waitSignal(page.closed):
        stage.syncing.last.succeed()
