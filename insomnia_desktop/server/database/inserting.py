"""An INSERT that leaves a row alone which is there already, in the words of both databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_if_new(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row as `insert_new` does, in an asynchronous transaction."""
    return await connection.run_sync(insert_new, table, values)


def insert_new(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row; False where one of its unique values is taken.

    PostgreSQL waits here for a transaction that is inserting the same value.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    result = connection.execute(dialect.insert(table).values(values).on_conflict_do_nothing())
    return result.rowcount == 1
