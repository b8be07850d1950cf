"""The background outlives what folders and servers do to it: sync.engine and sync.round_lock."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx
import pytest

from insomnia_desktop.sync import pacing
from insomnia_desktop.sync.round_lock import RoundLock
from tests.support.logfail import LogGuard
from tests.support.sync_devices import SyncPlace
from tests.support.tampering import Change, lying
from tests.support.tampering_answers import refusing, saying
from tests.sync.test_engine import Engine


class CountedLock(RoundLock):
    """A lock that fails a test in which it is asked for without end."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._asked = 0

    def held(self, patience: float) -> AbstractAsyncContextManager[None]:
        self._asked += 1
        assert self._asked < 50, "a loop that lets nobody else go on"
        return super().held(patience)


def test_a_data_folder_that_is_taken_away_is_waited_for(place: SyncPlace, tmp_path: Path) -> None:
    device = place.device()
    workspace = device.desk.workspace("Shop")
    device.sync()
    folder, elsewhere = tmp_path / "folder", tmp_path / "elsewhere"
    folder.mkdir()

    async def run() -> None:
        made = Engine(device, folder / "lock")
        made.engine._lock = CountedLock(folder / "lock")
        background = asyncio.get_running_loop().create_task(made.engine.run_in_background())
        await made.until(lambda: bool(made.outcomes))
        shutil.move(folder, elsewhere)
        device.desk.request(workspace, "Typed meanwhile")
        made.engine.wake()
        # The loop goes on meanwhile, or this would not be found out.
        await made.until(lambda: made.engine.state.problem is not None)
        assert made.engine.state.problem is not None
        assert made.engine.state.problem.code == "store.folder_read_only"
        assert made.engine.state.next_try_in is not None
        shutil.move(elsewhere, folder)
        made.engine.wake()
        await made.until(lambda: any(outcome.tally.pushed for outcome in made.outcomes))
        await made.end(background)

    place.server.run(run())


@pytest.mark.parametrize(
    ("change", "at"),
    [
        (refusing(404, "not_found"), ("heads",)),
        (saying(b"<html>", "text/html"), ("heads", "GET /v1/events")),
        (saying(b"", "text/html", 302, location="mailto:somebody"), ("heads", "GET /v1/events")),
        (saying(b"{}"), ("heads",)),
    ],
    ids=["not found", "captive portal", "redirect to nowhere", "no heads"],
)
def test_the_background_outlives_what_a_server_says(
    place: SyncPlace, tmp_path: Path, change: Change, at: tuple[str, ...]
) -> None:
    device = place.device()
    device.desk.workspace("Shop")
    device.sync()
    device.restart()

    async def run() -> None:
        tamperer = lying(device, change, *at, undelivered=True)
        made = Engine(device, tmp_path / "lock")

        async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
            try:
                return await tamperer.carry(request, deliver)
            finally:
                made.stirred.set()

        device.wire.carry = carry
        background = asyncio.get_running_loop().create_task(made.engine.run_in_background())
        await made.until(lambda: tamperer.told_lies >= len(at) and not made.engine.state.running)
        tamperer.lie = None
        done = len(made.outcomes)
        made.engine.wake()
        await made.until(lambda: len(made.outcomes) > done)
        assert not background.done()
        assert made.engine.state.problem is None
        await made.end(background)

    place.server.run(run())


def test_the_background_outlives_a_fault_of_the_program(
    place: SyncPlace, tmp_path: Path, log_guard: LogGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pacing, "FIRST_BACK_OFF", 0.01)
    device, other = place.device(), place.device()
    workspace = device.desk.workspace("Shop")
    device.sync()
    device.restart()
    device.desk.request(workspace, "Typed")

    async def run() -> None:
        made = Engine(device, tmp_path / "lock")

        async def broken(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
            raise RuntimeError("a fault of the program")

        device.wire.carry = broken
        background = asyncio.get_running_loop().create_task(made.engine.run_in_background())
        with log_guard.expect("A round of sync broke"), log_guard.expect("Listening to the server broke"):
            await made.until(lambda: made.engine.state.problem is not None)
            assert made.engine.state.problem is not None
            assert made.engine.state.problem.code == "sync.round_broke"
            assert made.engine.state.next_try_in is not None
            device.wire.carry = None
            # By itself.
            await made.until(lambda: any(outcome.tally.pushed for outcome in made.outcomes))
        assert made.engine.state.problem is None
        assert not background.done()
        await made.end(background)

    place.server.run(run())
    other.sync()
    assert other.desk.names(workspace) == ["Typed"]
