"""Steps from schema to schema and the copies before them.

About store.migrations, store.migrations.m0001_initial and store.migrations.m0004_quarantine.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import view
from insomnia_desktop.store import Store, backup, database
from insomnia_desktop.store.account_rows import AccountPin
from insomnia_desktop.store.migrations import MIGRATIONS, migrate, version
from insomnia_desktop.store.migrations.m0001_initial import migrate as first
from insomnia_desktop.store.queries.account import account, pin
from insomnia_desktop.store.queries.documents import environments, tree_rows, workspaces
from insomnia_desktop.store.queries.responses import history
from insomnia_desktop.store.queries.sync import bindings, held, resources
from insomnia_desktop.store.sync_rows import HeadRow, QuarantineRow
from tests.support.clock import FixedClock
from tests.support.desk import Desk

DATABASES = Path(__file__).resolve().parent.parent.parent / "databases"


def _add_colour(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE document ADD COLUMN colour TEXT NOT NULL DEFAULT 'none'")


def _fail(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM document")
    raise ValueError("a mistake in a migration")


def _open(folder: DataFolder, *steps: object) -> Store:
    return Store.open(folder, clock=FixedClock(), migrations=[*MIGRATIONS, *steps], care_after_s=3600)  # type: ignore[list-item]


def test_a_new_step_runs_once_after_a_copy_was_made(data_folder: DataFolder) -> None:
    store = _open(data_folder)
    workspace_id = Desk(store).workspace()
    store.close()
    store = _open(data_folder, _add_colour)
    assert store.reader().rows("SELECT DISTINCT colour FROM document") == [("none",)]
    store.close()
    (name,) = backup.names(data_folder)
    assert name.endswith(f"-migration-v{len(MIGRATIONS)}.sqlite")
    copy = database.connect_reader(data_folder.backups / name)
    assert version(copy) == len(MIGRATIONS)
    assert copy.execute("SELECT id FROM document WHERE kind = 'workspace'").fetchall() == [(workspace_id,)]
    copy.close()
    _open(data_folder, _add_colour).close()
    assert backup.names(data_folder) == [name]


def test_a_step_that_fails_changes_nothing(data_folder: DataFolder) -> None:
    store = _open(data_folder)
    workspace_id = Desk(store).workspace()
    store.close()
    with pytest.raises(ValueError, match="a mistake"):
        _open(data_folder, _add_colour, _fail)
    # The step before it was whole, and stands.
    store = _open(data_folder, _add_colour)
    assert [row.id for row in workspaces(store.reader())] == [workspace_id]
    store.close()


def test_no_copy_is_made_of_a_new_store(data_folder: DataFolder) -> None:
    _open(data_folder, _add_colour).close()
    assert backup.names(data_folder) == []


def test_schema_and_version_come_in_one_transaction(tmp_path: Path) -> None:
    connection = database.connect_writer(tmp_path / "x.sqlite")
    with pytest.raises(ValueError, match="a mistake"):
        migrate(connection, [first, _fail], application_id=5)
    assert version(connection) == 1
    migrate(connection, [first, _add_colour], application_id=5)
    assert version(connection) == 2
    assert connection.execute("PRAGMA application_id").fetchone() == (5,)
    connection.close()


@pytest.mark.parametrize("name", sorted(path.name for path in DATABASES.glob("client-v*.sqlite")))
def test_every_released_store_opens_with_all_it_holds(data_folder: DataFolder, name: str) -> None:
    data_folder.store_file.write_bytes((DATABASES / name).read_bytes())
    store = _open(data_folder)
    reader = store.reader()
    (workspace,) = workspaces(reader)
    rows = {row.name: row for row in tree_rows(reader, workspace.id)}
    assert set(rows) == {"Orders", "List orders", "Create an order", "Ping"}
    desk = Desk(store)
    for row in rows.values():
        assert view(desk.get(row.id))
    assert desk.fields(rows["Create an order"].id)["from_the_future"] == {"kept": True}
    assert len(environments(reader, workspace.id)) == 2
    assert len(history(reader, rows["List orders"].id, 9)) == 1
    signed_in = account(reader)
    assert (signed_in is None) == (name == "client-v1.sqlite")
    assert signed_in is None or (signed_in.email, pin(reader, signed_in.place, signed_in.email)) == (
        "ada@example.com", AccountPin("oKGio6SlpqeoqaqrrK2urw", 1_000_000),
    )  # fmt: skip
    store.close()


def test_what_schema_3_put_aside_has_no_head_before(data_folder: DataFolder) -> None:
    data_folder.store_file.write_bytes((DATABASES / "client-v3.sqlite").read_bytes())
    store = _open(data_folder)
    (bound,) = bindings(store.reader())
    assert bound.group_id is not None
    (row,) = held(store.reader(), bound.group_id)
    assert (row.reason, row.version, row.blob, row.before) == ("undecryptable", 2, b"no envelope", None)
    found = resources(store.reader(), bound.group_id, bound.workspace_id, [row.resource])[row.resource]
    assert found.quarantine == QuarantineRow("undecryptable", forked=False)
    assert found.head == HeadRow(2, bytes([3]) * 32, 3, deleted=False, own=False)
    assert found.base is not None
    store.close()
