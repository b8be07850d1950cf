"""What the store does for itself while nobody waits: a daily backup, which is also the integrity check."""

from __future__ import annotations

import logging
import sqlite3
import threading

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import backup
from insomnia_desktop.store.database import connect_reader, is_sound, unreadable_documents
from insomnia_desktop.store.failures import SQLITE_FAILURES, known

_LOG = logging.getLogger(__name__)


class Care:
    """Looks after the store once, some seconds after it was opened, on a thread and a connection of its own.

    Opening reads a few pages only, whatever the size. After an unclean end the whole file is read and checked here;
    once a day all documents are, and the file is copied into `backups/` and the copy checked. On the writer's thread
    that would keep commits waiting for as long as it takes to read the file. `problem` is what was found, else None.

    Threads: `store-care` lives until it is done or `stop` is called.
    """

    def __init__(self, folder: DataFolder, *, clock: Clock, unclean: bool, after_s: float) -> None:
        self._folder = folder
        self._clock = clock
        self._unclean = unclean
        self._after_s = after_s
        self._stop = threading.Event()
        self._connection: sqlite3.Connection | None = None
        self.problem: KnownError | None = None
        self._thread = threading.Thread(target=self._run, name="store-care", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, in the middle of a check too, and wait for that."""
        self._stop.set()
        connection = self._connection
        if connection is not None:
            connection.interrupt()
        self._thread.join()

    def wait(self) -> None:
        """Wait until it is done."""
        self._thread.join()

    def _run(self) -> None:
        if self._stop.wait(self._after_s):
            return
        try:
            self._look_after()
        except KnownError as error:
            self._found(error)
        except SQLITE_FAILURES as error:
            if self._stop.is_set():
                return
            named = known(error)
            if not isinstance(named, KnownError):
                raise
            self._found(named)

    def _look_after(self) -> None:
        connection = self._connection = connect_reader(self._folder.store_file)
        try:
            due = not backup.has_one_of_today(self._folder, self._clock)
            if self._unclean and not self._stop.is_set() and not is_sound(connection):
                raise self._corrupt()
            # Before the copy: one of a damaged store would push out those from which it can be mended.
            if (self._unclean or due) and not self._stop.is_set() and unreadable_documents(connection):
                raise self._corrupt("documents")
            if due:
                backup.make(
                    connection,
                    self._folder,
                    "daily",
                    clock=self._clock,
                    keep_going=lambda: not self._stop.is_set(),
                )
        finally:
            self._connection = None
            connection.close()

    def _corrupt(self, reason: str = "file") -> KnownError:
        backups = backup.names(self._folder)
        return KnownError("store.corrupt", reason=reason, file=str(self._folder.store_file), backups=backups)

    def _found(self, error: KnownError) -> None:
        self.problem = error
        _LOG.warning("The store needs attention: %s", error)
