"""What a salvage keeps of sync; about store.salvage_sync."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import pytest

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store, database
from insomnia_desktop.store.commands.bindings import Bind, ChooseWorkspaces, Notify, SwitchSync
from insomnia_desktop.store.commands.sync import FinishRound
from insomnia_desktop.store.migrations import MIGRATIONS, migrate
from insomnia_desktop.store.queries import documents, sync
from insomnia_desktop.store.salvage import salvage
from insomnia_desktop.store.sync_rows import BindingRow, LogRow
from tests.support.clock import FixedClock
from tests.support.desk import Desk

ACCOUNT, EPOCH = "A" * 22, bytes(range(16))
LOG = LogRow(1, "GET", "/v1/heads", 200, 0, 100, 3)
CONFLICT = (
    "INSERT INTO conflict (document_id, workspace_id, path, base, mine, theirs, at, change)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 1)"
)


class Salvaged:
    """A store with two synced workspaces, one of them off, and one that is only here; closed, mended and opened."""

    def __init__(self, folder: DataFolder) -> None:
        self.folder = folder
        self.store = Store.open(folder, clock=FixedClock(), care_after_s=3600)
        desk = Desk(self.store)
        self.synced, self.off, self.here = (desk.workspace(name) for name in ("Synced", "Off", "Here"))
        self.request = desk.request(self.synced, "List")
        desk.run(Bind(self.synced, ACCOUNT, "G" * 22, '[{"epoch":1}]', EPOCH))
        desk.run(Bind(self.off, ACCOUNT, "H" * 22, "[]", EPOCH))
        desk.run(SwitchSync(self.off, ACCOUNT, "off"))
        desk.run(ChooseWorkspaces(ACCOUNT, (self.here,)))
        desk.run(Notify(ACCOUNT, "removed_elsewhere", self.synced))
        desk.run(FinishRound(ACCOUNT, (LOG,), '{"at":1,"items":2,"verified":true}'))
        self.store.close()

    def damage(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """Write to the closed file."""
        connection = database.connect_writer(self.folder.store_file)
        for statement, values in statements:
            connection.execute(statement, values)
        connection.close()

    def mend(self) -> Desk:
        """Salvage and open it."""
        salvage(self.folder, clock=FixedClock())
        self.store = Store.open(self.folder, clock=FixedClock(), care_after_s=3600)
        return Desk(self.store)


@pytest.fixture
def salvaged(data_folder: DataFolder) -> Salvaged:
    return Salvaged(data_folder)


def test_bindings_outlive_a_salvage_and_everything_is_pulled_and_merged_anew(salvaged: Salvaged) -> None:
    salvaged.damage(
        ("UPDATE document SET synced_rev = local_rev", ()),
        ("UPDATE cursor SET seq = 40, last_head = 40, full_pull = NULL, generation = 3", ()),
        (
            "INSERT INTO head (group_id, resource, version, rev_hash, seq, deleted, own, generation)"
            " VALUES (?, ?, 2, ?, 40, 0, 1, 3)",
            ("G" * 22, salvaged.request[4:], bytes(32)),
        ),
    )
    desk = salvaged.mend()
    reader = desk.store.reader()
    assert sync.bindings(reader) == [
        BindingRow(salvaged.synced, ACCOUNT, "G" * 22, "on", '[{"epoch":1}]'),
        BindingRow(salvaged.off, ACCOUNT, "H" * 22, "off", "[]"),
        BindingRow(salvaged.here, ACCOUNT, None, "off", "[]"),
    ]
    cursor = sync.cursor(reader, "G" * 22)
    assert cursor is not None
    assert (cursor.seq, cursor.full, cursor.server_epoch, cursor.digest) == (0, "first", EPOCH, bytes(32))
    assert sync.live_heads(reader, "G" * 22) == []
    assert salvaged.request[4:] in {row.resource for row in sync.dirty(reader, "G" * 22, salvaged.synced)}
    desk.store.close()


def test_what_a_person_is_told_outlives_a_salvage(salvaged: Salvaged) -> None:
    salvaged.damage((CONFLICT, (salvaged.request, salvaged.synced, '["name"]', '"a"', '"b"', None, 5)))
    desk = salvaged.mend()
    reader = desk.store.reader()
    assert sync.is_chosen(reader, ACCOUNT)
    assert sync.report(reader, ACCOUNT) == '{"at":1,"items":2,"verified":true}'
    assert [row.code for row in sync.notices(reader, ACCOUNT)] == ["removed_elsewhere"]
    assert sync.log(reader) == [LOG]
    (conflict,) = sync.conflicts(reader)
    assert (conflict.name, conflict.base, conflict.theirs) == ("List", '"a"', None)
    desk.store.close()


@pytest.mark.parametrize(
    "damage",
    [
        lambda salvaged: [("UPDATE binding SET state = 'maybe'", ())],
        lambda salvaged: [(CONFLICT, (salvaged.request, salvaged.synced, "[]", None, None, None, 5))],
        lambda salvaged: [(CONFLICT, (salvaged.request, salvaged.synced, '["a"]', "{", None, None, 5))],
        lambda salvaged: [(CONFLICT, (salvaged.request, salvaged.synced, "7", None, None, None, 5))],
    ],
)
def test_what_makes_no_sense_is_left_out(
    salvaged: Salvaged, damage: Callable[[Salvaged], list[tuple[str, tuple[object, ...]]]]
) -> None:
    salvaged.damage(*damage(salvaged))
    desk = salvaged.mend()
    reader = desk.store.reader()
    assert sync.conflicts(reader) == []
    assert {row.state for row in sync.bindings(reader)} <= {"on", "off"}
    assert len(documents.workspaces(reader)) == 3
    desk.store.close()


def test_without_its_epoch_an_absent_group_was_not_lost_by_a_restored_server(salvaged: Salvaged) -> None:
    salvaged.damage(("DELETE FROM cursor", ()))
    desk = salvaged.mend()
    cursor = sync.cursor(desk.store.reader(), "G" * 22)
    assert cursor is not None
    assert cursor.server_epoch is None
    desk.store.close()


def test_unknown_keys_outlive_a_salvage(salvaged: Salvaged) -> None:
    salvaged.damage(
        ("UPDATE content SET rest = ? WHERE id = ?", ('{"z":[1,null]}', salvaged.request)),
        ("UPDATE content SET rest = 'no json' WHERE id = ?", (salvaged.here,)),
    )
    desk = salvaged.mend()
    rests = dict(desk.store.reader().rows("SELECT id, rest FROM content WHERE rest != ''"))
    assert rests == {salvaged.request: '{"z":[1,null]}'}
    desk.store.close()


def test_a_store_of_before_sync_is_saved_whole(salvaged: Salvaged, tmp_path_factory: pytest.TempPathFactory) -> None:
    older = tmp_path_factory.mktemp("older") / "older.sqlite"
    connection = database.connect_writer(older)
    migrate(connection, MIGRATIONS[:2], application_id=database.APPLICATION_ID)
    connection.execute("ATTACH ? AS newer", (str(salvaged.folder.store_file),))
    connection.execute("INSERT INTO document SELECT * FROM newer.document")
    connection.execute("INSERT INTO content SELECT number, id, fields FROM newer.content")
    connection.execute("DETACH newer")
    _close(connection)
    salvaged.folder.store_file.write_bytes(older.read_bytes())
    desk = salvaged.mend()
    assert desk.fields(salvaged.request)["method"] == "GET"
    assert sync.bindings(desk.store.reader()) == []
    desk.store.close()


def _close(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
