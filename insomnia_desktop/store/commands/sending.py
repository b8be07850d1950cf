"""Commands of sync about what is sent: the outbox, and what the server said of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from insomnia_desktop.store import many_rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.sync import sync_changed
from insomnia_desktop.store.sync_rows import AcceptedWrite, BlockedWrite, CursorRow, ForgottenWrite, OutboxRow
from insomnia_desktop.store.sync_writes import GroupWriter, OutOfDate, mark_clean


class ApplyAnswers(msgspec.Struct, frozen=True):
    """Applies what the server said of sealed changes, which leave the outbox, and moves the cursor if one is given.

    Raises OutOfDate where those changes are not the outbox any more, or the cursor stands elsewhere.
    """

    group_id: str
    sent: tuple[int, ...]
    accepted: tuple[AcceptedWrite, ...] = ()
    forgotten: tuple[ForgottenWrite, ...] = ()
    blocked: tuple[BlockedWrite, ...] = ()
    expected: CursorRow | None = None
    cursor: CursorRow | None = None
    floor_seq: int = 0

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write heads and bases, and set how far documents are known to the server."""
        group = GroupWriter(connection, context, self.group_id, self.expected)
        _take_from_outbox(connection, self.group_id, self.sent)
        group.put_heads({each.resource: each.head for each in self.accepted}, group.cursor.generation)
        group.put_bases({each.resource: each.base for each in self.accepted})
        for gone in self.forgotten:
            group.forget(gone.resource)
        mark_clean(connection, group.workspace_id, [(each.resource, each.synced_rev) for each in self.accepted])
        mark_clean(
            connection,
            group.workspace_id,
            [(each.resource, each.synced_rev) for each in self.forgotten if each.synced_rev is not None],
        )
        _unblock(connection, self.group_id, [each.resource for each in self.accepted])
        _block(connection, context, self.group_id, self.blocked)
        if self.cursor is not None and self.floor_seq:
            group.forget_purged(self.floor_seq)
        group.save(self.cursor)
        return [sync_changed(context, connection, group.workspace_id)]


class StoreOutbox(msgspec.Struct, frozen=True):
    """Keeps sealed changes before they are sent, and marks clean what nobody has to hear of.

    `number` of the rows is not read; `behind` is that of the last row in the outbox, 0 for an empty one. Raises
    OutOfDate where the outbox is another one, or the cursor stands elsewhere.
    """

    group_id: str
    expected: CursorRow
    rows: tuple[OutboxRow, ...] = ()
    clean: tuple[tuple[str, int], ...] = ()
    blocked: tuple[BlockedWrite, ...] = ()
    behind: int = 0

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the rows in their order."""
        group = GroupWriter(connection, context, self.group_id, self.expected)
        last = "SELECT ifnull(max(number), 0) FROM outbox WHERE group_id = ?"
        if connection.execute(last, (self.group_id,)).fetchone()[0] != self.behind:
            raise OutOfDate
        many_rows.put(
            connection,
            "INSERT INTO outbox (group_id, resource, version, prev, deleted, rev_hash, blob, plaintext, local_rev)",
            [
                (
                    self.group_id,
                    row.resource,
                    row.version,
                    row.prev,
                    int(row.deleted),
                    row.rev_hash,
                    row.blob,
                    row.plaintext,
                    row.local_rev,
                )
                for row in self.rows
            ],
        )
        mark_clean(connection, group.workspace_id, self.clean)
        _block(connection, context, self.group_id, self.blocked)
        if self.clean or self.blocked:
            return [sync_changed(context, connection, group.workspace_id)]
        return []


class WithdrawOutbox(msgspec.Struct, frozen=True):
    """Takes the rows behind a number out of the outbox, which were never sent; their documents are dirty as before."""

    group_id: str
    behind: int

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove the rows."""
        connection.execute("DELETE FROM outbox WHERE group_id = ? AND number > ?", (self.group_id, self.behind))
        return []


def _take_from_outbox(connection: sqlite3.Connection, group_id: str, numbers: Sequence[int]) -> None:
    """Remove sealed changes; raises OutOfDate where one of them is there no more."""
    marks = ", ".join("?" * len(numbers))
    removed = connection.execute(
        f"DELETE FROM outbox WHERE number IN ({marks}) AND group_id = ?", (*numbers, group_id)
    ).rowcount
    if removed != len(numbers):
        raise OutOfDate


def _block(
    connection: sqlite3.Connection, context: CommandContext, group_id: str, blocked: tuple[BlockedWrite, ...]
) -> None:
    connection.executemany(
        "INSERT OR REPLACE INTO blocked (group_id, resource, code, local_rev, at) VALUES (?, ?, ?, ?, ?)",
        [(group_id, each.resource, each.code, each.local_rev, context.now) for each in blocked],
    )


def _unblock(connection: sqlite3.Connection, group_id: str, resources: list[str]) -> None:
    if connection.execute("SELECT 1 FROM blocked WHERE group_id = ? LIMIT 1", (group_id,)).fetchone() is None:
        return
    connection.executemany(
        "DELETE FROM blocked WHERE group_id = ? AND resource = ?", [(group_id, each) for each in resources]
    )
