"""Copies of the store file: before each migration and once a day, three of each kept."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store.database import folder_error, is_sound
from insomnia_desktop.store.failures import SQLITE_FAILURES, known

Reason = Literal["migration", "daily"]

KEPT = 3
_NAME = re.compile(r"store-(\d{8}T\d{9}Z)-(migration|daily)-v(\d+)\.sqlite")
_PAGES_A_STEP = 512


def stamp(milliseconds: int) -> str:
    """Return a moment as it stands in file names: UTC, to the millisecond."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{moment:%Y%m%dT%H%M%S}{milliseconds % 1000:03d}Z"


def names(folder: DataFolder) -> list[str]:
    """Return the file names of all backups, newest first."""
    try:
        found = [entry.name for entry in folder.backups.iterdir() if _NAME.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(found, reverse=True)


def has_one_of_today(folder: DataFolder, clock: Clock) -> bool:
    """Say whether a daily backup of this day (UTC) is there."""
    today = stamp(clock.now_ms())[:8]
    return any(name[6:14] == today and "-daily-" in name for name in names(folder))


def make(
    source: sqlite3.Connection,
    folder: DataFolder,
    reason: Reason,
    *,
    clock: Clock,
    keep_going: Callable[[], bool] = lambda: True,
) -> str | None:
    """Copy the store as it is at one moment and return the name of the copy; older ones of its kind go, but for three.

    `source` must be in no transaction. The copy appears under its name only when it is whole. It ends with None, and
    without a copy, when `keep_going` says no. Raises KnownError `store.disk_full`,
    `store.folder_read_only`, `store.corrupt`, `store.io_error`.
    """
    number = int(source.execute("PRAGMA user_version").fetchone()[0])
    name = f"store-{stamp(clock.now_ms())}-{reason}-v{number}.sqlite"
    if not copy_to(source, folder.backups / name, keep_going=keep_going):
        return None
    for old in [each for each in names(folder) if f"-{reason}-" in each][KEPT:]:
        _discard(folder.backups / old)
    return name


def copy_to(source: sqlite3.Connection, target: Path, *, keep_going: Callable[[], bool] = lambda: True) -> bool:
    """Copy the store as it is at one moment to a file of mode 0600, which appears only when it is whole and sound.

    A file that is there is replaced. Returns False, and leaves no copy, when `keep_going` says no. `source` must be in
    no transaction. Raises KnownError as `make` does.
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        if not _copy(source, unfinished, keep_going):
            return False
        os.replace(unfinished, target)
    except SQLITE_FAILURES as error:
        raise known(error) from error
    except OSError as error:
        raise folder_error(target.parent, error) from error
    finally:
        _discard(unfinished)
    return True


def restore(folder: DataFolder, name: str, *, clock: Clock) -> Path:
    """Put a backup in the place of the store, which stays beside it as `store.broken-<time>.sqlite`; return that.

    The store must not be open, in any process. Raises KnownError `store.backup_missing`, `store.disk_full`,
    `store.folder_read_only`.
    """
    source = folder.backups / name
    if _NAME.fullmatch(name) is None or not source.is_file():
        raise KnownError("store.backup_missing", name=name)
    fresh = folder.root / "store.restored.sqlite"
    try:
        shutil.copyfile(source, fresh)
        fresh.chmod(0o600)
        return put_in_place(folder, fresh, clock=clock)
    except OSError as error:
        raise folder_error(folder.root, error) from error


def put_in_place(folder: DataFolder, fresh: Path, *, clock: Clock) -> Path:
    """Let a file be the store, and keep the one before it, with its log; return where that is now. Raises OSError.

    A process that is killed in between leaves the old store or the new one, never none: none would be a fresh start.
    """
    store, broken = folder.store_file, folder.root / f"store.broken-{stamp(clock.now_ms())}.sqlite"
    if store.exists():
        try:
            os.link(store, broken)
        except OSError:
            # A file system without second names, such as that of a memory stick.
            shutil.copyfile(store, broken)
            broken.chmod(0o600)
    for ending in ("-wal", "-shm"):
        present = store.with_name(store.name + ending)
        if present.exists():
            os.replace(present, broken.with_name(broken.name + ending))
    os.replace(fresh, store)
    return broken


def _copy(source: sqlite3.Connection, target: Path, keep_going: Callable[[], bool]) -> bool:
    class _Stopped(Exception):
        pass

    def look(_status: int, _remaining: int, _total: int) -> None:
        if not keep_going():
            raise _Stopped

    copy = sqlite3.connect(target, isolation_level=None)
    # One transaction for all steps: others may write meanwhile, and the copy is of this moment all the same.
    source.execute("BEGIN")
    try:
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(copy, pages=_PAGES_A_STEP, progress=look, sleep=0)
        # A file of its own: no log beside it, so that it can be copied by hand.
        copy.execute("PRAGMA journal_mode = DELETE")
        if not is_sound(copy):
            raise KnownError("store.corrupt", file=str(target))
    except _Stopped:
        return False
    finally:
        source.execute("ROLLBACK")
        copy.close()
    return True


def _discard(path: Path) -> None:
    for ending in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)
