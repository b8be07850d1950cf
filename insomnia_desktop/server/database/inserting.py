"""An INSERT that knows what to do with a row which is there already, in the words of both databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT of the database's own kind, which has `on_conflict_do_nothing` and `on_conflict_do_update`.

    With either of them PostgreSQL waits for a transaction that is inserting the same value.
    """
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).values(values)
    return sqlite.insert(table).values(values)


async def insert_if_new(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row; False where one of its unique values is taken."""
    statement = insert(connection, table, values).on_conflict_do_nothing()
    return (await connection.execute(statement)).rowcount == 1
