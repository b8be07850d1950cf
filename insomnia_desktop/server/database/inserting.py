"""An INSERT that knows what to do with a row which is there already, in the words of both databases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeAlias

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert: TypeAlias = "sqlite.Insert | postgresql.Insert"


def insert_into(table: Table, dialect: str) -> Insert:
    """Return an INSERT of the database's own kind, which knows what a conflict of rows is."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def values_of(row: Any) -> dict[str, Any]:
    """Return the fields of a row by name; `dataclasses.asdict` would copy every value first."""
    return {each.name: getattr(row, each.name) for each in fields(row)}


class Inserting:
    """Such an INSERT into a table, built once: to build a statement takes longer than SQLite takes to carry it out.

    `finish` gets one of the database's own kind, which has `on_conflict_do_nothing` and `on_conflict_do_update`; with
    either of them PostgreSQL waits for a transaction that is inserting the same value.
    """

    def __init__(self, table: Table, finish: Callable[[Insert], Executable]) -> None:
        self._statements = {name: finish(insert_into(table, name)) for name in ("sqlite", "postgresql")}

    async def run(self, connection: AsyncConnection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Insert a row of these values."""
        return await connection.execute(self._statements[connection.dialect.name], values)

    def run_sync(self, connection: Connection, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Insert a row as `run` does, in a transaction that waits for statements and for nothing else."""
        return connection.execute(self._statements[connection.dialect.name], values)
