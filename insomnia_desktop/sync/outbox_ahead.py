"""The next batch goes into the outbox while the one before it is on its way: the disk is not waited for twice.

What is in the outbox goes to the server before anything else, so a crash here only leaves more of it to be sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from insomnia_desktop.store.commands.sending import StoreOutbox, WithdrawOutbox
from insomnia_desktop.store.sync_rows import OutboxRow
from insomnia_desktop.store.sync_writes import OutOfDate
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.sealing import Sealing


class OutboxAhead:
    """Puts what was sealed ahead behind the rows that are on their way. Threads: one loop's."""

    def __init__(self, store: GroupStore, sealing: Sealing) -> None:
        self._store = store
        self._sealing = sealing
        self._behind = 0
        self._writing = False
        self._over = False
        self._rows: tuple[OutboxRow, ...] = ()

    @asynccontextmanager
    async def behind(self, number: int, first: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        """Put a batch behind the row of that number during the block, which sends; what is not sealed by then waits.

        `first` writes what has to be written before it, in any case. Raises what that and the store raise, but for
        OutOfDate of the batch: who writes next finds that out.
        """
        self._behind, self._writing, self._over, self._rows = number, True, False, ()
        failure: BaseException | None = None
        async with asyncio.TaskGroup() as tasks:
            putting = tasks.create_task(self._put(first), name="sync-outbox-ahead")
            try:
                yield
            except BaseException as error:  # The group would wrap what belongs to who sends.
                failure = error
            self._over = True
            if not self._writing:
                putting.cancel()
        if failure is None and not putting.cancelled():
            failure = putting.result()
        if failure is not None:
            raise failure

    def take(self) -> tuple[OutboxRow, ...]:
        """Return what was put there last, which is sent next; empty where nothing was."""
        rows, self._rows = self._rows, ()
        return rows

    async def withdraw(self) -> None:
        """Take it out of the outbox again: nobody has sent it, and the answer may change what is to be sent."""
        if self.take():
            await self._store.submit(WithdrawOutbox(self._store.group_id, self._behind))

    async def _put(self, first: Callable[[], Awaitable[None]]) -> BaseException | None:
        """Do it; returns what was raised, which a group of tasks would wrap."""
        try:
            await first()
            self._writing = False
            if not self._over:
                await self._put_next()
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            return error
        return None

    async def _put_next(self) -> None:
        batch = await self._sealing.made_ahead()
        if batch is None:
            return
        command = StoreOutbox(self._store.group_id, self._store.cursor(), batch.rows, behind=self._behind)
        self._writing = True
        # The one after it is sealed meanwhile.
        self._sealing.go_ahead()
        try:
            await self._store.submit(command)
        except OutOfDate:
            self._sealing.forget()
        else:
            self._rows = batch.rows
