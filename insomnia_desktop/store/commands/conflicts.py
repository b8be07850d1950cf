"""What a person decides about values that two devices changed, and copies made of what a history holds."""

from __future__ import annotations

import sqlite3
from typing import Any, Literal

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, new_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import Document, Edit
from insomnia_desktop.model import patch as patches
from insomnia_desktop.model.patch import ABSENT
from insomnia_desktop.store import codec, operations, undo_rows
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.documents import CreateDocument
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import MoveStep, Step
from insomnia_desktop.store.quarantine import refuse_quarantined

_PLACE = "#place"
_REST = "#rest"
_PATH = msgspec.json.Decoder(tuple[str, ...])


class ResolveConflict(msgspec.Struct, frozen=True):
    """Ends a conflict: mine or theirs stands, or a copy of the document gets theirs.

    One copy gets all that is theirs: `both` ends every conflict of the document. An edit made since in the same place
    stays where mine is kept. Raises KnownError `sync.conflict_not_found`, `document.quarantined`.
    """

    id: int
    keep: Literal["mine", "theirs", "both"]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Edit, which undo takes back, and forget the conflict."""
        row = connection.execute(
            "SELECT document_id, workspace_id, path, mine, theirs FROM conflict WHERE number = ?", (self.id,)
        ).fetchone()
        if row is None:
            raise KnownError("sync.conflict_not_found", id=self.id)
        document_id, workspace_id, path_text, mine, theirs = row
        if self.keep == "both":
            changes = _copy_with_theirs(connection, context, document_id)
            connection.execute("DELETE FROM conflict WHERE document_id = ?", (document_id,))
            connection.execute("UPDATE binding SET change = ? WHERE workspace_id = ?", (context.number, workspace_id))
            return [*changes, Change("updated", "sync", workspace_id, workspace_id)]
        connection.execute("DELETE FROM conflict WHERE number = ?", (self.id,))
        changes = self._edit(connection, context, document_id, _PATH.decode(path_text), _value(mine), _value(theirs))
        connection.execute("UPDATE binding SET change = ? WHERE workspace_id = ?", (context.number, workspace_id))
        return [*changes, Change("updated", "sync", workspace_id, workspace_id)]

    def _edit(
        self,
        connection: sqlite3.Connection,
        context: CommandContext,
        document_id: str,
        path: tuple[str, ...],
        mine: Any,
        theirs: Any,
    ) -> list[Change]:
        at = rows.place(connection, document_id)
        if at is None or not at.alive or path[0] == _REST:
            return []
        if path[0] == _PLACE:
            step = _move(at, mine if self.keep == "mine" else theirs)
            return [] if step is None else _perform(connection, context, at, [step])
        fields = rows.fields(connection, at)
        # Kept is what stands there now, unless that is theirs: then mine comes back.
        if self.keep == "mine" and not _would_change(fields, path, theirs):
            return _perform(connection, context, at, [operations.edit(at.id, (Edit(path, mine),))])
        if self.keep == "theirs":
            return _perform(connection, context, at, [operations.edit(at.id, (Edit(path, theirs),))])
        return []


class InsertCopies(msgspec.Struct, frozen=True):
    """Writes documents that a history held as new ones, in one transaction; the first is a workspace. There is no undo.

    Raises KnownError `document.exists`.
    """

    documents: tuple[Document, ...]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write them."""
        for document in self.documents:
            if rows.place(connection, document.id) is not None:
                raise KnownError("document.exists", id=document.id)
            rows.insert(connection, context, document)
        return [Change("created", each.kind, each.id, each.workspace_id) for each in self.documents]


def _value(text: str | None) -> Any:
    return ABSENT if text is None else msgspec.json.decode(text)


def _would_change(fields: JsonObject, path: tuple[str, ...], value: Any) -> bool:
    after, _ = patches.apply(fields, (Edit(path, value),))
    return codec.encode(after) != codec.encode(fields)


def _move(at: Place, place: Any) -> Step | None:
    if not isinstance(place, list) or len(place) != 2 or at.kind == "workspace":
        return None
    parent, order = place
    raw = from_base64url(parent).hex()
    parent_id = at.workspace_id if raw == at.workspace_id[4:] else f"fld_{raw}"
    return MoveStep(at.id, parent_id, order)


def _perform(connection: sqlite3.Connection, context: CommandContext, at: Place, steps: list[Step]) -> list[Change]:
    refuse_quarantined(connection, at)
    outcome = operations.perform(connection, context, steps)
    if not outcome.changes:
        return []
    label = undo_rows.label_of("edit", [at], outcome.changes[0].parts)
    return outcome.changes + undo_rows.record(connection, context, at.workspace_id, label, outcome.inverse)


def _copy_with_theirs(connection: sqlite3.Connection, context: CommandContext, document_id: str) -> list[Change]:
    """Put a copy with all that is theirs beside a document; where it stands is no part of it."""
    at = rows.place(connection, document_id)
    if at is None or not at.alive:
        return []
    found = connection.execute(
        "SELECT path, theirs FROM conflict WHERE document_id = ? ORDER BY number", (document_id,)
    ).fetchall()
    paths = [(_PATH.decode(path), theirs) for path, theirs in found]
    patch = tuple(Edit(path, _value(theirs)) for path, theirs in paths if path[0] not in (_PLACE, _REST))
    return _copy(connection, context, at, rows.fields(connection, at), patch) if patch else []


def _copy(
    connection: sqlite3.Connection, context: CommandContext, at: Place, fields: JsonObject, patch: tuple[Edit, ...]
) -> list[Change]:
    if at.kind in ("workspace", "cookie_jar"):
        return []
    after, _ = patches.apply(fields, patch)
    after["name"] = f"{at.name} (theirs)".lstrip()
    document = Document(
        id=new_id(at.kind),
        kind=at.kind,
        workspace_id=at.workspace_id,
        parent_id=at.parent_id,
        sort_key="",
        fields=after,
    )
    return CreateDocument(document).run(connection, context)
