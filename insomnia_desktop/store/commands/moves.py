"""Moves of documents from one workspace into another one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.ids import kind_of, new_id
from insomnia_desktop.store import conflict_rows, operations, undo_rows
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.copies import copied
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import DeleteStep, ResponsesStep
from insomnia_desktop.store.placing import keys_between
from insomnia_desktop.store.quarantine import refuse_quarantined

_MOVED_KINDS = ("folder", "request")


class MoveToWorkspace(msgspec.Struct, frozen=True):
    """Moves requests and folders of one workspace, with all they hold, into another workspace or a folder of it.

    A workspace is a group of its own at a server, with its own key: what goes there is a copy with a new id, and the
    original goes to the trash (protocol v1, 3.10). `moved` names each original with the id that its copy gets, in
    order; one that lies in another one named goes with that. Responses go along; parents inside the moved part follow.
    They come to stand in front of `before_id`, behind `after_id`, else at the end.
    What is in quarantine may not be deleted, so it and the folders above it stay. Raises KnownError
    `document.not_found`, `document.parent_not_found`, `document.other_workspace`, `document.exists`,
    `document.invalid`, `document.quarantined`; Bug `document.misplaced`, `document.other_kind`.
    """

    moved: Sequence[tuple[str, str]]
    parent_id: str
    before_id: str | None = None
    after_id: str | None = None

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write copies and tombstones in one transaction; undo, in the workspace left behind, takes it all back."""
        target = rows.place(connection, self.parent_id)
        if target is None or not target.alive:
            raise KnownError("document.parent_not_found", parent_id=self.parent_id)
        roots = self._roots(connection, target)
        if not roots:
            return []
        source_id = roots[0].workspace_id
        ids = {source_id: target.workspace_id, **self._new_ids(connection, roots)}
        siblings = rows.siblings(connection, target.id, roots[0].kind)
        wanted = [ids[root.id] for root in roots]
        keys = keys_between(siblings, wanted, before_id=self.before_id, after_id=self.after_id)
        room = operations.make_room(connection, context, keys, parent_id=target.id, new_ids=wanted)
        changes = room.changes
        for root in roots:
            for original in rows.live_subtree(connection, root):
                refuse_quarantined(connection, original)
                fields, sort_key = rows.fields(connection, original), original.sort_key
                copy = copied(connection, original, ids, fields, sort_key)
                if original.id == root.id:
                    copy = msgspec.structs.replace(copy, parent_id=target.id, sort_key=keys[copy.id])
                rows.insert(connection, context, copy, rest=rows.rest_json(connection, original))
                changes.append(Change("created", copy.kind, copy.id, copy.workspace_id))
        documents = {old: new for old, new in ids.items() if old != source_id}
        changes += conflict_rows.take_along(connection, context, documents, target.workspace_id)
        left = [root.id for root in roots]
        pairs = [(old, new) for old, new in ids.items() if kind_of(old) == "request"]
        outcome = operations.perform(connection, context, [ResponsesStep(pairs), DeleteStep(left, target.workspace_id)])
        label = undo_rows.label_of("move", roots)
        inverse = [DeleteStep(wanted), *room.inverse, *outcome.inverse]
        return changes + outcome.changes + undo_rows.record(connection, context, source_id, label, inverse)

    def _roots(self, connection: sqlite3.Connection, target: Place) -> list[Place]:
        named = [rows.live(connection, old) for old, _ in self.moved]
        roots = [
            each for each in named if not any(rows.is_inside(connection, each.parent_id, other.id) for other in named)
        ]
        for (old, new), each in zip(self.moved, named, strict=True):
            if each.kind not in _MOVED_KINDS or target.kind not in ("workspace", "folder"):
                raise Bug("document.misplaced", id=old, parent_id=target.id)
            if kind_of(new) != each.kind:
                raise Bug("document.other_kind", id=new, kind=each.kind)
            if each.workspace_id == target.workspace_id or each.workspace_id != named[0].workspace_id:
                raise KnownError("document.other_workspace", parent_id=target.id)
            if rows.place(connection, new) is not None:
                raise KnownError("document.exists", id=new)
        return list(dict.fromkeys(roots))

    def _new_ids(self, connection: sqlite3.Connection, roots: Sequence[Place]) -> dict[str, str]:
        given = dict(self.moved)
        return {
            each.id: given.get(each.id) or new_id(each.kind)
            for root in roots
            for each in rows.live_subtree(connection, root)
        }
