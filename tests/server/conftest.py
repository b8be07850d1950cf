"""Both databases: every test that asks for `database` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.server.database.opening import open_database
from tests.support import postgresql
from tests.support.clock import FixedClock
from tests.support.postgresql import PostgresServer
from tests.support.sync_desk import SyncDesk, sync_desk

_BINARIES = postgresql.binaries()
LEGS = ("sqlite", "postgresql") if _BINARIES else ("sqlite",)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on which databases the server was tested."""
    if _BINARIES is None:
        terminalreporter.write_line("No PostgreSQL on this machine (initdb, pg_ctl): the server ran on SQLite alone.")
    else:
        terminalreporter.write_line(f"The server ran on SQLite and on the PostgreSQL of {_BINARIES}.")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that runs for the whole session."""
    assert _BINARIES is not None
    with postgresql.running(_BINARIES) as server:
        yield server


@pytest.fixture(params=LEGS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """The address of an empty database, of each kind."""
    if request.param == "sqlite":
        return tmp_path / "server" / "server.sqlite"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.empty()


@pytest.fixture
def fresh(database: Path | str) -> Path | str:
    """A database that a server has begun, and that nobody uses yet."""

    async def begin() -> None:
        await (await open_database(database)).close()

    asyncio.run(begin())
    return database


@pytest.fixture
def desk(database: Path | str, clock: FixedClock) -> Iterator[SyncDesk]:
    """A server with its ordinary settings, on each kind of database."""
    with sync_desk(database, clock) as desk:
        yield desk
