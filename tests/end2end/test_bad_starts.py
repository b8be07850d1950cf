"""Starts that cannot succeed as they are: each a sentence with the next step, and the way out where there is one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import backup, database
from insomnia_desktop.store.changes import Origin
from tests.end2end.process import Program, on_small_disk

FILL = 'head -c 16m /dev/zero > "$1/ballast" 2>/dev/null || true'


def _fill(folder: DataFolder, name: str = "Kept") -> None:
    services = container.build(folder, SystemClock(), Origin("window", 1))
    workspace_id = services.workspaces.last_used()
    services.documents.create_request(workspace_id, None, name=name)[1].result()
    services.close()


def _expect_problem(program: Program, *parts: str) -> str:
    program.wait("windows", equals=["problemDialog"])
    shown = "\n".join(program.look("texts", name="problemDialog"))
    for part in parts:
        assert part in shown
    return shown


def test_a_read_only_folder_is_named_with_what_to_look_at(data_folder: DataFolder) -> None:
    before = on_small_disk(data_folder, "size=4m", 'mount -o remount,ro "$1"')
    with Program(data_folder, before=before) as program:
        _expect_problem(program, "The data folder cannot be used", str(data_folder.root), "--data-dir")
        program.do("click_text", name="problemDialog", text="Close")
        program.end(1, says="cannot be written to")


def test_a_read_only_folder_with_a_store_is_named_and_the_store_left_alone(data_folder: DataFolder) -> None:
    copy = data_folder.root.parent / "copy"
    _fill(DataFolder(copy))
    stored = DataFolder(copy).store_file.read_bytes()
    then = (f'cp -r "{copy}/." "$1"', 'mount -o remount,ro "$1"')
    with Program(data_folder, before=on_small_disk(data_folder, "size=8m", *then)) as program:
        _expect_problem(program, "The data folder cannot be used", str(data_folder.root))
        inside = _inside(program, data_folder)
        assert (inside / "store.sqlite").read_bytes() == stored
        program.do("close", name="problemDialog")
        program.end(1, says="cannot be written to")


def test_a_full_disk_is_named_and_the_window_opens_once_there_is_room(data_folder: DataFolder) -> None:
    with Program(data_folder, before=on_small_disk(data_folder, "size=1m", FILL)) as program:
        _expect_problem(program, "The disk is full", "Make room")
        (_inside(program, data_folder) / "ballast").unlink()
        program.do("click_text", name="problemDialog", text="Try again")
        program.wait("windows", equals=["mainWindow"])
        program.do("close", name="mainWindow")
        program.end(0)


def test_a_disk_that_fills_up_while_the_window_is_open_costs_one_write(data_folder: DataFolder) -> None:
    with Program(data_folder, before=on_small_disk(data_folder, "size=6m")) as program:
        program.wait("windows", has="mainWindow")
        program.keys("Ctrl+N")
        program.wait("focus", equals="urlEdit")
        program.type("http://127.0.0.1/a")
        program.wait("saved_url", equals="http://127.0.0.1/a")
        ballast = _inside(program, data_folder) / "ballast"
        with ballast.open("wb", buffering=0) as file:
            _until_full(file)
        program.do("paste", text="x" * 200_000)
        program.wait("text", name="toast", has="no room to save")
        ballast.unlink()
        program.type("y")
        program.wait("saved_url", equals="http://127.0.0.1/a" + "x" * 200_000 + "y")
        program.do("close", name="mainWindow")
        program.end(0)


def test_a_store_of_a_newer_version_is_left_as_it_is(data_folder: DataFolder) -> None:
    _fill(data_folder)
    with closing(sqlite3.connect(data_folder.store_file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = data_folder.store_file.read_bytes()
    with Program(data_folder) as program:
        _expect_problem(program, "The data is of a newer version", "Update the program.")
        program.keys("Escape")
        program.end(1)
    assert data_folder.store_file.read_bytes() == before


def test_a_file_that_is_no_store_is_left_as_it_is(data_folder: DataFolder) -> None:
    with closing(sqlite3.connect(data_folder.store_file)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    before = data_folder.store_file.read_bytes()
    with Program(data_folder) as program:
        _expect_problem(program, "another program", "Move it away")
        program.do("click_text", name="problemDialog", text="Close")
        program.end(1)
    assert data_folder.store_file.read_bytes() == before


def test_a_damaged_store_is_replaced_by_its_last_backup_and_kept_beside_it(data_folder: DataFolder) -> None:
    _fill(data_folder, "In the backup")
    with closing(database.connect_writer(data_folder.store_file)) as connection:
        backup.make(connection, data_folder, "daily", clock=SystemClock())
    _fill(data_folder, "Newer than the backup")
    data_folder.store_file.write_bytes(b"damaged" * 4096)
    with Program(data_folder) as program:
        shown = _expect_problem(program, "The data is damaged", "Restore the backup of ", "Save what can still be read")
        (restore,) = (line for line in shown.splitlines() if line.startswith("Restore"))
        program.do("click_text", name="problemDialog", text=restore)
        program.wait("windows", equals=["mainWindow"])
        program.wait("rows", name="requestTree", equals=["In the backup"])
        program.close()
    assert len(list(data_folder.root.glob("store.broken-*.sqlite"))) == 1


def test_what_can_be_read_of_a_damaged_store_is_saved(data_folder: DataFolder) -> None:
    _fill(data_folder, "Readable")
    whole = data_folder.store_file.read_bytes()
    # The first page is the table of contents of the file: without it SQLite reads nothing.
    data_folder.store_file.write_bytes(whole[:100] + bytes(400) + whole[500:])
    with Program(data_folder) as program:
        _expect_problem(program, "The data is damaged", "Save what can still be read")
        program.do("click_text", name="problemDialog", text="Save what can still be read")
        program.wait("windows", equals=["mainWindow"])
        program.wait("rows", name="requestTree", has="Readable")
        program.close()


def test_a_damaged_store_of_which_nothing_can_be_read_is_left_until_the_person_chooses(data_folder: DataFolder) -> None:
    _fill(data_folder)
    whole = data_folder.store_file.read_bytes()
    damaged = whole[:100] + bytes(len(whole) - 100)
    data_folder.store_file.write_bytes(damaged)
    with Program(data_folder) as program:
        _expect_problem(program, "The data is damaged")
        program.do("click_text", name="problemDialog", text="Close")
        program.end(1)
    assert data_folder.store_file.read_bytes() == damaged
    with Program(data_folder) as program:
        _expect_problem(program, "The data is damaged")
        program.do("click_text", name="problemDialog", text="Save what can still be read")
        program.wait("windows", equals=["mainWindow"])
        program.close()
    (kept,) = data_folder.root.glob("store.broken-*.sqlite")
    assert kept.read_bytes() == damaged


def test_an_emptied_store_is_replaced_by_its_last_backup(data_folder: DataFolder) -> None:
    _fill(data_folder, "In the backup")
    with closing(database.connect_writer(data_folder.store_file)) as connection:
        backup.make(connection, data_folder, "daily", clock=SystemClock())
    data_folder.store_file.write_bytes(b"")
    with Program(data_folder) as program:
        shown = _expect_problem(program, "The data is gone", "Restore the backup of ")
        assert "Save what can still be read" not in shown
        (restore,) = (line for line in shown.splitlines() if line.startswith("Restore the"))
        program.do("click_text", name="problemDialog", text=restore)
        program.wait("rows", name="requestTree", equals=["In the backup"])
        program.close()


def test_a_window_opens_whatever_of_its_documents_cannot_be_read(data_folder: DataFolder) -> None:
    _fill(data_folder, "Readable")
    with Program(data_folder) as program:
        program.wait("rows", name="requestTree", equals=["Readable"])
        program.keys("Ctrl+N")
        program.wait("rows", name="requestTree", equals=["Readable", "New request"])
        program.close()
    with closing(sqlite3.connect(data_folder.store_file, isolation_level=None)) as connection:
        connection.execute(
            "UPDATE content SET fields = '[]' WHERE id NOT IN (SELECT id FROM document WHERE name = 'Readable')"
        )
        connection.execute("UPDATE local SET value = 'no JSON'")
    with Program(data_folder) as program:
        program.wait("rows", name="requestTree", equals=["Readable", "New request"])
        program.do("click_row", name="requestTree", text="New request")
        program.wait("text", name="toast", has="is damaged and cannot be read")
        program.do("click_row", name="requestTree", text="Readable")
        program.wait("is_shown", name="urlEdit", equals=True)
        for keys in ("Ctrl+E", "Ctrl+Shift+K", "Ctrl+Return"):
            program.keys(keys)
            program.wait("text", name="toast", has="is damaged and cannot be read")
        assert program.look("windows") == ["mainWindow"]
        program.keys("Ctrl+N")
        program.wait("rows", name="requestTree", equals=["Readable", "New request", "New request"])
        program.close()


def _inside(program: Program, folder: DataFolder) -> Path:
    """Return the folder as the program sees it, in its own mount namespace."""
    return Path(f"/proc/{program.process.pid}/root", *folder.root.parts[1:])


def _until_full(file: object) -> None:
    try:
        while True:
            file.write(bytes(4096))  # type: ignore[attr-defined]
    except OSError:
        return
