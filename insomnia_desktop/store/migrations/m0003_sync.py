"""Schema 3: what sync keeps of each workspace, and a place for top-level keys of a document that are not known."""

from __future__ import annotations

import sqlite3

# `resource` is the 32 hex digits of a document's id; what a group's server has is found by it before its kind is known.
_STATEMENTS = (
    "ALTER TABLE content ADD COLUMN rest TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX document_resource ON document (substr(id, 5))",
    "CREATE INDEX document_dirty ON document (workspace_id) WHERE local_rev != synced_rev",
    # One row for each workspace that is synced, or that is not to be. `wraps` are the group's wrapped keys, as JSON.
    """
    CREATE TABLE binding (
        number INTEGER PRIMARY KEY,
        workspace_id TEXT NOT NULL UNIQUE,
        account_id TEXT NOT NULL,
        group_id TEXT UNIQUE,
        state TEXT NOT NULL,
        wraps TEXT NOT NULL,
        change INTEGER NOT NULL
    ) STRICT
    """,
    # `chosen`: the person has said which workspaces of this device go to the account. `report`: of the last backup.
    """
    CREATE TABLE sync_account (
        number INTEGER PRIMARY KEY, account_id TEXT NOT NULL UNIQUE, chosen INTEGER NOT NULL, report TEXT NOT NULL
    ) STRICT
    """,
    # `digest` is the sum over the live heads, kept up with every head.
    """
    CREATE TABLE cursor (
        number INTEGER PRIMARY KEY,
        group_id TEXT NOT NULL UNIQUE,
        seq INTEGER NOT NULL,
        server_epoch BLOB,
        last_head INTEGER NOT NULL,
        full_pull TEXT,
        generation INTEGER NOT NULL,
        digest BLOB NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE head (
        number INTEGER PRIMARY KEY,
        group_id TEXT NOT NULL,
        resource TEXT NOT NULL,
        version INTEGER NOT NULL,
        rev_hash BLOB NOT NULL,
        seq INTEGER NOT NULL,
        deleted INTEGER NOT NULL,
        own INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        UNIQUE (group_id, resource)
    ) STRICT
    """,
    "CREATE INDEX head_tombstones ON head (group_id, seq) WHERE deleted = 1",
    """
    CREATE TABLE base (
        number INTEGER PRIMARY KEY,
        group_id TEXT NOT NULL,
        resource TEXT NOT NULL,
        plaintext TEXT NOT NULL,
        deleted INTEGER NOT NULL,
        UNIQUE (group_id, resource)
    ) STRICT
    """,
    # Sealed changes as they are sent, and sent again, until they are answered; never changed.
    """
    CREATE TABLE outbox (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        group_id TEXT NOT NULL,
        resource TEXT NOT NULL,
        version INTEGER NOT NULL,
        prev BLOB NOT NULL,
        deleted INTEGER NOT NULL,
        rev_hash BLOB NOT NULL,
        blob BLOB NOT NULL,
        plaintext TEXT NOT NULL,
        local_rev INTEGER NOT NULL,
        UNIQUE (group_id, resource)
    ) STRICT
    """,
    """
    CREATE TABLE quarantine (
        number INTEGER PRIMARY KEY,
        group_id TEXT NOT NULL,
        resource TEXT NOT NULL,
        reason TEXT NOT NULL,
        forked INTEGER NOT NULL,
        version INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        prev BLOB NOT NULL,
        deleted INTEGER NOT NULL,
        author BLOB NOT NULL,
        blob BLOB NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (group_id, resource)
    ) STRICT
    """,
    """
    CREATE TABLE blocked (
        number INTEGER PRIMARY KEY,
        group_id TEXT NOT NULL,
        resource TEXT NOT NULL,
        code TEXT NOT NULL,
        local_rev INTEGER NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (group_id, resource)
    ) STRICT
    """,
    # What was changed on two devices: JSON texts, NULL where a side has nothing there.
    """
    CREATE TABLE conflict (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        document_id TEXT NOT NULL,
        workspace_id TEXT NOT NULL,
        path TEXT NOT NULL,
        base TEXT,
        mine TEXT,
        theirs TEXT,
        at INTEGER NOT NULL,
        change INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE notice (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        account_id TEXT NOT NULL,
        code TEXT NOT NULL,
        workspace_id TEXT NOT NULL,
        document_id TEXT NOT NULL,
        name TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE sync_log (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        method TEXT NOT NULL,
        path TEXT NOT NULL,
        status INTEGER NOT NULL,
        bytes_up INTEGER NOT NULL,
        bytes_down INTEGER NOT NULL,
        ms INTEGER NOT NULL
    ) STRICT
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Make the tables; runs within the transaction of the runner."""
    for statement in _STATEMENTS:
        connection.execute(statement)
