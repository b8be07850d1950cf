"""One asyncio loop on one named thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from insomnia_desktop.base.errors import Bug

T = TypeVar("T")
_EXECUTOR_THREADS = 2


class LoopThread:
    """Runs coroutines on a thread of its own; the caller's thread never waits.

    Threads: `start`, `submit` and `stop` may be called from any thread but the loop's own.
    The loop's default executor has two threads, for work that releases the interpreter lock.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread and return once its loop runs."""
        self._thread.start()
        self._ready.wait()

    @property
    def running(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run the coroutine on the loop; cancelling the future cancels it. Raises Bug `loop.not_running`."""
        if not self.running:
            coroutine.close()
            raise Bug("loop.not_running", name=self._name)
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def stop(self, timeout: float) -> None:
        """Cancel everything, let `finally` blocks run, and join; raises Bug `loop.hangs` after `timeout` seconds."""
        if not self.running:
            if not self._loop.is_closed():
                self._loop.close()
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise Bug("loop.hangs", name=self._name, seconds=timeout)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        executor = ThreadPoolExecutor(_EXECUTOR_THREADS, thread_name_prefix=f"{self._name}-pool")
        self._loop.set_default_executor(executor)
        self._loop.call_soon(self._ready.set)
        try:
            self._loop.run_forever()
        finally:
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())
            asyncio.set_event_loop(None)
            self._loop.close()
