"""An INSERT that knows what to do with a row which is there already, in the words of both databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(
    connection: AsyncConnection | Connection, table: Table, values: Mapping[str, Any]
) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT of the database's own kind, which has `on_conflict_do_nothing` and `on_conflict_do_update`.

    With either of them PostgreSQL waits for a transaction that is inserting the same value.
    """
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(values)
    return sqlite.insert(table).values(values)


async def insert_if_new(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row as `insert_new` does, in an asynchronous transaction."""
    return await connection.run_sync(insert_new, table, values)


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row; False where one of its unique values is taken."""
    return connection.execute(insert(connection, table, values).on_conflict_do_nothing()).rowcount == 1
