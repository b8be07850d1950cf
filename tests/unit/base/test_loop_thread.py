"""The worker loop: results, cancelling, stopping."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.loop_thread import LoopThread, run_detached, run_to_the_end


@pytest.fixture
def loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread("worker-test")
    thread.start()
    yield thread
    thread.stop(5)


async def thread_name() -> str:
    return threading.current_thread().name


def test_a_coroutine_runs_on_the_named_thread(loop_thread: LoopThread) -> None:
    assert loop_thread.submit(thread_name()).result(20) == "worker-test"


def test_cancelling_the_future_runs_finally(loop_thread: LoopThread) -> None:
    started, cleaned = threading.Event(), threading.Event()

    async def wait_for_ever() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    future = loop_thread.submit(wait_for_ever())
    assert started.wait(20)
    future.cancel()
    assert cleaned.wait(20)
    with pytest.raises(CancelledError):
        future.result(20)


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
    assert started.wait(20)
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
    assert held.wait(20)
    with pytest.raises(Bug, match=r"loop\.hangs"):
        thread.stop(0.05)
    hold.set()
    thread.stop(5)


def test_what_runs_detached_is_waited_for_and_may_fail(loop_thread: LoopThread) -> None:
    def fail() -> None:
        raise ValueError("of the function")

    assert loop_thread.submit(run_detached(pow, 2, 10)).result(20) == 1024
    with pytest.raises(ValueError, match="of the function"):
        loop_thread.submit(run_detached(fail)).result(20)
    with pytest.raises(ValueError, match="of the function"):
        loop_thread.submit(run_to_the_end(fail)).result(20)


def test_a_cancel_ends_the_waiting_for_what_runs_detached(loop_thread: LoopThread) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go_on.wait(10)

    future = loop_thread.submit(run_detached(work))
    assert begun.wait(20)
    assert future.cancel()
    # Neither the loop nor its end waits for the thread.
    assert loop_thread.submit(thread_name()).result(20) == "worker-test"
    loop_thread.stop(5)
    assert loop_thread.stopped
    go_on.set()


def test_a_cancel_of_what_runs_to_the_end_is_too_late(loop_thread: LoopThread) -> None:
    begun, go_on, results = threading.Event(), threading.Event(), []
    tasks: list[asyncio.Task[None]] = []

    def work() -> int:
        begun.set()
        go_on.wait(10)
        return 7

    async def run() -> int:
        task = asyncio.current_task()
        assert task is not None
        tasks.append(task)
        results.append(await run_to_the_end(work))
        # What comes after it can be cancelled again, and was not.
        await asyncio.sleep(0)
        return results[0]

    async def cancel() -> None:
        tasks[0].cancel()

    future = loop_thread.submit(run())
    assert begun.wait(20)
    loop_thread.submit(cancel()).result(20)
    go_on.set()
    assert future.result(20) == 7
