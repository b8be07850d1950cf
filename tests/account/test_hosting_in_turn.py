"""Calls that meet at the server on this computer: services.hosting over the real process of app.local_server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.app.local_server import ChildServer
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services.hosting import HostedPlace, Hosting
from tests.support.account_desk import LAN, PATIENCE_S
from tests.support.ports import port_for_server


class GatedServer(ChildServer):
    """The real server, whose start can be held up at its door."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, lambda: LAN)
        self.at_the_door = threading.Event()
        self.door = threading.Event()
        self.door.set()

    def start(self, *, other_devices: bool) -> HostedPlace:
        """Wait until the door is open, and start."""
        self.at_the_door.set()
        assert self.door.wait(PATIENCE_S)
        return super().start(other_devices=other_devices)

    def hold(self) -> None:
        """Let nobody in from now on."""
        self.at_the_door.clear()
        self.door.clear()

    async def reached(self) -> None:
        """Wait until a start stands at the door."""
        assert await asyncio.to_thread(self.at_the_door.wait, PATIENCE_S)

    @property
    def pid(self) -> int:
        """The process that runs; 0 for none."""
        return self._process.pid if self._process is not None and self.running else 0


@pytest.fixture
def server(tmp_path: Path) -> Iterator[GatedServer]:
    (tmp_path / "hosting.json").write_text(f'{{"port":{port_for_server()}}}')
    server = GatedServer(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    loop = LoopThread("worker-sync")
    yield loop
    loop.stop(PATIENCE_S)


def _run(loop: LoopThread, steps: Callable[[asyncio.TaskGroup], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with asyncio.TaskGroup() as calls:
            await steps(calls)

    loop.submit(run()).result(PATIENCE_S)


async def _cancel(task: asyncio.Task[str]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("switched_to", [False, True])
def test_a_call_during_the_switch_does_not_put_the_old_way_back(
    loop: LoopThread, server: GatedServer, switched_to: bool
) -> None:
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        await hosting.begin(other_devices=not switched_to)
        server.hold()
        switch = calls.create_task(hosting.begin(other_devices=switched_to))
        await server.reached()
        other = calls.create_task(hosting.begin(other_devices=None))
        # It asks before the switch is over, and waits for its turn.
        await asyncio.sleep(0)
        server.door.set()
        address = await switch
        pid = server.pid
        assert await other == address
        assert server.pid == pid
        assert hosting.status().other_devices == switched_to

    _run(loop, steps)


def test_a_cancelled_call_leaves_a_server_that_ran_before(loop: LoopThread, server: GatedServer) -> None:
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        address = await hosting.begin(other_devices=False)
        pid = server.pid
        server.hold()
        call = calls.create_task(hosting.begin(other_devices=None))
        await server.reached()
        await _cancel(call)
        server.door.set()
        assert await hosting.begin(other_devices=None) == address
        assert server.pid == pid

    _run(loop, steps)


def test_a_start_goes_on_for_who_else_waits_for_it(loop: LoopThread, server: GatedServer) -> None:
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        server.hold()
        first = calls.create_task(hosting.begin(other_devices=False))
        await server.reached()
        second = calls.create_task(hosting.begin(other_devices=None))
        await asyncio.sleep(0)
        await _cancel(first)
        server.door.set()
        await second
        assert server.running

    _run(loop, steps)


def test_the_last_who_waits_for_a_start_ends_it(loop: LoopThread, server: GatedServer) -> None:
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        server.hold()
        first = calls.create_task(hosting.begin(other_devices=False))
        await server.reached()
        second = calls.create_task(hosting.begin(other_devices=None))
        await asyncio.sleep(0)
        await _cancel(first)
        second.cancel()
        server.door.set()
        with pytest.raises(asyncio.CancelledError):
            await second
        assert not server.running

    _run(loop, steps)


def test_a_stop_ends_a_start_that_nobody_waits_for(loop: LoopThread, server: GatedServer) -> None:
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        await hosting.begin(other_devices=False)
        server.hold()
        switch = calls.create_task(hosting.begin(other_devices=True))
        await server.reached()
        await _cancel(switch)
        stop = asyncio.wrap_future(hosting.stop())
        server.door.set()
        await stop
        assert not server.running

    _run(loop, steps)
