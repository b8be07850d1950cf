"""SQLite or PostgreSQL: connections, and the two kinds of transaction (protocol v1, section 5)."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    NoResultFound,
    NotSupportedError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from insomnia_desktop.server.database.sqlite_connection import open_connection
from insomnia_desktop.server.database.sqlite_threads import READERS, SqliteThreads
from insomnia_desktop.server.operator_errors import OperatorError

_SQLITE = "sqlite+aiosqlite"
_POSTGRESQL = "postgresql+asyncpg"
# For RETURNING, by which a handshake is burned.
_OLDEST_SQLITE = (3, 35, 0)
_CONNECTIONS = 10
_BUSY_SECONDS = 15.0
_POOL_SECONDS = 30.0
_STATEMENT_SECONDS = 30.0
_ASKED_AFTER_SECONDS = 1.0
_TOO_MANY = "too many requests wait for it"
T = TypeVar("T")
P = ParamSpec("P")


# Of what a driver raises these are mistakes of ours; the rest is a database that is gone, full, busy or broken.
_OUR_MISTAKES = (DataError, IntegrityError, NotSupportedError, ProgrammingError)


class DatabaseUnavailable(Exception):
    """The database cannot be used now; the message is the first line of what it said, without values."""


class Database:
    """One database. Threads: the loop it is used on; SQLite's statements run on threads of the driver, or of ours.

    SQLite has one transaction that writes at a time, and some that read. Nothing here retries: who asks is told to
    come again.
    """

    def __init__(
        self,
        writer: AsyncEngine,
        reader: AsyncEngine,
        failures: tuple[type[Exception], ...] = (),
        threads: SqliteThreads | None = None,
    ) -> None:
        """Take the engines; `failures` is what a driver raises past SQLAlchemy while it connects."""
        self._writer = writer
        self._reader = reader
        self._threads = threads
        # PostgreSQL: a statement alone is a transaction without the three messages around it.
        self._alone = writer.execution_options(isolation_level="AUTOCOMMIT") if threads is None else None
        # Who writes to SQLite waits here, and not in its own loop of looking and sleeping.
        self._turn = asyncio.Lock()
        self._failures: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, OSError, *failures)

    @property
    def engines(self) -> tuple[Engine, ...]:
        """Every engine that statements go through."""
        threads = self._threads.engines if self._threads is not None else ()
        return self._writer.sync_engine, self._reader.sync_engine, *threads

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self._writer.dialect.name == "sqlite"

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that writes; it is committed at the end of the block, rolled back if that raises.

        SQLite: `BEGIN IMMEDIATE`, so one at a time. PostgreSQL: READ COMMITTED; lock what must not change.
        Raises DatabaseUnavailable.
        """
        async with self._turn_to_write(), self._begin(self._writer) as connection:
            yield connection

    async def run_write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do all of a transaction that writes, as `write` does; the work waits for statements and for nothing else."""
        if self._threads is None:
            async with self.write() as connection:
                return await connection.run_sync(work, *args, **named)
        waiting = self._threads.wait_to_write(lambda connection: work(connection, *args, **named))
        try:
            async with self._told_failures():
                async with self._turn_to_write():
                    # Who had the turn before may have done it.
                    while not waiting.done.done():
                        await self._threads.write_waiting()
                return cast(T, await waiting.done)
        finally:
            self._threads.forget(waiting)

    async def run_read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do all of a transaction that reads, as `read` does; the work waits for statements and for nothing else."""
        if self._threads is None:
            async with self.read() as connection:
                return await connection.run_sync(work, *args, **named)
        async with self._told_failures():
            return await self._threads.read(lambda connection: work(connection, *args, **named))

    async def run_write_alone(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Do as `run_write`, for a work of a single statement: that is a transaction by itself."""
        return (
            await self._run_alone(work, *args, **named) if self._alone else await self.run_write(work, *args, **named)
        )

    async def run_read_alone(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Do as `run_read`, for a work of a single statement: that sees one state by itself."""
        return await self._run_alone(work, *args, **named) if self._alone else await self.run_read(work, *args, **named)

    async def run_read_at_once(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs
    ) -> T:
        """Do as `run_read_alone`, for a work that finds little by a key: SQLite does it on the loop.

        There it takes less time than to hand it to a thread. Not for what must take the same time whether or not
        something is found: nothing around it hides the difference.
        """
        if self._threads is None:
            return await self._run_alone(work, *args, **named)
        async with self._told_failures():
            return await self._threads.read_at_once(lambda connection: work(connection, *args, **named))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that only reads: everything in the block sees one state; raises DatabaseUnavailable."""
        async with self._begin(self._reader) as connection:
            yield connection

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[AsyncConnection]:
        """Keep a connection for long, outside of any transaction; raises DatabaseUnavailable."""
        try:
            async with self._writer.connect() as connection:
                yield await connection.execution_options(isolation_level="AUTOCOMMIT")
        except self._failures as error:
            raise DatabaseUnavailable(_reason(error)) from error

    async def close(self) -> None:
        """Close every connection."""
        if self._threads is not None:
            self._threads.close()
        await self._reader.dispose()
        await self._writer.dispose()

    @asynccontextmanager
    async def _begin(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        async with self._told_failures(), engine.begin() as connection:
            yield connection

    async def _run_alone(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        assert self._alone is not None
        async with self._told_failures(), self._alone.connect() as connection:
            return await connection.run_sync(work, *args, **named)

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        """Wait until nobody else in this process writes to SQLite; PostgreSQL lets many write."""
        if not self.is_sqlite:
            yield
            return
        try:
            async with asyncio.timeout(_POOL_SECONDS):
                await self._turn.acquire()
        except TimeoutError:
            raise DatabaseUnavailable(_TOO_MANY) from None
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def _told_failures(self) -> AsyncIterator[None]:
        try:
            yield
        except _OUR_MISTAKES:
            raise
        except self._failures as error:
            raise DatabaseUnavailable(_reason(error)) from error


def connect(address: Path | str) -> Database:
    """Return a database that has not been touched yet; the address is a file of SQLite or an address.

    Raises OperatorError `database.bad_address`, `database.sqlite_too_old`.
    """
    url = _url(address)
    if url.drivername == _SQLITE:
        require_sqlite(sqlite3.sqlite_version_info)
        return _sqlite(url)
    return _postgresql(url)


def require_sqlite(found: tuple[int, ...]) -> None:
    """Raise OperatorError `database.sqlite_too_old` unless this SQLite knows RETURNING."""
    if found < _OLDEST_SQLITE:
        shown, needed = (".".join(map(str, version)) for version in (found, _OLDEST_SQLITE))
        raise OperatorError("database.sqlite_too_old", found=shown, needed=needed)


def claim_file(file: Path) -> None:
    """Make the file of a database, readable by this user alone, and its folder; raises OperatorError."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise OperatorError("server.folder_unusable", folder=str(file.parent), reason=reason) from error


async def ping(database: Database) -> None:
    """Ask the database for a row; raises DatabaseUnavailable."""
    try:
        async with database.read() as connection:
            (await connection.execute(text("SELECT secret IS NOT NULL FROM server"))).one()
    except (ProgrammingError, NoResultFound):
        # Somebody took the tables away.
        raise DatabaseUnavailable("its tables are gone") from None


def _reason(error: Exception) -> str:
    if isinstance(error, PoolTimeout):
        return _TOO_MANY
    if isinstance(error, DBAPIError) and error.orig is not None:
        # The driver of PostgreSQL raises the real error below one of the standard interface.
        error = Exception(error.orig.__cause__ or error.orig)
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def file_of(address: Path | str) -> Path | None:
    """Return the file of SQLite that an address names, None for PostgreSQL; raises OperatorError."""
    url = _url(address)
    return Path(url.database or "") if url.drivername == _SQLITE else None


def _url(address: Path | str) -> URL:
    if isinstance(address, Path):
        return URL.create(_SQLITE, database=str(address))
    try:
        url = make_url(address)
    except ArgumentError:
        raise OperatorError("database.bad_address") from None
    if url.drivername not in (_SQLITE, _POSTGRESQL) or not url.database or url.database == ":memory:":
        raise OperatorError("database.bad_address")
    return url


def _sqlite(url: URL) -> Database:
    # The driver begins and ends no transaction of its own.
    driver: dict[str, Any] = {"isolation_level": None, "timeout": _BUSY_SECONDS}
    options: dict[str, Any] = {
        "hide_parameters": True,
        "max_overflow": 0,
        "pool_timeout": _POOL_SECONDS,
    }
    waited = {**options, "connect_args": {**driver, "async_creator_fn": open_connection}}
    writer = create_async_engine(url, pool_size=1, **waited)
    reader = create_async_engine(url, pool_size=READERS, **waited)
    plain = url.set(drivername="sqlite")
    direct = {**options, "connect_args": driver}
    threads = (
        create_engine(plain, pool_size=1, **direct),
        create_engine(plain, pool_size=READERS, **direct),
        create_engine(plain, pool_size=1, **{**direct, "connect_args": {**driver, "timeout": 0}}),
    )
    for engine in (writer.sync_engine, threads[0]):
        _at_connect(engine, "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = FAST")
        _at_begin(engine, "BEGIN IMMEDIATE")
    for engine in (reader.sync_engine, *threads[1:]):
        _at_connect(engine, "query_only = ON")
    for engine in (reader.sync_engine, threads[1]):
        _at_begin(engine, "BEGIN")
    return Database(writer, reader, threads=SqliteThreads(*threads))


def _at_connect(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        for pragma in (*pragmas, "trusted_schema = OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def _at_begin(engine: Engine, statement: str) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(statement)


def _look_at_checkout(engine: Engine) -> None:
    """Let nobody get a connection that PostgreSQL has closed, as it does when it is restarted.

    The driver hears of that while the connection lies idle. To ask PostgreSQL takes as long as a statement does, so
    that is done only where it has been idle for a while.
    """

    @event.listens_for(engine, "checkin")
    def note(_connection: Any, record: Any) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError
        idle_since = record.info.get("idle_since")
        if idle_since is not None and time.monotonic() - idle_since >= _ASKED_AFTER_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error


def _postgresql(url: URL) -> Database:
    import asyncpg  # imported here: a server with SQLite has no use for it

    writer = create_async_engine(
        url,
        connect_args={"command_timeout": _STATEMENT_SECONDS, "server_settings": {"application_name": "insomnia-sync"}},
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=_POOL_SECONDS,
        isolation_level="READ COMMITTED",
        hide_parameters=True,
    )
    _look_at_checkout(writer.sync_engine)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(writer, reader, (asyncpg.PostgresError, asyncpg.InterfaceError))
