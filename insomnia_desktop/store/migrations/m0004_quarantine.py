"""Schema 4: what the head was before a row came that could not be used, and an index by which that row is found."""

from __future__ import annotations

import sqlite3

_STATEMENTS = (
    # All five are NULL where there was no head, and in what schema 3 has put aside: the head was overwritten there.
    "ALTER TABLE quarantine ADD COLUMN before_version INTEGER",
    "ALTER TABLE quarantine ADD COLUMN before_hash BLOB",
    "ALTER TABLE quarantine ADD COLUMN before_seq INTEGER",
    "ALTER TABLE quarantine ADD COLUMN before_deleted INTEGER",
    "ALTER TABLE quarantine ADD COLUMN before_own INTEGER",
    # Whether a document is held is asked without its group, at every edit.
    "CREATE INDEX quarantine_resource ON quarantine (resource)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Add columns and index; runs within the transaction of the runner."""
    for statement in _STATEMENTS:
        connection.execute(statement)
