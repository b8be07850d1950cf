"""Puts a document into quarantine, as a pulled row does that cannot be used here."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext


class Hold(msgspec.Struct, frozen=True):
    """Puts a document into quarantine for a reason; an empty one ends it."""

    document_id: str
    workspace_id: str
    reason: str = "newer_schema"
    group_id: str = ""

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write what sync would write."""
        resource = self.document_id[4:]
        connection.execute("DELETE FROM quarantine WHERE resource = ?", (resource,))
        if self.reason:
            connection.execute(
                "INSERT INTO quarantine (group_id, resource, reason, forked, version, seq, prev, deleted, author,"
                " blob, at) VALUES (?, ?, ?, 0, 2, 2, x'', 0, x'', x'', ?)",
                (self.group_id, resource, self.reason, context.now),
            )
        return [Change("updated", "sync", self.workspace_id, self.workspace_id)]
