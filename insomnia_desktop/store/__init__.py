"""The store: one SQLite file, one thread that writes, read-only connections for everybody else."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import Bug, KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import backup, database
from insomnia_desktop.store.bodies import BodyFiles
from insomnia_desktop.store.care import Care
from insomnia_desktop.store.changes import Change, ChangeSet, Origin
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.failures import SQLITE_FAILURES, known
from insomnia_desktop.store.feed import Feed
from insomnia_desktop.store.migrations import MIGRATIONS, Migration, migrate, version
from insomnia_desktop.store.other_processes import OtherProcesses
from insomnia_desktop.store.reader import Reader
from insomnia_desktop.store.writer import Writer

__all__ = ["Change", "ChangeSet", "Origin", "Reader", "Store"]

# Long enough for a window to be up and quiet; a command is over before that.
_CARE_AFTER_SECONDS = 10.0


class Store:
    """Everything that is kept, behind one door for reading and one for writing.

    Threads: all methods from any, except that what `reader` gives belongs to the thread that asked.
    """

    def __init__(
        self,
        folder: DataFolder,
        connection: sqlite3.Connection,
        *,
        clock: Clock,
        unclean: bool,
        care_after_s: float,
    ) -> None:
        self.bodies = BodyFiles(folder.responses)
        self._folder = folder
        self._feed = Feed()
        self._others = OtherProcesses(connection.execute("SELECT change FROM counter").fetchone()[0])
        self._readers: list[tuple[threading.Thread, Reader]] = []
        self._readers_door = threading.Lock()
        self._own = threading.local()
        self._closed = False
        self._writer = Writer(
            connection,
            folder.store_file,
            clock=clock,
            session=os.urandom(4).hex(),
            bodies=self.bodies,
            feed=self._feed,
            others=self._others,
        )
        self._care = Care(folder, clock=clock, unclean=unclean, after_s=care_after_s)

    @classmethod
    def open(
        cls,
        folder: DataFolder,
        *,
        clock: Clock,
        migrations: Sequence[Migration] = MIGRATIONS,
        care_after_s: float = _CARE_AFTER_SECONDS,
    ) -> Store:
        """Open the store of a data folder; make it, or bring it to the newest schema after a backup, where needed.

        Raises KnownError `store.folder_unusable`, `store.folder_read_only`, `store.disk_full`, `store.not_a_store`,
        `store.newer_version`, `store.corrupt` (its `backups` are file names for `backup.restore`; the other way out
        is `salvage.salvage`), `store.busy`, `store.io_error`, `store.sqlite_too_old`. The file is then untouched.
        """
        database.require_sqlite()
        folder.prepare()
        database.claim(folder)
        database.look(folder, backup.names(folder))
        log = folder.store_file.with_name(folder.store_file.name + "-wal")
        unclean = log.exists() and log.stat().st_size > 0
        try:
            connection = _connect(folder, migrations, clock)
        except SQLITE_FAILURES as error:
            raise _opening_error(folder, error) from error
        return cls(folder, connection, clock=clock, unclean=unclean, care_after_s=care_after_s)

    @property
    def problem(self) -> KnownError | None:
        """What the check in the background found: `store.corrupt`, or why there is no backup; None if all is well."""
        return self._care.problem

    def submit(self, command: Command, *, origin: Origin, urgent: bool = True) -> Future[ChangeSet]:
        """Hand a command to the writer: urgent ones go before all that are not.

        The future raises what the command raises, and KnownError `store.disk_full`, `store.busy`, `store.read_only`,
        `store.corrupt`, `store.io_error`; nothing is written then. Raises Bug `store.closed`.
        """
        return self._writer.submit(command, origin=origin, urgent=urgent)

    def reader(self) -> Reader:
        """Return the read-only connection of the calling thread. Raises Bug `store.closed`, KnownError."""
        reader: Reader | None = getattr(self._own, "reader", None)
        if reader is not None and not self._closed:
            return reader
        with self._readers_door:
            if self._closed:
                raise Bug("store.closed")
            try:
                reader = Reader(database.connect_reader(self._folder.store_file))
            except SQLITE_FAILURES as error:
                raise known(error) from error
            for thread, idle in self._readers:
                if not thread.is_alive():
                    idle.close()
            self._readers = [pair for pair in self._readers if pair[0].is_alive()]
            self._readers.append((threading.current_thread(), reader))
        self._own.reader = reader
        return reader

    def subscribe(self, callback: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call back after each commit that changed something, on the writer thread (only enqueue); returns the end."""
        return self._feed.subscribe(callback)

    def external_changes(self) -> ChangeSet | None:
        """Return what other processes wrote since anybody last asked, with the origin `other_process`; None if nothing.

        Cheap when nothing was written. What the writer meets of them before a commit of its own goes to subscribers
        instead. Raises KnownError as `Reader` does.
        """
        reader = self.reader()
        if not reader.file_changed():
            return None
        with reader.snapshot():
            try:
                return self._others.collect(reader.connection)
            except SQLITE_FAILURES as error:
                raise known(error) from error

    def save_copy(self, target: Path) -> None:
        """Copy the store as it is now to a file, which is replaced; takes as long as the store is large.

        Threads: any but the GUI's. Raises KnownError `store.disk_full`, `store.folder_read_only`, `store.corrupt`,
        `store.io_error`.
        """
        connection = database.connect_reader(self._folder.store_file)
        try:
            backup.copy_to(connection, target)
        finally:
            connection.close()

    def close(self) -> None:
        """Commit what waits, put the log into the file, close all connections; a second call does nothing."""
        with self._readers_door:
            if self._closed:
                return
            self._closed = True
        self._care.stop()
        for _, reader in self._readers:
            reader.close()
        self._writer.stop()


