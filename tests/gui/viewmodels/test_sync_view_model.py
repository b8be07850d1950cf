"""Sync for the window: ui.viewmodels.sync_view_model, footer_states, sync_words, synced_workspaces and latest_deed."""

from __future__ import annotations

from concurrent.futures import Future

import msgspec
import pytest

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.cli.sync_words import attention_words, status_words
from insomnia_desktop.services.account_views import AccountDeed, AccountState
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.services.sync_views import (
    AttentionItem,
    BackupReport,
    Check,
    Progress,
    SyncState,
    SyncStatus,
    WorkspaceSync,
)
from insomnia_desktop.ui.i18n.words import date_words
from insomnia_desktop.ui.viewmodels import footer_states, sync_words
from insomnia_desktop.ui.viewmodels.account_view_model import SIGN_IN
from insomnia_desktop.ui.viewmodels.latest_deed import LatestDeed
from tests.support import sample_sync as sample
from tests.support.fake_accounts import SERVER, SIGNED_IN, SIGNED_OUT
from tests.support.sample_workspace import MADE_MS
from tests.support.sync_stage import SyncStage

NOW = MADE_MS + 20_000
replace = msgspec.structs.replace


@pytest.mark.parametrize(
    ("state", "words", "deed", "token"),
    [
        (SyncState.UP_TO_DATE, "Up to date", footer_states.BACKUP, "dot_success"),
        (SyncState.SAVING, "Saving…", footer_states.BACKUP, "accent"),
        (SyncState.OFFLINE, "Offline, saved 14:02", footer_states.BACKUP, "faint"),
        (SyncState.NEEDS_ATTENTION, "Needs attention", footer_states.BACKUP, "dot_warning"),
        (SyncState.SIGNED_OUT_ELSEWHERE, "Signed out elsewhere", SIGN_IN, "dot_danger"),
        (SyncState.LOCAL_ONLY, "Local only", footer_states.SYNC_IT, "faint"),
        (SyncState.OFF, "Local only", "", "faint"),
    ],
)
def test_the_footer_of_every_state(state: SyncState, words: str, deed: str, token: str) -> None:
    footer = footer_states.sync_footer(SIGNED_IN, replace(sample.UP_TO_DATE, state=state), NOW)
    assert (footer.words, footer.deed, footer.token) == (words, deed, token)
    assert footer.tip
    assert bool(footer.deed_words) is bool(deed)


def test_the_account_wins_while_nobody_is_signed_in() -> None:
    assert footer_states.sync_footer(SIGNED_OUT, sample.UP_TO_DATE, NOW).words == "On this device"
    locked = replace(SIGNED_IN, state=AccountState.LOCKED)
    assert footer_states.sync_footer(locked, sample.UP_TO_DATE, NOW).words == "Locked"


def test_a_running_backup_says_how_far_it_is() -> None:
    running = replace(sample.UP_TO_DATE, backing_up=Progress(1_012, 1_240))
    footer = footer_states.sync_footer(SIGNED_IN, running, NOW, may_cancel=True)
    assert (footer.words, footer.deed, footer.deed_words) == ("Saving 1,012 of 1,240", "cancel", "Cancel")
    # One that another program asked for cannot be cancelled here.
    assert footer_states.sync_footer(SIGNED_IN, running, NOW).deed == footer_states.BACKUP
    assert footer_states.fraction_of(running) == pytest.approx(0.816, abs=0.001)
    assert footer_states.fraction_of(replace(running, backing_up=Progress(0, 0))) is None
    assert footer_states.progress_words(sample.UP_TO_DATE) == "Saving…"


