"""Undo and redo, which survive a restart."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.store import codec, operations, undo_rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.quarantine import refuse_steps


class Undo(msgspec.Struct, frozen=True):
    """Takes back the newest step of a workspace; changes nothing where there is none.

    With `only`, the number of a commit, nothing is done unless the newest step was written by that commit.
    Raises KnownError `document.quarantined`, and changes nothing, where it would touch what must stay.
    """

    workspace_id: str
    only: int | None = None

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Carry out the newest entry and turn it round."""
        if self.only is not None and self.only != _newest_change(connection, self.workspace_id):
            return []
        return _turn(
            connection,
            context,
            self.workspace_id,
            "SELECT number, operations FROM undo WHERE workspace_id = ? AND undone = 0 ORDER BY number DESC LIMIT 1",
        )


class Redo(msgspec.Struct, frozen=True):
    """Does again what was taken back last in a workspace; changes nothing where there is nothing. Raises as Undo."""

    workspace_id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Carry out the entry taken back last and turn it round."""
        return _turn(
            connection,
            context,
            self.workspace_id,
            "SELECT number, operations FROM undo WHERE workspace_id = ? AND undone = 1 ORDER BY number LIMIT 1",
        )


def _turn(connection: sqlite3.Connection, context: CommandContext, workspace_id: str, newest: str) -> list[Change]:
    dropped = False
    while (entry := connection.execute(newest, (workspace_id,)).fetchone()) is not None:
        number, text = entry
        outcome = _carried_out(connection, context, text)
        if outcome.changes:
            # What the carrying out gave is exactly what leads back, also where others edited in between.
            connection.execute(
                "UPDATE undo SET undone = 1 - undone, operations = ?, coalesce = '', change = ? WHERE number = ?",
                (codec.encode(outcome.inverse), context.number, number),
            )
            return [*outcome.changes, undo_rows.changed(workspace_id)]
        # Its documents are gone for good or cannot be read, or others did the same already: nothing to see, so the next
        # one counts.
        connection.execute("DELETE FROM undo WHERE number = ?", (number,))
        dropped = True
    return [undo_rows.changed(workspace_id)] if dropped else []


def _newest_change(connection: sqlite3.Connection, workspace_id: str) -> int | None:
    found = connection.execute(
        "SELECT change FROM undo WHERE workspace_id = ? AND undone = 0 ORDER BY number DESC LIMIT 1", (workspace_id,)
    ).fetchone()
    return int(found[0]) if found is not None else None


def _carried_out(connection: sqlite3.Connection, context: CommandContext, text: str) -> operations.Outcome:
    steps = operations.decode(text)
    refuse_steps(connection, steps)
    # The number of the commit is taken before: it must not be given twice.
    assert context.number
    connection.execute("SAVEPOINT undo_entry")
    try:
        return operations.perform(connection, context, steps)
    except KnownError as error:
        if error.code != "document.invalid":
            raise
        # What the steps before it wrote is no step of anybody's.
        connection.execute("ROLLBACK TO undo_entry")
        return operations.Outcome()
    finally:
        connection.execute("RELEASE undo_entry")
