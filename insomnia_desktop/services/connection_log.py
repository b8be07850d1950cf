"""The log of every request to a sync server, of accounts and of sync alike: what was asked, never what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.sync_rows import LogRow

if TYPE_CHECKING:
    from insomnia_desktop.sync.session import Exchange


class ConnectionLog:
    """Collects requests until they are stored. Threads: the sync worker's, `waiting` from any."""

    def __init__(self, access: StoreAccess) -> None:
        self._access = access
        self._rows: tuple[LogRow, ...] = ()

    @property
    def waiting(self) -> tuple[LogRow, ...]:
        """What is not stored yet, oldest first."""
        return self._rows

    def note(self, exchange: Exchange) -> None:
        """Take in a request that is over."""
        row = LogRow(
            self._access.clock.now_ms(),
            exchange.method,
            exchange.path.partition("?")[0],
            exchange.status,
            exchange.bytes_up,
            exchange.bytes_down,
            exchange.ms,
        )
        self._rows = (*self._rows, row)

    def take(self) -> tuple[LogRow, ...]:
        """Return what is not stored yet, for who stores it."""
        rows, self._rows = self._rows, ()
        return rows

    def store(self) -> None:
        """Hand what is not stored yet to the writer, if there is anything."""
        from insomnia_desktop.store.commands.sync import KeepLog

        if self._rows:
            self._access.submit(KeepLog(self.take()))