def test_tips_say_when_and_why() -> None:
    assert footer_states.tip_of(sample.UP_TO_DATE, NOW) == "Everything is backed up. Last backup: Today, 14:02."
    assert "No backup yet." in footer_states.tip_of(SyncStatus(SyncState.SAVING), NOW)
    offline = SyncStatus(SyncState.OFFLINE, problem="account.server_unreachable", problem_params={"address": SERVER})
    assert footer_states.tip_of(offline, NOW).startswith(f"The server {SERVER} cannot be reached.")
    assert footer_states.state_words(offline, NOW) == "Offline"
    long_ago = replace(offline, last_backup=replace(sample.REPORT, at=MADE_MS - 400 * 86_400_000))
    assert footer_states.state_words(long_ago, NOW) == "Offline, saved 19 Oct 2025"
    assert "cannot be reached" in footer_states.tip_of(SyncStatus(SyncState.OFFLINE), NOW)
    two = replace(sample.UP_TO_DATE, state=SyncState.NEEDS_ATTENTION, attention=sample.attention("w")[:2])
    assert footer_states.tip_of(two, NOW).startswith("2 things need you.")
    one = replace(two, attention=two.attention[:1])
    assert footer_states.tip_of(one, NOW).startswith("One thing needs you.")


@pytest.mark.parametrize(
    ("problem", "params", "words"),
    [
        ("store.disk_full", {"path": "/disk"}, "no room"),
        ("account.certificate_changed", {"address": SERVER}, SERVER),
        ("account.newer_protocol", {}, "newer"),
    ],
)
def test_a_problem_that_no_waiting_ends_is_told_in_its_own_words(
    problem: str, params: dict[str, str], words: str
) -> None:
    status = replace(
        sample.UP_TO_DATE, state=SyncState.NEEDS_ATTENTION, problem=problem, problem_params=params, attention=()
    )
    tip = footer_states.tip_of(status, NOW)
    said = sentence(KnownError(problem, **params))
    assert tip.startswith(f"{said.text} {said.hint}")
    assert words in tip
    assert "need" not in tip.replace(f"{said.text} {said.hint}", "")
    both = footer_states.tip_of(replace(status, attention=sample.attention("w")[:2]), NOW)
    assert both.startswith(f"{said.text} {said.hint} 2 things need you.")


@pytest.mark.parametrize(
    ("count", "named"), [(1, "One workspace at the server does"), (3, "3 workspaces at the server do")]
)
def test_a_workspace_that_does_not_open_is_told_in_one_wholeeverywhere(count: int, named: str) -> None:
    whole = f"{named} not open here"
    checks = (sample.CHECKS[0], Check("opened", False, {"workspaces": count}))
    report = replace(sample.REPORT, verified=False, rest_verified=True, unopened=count, checks=checks)
    item = AttentionItem("unopened", count=count)
    status = SyncStatus(SyncState.NEEDS_ATTENTION, last_backup=report, attention=(item,))
    line = sync_words.attention_line(item)
    assert line.text.startswith(f"{whole}. On a device that has ")
    assert line.deed == sync_words.BACKUP
    words = sync_words.report_words(report)
    assert words.startswith(f"Backed up at 14:02: 312 items, verified; {whole[:1].lower()}{whole[1:]}. On a dev")
    assert sync_words.check_line(checks[1], MADE_MS).words == whole
    assert not sync_words.check_line(checks[1], MADE_MS).ok
    assert footer_states.tip_of(status, NOW).startswith(f"{whole}. Last backup: ")
    # The command line says the same.
    assert attention_words(item, "") == line.text
    assert f"verified; {whole[:1].lower()}{whole[1:]}." in status_words(status)[-1]
    # Where the others are not verified either, that is what is wrong.
    other = sync_words.report_words(replace(report, rest_verified=False, checks=(replace(checks[0], ok=False),)))
    assert other.endswith("not verified: not everything is stored by the server.")


@pytest.mark.parametrize("ok", [True, False])
def test_each_check_has_its_words(ok: bool) -> None:
    lines = [sync_words.check_line(replace(check, ok=ok), MADE_MS) for check in sample.CHECKS]
    assert len({line.words for line in lines}) == len(sample.CHECKS)
    assert all(line.ok is ok for line in lines)
    if ok:
        assert [line.value for line in lines] == ["14:02:11", "", "7f3a 91c0 5be2", "revision 4,218", ""]
        assert [line.mono for line in lines] == [False, False, True, False, False]


