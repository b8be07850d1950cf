"""Writes of a sync round; each holds or changes nothing, and OutOfDate says that it must be decided again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from insomnia_desktop.store import codec, conflict_rows, taken_changes
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.sync_rows import (
    AbsentWrite,
    ConflictWrite,
    CursorRow,
    LogRow,
    RowWrite,
)
from insomnia_desktop.store.sync_writes import GroupWriter, OutOfDate, mark_clean
from insomnia_desktop.store.synced_documents import DocumentWriter

_DAY_MS: Final = 86_400_000
_CONFLICTS_KEPT_MS: Final = 90 * _DAY_MS
_CONFLICTS_DUE: Final = "sync.conflicts_due"
_LOG_KEPT: Final = 1000


def sync_changed(context: CommandContext, connection: sqlite3.Connection, workspace_id: str) -> Change:
    """Return the change that says that a workspace's sync stands otherwise, and leave word for other processes."""
    connection.execute("UPDATE binding SET change = ? WHERE workspace_id = ?", (context.number, workspace_id))
    return Change("updated", "sync", workspace_id, workspace_id)


class ApplyRows(msgspec.Struct, frozen=True):
    """Applies pulled rows together with the cursor behind them, if the stored cursor is still the expected one.

    `floor_seq` above 0 also lets go of tombstones that the server has let go of. Raises OutOfDate.
    """

    group_id: str
    account_id: str
    expected: CursorRow
    cursor: CursorRow
    rows: tuple[RowWrite, ...] = ()
    floor_seq: int = 0

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write documents, heads, bases and cursor in one transaction."""
        group = GroupWriter(connection, context, self.group_id, self.expected)
        documents = DocumentWriter(connection, context, group.workspace_id)
        ended = [self._apply(connection, context, group, documents, rows) for rows in _each_once(self.rows)]
        if self.floor_seq:
            group.forget_purged(self.floor_seq)
        group.save(self.cursor)
        changes = documents.finish()
        noted = any(ended) or any(row.conflicts or row.notices or row.quarantine for row in self.rows)
        return [*changes, sync_changed(context, connection, group.workspace_id)] if changes or noted else []

    def _apply(
        self,
        connection: sqlite3.Connection,
        context: CommandContext,
        group: GroupWriter,
        documents: DocumentWriter,
        rows: Mapping[str, RowWrite],
    ) -> bool:
        """Write rows of different resources; say whether one was in quarantine."""
        generation = self.cursor.generation
        group.mark_seen((name for name, row in rows.items() if row.head is None), generation)
        moved = {name: row for name, row in rows.items() if row.head is not None}
        group.put_heads({name: row.head for name, row in moved.items() if row.head is not None}, generation)
        ended = group.set_quarantine({name: row.quarantine for name, row in moved.items()})
        group.put_bases({name: row.base for name, row in moved.items() if row.base is not None})
        used = conflict_rows.used_theirs(connection, group.workspace_id, moved.keys())
        written = documents.write([row for row in moved.values() if row.text is not None])
        conflict_rows.follow(connection, used)
        for name, row in moved.items():
            document_id = written.get(name, "")
            _keep_conflicts(connection, context, document_id, group.workspace_id, row.conflicts)
            if row.conflicts:
                taken_changes.keep(connection, document_id, context.now, row.taken)
            for code in row.notices:
                add_notice(
                    connection, context, self.account_id, code, workspace_id=group.workspace_id, document_id=document_id
                )
        return ended


class SetCursor(msgspec.Struct, frozen=True):
    """Moves a cursor alone: a full pull begins, or ends; a `notice` is kept for the person. Raises OutOfDate.

    At the end of one, the workspace gets its seed, its own environment and its cookie jar, should the server have none.
    """

    group_id: str
    expected: CursorRow
    cursor: CursorRow
    account_id: str = ""
    notice: str = ""

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the cursor."""
        group = GroupWriter(connection, context, self.group_id, self.expected)
        group.save(self.cursor)
        documents = DocumentWriter(connection, context, group.workspace_id)
        if self.expected.full is not None and self.cursor.full is None:
            documents.ensure_seed()
            documents.ensure_singletons("environment", "cookie_jar")
        if not self.notice:
            return documents.finish()
        add_notice(connection, context, self.account_id, self.notice, workspace_id=group.workspace_id)
        return [*documents.finish(), sync_changed(context, connection, group.workspace_id)]


class ForgetAbsent(msgspec.Struct, frozen=True):
    """Lets heads go that a whole full pull did not see; the person is told what went to the trash. Raises OutOfDate."""

    group_id: str
    account_id: str
    expected: CursorRow
    rows: tuple[AbsentWrite, ...]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove heads and bases, and do with each document what was decided."""
        group = GroupWriter(connection, context, self.group_id, self.expected)
        documents = DocumentWriter(connection, context, group.workspace_id)
        for row in self.rows:
            _require_rev(connection, group.workspace_id, row)
            group.forget(row.resource)
            if row.ends_quarantine:
                group.set_quarantine({row.resource: None})
            if row.deed == "trash":
                documents.bury(row.resource)
            elif row.deed == "make_anew":
                connection.execute(
                    "UPDATE document SET local_rev = local_rev + 1 WHERE substr(id, 5) = ? AND workspace_id = ?"
                    " AND local_rev = synced_rev",
                    (row.resource, group.workspace_id),
                )
            elif row.deed == "mark_clean":
                mark_clean(connection, group.workspace_id, [(row.resource, row.read_rev)])
        group.save()
        if any(row.deed == "trash" for row in self.rows):
            add_notice(connection, context, self.account_id, "moved_to_trash", workspace_id=group.workspace_id)
        return [*documents.finish(), sync_changed(context, connection, group.workspace_id)]


class BringBackParents(msgspec.Struct, frozen=True):
    """Takes deleted parents of something living out of the trash, parents first, as ordinary edits."""

    group_id: str
    resources: tuple[str, ...]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Unmark the rows."""
        group = GroupWriter(connection, context, self.group_id, None)
        documents = DocumentWriter(connection, context, group.workspace_id)
        for resource in self.resources:
            documents.bring_back(resource)
        return documents.finish()


