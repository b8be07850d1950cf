"""The ordered list of migrations and what runs them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence

from insomnia_desktop.store.migrations import m0001_initial, m0002_account, m0003_sync, m0004_quarantine

Migration = Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[Migration, ...] = (
    m0001_initial.migrate,
    m0002_account.migrate,
    m0003_sync.migrate,
    m0004_quarantine.migrate,
)
"""The step at position n leads from `user_version` n to n + 1; a released step is never changed."""

TABLES: Mapping[str, tuple[str, ...]] = {
    "account": (
        *("number", "server", "hosted", "email", "name", "account_id", "state"),
        *("keeping", "rev", "profile", "change"),
    ),
    "account_pin": ("number", "server", "email", "account_id", "iterations"),
    "content": ("number", "id", "fields", "rest"),
    "counter": ("number", "change"),
    "device": ("number", "id"),
    "document": (
        *("number", "id", "kind", "workspace_id", "parent_id", "sort_key", "name", "method", "url", "schema"),
        *("created", "modified", "deleted_at", "deleted_root", "local_rev", "synced_rev", "born", "placed", "change"),
    ),
    "full_text_config": ("k", "v"),
    "full_text_content": ("id", "c0", "c1", "c2", "c3", "c4"),
    "full_text_data": ("id", "block"),
    "full_text_docsize": ("id", "sz"),
    "full_text_idx": ("segid", "term", "pgno"),
    "gone": ("number", "id", "kind", "workspace_id", "change"),
    "local": ("number", "key", "value"),
    "response": (
        *("number", "id", "request_id", "workspace_id", "started", "state", "status", "reason", "total_ms"),
        *("size_decoded", "error_code", "body_file", "body_size", "change", "record"),
    ),
    "setting": ("number", "key", "value", "change"),
    "undo": ("number", "workspace_id", "undone", "label", "coalesce", "operations", "at", "change"),
    "unindexed": ("number",),
    # Of sync.
    "base": ("number", "group_id", "resource", "plaintext", "deleted"),
    "binding": ("number", "workspace_id", "account_id", "group_id", "state", "wraps", "change"),
    "blocked": ("number", "group_id", "resource", "code", "local_rev", "at"),
    "conflict": ("number", "document_id", "workspace_id", "path", "base", "mine", "theirs", "at", "change"),
    "cursor": ("number", "group_id", "seq", "server_epoch", "last_head", "full_pull", "generation", "digest"),
    "head": ("number", "group_id", "resource", "version", "rev_hash", "seq", "deleted", "own", "generation"),
    "notice": ("number", "account_id", "code", "workspace_id", "document_id", "name", "at"),
    "outbox": (
        *("number", "group_id", "resource", "version", "prev", "deleted"),
        *("rev_hash", "blob", "plaintext", "local_rev"),
    ),
    "quarantine": (
        *("number", "group_id", "resource", "reason", "forked", "version", "seq"),
        *("prev", "deleted", "author", "blob", "at"),
        *("before_version", "before_hash", "before_seq", "before_deleted", "before_own"),
    ),
    "sync_account": ("number", "account_id", "chosen", "report"),
    "sync_log": ("number", "at", "method", "path", "status", "bytes_up", "bytes_down", "ms"),
}
"""The tables that the newest schema has, with their columns: by them a damaged schema is known when it is opened.

Of the search they are those that it keeps for itself; its face, `full_text`, is no table but a part of the program.
Building the schema anew to compare would cost more at each start than all else that is looked at.
"""


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
