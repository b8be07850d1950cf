"""SQLite on threads of ours: a whole transaction costs two switches between threads, and not two a statement.

Works that wait to write while another commit is on its way to the disk share the next one: the disk is what is slow.
A statement that takes microseconds is not sent to a thread at all: the two switches would take longer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

T = TypeVar("T")
READERS = 4
# So that nobody waits long for the others of his commit.
MOST_AT_ONCE = 64


class Writing:
    """A work that waits for its turn, and what becomes of it. Threads: the loop, but `run` on the writing thread."""

    def __init__(self, work: Callable[[Connection], Any], loop: asyncio.AbstractEventLoop) -> None:
        self._work = work
        self._loop = loop
        self._result: Any = None
        self._error: BaseException | None = None
        self.done: asyncio.Future[Any] = loop.create_future()

    def run(self, connection: Connection) -> None:
        """Do the work; raises what it raises."""
        self._error = None
        self._result = self._work(connection)

    def fail(self, error: BaseException) -> None:
        """Note that it came to nothing."""
        self._error = error

    def tell(self) -> None:
        """Tell who waits; on the loop."""
        if self.done.done():
            return
        if self._error is None:
            self.done.set_result(self._result)
        else:
            self.done.set_exception(self._error)


class SqliteThreads:
    """One thread that writes, some that read, and a connection of the loop's own. Threads: the loop it is used on.

    `at_once` must neither wait for a lock nor begin transactions.
    """

    def __init__(self, writer: Engine, reader: Engine, at_once: Engine) -> None:
        self._writer, self._reader, self._at_once = writer, reader, at_once
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="server-write")
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="server-read")
        self._waiting: list[Writing] = []

    @property
    def engines(self) -> tuple[Engine, ...]:
        """The engine that writes, the one that reads, and the one that reads on the loop."""
        return self._writer, self._reader, self._at_once

    def wait_to_write(self, work: Callable[[Connection], Any]) -> Writing:
        """Put a work among those that wait."""
        writing = Writing(work, asyncio.get_running_loop())
        self._waiting.append(writing)
        return writing

    def forget(self, writing: Writing) -> None:
        """Take a work back that nobody waits for any more, unless it has begun."""
        if writing in self._waiting:
            self._waiting.remove(writing)
        writing.done.cancel()

    async def write_waiting(self) -> None:
        """Do what waits, the oldest first, in one transaction; the caller has seen to it that nobody else writes.

        What becomes of each is told to who waits for it.
        """
        works, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
        if works:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._writing, self._write, works, loop)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do a work in a transaction that reads."""

        def in_transaction() -> T:
            with self._reader.begin() as connection:
                return work(connection)

        return await asyncio.get_running_loop().run_in_executor(self._reading, in_transaction)

    async def read_at_once(self, work: Callable[[Connection], T]) -> T:
        """Do a work of a single statement that takes microseconds, on the loop; where it would have to wait, as `read`.

        Who reads waits for no writer in a file with a log of its own (WAL), but for one who repairs it.
        """
        try:
            with self._at_once.connect() as connection:
                return work(connection)
        except OperationalError:
            return await self.read(work)

    def close(self) -> None:
        """End the threads and their connections."""
        for threads in (self._writing, self._reading):
            threads.shutdown()
        for engine in self.engines:
            engine.dispose()

    def _write(self, works: Sequence[Writing], loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._write_together(works)
        except DBAPIError:
            # Whose fault it was is not known, and SQLite may have undone everything: each for itself.
            for work in works:
                self._write_alone(work)
        finally:
            # From here, since who began this may have been cancelled.
            loop.call_soon_threadsafe(_tell, works)

    def _write_together(self, works: Sequence[Writing]) -> None:
        if len(works) == 1:
            self._write_alone(works[0])
            return
        with self._writer.begin() as connection:
            for work in works:
                try:
                    with connection.begin_nested():
                        work.run(connection)
                except DBAPIError:
                    raise
                except Exception as error:
                    work.fail(error)

    def _write_alone(self, work: Writing) -> None:
        try:
            with self._writer.begin() as connection:
                work.run(connection)
        except Exception as error:
            work.fail(error)


def _tell(works: Sequence[Writing]) -> None:
    for work in works:
        work.tell()
