"""Calls that meet at the server on this computer: services.hosting over the real process of app.local_server."""

from __future__ import annotations

import asyncio
import logging
import stat
import sys
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


async def _second_of_two(hosting: Hosting, server: GatedServer, calls: asyncio.TaskGroup) -> asyncio.Task[str]:
    """Let two wait for a start that is held up, cancel the first, and return the second."""
    server.hold()
    first = calls.create_task(hosting.begin(other_devices=False))
    await server.reached()
    second = calls.create_task(hosting.begin(other_devices=None))
    await asyncio.sleep(0)
    await _cancel(first)
    return second


def test_a_start_goes_on_for_who_else_waits_for_it(loop: LoopThread, server: GatedServer) -> None:
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        second = await _second_of_two(hosting, server, calls)
        server.door.set()
        await second
        assert server.running

    _run(loop, steps)


def test_the_last_who_waits_for_a_start_ends_it(loop: LoopThread, server: GatedServer) -> None:
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        second = await _second_of_two(hosting, server, calls)
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


def _said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log says of the server's ends, without its name."""
    start = "The sync server on this computer "
    lines = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return [line.removeprefix(start) for line in lines if line.startswith(start) and "listens" not in line]


def test_the_log_says_why_it_ended_each_time(
    loop: LoopThread, server: GatedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    hosting = Hosting(loop, server)

    async def steps(calls: asyncio.TaskGroup) -> None:
        await hosting.begin(other_devices=False)
        assert _said(caplog) == []
        # As the system may end it: told at once, not when it is wanted the next time.
        process, watcher = server._process, server._watcher
        assert process is not None
        assert watcher is not None
        process.kill()
        await asyncio.to_thread(watcher.join, PATIENCE_S)
        (line,) = _said(caplog)
        assert line.startswith(f"ended by itself with {process.returncode}; its last line: {{")
        await hosting.begin(other_devices=None)
        assert _said(caplog) == []
        await hosting.begin(other_devices=True)
        again = "is started again, also for other devices."
        assert _said(caplog) == [again, "ended with 0, as it was asked to."]
        await asyncio.wrap_future(hosting.stop())
        assert _said(caplog) == ["is to end: it is not wanted any more.", "ended with 0, as it was asked to."]
        server.hold()
        call = calls.create_task(hosting.begin(other_devices=None))
        await server.reached()
        call.cancel()
        server.door.set()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert _said(caplog)[0] == "is to end: who let it start was cancelled."
        await hosting.begin(other_devices=None)
        hosting.close()
        assert _said(caplog)[-2:] == ["is to end: the program ends.", "ended with 0, as it was asked to."]

    _run(loop, steps)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no mode of a file that says who may read it")
def test_what_is_kept_about_it_is_for_its_owner_alone(server: GatedServer, tmp_path: Path) -> None:
    kept, unfinished = tmp_path / "hosting.json", tmp_path / "hosting.unfinished"
    unfinished.write_text("left behind")
    for file in (kept, unfinished):
        file.chmod(0o644)
    server.start(other_devices=False)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
