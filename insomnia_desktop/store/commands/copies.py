"""New workspaces, and copies of documents with all they hold."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

import msgspec

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.ids import PREFIXES, kind_of, new_id, new_seed, singleton_id
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import Document
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store import operations, undo_rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import DeleteStep, Outcome
from insomnia_desktop.store.placing import keys_between
from insomnia_desktop.store.singletons import singletons


class CreateWorkspace(msgspec.Struct, frozen=True):
    """Makes a workspace with its base environment and its cookie jar (protocol v1, 3.2).

    The fields need a `seed` (`base.ids.new_seed`). With `only_first` nothing is made where there is a live workspace,
    so that two processes that start at once make one. Raises KnownError `document.exists`, `ids.not_canonical`; Bug
    `document.misplaced`. There is no undo of it.
    """

    document: Document
    only_first: bool = False

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the three documents."""
        workspace = self.document
        if self.only_first and rows.siblings(connection, None, "workspace"):
            return []
        if workspace.kind != "workspace" or workspace.parent_id is not None or workspace.workspace_id != workspace.id:
            raise Bug("document.misplaced", id=workspace.id, parent_id=workspace.parent_id)
        if rows.place(connection, workspace.id) is not None:
            raise KnownError("document.exists", id=workspace.id)
        made = [workspace, *singletons(workspace.id, str(workspace.fields.get("seed", "")))]
        for document in made:
            rows.insert(connection, context, document)
        return [Change("created", document.kind, document.id, workspace.id) for document in made]


class DuplicateDocument(msgspec.Struct, frozen=True):
    """Copies a live document with everything in it, right behind it; `new_id` is the id of the copy of the root.

    The root is named "... copy" (then "... copy 2"); what it holds keeps its names, and rows keep their ids. A copied
    workspace has a seed of its own, and so its own base environment and cookie jar.
    Raises KnownError `document.not_found`, `document.exists`, `document.invalid`,
    `document.unknown_kind`.
    """

    id: str
    new_id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the copies; undo moves them to the trash, except for a workspace, which has no undo of it."""
        root = rows.live(connection, self.id)
        if kind_of(self.new_id) != kind_of(root.id):
            raise Bug("document.other_kind", id=self.new_id, kind=root.kind)
        if rows.place(connection, self.new_id) is not None:
            raise KnownError("document.exists", id=self.new_id)
        originals = rows.live_subtree(connection, root)
        for each in originals:
            if each.kind not in PREFIXES:
                raise KnownError("document.unknown_kind", id=each.id, kind=each.kind)
        seed = new_seed()
        ids = self._new_ids(connection, root, originals, seed)
        room = Outcome()
        for original in originals:
            fields = rows.fields(connection, original)
            sort_key = original.sort_key
            if original.id == root.id:
                fields["name"] = self._name(connection, root)
                sort_key, room = self._place(connection, context, root)
                if root.kind == "workspace":
                    fields["seed"] = seed
            copy = copied(connection, original, ids, fields, sort_key)
            rows.insert(connection, context, copy, rest=rows.rest_json(connection, original))
        workspace_id = ids.get(root.workspace_id, root.workspace_id)
        changes = room.changes + [Change("created", each.kind, ids[each.id], workspace_id) for each in originals]
        if root.kind == "workspace":
            return changes
        label = undo_rows.label_of("duplicate", [root])
        return changes + undo_rows.record(
            connection, context, workspace_id, label, [DeleteStep([self.new_id]), *room.inverse]
        )

    def _new_ids(
        self, connection: sqlite3.Connection, root: Place, originals: list[Place], seed: str
    ) -> dict[str, str]:
        ids = {each.id: new_id(each.kind) for each in originals}
        ids[root.id] = self.new_id
        if root.kind == "workspace":
            old_seed = rows.fields(connection, root).get("seed")
            if isinstance(old_seed, str):
                for kind in ("base_environment", "cookie_jar"):
                    old_id = singleton_id(old_seed, kind)
                    if old_id in ids:
                        ids[old_id] = singleton_id(seed, kind)
        return ids

    def _name(self, connection: sqlite3.Connection, root: Place) -> str:
        taken = {
            name
            for (name,) in connection.execute(
                "SELECT name FROM document WHERE parent_id IS ? AND deleted_at IS NULL", (root.parent_id,)
            )
        }
        name = f"{root.name} copy".lstrip()
        number = 2
        while name in taken:
            name = f"{root.name} copy {number}".lstrip()
            number += 1
        return name

    def _place(self, connection: sqlite3.Connection, context: CommandContext, root: Place) -> tuple[str, Outcome]:
        siblings = rows.siblings(connection, root.parent_id, root.kind)
        keys = keys_between(siblings, [self.new_id], after_id=root.id)
        room = operations.make_room(connection, context, keys, parent_id=root.parent_id, new_ids=(self.new_id,))
        return keys[self.new_id], room


class InsertCopies(msgspec.Struct, frozen=True):
    """Writes a workspace, the first, and documents in it that a history held, all as new ones. There is no undo.

    The base environment and the cookie jar of its seed are made where they are not among them: every workspace has
    them. Raises KnownError `document.exists`.
    """

    documents: tuple[Document, ...]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write them."""
        workspace = self.documents[0]
        given = {document.id for document in self.documents}
        own = singletons(workspace.id, str(workspace.fields.get("seed", "")))
        made = [*self.documents, *(each for each in own if each.id not in given)]
        for document in made:
            if rows.place(connection, document.id) is not None:
                raise KnownError("document.exists", id=document.id)
            rows.insert(connection, context, document)
        return [Change("created", each.kind, each.id, each.workspace_id) for each in made]


def copied(
    connection: sqlite3.Connection, original: Place, ids: Mapping[str, str], fields: JsonObject, sort_key: str
) -> Document:
    """Return a document as the copy of another one; `ids` are the new ones by those of the originals."""
    schema = connection.execute("SELECT schema FROM document WHERE number = ?", (original.number,)).fetchone()[0]
    return Document(
        id=ids[original.id],
        kind=original.kind,
        workspace_id=ids.get(original.workspace_id, original.workspace_id),
        parent_id=ids.get(original.parent_id, original.parent_id) if original.parent_id else None,
        sort_key=sort_key,
        schema=schema,
        fields=fields,
    )
