"""sync.engine and sync.round_lock: when a round begins, what a failure leaves, and one round at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from insomnia_desktop.base.clock import Clock, SystemClock
from insomnia_desktop.sync.endings import SignedOutElsewhere
from insomnia_desktop.sync.engine import SyncEngine
from insomnia_desktop.sync.round_lock import RoundLock
from insomnia_desktop.sync.rounds import RoundOutcome
from tests.support.clock import FixedClock
from tests.support.desk import refused
from tests.support.sync_devices import SyncDevice, SyncPlace

Deliver = Callable[[], Awaitable[httpx.Response]]


class Engine:
    """An engine of a device, and what it told."""

    def __init__(self, device: SyncDevice, lock_file: Path, clock: Clock | None = None) -> None:
        self.outcomes: list[RoundOutcome] = []
        self.signed_out = 0
        self.account_changed = 0
        self.reached = 0
        self.stirred = asyncio.Event()
        self.engine = SyncEngine(
            device.store,
            device.session,
            RoundLock(lock_file),
            clock or SystemClock(),
            account_rev=10**6,
            changed=self.stirred.set,
            finished=self._finished,
            signed_out=self._signed_out,
            account_changed=self._account_changed,
            reach=self._reach,
        )

    async def until(self, fact: Callable[[], bool]) -> None:
        """Wait until something is so."""
        async with asyncio.timeout(30):
            while not fact():
                self.stirred.clear()
                await self.stirred.wait()

    async def end(self, background: asyncio.Task[None]) -> None:
        """End what runs in the background, and must have run until now."""
        assert not background.done()
        background.cancel()
        with pytest.raises(asyncio.CancelledError):
            await background

    async def _finished(self, outcome: RoundOutcome, asked: bool) -> None:
        self.outcomes.append(outcome)
        self.stirred.set()

    def _signed_out(self) -> None:
        self.signed_out += 1

    def _account_changed(self) -> None:
        self.account_changed += 1

    async def _reach(self) -> None:
        self.reached += 1


def test_one_round_at_a_time_in_a_data_folder(tmp_path: Path) -> None:
    async def run() -> None:
        mine, theirs = RoundLock(tmp_path / "lock"), RoundLock(tmp_path / "lock")
        async with mine.held(0.0):
            with refused("sync.busy"):
                async with theirs.held(0.1):
                    raise AssertionError
            waiting = asyncio.get_running_loop().create_task(_hold(theirs))
            await asyncio.sleep(0)
            assert not waiting.done()
        assert await waiting
        with refused("store.folder_read_only"):
            await _hold(RoundLock(tmp_path / "no" / "lock"))

    asyncio.run(run())


async def _hold(lock: RoundLock) -> bool:
    async with lock.held(20.0):
        return True


def test_rounds_in_the_background_follow_edits_and_failures(place: SyncPlace, tmp_path: Path) -> None:
    device, other = place.device(), place.device()
    workspace = device.desk.workspace("Shop")
    device.sync()

    async def run() -> None:
        made = Engine(device, tmp_path / "lock")
        background = asyncio.get_running_loop().create_task(made.engine.run_in_background())
        # The first round begins at once.
        await made.until(lambda: len(made.outcomes) == 1)
        device.desk.request(workspace, "Typed")
        made.engine.edited()
        await made.until(lambda: any(outcome.tally.pushed for outcome in made.outcomes))

        async def unreachable(
            request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]
        ) -> httpx.Response:
            raise httpx.ConnectError("no network", request=request)

        device.wire.carry = unreachable
        made.engine.wake()
        await made.until(lambda: made.engine.state.problem is not None)
        assert made.engine.state.problem is not None
        assert made.engine.state.problem.code == "account.server_unreachable"
        assert made.engine.state.next_try_in is not None
        assert made.reached == 0
        device.wire.carry = None
        made.engine.wake()
        await made.until(lambda: made.engine.state.problem is None)
        # What leads to the server was looked after, once there was a failure.
        assert made.reached > 0
        await made.end(background)

    place.server.run(run())
    other.sync()
    assert other.desk.names(workspace) == ["Typed"]


def test_coming_back_to_the_window_begins_a_round(place: SyncPlace, tmp_path: Path) -> None:
    device = place.device()
    device.desk.workspace("Shop")
    clock = FixedClock()

    async def run() -> None:
        made = Engine(device, tmp_path / "lock", clock)
        background = asyncio.get_running_loop().create_task(made.engine.run_in_background())
        await made.until(lambda: made.engine.state.outcome is not None)
        await made.until(lambda: not made.engine.state.running)
        begun = len(made.outcomes)
        clock.advance(20_000)
        made.engine.set_focused(True)
        await made.until(lambda: len(made.outcomes) > begun)
        await made.end(background)

    place.server.run(run())


def test_a_session_that_is_over_ends_the_background(place: SyncPlace, tmp_path: Path) -> None:
    device = place.device()
    token = device.signed.token
    assert place.server.ask("DELETE", f"/v1/devices/{_own_id(device)}", token=token).status_code == 204

    async def run() -> None:
        made = Engine(device, tmp_path / "lock")
        async with asyncio.timeout(30):
            await made.engine.run_in_background()
        assert made.signed_out == 1
        with pytest.raises(SignedOutElsewhere):
            await made.engine.round()

    place.server.run(run())


def _own_id(device: SyncDevice) -> str:
    from insomnia_desktop.protocol.binary import encode

    return encode(device.signed.device.id)
