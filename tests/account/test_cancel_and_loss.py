"""Deeds that are cancelled at each step, and answers that are lost at each: services.deeds, account.work, repeating."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.limits import ITERATIONS_MIN
from insomnia_desktop.services.account_views import AccountDeed, AccountState, ServerPlace
from tests.support.account_desk import (
    EMAIL,
    NEW_PASSWORD,
    PASSWORD,
    AccountDesk,
    CancelAt,
    account_desk,
    prepared_account,
    refused,
    wait,
)
from tests.support.hostile_server import BREAK_OFF, Lie, hostile_server

SIGN_UP, S, A, M1 = "/auth/signup", "/auth/login-s", "/auth/login-a", "/auth/login-m1"
ACCOUNT, VERSION, CREDENTIALS, RECOVERY = (
    "/v1/account",
    "/v1/version",
    "/v1/account/credentials",
    "/v1/account/recovery",
)
DEEDS: dict[str, tuple[tuple[str, ...], Callable[[AccountDesk, str, CancelAt | None], AccountDeed[Any]]]] = {
    "create": (
        ("connecting", "deriving", "making_keys", "checking", "proving", "storing"),
        lambda desk, server, steps: desk.accounts.create(
            place=ServerPlace("there", server), email=EMAIL, name="", password=PASSWORD, on_progress=steps
        ),
    ),
    "sign_in": (
        ("connecting", "deriving", "proving", "checking", "storing"),
        lambda desk, server, steps: desk.accounts.sign_in(
            server=server, email=EMAIL, password=PASSWORD, on_progress=steps
        ),
    ),
    "change_password": (
        ("connecting", "deriving", "proving", "checking", "storing"),
        lambda desk, server, steps: desk.accounts.change_password(
            password=PASSWORD, new_password=NEW_PASSWORD, on_progress=steps
        ),
    ),
    "recover": (
        ("connecting", "checking", "deriving", "storing"),
        lambda desk, server, steps: desk.accounts.recover(
            server=server,
            email=EMAIL,
            recovery_key=prepared_account().recovery_text or "",
            new_password=NEW_PASSWORD,
            before_sending=lambda key: None,
            on_progress=steps,
        ),
    ),
}


def lost_after(times: int) -> Lie:
    """Return a lie that loses so many answers, and is honest from then on."""
    left = [times]

    def lie(honest: dict[str, Any]) -> dict[str, Any] | bytes:
        left[0] -= 1
        return BREAK_OFF if left[0] >= 0 else honest

    return lie


def ended(deed: AccountDeed[Any]) -> bool:
    """Wait for a deed; say whether it has a result, False where it was cancelled."""
    try:
        deed.future.result(60)
    except CancelledError:
        return False
    return True


@pytest.mark.parametrize(("name", "step"), [(name, step) for name, (steps, _) in DEEDS.items() for step in steps])
def test_cancel_works_at_every_step(tmp_path: Path, name: str, step: str) -> None:
    begin = DEEDS[name][1]
    account = None if name == "create" else prepared_account()
    with account_desk(tmp_path / "a") as desk, hostile_server(account) as (_, address):
        if name == "change_password":
            desk.sign_in(address)
        before = desk.accounts.status().state
        steps = CancelAt(step)
        has_result = ended(steps.begin(begin(desk, address, steps)))
        assert step in steps.steps
        # What is being stored is stored whole, and the deed then has its result.
        assert not has_result or step == "storing"
        assert desk.accounts.status().state in (before, AccountState.SIGNED_IN)
        # What stands half done is in nobody's way.
        again = begin(desk, address, None)
        if name in ("create", "change_password", "recover") and has_result:
            return
        assert ended(again)


@pytest.mark.parametrize("path", [VERSION, S, A, M1, ACCOUNT])
def test_no_network_in_the_middle_of_a_sign_in(tmp_path: Path, path: str) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        server.lies[path] = lambda honest: BREAK_OFF
        error = refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD))
        assert error.code == "account.server_unreachable"
        assert (desk.row, desk.folder.keys_file.exists()) == (None, False)
        server.lies = {}
        desk.sign_in(address)


@pytest.mark.parametrize("path", [SIGN_UP, S, A, M1, ACCOUNT])
def test_a_sign_up_whose_answer_is_lost_is_the_same_one_at_the_next_try(tmp_path: Path, path: str) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server() as (server, address):
        server.lies[path] = lost_after(1)
        place = ServerPlace("there", address)
        deed = desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD)
        assert refused(deed).code == "account.server_unreachable"
        sent = server.bodies[server.asked.index(SIGN_UP)]
        assert desk.accounts.status().state == AccountState.SIGNED_OUT
        created = wait(desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD))
        assert [body for path, body in zip(server.asked, server.bodies, strict=True) if path == SIGN_UP] == [sent, sent]
        assert created.recovery_key


def test_another_password_at_the_next_try_is_another_sign_up(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server() as (server, address):
        server.lies[SIGN_UP] = lost_after(1)
        place = ServerPlace("there", address)
        refused(desk.accounts.create(place=place, email=EMAIL, name="", password=PASSWORD))
        wait(desk.accounts.create(place=place, email=EMAIL, name="", password=NEW_PASSWORD))
        bodies = [body for path, body in zip(server.asked, server.bodies, strict=True) if path == SIGN_UP]
        assert len(set(bodies)) == 2


def test_another_account_in_the_answer_to_a_sign_up_is_refused(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server() as (server, address):
        server.lies[SIGN_UP] = lambda honest: {**honest, "account_id": encode(bytes(16))}
        deed = desk.accounts.create(place=ServerPlace("there", address), email=EMAIL, name="", password=PASSWORD)
        assert refused(deed).code == "account.server_not_authentic"


def test_a_change_of_password_whose_answer_is_lost_once(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        server.lies[CREDENTIALS] = lost_after(1)
        wait(desk.accounts.change_password(password=PASSWORD, new_password=NEW_PASSWORD))
        first, second = [body for path, body in zip(server.asked, server.bodies, strict=True) if path == CREDENTIALS]
        assert first == second
        desk.sign_in(address, NEW_PASSWORD)


def test_a_change_of_password_whose_answers_are_all_lost(tmp_path: Path) -> None:
    """The server took it, and nobody here knows: at the next try it shows."""
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        server.lies[CREDENTIALS] = lost_after(2)
        begin = DEEDS["change_password"][1]
        assert refused(begin(desk, address, None)).code == "account.server_unreachable"
        assert wait(begin(desk, address, None)).state == AccountState.SIGNED_IN
        # From now on a wrong password is one.
        assert refused(begin(desk, address, None)).code == "account.wrong_credentials"


def test_a_recovery_whose_answer_is_lost_but_was_taken(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        server.lies["/auth/recover-b"] = lost_after(1)
        given: list[str] = []
        deed = desk.accounts.recover(
            server=address,
            email=EMAIL,
            recovery_key=prepared_account().recovery_text or "",
            new_password=NEW_PASSWORD,
            before_sending=given.append,
        )
        assert [wait(deed)] == given
        assert desk.accounts.status().state == AccountState.SIGNED_OUT
        # It does not sign in: the session by which it found out was given back.
        assert server.asked[-1].startswith("/v1/devices/")
        desk.sign_in(address, NEW_PASSWORD)


def test_a_recovery_that_never_arrived(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        made = server.sign_up

        def lie(honest: dict[str, Any]) -> bytes:
            server.sign_up = made
            return BREAK_OFF

        server.lies["/auth/recover-b"] = lie
        assert refused(DEEDS["recover"][1](desk, address, None)).code == "account.server_unreachable"
        server.lies = {}
        wait(DEEDS["recover"][1](desk, address, None))


@pytest.mark.parametrize("name", ["recovery wrap", "account"])
def test_a_recovery_checks_the_account_before_it_sends(tmp_path: Path, name: str) -> None:
    def lie(honest: dict[str, Any]) -> dict[str, Any]:
        if name == "account":
            return {**honest, "account": {**honest["account"], "ed25519_public": encode(bytes(32))}}
        return {**honest, "recovery_wrap": encode(b"\x01" + bytes(60))}

    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        server.lies["/auth/recover-a"] = lie
        given: list[str] = []
        deed = desk.accounts.recover(
            server=address,
            email=EMAIL,
            recovery_key=prepared_account().recovery_text or "",
            new_password=NEW_PASSWORD,
            before_sending=given.append,
        )
        assert refused(deed).code == "account.server_not_authentic"
        assert given == []
        assert "/auth/recover-b" not in server.asked


def test_a_deletion_whose_answer_is_lost(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        deletes = [0]

        def lie(honest: dict[str, Any]) -> dict[str, Any] | bytes:
            deletes[0] += server.deleted
            return BREAK_OFF if deletes[0] == 1 else honest

        server.lies[ACCOUNT] = lie
        assert wait(desk.accounts.delete(password=PASSWORD)).state == AccountState.SIGNED_OUT
        assert desk.row is None


def test_a_raise_of_the_iterations_that_fails_leaves_the_sign_in(tmp_path: Path) -> None:
    few = prepared_account(ITERATIONS_MIN)
    with account_desk(tmp_path / "a") as desk, hostile_server(few) as (server, address):
        server.lies[CREDENTIALS] = lambda honest: BREAK_OFF
        desk.sign_in(address)
        pin = desk.pin(address)
        assert pin is not None
        assert pin.iterations == ITERATIONS_MIN
        assert desk.accounts.status().state == AccountState.SIGNED_IN


def test_a_new_recovery_key_is_made_once_more_where_its_answer_was_lost(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        server.lies[RECOVERY] = lost_after(1)
        assert wait(desk.accounts.make_recovery_key(password=PASSWORD))
        assert server.asked.count(RECOVERY) == 2


def test_closing_ends_what_runs(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (_, address):
        steps = CancelAt("never")
        deed = DEEDS["sign_in"][1](desk, address, steps)
        desk.accounts.close()
        with pytest.raises(CancelledError):
            deed.future.result(60)
        deed.cancel()
