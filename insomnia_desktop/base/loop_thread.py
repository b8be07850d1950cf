"""One asyncio loop on one named thread, and threads for what no loop can stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from insomnia_desktop.base.errors import Bug

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")
_EXECUTOR_THREADS = 2


class LoopThread:
    """Runs coroutines on a thread of its own; the caller's thread never waits for them.

    Threads: `start`, `submit` and `stop` may be called from any thread but the loop's own. The thread starts with the
    first `submit` at the latest. asyncio takes its time to import, so nothing of it is loaded before that: making a
    LoopThread costs the start of the program nothing.
    The loop's default executor has two threads, for work that releases the interpreter lock.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._starting = threading.Lock()
        self._started = False
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self) -> None:
        """Start the thread, if it is not started yet, and return once its loop runs."""
        with self._starting:
            if self._started or self._stopped:
                return
            self._started = True
            self._thread.start()
        self._ready.wait()

    @property
    def running(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    @property
    def stopped(self) -> bool:
        """Whether `stop` was called: nothing can be submitted any more."""
        return self._stopped

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run the coroutine on the loop; cancelling the future cancels it. Raises Bug `loop.not_running` if stopped."""
        from asyncio import run_coroutine_threadsafe

        self.start()
        if self._stopped or self._loop is None or not self.running:
            coroutine.close()
            raise Bug("loop.not_running", name=self._name)
        return run_coroutine_threadsafe(coroutine, self._loop)

    def stop(self, timeout: float) -> None:
        """Cancel everything, let `finally` blocks run, and join; raises Bug `loop.hangs` after `timeout` seconds."""
        with self._starting:
            self._stopped = True
        if self._loop is None or not self.running:
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise Bug("loop.hangs", name=self._name, seconds=timeout)

    def _run(self) -> None:
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        loop = self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        executor = ThreadPoolExecutor(_EXECUTOR_THREADS, thread_name_prefix=f"{self._name}-pool")
        loop.set_default_executor(executor)
        loop.call_soon(self._ready.set)
        try:
            loop.run_forever()
        finally:
            _end_tasks(loop)
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            loop.close()


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """Cancel every task of a loop that does not run, once, and wait for all, also for what they begin meanwhile.

    A task that has not begun is left to begin first: what it wraps would never be awaited (a connection of anyio).
    """
    import asyncio
    from inspect import CORO_CREATED, getcoroutinestate

    cancelled: set[asyncio.Task[Any]] = set()
    while tasks := asyncio.all_tasks(loop):
        for task in tasks - cancelled:
            coroutine = task.get_coro()
            if not asyncio.iscoroutine(coroutine) or getcoroutinestate(coroutine) != CORO_CREATED:
                task.cancel()
                cancelled.add(task)
        waiting = asyncio.sleep(0) if tasks - cancelled else asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        loop.run_until_complete(waiting)
        for task in tasks:
            if task.done() and not task.cancelled():
                # Asked for, so that nobody says that it was not: who submitted it has it too.
                task.exception()


async def run_detached(function: Callable[..., T], *arguments: object) -> T:
    """Run a function on a daemon thread of its own and wait for it on the calling loop.

    For what cannot be stopped and may take long: a derivation, a keyring that asks a person. A cancel ends the waiting,
    and neither the loop's end nor that of the program waits for the thread.
    """
    from asyncio import wrap_future

    return await wrap_future(begin_detached(function, *arguments))


async def run_to_the_end(function: Callable[..., T], *arguments: object) -> T:
    """Do as `run_detached`, but wait for the end whatever comes: a cancel meanwhile is too late, and is forgotten.

    For what must not stop half-way and is over soon: the end of the loop waits for it too.
    """
    from asyncio import CancelledError, current_task, wait, wrap_future

    ended = wrap_future(begin_detached(function, *arguments))
    while not ended.done():
        try:
            await wait({ended})
        except CancelledError:
            task = current_task()
            assert task is not None
            task.uncancel()
    return ended.result()


def begin_detached(function: Callable[..., T], *arguments: object) -> Future[T]:
    """Run a function as `run_detached` does, and leave it to the caller who waits for it; it cannot be cancelled.

    Threads: any.
    """
    future: Future[T] = Future()
    # Running from here on: who no longer waits leaves the result to nobody.
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result = function(*arguments)
        except BaseException as error:  # Whatever it raises belongs to who waits.
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name=f"detached {getattr(function, '__name__', '?')}", daemon=True).start()
    return future
