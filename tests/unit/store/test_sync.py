"""What sync writes: store.commands.sync, sending, bindings and conflicts, store.queries.sync, migrations.m0003_sync.

Also store.sync_rows, sync_writes, synced_documents and singletons.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.crypto import digest
from insomnia_desktop.store import ChangeSet, Store
from insomnia_desktop.store.commands.bindings import (
    Bind,
    ChooseWorkspaces,
    MakeLocal,
    RemoveUntouched,
    SwitchSync,
    UnbindAccount,
)
from insomnia_desktop.store.commands.conflicts import SettleConflicts
from insomnia_desktop.store.commands.documents import DeleteDocuments, RestoreDocuments
from insomnia_desktop.store.commands.sending import ApplyAnswers, StoreOutbox, WithdrawOutbox
from insomnia_desktop.store.commands.sync import (
    ApplyRows,
    FinishRound,
    ForgetAbsent,
    SetCursor,
)
from insomnia_desktop.store.queries import documents
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.sync_rows import (
    AbsentWrite,
    AcceptedWrite,
    BaseRow,
    BlockedWrite,
    ConflictWrite,
    CursorRow,
    HeadRow,
    HeldRow,
    LogRow,
    OutboxRow,
    QuarantineRow,
    RowWrite,
    TextRow,
)
from insomnia_desktop.store.sync_writes import OutOfDate
from tests.support.clock import FixedClock
from tests.support.desk import Desk, refused
from tests.support.synced_workspace import ACCOUNT, EPOCH, GROUP, Synced


@pytest.fixture
def synced(desk: Desk) -> Synced:
    return Synced(desk)


def actions(changes: ChangeSet) -> list[tuple[str, str]]:
    return [(change.action, change.id) for change in changes.changes if change.kind != "sync"]


def test_binding_makes_everything_that_lives_an_edit(desk: Desk) -> None:
    workspace = desk.workspace("Shop")
    desk.store.reader().rows("SELECT 1")
    deleted = desk.request(workspace, "Gone")
    desk.run(DeleteDocuments((deleted,)))
    desk.run(Bind(workspace, ACCOUNT, GROUP, "[]", EPOCH))
    counts = queries.pending(desk.store.reader(), GROUP, workspace)
    # The workspace and its environment; the jar is not synced, and nobody has to hear of what was never sent.
    assert (counts.live, counts.tombstones, counts.outbox, counts.held) == (2, 1, 0, 0)
    assert [row.deleted for row in queries.dirty(desk.store.reader(), GROUP, workspace)].count(True) == 1


def test_what_lives_at_the_server_is_counted_without_tombstones(synced: Synced) -> None:
    names = [synced.desk.request(synced.workspace, name) for name in ("One", "Two", "Three")]
    synced.arrive(*(synced.row(name, synced.workspace, read_rev=1, deleted=name == names[2]) for name in names))
    assert queries.count_live(synced.desk.store.reader(), GROUP) == 2
    assert queries.count_live(synced.desk.store.reader(), "H" * 22) == 0


def test_rows_are_applied_with_their_cursor_or_not_at_all(synced: Synced) -> None:
    request = new_id("request")
    before = synced.cursor
    changes = synced.arrive(synced.row(request, synced.workspace))
    assert actions(changes) == [("created", request)]
    assert synced.desk.get(request).parent_id == synced.workspace
    with pytest.raises(OutOfDate):
        synced.desk.run(ApplyRows(GROUP, ACCOUNT, before, before, (synced.row(new_id("request"), synced.workspace),)))
    assert len(synced.desk.names(synced.workspace)) == 1


@pytest.mark.parametrize("before", [None, HeadRow(4, bytes(32), 9, deleted=True, own=True)])
def test_what_is_put_aside_keeps_the_head_before(synced: Synced, before: HeadRow | None) -> None:
    name = "0" * 32
    row = HeldRow(name, "undecryptable", True, 5, 10, bytes(32), False, bytes(16), b"blob", before=before)
    synced.arrive(RowWrite(resource=name, head=HeadRow(5, bytes(32), 10, False, False), quarantine=row))
    reader = synced.desk.store.reader()
    (kept,) = queries.held(reader, GROUP)
    assert kept == msgspec.structs.replace(row, at=kept.at)
    found = queries.resources(reader, GROUP, synced.workspace, [name])[name]
    assert found.quarantine == QuarantineRow("undecryptable", forked=True, before=before)


def test_an_edit_made_meanwhile_hands_the_rows_back(synced: Synced) -> None:
    request = new_id("request")
    synced.arrive(synced.row(request, synced.workspace))
    synced.desk.set(request, name="Typed")
    with pytest.raises(OutOfDate):
        synced.arrive(synced.row(request, synced.workspace, version=2))
    assert synced.desk.fields(request)["name"] == "Typed"
    synced.arrive(synced.row(request, synced.workspace, version=2, read_rev=1, raised=True, clean=False))
    assert queries.unsaved(synced.desk.store.reader(), synced.workspace) >= {request}


def test_the_digest_is_kept_up_with_every_head(synced: Synced) -> None:
    first, second = new_id("request"), new_id("request")
    synced.arrive(synced.row(first, synced.workspace), synced.row(second, synced.workspace))
    synced.arrive(synced.row(first, synced.workspace, version=2), synced.row(second, synced.workspace, deleted=True))
    heads = queries.live_heads(synced.desk.store.reader(), GROUP)
    assert [name for name, _, _ in heads] == [first[4:]]
    assert synced.cursor.digest == digest.total(digest.term(bytes.fromhex(name), *rest) for name, *rest in heads)
    synced.arrive(floor_seq=5)
    assert queries.resources(synced.desk.store.reader(), GROUP, synced.workspace, [second[4:]])[second[4:]].head is None


def test_children_may_come_before_their_folder(synced: Synced) -> None:
    folder, request = new_id("folder"), new_id("request")
    changes = synced.arrive(synced.row(request, folder), synced.row(folder, synced.workspace))
    assert actions(changes) == [("created", folder), ("created", request)]


def test_what_was_deleted_together_comes_back_together(synced: Synced) -> None:
    folder, request = new_id("folder"), new_id("request")
    synced.arrive(synced.row(request, folder), synced.row(folder, synced.workspace))
    changes = synced.arrive(
        synced.row(request, folder, deleted=True), synced.row(folder, synced.workspace, deleted=True)
    )
    assert actions(changes) == [("deleted", folder)]
    (root,) = documents.trash(synced.desk.store.reader(), synced.workspace)
    assert (root.id, root.count) == (folder, 2)
    synced.desk.run(RestoreDocuments((folder,)))
    assert synced.desk.get(request)


def test_a_deletion_that_comes_in_two_pages_is_one_too(synced: Synced) -> None:
    folder, request = new_id("folder"), new_id("request")
    synced.arrive(synced.row(request, folder), synced.row(folder, synced.workspace))
    synced.arrive(synced.row(request, folder, deleted=True))
    synced.arrive(synced.row(folder, synced.workspace, deleted=True))
    (root,) = documents.trash(synced.desk.store.reader(), synced.workspace)
    assert (root.id, root.count) == (folder, 2)


def test_the_outbox_stays_as_it_is_until_it_is_answered(synced: Synced) -> None:
    request = synced.desk.request(synced.workspace, "Sent")
    row = OutboxRow(0, request[4:], 1, bytes(32), False, b"h" * 32, b"blob", '{"s":1}', 1)
    synced.desk.run(StoreOutbox(GROUP, synced.cursor, (row,)))
    with pytest.raises(OutOfDate):
        synced.desk.run(StoreOutbox(GROUP, synced.cursor, (row,)))
    (stored,) = queries.outbox(synced.desk.store.reader(), GROUP)
    assert (stored.blob, stored.rev_hash) == (b"blob", b"h" * 32)
    synced.desk.set(request, name="Typed while it was away")
    head = HeadRow(1, b"h" * 32, 7, False, True)
    answered = ApplyAnswers(
        GROUP, (stored.number,), accepted=(AcceptedWrite(request[4:], head, BaseRow("{}", False), 1),)
    )
    synced.desk.run(answered)
    assert queries.outbox(synced.desk.store.reader(), GROUP) == []
    # What was typed since is still an edit.
    assert request in queries.unsaved(synced.desk.store.reader(), synced.workspace)
    with pytest.raises(OutOfDate):
        synced.desk.run(answered)


def test_what_is_refused_waits_for_another_edit(synced: Synced) -> None:
    request = synced.desk.request(synced.workspace, "Large")
    synced.desk.run(StoreOutbox(GROUP, synced.cursor, blocked=(BlockedWrite(request[4:], "too_large", 1),)))
    assert queries.pending(synced.desk.store.reader(), GROUP, synced.workspace).held == 1
    assert queries.blocked(synced.desk.store.reader(), GROUP)[0][:2] == (request, "too_large")
    synced.desk.set(request, name="Other")
    assert queries.pending(synced.desk.store.reader(), GROUP, synced.workspace).held == 0


def test_what_is_absent_goes_stays_or_is_made_anew(synced: Synced) -> None:
    gone, kept = new_id("request"), new_id("request")
    synced.arrive(synced.row(gone, synced.workspace), synced.row(kept, synced.workspace))
    changes = synced.desk.run(
        ForgetAbsent(
            GROUP,
            ACCOUNT,
            synced.cursor,
            (AbsentWrite(gone[4:], "trash", 0), AbsentWrite(kept[4:], "make_anew", 0)),
        )
    )
    assert actions(changes) == [("deleted", gone)]
    assert kept in queries.unsaved(synced.desk.store.reader(), synced.workspace)
    assert synced.cursor.digest == digest.EMPTY
    assert [each.code for each in queries.notices(synced.desk.store.reader(), ACCOUNT)] == ["moved_to_trash"]
    with pytest.raises(OutOfDate):
        synced.desk.run(ForgetAbsent(GROUP, ACCOUNT, synced.cursor, (AbsentWrite(kept[4:], "keep", 9),)))


def test_a_workspace_that_arrives_has_its_own_jar_and_environment(desk: Desk) -> None:
    workspace = new_id("workspace")
    desk.run(Bind(workspace, ACCOUNT, GROUP, "[]", EPOCH))
    first = queries.cursor(desk.store.reader(), GROUP)
    assert first is not None
    text = TextRow(1, "workspace", None, "V", '{"name":"Shop","seed":"kJGSk5SVlpeYmZqbnJ2enw"}')
    row = RowWrite(resource=workspace[4:], head=HeadRow(1, bytes(32), 1, False, False), text=text)
    desk.run(ApplyRows(GROUP, ACCOUNT, first, first, (row,)))
    assert [name for name in desk.state() if name.startswith("jar_")]
    assert not [name for name in desk.state() if name.startswith("env_")]
    pulled = queries.cursor(desk.store.reader(), GROUP)
    assert pulled is not None
    desk.run(SetCursor(GROUP, pulled, CursorRow(1, EPOCH, 1, None, 1, pulled.digest)))
    assert [name for name in desk.state() if name.startswith("env_")]


def test_a_jar_goes_and_comes_with_its_workspace(synced: Synced) -> None:
    row = synced.row(synced.workspace, synced.workspace)
    text = TextRow(1, "workspace", None, "V", '{"name":"Shop"}')
    here = queries.texts(synced.desk.store.reader(), [synced.workspace[4:]])[synced.workspace[4:]]
    for deleted in (True, False):
        synced.arrive(
            RowWrite(resource=row.resource, head=row.head, text=text, deleted=deleted, read_rev=here.local_rev)
        )
        assert bool([name for name in synced.desk.state() if name.startswith("jar_")]) is not deleted
        assert not queries.has_living_under_deleted(synced.desk.store.reader(), synced.workspace) or deleted


def test_off_and_on_keep_the_cursor_and_removal_forgets_it(synced: Synced) -> None:
    synced.arrive()
    synced.desk.run(SwitchSync(synced.workspace, ACCOUNT, "off"))
    with pytest.raises(OutOfDate):
        synced.arrive()
    synced.desk.run(SwitchSync(synced.workspace, ACCOUNT, "on"))
    assert synced.cursor.seq == 10
    synced.desk.run(MakeLocal(synced.workspace, ACCOUNT, "removed_elsewhere"))
    assert queries.cursor(synced.desk.store.reader(), GROUP) is None
    assert [row.code for row in queries.notices(synced.desk.store.reader(), ACCOUNT)] == ["removed_elsewhere"]
    with refused("document.not_found"):
        synced.desk.run(SwitchSync(new_id("workspace"), ACCOUNT, "off"))


def test_who_was_not_chosen_stays_unbound(desk: Desk) -> None:
    workspace = desk.workspace("Unwanted")
    assert not queries.is_chosen(desk.store.reader(), ACCOUNT)
    desk.run(ChooseWorkspaces(ACCOUNT, (workspace,)))
    assert queries.is_chosen(desk.store.reader(), ACCOUNT)
    (binding,) = queries.bindings(desk.store.reader())
    assert (binding.state, binding.group_id) == ("off", None)


@pytest.mark.parametrize("touched", [False, True])
def test_only_a_workspace_that_nobody_touched_is_removed(desk: Desk, touched: bool) -> None:
    mine, _ = desk.workspace("My workspace"), desk.workspace("Shop")
    if touched:
        desk.request(mine, "Mine")
    assert (queries.untouched(desk.store.reader(), "My workspace") == [mine]) is not touched
    changes = desk.run(RemoveUntouched(mine, "My workspace"))
    assert [change.action for change in changes.changes] == ([] if touched else ["deleted", "purged"])


def test_an_account_that_goes_takes_only_what_is_saved(synced: Synced) -> None:
    synced.desk.run(UnbindAccount(ACCOUNT, remove=True))
    # Nothing of it was sent yet.
    assert [row.id for row in documents.workspaces(synced.desk.store.reader())] == [synced.workspace]
    assert queries.bindings(synced.desk.store.reader()) == []


def test_what_was_told_of_a_workspace_is_over_once_it_is_switched_on(synced: Synced) -> None:
    synced.desk.run(MakeLocal(synced.workspace, ACCOUNT, "removed_elsewhere"))
    synced.desk.run(SwitchSync(synced.workspace, ACCOUNT, "on"))
    assert queries.notices(synced.desk.store.reader(), ACCOUNT) == []


@pytest.mark.parametrize(("keep", "name"), [("mine", "There"), ("theirs", "Theirs")])
def test_a_conflict_ends_by_an_edit_that_can_be_taken_back(synced: Synced, keep: Any, name: str) -> None:
    request = new_id("request")
    conflict = ConflictWrite('["name"]', '"Base"', '"Mine"', '"Theirs"')
    synced.arrive(synced.row(request, synced.workspace, conflicts=(conflict,), notices=("edit_won",)))
    (stored,) = queries.conflicts(synced.desk.store.reader())
    assert (stored.document_id, stored.theirs) == (request, '"Theirs"')
    synced.desk.run(SettleConflicts(((stored.id, keep),)))
    assert synced.desk.fields(request)["name"] == name
    assert queries.conflicts(synced.desk.store.reader()) == []
    with refused("sync.conflict_not_found"):
        synced.desk.run(SettleConflicts(((stored.id, keep),)))


def test_conflicts_are_kept_for_90_days_and_the_log_for_a_thousand_requests(synced: Synced, clock: FixedClock) -> None:
    request = new_id("request")
    conflict = ConflictWrite('["name"]', None, '"Mine"', None)
    synced.arrive(synced.row(request, synced.workspace, conflicts=(conflict,)))
    log = tuple(LogRow(1, "GET", "/v1/heads", 200, 0, number, 3) for number in range(1200))
    synced.desk.run(FinishRound(ACCOUNT, log, '{"at":1}'))
    assert len(queries.log(synced.desk.store.reader())) == 1000
    assert queries.log(synced.desk.store.reader())[0].bytes_down == 1199
    assert queries.report(synced.desk.store.reader(), ACCOUNT) == '{"at":1}'
    assert len(queries.conflicts(synced.desk.store.reader())) == 1
    clock.advance(91 * 86_400_000)
    synced.desk.run(FinishRound(ACCOUNT, ()))
    # Not by one look at the clock.
    assert len(queries.conflicts(synced.desk.store.reader())) == 1
    clock.advance(86_400_000)
    synced.desk.run(FinishRound(ACCOUNT, ()))
    assert queries.conflicts(synced.desk.store.reader()) == []


def test_another_process_hears_that_sync_stands_otherwise(synced: Synced, data_folder: DataFolder) -> None:
    other = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    try:
        other.external_changes()
        synced.arrive(synced.row(new_id("request"), synced.workspace))
        changes = other.external_changes()
        assert changes is not None
        assert {change.kind for change in changes.changes} == {"request", "sync"}
    finally:
        other.close()


def test_a_store_of_before_gets_the_tables(tmp_path: Path) -> None:
    from insomnia_desktop.store import database
    from insomnia_desktop.store.migrations import MIGRATIONS, migrate

    folder = DataFolder(tmp_path / "old")
    folder.prepare()
    database.claim(folder)
    old = database.connect_writer(folder.store_file)
    migrate(old, MIGRATIONS[:2], application_id=database.APPLICATION_ID)
    old.close()
    with_sync = Store.open(folder, clock=FixedClock(), care_after_s=3600)
    assert queries.bindings(with_sync.reader()) == []
    with_sync.close()


def test_what_goes_behind_names_what_it_stands_behind(synced: Synced) -> None:
    documents_ = [synced.desk.request(synced.workspace, name) for name in ("First", "Second", "Third")]
    rows = [OutboxRow(0, each[4:], 1, bytes(32), False, b"h" * 32, b"blob", '{"s":1}', 1) for each in documents_]
    reader = synced.desk.store.reader()

    def outbox() -> list[tuple[int, str]]:
        return [(row.number, row.resource) for row in queries.outbox(reader, GROUP)]

    with pytest.raises(OutOfDate):
        synced.desk.run(StoreOutbox(GROUP, synced.cursor, (rows[0],), behind=1))
    synced.desk.run(StoreOutbox(GROUP, synced.cursor, (rows[0],)))
    ((first, _),) = outbox()
    synced.desk.run(StoreOutbox(GROUP, synced.cursor, (rows[1],), behind=first))
    with pytest.raises(OutOfDate):
        synced.desk.run(StoreOutbox(GROUP, synced.cursor, (rows[2],), behind=first))
    assert [resource for _, resource in outbox()] == [row.resource for row in rows[:2]]
    synced.desk.run(WithdrawOutbox(GROUP, first))
    assert outbox() == [(first, rows[0].resource)]
    # What was taken out is an edit as it was before.
    assert queries.pending(reader, GROUP, synced.workspace).live >= 2
