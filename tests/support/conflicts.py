"""Conflicts put into a store as a merge writes them, and ended."""

from __future__ import annotations

import sqlite3
from typing import Any, Literal

import msgspec

from insomnia_desktop.model.patch import ABSENT, Path
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.conflicts import Keep, SettleConflicts
from insomnia_desktop.store.queries import sync as queries
from tests.support.desk import Desk


class AddConflict(msgspec.Struct, frozen=True):
    """Writes a conflict as a merge would; the sides are JSON, None where there is nothing."""

    document_id: str
    workspace_id: str
    path: Path
    mine: str | None
    theirs: str | None

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Insert it."""
        connection.execute(
            "INSERT INTO conflict (document_id, workspace_id, path, base, mine, theirs, at, change)"
            " VALUES (?, ?, ?, NULL, ?, ?, 1, ?)",
            (self.document_id, self.workspace_id, _json(self.path), self.mine, self.theirs, context.number),
        )
        return [Change("updated", "sync", self.workspace_id, self.workspace_id)]


class SpoilConflict(msgspec.Struct, frozen=True):
    """Writes other bytes over a column of a conflict, as a bad disk does."""

    number: int
    column: Literal["path", "base", "mine", "theirs"]
    stored: bytes

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write them."""
        connection.execute(
            f"UPDATE conflict SET {self.column} = CAST(? AS TEXT) WHERE number = ?", (self.stored, self.number)
        )
        return []


def add_conflict(desk: Desk, document_id: str, path: Path, *, mine: Any = ABSENT, theirs: Any = ABSENT) -> int:
    """Add a conflict and return its number."""
    sides = (None if side is ABSENT else _json(side) for side in (mine, theirs))
    desk.run(AddConflict(document_id, desk.get(document_id).workspace_id, path, *sides))
    return max(row.id for row in queries.conflicts(desk.store.reader()))


def resolve(desk: Desk, conflict_id: int, keep: Keep) -> None:
    """End a conflict; raises what that raises."""
    desk.run(SettleConflicts(((conflict_id, keep),)))


def open_conflicts(desk: Desk) -> list[int]:
    """Return the numbers of the conflicts that are left."""
    return sorted(row.id for row in queries.conflicts(desk.store.reader()))


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
