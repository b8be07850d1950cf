"""Brings back a document that the trash let go of, from a version that the server kept."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Document
from insomnia_desktop.store import codec, undo_rows
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.operations import DeleteStep
from insomnia_desktop.store.singletons import singletons
from insomnia_desktop.store.sync_rows import TextRow


class BringBack(msgspec.Struct, frozen=True):
    """Writes a document, under the id it had, as a local edit over the deletion that the server has.

    It stands where the text says if that folder lives, else in the workspace. What it held comes back by itself only.
    Raises KnownError `document.exists`, and `document.parent_not_found` where the workspace does not live.
    """

    id: str
    workspace_id: str
    text: TextRow

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write it; undo moves it to the trash, except for a workspace, which has no undo of it."""
        if rows.place(connection, self.id) is not None:
            raise KnownError("document.exists", id=self.id)
        fields = codec.decode_fields(self.text.fields, self.id)
        document = Document(
            id=self.id,
            kind=self.text.kind,
            workspace_id=self.workspace_id,
            parent_id=self._parent_id(connection),
            sort_key=self.text.order,
            schema=self.text.schema,
            fields=fields,
        )
        rows.insert(connection, context, document, rest=self.text.rest)
        if document.kind == "workspace":
            own = singletons(document.id, str(fields.get("seed", "")))
            missing = [each for each in own if rows.place(connection, each.id) is None]
            for each in missing:
                rows.insert(connection, context, each)
            return [Change("created", each.kind, each.id, document.id) for each in (document, *missing)]
        label = undo_rows.label_of("restore", [rows.live(connection, self.id)])
        return [
            Change("created", document.kind, document.id, document.workspace_id),
            *undo_rows.record(connection, context, document.workspace_id, label, [DeleteStep([self.id])]),
        ]

    def _parent_id(self, connection: sqlite3.Connection) -> str | None:
        if self.text.kind == "workspace":
            return None
        workspace = rows.place(connection, self.workspace_id)
        if workspace is None or not workspace.alive:
            raise KnownError("document.parent_not_found", parent_id=self.workspace_id)
        found = connection.execute(
            "SELECT id FROM document WHERE substr(id, 5) = ? AND kind = 'folder' AND workspace_id = ?"
            " AND deleted_at IS NULL",
            (self.text.parent, self.workspace_id),
        ).fetchone()
        return found[0] if found and self.text.kind in ("folder", "request") else self.workspace_id
