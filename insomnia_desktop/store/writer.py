"""The one thread that writes."""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import Bug
from insomnia_desktop.store import full_text
from insomnia_desktop.store.bodies import BodyFiles
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.command import Command, CommandContext
from insomnia_desktop.store.failures import known
from insomnia_desktop.store.feed import Feed
from insomnia_desktop.store.other_processes import OtherProcesses

_LOG = logging.getLogger(__name__)
_URGENT: Final = 0
_PATIENT: Final = 1
_LAST: Final = 2
# How long nothing must be written before texts are indexed and the write-ahead log goes into the file; how many texts
# at once, so that a write that comes now waits some milliseconds at most; and how long the log may get.
_IDLE_SECONDS: Final = 0.5
_INDEXED_AT_ONCE: Final = 20
# A pull of ten thousand documents fits in: to put the log into the file takes the disk some tenths of a second, and in
# the midst of a pull everything waits for that. To read such a log after a crash takes a tenth of a second.
_LONG_LOG_BYTES: Final = 128 * 1024 * 1024


@dataclass(slots=True, order=True)
class _Job:
    rank: int
    order: int
    command: Command | None = field(compare=False)
    origin: Origin = field(compare=False)
    future: Future[ChangeSet] = field(compare=False)


class Writer:
    """Runs commands one after the other on the only read-write connection, each in a transaction of its own.

    Threads: `submit` and `stop` from any thread; everything else happens on the thread `store-writer`.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        clock: Clock,
        session: str,
        bodies: BodyFiles,
        feed: Feed,
        others: OtherProcesses,
    ) -> None:
        self._connection = connection
        self._log_path = path.with_name(path.name + "-wal")
        self._clock = clock
        self._session = session
        self._bodies = bodies
        self._feed = feed
        self._others = others
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._door = threading.Lock()
        self._submitted = 0
        self._stopping = False
        self._long_from = _LONG_LOG_BYTES
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, command: Command, *, origin: Origin, urgent: bool) -> Future[ChangeSet]:
        """Queue a command: urgent ones go first, in the order they came. Raises Bug `store.closed`.

        The future raises what the command raises; what SQLite reports of the world comes as KnownError.
        """
        return self._put(_URGENT if urgent else _PATIENT, command, origin)

    def stop(self) -> None:
        """Run all that was submitted, put the log into the file, close the connection, and end the thread."""
        done = self._put(_LAST, None, Origin("startup"))
        done.result()
        self._thread.join()

    def _put(self, rank: int, command: Command | None, origin: Origin) -> Future[ChangeSet]:
        future: Future[ChangeSet] = Future()
        with self._door:
            if self._stopping:
                raise Bug("store.closed")
            self._stopping = rank == _LAST
            self._submitted += 1
            self._jobs.put(_Job(rank, self._submitted, command, origin, future))
        return future

    def _run(self) -> None:
        pause: float | None = _IDLE_SECONDS
        while True:
            try:
                job = self._jobs.get(timeout=pause)
            except queue.Empty:
                pause = self._use_the_pause()
                continue
            if job.command is None:
                break
            self._serve(job.command, job)
            pause = _IDLE_SECONDS
            if self._log_is_long():
                self._checkpoint("PASSIVE")
        self._checkpoint("TRUNCATE")
        self._connection.close()
        job.future.set_result(ChangeSet(0, job.origin, ()))

    def _use_the_pause(self) -> float | None:
        """Do a little of what nobody waits for; return how long to wait before the next of it, None if it is done."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                more = full_text.index_some(self._connection, _INDEXED_AT_ONCE)
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            _LOG.info("Indexing waits: %s", known(error))
            return None
        if more:
            return 0.0
        self._checkpoint("PASSIVE")
        return None

    def _serve(self, command: Command, job: _Job) -> None:
        if not job.future.set_running_or_notify_cancel():
            return
        try:
            change_set = self._write(command, job.origin)
        except sqlite3.Error as error:
            job.future.set_exception(known(error))
        except BaseException as error:  # Whatever a command raises belongs to who submitted it.
            job.future.set_exception(error)
        else:
            # Subscribers first: who waits for the future finds the change already on its way to everybody.
            self._feed.publish(change_set)
            job.future.set_result(change_set)

    def _write(self, command: Command, origin: Origin) -> ChangeSet:
        connection = self._connection
        context = CommandContext(
            connection, now=self._clock.now_ms(), origin=origin, session=self._session, bodies=self._bodies
        )
        foreign = None
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Rows that others wrote are read before they may be written over.
            foreign = self._others.collect(connection)
            changes = command.run(connection, context)
            if context.taken:
                self._others.will_commit(context.taken)
            connection.execute("COMMIT")
        except BaseException:
            if context.taken:
                self._others.rolled_back(context.taken)
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        finally:
            if foreign is not None:
                self._feed.publish(foreign)
        self._bodies.remove(*context.bodies_to_remove)
        return ChangeSet(context.taken, origin, tuple(changes))

    def _log_is_long(self) -> bool:
        try:
            size = self._log_path.stat().st_size
        except OSError:
            return False
        if size <= _LONG_LOG_BYTES:
            self._long_from = _LONG_LOG_BYTES
        elif size > self._long_from:
            # A reader may keep the log from being emptied: the next try is when it has grown as much again.
            self._long_from = size + _LONG_LOG_BYTES
            return True
        return False

    def _checkpoint(self, mode: str) -> None:
        try:
            self._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except sqlite3.Error as error:
            # What is in the log is safe there, and the next commit says what stands in the way.
            _LOG.info("No checkpoint: %s", known(error))
