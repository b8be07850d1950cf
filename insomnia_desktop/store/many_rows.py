"""Many rows in one statement.

Between two rows of an `executemany` the interpreter's lock is let go and taken back: beside a thread that calculates
each row then waits for a turn, and a page of a hundred rows takes as long as a hundred turns.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Sequence
from typing import Any

_AT_ONCE = 50


def put(connection: sqlite3.Connection, into: str, rows: Sequence[Sequence[Any]], then: str = "") -> None:
    """Insert rows of equal length `into` a table: the statement up to VALUES, and what comes behind the rows."""
    for part in _parts(rows):
        connection.execute(f"{into} VALUES {_marks(len(part[0]), len(part))} {then}", _values(part))


def update(connection: sqlite3.Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Run an UPDATE with `{rows}` where the rows stand, as a table of `column1`, `column2` and so on."""
    for part in _parts(rows):
        connection.execute(statement.format(rows=f"(VALUES {_marks(len(part[0]), len(part))})"), _values(part))


def _parts(rows: Sequence[Sequence[Any]]) -> list[Sequence[Sequence[Any]]]:
    # Of one size, so that the statement is mostly one that is known already.
    return [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]


def _values(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [value for row in rows for value in row]


@functools.lru_cache(maxsize=512)
def _marks(width: int, count: int) -> str:
    return ", ".join([f"({', '.join('?' * width)})"] * count)
