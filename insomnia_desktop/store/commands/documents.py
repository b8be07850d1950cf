"""Documents: make, edit, move, delete, restore."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.ids import kind_of
from insomnia_desktop.model import Document, Patch
from insomnia_desktop.model.patch import touched_fields
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store import operations, trash_rows, undo_rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.copies import CreateWorkspace, DuplicateDocument
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import DeleteStep, MoveStep, RestoreStep
from insomnia_desktop.store.placing import keys_between
from insomnia_desktop.store.quarantine import refuse_quarantined, refuse_quarantined_below

__all__ = [
    "CreateDocument",
    "CreateWorkspace",
    "DeleteDocuments",
    "DuplicateDocument",
    "MoveDocuments",
    "PatchDocument",
    "PurgeTrash",
    "RestoreDocuments",
]

_PARENT_KINDS = {
    "folder": ("workspace", "folder"),
    "request": ("workspace", "folder"),
    "environment": ("workspace",),
    "cookie_jar": ("workspace",),
}


class CreateDocument(msgspec.Struct, frozen=True):
    """Makes a document; an empty order key puts it behind its siblings.

    Raises KnownError `document.exists`, `document.parent_not_found`; Bug `document.misplaced` for a parent of a kind
    that cannot hold it, `document.other_kind` for an id of another kind. A workspace is made by CreateWorkspace.
    """

    document: Document

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the document; undo moves it to the trash."""
        outcome = self.carry_out(connection, context)
        made = rows.live(connection, self.document.id)
        label = undo_rows.label_of("create", [made])
        return outcome.changes + undo_rows.record(connection, context, made.workspace_id, label, outcome.inverse)

    def carry_out(self, connection: sqlite3.Connection, context: CommandContext) -> operations.Outcome:
        """Write the document, and return what takes that back: it may be a part of a larger step."""
        document = self.document
        if kind_of(document.id) != document.kind:
            raise Bug("document.other_kind", id=document.id, kind=document.kind)
        if rows.place(connection, document.id) is not None:
            raise KnownError("document.exists", id=document.id)
        _parent_for(connection, document.kind, document.parent_id, document.workspace_id)
        room = operations.Outcome()
        if not document.sort_key:
            siblings = rows.siblings(connection, document.parent_id, document.kind)
            keys = keys_between(siblings, [document.id])
            room = operations.make_room(connection, context, keys, parent_id=document.parent_id, new_ids=(document.id,))
            document = msgspec.structs.replace(document, sort_key=keys[document.id])
        rows.insert(connection, context, document)
        made = Change("created", document.kind, document.id, document.workspace_id)
        return operations.Outcome([*room.changes, made], [DeleteStep([document.id]), *room.inverse])


class PatchDocument(msgspec.Struct, frozen=True):
    """Edits fields of a document; raises KnownError `document.not_found`, `document.invalid`, `document.quarantined`,
    Bug `patch.malformed`.

    A `coalesce` that is not empty and that is the newest undo entry's too makes both edits one step of undo. What the
    program does by itself (a cookie that a server set) is not `undoable`: Ctrl+Z takes back what a person did.
    What is in quarantine is edited by nobody, but what was typed before that was known (`typed_before`) is kept.
    """

    id: str
    patch: Patch
    coalesce: str = ""
    undoable: bool = True
    typed_before: bool = False

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Apply the patch; one that changes nothing is no edit."""
        before = rows.live(connection, self.id)
        if self.undoable and not self.typed_before:
            refuse_quarantined(connection, before)
        outcome = operations.perform(connection, context, [operations.edit(self.id, self.patch)])
        if not outcome.changes or not self.undoable:
            return outcome.changes
        label = undo_rows.label_of("edit", [before], touched_fields(self.patch))
        return outcome.changes + undo_rows.record(
            connection, context, before.workspace_id, label, outcome.inverse, coalesce=self.coalesce
        )


class MoveDocuments(msgspec.Struct, frozen=True):
    """Puts documents of one workspace, in the order given, under a parent.

    They come to stand in front of `before_id` or behind `after_id`, at the end where both are None or not there. The
    `parent_id` of workspaces is None. Raises KnownError `document.not_found`, `document.parent_not_found`,
    `document.cycle`, `document.other_workspace`, `document.quarantined`; Bug `document.misplaced`.
    """

    ids: Sequence[str]
    parent_id: str | None
    before_id: str | None = None
    after_id: str | None = None

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write parents and order keys; undo puts all back."""
        moved = [rows.live(connection, document_id) for document_id in dict.fromkeys(self.ids)]
        if not moved:
            return []
        for each in moved:
            self._check(connection, each, moved[0])
        siblings = rows.siblings(connection, self.parent_id, moved[0].kind)
        keys = keys_between(siblings, [each.id for each in moved], before_id=self.before_id, after_id=self.after_id)
        steps = [MoveStep(document_id, self.parent_id, key) for document_id, key in keys.items()]
        outcome = operations.perform(connection, context, steps)
        if not outcome.changes or moved[0].kind == "workspace":
            return outcome.changes
        label = undo_rows.label_of("move", moved)
        return outcome.changes + undo_rows.record(connection, context, moved[0].workspace_id, label, outcome.inverse)

    def _check(self, connection: sqlite3.Connection, each: Place, first: Place) -> None:
        if not rows.in_one_order(each.kind, first.kind):
            raise Bug("document.misplaced", id=each.id, parent_id=self.parent_id)
        refuse_quarantined(connection, each)
        if each.kind == "workspace":
            if self.parent_id is not None:
                raise Bug("document.misplaced", id=each.id, parent_id=self.parent_id)
            return
        _parent_for(connection, each.kind, self.parent_id, each.workspace_id)
        if each.parent_id != self.parent_id:
            # What such a folder holds goes elsewhere with it.
            refuse_quarantined_below(connection, each)
        if rows.is_inside(connection, self.parent_id, each.id):
            raise KnownError("document.cycle", id=each.id, parent_id=self.parent_id)


