"""One asyncio loop on one named thread."""

from __future__ import annotations

import threading
from collections.abc import Coroutine
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
            tasks = asyncio.all_tasks(loop)
            for task in tasks:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.run_until_complete(loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            loop.close()
