"""Room on the disk: trash, cap of the response bodies, files that nothing names."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from insomnia_desktop.model.settings import MILLISECONDS_A_DAY
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands.documents import PurgeTrash
from insomnia_desktop.store.commands.responses import EnforceBodyCap
from insomnia_desktop.store.queries import responses as queries

_MIB = 1024 * 1024
_UPKEEP = Origin("startup")


class Storage:
    """Keeps the data folder within its limits.

    Threads: any.
    """

    def __init__(self, access: StoreAccess, loop: LoopThread, preferences: Preferences) -> None:
        self._access = access
        self._loop = loop
        self._preferences = preferences

    @property
    def problem(self) -> KnownError | None:
        """What the check of the store in the background found (`store.corrupt` and its like), else None."""
        return self._access.store.problem

    def purge_trash(self) -> Future[ChangeSet]:
        """Remove for good what was deleted longer ago than the setting says."""
        days: int = self._preferences.get("trash.days")
        return self._access.submit(PurgeTrash(days * MILLISECONDS_A_DAY), origin=_UPKEEP, urgent=False)

    def empty_trash(self) -> Future[ChangeSet]:
        """Remove for good everything that was deleted, of every workspace."""
        return self._access.submit(PurgeTrash(0))

    def enforce_cap(self) -> Future[ChangeSet]:
        """Remove the oldest response bodies until all together fit into the setting, never the newest of a request."""
        mib: int = self._preferences.get("history.cap_mib")
        return self._access.submit(EnforceBodyCap(mib * _MIB), origin=_UPKEEP, urgent=False)

    def tidy(self) -> Future[None]:
        """Purge old trash, keep the bodies within their cap, remove body files that no response names.

        For once after start-up. All of it is done by writer and worker, behind what is urgent.
        """
        return self._loop.submit(self._tidy())

    def save_copy(self, target: Path) -> Future[Path]:
        """Copy the file of all documents to where a person wants it; the future gives that place back.

        Response bodies are not in it. The future raises the KnownErrors of `Store.save_copy`.
        """
        return self._loop.submit(self._save_copy(target))

    def bodies_size(self) -> int:
        """Return the bytes of all response bodies together; reads the folder, so not for the GUI thread."""
        return self._access.store.bodies.total_size()

    def collect_garbage(self) -> None:
        """Remove body files that no response names and that are older than an hour."""
        self._access.store.bodies.collect_garbage(queries.body_names(self._access.reader()))

    async def _tidy(self) -> None:
        from asyncio import to_thread, wrap_future  # loaded by the worker, never by the window's start

        await wrap_future(self.purge_trash())
        await wrap_future(self.enforce_cap())
        await to_thread(self.collect_garbage)

    async def _save_copy(self, target: Path) -> Path:
        from asyncio import to_thread  # loaded by the worker, never by the window's start

        await to_thread(self._access.store.save_copy, target)
        return target
