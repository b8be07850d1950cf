"""Lets a document stand in a folder that is not on this device, as a pulled row may."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext

NOWHERE = "fld_" + "7" * 32


class LoseParent(msgspec.Struct, frozen=True):
    """Gives a document a parent that nobody knows here; not a step of undo."""

    document_id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write what sync would write."""
        at = rows.live(connection, self.document_id)
        key = connection.execute("SELECT sort_key FROM document WHERE id = ?", (at.id,)).fetchone()[0]
        rows.write_place(connection, context, at.number, parent_id=NOWHERE, sort_key=key)
        return [Change("updated", at.kind, at.id, at.workspace_id, frozenset({"parent"}))]
