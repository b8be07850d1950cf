"""What merges took without a question, kept beside the conflicts that they found: which places, not which values."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from typing import Final

import msgspec

from insomnia_desktop.store import codec
from insomnia_desktop.store.reader import Reader
from insomnia_desktop.store.sync_rows import TakenChange

TAKEN_KEY: Final = "taken:"


class TakenMerge(msgspec.Struct, frozen=True):
    """One merge that found conflicts: when, in ms since 1970, and what else it took."""

    at: int
    changes: tuple[TakenChange, ...]


_MERGES = msgspec.json.Decoder(tuple[TakenMerge, ...])


def keep(connection: sqlite3.Connection, document_id: str, at: int, changes: Sequence[TakenChange]) -> None:
    """Keep what a merge took; that of merges before the oldest open conflict of the document goes."""
    key = TAKEN_KEY + document_id
    row = connection.execute("SELECT value FROM local WHERE key = ?", (key,)).fetchone()
    (oldest,) = connection.execute("SELECT min(at) FROM conflict WHERE document_id = ?", (document_id,)).fetchone()
    kept = [each for each in _read(row[0] if row else "[]") if oldest is not None and each.at >= oldest]
    if changes:
        kept.append(TakenMerge(at, tuple(changes)))
    connection.execute(
        "INSERT INTO local (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, codec.encode(kept)),
    )


def of_document(reader: Reader, document_id: str) -> tuple[TakenMerge, ...]:
    """Return what the merges took that found the conflicts of a document; what cannot be read is left out."""
    row = reader.row("SELECT value FROM local WHERE key = ?", (TAKEN_KEY + document_id,))
    return _read(row[0] if row is not None else "[]")


def _read(text: str) -> tuple[TakenMerge, ...]:
    with contextlib.suppress(*codec.NO_JSON):
        return _MERGES.decode(text)
    return ()
