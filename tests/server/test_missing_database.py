"""What there is not is not made by a command that only looks at it: server.operations and database.opening."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.server import operations
from insomnia_desktop.server.operator_errors import OperatorError
from tests.support.clock import FixedClock


def refused(coroutine: Coroutine[Any, Any, object]) -> str:
    """Return the code of the error that a coroutine ends with."""
    with pytest.raises(OperatorError) as caught:
        asyncio.run(coroutine)
    assert "{" not in caught.value.sentence
    return caught.value.code


@pytest.mark.parametrize("command", ["accounts", "delete", "backup", "check"])
def test_a_database_that_is_not_there_is_told(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "folder"
    assert refused(_doing(command, folder / "server.sqlite", tmp_path)) == "database.missing"
    assert not folder.exists()
    folder.mkdir()
    assert refused(_doing(command, folder / "server.sqlite", tmp_path)) == "database.missing"
    assert list(folder.iterdir()) == []


def test_an_empty_one_stays_empty(database: Path | str, tmp_path: Path) -> None:
    if isinstance(database, Path):
        database.parent.mkdir()
        database.touch()
    for command in ("accounts", "delete", "backup", "check"):
        assert refused(_doing(command, database, tmp_path)) == "database.empty"
    assert not (tmp_path / "backup").exists()


def test_an_invitation_and_a_restore_begin_one(fresh: Path | str, tmp_path: Path, clock: FixedClock) -> None:
    asyncio.run(operations.back_up(fresh, tmp_path / "backup"))
    asyncio.run(operations.invite(tmp_path / "one" / "server.sqlite", clock))
    assert asyncio.run(operations.check(tmp_path / "one" / "server.sqlite"))["invites"] == 1
    asyncio.run(operations.restore(tmp_path / "two" / "server.sqlite", tmp_path / "backup"))
    assert asyncio.run(operations.check(tmp_path / "two" / "server.sqlite"))["server"] == 1


def _doing(command: str, database: Path | str, folder: Path) -> Coroutine[Any, Any, object]:
    if command == "accounts":
        return operations.list_accounts(database)
    if command == "delete":
        return operations.delete_account(database, "x@example.com")
    if command == "backup":
        return operations.back_up(database, folder / "backup")
    return operations.check(database)
