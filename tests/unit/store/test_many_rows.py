"""Many rows in one statement."""

from __future__ import annotations

import sqlite3

import pytest

from insomnia_desktop.store import many_rows


@pytest.fixture
def connection() -> sqlite3.Connection:
    """A table of its own."""
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE pair (name TEXT PRIMARY KEY, value BLOB)")
    return made


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 250])
def test_all_rows_are_there(connection: sqlite3.Connection, count: int) -> None:
    rows = [(f"{number:03}", bytes([number])) for number in range(count)]
    many_rows.put(connection, "INSERT INTO pair (name, value)", rows)
    assert connection.execute("SELECT name, value FROM pair ORDER BY name").fetchall() == rows


def test_what_is_there_already_is_as_the_statement_says(connection: sqlite3.Connection) -> None:
    many_rows.put(connection, "INSERT INTO pair (name, value)", [("a", b"1"), ("b", b"1")])
    many_rows.put(
        connection,
        "INSERT INTO pair (name, value)",
        [("b", b"2"), ("c", b"2")],
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    many_rows.put(connection, "INSERT OR IGNORE INTO pair (name, value)", [("a", b"3"), ("d", b"3")])
    found = dict(connection.execute("SELECT name, value FROM pair"))
    assert found == {"a": b"1", "b": b"2", "c": b"2", "d": b"3"}
    with pytest.raises(sqlite3.IntegrityError):
        many_rows.put(connection, "INSERT INTO pair (name, value)", [("e", b""), ("a", b"")])


def test_rows_are_updated_by_what_they_are_joined_with(connection: sqlite3.Connection) -> None:
    many_rows.put(connection, "INSERT INTO pair (name, value)", [(f"{number:03}", b"0") for number in range(120)])
    changed = [(f"{number:03}", b"1") for number in range(0, 240, 2)]
    many_rows.update(
        connection, "UPDATE pair SET value = given.column2 FROM {rows} AS given WHERE name = given.column1", changed
    )
    many_rows.update(connection, "UPDATE pair SET value = given.column2 FROM {rows} AS given", [])
    found = dict(connection.execute("SELECT name, value FROM pair"))
    assert found == {f"{number:03}": b"1" if number % 2 == 0 else b"0" for number in range(120)}
