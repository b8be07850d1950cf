"""A backup: every row in one file of SQLite, whatever database it came from, and back again.

The same file moves a server from SQLite to PostgreSQL. Handshakes live for a minute and are left out.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from sqlalchemy import Table, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database import identity
from insomnia_desktop.server.database.engine import Database, DatabaseUnavailable
from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.database.schema import metadata, srp_handshakes
from insomnia_desktop.server.database.soundness import faults
from insomnia_desktop.server.operator_errors import OperatorError
from insomnia_desktop.server.sole_use import hold_postgresql

_ROWS_AT_ONCE = 500
# Each with a blob of a megabyte at most.
_BLOBS_AT_ONCE = 20
_SUFFIXES = ("", "-wal", "-shm", "-journal")


async def back_up(database: Database, file: Path) -> None:
    """Write a backup of one moment; the server may run. The file is there whole, or not at all.

    Raises OperatorError `backup.file_exists`, `backup.unwritable`.
    """
    _require_free(file)
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        with _removed_around(unfinished):
            copy = await open_database(unfinished)
            try:
                async with database.read() as source, copy.write() as target:
                    await _copy(source, target)
            finally:
                await copy.close()
            _settle(unfinished, file)
    except (OSError, OperatorError, DatabaseUnavailable) as error:
        raise OperatorError("backup.unwritable", file=str(file), reason=_reason(error)) from error


async def restore(database: Database, backup: Database) -> None:
    """Put a backup in the place of every row, and mark the server as restored; no server may run on the database.

    All of it in one transaction. Raises OperatorError `server.already_runs`; DatabaseUnavailable.
    """
    async with hold_postgresql(database, alone=True), backup.read() as source, database.write() as target:
        await _copy(source, target)
        await identity.renew_epoch(target)


def kept_tables() -> list[Table]:
    """Return the tables that a backup holds, those first that others refer to."""
    return [table for table in metadata.sorted_tables if table is not srp_handshakes]


async def _copy(source: AsyncConnection, target: AsyncConnection) -> None:
    """Put the rows of a database in the place of those of another one; a new one has an identity already."""
    for table in reversed(metadata.sorted_tables):
        await target.execute(delete(table))
    for table in kept_tables():
        result = await source.stream(select(table))
        async for rows in result.mappings().partitions(_BLOBS_AT_ONCE if "blob" in table.c else _ROWS_AT_ONCE):
            await target.execute(table.insert(), [dict(row) for row in rows])


@contextlib.asynccontextmanager
async def opened_copy(file: Path) -> AsyncIterator[Database]:
    """Open a copy of a backup: an old one is brought to the newest schema, and the file stays as it is.

    Raises OperatorError `backup.unreadable`, `database.newer_version`.
    """
    unreadable = OperatorError("backup.unreadable", file=str(file))
    with tempfile.TemporaryDirectory(prefix="insomnia-sync-restore-") as folder:
        copy = Path(folder, "copy.sqlite")
        try:
            _copy_file(file, copy)
        except OSError as error:
            raise unreadable from error
        try:
            backup = await open_database(copy)
        except OperatorError as error:
            raise error if error.code == "database.newer_version" else unreadable from error
        try:
            if await _is_damaged(backup):
                raise unreadable
            yield backup
        finally:
            await backup.close()


async def _is_damaged(backup: Database) -> bool:
    try:
        return bool(await faults(backup))
    except DatabaseUnavailable:
        return True


def _require_free(file: Path) -> None:
    if os.path.lexists(file):
        raise OperatorError("backup.file_exists", file=str(file))


def _copy_file(file: Path, copy: Path) -> None:
    shutil.copyfile(file, copy)
    if copy.stat().st_size == 0:
        # SQLite would make a new database of it.
        raise OSError(errno.EINVAL, "empty")


def _settle(unfinished: Path, file: Path) -> None:
    """Give the finished backup its name, once it lies on the disk; raises OSError, also where the name was taken."""
    with unfinished.open("rb+") as written:
        os.fsync(written.fileno())
    # Taken first, since a rename writes over a file that came meanwhile.
    os.close(os.open(file, os.O_CREAT | os.O_EXCL, 0o600))
    unfinished.replace(file)


@contextlib.contextmanager
def _removed_around(file: Path) -> Iterator[None]:
    """Remove a file and what SQLite lays beside it: before, what a killed process left, and after."""
    _remove(file)
    try:
        yield
    finally:
        _remove(file)


def _remove(file: Path) -> None:
    for suffix in _SUFFIXES:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    if isinstance(error, OperatorError):
        return str(error.params.get("reason", error.code))
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