@pytest.mark.parametrize(
    ("before", "as_of"),
    [(2 * sample.HOUR, "as of 12:02"), (2 * sample.DAY, f"as of {date_words(MADE_MS - 2 * sample.DAY)}, 14:02")],
)
def test_after_a_round_for_one_workspace_the_checks_of_all_are_as_old_as_they_are(before: int, as_of: str) -> None:
    lines = [sync_words.check_line(check, MADE_MS, MADE_MS - before) for check in sample.CHECKS]
    assert [line.value for line in lines] == ["14:02:11", "", "7f3a 91c0 5be2", as_of, as_of]


def test_the_outcome_of_a_backup_in_a_sentence() -> None:
    assert sync_words.report_words(sample.REPORT) == "Backed up at 14:02: 312 items, verified."
    assert (
        sync_words.report_words(sample.WRONG_REPORT)
        == "Backed up at 14:02: 312 items, but not verified: some could not be opened with your keys."
    )
    assert sync_words.report_words(BackupReport(MADE_MS, 1, False)) == "Backed up at 14:02: 1 item."


def test_everything_that_needs_a_look_has_words_and_a_fitting_deed() -> None:
    codes = ("conflict", "quarantined", "blocked", "server_went_back", "edit_won", "other_account",
             "removed_elsewhere", "moved_to_trash", "digest", "row_missing", "choose_workspaces")  # fmt: skip
    deeds = {}
    for code in codes:
        item = AttentionItem(code, id=1, kind="request", name="Create order", detail="quota")  # type: ignore[arg-type]
        line = sync_words.attention_line(item)
        assert line.title
        assert line.text
        assert bool(line.deed) is bool(line.deed_words)
        deeds[code] = line.deed
    assert {code for code, deed in deeds.items() if deed == sync_words.DISMISS} == {
        "server_went_back", "edit_won", "other_account", "removed_elsewhere", "moved_to_trash",
    }  # fmt: skip
    assert deeds["choose_workspaces"] == sync_words.CHOOSE_WORKSPACES
    assert sync_words.attention_line(AttentionItem("blocked", kind="folder", detail="?")).title == "A folder"


@pytest.mark.parametrize("kind", ["workspace", "folder", "request", "environment", "cookie_jar", ""])
def test_what_has_no_name_is_named_by_its_kind_in_a_heading_and_in_a_sentence(kind: str) -> None:
    article = "An" if kind == "environment" else "A"
    noun = sync_words.kind_words(kind)
    assert sync_words.attention_line(AttentionItem("quarantined", kind=kind, detail="x")).title == f"{article} {noun}"
    assert f" of {article.lower()} {noun} " in sync_words.attention_line(AttentionItem("digest", kind=kind)).text
    won = sync_words.attention_line(AttentionItem("edit_won", id=1, kind=kind)).text
    assert won.startswith(f"{article} {noun} was deleted")


def test_of_which_workspace_a_server_went_back_is_said() -> None:
    lines = [sync_words.attention_line(AttentionItem("server_went_back", id=1, name=name)) for name in ("Shop", "Lab")]
    assert [line.title for line in lines] == ["The server went back in time"] * 2
    assert ["“Shop”" in lines[0].text, "“Lab”" in lines[1].text] == [True, True]


def test_modes_counts_and_groups_of_digits() -> None:
    synced = WorkspaceSync("w", "Shop", "synced", items=1_204, pending=3)
    assert sync_words.mode_words(synced) == "1,204 items, 3 waiting"
    assert sync_words.mode_words(replace(synced, mode="this_device")) == "Only on this device"
    assert "another account" in sync_words.mode_words(replace(synced, mode="other_account"))
    assert (sync_words.mode_key("synced"), sync_words.mode_key("this_device")) == ("on", "off")
    assert sync_words.in_groups("9c41f0d27a") == "9c41 f0d2 7a"
    assert sync_words.quarantine_words("undecryptable") != "undecryptable"
    assert sync_words.quarantine_words("said by the service") == "said by the service"
    assert (sync_words.kind_words("folder"), sync_words.kinds_words("folder")) == ("folder", "folders")
    assert sync_words.kind_words("new kind") == "document"
    assert sync_words.workspace_words(1) == "1 workspace"


