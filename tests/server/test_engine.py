"""The database under the server: server.database.engine, database.opening and database.identity."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from starlette.applications import Starlette

from insomnia_desktop.server.asgi import build_app
from insomnia_desktop.server.config import ServerConfig
from insomnia_desktop.server.database import identity, invites
from insomnia_desktop.server.database.engine import Database, DatabaseUnavailable, connect, file_of, require_sqlite
from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.operator_errors import OperatorError
from tests.server.conftest import LEGS
from tests.support.postgresql import PostgresServer

T = TypeVar("T")


def used(address: Path | str, work: Any) -> Any:
    """Open a database, do the work with it, and close it."""

    async def do() -> Any:
        database = await open_database(address)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(do())


def refused(coroutine: Coroutine[Any, Any, object]) -> OperatorError:
    """Return the error that a coroutine ends with."""
    with pytest.raises(OperatorError) as caught:
        asyncio.run(coroutine)
    return caught.value


class TestSqlite:
    """What is set on each connection."""

    def test_every_commit_is_on_the_disk(self, tmp_path: Path) -> None:
        async def settings(database: Database) -> list[object]:
            async with database.write() as connection:
                names = ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete")
                return [(await connection.execute(text(f"PRAGMA {name}"))).scalar_one() for name in names]

        # 2 is FULL; 2 of secure_delete is FAST.
        assert used(tmp_path / "x.sqlite", settings) == ["wal", 2, 1, 0, 2]

    def test_a_reader_cannot_write(self, tmp_path: Path) -> None:
        async def write(database: Database) -> None:
            async with database.read() as connection:
                await connection.execute(text("DELETE FROM accounts"))

        with pytest.raises(DatabaseUnavailable, match="readonly"):
            used(tmp_path / "x.sqlite", write)

    def test_a_writer_holds_the_file_from_its_first_moment(self, tmp_path: Path) -> None:
        file = tmp_path / "x.sqlite"

        async def look(database: Database) -> None:
            other = sqlite3.connect(file, timeout=0, isolation_level=None)
            async with database.write():
                with pytest.raises(sqlite3.OperationalError, match="locked"):
                    other.execute("BEGIN IMMEDIATE")
            other.execute("BEGIN IMMEDIATE")
            other.close()

        used(file, look)

    def test_writers_wait_for_each_other(self, tmp_path: Path) -> None:
        async def count(database: Database) -> object:
            async def add_one() -> None:
                async with database.write() as connection:
                    at = (await connection.execute(text("SELECT expires_at FROM invites"))).scalar_one()
                    await asyncio.sleep(0)
                    await connection.execute(text("UPDATE invites SET expires_at = :at"), {"at": at + 1})

            async with database.write() as connection:
                await invites.insert(connection, b"key", 0, 0)
            await asyncio.gather(*(add_one() for _ in range(40)))
            async with database.read() as connection:
                return (await connection.execute(text("SELECT expires_at FROM invites"))).scalar_one()

        assert used(tmp_path / "x.sqlite", count) == 40

    def test_file_and_folder_are_for_this_user_alone(self, tmp_path: Path) -> None:
        file = tmp_path / "a" / "x.sqlite"
        used(file, _nothing)
        assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)

    def test_an_old_sqlite_is_told(self) -> None:
        require_sqlite((3, 35, 0))
        with pytest.raises(OperatorError) as caught:
            require_sqlite((3, 34, 1))
        assert caught.value.code == "database.sqlite_too_old"
        assert "3.34.1" in caught.value.sentence


def test_a_reader_sees_one_moment(database: Path | str) -> None:
    async def look(opened: Database) -> list[object]:
        async with opened.write() as connection:
            await invites.insert(connection, b"key", 1, 1)
        seen = []
        async with opened.read() as connection:
            seen.append((await connection.execute(text("SELECT expires_at FROM invites"))).scalar_one())
            async with opened.write() as other:
                await other.execute(text("UPDATE invites SET expires_at = 2"))
            seen.append((await connection.execute(text("SELECT expires_at FROM invites"))).scalar_one())
        async with opened.read() as connection:
            seen.append((await connection.execute(text("SELECT expires_at FROM invites"))).scalar_one())
        return seen

    assert used(database, look) == [1, 1, 2]


def test_what_raises_is_rolled_back(database: Path | str) -> None:
    async def fail(opened: Database) -> object:
        async def insert_and_fail() -> None:
            async with opened.write() as connection:
                await invites.insert(connection, b"key", 1, 1)
                raise LookupError

        with pytest.raises(LookupError):
            await insert_and_fail()
        async with opened.read() as connection:
            return (await connection.execute(text("SELECT count(*) FROM invites"))).scalar_one()

    assert used(database, fail) == 0


def test_a_mistake_of_ours_is_no_database_that_is_away(database: Path | str) -> None:
    async def insert_twice(opened: Database) -> None:
        statement = text("INSERT INTO invites (key_hash, created_at, expires_at) VALUES (:key, 0, 0)")
        async with opened.write() as connection:
            await connection.execute(statement, {"key": b"secret-value"})
            await connection.execute(statement, {"key": b"secret-value"})

    with pytest.raises(Exception, match=r"UNIQUE|duplicate") as caught:
        used(database, insert_twice)
    assert not isinstance(caught.value, DatabaseUnavailable)
    assert "secret-value" not in str(caught.value).partition("DETAIL")[0]


def test_the_identity_is_made_once(database: Path | str) -> None:
    async def look(opened: Database) -> identity.Identity | None:
        async with opened.read() as connection:
            return await identity.get(connection)

    first = used(database, look)
    assert first is not None
    assert used(database, look) == first
    assert (len(first.secret), len(first.server_epoch)) == (32, 16)
    assert first.secret.hex() not in repr(first)


@pytest.mark.parametrize(
    "address",
    ["", "x", "sqlite:///x.sqlite", "postgresql://u@h/n", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:", "://"],
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(OperatorError) as caught:
        connect(address)
    assert caught.value.code == "database.bad_address"


def test_a_file_by_its_address(tmp_path: Path) -> None:
    address = f"sqlite+aiosqlite:///{tmp_path.as_posix()}/x.sqlite"
    assert file_of(address) == tmp_path / "x.sqlite"
    assert file_of(tmp_path / "odd ?#name") == tmp_path / "odd ?#name"
    assert file_of("postgresql+asyncpg://u@h/n") is None
    used(address, _nothing)
    assert (tmp_path / "x.sqlite").stat().st_size > 0


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = refused(open_database(tmp_path / "file" / "x.sqlite"))
    assert error.code == "server.folder_unusable"


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to look like one" * 30, b"SQLite format 3\0" * 99]
)
def test_a_damaged_file_is_told_and_left(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.sqlite"
    file.write_bytes(content)
    error = refused(open_database(file))
    assert error.code == "database.damaged"
    assert file.read_bytes() == content


@pytest.mark.parametrize("host", ["127.0.0.1:1", "/nowhere"])
def test_a_postgresql_that_is_not_there(host: str) -> None:
    place = f"@{host}/n" if ":" in host else f"@/n?host={host}"
    error = refused(open_database(f"postgresql+asyncpg://u:hunter2{place}"))
    assert error.code == "database.unreachable"
    assert "hunter2" not in error.sentence
    assert "Connection refused" in error.sentence or "No such file" in error.sentence


async def _nothing(_database: Database) -> None:
    """Open and close."""


def test_a_server_does_not_start_without_its_identity(database: Path | str) -> None:
    async def take_away(opened: Database) -> None:
        async with opened.write() as connection:
            await connection.execute(text("DELETE FROM server"))

    used(database, take_away)
    app = build_app(ServerConfig(database))
    with pytest.raises(OperatorError) as caught:
        asyncio.run(_started(app))
    assert caught.value.code == "database.damaged"


async def _started(app: Starlette) -> None:
    async with app.router.lifespan_context(app):
        raise AssertionError("it started")


def test_a_statement_alone_is_a_transaction(database: Path | str) -> None:
    def insert(connection: Connection) -> None:
        connection.execute(text("INSERT INTO invites VALUES (:key, 1, 2)"), {"key": b"k"})

    def count(connection: Connection) -> object:
        return connection.execute(text("SELECT count(*) FROM invites")).scalar_one()

    async def work(database: Database) -> list[object]:
        found = [await database.run_read_alone(count)]
        await database.run_write_alone(insert)
        found.append(await database.run_read_alone(count))
        with pytest.raises(IntegrityError):
            await database.run_write_alone(insert)
        # What a statement alone left behind holds up nobody.
        async with database.write() as connection:
            await connection.run_sync(count)
        return [*found, await database.run_read(count)]

    assert used(database, work) == [0, 1, 1]


@pytest.mark.skipif("postgresql" not in LEGS, reason="this machine has no PostgreSQL")
class TestPostgresql:
    """Connections that are no more."""

    def test_one_that_the_driver_knows_to_be_closed_is_not_used(self, postgres: PostgresServer) -> None:
        async def work(database: Database) -> list[object]:
            async with database.hold() as connection:
                raw = await connection.get_raw_connection()
                driver: Any = raw.driver_connection
            driver.terminate()
            return [await database.run_read(_one), await database.run_read_alone(_one), await database.run_write(_one)]

        assert used(postgres.empty(), work) == [1, 1, 1]

    def test_those_that_were_idle_while_postgresql_went_are_not_used(
        self, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("insomnia_desktop.server.database.engine._ASKED_AFTER_SECONDS", 0.0)
        others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"

        async def work(database: Database) -> list[object]:
            await asyncio.gather(*(database.run_read(_one) for _ in range(5)))
            async with database.hold() as connection:
                await connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
            return list(await asyncio.gather(*(database.run_read(_one) for _ in range(5))))

        assert used(postgres.empty(), work) == [1] * 5


def _one(connection: Connection) -> object:
    return connection.execute(text("SELECT 1")).scalar_one()
