"""Statements whose text is made once, on both databases: server.database.prepared."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from insomnia_desktop.server.database.opening import open_database
from insomnia_desktop.server.database.prepared import Prepared, is_pair, items_of
from insomnia_desktop.server.database.schema import invites

_NAMES = tuple(column.name for column in invites.c)
_ROWS = [(bytes([number]) * 32, number, 1000 + number) for number in range(1, 6)]
_PUT = Prepared(lambda *_: invites.insert())
_AMONG = Prepared(
    lambda _, count: (
        select(invites.c.created_at)
        .where(invites.c.key_hash.in_(items_of(invites.c.key_hash, count)), invites.c.created_at > bindparam("above"))
        .order_by(invites.c.created_at)
    )
)
_PAIRED = Prepared(
    lambda _, count: (
        select(invites.c.key_hash)
        .where(is_pair(invites.c.created_at, invites.c.expires_at, count))
        .order_by(invites.c.created_at)
    )
)
# With values that stand in the statement itself.
_SUM = Prepared(lambda *_: select(func.coalesce(func.sum(invites.c.created_at), 0) + 7))
_MOVE = Prepared(
    lambda *_: (
        update(invites)
        .where(invites.c.created_at == bindparam("at"))
        .values(expires_at=bindparam("to"))
        .returning(invites.c.key_hash)
    )
)
_DELETE = Prepared(
    lambda _, count: delete(invites).where(invites.c.created_at.in_(items_of(invites.c.created_at, count)))
)


def within(address: Path | str, work: Callable[[Connection], Any]) -> Any:
    """Do the work in a transaction of the database, with some rows in its table."""

    def filled(connection: Connection) -> Any:
        _PUT.run_many(connection, iter(_ROWS), _NAMES)
        return work(connection)

    async def do() -> Any:
        database = await open_database(address)
        try:
            return await database.run_write(filled)
        finally:
            await database.close()

    return asyncio.run(do())


@pytest.mark.parametrize("count", [1, 2, 4])
def test_items_are_found_however_many_there_are(fresh: Path | str, count: int) -> None:
    def work(connection: Connection) -> list[int]:
        items = [row[0] for row in _ROWS[:count]]
        return [row[0] for row in _AMONG.run(connection, {"above": 1}, items)]

    assert within(fresh, work) == list(range(2, count + 1))


def test_one_text_serves_for_other_values(fresh: Path | str) -> None:
    def work(connection: Connection) -> list[list[int]]:
        return [
            [row[0] for row in _AMONG.run(connection, {"above": above}, [row[0] for row in _ROWS[first : first + 2]])]
            for above, first in ((0, 0), (0, 2), (4, 3))
        ]

    assert within(fresh, work) == [[1, 2], [3, 4], [5]]


def test_pairs_are_found_as_pairs(fresh: Path | str) -> None:
    def work(connection: Connection) -> list[bytes]:
        return [bytes(row[0]) for row in _PAIRED.run(connection, {}, [(1, 1001), (2, 1003), (3, 1003)])]

    assert within(fresh, work) == [_ROWS[0][0], _ROWS[2][0]]


def test_what_stands_in_the_statement_is_not_asked_for(fresh: Path | str) -> None:
    assert within(fresh, lambda connection: _SUM.run(connection, {}).scalar_one()) == 1 + 2 + 3 + 4 + 5 + 7


def test_what_is_changed_and_deleted_is_told(fresh: Path | str) -> None:
    def work(connection: Connection) -> tuple[list[bytes], int, int]:
        moved = [bytes(row[0]) for row in _MOVE.run(connection, {"at": 2, "to": 9})]
        gone = _DELETE.run(connection, {}, [1, 2, 77]).rowcount
        return moved, gone, _SUM.run(connection, {}).scalar_one()

    assert within(fresh, work) == ([_ROWS[1][0]], 2, 3 + 4 + 5 + 7)


def test_a_row_that_is_there_is_refused(fresh: Path | str) -> None:
    with pytest.raises(IntegrityError):
        within(fresh, lambda connection: _PUT.run_many(connection, _ROWS[:1], _NAMES))


def test_names_in_another_order_are_a_bug(fresh: Path | str) -> None:
    with pytest.raises(AssertionError):
        within(fresh, lambda connection: _PUT.run_many(connection, _ROWS[:1], _NAMES[::-1]))
