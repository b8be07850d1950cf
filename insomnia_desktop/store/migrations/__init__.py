"""The ordered list of migrations and what runs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from insomnia_desktop.store.migrations import m0001_initial, m0002_account, m0003_sync

Migration = Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[Migration, ...] = (m0001_initial.migrate, m0002_account.migrate, m0003_sync.migrate)
"""The step at position n leads from `user_version` n to n + 1; a released step is never changed."""


def version(connection: sqlite3.Connection) -> int:
    """Return the schema number of a file; 0 is an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, migrations: Sequence[Migration], *, application_id: int) -> None:
    """Bring a file to the newest schema: each step in one transaction that also raises `user_version`.

    A process that is killed leaves the file before or after a step. Raises sqlite3.Error.
    """
    while version(connection) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Read again under the lock: another process may have taken this step meanwhile.
            present = version(connection)
            if present < len(migrations):
                migrations[present](connection)
                connection.execute(f"PRAGMA application_id = {application_id}")
                connection.execute(f"PRAGMA user_version = {present + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
