"""A conflict settled, taken back and settled again, between two programs: services.syncing, store.ended_conflicts."""

from __future__ import annotations

from collections.abc import Callable

from insomnia_desktop.services.sync_views import SyncState
from insomnia_desktop.store.commands.undo import Redo, Undo
from tests.support.sync_programs import Program
from tests.support.sync_server import RunningServer


def test_undo_after_a_backup_opens_the_conflict_again_and_both_devices_agree(
    start: Callable[[], Program], server: RunningServer
) -> None:
    first, second = start(), start()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List", url="/base")
    first.create_account(server.address)
    second.sign_in(server.address)

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
