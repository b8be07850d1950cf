"""Pages of one group from the server, of which the next comes while the one before is applied."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from insomnia_desktop.protocol.sync import Page
from insomnia_desktop.transport.resource_api import ResourceApi


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What came of asking for the page behind a cursor."""

    after: int
    full: bool
    answer: Page | Exception


class Pages:
    """Asks for pages. Threads: one loop's.

    With `ahead` the next page is asked for while one is applied; without, only when it is wanted.
    """

    def __init__(self, api: ResourceApi, group_id: str, limit: int, *, ahead: bool) -> None:
        self._api = api
        self._group_id = group_id
        self._limit = limit
        self._wanted_ahead = ahead
        self._came: _Ahead | None = None

    async def get(self, after: int, *, full: bool) -> Page:
        """Return the page behind a cursor; raises what `ResourceApi.changes` raises."""
        came, self._came = self._came, None
        if came is not None and (came.after, came.full) == (after, full):
            if isinstance(came.answer, Exception):
                raise came.answer
            return came.answer
        return await self._api.changes(self._group_id, after, full=full, limit=self._limit)

    @asynccontextmanager
    async def next_of(self, page: Page, *, full: bool) -> AsyncIterator[None]:
        """Let the page behind this one come during the block, which applies it."""
        self._came = None
        if not self._wanted_ahead or not page.more:
            yield
            return
        failure: BaseException | None = None
        async with asyncio.TaskGroup() as tasks:
            asking = tasks.create_task(self._ask(page.next, full), name="sync-page-ahead")
            try:
                yield
            except BaseException as error:  # The group would wrap what belongs to who applies.
                failure = error
                asking.cancel()
        if failure is not None:
            raise failure
        self._came = asking.result()

    async def _ask(self, after: int, full: bool) -> _Ahead:
        try:
            answer = await self._api.changes(self._group_id, after, full=full, limit=self._limit)
        except Exception as error:  # Raised by `get`, once somebody wants the page.
            return _Ahead(after, full, error)
        return _Ahead(after, full, answer)
