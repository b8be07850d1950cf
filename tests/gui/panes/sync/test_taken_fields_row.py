"""What was merged without a question, on the page of a conflict: panes.sync.taken_fields_row."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage
from insomnia_desktop.ui.panes.sync.taken_fields_row import TakenFieldsRow
from tests.support import sample_sync as sample
from tests.support.spoken import nameless_controls
from tests.support.sync_stage import SyncStage, button, words

ACCEPT, METHOD = TakenField("Header Accept", "theirs"), TakenField("Method", "mine")
DOCS = TakenField("Docs", "both")


def page_of(stage: SyncStage, *fields: TakenField) -> ConflictPage:
    order_id = stage.request()
    stage.syncing.known_conflicts = sample.conflicts(order_id, stage.workspace.workspace_id)
    stage.syncing.taken_fields = fields
    return stage.conflict_page(order_id)


def test_it_says_how_many_fields_and_on_demand_which(stage: SyncStage) -> None:
    page = page_of(stage, ACCEPT, METHOD)
    (row,) = page.findChildren(TakenFieldsRow)
    assert row.accessibleName() == "2 other fields changed on one side only and were merged by themselves."
    assert nameless_controls(page) == set()
    assert not row.names.isVisible()
    link = button(page, "takenFieldsButton")
    assert link.text() == "Show them"
    link.setFocus(Qt.FocusReason.TabFocusReason)
    stage.qtbot.keyClick(link, Qt.Key.Key_Space)
    assert row.names.isVisible()
    assert words(row.names).split("\n") == ["Header Accept", "theirs", "Method", "mine"]
    assert link.text() == "Hide them"
    link.click()
    assert not row.names.isVisible()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ((ACCEPT,), "One other field changed on one side only and was merged by itself."),
        ((DOCS,), "One other field was changed on both sides and could be merged by itself."),
        ((ACCEPT, DOCS), "2 other fields were merged by themselves."),
    ],
)
def test_what_both_sides_changed_is_not_said_to_be_of_one(
    stage: SyncStage, fields: tuple[TakenField, ...], sentence: str
) -> None:
    (row,) = page_of(stage, *fields).findChildren(TakenFieldsRow)
    assert row.accessibleName() == sentence


def test_where_nothing_is_known_nothing_is_said(stage: SyncStage) -> None:
    assert page_of(stage).findChildren(TakenFieldsRow) == []
