"""From a database with accounts alone to one with groups: server.database.migrations.m0002_groups."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from insomnia_desktop.server.database.migrations import current
from insomnia_desktop.server.database.opening import open_database
from tests.server.conftest import LEGS
from tests.support.clock import FixedClock
from tests.support.postgresql import PostgresServer
from tests.support.sync_desk import sync_desk
from tests.support.sync_groups import Workspace
from tests.support.sync_people import person


def test_accounts_and_sessions_of_before_go_on(database: Path | str, clock: FixedClock) -> None:
    with sync_desk(database, clock) as desk:
        signed = desk.sign_in(desk.sign_up(person()))

        def back(connection: Connection) -> None:
            for table in ("chores", "revisions", "resources", "wraps", "members", "groups"):
                connection.execute(text(f"DROP TABLE {table}"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

        desk.run(desk.context.database.run_write(back))
    with sync_desk(database, clock) as desk:
        assert desk.run(desk.context.database.run_read(current)) == "0002"
        group = Workspace(desk, signed)
        group.stored(group.change())
        assert len(group.everything()) == 1


@pytest.mark.skipif("postgresql" not in LEGS, reason="needs a PostgreSQL")
def test_blobs_are_stored_as_they_are_by_postgresql(postgres: PostgresServer) -> None:
    database = postgres.empty()

    async def look() -> list[tuple[str, str]]:
        opened = await open_database(database)
        try:
            query = (
                "SELECT relname, attstorage::text FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid "
                "WHERE attname = 'blob' AND relname IN ('resources', 'revisions') ORDER BY relname"
            )
            found = await opened.run_read(lambda connection: connection.execute(text(query)).all())
            return [(row[0], row[1]) for row in found]
        finally:
            await opened.close()

    # "e" is EXTERNAL: beside the row and not compressed, which would be for nothing.
    assert asyncio.run(look()) == [("resources", "e"), ("revisions", "e")]
