"""Schema 1: the first one."""

from __future__ import annotations

import sqlite3

# Every table is found by a whole number first: what an index loses, a scan by number still finds (store.salvage).
_STATEMENTS = (
    "CREATE TABLE counter (number INTEGER PRIMARY KEY CHECK (number = 1), change INTEGER NOT NULL) STRICT",
    "INSERT INTO counter VALUES (1, 0)",
    # Narrow, so that the tree of a workspace is read without its documents. `born` and `placed` are the changes by
    # which the document was made and by which it last came to life (made or restored).
    """
    CREATE TABLE document (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL,
        workspace_id TEXT NOT NULL,
        parent_id TEXT,
        sort_key TEXT NOT NULL,
        name TEXT NOT NULL,
        method TEXT NOT NULL,
        url TEXT NOT NULL,
        schema INTEGER NOT NULL,
        created INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        deleted_at INTEGER,
        deleted_root TEXT,
        local_rev INTEGER NOT NULL,
        synced_rev INTEGER NOT NULL,
        born INTEGER NOT NULL,
        placed INTEGER NOT NULL,
        change INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX document_workspace ON document (workspace_id, kind)",
    "CREATE INDEX document_children ON document (parent_id, sort_key)",
    "CREATE INDEX document_roots ON document (sort_key) WHERE kind = 'workspace'",
    "CREATE INDEX document_trash ON document (deleted_root) WHERE deleted_root IS NOT NULL",
    "CREATE INDEX document_change ON document (change)",
    "CREATE TABLE content (number INTEGER PRIMARY KEY, id TEXT NOT NULL, fields TEXT NOT NULL) STRICT",
    # The table keeps its own copy of the texts: taking an entry out then never depends on how a text was made.
    """
    CREATE VIRTUAL TABLE full_text USING fts5(
        name, address, headers, body, description, tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    # Documents whose texts are not in full_text yet, or not as they are now.
    "CREATE TABLE unindexed (number INTEGER PRIMARY KEY) STRICT",
    """
    CREATE TABLE undo (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        workspace_id TEXT NOT NULL,
        undone INTEGER NOT NULL,
        label TEXT NOT NULL,
        coalesce TEXT NOT NULL,
        operations TEXT NOT NULL,
        at INTEGER NOT NULL,
        change INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX undo_order ON undo (workspace_id, undone, number)",
    "CREATE INDEX undo_change ON undo (change)",
    """
    CREATE TABLE response (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        request_id TEXT NOT NULL,
        workspace_id TEXT NOT NULL,
        started INTEGER NOT NULL,
        state TEXT NOT NULL,
        status INTEGER NOT NULL,
        reason TEXT NOT NULL,
        total_ms REAL,
        size_decoded INTEGER NOT NULL,
        error_code TEXT NOT NULL,
        body_file TEXT NOT NULL,
        body_size INTEGER NOT NULL,
        change INTEGER NOT NULL,
        record TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX response_history ON response (request_id, started)",
    "CREATE INDEX response_bodies ON response (started, request_id, body_size, body_file)",
    "CREATE INDEX response_change ON response (change)",
    """
    CREATE TABLE setting (
        number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL, change INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE TABLE local (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT",
    # What is no more, so that another process can be told of it; pruned after a while.
    """
    CREATE TABLE gone (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        kind TEXT NOT NULL,
        workspace_id TEXT,
        change INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX gone_change ON gone (change)",
)


def migrate(connection: sqlite3.Connection) -> None:
    """Make all tables; runs within the transaction of the runner."""
    for statement in _STATEMENTS:
        connection.execute(statement)