class ForgetBlocked(msgspec.Struct, frozen=True):
    """Lets what was refused for want of room be tried again: the program starts, or a person asks."""

    codes: tuple[str, ...] = ("quota", "full")

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove the marks."""
        marks = ", ".join("?" * len(self.codes))
        connection.execute(f"DELETE FROM blocked WHERE code IN ({marks})", self.codes)
        return []


class KeepLog(msgspec.Struct, frozen=True):
    """Keeps the log of requests that belong to no round: those of accounts."""

    log: tuple[LogRow, ...]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write it."""
        _keep_log(connection, self.log)
        return []


class FinishRound(msgspec.Struct, frozen=True):
    """Keeps the log of requests and, if there is one, the report of a round; forgets what is too old."""

    account_id: str
    log: tuple[LogRow, ...]
    report: str = ""

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write both."""
        _keep_log(connection, self.log)
        _forget_old_conflicts(connection, context.now)
        if self.report:
            connection.execute(
                "INSERT INTO sync_account (account_id, chosen, report) VALUES (?, 0, ?)"
                " ON CONFLICT (account_id) DO UPDATE SET report = excluded.report",
                (self.account_id, self.report),
            )
        return []


def _forget_old_conflicts(connection: sqlite3.Connection, now: int) -> None:
    """Delete conflicts that are 90 days old, once they have been so for a day: a clock may be far ahead for a while.

    A side of one may be nowhere else.
    """
    before = now - _CONFLICTS_KEPT_MS
    if connection.execute("SELECT 1 FROM conflict WHERE at < ? LIMIT 1", (before,)).fetchone() is None:
        connection.execute("DELETE FROM local WHERE key = ?", (_CONFLICTS_DUE,))
        return
    row = connection.execute("SELECT value FROM local WHERE key = ?", (_CONFLICTS_DUE,)).fetchone()
    since = int(row[0]) if row is not None and row[0].isdecimal() else None
    if since is not None and 0 <= now - since < _DAY_MS:
        return
    if since is not None and since < now:
        connection.execute("DELETE FROM conflict WHERE at < ?", (since - _CONFLICTS_KEPT_MS,))
    connection.execute(
        "INSERT INTO local (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (_CONFLICTS_DUE, str(now)),
    )


def _keep_log(connection: sqlite3.Connection, log: tuple[LogRow, ...]) -> None:
    connection.executemany(
        "INSERT INTO sync_log (at, method, path, status, bytes_up, bytes_down, ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(row.at, row.method, row.path, row.status, row.bytes_up, row.bytes_down, row.ms) for row in log],
    )
    connection.execute("DELETE FROM sync_log WHERE number <= (SELECT max(number) FROM sync_log) - ?", (_LOG_KEPT,))


def add_notice(
    connection: sqlite3.Connection,
    context: CommandContext,
    account_id: str,
    code: str,
    *,
    workspace_id: str = "",
    document_id: str = "",
) -> None:
    """Keep something that a person is told once; what stands there already is not repeated."""
    named = connection.execute("SELECT name FROM document WHERE id = ?", (document_id or workspace_id,)).fetchone()
    # A whole workspace that went back is one notice, not one for each of its documents.
    about = "" if code == "server_went_back" else document_id
    known = connection.execute(
        "SELECT 1 FROM notice WHERE account_id = ? AND code = ? AND workspace_id = ? AND document_id = ?",
        (account_id, code, workspace_id, about),
    ).fetchone()
    if known is None:
        connection.execute(
            "INSERT INTO notice (account_id, code, workspace_id, document_id, name, at) VALUES (?, ?, ?, ?, ?, ?)",
            (account_id, code, workspace_id, about, named[0] if named else "", context.now),
        )


def _each_once(rows: Sequence[RowWrite]) -> Iterator[dict[str, RowWrite]]:
    """Cut rows where a resource comes again: an honest server tells each once, any other gets them one by one."""
    part: dict[str, RowWrite] = {}
    for row in rows:
        if row.resource in part:
            yield part
            part = {}
        part[row.resource] = row
    yield part


def _keep_conflicts(
    connection: sqlite3.Connection,
    context: CommandContext,
    document_id: str,
    workspace_id: str,
    conflicts: tuple[ConflictWrite, ...],
) -> None:
    if not conflicts:
        return
    connection.executemany(
        "INSERT INTO conflict (document_id, workspace_id, path, base, mine, theirs, at, change)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                document_id,
                workspace_id,
                codec.whole(each.path),
                each.base,
                each.mine,
                each.theirs,
                context.now,
                context.number,
            )
            for each in conflicts
        ],
    )


def _require_rev(connection: sqlite3.Connection, workspace_id: str, row: AbsentWrite) -> None:
    found = connection.execute(
        "SELECT local_rev FROM document WHERE substr(id, 5) = ? AND workspace_id = ?", (row.resource, workspace_id)
    ).fetchone()
    if (found[0] if found else 0) != row.read_rev:
        raise OutOfDate
