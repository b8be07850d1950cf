"""What every endpoint works with: settings, clock, database, secret, counters, the thread of arithmetic."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.server.config import ServerConfig
from insomnia_desktop.server.database.engine import Database
from insomnia_desktop.server.event_streams import EventHub
from insomnia_desktop.server.hints import Hints
from insomnia_desktop.server.limits import SlidingWindow, TokenBucket

P = ParamSpec("P")
T = TypeVar("T")


class ArithmeticThread:
    """One thread for what takes milliseconds: exponentiations and signatures. More would only wait for each other."""

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="server-arithmetic")

    async def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Run the function on the thread and return its result, or raise what it raises."""
        call = functools.partial(function, *arguments, **named)
        return await asyncio.get_running_loop().run_in_executor(self._executor, call)

    def close(self) -> None:
        """End the thread."""
        self._executor.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class ServerContext:
    """Made when the server starts; handed to every function of domain/."""

    config: ServerConfig
    clock: Clock
    database: Database
    secret: bytes = field(repr=False)
    arithmetic: ArithmeticThread
    attempts: SlidingWindow
    requests: TokenBucket
    server_epoch: bytes
    events: EventHub
    hints: Hints | None = None
    # Accounts that pushed while little of their quota was left: less of their history is to be kept.
    crowded: set[bytes] = field(default_factory=set)
