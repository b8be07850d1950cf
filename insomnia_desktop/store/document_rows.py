"""Reads and writes of single documents within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import Document
from insomnia_desktop.store import codec, full_text
from insomnia_desktop.store.command import CommandContext

# Which kinds stand in one order with each other under one parent.
_LANES = {
    "workspace": ("workspace", "workspace"),
    "folder": ("folder", "request"),
    "request": ("folder", "request"),
    "environment": ("environment", "environment"),
    "cookie_jar": ("cookie_jar", "cookie_jar"),
}


class Place(msgspec.Struct, frozen=True):
    """The narrow row of a document as the writer sees it; `number` is its row."""

    number: int
    id: str
    kind: str
    workspace_id: str
    parent_id: str | None
    sort_key: str
    name: str
    deleted_at: int | None
    deleted_root: str | None

    @property
    def alive(self) -> bool:
        """Whether it is not in the trash."""
        return self.deleted_at is None


_PLACE = "number, id, kind, workspace_id, parent_id, sort_key, name, deleted_at, deleted_root"


def place(connection: sqlite3.Connection, document_id: str | None) -> Place | None:
    """Return the place of a document, also of one in the trash, or None where there is none."""
    row = connection.execute(f"SELECT {_PLACE} FROM document WHERE id = ?", (document_id,)).fetchone()
    return Place(*row) if row else None


def live(connection: sqlite3.Connection, document_id: str) -> Place:
    """Return the place of a live document; raises KnownError `document.not_found`."""
    found = place(connection, document_id)
    if found is None or not found.alive:
        raise KnownError("document.not_found", id=document_id)
    return found


def siblings(connection: sqlite3.Connection, parent_id: str | None, kind: str) -> list[tuple[str, str]]:
    """Return id and order key of the live documents that stand in one order under a parent, in that order."""
    return connection.execute(
        "SELECT id, sort_key FROM document WHERE parent_id IS ? AND kind IN (?, ?) AND deleted_at IS NULL"
        " ORDER BY sort_key, substr(id, 5)",
        (parent_id, *_LANES[kind]),
    ).fetchall()


def in_one_order(kind: str, other: str) -> bool:
    """Say whether two kinds stand in one order with each other."""
    return other in _LANES[kind]


def insert(connection: sqlite3.Connection, context: CommandContext, document: Document, *, rest: str = "") -> None:
    """Write a new document with its content and its searched texts; `rest` is JSON of top-level keys not known here."""
    text = codec.encode(document.fields)
    fields = codec.decode_fields(text, document.id)
    name, method, url = codec.narrow(document.kind, fields)
    number = connection.execute(
        "INSERT INTO document (id, kind, workspace_id, parent_id, sort_key, name, method, url, schema, created,"
        " modified, local_rev, synced_rev, born, placed, change)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, ?, ?, ?)",
        (
            document.id,
            document.kind,
            document.workspace_id,
            document.parent_id,
            document.sort_key,
            name,
            method,
            url,
            document.schema,
            document.created or context.now,
            document.modified or context.now,
            *(context.number,) * 3,
        ),
    ).lastrowid
    assert number is not None
    try:
        connection.execute(
            "INSERT INTO content (number, id, fields, rest) VALUES (?, ?, ?, ?)", (number, document.id, text, rest)
        )
    except sqlite3.IntegrityError as error:
        # A content that lost its document stands there: it is for the salvage, not to be written over.
        raise KnownError("store.corrupt", reason="documents") from error
    if document.kind in full_text.SEARCHED_KINDS:
        full_text.mark(connection, number)


def rest_json(connection: sqlite3.Connection, at: Place) -> str:
    """Return the JSON of a document's top-level keys that are not known here; mostly empty."""
    row = connection.execute("SELECT rest FROM content WHERE number = ?", (at.number,)).fetchone()
    return str(row[0]) if row else ""


def rest(connection: sqlite3.Connection, at: Place) -> JsonObject:
    """Return the top-level keys of a document that this program does not know; raises KnownError `document.invalid`."""
    text = rest_json(connection, at)
    return codec.decode_fields(text, at.id) if text else {}


