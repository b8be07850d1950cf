"""Files whose schema or beginning is lost are named when they are opened; about store.database and store.migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services import repair
from insomnia_desktop.store import Store, backup, database
from insomnia_desktop.store.migrations import MIGRATIONS, TABLES, migrate
from insomnia_desktop.store.queries.documents import workspaces
from insomnia_desktop.store.salvage import salvage
from tests.support.clock import FixedClock
from tests.support.desk import Desk

PAGE = database.PAGE_SIZE


def _open(folder: DataFolder) -> Store:
    return Store.open(folder, clock=FixedClock(), care_after_s=3600)


def _corrupt(folder: DataFolder) -> KnownError:
    with pytest.raises(KnownError) as caught:
        _open(folder)
    assert caught.value.code == "store.corrupt"
    return caught.value


def _run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def saved(data_folder: DataFolder) -> DataFolder:
    """A closed store with the workspace `Kept`, and one backup of it."""
    store = _open(data_folder)
    Desk(store).workspace("Kept")
    backup.make(store.reader().connection, data_folder, "daily", clock=FixedClock())
    store.close()
    return data_folder


def test_the_listed_tables_are_those_of_the_newest_schema(tmp_path: Path) -> None:
    with closing(database.connect_writer(tmp_path / "new.sqlite")) as connection:
        migrate(connection, MIGRATIONS, application_id=database.APPLICATION_ID)
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not name.startswith("sqlite_") and name != "full_text"
        ]
        columns = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in names}
    assert {name: tuple(row[1] for row in rows) for name, rows in columns.items()} == dict(TABLES)


@pytest.mark.parametrize("table", [*sorted(TABLES), "full_text"])
def test_a_lost_table_is_told_with_the_backups(saved: DataFolder, table: str) -> None:
    # A table that belongs to the search cannot be dropped but with it: it is taken out of the schema, as damage does.
    _run(saved.store_file, f"DELETE FROM sqlite_schema WHERE name = '{table}'")
    assert _corrupt(saved).params["backups"] == backup.names(saved)
    salvage(saved, clock=FixedClock())
    store = _open(saved)
    if table not in ("document", "content"):
        assert [row.name for row in workspaces(store.reader())] == ["Kept"]
    store.close()


def _a_table_dropped(path: Path) -> None:
    _run(path, "DROP TABLE setting")


def _a_column_lost(path: Path) -> None:
    _run(path, "ALTER TABLE undo DROP COLUMN at")


def _the_search_half_lost(path: Path) -> None:
    _run(path, "DELETE FROM full_text_data")


def _no_counter(path: Path) -> None:
    _run(path, "DELETE FROM counter")


def _no_schema_left(path: Path) -> None:
    _run(path, "DELETE FROM sqlite_schema")


def _words_in_the_schema_changed(path: Path) -> None:
    _run(path, "UPDATE sqlite_schema SET sql = 'CREATE TABLE content (number INTEGER PRIMARY' WHERE name = 'content'")


def _words_in_the_schema_are_no_text(path: Path) -> None:
    # They come back in the message of SQLite, which Python then cannot read.
    _run(path, "UPDATE sqlite_schema SET sql = CAST(x'435245415445ff' AS TEXT) WHERE name = 'content'")


def _roots_changed(path: Path) -> None:
    _run(path, "UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'document'")


def _version_lost(path: Path) -> None:
    _run(path, "PRAGMA user_version = 0")


def _schema_page_is_noise(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        file.write(b"\xa5" * (PAGE - 100))


def _schema_page_is_empty(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        file.write(bytes(PAGE - 100))


def _application_lost(path: Path) -> None:
    _run(path, "PRAGMA application_id = 7")


def _only_zeros(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _less_than_a_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


@pytest.mark.parametrize(
    "damage",
    [
        _a_table_dropped,
        _a_column_lost,
        _the_search_half_lost,
        _no_counter,
        _no_schema_left,
        _words_in_the_schema_changed,
        _words_in_the_schema_are_no_text,
        _roots_changed,
        _version_lost,
        _schema_page_is_noise,
        _schema_page_is_empty,
        _application_lost,
        _only_zeros,
        _less_than_a_header,
    ],
)
def test_a_damaged_schema_is_told_and_the_backup_brings_all_back(
    saved: DataFolder, damage: Callable[[Path], None]
) -> None:
    damage(saved.store_file)
    before = saved.store_file.read_bytes()
    error = _corrupt(saved)
    assert error.params["backups"] == backup.names(saved)
    assert saved.store_file.read_bytes() == before
    offers = [name for name, _ in repair.offers(error, saved)]
    assert offers == [f"restore:{backup.names(saved)[0]}", "salvage"]
    repair.carry_out(offers[0], saved, FixedClock())
    store = _open(saved)
    assert [row.name for row in workspaces(store.reader())] == ["Kept"]
    store.close()


@pytest.mark.parametrize("damage", [_a_table_dropped, _version_lost, _no_schema_left, _only_zeros, _less_than_a_header])
def test_without_backups_there_is_still_the_salvage(saved: DataFolder, damage: Callable[[Path], None]) -> None:
    (saved.backups / backup.names(saved)[0]).unlink()
    damage(saved.store_file)
    assert [name for name, _ in repair.offers(_corrupt(saved), saved)] == ["salvage"]


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _lost(path: Path) -> None:
    path.unlink()


def _begun_anew(path: Path) -> None:
    path.unlink()
    with closing(database.connect_writer(path)) as connection:
        database.prepare_writer(connection)


@pytest.mark.parametrize("empty", [_emptied, _lost, _begun_anew])
def test_an_empty_file_beside_backups_is_no_fresh_store(saved: DataFolder, empty: Callable[[Path], None]) -> None:
    empty(saved.store_file)
    for _ in range(2):
        error = _corrupt(saved)
        assert (error.params["reason"], error.params["backups"]) == ("empty", backup.names(saved))
    # There is nothing to be saved of it.
    ((restore, _),) = repair.offers(error, saved)
    repair.carry_out(restore, saved, FixedClock())
    store = _open(saved)
    assert [row.name for row in workspaces(store.reader())] == ["Kept"]
    store.close()


@pytest.mark.parametrize("empty", [_emptied, _lost, _begun_anew])
def test_an_empty_file_without_backups_is_a_fresh_store(saved: DataFolder, empty: Callable[[Path], None]) -> None:
    (saved.backups / backup.names(saved)[0]).unlink()
    empty(saved.store_file)
    store = _open(saved)
    assert workspaces(store.reader()) == []
    store.close()


def test_a_file_emptied_while_its_log_waits_is_no_fresh_store(data_folder: DataFolder) -> None:
    store = _open(data_folder)
    Desk(store).workspace("Kept")
    log = data_folder.store_file.with_name("store.sqlite-wal")
    waiting = log.read_bytes()
    store.close()
    data_folder.store_file.write_bytes(b"")
    log.write_bytes(waiting)
    assert "reason" not in _corrupt(data_folder).params
    assert log.read_bytes() == waiting
