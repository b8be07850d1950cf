"""Environments that stay on this device, or are synced with their workspace."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.ids import kind_of, singleton_id
from insomnia_desktop.model import Edit
from insomnia_desktop.model.patch import ABSENT
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store import operations, undo_rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.copies import copied
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.operations import DeleteStep
from insomnia_desktop.store.quarantine import refuse_quarantined
from insomnia_desktop.store.sync_rows import PRIVATE


class MakePrivate(msgspec.Struct, frozen=True):
    """Keeps an environment on this device alone: a private copy with the id `new_id` takes its place.

    The original goes to the trash, and so it does on the other devices of a synced workspace; that is how something
    moves to another workspace, too (protocol v1, 3.10). One that is private already stays as it is. Raises KnownError
    `document.not_found`, `document.invalid`, `document.exists`, `document.quarantined`,
    `environment.base_is_synced`; Bug `document.other_kind`.
    """

    id: str
    new_id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the copy and delete the original; undo takes both back."""
        at = _environment(connection, self.id)
        if kind_of(self.new_id) != at.kind:
            raise Bug("document.other_kind", id=self.new_id, kind=at.kind)
        if rows.place(connection, self.new_id) is not None:
            raise KnownError("document.exists", id=self.new_id)
        fields = rows.fields(connection, at)
        if fields.get(PRIVATE) is True:
            return []
        refuse_quarantined(connection, at)
        if _is_base(connection, at):
            raise KnownError("environment.base_is_synced")
        copy = copied(connection, at, {at.id: self.new_id}, {**fields, PRIVATE: True}, at.sort_key)
        rows.insert(connection, context, copy, rest=rows.rest_json(connection, at))
        outcome = operations.perform(connection, context, [DeleteStep([at.id])])
        label = undo_rows.label_of("edit", [at], frozenset({PRIVATE}))
        inverse = [DeleteStep([copy.id]), *outcome.inverse]
        return [
            Change("created", copy.kind, copy.id, copy.workspace_id),
            *outcome.changes,
            *undo_rows.record(connection, context, at.workspace_id, label, inverse),
        ]


class MakeShared(msgspec.Struct, frozen=True):
    """Lets an environment that was private be synced with its workspace; raises as MakePrivate does.

    It is no step of undo: what was sent meanwhile is not taken back by a mark.
    """

    id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Take the mark away."""
        at = _environment(connection, self.id)
        refuse_quarantined(connection, at)
        return operations.perform(connection, context, [operations.edit(at.id, (Edit((PRIVATE,), ABSENT),))]).changes


def _environment(connection: sqlite3.Connection, environment_id: str) -> Place:
    at = rows.live(connection, environment_id)
    if at.kind != "environment":
        raise Bug("document.other_kind", id=at.id, kind=at.kind)
    return at


def _is_base(connection: sqlite3.Connection, at: Place) -> bool:
    seed = rows.fields(connection, rows.live(connection, at.workspace_id)).get("seed")
    try:
        return isinstance(seed, str) and at.id == singleton_id(seed, "base_environment")
    except KnownError:
        # A seed that is none has no base environment.
        return False
