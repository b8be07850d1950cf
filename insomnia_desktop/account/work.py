"""How a deed on an account tells its steps, and does off the loop what takes long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from insomnia_desktop.base.loop_thread import run_detached

T = TypeVar("T")


class Stopped(Exception):
    """The deed was cancelled while a step of it ran on another thread."""


class Work:
    """One deed's progress. Threads: its loop's, but for what `step_from_thread` is handed to."""

    def __init__(self, on_step: Callable[[str], None] | None = None) -> None:
        self._on_step = on_step
        self._stopped = False
        self._loop = asyncio.get_running_loop()

    def tell(self, step: str) -> None:
        """Say which step begins; listeners may only enqueue."""
        if self._on_step is not None:
            self._on_step(step)

    def step_from_thread(self, step: str) -> None:
        """Say so from another thread; raises Stopped there once nobody waits any more."""
        if self._stopped:
            raise Stopped
        self._loop.call_soon_threadsafe(self.tell, step)

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a function beside the loop; a cancel ends the waiting at once."""
        try:
            return await run_detached(function, *arguments)
        except asyncio.CancelledError:
            self._stopped = True
            raise
