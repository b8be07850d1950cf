"""Documents: one, the tree of a workspace, the trash."""

from __future__ import annotations

import msgspec

from insomnia_desktop.model import Document, TreeRow
from insomnia_desktop.store import codec
from insomnia_desktop.store.queries.search import SearchHit, search
from insomnia_desktop.store.reader import Reader
from insomnia_desktop.store.sync_rows import is_private
from insomnia_desktop.store.trash_rows import MOVED_KEY

_MOVED = msgspec.json.Decoder(tuple[int, str])

__all__ = [
    "SearchHit",
    "TrashRow",
    "children",
    "document",
    "environments",
    "live_row",
    "moved_away",
    "private_environments",
    "search",
    "trash",
    "tree_rows",
    "workspaces",
]


class TrashRow(msgspec.Struct, frozen=True):
    """One deletion: its root, when it was deleted (ms since 1970 UTC), and how many documents went with it (1: itself).

    `parent_id` is where it stood and comes back to.
    """

    id: str
    kind: str
    workspace_id: str
    parent_id: str | None
    name: str
    method: str
    url: str
    deleted_at: int
    count: int


def document(reader: Reader, document_id: str) -> Document | None:
    """Return a live document, or None where it is unknown or in the trash; raises KnownError `document.invalid`."""
    row = reader.row(
        f"SELECT {codec.DOCUMENT_COLUMNS} FROM document LEFT JOIN content USING (number)"
        " WHERE document.id = ? AND deleted_at IS NULL",
        (document_id,),
    )
    return codec.document(row) if row else None


def live_row(reader: Reader, document_id: str) -> TreeRow | None:
    """Return the narrow row of a live document of any kind, also where its fields cannot be read; None as above."""
    row = reader.row(f"SELECT {codec.TREE_COLUMNS} FROM document WHERE id = ? AND deleted_at IS NULL", (document_id,))
    return codec.tree_row(row) if row else None


def workspaces(reader: Reader) -> list[TreeRow]:
    """Return the live workspaces in their order."""
    rows = reader.rows(
        f"SELECT {codec.TREE_COLUMNS} FROM document WHERE kind = 'workspace' AND deleted_at IS NULL"
        " ORDER BY sort_key, substr(id, 5)"
    )
    return [codec.tree_row(row) for row in rows]


def tree_rows(reader: Reader, workspace_id: str) -> list[TreeRow]:
    """Return the live folders and requests of a workspace, narrow, in no promised order."""
    rows = reader.rows(
        f"SELECT {codec.TREE_COLUMNS} FROM document WHERE workspace_id = ? AND kind IN ('folder', 'request')"
        " AND deleted_at IS NULL",
        (workspace_id,),
    )
    # Written out here: a call for each of a hundred thousand rows would be a fifth of the whole.
    return [
        TreeRow(id=row_id, kind=kind, parent_id=parent, sort_key=sort_key, name=name, method=method, url=url)
        for row_id, kind, parent, sort_key, name, method, url in rows
    ]


def children(reader: Reader, parent_id: str) -> list[TreeRow]:
    """Return the live folders and requests that stand right under a folder or workspace, in their order."""
    rows = reader.rows(
        f"SELECT {codec.TREE_COLUMNS} FROM document WHERE parent_id = ? AND kind IN ('folder', 'request')"
        " AND deleted_at IS NULL ORDER BY sort_key, substr(id, 5)",
        (parent_id,),
    )
    return [codec.tree_row(row) for row in rows]


def environments(reader: Reader, workspace_id: str) -> list[TreeRow]:
    """Return the live environments of a workspace, the base environment among them, by their order keys."""
    rows = reader.rows(
        f"SELECT {codec.TREE_COLUMNS} FROM document WHERE workspace_id = ? AND kind = 'environment'"
        " AND deleted_at IS NULL ORDER BY sort_key, substr(id, 5)",
        (workspace_id,),
    )
    return [codec.tree_row(row) for row in rows]


def private_environments(reader: Reader, workspace_id: str) -> frozenset[str]:
    """Return the ids of the live environments of a workspace that stay on this device."""
    rows = reader.rows(
        f"SELECT id FROM document WHERE workspace_id = ? AND {is_private('document')} AND deleted_at IS NULL",
        (workspace_id,),
    )
    return frozenset(row[0] for row in rows)


def trash(reader: Reader, workspace_id: str | None) -> list[TrashRow]:
    """Return the deletions in a workspace, newest first; with None the deleted workspaces.

    What lay in a deleted folder is not listed apart.
    """
    where = "kind = 'workspace'" if workspace_id is None else "workspace_id = ? AND kind != 'workspace'"
    rows = reader.rows(
        "SELECT id, kind, workspace_id, parent_id, name, method, url, deleted_at,"
        " (SELECT count(*) FROM document AS part WHERE part.deleted_root = document.id)"
        f" FROM document WHERE deleted_root = id AND {where} ORDER BY deleted_at DESC, number DESC",
        () if workspace_id is None else (workspace_id,),
    )
    return [TrashRow(*row) for row in rows]


def moved_away(reader: Reader, of: str) -> dict[str, str]:
    """Return which documents in the trash were moved into another workspace, on this device, and into which one.

    `of` is the workspace that they left, or one document.
    """
    found = reader.rows(
        "SELECT document.id, deleted_at, value FROM document JOIN local ON key = ?1 || document.id"
        " WHERE deleted_at IS NOT NULL AND (workspace_id = ?2 OR document.id = ?2)",
        (MOVED_KEY, of),
    )
    moved = {}
    for document_id, deleted_at, text in found:
        try:
            at, workspace_id = _MOVED.decode(text)
        except codec.NO_JSON:
            continue
        if at == deleted_at:
            moved[document_id] = workspace_id
    return moved
