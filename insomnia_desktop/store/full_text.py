"""What of a document is searched, and the index that holds it.

Writing the index takes longer than all else of a commit, and the longer the longer the body. So a commit only notes
which document is to be indexed, and the writer does it when nothing else is to be written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.store import codec, many_rows

COLUMNS = ("name", "address", "headers", "body", "description")
SEARCHED_KINDS = ("request", "folder")
# What lies behind so many characters of a body is not found.
MOST_CHARACTERS = 200_000

Texts = tuple[str, str, str, str, str]


def texts(kind: str, fields: JsonObject) -> Texts | None:
    """Return the searched texts of a document, in the order of COLUMNS; None where its kind is not searched."""
    if kind not in SEARCHED_KINDS:
        return None
    address = [_text(fields.get("url")), *_rows(fields.get("parameters")), *_rows(fields.get("path_parameters"))]
    return (
        _text(fields.get("name")),
        _join(address),
        _join(_rows(fields.get("headers"))),
        _join(_body(fields.get("body"))),
        _join([_text(fields.get("description"))]),
    )


def mark(connection: sqlite3.Connection, number: int) -> None:
    """Note that the texts of a document have to be indexed."""
    connection.execute("INSERT OR IGNORE INTO unindexed (number) VALUES (?)", (number,))


def mark_all(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Note that the texts of documents have to be indexed."""
    many_rows.put(connection, "INSERT OR IGNORE INTO unindexed (number)", [(number,) for number in numbers])


def index_some(connection: sqlite3.Connection, most: int) -> bool:
    """Bring the index up to date for some documents, and say whether there are more; within a transaction."""
    waiting = connection.execute(
        "SELECT number, document.id, kind, CAST(fields AS BLOB) FROM unindexed LEFT JOIN document USING (number)"
        " LEFT JOIN content USING (number) ORDER BY number LIMIT ?",
        (most,),
    ).fetchall()
    for number, document_id, kind, fields in waiting:
        try:
            new = texts(kind, codec.decode_fields(fields, document_id))
        except KnownError:
            # Gone meanwhile, or not to be read; the name and the address, which stand apart, are found all the same.
            new = None
        if new is not None:
            connection.execute(
                "INSERT OR REPLACE INTO full_text (rowid, name, address, headers, body, description)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (number, *new),
            )
        connection.execute("DELETE FROM unindexed WHERE number = ?", (number,))
    return len(waiting) == most


def remove(connection: sqlite3.Connection, number: int) -> None:
    """Forget a document that is gone for good; one in the trash stays, and searches leave it out."""
    connection.execute("DELETE FROM full_text WHERE rowid = ?", (number,))
    connection.execute("DELETE FROM unindexed WHERE number = ?", (number,))


def _join(parts: list[str]) -> str:
    return "\n".join(part for part in parts if part)[:MOST_CHARACTERS]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _rows(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return [f"{_text(row.get('name'))}: {_text(row.get('value'))}" for row in value if isinstance(row, dict)]


def _body(value: Any) -> list[str]:
    if not isinstance(value, dict):
        return []
    plain = [_text(value.get(key)) for key in ("text", "query", "variables", "path")]
    return [*plain, *_rows(value.get("rows")), *_rows(value.get("parts"))]