def test_a_status_told_by_the_worker_reaches_the_window(stage: SyncStage) -> None:
    sync = stage.sync
    with stage.qtbot.waitSignal(sync.status_changed):
        stage.syncing.become(sample.UP_TO_DATE)
    assert sync.footer.words == "Up to date"
    with stage.qtbot.assertNotEmitted(sync.status_changed):
        stage.syncing.tell()
        stage.drain()


def test_the_status_is_that_of_the_active_workspace(stage: SyncStage) -> None:
    stage.syncing.current = sample.UP_TO_DATE
    other, future = stage.session.services.workspaces.create("Scratch")
    future.result()
    stage.syncing.of_workspaces[other] = SyncStatus(SyncState.LOCAL_ONLY)
    assert stage.sync.footer.words == "Up to date"
    stage.workspace.use_workspace(other)
    assert stage.sync.footer.words == "Local only"


def test_unsaved_rows_follow_sync_and_edits(stage: SyncStage) -> None:
    sync = stage.sync
    request_id = stage.request()
    stage.syncing.dirty = frozenset({request_id})
    with stage.qtbot.waitSignal(sync.unsaved_changed):
        stage.session.services.documents.rename(request_id, "Another").result()
    assert sync.unsaved == {request_id}
    stage.syncing.dirty = frozenset()
    with stage.qtbot.waitSignal(sync.unsaved_changed):
        stage.syncing.tell()
    assert sync.unsaved == frozenset()


def test_a_backup_ends_in_a_sentence(stage: SyncStage) -> None:
    sync = stage.sync
    sync.backup_now()
    assert sync.is_backing_up
    assert sync.footer.deed == "" or sync.footer.deed == footer_states.CANCEL
    sync.backup_now()
    assert len(stage.syncing.asked) == 1
    with stage.qtbot.waitSignal(sync.told) as told:
        stage.syncing.last.succeed(sample.REPORT)
    assert told.args == ["Backed up at 14:02: 312 items, verified."]
    assert not sync.is_backing_up


def test_a_backup_can_be_cancelled_and_can_fail(stage: SyncStage) -> None:
    sync = stage.sync
    sync.backup_now()
    with stage.qtbot.waitSignal(sync.told) as told:
        sync.cancel_backup()
    assert stage.syncing.last.cancelled
    assert told.args is not None
    assert "cancelled" in told.args[0]
    sync.backup_now()
    with stage.qtbot.waitSignal(sync.told) as told:
        stage.syncing.last.fail("account.server_unreachable", address=SERVER)
    assert told.args is not None
    assert told.args[0].startswith(f"The server {SERVER} cannot be reached.")


def test_workspaces_are_synced_or_not(stage: SyncStage) -> None:
    sync = stage.sync
    for act, name, given in (
        (lambda: sync.workspaces.set_mode("w", "on"), "set_mode", ("w", "on")),
        (lambda: sync.workspaces.set_mode("w", "off"), "set_mode", ("w", "off")),
        (lambda: sync.workspaces.remove_from_server("w"), "remove_from_server", ("w",)),
        (lambda: sync.workspaces.choose_first(["a", "b"]), "choose_first", ("a", "b")),
    ):
        act()
        assert (stage.syncing.last.name, stage.syncing.last.given) == (name, given)
        with stage.qtbot.waitSignal(sync.workspaces.changed):
            stage.syncing.last.succeed()
    sync.workspaces.set_mode("w", "on")
    with stage.qtbot.waitSignals([sync.told, sync.workspaces.changed]):
        stage.syncing.last.fail("account.server_unreachable", address=SERVER)


