"""Writes of sync within a transaction: heads with their digest, bases, quarantine and the cursor of a group."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

from insomnia_desktop.crypto import digest as digests
from insomnia_desktop.store import many_rows
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.sync_rows import BaseRow, CursorRow, HeadRow, HeldRow


class OutOfDate(Exception):
    """What was decided does not hold any more: a document was edited, or the group changed meanwhile. Decide again."""


class GroupWriter:
    """Writes to one group within one transaction; `save` writes its cursor with the digest.

    Raises OutOfDate where the group is gone, is switched off, or its cursor stands elsewhere than expected.
    """

    def __init__(
        self, connection: sqlite3.Connection, context: CommandContext, group_id: str, expected: CursorRow | None
    ) -> None:
        self._connection = connection
        self._context = context
        self._group_id = group_id
        row = connection.execute(
            "SELECT workspace_id, seq, server_epoch, last_head, full_pull, generation, digest FROM cursor"
            " JOIN binding USING (group_id) WHERE group_id = ? AND state = 'on'",
            (group_id,),
        ).fetchone()
        if row is None:
            raise OutOfDate
        self.workspace_id: str = row[0]
        self.cursor = CursorRow(*row[1:])
        if expected is not None and expected.stands != self.cursor.stands:
            raise OutOfDate
        self._digest = self.cursor.digest

    def put_heads(self, heads: Mapping[str, HeadRow], generation: int) -> None:
        """Write heads by resource, and their parts of the digest in place of those before."""
        self._take_from_digest(heads)
        many_rows.put(
            self._connection,
            "INSERT INTO head (group_id, resource, version, rev_hash, seq, deleted, own, generation)",
            [
                (
                    self._group_id,
                    resource,
                    head.version,
                    head.rev_hash,
                    head.seq,
                    int(head.deleted),
                    int(head.own),
                    generation,
                )
                for resource, head in heads.items()
            ],
            "ON CONFLICT (group_id, resource) DO UPDATE SET version = excluded.version, rev_hash = excluded.rev_hash,"
            " seq = excluded.seq, deleted = excluded.deleted, own = excluded.own, generation = excluded.generation",
        )
        parts = [
            digests.term(bytes.fromhex(resource), head.version, head.rev_hash)
            for resource, head in heads.items()
            if not head.deleted
        ]
        self._digest = digests.total((self._digest, *parts))

    def mark_seen(self, resources: Iterable[str], generation: int) -> None:
        """Note that a full pull has seen heads."""
        self._connection.executemany(
            "UPDATE head SET generation = ? WHERE group_id = ? AND resource = ?",
            [(generation, self._group_id, resource) for resource in resources],
        )

    def forget(self, resource: str) -> None:
        """Remove head and base."""
        self._take_from_digest((resource,))
        for table in ("head", "base"):
            self._connection.execute(
                f"DELETE FROM {table} WHERE group_id = ? AND resource = ?", (self._group_id, resource)
            )

    def forget_purged(self, floor_seq: int) -> None:
        """Remove heads and bases of tombstones that the server has let go of."""
        gone = self._connection.execute(
            "SELECT resource FROM head WHERE group_id = ? AND deleted = 1 AND seq <= ?", (self._group_id, floor_seq)
        ).fetchall()
        for (resource,) in gone:
            self.forget(resource)

    def put_bases(self, bases: Mapping[str, BaseRow]) -> None:
        """Write what both sides agree on, by resource."""
        many_rows.put(
            self._connection,
            "INSERT INTO base (group_id, resource, plaintext, deleted)",
            [(self._group_id, resource, base.plaintext, int(base.deleted)) for resource, base in bases.items()],
            "ON CONFLICT (group_id, resource) DO UPDATE SET plaintext = excluded.plaintext, deleted = excluded.deleted",
        )

    def set_quarantine(self, held: Mapping[str, HeldRow | None]) -> bool:
        """Keep rows that cannot be used, or end that where there is None, by resource; say whether any was held."""
        ended = 0
        if self._has_quarantine():
            ended = self._connection.executemany(
                "DELETE FROM quarantine WHERE group_id = ? AND resource = ?",
                [(self._group_id, resource) for resource in held],
            ).rowcount
        self._connection.executemany(
            "INSERT INTO quarantine (group_id, resource, reason, forked, version, seq, prev, deleted, author,"
            " blob, at, before_version, before_hash, before_seq, before_deleted, before_own)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    self._group_id,
                    resource,
                    row.reason,
                    int(row.forked),
                    row.version,
                    row.seq,
                    row.prev,
                    int(row.deleted),
                    row.author,
                    row.blob,
                    self._context.now,
                    *_columns(row.before),
                )
                for resource, row in held.items()
                if row is not None
            ],
        )
        return ended > 0

    def save(self, cursor: CursorRow | None = None) -> None:
        """Write the cursor, with the digest of the heads as they are now."""
        moved = cursor or self.cursor
        self._connection.execute(
            "UPDATE cursor SET seq = ?, server_epoch = ?, last_head = ?, full_pull = ?, generation = ?, digest = ?"
            " WHERE group_id = ?",
            (
                moved.seq,
                moved.server_epoch,
                moved.last_head,
                moved.full,
                moved.generation,
                self._digest,
                self._group_id,
            ),
        )

    def _take_from_digest(self, resources: Iterable[str]) -> None:
        names = tuple(resources)
        marks = ", ".join("?" * len(names))
        rows = self._connection.execute(
            "SELECT resource, version, rev_hash FROM head"
            f" WHERE group_id = ? AND resource IN ({marks}) AND deleted = 0",
            (self._group_id, *names),
        )
        parts = [digests.term(bytes.fromhex(resource), version, rev_hash) for resource, version, rev_hash in rows]
        self._digest = digests.remove(self._digest, digests.total(parts))

    def _has_quarantine(self) -> bool:
        found = self._connection.execute("SELECT 1 FROM quarantine WHERE group_id = ? LIMIT 1", (self._group_id,))
        return found.fetchone() is not None


def _columns(head: HeadRow | None) -> tuple[int | bytes | None, ...]:
    if head is None:
        return (None,) * 5
    return head.version, head.rev_hash, head.seq, int(head.deleted), int(head.own)


def mark_clean(connection: sqlite3.Connection, workspace_id: str, resources: Iterable[tuple[str, int]]) -> None:
    """Set how far documents of a workspace are known to the server."""
    many_rows.update(
        connection,
        "UPDATE document SET synced_rev = known.column2 FROM {rows} AS known"
        " WHERE substr(document.id, 5) = known.column1 AND document.workspace_id = known.column3",
        [(resource, synced_rev, workspace_id) for resource, synced_rev in resources],
    )
