"""A conflict settled, taken back and settled again, between two programs: services.syncing, store.ended_conflicts."""

from __future__ import annotations

from collections.abc import Callable

from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.services.sync_views import SyncState
from insomnia_desktop.store.commands.undo import Redo, Undo
from tests.support.sync_programs import Program
from tests.support.sync_server import RunningServer


def two(start: Callable[[], Program], server: RunningServer) -> tuple[Program, Program, str, str]:
    """Return two programs of one account, and the workspace and request that the first of them has made."""
    first, second = start(), start()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List", url="/base")
    first.create_account(server.address)
    second.sign_in(server.address)
    return first, second, workspace, request


def test_undo_after_a_backup_opens_the_conflict_again_and_both_devices_agree(
    start: Callable[[], Program], server: RunningServer
) -> None:
    first, second, workspace, request = two(start, server)

    def sync() -> None:
        for program in (first, second, first):
            assert program.wait(program.syncing.sync_once()).verified

    def shown(program: Program) -> tuple[str, str]:
        fields = program.desk.fields(request)
        return fields["name"], fields["url"]

    sync()
    first.desk.set(request, name="Theirs", url="/theirs")
    second.desk.set(request, name="Mine", url="/mine")
    sync()
    before = second.syncing.conflicts()
    assert [row.field for row in before] == ["Name", "Address"]
    second.wait(second.syncing.settle([(row.id, "theirs") for row in before]))
    sync()
    assert (shown(first), shown(second)) == (("Theirs", "/theirs"), ("Theirs", "/theirs"))
    assert second.syncing.status().state == SyncState.UP_TO_DATE
    second.desk.run(Undo(workspace))
    assert shown(second) == ("Mine", "/mine")
    assert second.syncing.conflicts() == before
    assert [item.code for item in second.syncing.status().attention] == ["conflict"]
    sync()
    assert shown(first) == ("Mine", "/mine")
    assert (first.syncing.conflicts(), second.syncing.conflicts()) == ((), before)
    second.desk.run(Redo(workspace))
    sync()
    assert (shown(first), shown(second)) == (("Theirs", "/theirs"), ("Theirs", "/theirs"))
    assert second.syncing.conflicts() == ()


def test_what_was_merged_by_itself_is_told_beside_the_conflict(
    start: Callable[[], Program], server: RunningServer
) -> None:
    first, second, _, request = two(start, server)
    programs = (first, second, first)
    for program in programs:
        assert program.wait(program.syncing.sync_once()).verified
    first.desk.set(request, url="/theirs", method="PUT")
    second.desk.set(request, url="/mine", description="Mine alone")
    for program in programs:
        assert program.wait(program.syncing.sync_once()).verified
    (conflict,) = second.syncing.conflicts()
    assert conflict.field == "Address"
    assert set(second.syncing.taken(request)) == {TakenField("Method", "theirs"), TakenField("Docs", "mine")}
    fields = second.desk.fields(request)
    assert (fields["method"], fields["description"]) == ("PUT", "Mine alone")
    assert first.syncing.taken(request) == ()
    second.wait(second.syncing.settle([(conflict.id, "mine")]))
    assert second.syncing.taken(request) == ()
