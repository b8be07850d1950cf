"""What the server holds: ui.viewmodels.server_view_model."""

from __future__ import annotations

from insomnia_desktop.ui.viewmodels.server_view_model import ServerViewModel
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SERVER
from tests.support.sync_stage import SyncStage


def test_rows_and_fingerprint_of_the_active_workspace(stage: SyncStage) -> None:
    active = stage.workspace.workspace_id
    stage.syncing.known_workspaces = sample.workspaces(active)
    server = ServerViewModel(stage.session, active)
    assert [each.name for each in server.workspaces()] == ["Shop API", "Warehouse"]
    server.load()
    assert [(asked.name, asked.given) for asked in stage.syncing.asked] == [
        ("server_rows", (active,)),
        ("fingerprint", (active,)),
    ]
    assert server.is_running
    with stage.qtbot.waitSignals([server.rows_changed, server.fingerprint_changed]):
        stage.syncing.asked[0].succeed(sample.server_rows())
        stage.syncing.asked[1].succeed("9c41f0d2")
    assert (server.rows, server.fingerprint, server.is_running) == (sample.server_rows(), "9c41f0d2", False)


def test_another_workspace_takes_the_question_back(stage: SyncStage) -> None:
    stage.syncing.known_workspaces = sample.workspaces(stage.workspace.workspace_id)
    server = ServerViewModel(stage.session, stage.workspace.workspace_id)
    server.load()
    server.show_workspace("wrk_b")
    assert [asked.cancelled for asked in stage.syncing.asked] == [True, True, False, False]
    assert server.workspace_id == "wrk_b"
    server.show_workspace("wrk_b")
    assert len(stage.syncing.asked) == 4


def test_where_the_active_one_is_not_synced_another_is_shown(stage: SyncStage) -> None:
    stage.syncing.known_workspaces = sample.workspaces("wrk_a")
    assert ServerViewModel(stage.session, "wrk_c").workspace_id == "wrk_a"


def test_where_nothing_is_synced_nothing_is_asked(stage: SyncStage) -> None:
    server = ServerViewModel(stage.session, stage.workspace.workspace_id)
    server.load()
    assert stage.syncing.asked == []
    assert server.rows is None


def test_a_server_that_does_not_answer_says_why(stage: SyncStage) -> None:
    stage.syncing.known_workspaces = sample.workspaces("wrk_a")
    server = ServerViewModel(stage.session, "wrk_a")
    server.load()
    with stage.qtbot.waitSignal(server.rows_changed):
        stage.syncing.asked[0].fail("account.server_unreachable", address=SERVER)
    assert SERVER in server.problem
    server.load()
    assert server.problem == ""


def test_what_else_is_told_of_a_row_is_asked_for_once(stage: SyncStage) -> None:
    stage.syncing.known_workspaces = sample.workspaces("wrk_a")
    server = ServerViewModel(stage.session, "wrk_a")
    row, other = sample.server_rows()[:2]
    assert server.revision_of(row) is None
    server.ask_revision(row)
    assert stage.syncing.last.given == ("wrk_a", row)
    with stage.qtbot.waitSignal(server.revision_changed):
        stage.syncing.last.succeed(sample.server_revision())
    assert server.revision_of(row) == sample.server_revision()
    server.ask_revision(row)
    assert len(stage.syncing.asked) == 1
    server.ask_revision(other)
    server.load()
    assert stage.syncing.asked[1].cancelled
    assert server.revision_of(row) is None
