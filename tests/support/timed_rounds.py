"""A store and a round at the test's pace: what is written when, and at which place the round is cut off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from insomnia_desktop.store import ChangeSet, Store
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.reader import Reader

T = TypeVar("T")
# So many turns of the loop are enough for all that goes on beside a push.
TURNS = 24


class TimedStore:
    """A store whose commits are there at once, so that a round is the same every time.

    `late` says of a command that it is not its turn yet, and `refuse` what is not written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.late: Callable[[Command], bool] = lambda _: False
        self.refuse: Callable[[Command], Exception | None] = lambda _: None

    def reader(self) -> Reader:
        """Return that of the store."""
        return self._store.reader()

    def submit(self, command: Command, **more: Any) -> Future[ChangeSet]:
        """Run a command, now or later."""
        made: Future[ChangeSet] = Future()

        def turn(left: int) -> None:
            if self.late(command):
                left = TURNS
            if left:
                asyncio.get_running_loop().call_soon(turn, left - 1)
            elif made.set_running_or_notify_cancel():
                self._run(made, command, more)

        turn(0)
        return made

    def _run(self, made: Future[ChangeSet], command: Command, more: dict[str, Any]) -> None:
        refused = self.refuse(command)
        if refused is None:
            future = self._store.submit(command, **more)
            error = future.exception()
            if error is None:
                made.set_result(future.result())
            else:
                made.set_exception(error)
        else:
            made.set_exception(refused)


class CancelledAt(Generic[T]):
    """A coroutine whose task is cancelled where it waits: at the first place, the second, or any other one."""

    def __init__(self, running: Coroutine[Any, Any, T], at: int) -> None:
        self._running = running
        self._at = at
        self.waits = 0

    def __await__(self) -> Generator[Any, Any, T]:
        """Count what it waits for."""
        steps = self._running.__await__()
        error: BaseException | None = None
        while True:
            try:
                waited = next(steps) if error is None else steps.throw(error)
            except StopIteration as ended:
                outcome: T = ended.value
                return outcome
            error = None
            self.waits += 1
            task = asyncio.current_task()
            if self.waits == self._at and task is not None:
                asyncio.get_running_loop().call_soon(task.cancel)
            try:
                yield waited
            except BaseException as thrown:
                error = thrown
