"""What the store does for itself while nobody waits: a daily backup, which is also the integrity check."""

from __future__ import annotations

import logging
import sqlite3
import threading

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import backup
from insomnia_desktop.store.database import connect_reader, is_sound
from insomnia_desktop.store.failures import known

_LOG = logging.getLogger(__name__)


class Care:
    """Looks after the store once, some seconds after it was opened, on a thread and a connection of its own.

    Opening reads a few pages only, whatever the size. After an unclean end the whole file is read and checked here;
    once a day it is copied into `backups/` and the copy is checked. On the writer's thread either would keep commits
    waiting for as long as it takes to read the file. `problem` is what was found, else None.

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
        except sqlite3.Error as error:
            if self._stop.is_set():
                return
            named = known(error)
            if not isinstance(named, KnownError):
                raise
            self._found(named)

    def _look_after(self) -> None:
        connection = self._connection = connect_reader(self._folder.store_file)
        try:
            if self._unclean and not self._stop.is_set() and not is_sound(connection):
                raise KnownError("store.corrupt", file=str(self._folder.store_file), backups=backup.names(self._folder))
            if not backup.has_one_of_today(self._folder, self._clock):
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

    def _found(self, error: KnownError) -> None:
        self.problem = error
        _LOG.warning("The store needs attention: %s", error)