def _connect(folder: DataFolder, migrations: Sequence[Migration], clock: Clock) -> sqlite3.Connection:
    deadline = time.monotonic() + database.BUSY_SECONDS
    while True:
        connection = database.connect_writer(folder.store_file)
        try:
            _refuse_foreign(folder, connection, migrations)
            database.prepare_writer(connection)
            if 0 < version(connection) < len(migrations):
                backup.make(connection, folder, "migration", clock=clock)
            migrate(connection, migrations, application_id=database.APPLICATION_ID)
            if not database.is_complete(connection):
                raise KnownError("store.corrupt", file=str(folder.store_file), backups=backup.names(folder))
        except sqlite3.OperationalError as error:
            connection.close()
            # Two processes that make one store at once: SQLite does not wait where it changes the kind of its log.
            if getattr(known(error), "code", "") != "store.busy" or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        except BaseException:
            connection.close()
            raise
        else:
            return connection


def _refuse_foreign(folder: DataFolder, connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    # In one transaction: another process may be making the store.
    connection.execute("BEGIN")
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    found = version(connection)
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    connection.execute("COMMIT")
    if application_id != database.APPLICATION_ID and (application_id or found or tables):
        raise KnownError("store.not_a_store", file=str(folder.store_file))
    if application_id == database.APPLICATION_ID and not found:
        # Both are written in one transaction with the first tables.
        raise KnownError("store.corrupt", file=str(folder.store_file), backups=backup.names(folder))
    if found > len(migrations):
        raise KnownError("store.newer_version", found=found, known=len(migrations))


def _opening_error(folder: DataFolder, error: sqlite3.Error | UnicodeDecodeError) -> Exception:
    named = known(error)
    if not isinstance(named, KnownError):
        return error
    if named.code == "store.corrupt":
        return KnownError("store.corrupt", file=str(folder.store_file), backups=backup.names(folder))
    code = getattr(error, "sqlite_errorcode", 0)
    if named.code == "store.read_only" or code & 0xFF == sqlite3.SQLITE_CANTOPEN:
        return KnownError("store.folder_read_only", folder=str(folder.root), reason=named.params["reason"])
    return named
