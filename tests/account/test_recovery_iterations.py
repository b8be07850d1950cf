"""How dear guessing is after a recovery: account.recovery never lowers the iteration count, whatever a server says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.crypto.sign_up import NewAccount
from insomnia_desktop.protocol.limits import ITERATIONS_DEFAULT, ITERATIONS_MAX, ITERATIONS_MIN
from insomnia_desktop.services.account_views import AccountDeed
from tests.support.account_desk import (
    EMAIL,
    NEW_PASSWORD,
    AccountDesk,
    account_desk,
    prepared_account,
    refused,
    wait,
)
from tests.support.hostile_server import HostileServer, Lie, hostile_server


def _account(made_with: int = ITERATIONS_DEFAULT) -> NewAccount:
    return prepared_account(made_with)


def iterations(count: int) -> Lie:
    """Return a lie about the iteration count of the account."""

    def lie(honest: dict[str, Any]) -> dict[str, Any]:
        honest["account"]["kdf"]["iters"] = count
        return honest

    return lie


def _recover(desk: AccountDesk, address: str, made_with: int = ITERATIONS_DEFAULT) -> AccountDeed[str]:
    return desk.accounts.recover(
        server=address,
        email=EMAIL,
        recovery_key=_account(made_with).recovery_text or "",
        new_password=NEW_PASSWORD,
        before_sending=lambda key: None,
    )


def _sent(server: HostileServer) -> int:
    (sent,) = (
        json.loads(body)["kdf"]["iters"]
        for path, body in zip(server.asked, server.bodies, strict=True)
        if path == "/auth/recover-b"
    )
    return int(sent)


@pytest.mark.parametrize(
    ("told", "sent"),
    [(1_100_001, 1_100_001), (ITERATIONS_DEFAULT, ITERATIONS_DEFAULT), (ITERATIONS_MIN, ITERATIONS_DEFAULT)],
)
def test_a_device_that_never_met_the_account_keeps_its_count(tmp_path: Path, told: int, sent: int) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(_account()) as (server, address):
        server.lies["/auth/recover-a"] = iterations(told)
        wait(_recover(desk, address))
        assert _sent(server) == sent


@pytest.mark.parametrize("told", [0, ITERATIONS_MIN - 1, ITERATIONS_MAX + 1, 2**53 - 1])
def test_a_count_outside_of_the_range_ends_the_recovery(tmp_path: Path, told: int) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(_account()) as (server, address):
        server.lies["/auth/recover-a"] = iterations(told)
        assert refused(_recover(desk, address)).code == "account.server_not_authentic"
        assert "/auth/recover-b" not in server.asked


def test_what_is_pinned_here_is_not_undercut_either(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(_account(1_050_001)) as (server, address):
        desk.sign_in(address)
        server.lies["/auth/recover-a"] = iterations(ITERATIONS_MIN)
        wait(_recover(desk, address, 1_050_001))
        assert _sent(server) == 1_050_001
