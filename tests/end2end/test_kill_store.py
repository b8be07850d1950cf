"""Processes that write to a store and are killed, several at once, on full disks and in the midst of a migration."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store, backup, database
from insomnia_desktop.store.migrations import MIGRATIONS
from insomnia_desktop.store.queries.documents import tree_rows, workspaces
from tests.support.desk import Desk
from tests.support.store_process import start, told

NEVER = 3600.0


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A data folder whose name needs care in an address."""
    return DataFolder(tmp_path / "data of #1? 100%ö")


def _with_workspace(folder: DataFolder) -> str:
    store = Store.open(folder, clock=SystemClock(), care_after_s=NEVER)
    workspace_id = Desk(store).workspace()
    store.close()
    return workspace_id


def test_what_was_promised_before_a_kill_is_there(folder: DataFolder) -> None:
    workspace_id = _with_workspace(folder)
    promised: set[str] = set()
    for killed_after in (1, 3, 8, 20, 45):
        with start("write", folder.root, workspace_id) as process:
            assert process.stdout is not None
            for _ in range(killed_after + 1):
                promised.add(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
            promised.update(process.stdout)
    names = {line.strip().strip('"') for line in promised if line.endswith("\n")} - {"open"}
    store = Store.open(folder, clock=SystemClock(), care_after_s=0.0)
    stored = [row.name for row in tree_rows(store.reader(), workspace_id)]
    store.close()
    assert names <= set(stored)
    assert len(stored) == len(set(stored) - {"unnamed"}) + stored.count("unnamed")
    # At most the one that was being made at each kill has not got its name yet.
    assert stored.count("unnamed") <= 5
    connection = database.connect_reader(folder.store_file)
    assert database.is_sound(connection)
    connection.close()


def test_several_processes_write_at_once_and_nothing_is_lost(folder: DataFolder) -> None:
    workspace_id = _with_workspace(folder)
    writers = [start("write_some", folder.root, workspace_id, "60") for _ in range(3)]
    ends = [writer.communicate(timeout=60)[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0], ends
    store = Store.open(folder, clock=SystemClock(), care_after_s=NEVER)
    assert len({row.name for row in tree_rows(store.reader(), workspace_id)}) == 180
    store.close()


def test_two_first_starts_at_once_make_one_store(folder: DataFolder) -> None:
    starts = [start("first_start", folder.root) for _ in range(4)]
    ends = [each.communicate(timeout=60)[0] for each in starts]
    assert [each.returncode for each in starts] == [0] * 4, ends


def test_a_kill_in_a_migration_leaves_the_old_store_and_its_backup(folder: DataFolder) -> None:
    workspace_id = _with_workspace(folder)
    with start("migrate_slowly", folder.root) as process:
        assert process.stdout is not None
        assert "middle" in process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert len(backup.names(folder)) == 1
    store = Store.open(folder, clock=SystemClock(), care_after_s=NEVER)
    assert Desk(store).get(workspace_id).fields["seed"]
    store.close()
    done: list[int] = []
    store = Store.open(
        folder, clock=SystemClock(), migrations=[*MIGRATIONS, lambda _: done.append(2)], care_after_s=NEVER
    )
    assert [row.id for row in workspaces(store.reader())] == [workspace_id]
    store.close()
    assert done == [2]


def test_a_full_disk_fails_one_write_and_loses_none(tmp_path: Path) -> None:
    (said,) = told("run_full", tmp_path, on_small_disk="size=6m")
    assert said["codes"] == ["store.disk_full"] * 3
    assert said["promised"] > 50
    assert said["readable"]
    assert said["kept"]
    assert said["later"] == "later"


def test_a_full_disk_is_named_at_the_first_start(tmp_path: Path) -> None:
    assert told("open_full", tmp_path, on_small_disk="size=1m") == ["store.disk_full", "open"]


def test_a_read_only_disk_is_named_and_left_alone(tmp_path: Path) -> None:
    said = told("open_read_only", tmp_path, on_small_disk="size=2m")
    assert said == ["store.folder_read_only", "store.folder_unusable", True]