class DeleteDocuments(msgspec.Struct, frozen=True):
    """Moves documents with all they hold to the trash; raises KnownError `document.not_found`, and
    `document.quarantined` where one of them, or what one of them holds, must stay.

    One change and one root of the trash for each document named, without those that lie in another one named.
    """

    ids: Sequence[str]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Mark the rows; undo brings them back. The deletion of a workspace is taken back by RestoreDocuments."""
        named = [rows.live(connection, document_id) for document_id in dict.fromkeys(self.ids)]
        roots = [
            each for each in named if not any(rows.is_inside(connection, each.parent_id, other.id) for other in named)
        ]
        for each in roots:
            refuse_quarantined_below(connection, each)
        outcome = operations.perform(connection, context, [DeleteStep([each.id for each in roots])])
        return outcome.changes + _record_by_workspace(connection, context, roots, "delete")


class RestoreDocuments(msgspec.Struct, frozen=True):
    """Takes documents, with what was deleted with them, out of the trash; one that is live already stays so.

    A folder they stood in that is in the trash too comes back alone, and is then the one that the change names.
    Raises KnownError `document.not_found`.
    """

    ids: Sequence[str]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Unmark the rows; undo moves them to the trash again."""
        named = []
        for document_id in dict.fromkeys(self.ids):
            found = rows.place(connection, document_id)
            if found is None:
                raise KnownError("document.not_found", id=document_id)
            named.append(found)
        outcome = operations.perform(connection, context, [RestoreStep([each.id for each in named])])
        tops = [rows.live(connection, change.id) for change in outcome.changes]
        return outcome.changes + _record_by_workspace(connection, context, tops, "restore")


class PurgeTrash(msgspec.Struct, frozen=True):
    """Removes for good what has been in the trash for at least `older_than_ms` milliseconds (0: everything)."""

    older_than_ms: int

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove documents, their responses and, once committed, the bodies of these; there is no undo."""
        return trash_rows.purge(connection, context, context.now - self.older_than_ms)


def _parent_for(connection: sqlite3.Connection, kind: str, parent_id: str | None, workspace_id: str) -> Place:
    parent = rows.place(connection, parent_id)
    if parent is None or not parent.alive:
        raise KnownError("document.parent_not_found", parent_id=parent_id)
    if parent.workspace_id != workspace_id:
        raise KnownError("document.other_workspace", parent_id=parent_id)
    if parent.kind not in _PARENT_KINDS.get(kind, ()):
        raise Bug("document.misplaced", kind=kind, parent_id=parent_id)
    return parent


def _record_by_workspace(
    connection: sqlite3.Connection, context: CommandContext, roots: Sequence[Place], action: undo_rows.UndoAction
) -> list[Change]:
    """Record a deletion or restoration in the undo of each workspace it touched; whole workspaces have none.

    Nobody can be in a deleted workspace to take its deletion back, and in a restored one nobody expects that Ctrl+Z
    deletes it.
    """
    changes: list[Change] = []
    for workspace_id in dict.fromkeys(each.workspace_id for each in roots if each.kind != "workspace"):
        own = [each for each in roots if each.workspace_id == workspace_id and each.kind != "workspace"]
        ids = [each.id for each in own]
        inverse = [RestoreStep(ids) if action == "delete" else DeleteStep(ids)]
        label = undo_rows.label_of(action, own)
        changes += undo_rows.record(connection, context, workspace_id, label, inverse)
    return changes
