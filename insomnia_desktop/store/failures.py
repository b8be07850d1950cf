"""What SQLite reports, as errors that people can be told."""

from __future__ import annotations

import sqlite3

from insomnia_desktop.base.errors import KnownError

_CODES = {
    sqlite3.SQLITE_FULL: "store.disk_full",
    sqlite3.SQLITE_BUSY: "store.busy",
    sqlite3.SQLITE_LOCKED: "store.busy",
    sqlite3.SQLITE_READONLY: "store.read_only",
    sqlite3.SQLITE_PERM: "store.read_only",
    sqlite3.SQLITE_CORRUPT: "store.corrupt",
    sqlite3.SQLITE_NOTADB: "store.corrupt",
    sqlite3.SQLITE_IOERR: "store.io_error",
    sqlite3.SQLITE_CANTOPEN: "store.io_error",
}
# With a full disk SQLite can fail to make its shared memory before it fails to write a page.
_NO_ROOM_FOR_SHARED_MEMORY = (
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
    sqlite3.SQLITE_IOERR_SHMOPEN,
)

SQLITE_FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What a call of SQLite raises: where words of a damaged schema stand in its message, Python cannot read that."""


def is_no_text(error: Exception) -> bool:
    """Say whether Python could not read a text, because a damaged one is no UTF-8; SQLite itself does not look."""
    return getattr(error, "sqlite_errorcode", None) is None and "Could not decode to UTF-8" in str(error)


def readable_text(raw: bytes) -> str:
    """Return a text with U+FFFD for what is no UTF-8 in it: a `text_factory`."""
    return raw.decode("utf-8", "replace")


def known(error: sqlite3.Error | UnicodeDecodeError) -> Exception:
    """Return the KnownError for a failure of the world, or the error itself where it is our mistake."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(error, UnicodeDecodeError) or is_no_text(error):
        return KnownError("store.corrupt", reason="text")
    if code is None:
        return error
    if code in _NO_ROOM_FOR_SHARED_MEMORY:
        return KnownError("store.disk_full", reason=getattr(error, "sqlite_errorname", ""))
    name = _CODES.get(code & 0xFF)
    return KnownError(name, reason=getattr(error, "sqlite_errorname", "")) if name else error
