"""server.database.sqlite_connection: cursors on the loop, statements on the thread, and what a cancel leaves."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from insomnia_desktop.server.database.sqlite_connection import SqliteConnection, SqliteCursor, open_connection

_PATIENCE_S = 30.0


class _Gate:
    """A function for SQL that waits until it is opened, and says when somebody waits."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self._opened = threading.Event()

    def __call__(self) -> int:
        self.reached.set()
        assert self._opened.wait(_PATIENCE_S)
        return 1

    def open(self) -> None:
        """Let who waits go on."""
        self._opened.set()


@asynccontextmanager
async def connected(folder: Path) -> AsyncIterator[tuple[SqliteConnection, _Gate]]:
    """Open a database with a table and a gate."""
    connection, gate = open_connection(str(folder / "x.sqlite"), isolation_level=None), _Gate()
    async with connection:
        await connection.create_function("gate", 0, gate)
        await connection.execute("CREATE TABLE noted (number INTEGER)")
        yield connection, gate


async def _numbers(connection: SqliteConnection) -> list[int]:
    async with connection.cursor() as cursor:
        await cursor.execute("SELECT number FROM noted ORDER BY number")
        return [row[0] for row in await cursor.fetchall()]


async def _begun(
    group: asyncio.TaskGroup, connection: SqliteConnection, gate: _Gate
) -> tuple[asyncio.Task[object], SqliteCursor]:
    """Begin a statement that stays on the thread until the gate opens."""
    cursor = connection.cursor()
    task: asyncio.Task[object] = group.create_task(cursor.execute("INSERT INTO noted SELECT gate()"))
    await asyncio.to_thread(gate.reached.wait, _PATIENCE_S)
    return task, cursor


def test_cursors_need_no_turn_of_the_thread(tmp_path: Path) -> None:
    async def run() -> None:
        async with connected(tmp_path) as (connection, gate), asyncio.TaskGroup() as group:
            task, _ = await _begun(group, connection, gate)
            # The thread is busy, so what comes back now did without it.
            cursor = connection.cursor()
            await cursor.close()
            gate.open()
            await task
            assert await _numbers(connection) == [1]
            with pytest.raises(sqlite3.ProgrammingError):
                await cursor.execute("SELECT 1")

    asyncio.run(run())


def test_a_cursor_whose_statement_was_given_up_closes_after_it(tmp_path: Path) -> None:
    async def run() -> None:
        async with connected(tmp_path) as (connection, gate), asyncio.TaskGroup() as group:
            task, cursor = await _begun(group, connection, gate)
            task.cancel()
            closing = group.create_task(cursor.close())
            await asyncio.wait([task])
            assert task.cancelled()
            assert not closing.done()
            gate.open()
            await closing
            assert await _numbers(connection) == [1]

    asyncio.run(run())


def test_a_statement_that_was_given_up_before_its_turn_does_not_run(tmp_path: Path) -> None:
    async def run() -> None:
        async with connected(tmp_path) as (connection, gate), asyncio.TaskGroup() as group:
            task, _ = await _begun(group, connection, gate)
            second = connection.cursor()
            waiting = group.create_task(second.execute("INSERT INTO noted VALUES (2)"))
            # One turn of the loop: now it stands in the queue.
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
            await second.close()
            gate.open()
            await task
            assert await _numbers(connection) == [1]

    asyncio.run(run())
