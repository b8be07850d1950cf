"""The trash: rows that were deleted stay, marked with when, and with the root of the deletion they went with."""

from __future__ import annotations

import sqlite3
from typing import Final

from insomnia_desktop.store import codec, full_text
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.document_rows import Place
from insomnia_desktop.store.response_rows import remove_of_requests
from insomnia_desktop.store.sync_rows import synced
from insomnia_desktop.store.taken_changes import TAKEN_KEY

# Other processes look twice a second; who has not looked for so many commits reads everything anew anyway.
_GONE_KEPT = 10_000
# Before the id of a document in the trash: when it went there, and the workspace that it was moved to.
MOVED_KEY: Final = "moved:"


def put(connection: sqlite3.Connection, context: CommandContext, root: Place, *, moved_to: str = "") -> None:
    """Move a live document with every live one below it to the trash.

    `moved_to` is the workspace that has copies of them now: it is kept, on this device, as long as they lie here.
    """
    below = [(each.number,) for each in rows.live_subtree(connection, root)]
    connection.executemany(
        "UPDATE document SET deleted_at = ?1, deleted_root = ?2, local_rev = local_rev + 1, change = ?3"
        " WHERE number = ?4",
        [(context.now, root.id, context.number, number) for (number,) in below],
    )
    if moved_to:
        # With the moment, so that it says nothing of a later deletion of what came back meanwhile.
        value = codec.encode([context.now, moved_to])
        connection.executemany(
            "INSERT INTO local (key, value) SELECT ?1 || id, ?2 FROM document WHERE number = ?3"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [(MOVED_KEY, value, number) for (number,) in below],
        )


def take_out(connection: sqlite3.Connection, context: CommandContext, chosen: Place) -> Place:
    """Bring back a deleted document, what was deleted with it below it, and the folders it stands in; return the top.

    A folder that comes back for the sake of what it held comes back alone: the rest of it stays in the trash. What
    stood in a folder that is gone for good comes back to the workspace.
    """
    group = _group(connection, chosen)
    top = chosen
    emptied = set()
    seen = {chosen.id}
    while top.kind != "workspace":
        parent = rows.place(connection, top.parent_id)
        if parent is None or parent.id in seen:
            rows.write_place(connection, context, top.number, parent_id=top.workspace_id, sort_key=top.sort_key)
            parent = rows.place(connection, top.workspace_id)
        if parent is None or parent.alive:
            break
        seen.add(parent.id)
        group.append(parent)
        emptied.add(parent.deleted_root)
        top = parent
    connection.executemany(
        "UPDATE document SET deleted_at = NULL, deleted_root = NULL, local_rev = local_rev + 1, placed = ?1,"
        " change = ?1 WHERE number = ?2",
        [(context.number, each.number) for each in group],
    )
    emptied.add(chosen.deleted_root)
    for root_id in emptied:
        find_new_roots(connection, root_id)
    return top


def purge(connection: sqlite3.Connection, context: CommandContext, deleted_until: int) -> list[Change]:
    """Remove for good what was deleted at or before a moment (ms since 1970 UTC), responses and their bodies too.

    In a synced workspace a document stays until the server has heard of its deletion; what is in quarantine stays, too.
    """
    found = connection.execute(
        "SELECT number, id, kind, workspace_id, deleted_root FROM document"
        " WHERE deleted_root IS NOT NULL AND deleted_at <= ?"
        " AND substr(id, 5) NOT IN (SELECT resource FROM quarantine) AND (local_rev = synced_rev"
        f" OR NOT {synced('document')} OR NOT EXISTS"
        " (SELECT 1 FROM binding WHERE binding.workspace_id = document.workspace_id AND group_id IS NOT NULL))",
        (deleted_until,),
    ).fetchall()
    changes: list[Change] = []
    for number, document_id, kind, workspace_id, root_id in found:
        connection.execute("DELETE FROM document WHERE number = ?", (number,))
        connection.execute("DELETE FROM content WHERE number = ?", (number,))
        beside = [(MOVED_KEY + document_id,), (TAKEN_KEY + document_id,)]
        connection.executemany("DELETE FROM local WHERE key = ?", beside)
        if kind in full_text.SEARCHED_KINDS:
            full_text.remove(connection, number)
        if kind == "workspace":
            connection.execute("DELETE FROM undo WHERE workspace_id = ?", (document_id,))
        if root_id == document_id:
            changes.append(Change("purged", kind, document_id, workspace_id))
            note_gone(connection, context, document_id, kind, workspace_id)
    remove_of_requests(connection, context, [document_id for _, document_id, kind, _, _ in found if kind == "request"])
    if found:
        connection.execute("DELETE FROM gone WHERE change < ?", (context.number - _GONE_KEPT,))
    return changes


def note_gone(
    connection: sqlite3.Connection, context: CommandContext, gone_id: str, kind: str, workspace_id: str | None
) -> None:
    """Leave word for other processes that something is no more."""
    connection.execute(
        "INSERT INTO gone (id, kind, workspace_id, change) VALUES (?, ?, ?, ?)",
        (gone_id, kind, workspace_id, context.number),
    )


def _group(connection: sqlite3.Connection, chosen: Place) -> list[Place]:
    """Return what was deleted together with a document and stands below it, itself first."""
    together = connection.execute(
        "SELECT number, id, kind, workspace_id, parent_id, sort_key, name, deleted_at, deleted_root FROM document"
        " WHERE deleted_root = ? ORDER BY number",
        (chosen.deleted_root,),
    ).fetchall()
    if chosen.deleted_root == chosen.id:
        return [Place(*row) for row in together]
    below: dict[str | None, list[Place]] = {}
    for row in together:
        each = Place(*row)
        below.setdefault(each.parent_id, []).append(each)
    group = [chosen]
    for each in group:
        group.extend(below.pop(each.id, ()))
    return group


def find_new_roots(connection: sqlite3.Connection, root_id: str | None) -> None:
    """Where the root of a deletion lives again, let what stays in the trash be deletions of their own."""
    root = rows.place(connection, root_id)
    if root is not None and not root.alive:
        return
    left = {
        row[0]: row[1]
        for row in connection.execute("SELECT id, parent_id FROM document WHERE deleted_root = ?", (root_id,))
    }
    new_roots = []
    for document_id in left:
        top = document_id
        climbed = {top}
        while left[top] in left and left[top] not in climbed:
            top = left[top]
            climbed.add(top)
        new_roots.append((top, document_id))
    connection.executemany("UPDATE document SET deleted_root = ? WHERE id = ?", new_roots)
