"""What other processes wrote into the same store."""

from __future__ import annotations

import sqlite3
import threading

import msgspec

from insomnia_desktop.model import CookieJar, Environment, Request, RequestGroup, Workspace
from insomnia_desktop.store.changes import Change, ChangeSet, Origin
from insomnia_desktop.store.undo_rows import changed as undo_changed

_ORIGIN = Origin("other_process")
_PLACE = {"id", "parent_id", "sort_key"}
# Which fields another process changed is not known, so all of them count as changed.
_PARTS = {
    kind: frozenset({field.name for field in msgspec.structs.fields(view)} - _PLACE | {"parent", "order"})
    for kind, view in (
        ("workspace", Workspace),
        ("folder", RequestGroup),
        ("request", Request),
        ("environment", Environment),
        ("cookie_jar", CookieJar),
    )
}
_DOCUMENTS = (
    "SELECT id, kind, workspace_id, parent_id, deleted_root, born, placed, change FROM document"
    " WHERE change > ? ORDER BY change, number"
)


class OtherProcesses:
    """Tells foreign commits from our own, by their numbers, and says what they did.

    Threads: any; the lock is held for a query at most.
    """

    def __init__(self, seen: int) -> None:
        self._lock = threading.Lock()
        self._seen = seen
        self._own: set[int] = set()

    def will_commit(self, number: int) -> None:
        """Note a number of our own before its commit, so that it is never taken for a foreign one."""
        with self._lock:
            self._own.add(number)

    def rolled_back(self, number: int) -> None:
        """Forget a number that was not committed after all: another process may take it."""
        with self._lock:
            self._own.discard(number)

    def collect(self, connection: sqlite3.Connection) -> ChangeSet | None:
        """Return what others wrote since the last call, None where nothing; within one transaction of the caller.

        A row that was written several times is reported once. A document that was made and went to the trash in
        between is not reported. Raises sqlite3.Error.
        """
        with self._lock:
            newest = connection.execute("SELECT change FROM counter").fetchone()[0]
            if newest <= self._seen:
                return None
            foreign = newest - self._seen > sum(1 for number in self._own if self._seen < number <= newest)
            changes = self._read(connection) if foreign else []
            self._seen = newest
            self._own = {number for number in self._own if number > newest}
        return ChangeSet(newest, _ORIGIN, tuple(changes)) if changes else None

    def _read(self, connection: sqlite3.Connection) -> list[Change]:
        # Each result as a whole: one that an error left half read would keep the log from going into the file.
        seen, own = self._seen, self._own

        def fresh(number: int) -> bool:
            return number > seen and number not in own

        changes = []
        documents = [row for row in connection.execute(_DOCUMENTS, (seen,)).fetchall() if fresh(row[-1])]
        placed_ids = {row[0] for row in documents if fresh(row[6])}
        for document_id, kind, workspace_id, parent_id, deleted_root, born, placed, _ in documents:
            if deleted_root is not None:
                if deleted_root == document_id and not fresh(born):
                    changes.append(Change("deleted", kind, document_id, workspace_id))
            elif fresh(born):
                changes.append(Change("created", kind, document_id, workspace_id))
            elif fresh(placed):
                if parent_id not in placed_ids:
                    changes.append(Change("restored", kind, document_id, workspace_id))
            else:
                changes.append(Change("updated", kind, document_id, workspace_id, _PARTS.get(kind, frozenset())))
        for gone_id, kind, workspace_id, number in connection.execute(
            "SELECT id, kind, workspace_id, change FROM gone WHERE change > ?", (seen,)
        ).fetchall():
            if fresh(number):
                actions = {"response": "deleted", "setting": "updated", "account": "updated"}
                changes.append(Change(actions.get(kind, "purged"), kind, gone_id, workspace_id))  # type: ignore[arg-type]
        for response_id, workspace_id, number in connection.execute(
            "SELECT id, workspace_id, change FROM response WHERE change > ?", (seen,)
        ).fetchall():
            if fresh(number):
                changes.append(Change("created", "response", response_id, workspace_id))
        settings = connection.execute("SELECT key, change FROM setting WHERE change > ?", (seen,)).fetchall()
        for key, number in settings:
            if fresh(number):
                changes.append(Change("updated", "setting", key, None))
        for (number,) in connection.execute("SELECT change FROM account WHERE change > ?", (seen,)):
            if fresh(number):
                changes.append(Change("updated", "account", "account", None))
        for workspace_id, number in connection.execute(
            "SELECT workspace_id, change FROM binding WHERE change > ?", (seen,)
        ):
            if fresh(number):
                changes.append(Change("updated", "sync", workspace_id, workspace_id))
        stacks = {
            workspace_id
            for workspace_id, number in connection.execute(
                "SELECT workspace_id, change FROM undo WHERE change > ?", (seen,)
            ).fetchall()
            if fresh(number)
        }
        return changes + [undo_changed(workspace_id) for workspace_id in sorted(stacks)]
