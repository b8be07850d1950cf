"""A database opened for work: its file made, looked at, and brought to the newest schema."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from insomnia_desktop.server.database import identity
from insomnia_desktop.server.database.engine import Database, DatabaseUnavailable, claim_file, connect, file_of
from insomnia_desktop.server.database.migrations import NEWEST, current
from insomnia_desktop.server.operator_errors import OperatorError

# What SQLite says of a file that is none of its own, or no longer.
_DAMAGED = ("malformed", "not a database", "file is encrypted")


async def open_database(address: Path | str, *, make: bool = True) -> Database:
    """Return the database at the newest schema; without `make` one that is not there yet is not made.

    Raises OperatorError `database.*` and `server.folder_unusable`.
    """
    database = connect(address)
    file = file_of(address)
    if file is not None:
        if not make and not file.exists():
            raise OperatorError("database.missing", file=str(file))
        claim_file(file)
    try:
        async with database.read() as connection:
            at = await connection.run_sync(current)
        if at is None and not make:
            raise OperatorError("database.empty")
        if at != NEWEST:
            async with database.write() as connection:
                was = await connection.run_sync(_upgrade)
                if was is None:
                    await identity.make(connection)
    except BaseException as error:
        await database.close()
        if isinstance(error, DatabaseUnavailable):
            raise told(error) from error
        raise
    return database


def _upgrade(connection: Connection) -> str | None:
    # Imported here: a database that is at the newest step needs nothing of Alembic.
    from insomnia_desktop.server.database.migrations.upgrade import upgrade

    return upgrade(connection)


def told(error: DatabaseUnavailable) -> OperatorError:
    """Return what an operator is told of a database that cannot be used."""
    reason = str(error)
    if any(word in reason for word in _DAMAGED):
        return OperatorError("database.damaged", reason=reason)
    return OperatorError("database.unreachable", reason=reason)
