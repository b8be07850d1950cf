"""A connection to SQLite that goes to its thread for statements only."""

from __future__ import annotations

import sqlite3
from typing import Any

import aiosqlite

_ROWS_AT_ONCE = 64


class SqliteConnection(aiosqlite.Connection):
    """The driver's connection, whose cursors are made and closed on the loop.

    A sign-in has a dozen statements, each with a cursor of its own; to go to the thread and back for making and for
    closing each took more than half of what a sign-in takes of the database.
    """

    def cursor(self) -> SqliteCursor:  # type: ignore[override]
        """Return a new cursor."""
        return SqliteCursor(self, self._conn.cursor())


class SqliteCursor(aiosqlite.Cursor):
    """A cursor of such a connection."""

    async def close(self) -> None:
        """Close it; one whose statement still runs, since nobody waits for it any more, after that statement."""
        try:
            self._cursor.close()
        except sqlite3.ProgrammingError:
            await super().close()


def open_connection(database: str, **options: Any) -> SqliteConnection:
    """Return a connection that opens the file once it is awaited; the options are those of `sqlite3.connect`."""

    def connect() -> sqlite3.Connection:
        opened: sqlite3.Connection = sqlite3.connect(database, **{**options, "check_same_thread": False})
        return opened

    connection = SqliteConnection(connect, _ROWS_AT_ONCE)
    # As SQLAlchemy has it for those that it makes: a program that ends does not wait for it.
    connection._thread.daemon = True
    return connection
