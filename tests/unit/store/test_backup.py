"""Copies of the store and what it does for itself, about store.backup and store.care."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store, backup, database
from insomnia_desktop.store.care import Care
from insomnia_desktop.store.queries.documents import workspaces
from tests.support.clock import START_MS, FixedClock
from tests.support.desk import Desk, refused
from tests.support.logfail import LogGuard

DAY = 86_400_000


def _care(folder: DataFolder, clock: FixedClock, *, unclean: bool = False) -> Care:
    care = Care(folder, clock=clock, unclean=unclean, after_s=0.0)
    care.wait()
    return care


def test_once_a_day_a_copy_is_made_and_three_are_kept(desk: Desk, data_folder: DataFolder) -> None:
    desk.workspace("Mine")
    clock = FixedClock(START_MS)
    made = []
    for _ in range(5):
        assert _care(data_folder, clock).problem is None
        newest = backup.names(data_folder)[0]
        made.insert(0, newest)
        clock.advance(DAY // 4)
        _care(data_folder, clock)
        assert backup.names(data_folder)[0] == newest
        clock.advance(DAY - DAY // 4)
    assert backup.names(data_folder) == made[:3]
    copy = database.connect_reader(data_folder.backups / made[0])
    assert copy.execute("SELECT name FROM document WHERE kind = 'workspace'").fetchall() == [("Mine",)]
    copy.close()
    assert (data_folder.backups / made[0]).stat().st_mode & 0o777 == 0o600
    assert len(list(data_folder.backups.iterdir())) == 3


def test_copies_before_migrations_do_not_push_out_daily_ones(desk: Desk, data_folder: DataFolder) -> None:
    clock = FixedClock()
    _care(data_folder, clock)
    connection = database.connect_reader(data_folder.store_file)
    for _ in range(4):
        clock.advance(1000)
        backup.make(connection, data_folder, "migration", clock=clock)
    connection.close()
    names = backup.names(data_folder)
    assert sum("-daily-" in name for name in names) == 1
    assert sum("-migration-" in name for name in names) == 3
    assert names == sorted(names, reverse=True)


def test_a_copy_is_of_one_moment_though_others_write(desk: Desk, data_folder: DataFolder) -> None:
    workspace_id = desk.workspace()
    for number in range(200):
        desk.request(workspace_id, f"{number}", body={"type": "text", "text": "x" * 20_000})
    connection = database.connect_reader(data_folder.store_file)
    asked = []

    def keep_going() -> bool:
        asked.append(desk.request(workspace_id, "meanwhile"))
        return True

    name = backup.make(connection, data_folder, "daily", clock=FixedClock(), keep_going=keep_going)
    connection.close()
    assert name is not None
    assert asked
    copy = sqlite3.connect(data_folder.backups / name)
    assert copy.execute("SELECT count(*) FROM document WHERE kind = 'request'").fetchone() == (200,)
    assert database.is_sound(copy)
    copy.close()


def test_a_copy_that_is_stopped_leaves_nothing(desk: Desk, data_folder: DataFolder) -> None:
    connection = database.connect_reader(data_folder.store_file)
    assert backup.make(connection, data_folder, "daily", clock=FixedClock(), keep_going=lambda: False) is None
    connection.close()
    assert list(data_folder.backups.iterdir()) == []


def test_a_folder_that_takes_no_copy_is_named(desk: Desk, data_folder: DataFolder, log_guard: LogGuard) -> None:
    data_folder.backups.rmdir()
    with log_guard.expect("needs attention"):
        care = _care(data_folder, FixedClock())
    assert care.problem is not None
    assert care.problem.code == "store.folder_read_only"


def test_after_an_unclean_end_the_whole_file_is_checked(data_folder: DataFolder, log_guard: LogGuard) -> None:
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    desk = Desk(store)
    workspace_id = desk.workspace()
    for number in range(300):
        desk.request(workspace_id, f"{number}", body={"type": "text", "text": "x" * 3000})
    store.close()
    size = data_folder.store_file.stat().st_size
    with data_folder.store_file.open("r+b") as file:
        file.seek(size // 2 // database.PAGE_SIZE * database.PAGE_SIZE)
        file.write(b"\x55" * database.PAGE_SIZE)
    with log_guard.expect("store.corrupt"):
        care = _care(data_folder, FixedClock(), unclean=True)
    assert care.problem is not None
    assert care.problem.code == "store.corrupt"
    # A copy of a damaged file would push out a good one.
    with log_guard.expect("store.corrupt"):
        assert _care(data_folder, FixedClock()).problem is not None
    assert backup.names(data_folder) == []


def test_care_can_be_stopped_before_it_begins(desk: Desk, data_folder: DataFolder) -> None:
    care = Care(data_folder, clock=FixedClock(), unclean=True, after_s=3600)
    stopper = threading.Thread(target=care.stop)
    stopper.start()
    stopper.join(10)
    assert not stopper.is_alive()
    assert backup.names(data_folder) == []


def test_a_backup_can_be_put_back_and_the_store_stays_beside_it(data_folder: DataFolder) -> None:
    clock = FixedClock()
    store = Store.open(data_folder, clock=clock, care_after_s=3600)
    Desk(store).workspace("Before")
    _care(data_folder, clock)
    Desk(store).workspace("After")
    store.close()
    (name,) = backup.names(data_folder)
    kept = backup.restore(data_folder, name, clock=clock)
    store = Store.open(data_folder, clock=clock, care_after_s=3600)
    assert [row.name for row in workspaces(store.reader())] == ["Before"]
    store.close()
    assert kept.name.startswith("store.broken-")
    connection = database.connect_reader(kept)
    assert connection.execute("SELECT count(*) FROM document WHERE kind = 'workspace'").fetchone() == (2,)
    connection.close()
    for wrong in ("../store.sqlite", "store-20000101T000000000Z-daily-v1.sqlite", ""):
        with refused("store.backup_missing"):
            backup.restore(data_folder, wrong, clock=clock)


def test_a_copy_for_a_person_is_whole_and_takes_the_place_of_an_older_one(
    desk: Desk, data_folder: DataFolder, tmp_path: Path
) -> None:
    desk.workspace("Mine")
    target = tmp_path / "copy.sqlite"
    target.write_text("an older one")
    desk.store.save_copy(target)
    copy = sqlite3.connect(target)
    assert copy.execute("SELECT name FROM document WHERE kind = 'workspace'").fetchall() == [("Mine",)]
    copy.close()
    assert target.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == ["copy.sqlite"]


def test_a_copy_into_a_place_that_is_not_there_says_so(desk: Desk, tmp_path: Path) -> None:
    with refused("store.folder_read_only"):
        desk.store.save_copy(tmp_path / "nowhere" / "copy.sqlite")


@pytest.mark.parametrize("has_links", [True, False])
def test_while_a_backup_is_put_back_there_is_a_store_at_any_moment(
    data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    clock = FixedClock()
    store = Store.open(data_folder, clock=clock, care_after_s=3600)
    _care(data_folder, clock)
    Desk(store).workspace("After")
    store.close()
    data_folder.store_file.with_name("store.sqlite-wal").write_bytes(b"log")
    before = data_folder.store_file.read_bytes()
    replace = os.replace

    def watched(source: Path, target: Path) -> None:
        assert data_folder.store_file.read_bytes() == before
        replace(source, target)

    def refused_link(source: Path, target: Path) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "replace", watched)
    if not has_links:
        monkeypatch.setattr(os, "link", refused_link)
    kept = backup.restore(data_folder, backup.names(data_folder)[0], clock=clock)
    assert kept.read_bytes() == before
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"log"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert data_folder.store_file.read_bytes() == (data_folder.backups / backup.names(data_folder)[0]).read_bytes()