def write_rest(connection: sqlite3.Connection, context: CommandContext, at: Place, text: str) -> None:
    """Write other such keys, as JSON, empty for none; that counts as one more local edit."""
    connection.execute("UPDATE content SET rest = ? WHERE number = ?", (text, at.number))
    connection.execute(
        "UPDATE document SET local_rev = local_rev + 1, change = ? WHERE number = ?", (context.number, at.number)
    )


def fields_json(connection: sqlite3.Connection, at: Place) -> bytes:
    """Return the stored JSON of a document; empty where it is lost."""
    row = connection.execute("SELECT CAST(fields AS BLOB) FROM content WHERE number = ?", (at.number,)).fetchone()
    return bytes(row[0]) if row else b""


def fields(connection: sqlite3.Connection, at: Place) -> JsonObject:
    """Return the fields of a document; raises KnownError `document.invalid`."""
    return codec.decode_fields(fields_json(connection, at), at.id)


def write_fields(
    connection: sqlite3.Connection, context: CommandContext, at: Place, *, before: JsonObject, text: str
) -> None:
    """Write new fields, given as JSON, over those from `before`; they count as one more local edit."""
    after = codec.decode_fields(text, at.id)
    name, method, url = codec.narrow(at.kind, after)
    connection.execute(
        "UPDATE document SET name = ?, method = ?, url = ?, modified = ?, local_rev = local_rev + 1, change = ?"
        " WHERE number = ?",
        (name, method, url, context.now, context.number, at.number),
    )
    connection.execute("UPDATE content SET fields = ? WHERE number = ?", (text, at.number))
    if full_text.texts(at.kind, before) != full_text.texts(at.kind, after):
        full_text.mark(connection, at.number)


def write_place(
    connection: sqlite3.Connection, context: CommandContext, number: int, *, parent_id: str | None, sort_key: str
) -> None:
    """Write where a document stands; that counts as one more local edit."""
    connection.execute(
        "UPDATE document SET parent_id = ?, sort_key = ?, local_rev = local_rev + 1, change = ? WHERE number = ?",
        (parent_id, sort_key, context.number, number),
    )


def live_subtree(connection: sqlite3.Connection, root: Place) -> list[Place]:
    """Return a live document and all live ones below it, parents first."""
    found = [root]
    seen = {root.id}
    if root.kind == "workspace":
        rows = connection.execute(
            f"SELECT {_PLACE} FROM document WHERE workspace_id = ? AND id != ? AND deleted_at IS NULL"
            " ORDER BY sort_key, substr(id, 5)",
            (root.id, root.id),
        )
        return found + _parents_first(root.id, [Place(*row) for row in rows])
    for parent in found:
        if parent.kind != "folder":
            continue
        for row in connection.execute(
            f"SELECT {_PLACE} FROM document WHERE parent_id = ? AND deleted_at IS NULL"
            " ORDER BY sort_key, substr(id, 5)",
            (parent.id,),
        ).fetchall():
            child = Place(*row)
            if child.id not in seen:
                seen.add(child.id)
                found.append(child)
    return found


def is_inside(connection: sqlite3.Connection, document_id: str | None, ancestor_id: str) -> bool:
    """Say whether a document is, or lies at any depth in, another."""
    seen: set[str] = set()
    while document_id is not None and document_id not in seen:
        if document_id == ancestor_id:
            return True
        seen.add(document_id)
        row = connection.execute("SELECT parent_id FROM document WHERE id = ?", (document_id,)).fetchone()
        document_id = row[0] if row else None
    return False


def _parents_first(root_id: str, places: Iterable[Place]) -> list[Place]:
    below: dict[str | None, list[Place]] = {}
    for each in places:
        below.setdefault(each.parent_id, []).append(each)
    ordered = below.pop(root_id, [])
    for each in ordered:
        ordered.extend(below.pop(each.id, ()))
    # What hangs under something that is not here (or in a cycle) comes last.
    return ordered + [each for rest in below.values() for each in rest]