def test_notices_are_dismissed_and_conflicts_stand_apart(stage: SyncStage) -> None:
    items = (*sample.attention("w"), sample.conflict_item("req_1"))
    stage.syncing.current = replace(sample.UP_TO_DATE, state=SyncState.NEEDS_ATTENTION, attention=items)
    sync = stage.sync
    assert [item.code for item in sync.attention()] == ["quarantined", "blocked", "server_went_back", "edit_won"]
    with stage.qtbot.waitSignal(sync.status_changed):
        sync.dismiss(3)
    assert [item.code for item in sync.attention()] == ["quarantined", "blocked", "edit_won"]


def test_a_new_conflict_is_told_once(stage: SyncStage) -> None:
    sync = stage.sync
    item = sample.conflict_item("req_1")
    with stage.qtbot.waitSignal(sync.conflict_found) as told:
        stage.syncing.become(replace(sample.UP_TO_DATE, attention=(item,)))
    assert told.args == [item]
    with stage.qtbot.assertNotEmitted(sync.conflict_found):
        stage.syncing.become(replace(sample.UP_TO_DATE, attention=(item,), pending=1))
        stage.drain()


def test_many_things_told_at_once_are_read_once(stage: SyncStage) -> None:
    sync = stage.sync
    seen: list[int] = []
    sync.status_changed.connect(lambda: seen.append(sync.status.pending))
    for pending in range(1, 500):
        stage.syncing.become(replace(sample.UP_TO_DATE, pending=pending))
    stage.qtbot.waitUntil(lambda: bool(seen) and seen[-1] == 499)
    assert len(seen) <= 2


def test_the_log_is_newest_first_and_closing_stops_listening(stage: SyncStage) -> None:
    stage.syncing.log = tuple(reversed(sample.connection_log()))
    assert [row.at for row in stage.sync.connections()] == sorted(
        (row.at for row in sample.connection_log()), reverse=True
    )
    stage.sync.backup_now()
    stage.close_sync()
    assert stage.syncing.listeners() == 0
    assert stage.syncing.last.cancelled


class Answers:
    """Deeds that wait for their end."""

    def __init__(self) -> None:
        self.futures: list[Future[str]] = []

    def make(self) -> AccountDeed[str]:
        future: Future[str] = Future()
        self.futures.append(future)
        return AccountDeed(future, lambda: None)  # one that cannot be stopped any more


def test_of_questions_only_the_newest_counts(stage: SyncStage) -> None:
    latest, answers = LatestDeed(stage.session), Answers()
    told: list[str] = []
    failed: list[AppError] = []
    latest.ask(answers.make, told.append, failed.append)
    latest.ask(answers.make, told.append, failed.append)
    answers.futures[0].set_result("old")
    answers.futures[1].set_result("new")
    stage.qtbot.waitUntil(lambda: bool(told))
    assert (told, latest.is_running) == (["new"], False)
    latest.ask(answers.make, told.append, failed.append)
    answers.futures[2].set_exception(KnownError("account.offline"))
    stage.qtbot.waitUntil(lambda: bool(failed))
    latest.ask(answers.make, told.append, failed.append)
    latest.cancel()
    assert not latest.is_running
    latest.ask(answers.make, told.append, failed.append)
    answers.futures[4].cancel()
    stage.qtbot.waitUntil(lambda: not latest.is_running)
    assert (told, len(failed)) == (["new"], 1)

    def refuse() -> AccountDeed[str]:
        raise KnownError("account.offline")

    latest.ask(refuse, told.append, failed.append)
    assert len(failed) == 2


def test_a_bug_is_not_swallowed(stage: SyncStage) -> None:
    latest, answers = LatestDeed(stage.session), Answers()
    latest.ask(answers.make, lambda _: None, lambda _: None)
    with stage.qtbot.captureExceptions() as raised:
        answers.futures[0].set_exception(ValueError("x"))
        stage.qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ValueError


def test_checks_never_say_more_than_was_checked() -> None:
    head = sync_words.check_line(Check("at_head", True), MADE_MS)
    assert head.value == ""
