"""Connections to the store file, and what is looked at before it is used."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store.failures import SQLITE_FAILURES, known, readable_text
from insomnia_desktop.store.migrations import TABLES

APPLICATION_ID = 0x496E7344
"""`InsD`, in the header of every store."""
PAGE_SIZE = 4096
BUSY_SECONDS = 5.0
_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
# Where the number of tables stands on the first page (SQLite file format, 1.6).
_TABLES = slice(103, 105)
_OLDEST_SQLITE = (3, 37, 0)
# To this the log is cut when it begins anew, so that its size says how much of it waits for a checkpoint.
_SHORT_LOG_BYTES = 4 * 1024 * 1024
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def require_sqlite() -> None:
    """Raise KnownError `store.sqlite_too_old` where Python's SQLite lacks what the store needs (strict tables)."""
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise KnownError(
            "store.sqlite_too_old", found=sqlite3.sqlite_version, needed=".".join(map(str, _OLDEST_SQLITE))
        )


def claim(folder: DataFolder) -> None:
    """Make the store file if there is none (mode 0600), and see that it can be written.

    Raises KnownError `store.folder_read_only`, `store.disk_full`, `store.not_a_store`.
    """
    try:
        os.close(os.open(folder.store_file, os.O_RDWR | os.O_CREAT, 0o600))
    except IsADirectoryError as error:
        raise KnownError("store.not_a_store", file=str(folder.store_file)) from error
    except OSError as error:
        raise folder_error(folder.root, error) from error


def look(folder: DataFolder, backups: list[str]) -> None:
    """Read the first bytes of the store file without changing anything.

    Raises KnownError `store.not_a_store` for a file of another program, `store.corrupt` for a damaged one of ours; an
    empty one beside backups of it is damaged too (reason `empty`).
    """
    # The log first: while another process makes the store, its header is there before its log.
    log = folder.store_file.with_name(folder.store_file.name + "-wal")
    log_waits = log.exists() and log.stat().st_size > 0
    try:
        with folder.store_file.open("rb") as file:
            head = file.read(PAGE_SIZE)
    except OSError as error:
        raise folder_error(folder.root, error) from error
    ours = head[68:72] == APPLICATION_ID.to_bytes(4, "big")
    if not head or (head.startswith(_MAGIC) and not ours and head[_TABLES] == b"\0\0"):
        # Not begun, or ended in the midst of its making: the first commit may lie in the write-ahead log alone. But
        # that log comes after the header, and where there is a backup there was a store: then this is no first start.
        if backups and not (head and log_waits):
            raise KnownError("store.corrupt", reason="empty", file=str(folder.store_file), backups=backups)
        if head or not log_waits:
            return
    if head.startswith(_MAGIC) and (ours or log_waits):
        return
    # A damaged header is told from another program's file by what else speaks for ours; and only a disk that failed
    # leaves nothing but zeros, or less than a header.
    failed = not head.strip(b"\0") or (head.startswith(_MAGIC) and len(head) < _HEADER_BYTES)
    if ours or failed or backups or b"CREATE TABLE document" in head:
        raise KnownError("store.corrupt", file=str(folder.store_file), backups=backups)
    raise KnownError("store.not_a_store", file=str(folder.store_file))


def connect_writer(path: Path) -> sqlite3.Connection:
    """Return a read-write connection whose statements begin and end transactions themselves. Raises sqlite3.Error.

    Damaged text comes with U+FFFD for what is no UTF-8 in it, so that one name cannot hold up all writes.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    connection.text_factory = readable_text
    return connection


def prepare_writer(connection: sqlite3.Connection) -> None:
    """Set a file, known to be ours or empty, up for writing. Raises sqlite3.Error."""
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    # A checkpoint waits for the disk: the writer makes one when nobody waits for it, not in the midst of a commit.
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute(f"PRAGMA journal_size_limit = {_SHORT_LOG_BYTES}")


def connect_reader(path: Path) -> sqlite3.Connection:
    """Return a connection that cannot write. Raises sqlite3.Error."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        connection.close()
        raise
    return connection


def is_complete(connection: sqlite3.Connection) -> bool:
    """Say whether all tables are there with their columns: a look that costs the same at any size.

    Raises sqlite3.Error, for what it reads is what every use needs.
    """
    for table, columns in TABLES.items():
        present = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall()}
        if not present.issuperset(columns):
            return False
    # A row without a column is what a damaged page may give.
    if not connection.execute("SELECT change FROM counter").fetchone():
        return False
    connection.execute("SELECT number FROM document ORDER BY number DESC LIMIT 1").fetchone()
    try:
        connection.execute("SELECT rowid FROM full_text WHERE full_text MATCH 'a' LIMIT 1").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
            # What the extension of the search says where a table of its own is lost, or the whole of it.
            return False
        raise
    return True


def unreadable_documents(connection: sqlite3.Connection) -> int:
    """Read all documents and say how many have no JSON object for their fields, or only these. Raises sqlite3.Error."""
    found = connection.execute(
        "SELECT (SELECT count(*) FROM document LEFT JOIN content USING (number)"
        " WHERE CASE WHEN json_valid(fields) THEN json_type(fields) != 'object' ELSE 1 END)"
        " + (SELECT count(*) FROM content WHERE number NOT IN (SELECT number FROM document))"
    ).fetchone()[0]
    return int(found)


def is_sound(connection: sqlite3.Connection) -> bool:
    """Read the whole file and say whether SQLite finds it sound; takes time in proportion to it."""
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except SQLITE_FAILURES as error:
        if getattr(known(error), "code", "") == "store.corrupt":
            return False
        raise


def folder_error(folder: Path, error: OSError) -> KnownError:
    """Return why something cannot be written into a folder."""
    if error.errno in _NO_ROOM:
        return KnownError("store.disk_full", folder=str(folder))
    return KnownError("store.folder_read_only", folder=str(folder), reason=os.strerror(error.errno or 0))
