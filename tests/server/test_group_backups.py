"""Groups through a backup and a restore, and what `check` says of damaged ones.

Covers server.database.group_soundness, server.backups and operations.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from insomnia_desktop.server import operations
from insomnia_desktop.server.operator_errors import OperatorError
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, sync_desk
from tests.support.sync_groups import Known, Workspace, heads
from tests.support.sync_people import person


def test_a_restored_server_has_its_rows_and_another_epoch(
    database: Path | str, clock: FixedClock, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    with sync_desk(database, clock) as desk:
        group = Workspace(desk, desk.sign_in(desk.sign_up(person())))
        (known, dead) = group.stored(group.change(size=4000), group.change())
        known = group.grow(known, 2)
        group.stored(group.change(dead, deleted=True))
        before, page = heads(desk, group.signed), group.page()
        history = group.revisions(known.id)
        desk.run(operations.back_up(database, backup))
        newer = group.grow(known, 1)
        group.stored(group.change())
    asyncio.run(operations.restore(database, backup))
    with sync_desk(database, clock) as desk:
        group = Workspace(desk, group.signed, group.id)
        after = heads(desk, group.signed)
        assert after.server_epoch != before.server_epoch
        assert after.groups == before.groups
        restored = group.page()
        assert restored.server_epoch == after.server_epoch
        assert restored.rows == page.rows
        assert group.revisions(known.id) == history
        assert group.ask_revision(known.id, 1).status_code == 200
        # What the device pushed since is a version of a past that the server has forgotten.
        assert group.results(group.change(newer))[0].result == "conflict"
        assert group.results(group.change(Known(known.id, known.version, known.rev_hash)))[0].result == "ok"
        desk.run(operations.check(database))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE groups SET live = live + 1", "counts its rows wrongly"),
        ("UPDATE groups SET bytes = bytes - 1", "counts its rows wrongly"),
        ("UPDATE groups SET digest = head_digest", "counts its rows wrongly"),
        ("UPDATE groups SET head_seq = 1", "has a row beyond its head"),
        ("UPDATE groups SET floor_seq = 99", "has a row beyond its head"),
        ("UPDATE groups SET empty_since = 1", "is wrong about being empty"),
        ("DELETE FROM members", "has no member"),
        ("DELETE FROM wraps", "has no key"),
        ("UPDATE resources SET deleted = NOT deleted", "is another one than its hash says"),
        ("UPDATE resources SET version = version + 1", "is another one than its hash says"),
        ("UPDATE resources SET author = resource_id", "is another one than its hash says"),
        ("UPDATE resources SET size = 1", "is another one than its hash says"),
        ("UPDATE resources SET blob = prev", "is another one than its hash says"),
        ("UPDATE revisions SET size = size + 1", "counts its rows wrongly"),
        ("DELETE FROM resources", "counts its rows wrongly"),
    ],
)
def test_a_damaged_group_is_told(database: Path | str, clock: FixedClock, statement: str, fault: str) -> None:
    with sync_desk(database, clock) as desk:
        group = Workspace(desk, desk.sign_in(desk.sign_up(person())))
        (known, _) = group.stored(group.change(), group.change())
        group.grow(known, 1)
        desk.run(operations.check(database))

        async def damage() -> None:
            async with desk.context.database.write() as connection:
                if "head_digest" in statement:
                    values = {"digest": bytes(32)}
                    await connection.execute(text("UPDATE groups SET digest = :digest"), values)
                else:
                    await connection.execute(text(statement))

        desk.run(damage())
        with pytest.raises(OperatorError) as caught:
            desk.run(operations.check(database))
    assert caught.value.code == "check.failed"
    assert fault in caught.value.sentence


def test_a_deleted_account_leaves_nothing(database: Path | str, clock: FixedClock) -> None:
    with sync_desk(database, clock) as desk:
        signed: list[Signed] = [desk.sign_in(desk.sign_up(person(f"{name}@example.com"))) for name in ("a", "b")]
        for each in signed:
            group = Workspace(desk, each)
            (known,) = group.stored(group.change())
            group.grow(known, 1)
        desk.run(operations.delete_account(database, "a@example.com"))
        left = desk.run(operations.check(database))
    names = ("accounts", "groups", "members", "wraps", "resources", "revisions")
    assert [left[name] for name in names] == [1] * 6
