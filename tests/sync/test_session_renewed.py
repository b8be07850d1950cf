"""A sign-in or a sign-out that comes in between what still goes on with the session of before.

About services.sync_runner, sync_history and account_sessions, and account.operations.
"""

from __future__ import annotations

import threading
from asyncio import to_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from insomnia_desktop.account import devices
from insomnia_desktop.account.operations import AccountOperations
from insomnia_desktop.account.work import Work
from insomnia_desktop.app import container
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.sync_views import SyncState
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.sync.endings import SignedOutElsewhere
from insomnia_desktop.sync.history import History
from insomnia_desktop.sync.rounds import Rounds
from tests.support.desk import refused
from tests.support.sync_programs import EMAIL, PASSWORD, Program
from tests.support.sync_server import RunningServer

Start = Callable[[], Program]
_PATIENCE_S = 40.0


class One:
    """A program whose one workspace is synced."""

    def __init__(self, program: Program, server: RunningServer) -> None:
        self.program = program
        self.workspace = program.desk.workspace("Shop")
        self.request = program.desk.request(self.workspace, "List")
        program.create_account(server.address)
        program.wait(program.syncing.sync_once())

    @property
    def state(self) -> AccountState:
        return self.program.services.accounts.status().state


@pytest.fixture
def one(start: Start, server: RunningServer) -> One:
    return One(start(), server)


@contextmanager
def command_line(program: Program) -> Iterator[Services]:
    """Another process of the same data folder."""
    key_file = program.folder.root / "vault.key"
    services = container.build(program.folder, program.clock, Origin("cli", 2), key_file=key_file)
    try:
        services.accounts.warm_up().result(_PATIENCE_S)
        yield services
    finally:
        services.close()


def test_a_sign_in_of_the_command_line_outlives_a_round_of_the_window(one: One, server: RunningServer) -> None:
    window = one.program
    window.syncing.start()
    window.until(lambda: window.syncing.status().verified)
    with command_line(window) as cli:
        cli.accounts.sign_in(server=server.address, email=EMAIL, password=PASSWORD).future.result(_PATIENCE_S)
        window.syncing.wake()  # With the session of before, which the server knows no more.
        window.desk.set(one.request, name="Typed after that")
        settled = {SyncState.UP_TO_DATE, SyncState.SIGNED_OUT_ELSEWHERE}
        window.until(lambda: window.syncing.status().state in settled)
        assert (one.state, window.syncing.status().verified) == (AccountState.SIGNED_IN, True)
        # The keys are where they were put, and the background goes on with them.
        assert cli.syncing.sync_once().future.result(_PATIENCE_S).verified
        window.desk.set(one.request, name="Typed later")
        window.until(lambda: window.syncing.status().verified)


def test_a_late_answer_to_a_question_does_not_end_the_session_that_came_meanwhile(
    one: One, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answered, honest = threading.Event(), threading.Event(), History.device_names
    late = True

    async def device_names(history: History) -> dict[bytes, str]:
        nonlocal late
        if late:
            late = False
            asked.set()
            await to_thread(answered.wait, _PATIENCE_S)
            raise SignedOutElsewhere
        return await honest(history)

    monkeypatch.setattr(History, "device_names", device_names)
    question = one.program.syncing.history(one.request)
    assert asked.wait(_PATIENCE_S)
    one.program.sign_in(server.address)
    # Only with this the engine is the one of the new session.
    assert one.program.wait(one.program.syncing.history(one.request))
    answered.set()
    # It is asked once more: nobody was signed out.
    assert one.program.wait(question)
    assert one.state == AccountState.SIGNED_IN
    assert one.program.wait(one.program.syncing.sync_once()).verified


def test_a_late_answer_about_the_devices_does_not_end_the_session_that_came_meanwhile(
    one: One, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts, honest, tokens = one.program.services.accounts, devices.list_devices, []

    async def list_devices(api: Any, token: bytes) -> Any:
        tokens.append(token)
        if len(tokens) == 1:
            await (await accounts._operations()).unlock(password=PASSWORD, work=Work())
            raise KnownError("account.signed_out_elsewhere")
        return await honest(api, token)

    monkeypatch.setattr(devices, "list_devices", list_devices)
    assert len(one.program.wait(accounts.devices())) == 1
    assert one.state == AccountState.SIGNED_IN
    assert tokens[0] != tokens[1]


@pytest.mark.parametrize("ask", ["sync_once", "backup_now", "devices"])
def test_who_signs_out_in_the_middle_of_it_is_told_just_that(
    one: One, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    """The server ends the session before the sign-out is noted here: in between it looks like another device's deed."""
    asked, revoked, lost = threading.Event(), threading.Event(), threading.Event()
    give_back, lose, run, list_devices = (
        AccountOperations._give_back, AccountOperations.lose_session, Rounds.run, devices.list_devices,
    )  # fmt: skip

    def waiting(honest: Any) -> Any:
        async def ask(*given: Any, **named: Any) -> Any:
            asked.set()
            await to_thread(revoked.wait, _PATIENCE_S)
            return await honest(*given, **named)

        return ask

    async def give_back_and_wait(it: AccountOperations, *given: Any) -> None:
        await give_back(it, *given)
        revoked.set()
        await to_thread(lost.wait, _PATIENCE_S)

    async def lose_session(it: AccountOperations, token: bytes) -> None:
        lost.set()
        await lose(it, token)

    monkeypatch.setattr(Rounds, "run", waiting(run))
    monkeypatch.setattr(devices, "list_devices", waiting(list_devices))
    monkeypatch.setattr(AccountOperations, "_give_back", give_back_and_wait)
    monkeypatch.setattr(AccountOperations, "lose_session", lose_session)
    accounts = one.program.services.accounts
    deed: Any = accounts.devices() if ask == "devices" else getattr(one.program.syncing, ask)()
    assert asked.wait(_PATIENCE_S)
    one.program.wait(accounts.sign_out(remove_data=False))
    with refused("account.not_signed_in"):
        one.program.wait(deed)
    assert one.state == AccountState.SIGNED_OUT
