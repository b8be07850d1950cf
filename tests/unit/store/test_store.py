"""Opening, reading and closing a store, about insomnia_desktop.store, store.database, store.failures, store.reader."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store, database
from insomnia_desktop.store.failures import known
from insomnia_desktop.store.migrations import MIGRATIONS
from insomnia_desktop.store.queries.documents import workspaces
from tests.support.clock import FixedClock
from tests.support.desk import Desk, refused

NEVER = 3600.0


def _open(folder: DataFolder) -> Store:
    return Store.open(folder, clock=FixedClock(), care_after_s=NEVER)


def _code(folder: DataFolder) -> str:
    with pytest.raises(KnownError) as caught:
        _open(folder)
    return caught.value.code


def test_a_new_store_says_what_it_is_and_is_private(data_folder: DataFolder) -> None:
    _open(data_folder).close()
    head = data_folder.store_file.read_bytes()[:100]
    assert head[68:72] == b"InsD"
    assert int.from_bytes(head[60:64], "big") == len(MIGRATIONS)
    assert data_folder.store_file.stat().st_mode & 0o777 == 0o600
    # Closed cleanly, the store is one file.
    assert sorted(path.name for path in data_folder.root.iterdir()) == ["backups", "logs", "responses", "store.sqlite"]


def test_what_was_written_is_there_after_opening_again(data_folder: DataFolder) -> None:
    store = _open(data_folder)
    workspace_id = Desk(store).workspace("Mine")
    store.close()
    store = _open(data_folder)
    assert [(row.id, row.name) for row in workspaces(store.reader())] == [(workspace_id, "Mine")]
    store.close()


def test_paths_with_any_characters_work(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "a b" / "#1?x=%41&ü'\"")
    store = _open(folder)
    assert workspaces(store.reader()) == []
    store.close()


def _text(path: Path) -> None:
    path.write_text("These are my notes, not a database.\n" * 100)


def _other_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipe (name)")
    connection.commit()
    connection.close()


def _other_application(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA application_id = 1234")
    connection.close()


@pytest.mark.parametrize("make", [_text, _other_database, _other_application])
def test_a_file_of_another_program_is_refused_and_left_alone(
    data_folder: DataFolder, make: Callable[[Path], None]
) -> None:
    make(data_folder.store_file)
    before = data_folder.store_file.read_bytes()
    assert _code(data_folder) == "store.not_a_store"
    assert data_folder.store_file.read_bytes() == before


def test_a_folder_in_the_place_of_the_store_is_refused(data_folder: DataFolder) -> None:
    data_folder.store_file.mkdir()
    assert _code(data_folder) == "store.not_a_store"


def test_a_store_of_a_newer_program_is_refused_and_left_alone(data_folder: DataFolder) -> None:
    Store.open(data_folder, clock=FixedClock(), migrations=[*MIGRATIONS, lambda _: None], care_after_s=NEVER).close()
    before = data_folder.store_file.read_bytes()
    with pytest.raises(KnownError) as caught:
        _open(data_folder)
    assert caught.value.code == "store.newer_version"
    assert caught.value.params == {"found": len(MIGRATIONS) + 1, "known": len(MIGRATIONS)}
    assert data_folder.store_file.read_bytes() == before
    assert not list(data_folder.backups.iterdir())


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    assert _code(DataFolder(tmp_path / "data")) == "store.folder_unusable"


def test_an_empty_file_is_a_new_store(data_folder: DataFolder) -> None:
    data_folder.store_file.touch()
    _open(data_folder).close()
    # As a process leaves it that is killed before its first commit.
    data_folder.store_file.unlink()
    connection = database.connect_writer(data_folder.store_file)
    database.prepare_writer(connection)
    connection.close()
    assert data_folder.store_file.stat().st_size > 0
    _open(data_folder).close()


def test_a_store_that_another_process_holds_locked_is_busy(
    data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    desk = Desk(_open(data_folder))
    connection = database.connect_writer(data_folder.store_file)
    connection.execute("BEGIN IMMEDIATE")
    with refused("store.busy"):
        desk.workspace()
    connection.execute("ROLLBACK")
    assert desk.workspace()
    connection.close()
    desk.store.close()


def test_each_thread_has_a_reader_that_cannot_write(desk: Desk) -> None:
    own = desk.store.reader()
    assert desk.store.reader() is own
    others: list[object] = []
    threads = [threading.Thread(target=lambda: others.append(desk.store.reader())) for _ in range(3)]
    for thread in threads:
        thread.start()
        thread.join()
    assert len({id(reader) for reader in (own, *others)}) == 4
    # The connections of threads that ended are closed when the next one asks.
    assert len(desk.store._readers) <= 2
    with refused("store.read_only"):
        own.rows("DELETE FROM document")


def test_a_snapshot_sees_one_state(desk: Desk) -> None:
    reader = desk.store.reader()
    with reader.snapshot():
        before = workspaces(reader)
        desk.workspace()
        assert workspaces(reader) == before
    assert len(workspaces(reader)) == len(before) + 1


def test_a_closed_store_refuses_and_closing_twice_is_harmless(data_folder: DataFolder) -> None:
    store = _open(data_folder)
    store.reader()
    store.close()
    store.close()
    with refused("store.closed"):
        store.reader()
    with refused("store.closed"):
        Desk(store).workspace()


def test_a_python_with_an_old_sqlite_is_told_so(data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_OLDEST_SQLITE", (99, 0, 0))
    assert _code(data_folder) == "store.sqlite_too_old"


def test_failures_of_the_world_have_names_and_mistakes_stay_what_they_are() -> None:
    connection = sqlite3.connect(":memory:")
    with pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("SELECT nothing FROM nowhere")
    assert known(caught.value) is caught.value
    connection.execute("PRAGMA max_page_count = 1")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.executescript("CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(100000))")
    error = known(full.value)
    assert isinstance(error, KnownError)
    assert error.code == "store.disk_full"
    with pytest.raises(sqlite3.OperationalError) as nowhere:
        sqlite3.connect("/no/such/folder/store.sqlite")
    unopened = known(nowhere.value)
    assert isinstance(unopened, KnownError)
    assert unopened.code == "store.io_error"
    without_code = sqlite3.ProgrammingError("made by the module itself")
    assert known(without_code) is without_code
    connection.close()
