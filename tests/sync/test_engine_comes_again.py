"""What a round was begun for comes again by itself: cancelled, failed, or told of while it waited for its turn.

The server's stream is up throughout: then nobody asks from time to time, and what is forgotten stays so.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from insomnia_desktop.sync import pacing
from insomnia_desktop.sync.round_lock import RoundLock
from tests.support.clock import FixedClock
from tests.support.desk import refused
from tests.support.sync_devices import SyncDevice, SyncPlace
from tests.sync.test_engine import Engine


class Hints(httpx.AsyncByteStream):
    """A stream of events that says what a test wants."""

    def __init__(self) -> None:
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self.opened = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self.opened.set()
        while True:
            yield await self._chunks.get()
            # Whoever asks for the next one has taken this one in.
            self._chunks.task_done()

    async def say(self) -> None:
        """Tell that something is new, and wait until that was heard."""
        self._chunks.put_nowait(b'event: head\ndata: {"g":"AAAAAAAAAAAAAAAAAAAAAA","seq":1}\n\n')
        await self._chunks.join()


class WatchedLock(RoundLock):
    """A lock that tells how many hold it or wait for it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._there = 0
        self._changed = asyncio.Condition()

    @asynccontextmanager
    async def held(self, patience: float) -> AsyncIterator[None]:
        await self._come(1)
        try:
            async with super().held(patience):
                yield
        finally:
            await self._come(-1)

    async def there(self, number: int) -> None:
        """Wait until so many hold it or wait for it."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(lambda: self._there == number)

    async def _come(self, more: int) -> None:
        async with self._changed:
            self._there += more
            self._changed.notify_all()


class Background:
    """An engine in the background with a stream, at rest, by a clock that the test moves."""

    def __init__(self, device: SyncDevice, lock_file: Path) -> None:
        self.clock = FixedClock()
        self.made = Engine(device, lock_file, self.clock)
        self.engine = self.made.engine
        self.outcomes = self.made.outcomes
        self.lock = self.engine._lock = WatchedLock(lock_file)
        self.hints = Hints()
        self.arrived = asyncio.Event()
        self.halting = ""
        self.failing = ""
        self._device = device
        self._device.wire.carry = self._carry

    @property
    def due(self) -> float:
        """When the next round begins, in seconds from now."""
        pace = self.engine._pacing
        return pace.next_round(focused=False, streaming=self.engine._streaming) - self.clock.monotonic()

    def pass_time(self, seconds: float) -> None:
        """Let time pass, which a clock that stands still does not tell anybody of."""
        self.clock.advance(round(seconds * 1000))
        self.engine.set_focused(False)

    async def rest(self) -> None:
        """Wait until no round is due any more, whatever else happens."""
        await self.hints.opened.wait()
        while True:
            await self.made.until(lambda: bool(self.outcomes) and not self.engine.state.running)
            await self.lock.there(0)
            if self.due == math.inf:
                return
            self.pass_time(max(0.0, self.due))
            await asyncio.sleep(0)

    async def _carry(self, request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        place = request.url.path.rpartition("/")[2]
        if place == "events":
            return httpx.Response(200, headers={"content-type": "text/event-stream"}, stream=self.hints)
        if place == self.failing:
            raise httpx.ConnectError("no network", request=request)
        if place == self.halting:
            self.arrived.set()
            await asyncio.Event().wait()
        return await deliver()


@asynccontextmanager
async def background(device: SyncDevice, lock_file: Path) -> AsyncIterator[Background]:
    """Run an engine in the background."""
    made = Background(device, lock_file)
    task = asyncio.get_running_loop().create_task(made.engine.run_in_background())
    try:
        await made.rest()
        yield made
    finally:
        device.wire.carry = None
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_what_a_cancelled_backup_was_to_send_is_sent_by_itself(place: SyncPlace, tmp_path: Path) -> None:
    device, other = place.device(), place.device()
    workspace = device.desk.workspace("Shop")
    device.sync()

    async def run() -> None:
        async with background(device, tmp_path / "lock") as made:
            device.desk.request(workspace, "Typed")
            made.engine.edited()
            made.halting = "push"
            backup = asyncio.get_running_loop().create_task(made.engine.round(recompute=True))
            await made.arrived.wait()
            backup.cancel()
            with pytest.raises(asyncio.CancelledError):
                await backup
            made.halting = ""
            # Not at once: who cancels wants it to stop.
            assert made.due == pytest.approx(pacing.DEBOUNCE)
            made.pass_time(pacing.DEBOUNCE)
            await made.made.until(lambda: any(outcome.tally.pushed for outcome in made.outcomes))
            await made.rest()

    place.server.run(run())
    other.sync()
    assert other.desk.names(workspace) == ["Typed"]


def test_a_backup_that_fails_is_tried_again_by_itself(
    place: SyncPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "FIRST_BACK_OFF", 0.01)
    device = place.device()
    device.desk.workspace("Shop")
    device.sync()

    async def run() -> None:
        async with background(device, tmp_path / "lock") as made:
            done = len(made.outcomes)
            made.failing = "heads"
            for _ in range(4):
                with refused("account.server_unreachable"):
                    await made.engine.round(recompute=True)
                # However often somebody asks, the background waits no longer for it.
                wait = made.engine.state.next_try_in
                assert wait is not None
                assert wait <= 1.2 * pacing.FIRST_BACK_OFF
            made.failing = ""
            # Nobody tells the background of that: it sees to it itself.
            made.clock.advance(1000)
            await made.made.until(lambda: len(made.outcomes) > done)
            assert made.engine.state.problem is None

    place.server.run(run())


def test_a_hint_that_comes_while_a_round_waits_for_its_turn_makes_it_a_whole_one(
    place: SyncPlace, tmp_path: Path
) -> None:
    device, other = place.device(), place.device()
    shop, blog = device.desk.workspace("Shop"), device.desk.workspace("Blog")
    item = device.desk.request(shop, "Item")
    for each in (device, other, device):
        each.sync()

    async def run() -> None:
        async with background(device, tmp_path / "lock") as made:
            # Another program syncs this data folder.
            async with RoundLock(tmp_path / "lock").held(0.0):
                device.desk.set(item, name="Edited")
                made.engine.edited()
                made.pass_time(pacing.DEBOUNCE)
                await made.lock.there(1)
                other.desk.request(blog, "Theirs")
                await other.rounds.run(other.session)
                await made.hints.say()
            done = len(made.outcomes)
            await made.made.until(lambda: len(made.outcomes) > done)
            assert made.outcomes[-1].only is None
            assert made.outcomes[-1].tally.pushed == 1
            assert device.desk.names(blog) == ["Theirs"]

    place.server.run(run())


def test_a_hint_that_comes_during_a_round_makes_another_one_due(place: SyncPlace, tmp_path: Path) -> None:
    device = place.device()
    shop = device.desk.workspace("Shop")
    device.sync()

    async def run() -> None:
        async with background(device, tmp_path / "lock") as made:
            held = asyncio.Event()
            carry = device.wire.carry
            assert carry is not None

            async def told_before_the_answer(
                request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]
            ) -> httpx.Response:
                if request.url.path.endswith("/push") and not held.is_set():
                    held.set()
                    await made.hints.say()
                return await carry(request, deliver)

            device.wire.carry = told_before_the_answer
            device.desk.request(shop, "Typed")
            made.engine.edited()
            done = len(made.outcomes)
            made.pass_time(pacing.DEBOUNCE)
            await made.made.until(lambda: len(made.outcomes) == done + 2)
            assert [outcome.only is None for outcome in made.outcomes[done:]] == [False, True]

    place.server.run(run())


def test_what_a_backup_has_done_already_is_not_done_again_behind_it(place: SyncPlace, tmp_path: Path) -> None:
    device = place.device()
    shop = device.desk.workspace("Shop")
    device.sync()

    async def run() -> None:
        async with background(device, tmp_path / "lock") as made:
            done = len(made.outcomes)
            async with RoundLock(tmp_path / "lock").held(0.0):
                backup = asyncio.get_running_loop().create_task(made.engine.round(recompute=True))
                await made.lock.there(1)
                device.desk.request(shop, "Typed")
                made.engine.edited()
                made.pass_time(pacing.DEBOUNCE)
                # The background waits behind it.
                await made.lock.there(2)
            assert (await backup).tally.pushed == 1
            await made.lock.there(0)
            assert len(made.outcomes) == done + 1

    place.server.run(run())
