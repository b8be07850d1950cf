"""The schema and its steps.

Covers server.database.schema, database.migrations, migrations.upgrade and migrations.m0001_accounts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from insomnia_desktop.server.database import migrations
from insomnia_desktop.server.database.engine import connect
from insomnia_desktop.server.database.migrations import current, upgrade
from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.database.schema import metadata
from insomnia_desktop.server.operator_errors import OperatorError

T = TypeVar("T")


def inside(address: Path | str, work: Callable[[Connection], T]) -> T:
    """Do something in a transaction of a database that nobody has prepared."""

    async def do() -> T:
        database = connect(address)
        try:
            async with database.write() as connection:
                return await connection.run_sync(work)
        finally:
            await database.close()

    return asyncio.run(do())


def opened(address: Path | str) -> None:
    """Open and close a database."""

    async def do() -> None:
        await (await open_database(address)).close()

    asyncio.run(do())


def test_the_steps_make_the_tables_of_the_schema(database: Path | str) -> None:
    opened(database)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, metadata))

    assert inside(database, differences) == []
    assert inside(database, current) == migrations.NEWEST


def test_the_list_of_steps_is_the_steps() -> None:
    assert tuple(step.revision for step in upgrade.STEPS) == migrations.KNOWN
    before = (None, *migrations.KNOWN)
    assert [step.down_revision for step in upgrade.STEPS] == list(before[:-1])


def test_a_second_opening_changes_nothing(database: Path | str) -> None:
    opened(database)
    opened(database)
    assert inside(database, current) == migrations.NEWEST


def test_two_that_open_at_once_make_the_tables_once(database: Path | str) -> None:
    async def both() -> None:
        async with asyncio.TaskGroup() as tasks:
            made = [tasks.create_task(open_database(database)) for _ in range(3)]
        for task in made:
            await task.result().close()

    asyncio.run(both())
    assert inside(database, current) == migrations.NEWEST


def test_a_step_that_fails_leaves_the_database_empty(database: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    step = upgrade.STEPS[-1]
    whole = step.upgrade

    def half() -> None:
        whole()
        raise LookupError

    monkeypatch.setattr(step, "upgrade", half)
    with pytest.raises(LookupError):
        opened(database)
    monkeypatch.undo()
    assert inside(database, current) is None
    opened(database)


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (["CREATE TABLE somebodys (x INTEGER)"], "database.not_ours"),
        (["CREATE TABLE alembic_version (version_num VARCHAR(32))", "INSERT INTO alembic_version VALUES ('0001')"],
         "database.not_ours"),
        (["CREATE TABLE alembic_version (version_num VARCHAR(32))", "INSERT INTO alembic_version VALUES ('9999')",
          "CREATE TABLE server (x INTEGER)"], "database.newer_version"),
    ],
)  # fmt: skip
def test_another_programs_database_and_a_newer_one_are_left_alone(
    database: Path | str, statements: list[str], code: str
) -> None:
    def prepare(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    if isinstance(database, Path):
        database.parent.mkdir()
    inside(database, prepare)
    with pytest.raises(OperatorError) as caught:
        opened(database)
    assert caught.value.code == code


def test_an_empty_book_is_an_empty_database(database: Path | str) -> None:
    def prepare(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))

    if isinstance(database, Path):
        database.parent.mkdir()
    inside(database, prepare)
    opened(database)
    assert inside(database, current) == migrations.NEWEST


def test_handshakes_are_not_logged_by_postgresql(database: Path | str) -> None:
    opened(database)
    if isinstance(database, str):
        query = "SELECT relpersistence FROM pg_class WHERE relname = 'srp_handshakes'"
        found = inside(database, lambda connection: connection.execute(text(query)).scalar_one())
        assert found in ("u", b"u")
