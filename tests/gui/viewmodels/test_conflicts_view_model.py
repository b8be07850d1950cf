"""Choices between two sides: ui.viewmodels.conflicts_view_model."""

from __future__ import annotations

import msgspec
import pytest

from insomnia_desktop.services.sync_views import ConflictRow, ShownValue
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel, fields_words
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SERVER
from tests.support.sync_stage import SyncStage


@pytest.fixture
def order_id(stage: SyncStage) -> str:
    """A request with four values in conflict."""
    made = stage.request()
    stage.syncing.known_conflicts = sample.conflicts(made, stage.workspace.workspace_id)
    return made


@pytest.fixture
def conflicts(stage: SyncStage, order_id: str) -> ConflictsViewModel:
    return ConflictsViewModel(stage.session)


def test_values_are_told_by_document(stage: SyncStage, conflicts: ConflictsViewModel, order_id: str) -> None:
    older = msgspec.structs.replace(
        sample.conflicts("fld_1", "w")[0], id=9, kind="folder", name="", at=sample.MADE_MS - 5 * sample.DAY
    )
    stage.syncing.known_conflicts += (older,)
    with stage.qtbot.waitSignal(conflicts.documents_changed):
        conflicts.refresh()
    assert [(each.id, each.method, len(each.rows)) for each in conflicts.documents] == [
        (order_id, "POST", 4),
        ("fld_1", "", 1),
    ]
    document = conflicts.document(order_id)
    assert document is not None
    assert fields_words(document) == "Name, Address, Body and 1 more"
    assert fields_words(document, most=4) == "Name, Address, Body, Header X-Trace-Id"
    assert conflicts.document("nobody") is None
    with stage.qtbot.assertNotEmitted(conflicts.documents_changed):
        conflicts.refresh()


def test_only_when_all_is_chosen_it_is_carried_out(
    stage: SyncStage, conflicts: ConflictsViewModel, order_id: str
) -> None:
    for number, choice in ((1, "theirs"), (2, "mine"), (3, "mine")):
        conflicts.choose(number, choice)  # type: ignore[arg-type]
    assert conflicts.chosen_of(order_id) == (3, 4)
    conflicts.finish(order_id)
    assert stage.syncing.asked == []
    conflicts.choose(4, "theirs")
    conflicts.finish(order_id)
    assert conflicts.is_busy(order_id)
    conflicts.finish(order_id)
    # All of it is one deed, and so one step of undo.
    (asked,) = stage.syncing.asked
    assert (asked.name, asked.given) == ("settle", ((1, "theirs"), (2, "mine"), (3, "mine"), (4, "theirs")))
    stage.syncing.settle_conflicts(order_id)
    with stage.qtbot.waitSignal(conflicts.finished) as told:
        stage.syncing.last.succeed()
    assert told.args == [order_id]
    assert conflicts.documents == ()
    assert conflicts.choice(1) == "open"


def test_one_side_of_everything(stage: SyncStage, conflicts: ConflictsViewModel, order_id: str) -> None:
    conflicts.choose_all(order_id, "theirs")
    assert conflicts.chosen_of(order_id) == (4, 4)
    conflicts.choose(2, "open")
    assert conflicts.chosen_of(order_id) == (3, 4)
    conflicts.choose_all("nobody", "mine")
    assert conflicts.chosen_of("nobody") == (0, 0)


def test_both_are_kept_by_one_deed(stage: SyncStage, conflicts: ConflictsViewModel, order_id: str) -> None:
    conflicts.keep_both(order_id)
    assert [(asked.name, asked.given) for asked in stage.syncing.asked] == [("settle", ((1, "both"),))]
    stage.syncing.settle_conflicts(order_id)
    with stage.qtbot.waitSignal(conflicts.finished):
        stage.syncing.last.succeed()


