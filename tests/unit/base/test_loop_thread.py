"""The worker loop: results, cancelling, stopping."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.loop_thread import LoopThread


@pytest.fixture
def loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread("worker-test")
    thread.start()
    yield thread
    thread.stop(5)


async def thread_name() -> str:
    return threading.current_thread().name


def test_a_coroutine_runs_on_the_named_thread(loop_thread: LoopThread) -> None:
    assert loop_thread.submit(thread_name()).result(5) == "worker-test"


def test_cancelling_the_future_runs_finally(loop_thread: LoopThread) -> None:
    started, cleaned = threading.Event(), threading.Event()

    async def wait_for_ever() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    future = loop_thread.submit(wait_for_ever())
    assert started.wait(5)
    future.cancel()
    assert cleaned.wait(5)
    with pytest.raises(CancelledError):
        future.result(5)


def test_stopping_cancels_what_still_runs() -> None:
    thread = LoopThread("worker-stop")
    thread.start()
    started, cleaned = threading.Event(), threading.Event()

    async def wait_for_ever() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    thread.submit(wait_for_ever())
    assert started.wait(5)
    thread.stop(5)
    assert cleaned.is_set()
    assert not thread.running


def test_a_stopped_loop_refuses_work() -> None:
    thread = LoopThread("worker-late")
    thread.start()
    thread.stop(5)
    with pytest.raises(Bug, match=r"loop\.not_running"):
        thread.submit(thread_name())


def test_a_loop_that_never_started_stops() -> None:
    LoopThread("worker-never").stop(1)


def test_a_loop_that_hangs_is_reported() -> None:
    thread = LoopThread("worker-hangs")
    thread.start()
    hold, held = threading.Event(), threading.Event()

    async def block() -> None:
        held.set()
        hold.wait(10)  # on purpose: a job that blocks the loop

    thread.submit(block())
    assert held.wait(5)
    with pytest.raises(Bug, match=r"loop\.hangs"):
        thread.stop(0.05)
    hold.set()
    thread.stop(5)
