"""Works that share a commit: each has its own result, and one that fails leaves nothing of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError

from insomnia_desktop.server.database import engine
from insomnia_desktop.server.database.engine import Database, DatabaseUnavailable
from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.database.sqlite_threads import MOST_AT_ONCE


@pytest.fixture
def used(tmp_path: Path) -> Callable[[Callable[[Database], Awaitable[Any]]], Any]:
    """Does something with a new database."""

    def use(work: Callable[[Database], Awaitable[Any]]) -> Any:
        async def do() -> Any:
            database = await open_database(tmp_path / "x.sqlite")
            try:
                return await work(database)
            finally:
                await database.close()

        return asyncio.run(do())

    return use


def insert(connection: Connection, key: bytes) -> int:
    """Insert a row and return how many there are."""
    statement = text("INSERT INTO invites (key_hash, created_at, expires_at) VALUES (:key, 0, 0)")
    connection.execute(statement, {"key": key})
    return count(connection)


def insert_and_fail(connection: Connection, key: bytes) -> None:
    """Insert a row and raise."""
    insert(connection, key)
    raise LookupError(key)


def count(connection: Connection) -> int:
    """Return how many rows there are."""
    found: int = connection.execute(text("SELECT count(*) FROM invites")).scalar_one()
    return found


class Gate:
    """Keeps the writing thread busy until others wait behind it."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()

    def hold(self, _connection: Connection) -> None:
        """Wait on the writing thread."""
        self.entered.set()
        assert self.open.wait(20)

    async def begun(self) -> None:
        """Wait until the thread is kept busy."""
        assert await asyncio.get_running_loop().run_in_executor(None, self.entered.wait, 20)


async def behind_a_gate(database: Database, works: list[Awaitable[Any]]) -> list[Any]:
    """Let works wait behind one, then run them; returns results and exceptions."""
    gate = Gate()
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(database.run_write(gate.hold))
        await gate.begun()
        others = asyncio.gather(*works, return_exceptions=True)
        await asyncio.sleep(0)
        gate.open.set()
        found = await others
        await first
    return list(found)


def test_works_that_wait_share_a_commit_and_have_each_its_result(used: Any) -> None:
    async def look(database: Database) -> tuple[list[Any], int]:
        commits = 0

        def watch(connection: Connection) -> None:
            @event.listens_for(connection.engine, "commit")
            def committed(_connection: Connection) -> None:
                nonlocal commits
                commits += 1

        await database.run_write(watch)
        before = commits
        found = await behind_a_gate(database, [database.run_write(insert, bytes([n])) for n in range(10)])
        return found, commits - before

    found, commits = used(look)
    assert found == list(range(1, 11))
    # That of the work before them, and theirs.
    assert commits == 2


def test_one_that_raises_leaves_the_others(used: Any) -> None:
    async def look(database: Database) -> tuple[list[Any], int]:
        works = [
            database.run_write(insert, b"a"),
            database.run_write(insert_and_fail, b"b"),
            database.run_write(insert, b"c"),
        ]
        return await behind_a_gate(database, works), await database.run_read(count)

    found, rows = used(look)
    assert (found[0], found[2], rows) == (1, 2, 2)
    assert isinstance(found[1], LookupError)


def test_one_that_the_database_refuses_leaves_the_others(used: Any) -> None:
    async def look(database: Database) -> tuple[list[Any], int]:
        works = [database.run_write(insert, key) for key in (b"a", b"a", b"c")]
        return await behind_a_gate(database, works), await database.run_read(count)

    found, rows = used(look)
    assert (found[0], found[2], rows) == (1, 2, 2)
    assert isinstance(found[1], IntegrityError)


def test_more_than_fit_into_one_commit_are_all_done(used: Any) -> None:
    many = 2 * MOST_AT_ONCE + 3

    async def look(database: Database) -> tuple[list[Any], int]:
        works = [database.run_write(insert, n.to_bytes(2, "big")) for n in range(many)]
        return await behind_a_gate(database, works), await database.run_read(count)

    assert used(look) == (list(range(1, many + 1)), many)


def test_a_work_that_nobody_waits_for_any_more_is_not_done(used: Any) -> None:
    async def look(database: Database) -> tuple[list[Any], int]:
        async def give_up() -> None:
            async with asyncio.timeout(0):
                await database.run_write(insert, b"x")

        works = [give_up(), database.run_write(insert, b"y")]
        return await behind_a_gate(database, works), await database.run_read(count)

    found, rows = used(look)
    assert isinstance(found[0], TimeoutError)
    assert (found[1], rows) == (1, 1)


def test_who_leads_a_commit_may_go_away(used: Any) -> None:
    async def look(database: Database) -> tuple[object, int]:
        gate = Gate()
        async with asyncio.TaskGroup() as tasks:
            leader = tasks.create_task(database.run_write(gate.hold))
            await gate.begun()
            leader.cancel()
            other = tasks.create_task(database.run_write(insert, b"a"))
            await asyncio.sleep(0)
            gate.open.set()
        return other.result(), await database.run_read(count)

    assert used(look) == (1, 1)


def test_both_kinds_of_writers_wait_for_each_other(used: Any) -> None:
    async def look(database: Database) -> int:
        async def add(key: bytes) -> None:
            async with database.write() as connection:
                await connection.run_sync(insert, key)

        works = [add(bytes([n])) if n % 2 else database.run_write(insert, bytes([n])) for n in range(30)]
        await asyncio.gather(*works)
        return await database.run_read(count)

    assert used(look) == 30


def test_waiting_for_too_long_is_told(used: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_POOL_SECONDS", 0.01)

    async def look(database: Database) -> int:
        async with database.write():
            with pytest.raises(DatabaseUnavailable, match="too many"):
                await database.run_write(insert, b"a")
        await database.run_write(insert, b"b")
        return await database.run_read(count)

    assert used(look) == 1


def test_a_reader_cannot_write(used: Any) -> None:
    async def look(database: Database) -> None:
        with pytest.raises(DatabaseUnavailable, match="readonly"):
            await database.run_read(insert, b"a")
        # The setting of every connection that writes: FULL is 2.
        assert await database.run_write(lambda each: each.execute(text("PRAGMA synchronous")).scalar_one()) == 2

    used(look)


def test_what_cannot_be_read_at_once_waits_on_a_thread(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"

    async def make() -> None:
        database = await open_database(file)
        async with database.write() as connection:
            await connection.run_sync(insert, b"1")
        await database.close()

    async def read() -> int:
        # Somebody keeps the whole file to himself, as SQLite does while it repairs the log of a crash.
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("UPDATE invites SET expires_at = 1")
        database = engine.connect(file)
        try:
            async with asyncio.TaskGroup() as tasks:
                reading = tasks.create_task(database.run_read_at_once(count))
                await asyncio.sleep(0)
                assert not reading.done()
                other.close()
            return reading.result()
        finally:
            await database.close()

    asyncio.run(make())
    assert asyncio.run(read()) == 1


def test_a_fault_of_what_is_read_at_once_is_told(used: Callable[..., Any]) -> None:
    async def ask(database: Database) -> None:
        await database.run_read_at_once(lambda connection: connection.execute(text("SELECT 1 FROM nowhere")))

    with pytest.raises(DatabaseUnavailable, match="nowhere"):
        used(ask)
