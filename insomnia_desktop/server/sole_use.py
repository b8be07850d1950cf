"""One process serves a database, and a restore has it alone."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import text

from insomnia_desktop.server.database.engine import Database
from insomnia_desktop.server.operator_errors import OperatorError

LOCK_FILE_SUFFIX = ".lock"
# Any number of our own, another than that of the migrations.
_LOCK = 0x496E7345


@contextmanager
def hold_file(database: Path | None) -> Iterator[None]:
    """Hold the lock of a file of SQLite, nothing without one; it ends with the process, however that ends.

    A limit of requests is counted in memory, so two servers would allow twice of it. Raises OperatorError
    `server.already_runs`, `server.folder_unusable`.
    """
    if database is None:
        yield
        return
    file = database.with_name(database.name + LOCK_FILE_SUFFIX)
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise OperatorError("server.folder_unusable", folder=str(file.parent), reason=reason) from error
    try:
        if not _lock(descriptor):
            raise OperatorError("server.already_runs")
        yield
    finally:
        os.close(descriptor)


@asynccontextmanager
async def hold_postgresql(database: Database, *, alone: bool) -> AsyncIterator[None]:
    """Hold the lock of a database of PostgreSQL: servers share it, a restore is `alone`; nothing for SQLite.

    The lock is that of a connection, and ends with it. Raises OperatorError `server.already_runs`,
    DatabaseUnavailable.
    """
    if database.is_sqlite:
        yield
        return
    function = "pg_try_advisory_lock" if alone else "pg_try_advisory_lock_shared"
    async with database.hold() as connection:
        if not (await connection.execute(text(f"SELECT {function}(:number)"), {"number": _LOCK})).scalar_one():
            raise OperatorError("server.already_runs")
        try:
            yield
        finally:
            await connection.execute(text("SELECT pg_advisory_unlock_all()"))


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
