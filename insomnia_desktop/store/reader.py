"""The read-only connection of a thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from insomnia_desktop.store.failures import SQLITE_FAILURES, is_no_text, known, readable_text


class Reader:
    """Runs queries on a read-only connection; each query sees the newest commit.

    Threads: the one that asked the store for it. All methods raise KnownError `store.corrupt`, `store.busy`,
    `store.io_error` for what SQLite reports. Damaged text comes with U+FFFD for what is no UTF-8 in it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._version = -1

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        try:
            return self.connection.execute(statement, parameters).fetchall()
        except SQLITE_FAILURES as error:
            if is_no_text(error):
                return self._readable_rows(statement, parameters)
            raise known(error) from error

    def row(self, statement: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """Return the first row of a query, or None."""
        try:
            row: tuple[Any, ...] | None = self.connection.execute(statement, parameters).fetchone()
        except SQLITE_FAILURES as error:
            if is_no_text(error):
                return next(iter(self._readable_rows(statement, parameters)), None)
            raise known(error) from error
        return row

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all queries inside see one and the same state."""
        self.rows("BEGIN")
        try:
            yield
        finally:
            self.rows("COMMIT")

    def file_changed(self) -> bool:
        """Say whether any other connection, of whatever process, committed since the last call; the first says yes."""
        row = self.row("PRAGMA data_version")
        version = row[0] if row else -1
        changed = version != self._version
        self._version = version
        return changed

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()

    def _readable_rows(self, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Return all rows although a text of theirs is damaged; not always so, since it takes far longer."""
        self.connection.text_factory = readable_text
        try:
            return self.connection.execute(statement, parameters).fetchall()
        except SQLITE_FAILURES as error:
            raise known(error) from error
        finally:
            self.connection.text_factory = str