def test_what_fails_is_said_and_the_choices_stay(
    stage: SyncStage, conflicts: ConflictsViewModel, order_id: str
) -> None:
    conflicts.choose_all(order_id, "mine")
    conflicts.finish(order_id)
    with stage.qtbot.waitSignal(conflicts.failed) as told:
        stage.syncing.asked[0].fail("account.server_unreachable", address=SERVER)
    assert told.args is not None
    assert SERVER in told.args[0]
    assert not conflicts.is_busy(order_id)
    assert conflicts.chosen_of(order_id) == (4, 4)


def test_of_one_place_only_one_of_theirs_is_used(stage: SyncStage) -> None:
    order_id = stage.request()
    rows = sample.conflicts(order_id, stage.workspace.workspace_id)[:2]
    again = msgspec.structs.replace(rows[1], id=9, theirs=ShownValue("/newer", value="/newer"))
    # The newest stands first.
    stage.syncing.known_conflicts = (again, *rows)
    conflicts = ConflictsViewModel(stage.session)
    conflicts.choose_all(order_id, "theirs")
    assert [conflicts.choice(number) for number in (1, 2, 9)] == ["theirs", "mine", "theirs"]
    conflicts.choose(2, "theirs")
    assert [conflicts.choice(number) for number in (1, 2, 9)] == ["theirs", "theirs", "mine"]
    document = conflicts.document(order_id)
    assert document is not None
    assert (document.copies, document.why_not_both) == (2, "")
    with stage.qtbot.assertNotEmitted(conflicts.finished):
        conflicts.choose(77, "mine")
    assert conflicts.choice(77) == "open"


def test_both_are_not_asked_for_where_that_would_drop_theirs(stage: SyncStage) -> None:
    row = sample.conflicts("wrk_1", "wrk_1")[0]
    stage.syncing.known_conflicts = (msgspec.structs.replace(row, kind="workspace"),)
    conflicts = ConflictsViewModel(stage.session)
    assert conflicts.documents[0].why_not_both == "workspace"
    conflicts.keep_both("wrk_1")
    assert stage.syncing.asked == []


def damaged(order_id: str, workspace_id: str) -> ConflictRow:
    row = sample.conflicts(order_id, workspace_id)[0]
    return msgspec.structs.replace(row, id=9, path=(), unreadable=True, at=row.at + 1)


def test_what_cannot_be_read_is_told_apart_and_waits_for_no_choice(
    stage: SyncStage, conflicts: ConflictsViewModel, order_id: str
) -> None:
    stage.syncing.known_conflicts += (damaged(order_id, stage.workspace.workspace_id),)
    conflicts.refresh()
    (document,) = conflicts.documents
    assert ([row.id for row in document.rows], [row.id for row in document.unreadable]) == ([1, 2, 3, 4], [9])
    assert document.at == document.unreadable[0].at
    assert fields_words(document, most=5) == "Name, Address, Body, Header X-Trace-Id, what cannot be read any more"
    conflicts.choose_all(order_id, "theirs")
    assert conflicts.chosen_of(order_id) == (4, 4)
    assert document.why_not_both == ""


def test_one_that_cannot_be_read_is_let_go_by_itself(stage: SyncStage) -> None:
    stage.syncing.known_conflicts = (damaged("req_1", "wrk_1"),)
    conflicts = ConflictsViewModel(stage.session)
    assert (conflicts.documents[0].rows, conflicts.documents[0].why_not_both) == ((), "unreadable")
    conflicts.finish("req_1")
    conflicts.keep_both("req_1")
    assert stage.syncing.asked == []
    conflicts.let_go(9)
    assert stage.syncing.last.given == ((9, "mine"),)
    with stage.qtbot.waitSignal(conflicts.failed):
        stage.syncing.last.fail("sync.conflict_not_found", id=9)
    conflicts.let_go(9)
    stage.syncing.known_conflicts = ()
    with stage.qtbot.waitSignal(conflicts.documents_changed):
        stage.syncing.last.succeed()
