"""Conflicts that ended, kept in a step of undo as they were stored: opened again, and ended once more."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext

# As bytes, whatever they are: one that is damaged comes back as it was.
_AS_STORED = "number, document_id, CAST(path AS BLOB), CAST(base AS BLOB), CAST(mine AS BLOB), CAST(theirs AS BLOB), at"


class EndedConflict(msgspec.Struct, frozen=True):
    """A row of the table of conflicts; its workspace is the one that its document is in."""

    number: int
    document_id: str
    path: bytes
    base: bytes | None
    mine: bytes | None
    theirs: bytes | None
    at: int


def end(
    connection: sqlite3.Connection, context: CommandContext, numbers: Iterable[int]
) -> tuple[list[Change], list[EndedConflict]]:
    """Remove conflicts; returns them too, and leaves out what is not there."""
    ended = []
    changed: dict[str, None] = {}
    for number in numbers:
        found = connection.execute(
            f"DELETE FROM conflict WHERE number = ? RETURNING workspace_id, {_AS_STORED}", (number,)
        ).fetchone()
        if found is not None:
            changed[found[0]] = None
            ended.append(EndedConflict(*found[1:]))
    return _noted(connection, context, changed), ended


def open_again(
    connection: sqlite3.Connection, context: CommandContext, conflicts: Sequence[EndedConflict]
) -> tuple[list[Change], list[int]]:
    """Let conflicts be open as they were; returns the numbers of those that are open by that.

    Left out are those of a document that is gone for good.
    """
    opened = []
    changed: dict[str, None] = {}
    for each in conflicts:
        at = rows.place(connection, each.document_id)
        if at is None:
            continue
        # No number is ever given to another one.
        count = connection.execute(
            "INSERT INTO conflict (number, document_id, path, base, mine, theirs, at, workspace_id, change) VALUES"
            " (?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?)"
            " ON CONFLICT (number) DO NOTHING",
            (*msgspec.structs.astuple(each), at.workspace_id, context.number),
        ).rowcount
        if count:
            changed[at.workspace_id] = None
            opened.append(each.number)
    return _noted(connection, context, changed), opened


def _noted(connection: sqlite3.Connection, context: CommandContext, workspace_ids: Iterable[str]) -> list[Change]:
    changes = []
    for workspace_id in workspace_ids:
        # Other processes look there for what is new.
        connection.execute("UPDATE binding SET change = ? WHERE workspace_id = ?", (context.number, workspace_id))
        changes.append(Change("updated", "sync", workspace_id, workspace_id))
    return changes
