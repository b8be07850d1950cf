"""Starts coroutines on a worker as deeds that can be cancelled, and that tell what came of a cancel too late."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.services.account_views import AccountDeed

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


def start(loop: LoopThread, make: Callable[[], Coroutine[Any, Any, T]]) -> AccountDeed[T]:
    """Run a coroutine on a worker.

    `cancel` of the deed asks the coroutine to stop; its future is cancelled once it has, and has a result where it was
    over, or could not be stopped any more. Threads: any.
    """
    tasks: list[asyncio.Task[Any]] = []

    async def run() -> T:
        from asyncio import current_task

        task = current_task()
        assert task is not None
        tasks.append(task)
        return await make()

    async def stop() -> None:
        # Handed over after `run`, so that has begun.
        for task in tasks:
            task.cancel()

    future = loop.submit(run())

    def cancel() -> None:
        if not future.done() and not loop.stopped:
            loop.submit(stop())

    return AccountDeed(future, cancel)


def start_work(loop: LoopThread, work: Callable[[Callable[[], bool]], T]) -> AccountDeed[T]:
    """Run a function on a thread beside a worker's loop; it is given what says whether it is still wanted.

    What it raises once it is not reaches nobody. Threads: any.
    """

    async def run() -> T:
        from asyncio import to_thread

        wanted = [True]
        try:
            return await to_thread(work, lambda: wanted[0])
        finally:
            # The thread itself cannot be stopped: it asks.
            wanted[0] = False

    return start(loop, run)
