"""Two programs and a server on loopback: background sync, backup, history, conflicts, and who takes part.

About services.syncing, connection_log, sync_runner, sync_facts, sync_history, sync_reports, sync_words, sync_views,
account_sessions, conflict_sides; services.error_words_sync; sync.engine and sync.history; and store.commands.conflicts.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.crypto.envelope import Revision, rev_hash
from insomnia_desktop.services.sync_views import Keep, SyncState
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import documents
from tests.support.desk import refused
from tests.support.sync_programs import PASSWORD, Program
from tests.support.sync_server import RunningServer, sync_server

Start = Callable[[], Program]


class Two:
    """Two programs with one account and one synced workspace that holds a request."""

    def __init__(self, start: Start, server: RunningServer) -> None:
        self.first, self.second = start(), start()
        self.workspace = self.first.desk.workspace("Shop")
        self.request = self.first.desk.request(self.workspace, "List", url="https://example.com")
        self.first.create_account(server.address)
        self.second.sign_in(server.address)
        self.sync()

    def sync(self) -> None:
        """Run rounds until both have everything."""
        for program in (self.first, self.second, self.first):
            assert program.wait(program.syncing.sync_once()).verified


@pytest.fixture
def two(start: Start, server: RunningServer) -> Two:
    return Two(start, server)


def test_an_edit_here_appears_there_by_itself(two: Two) -> None:
    two.first.syncing.start()
    two.second.syncing.start()
    two.first.until(lambda: two.first.syncing.status().state == SyncState.UP_TO_DATE)
    two.first.desk.set(two.request, name="List all orders")
    assert two.first.syncing.status().pending == 1
    assert two.first.syncing.unsaved(two.workspace) == {two.request}
    two.second.until(lambda: two.second.names(two.workspace) == ["List all orders"])
    two.first.until(lambda: two.first.syncing.status().state == SyncState.UP_TO_DATE)
    assert two.first.syncing.status().verified


def test_what_waits_is_sent_when_the_program_ends(two: Two) -> None:
    two.first.syncing.start()
    two.first.until(lambda: two.first.syncing.status().state == SyncState.UP_TO_DATE)
    two.first.desk.set(two.request, name="Typed last")
    two.first.close()
    assert two.second.wait(two.second.syncing.sync_once()).pulled == 1
    assert two.second.names(two.workspace) == ["Typed last"]
    two.first.open()


def test_a_new_workspace_goes_with_the_rest(two: Two) -> None:
    two.first.syncing.start()
    fresh = two.first.desk.workspace("Second")
    two.first.until(lambda: {each.name: each.group_id for each in two.first.syncing.workspaces()}["Second"])
    two.first.until(lambda: not two.first.syncing.status().pending)
    two.second.wait(two.second.syncing.sync_once())
    assert two.second.workspace_named("Second") == fresh


def test_backup_now_says_what_was_really_checked(two: Two) -> None:
    two.first.desk.set(two.request, name="Changed")
    seen = []
    end = two.first.syncing.subscribe(lambda status: seen.append(status.backing_up))
    report = two.first.wait(two.first.syncing.backup_now())
    end()
    assert report.verified
    assert report.items == 3
    assert {check.code: check.ok for check in report.checks} == {
        "stored": True,
        "at_head": True,
        "digest": True,
        "not_older": True,
    }
    assert any(progress is not None and progress.total for progress in seen)
    status = two.first.syncing.status()
    assert status.state == SyncState.UP_TO_DATE
    assert status.last_backup is not None
    assert status.last_backup.items == 3
    assert two.first.syncing.connection_log()[0].path.startswith("/v1/")
    two.first.close()
    two.first.open()
    again = two.first.syncing.status().last_backup
    assert again is not None
    assert again.verified


def test_every_connection_is_in_the_log_of_accounts_too(two: Two) -> None:
    two.first.syncing.start()
    two.first.until(lambda: any(row.path == "/v1/events" for row in two.first.syncing.connection_log()))
    two.first.wait(two.first.services.accounts.devices())
    two.first.wait(two.first.syncing.backup_now())
    log = two.first.syncing.connection_log()
    asked = {(row.method, row.path, row.status) for row in log}
    assert {
        ("POST", "/auth/signup", 201),
        ("POST", "/auth/login-m1", 200),
        ("GET", "/v1/account", 200),
        ("GET", "/v1/devices", 200),
        ("GET", "/v1/heads", 200),
        ("GET", "/v1/events", 200),
    } <= asked
    assert not any("?" in row.path for row in log)
    two.first.close()
    two.first.open()
    assert {(row.method, row.path, row.status) for row in two.first.syncing.connection_log()} >= asked


def test_history_shows_who_changed_what_and_gives_it_back(two: Two) -> None:
    two.second.desk.set(two.request, name="Changed there", url="https://example.com/there")
    two.sync()
    newest, oldest = two.first.wait(two.first.syncing.history(two.request))
    assert (newest.version, oldest.version) == (2, 1)
    assert newest.current
    assert newest.device
    view = two.first.wait(two.first.syncing.version(two.request, 1))
    assert view.fields["url"] == "https://example.com"
    assert [(each.field, each.before.text, each.after.text) for each in view.differences] == [
        ("Name", "List", "Changed there"),
        ("Address", "https://example.com", "https://example.com/there"),
    ]
    two.first.wait(two.first.syncing.restore(two.request, 1))
    two.sync()
    assert two.second.desk.fields(two.request)["url"] == "https://example.com"
    copy = two.first.wait(two.first.syncing.restore_as_copy(two.request, 2))
    assert two.first.desk.fields(copy)["url"] == "https://example.com/there"
    with refused("sync.version_gone"):
        two.first.wait(two.first.syncing.version(two.request, 99))


def test_history_says_what_each_version_changed(two: Two) -> None:
    folder = two.second.desk.folder(two.workspace, "Orders")
    two.second.desk.set(two.request, name="Changed there", body={"type": "text", "text": "a\nb\nc"})
    two.sync()
    two.second.desk.set(two.request, body={"type": "text", "text": "a\nB\nc\nd"})
    two.second.wait(two.second.services.documents.move([two.request], folder, None))
    two.sync()
    two.first.desk.run(DeleteDocuments((two.request,)))
    two.sync()
    told = two.first.wait(two.first.syncing.changes(two.request, [4, 3, 2, 1, 99]))
    assert {each.version: each.words for each in told} == {
        4: ("Deleted",),
        3: ("Body: 3 lines", "Moved to Orders"),
        2: ("Name", "Body: Text"),
        1: ("Created",),
    }
    assert two.first.wait(two.first.syncing.changes(two.request, [])) == ()


def test_what_was_deleted_comes_back_from_the_history(two: Two) -> None:
    two.first.desk.run(DeleteDocuments((two.request,)))
    two.sync()
    (deleted,) = two.second.syncing.deleted(two.workspace)
    assert deleted.document_id == two.request
    assert two.second.wait(two.second.syncing.history(two.request))[0].deleted
    two.second.wait(two.second.syncing.restore(two.request, 1))
    two.sync()
    assert two.first.names(two.workspace) == ["List"]


def test_a_workspace_as_it_was_comes_back_as_a_copy(two: Two) -> None:
    before = two.first.wait(two.first.syncing.history(two.request))[0].at
    two.first.desk.set(two.request, name="Later")
    two.first.desk.request(two.workspace, "Also later")
    two.sync()
    copy = two.first.wait(two.first.syncing.workspace_as_of(two.workspace, before)).workspace_id
    assert two.first.names(copy) == ["List"]
    assert two.first.names(two.workspace) == ["Also later", "Later"]
    two.sync()
    assert two.second.names(copy) == ["List"]


@pytest.mark.parametrize(
    ("keep", "expected"), [("mine", ["Mine"]), ("theirs", ["Theirs"]), ("both", ["Mine", "Theirs"])]
)
def test_a_conflict_is_resolved_either_way(two: Two, keep: Keep, expected: list[str]) -> None:
    two.first.desk.set(two.request, name="Theirs")
    two.second.desk.set(two.request, name="Mine")
    two.sync()
    (conflict,) = two.second.syncing.conflicts()
    assert (conflict.field, conflict.mine.text, conflict.theirs.text) == ("Name", "Mine", "Theirs")
    assert two.second.syncing.status().state == SyncState.NEEDS_ATTENTION
    origin = two.second.wait(two.second.syncing.conflict_origin(two.request))
    assert origin.mine
    assert [version and version.version for version in (origin.base, origin.theirs)] == [1, 2]
    two.second.wait(two.second.syncing.settle([(conflict.id, keep)]))
    assert two.second.names(two.workspace) == expected
    assert two.second.syncing.conflicts() == ()
    for program in (two.second, two.first):
        program.wait(program.syncing.sync_once())
    assert two.first.names(two.workspace) == expected
    with refused("sync.conflict_not_found"):
        two.second.wait(two.second.syncing.settle([(conflict.id, keep)]))


def test_what_the_server_sees_is_exactly_what_it_holds(two: Two) -> None:
    rows = two.first.wait(two.first.syncing.server_rows(two.workspace))
    assert len(rows) == 3
    for row in rows:
        assert row.document is not None
        assert b"example.com" not in row.envelope
        assert row.size == len(row.envelope)
    assert any("https://example.com" in (row.document or "") for row in rows)
    status = two.first.services.accounts.status()
    for row in rows:
        told = two.first.wait(two.first.syncing.server_revision(two.workspace, row))
        assert (row.author, told.device) == (status.account_id, status.device_id)
        assert told.at > 0
        assert told.kept
        group_id, resource_id, prev, author = map(from_base64url, (row.group_id, row.resource_id, row.prev, row.author))
        revision = Revision(group_id, resource_id, row.version, prev, row.deleted, author)
        assert told.rev_hash == to_base64url(rev_hash(revision, row.envelope))
    edited = replace(rows[0], version=rows[0].version + 1)
    with refused("sync.version_gone"):
        two.first.wait(two.first.syncing.server_revision(two.workspace, edited))
    fingerprint = two.first.wait(two.first.syncing.fingerprint(two.workspace))
    assert fingerprint == two.second.wait(two.second.syncing.fingerprint(two.workspace))


def test_cookies_are_synced_where_that_is_switched_on(two: Two) -> None:
    jar = two.first.services.cookie_jars.jar_id(two.workspace)
    two.first.desk.set(jar, cookies=[{"id": "c1", "name": "session", "value": "x", "domain": "example.com"}])
    two.sync()
    assert two.second.desk.fields(jar)["cookies"] == []
    two.first.wait(two.first.services.workspaces.set_sync_cookies(two.workspace, True))
    two.sync()
    assert two.second.desk.fields(jar)["cookies"][0]["name"] == "session"
    assert two.second.syncing.workspaces()[0].cookies
    two.first.wait(two.first.services.workspaces.set_sync_cookies(two.workspace, False))
    assert not two.first.syncing.workspaces()[0].cookies


def test_off_keeps_a_workspace_here_and_on_goes_on(two: Two) -> None:
    two.first.wait(two.first.syncing.set_mode(two.workspace, "off"))
    two.first.desk.set(two.request, name="Only here")
    two.first.wait(two.first.syncing.sync_once())
    assert two.first.syncing.status_of(two.workspace).state == SyncState.LOCAL_ONLY
    two.second.wait(two.second.syncing.sync_once())
    assert two.second.names(two.workspace) == ["List"]
    local = two.first.desk.workspace("Never sent")
    with refused("sync.not_synced"):
        two.first.wait(two.first.syncing.fingerprint(local))
    two.first.wait(two.first.syncing.set_mode(two.workspace, "on"))
    two.sync()
    assert two.second.names(two.workspace) == ["Only here"]


def test_removed_from_the_server_every_device_keeps_its_documents(two: Two) -> None:
    two.first.wait(two.first.syncing.remove_from_server(two.workspace))
    two.second.wait(two.second.syncing.sync_once())
    for program in (two.first, two.second):
        assert program.names(two.workspace) == ["List"]
        assert program.syncing.status_of(two.workspace).state == SyncState.LOCAL_ONLY
    (notice,) = two.second.syncing.status().attention
    assert notice.code == "removed_elsewhere"
    two.second.wait(two.second.syncing.dismiss(notice.id))
    assert two.second.syncing.status().attention == ()
    # On again is as at the first sign-in, and what was told of it is over.
    two.first.wait(two.first.syncing.set_mode(two.workspace, "on"))
    two.second.wait(two.second.syncing.set_mode(two.workspace, "on"))
    assert two.second.wait(two.second.syncing.sync_once()).groups[0].items == 3


def test_nothing_is_sent_before_the_person_has_chosen(start: Start, server: RunningServer) -> None:
    program = start()
    wanted, unwanted = program.desk.workspace("Wanted"), program.desk.workspace("Unwanted")
    program.create_account(server.address)
    program.syncing.start()
    program.until(lambda: program.syncing.status().last_backup)
    proposed = {each.name: each.items for each in program.syncing.proposed_workspaces()}
    # Workspace and base environment: cookies stay here.
    assert proposed == {"Wanted": 2, "Unwanted": 2}
    assert [item.code for item in program.syncing.status().attention] == ["choose_workspaces"]
    assert program.syncing.status_of(wanted).state == SyncState.LOCAL_ONLY
    program.wait(program.syncing.choose_first([wanted]))
    program.until(lambda: program.syncing.status().state == SyncState.UP_TO_DATE)
    modes = {each.workspace_id: each.mode for each in program.syncing.workspaces()}
    assert modes == {wanted: "synced", unwanted: "this_device"}
    assert {each.name: each.items for each in program.syncing.workspaces() if each.mode == "synced"} == {"Wanted": 2}
    assert program.syncing.proposed_workspaces() == ()


def test_the_workspace_that_nobody_touched_makes_room(two: Two, start: Start, server: RunningServer) -> None:
    third = start()
    third.services.workspaces.ensure_one()
    third.sign_in(server.address)
    third.wait(third.syncing.sync_once())
    assert [row.name for row in documents.workspaces(third.services.store.reader())] == ["Shop"]


def test_a_revoked_device_keeps_everything_and_stops(two: Two) -> None:
    two.second.syncing.start()
    two.second.until(lambda: two.second.syncing.status().state == SyncState.UP_TO_DATE)
    (other,) = [each for each in two.first.wait(two.first.services.accounts.devices()) if not each.current]
    two.first.wait(two.first.services.accounts.revoke(other.id))
    two.second.until(lambda: two.second.syncing.status().state == SyncState.SIGNED_OUT_ELSEWHERE)
    two.second.desk.set(two.request, name="Typed after that")
    assert two.second.names(two.workspace) == ["Typed after that"]


@pytest.mark.parametrize("ask", ["sync_once", "backup_now", "history", "server_rows", "remove_from_server"])
def test_who_asks_after_the_device_was_revoked_is_told_so_in_words(two: Two, ask: str) -> None:
    two.second.wait(two.second.syncing.sync_once())
    (other,) = [each for each in two.first.wait(two.first.services.accounts.devices()) if not each.current]
    two.first.wait(two.first.services.accounts.revoke(other.id))
    given = {"history": (two.request,), "server_rows": (two.workspace,), "remove_from_server": (two.workspace,)}
    with refused("account.signed_out_elsewhere"):
        two.second.wait(getattr(two.second.syncing, ask)(*given.get(ask, ())))
    two.second.until(lambda: two.second.syncing.status().state == SyncState.SIGNED_OUT_ELSEWHERE)
    assert two.second.names(two.workspace) == ["List"]


def test_what_the_server_has_of_a_removed_workspace_is_nothing(two: Two) -> None:
    two.first.wait(two.first.syncing.remove_from_server(two.workspace))
    with refused("sync.not_synced"):
        two.second.wait(two.second.syncing.server_rows(two.workspace))


def test_signing_in_again_goes_on_where_it_was(two: Two, server: RunningServer) -> None:
    two.second.wait(two.second.services.accounts.sign_out(remove_data=False))
    assert two.second.syncing.status().state == SyncState.OFF
    two.second.desk.set(two.request, name="Typed signed out")
    two.second.sign_in(server.address)
    report = two.second.wait(two.second.syncing.sync_once())
    assert (report.pushed, report.pulled, report.verified) == (1, 0, True)


def test_signing_out_with_remove_takes_what_is_saved_and_leaves_the_rest(two: Two) -> None:
    kept = two.second.desk.workspace("Kept")
    two.second.wait(two.second.syncing.sync_once())
    two.second.desk.request(kept, "Not sent yet")
    two.second.wait(two.second.services.accounts.sign_out(remove_data=True))
    assert [row.id for row in documents.workspaces(two.second.services.store.reader())] == [kept]


def test_after_the_account_is_deleted_its_workspaces_are_free(two: Two, server: RunningServer) -> None:
    two.first.wait(two.first.services.accounts.delete(password=PASSWORD))
    assert two.first.names(two.workspace) == ["List"]
    two.first.create_account(server.address)
    assert two.first.wait(two.first.syncing.sync_once()).groups[0].items == 3


def test_without_a_server_the_footer_says_offline_and_nothing_is_lost(start: Start, tmp_path: Path) -> None:
    program = start()
    with refused("account.not_signed_in"):
        program.wait(program.syncing.sync_once())
    assert program.syncing.status().state == SyncState.OFF
    workspace = program.desk.workspace("Shop")
    with sync_server(tmp_path / "short.sqlite") as server:
        program.create_account(server.address)
        program.wait(program.syncing.sync_once())
    program.desk.request(workspace, "Made offline")
    program.syncing.start()
    status = program.until(lambda: (now := program.syncing.status()).state == SyncState.OFFLINE and now)
    assert status.problem == "account.server_unreachable"
    assert status.pending == 1
    assert status.next_try_at is not None
    assert not status.verified
    # What is told often is counted apart from the panel's rows.
    rows = program.syncing.workspaces()
    assert program.syncing.count_pending() == sum(row.pending for row in rows) == 1
    assert program.syncing.modes() == {row.workspace_id: row.mode for row in rows}
