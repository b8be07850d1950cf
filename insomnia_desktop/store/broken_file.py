"""Reads what can be read of a damaged store file."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from insomnia_desktop.store.database import APPLICATION_ID, PAGE_SIZE
from insomnia_desktop.store.failures import SQLITE_FAILURES, readable_text

_HEADER_BYTES = 100
_INTERIOR_PAGE = 5
_NEEDED = {"document": "number, id, kind, workspace_id, parent_id, deleted_root", "content": "number, id, fields"}
# A whole table that cannot be read would be tried number by number: after so many failures the rest is given up.
_MOST_FAILURES = 10_000
# No row takes less room than this, so a file can hold no more rows than its size says.
_LEAST_BYTES_A_ROW = 16


class BrokenFile:
    """A copy of a damaged store, opened as far as that goes; the original is never written to.

    `template` is a sound, empty store of this program. Its first page is used where that of the damaged file is gone:
    the same steps made both, so their tables begin at the same pages.
    """

    def __init__(self, original: Path, copy: Path, template: Path) -> None:
        self._copy = copy
        for ending in ("", "-wal"):
            source = original.with_name(original.name + ending)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + ending))
        self._size = copy.stat().st_size
        self._connection = self._open(template)

    @property
    def readable(self) -> bool:
        """Whether anything can be read at all."""
        return self._connection is not None

    def rows(self, columns: str, table: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a table that can be read, each once; `columns` begins with `number`.

        A range of numbers that fails is halved, the widest ranges first, so that what is whole is read at once and
        the tries are spent where the damage is. A table or a column that a store of an older version lacks has none.
        """
        if self._connection is None or not self.has(columns, table):
            return
        statement = f"SELECT {columns} FROM {table} NOT INDEXED WHERE number >= ? AND number < ? ORDER BY number"
        left = _MOST_FAILURES
        waiting = deque([(0, self._end_of(table))])
        while waiting and left:
            low, high = waiting.popleft()
            try:
                found = self._connection.execute(statement, (low, high)).fetchall()
            except SQLITE_FAILURES:
                left -= 1
                if high - low > 1:
                    middle = (low + high) // 2
                    waiting += [(low, middle), (middle, high)]
                continue
            yield from found

    def has(self, columns: str, table: str) -> bool:
        """Say whether there is a table with these columns; damage to its rows does not count."""
        if self._connection is None:
            return False
        try:
            self._connection.execute(f"SELECT {columns} FROM {table} LIMIT 0")
        except SQLITE_FAILURES:
            return False
        return True

    def close(self) -> None:
        """Close and remove the copy."""
        if self._connection is not None:
            self._connection.close()
        for ending in ("", "-wal", "-shm"):
            self._copy.with_name(self._copy.name + ending).unlink(missing_ok=True)

    def _end_of(self, table: str) -> int:
        assert self._connection is not None
        most = self._size // _LEAST_BYTES_A_ROW + 1
        with contextlib.suppress(*SQLITE_FAILURES):
            last = self._connection.execute(f"SELECT max(number) FROM {table} NOT INDEXED").fetchone()[0]
            return int(last or 0) + 1 if (last or 0) < 2**40 else most
        return most

    def _open(self, template: Path) -> sqlite3.Connection | None:
        pages = template.read_bytes()
        schema = {0: pages[:PAGE_SIZE]} | {
            page: pages[page * PAGE_SIZE : (page + 1) * PAGE_SIZE] for page in _schema_pages(pages)
        }
        for repair in ({}, {0: pages[:_HEADER_BYTES]}, schema):
            with self._copy.open("r+b") as file:
                for page, content in repair.items():
                    file.seek(page * PAGE_SIZE)
                    file.write(content)
                file.seek(0)
                head = _with_size(file.read(_HEADER_BYTES), self._size // PAGE_SIZE)
                file.seek(0)
                file.write(head)
            connection = sqlite3.connect(self._copy, isolation_level=None)
            connection.text_factory = readable_text
            try:
                connection.execute("PRAGMA cell_size_check = ON")
                for table, columns in _NEEDED.items():
                    connection.execute(f"SELECT {columns} FROM {table} LIMIT 0")
                ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            except SQLITE_FAILURES:
                ours = False
            if ours:
                return connection
            connection.close()
        return None


def _schema_pages(pages: bytes) -> list[int]:
    """Return the pages, from 0, that the table of tables has besides the first (SQLite file format, 1.6)."""
    if pages[_HEADER_BYTES] != _INTERIOR_PAGE:
        return []
    cells = int.from_bytes(pages[_HEADER_BYTES + 3 : _HEADER_BYTES + 5], "big")
    found = [int.from_bytes(pages[_HEADER_BYTES + 8 : _HEADER_BYTES + 12], "big") - 1]
    for cell in range(cells):
        at = _HEADER_BYTES + 12 + 2 * cell
        pointer = int.from_bytes(pages[at : at + 2], "big")
        found.append(int.from_bytes(pages[pointer : pointer + 4], "big") - 1)
    return found


def _with_size(header: bytes, pages: int) -> bytes:
    """Write how many pages there are, no list of free ones, and that both are up to date (SQLite file format, 1.3)."""
    if len(header) < _HEADER_BYTES:
        return header
    return header[:28] + pages.to_bytes(4, "big") + bytes(8) + header[40:92] + header[24:28] + header[96:]
