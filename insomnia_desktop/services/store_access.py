"""The store as the services see it: one place that knows who writes and what time it is."""

from __future__ import annotations

from concurrent.futures import Future

import msgspec

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.store import Store
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands import Command
from insomnia_desktop.store.reader import Reader


class StoreAccess(msgspec.Struct, frozen=True):
    """A store together with the origin that writes of this program carry."""

    store: Store
    clock: Clock
    origin: Origin

    def reader(self) -> Reader:
        """Return the read-only connection of the calling thread."""
        return self.store.reader()

    def submit(self, command: Command, *, origin: Origin | None = None, urgent: bool = True) -> Future[ChangeSet]:
        """Hand a command to the writer thread; what it raises arrives as the exception of the future."""
        return self.store.submit(command, origin=origin or self.origin, urgent=urgent)
