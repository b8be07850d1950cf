"""What time and the end of an account must not take away: store.commands.sync, bindings and synced_documents."""

from __future__ import annotations

import pytest

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.store.commands.bindings import UnbindAccount
from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash
from insomnia_desktop.store.commands.sending import StoreOutbox
from insomnia_desktop.store.commands.sync import FinishRound
from insomnia_desktop.store.queries import documents
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.sync_rows import ConflictWrite
from tests.support.clock import FixedClock
from tests.support.desk import Desk
from tests.support.synced_workspace import ACCOUNT, GROUP, Synced

_DAY_MS = 86_400_000


@pytest.fixture
def synced(desk: Desk) -> Synced:
    return Synced(desk)


def test_an_account_that_goes_leaves_what_only_a_conflict_holds(synced: Synced) -> None:
    request = new_id("request")
    conflict = ConflictWrite('["name"]', '"Base"', '"Mine"', '"Theirs"')
    synced.arrive(synced.row(request, synced.workspace, conflicts=(conflict,)))
    _send_all(synced)
    synced.desk.run(UnbindAccount(ACCOUNT, remove=True))
    assert [row.id for row in documents.workspaces(synced.desk.store.reader())] == [synced.workspace]
    assert len(queries.conflicts(synced.desk.store.reader())) == 1


@pytest.mark.parametrize("is_purged", [False, True])
def test_an_account_that_goes_leaves_nothing_for_a_conflict_that_nobody_sees(synced: Synced, is_purged: bool) -> None:
    request = new_id("request")
    conflict = ConflictWrite('["name"]', '"Base"', '"Mine"', '"Theirs"')
    synced.arrive(synced.row(request, synced.workspace, conflicts=(conflict,)))
    synced.desk.run(DeleteDocuments((request,)))
    _send_all(synced)
    if is_purged:
        synced.desk.run(PurgeTrash(0))
    synced.desk.run(UnbindAccount(ACCOUNT, remove=True))
    assert documents.workspaces(synced.desk.store.reader()) == []
    assert queries.conflicts(synced.desk.store.reader()) == []


def test_a_clock_that_is_far_ahead_for_a_while_takes_no_conflict_away(synced: Synced, clock: FixedClock) -> None:
    conflict = ConflictWrite('["name"]', None, '"Mine"', None)
    synced.arrive(synced.row(new_id("request"), synced.workspace, conflicts=(conflict,)))
    ahead = 200 * _DAY_MS
    for _ in range(3):
        for step in (ahead, 3_600_000, -ahead):
            clock.advance(step)
            synced.desk.run(FinishRound(ACCOUNT, ()))
        assert len(queries.conflicts(synced.desk.store.reader())) == 1


@pytest.mark.parametrize(("passed", "entries"), [(60_000, 1), (3_600_000, 2), (-1000 * _DAY_MS, 2)])
def test_only_what_went_shortly_before_its_folder_went_with_it(
    synced: Synced, clock: FixedClock, passed: int, entries: int
) -> None:
    folder, request = new_id("folder"), new_id("request")
    synced.arrive(synced.row(folder, synced.workspace), synced.row(request, folder))
    synced.arrive(synced.row(request, folder, version=2, read_rev=0, deleted=True))
    clock.advance(passed)
    synced.arrive(synced.row(folder, synced.workspace, version=2, read_rev=0, deleted=True))
    assert len(documents.trash(synced.desk.store.reader(), synced.workspace)) == entries


def _send_all(synced: Synced) -> None:
    """Let the server have everything."""
    dirty = queries.dirty(synced.desk.store.reader(), GROUP, synced.workspace)
    synced.desk.run(StoreOutbox(GROUP, synced.cursor, clean=tuple((row.resource, row.local_rev) for row in dirty)))
