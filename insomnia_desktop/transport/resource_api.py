"""The endpoints of sync, one method each (protocol v1, 3.4), and the event stream (3.12)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.protocol.accounts import Account
from insomnia_desktop.protocol.devices import Devices
from insomnia_desktop.protocol.events import EVENTS_MEDIA_TYPE, SILENCE
from insomnia_desktop.protocol.resource_groups import Group, Groups, Heads, NewGroup
from insomnia_desktop.protocol.resources import RevisionRow, Revisions
from insomnia_desktop.protocol.service import SERVICE, Version
from insomnia_desktop.protocol.sync import Page, Push, PushAnswer
from insomnia_desktop.transport.connection import Connection, StreamRefused
from insomnia_desktop.transport.endpoints import Endpoints
from insomnia_desktop.transport.event_lines import Event, EventLines

_PAGE_ROWS: Final = 500


class ResourceApi(Endpoints):
    """A sync server, as far as groups and their resources go, in one session.

    What its methods raise is said in Endpoints; ids and tokens are raw bytes. Threads: one loop's.
    """

    def __init__(self, connection: Connection, token: bytes) -> None:
        super().__init__(connection)
        self._token = token

    async def version(self) -> Version:
        """Return what the server says of itself, its limits among it."""
        version = await self._get("/v1/version", Version)
        if version.service != SERVICE:
            raise self._not_ours()
        return version

    async def account(self) -> Account:
        """Return the account of the session, with the bytes that it uses."""
        return await self._get("/v1/account", Account, self._token)

    async def devices(self) -> Devices:
        """Return the devices of the account: a version names the one that pushed it."""
        return await self._get("/v1/devices", Devices, self._token)

    async def heads(self, etag: str = "") -> tuple[Heads | None, str]:
        """Return how far all groups are, and the mark of that answer; None if it is still the one of `etag`."""
        answer = await self._ask("GET", "/v1/heads", token=self._token, etag=etag)
        if answer.status == 304:
            return None, etag
        return self._decoded(answer, Heads), answer.etag

    async def groups(self) -> Groups:
        """Return the groups of the account with their wrapped keys."""
        return await self._get("/v1/groups", Groups, self._token)

    async def create_group(self, group: NewGroup) -> Group:
        """Make a group; Refused `group_exists` says that another device was faster."""
        return await self._post("/v1/groups", group, Group, self._token)

    async def delete_group(self, group_id: str) -> None:
        """Remove the server's copy of a group, with its history."""
        await self._ask("DELETE", f"/v1/groups/{group_id}", token=self._token)

    async def changes(self, group_id: str, after: int, *, full: bool, limit: int = _PAGE_ROWS) -> Page:
        """Return the rows behind a cursor; Refused `resync` asks for a full pull."""
        path = f"/v1/groups/{group_id}/changes?after={after}&limit={limit}&full={int(full)}"
        return await self._get(path, Page, self._token)

    async def push(self, group_id: str, push: Push) -> PushAnswer:
        """Send changes; the same bytes again are answered alike."""
        return await self._post(f"/v1/groups/{group_id}/push", push, PushAnswer, self._token)

    async def revisions(
        self, group_id: str, resource_id: str, *, before: int | None = None, limit: int = 100
    ) -> Revisions:
        """Return the versions of a resource, newest first."""
        behind = "" if before is None else f"before={before}&"
        path = f"/v1/groups/{group_id}/resources/{resource_id}/revisions?{behind}limit={limit}"
        return await self._get(path, Revisions, self._token)

    async def revision(self, group_id: str, resource_id: str, version: int) -> RevisionRow:
        """Return one version with its envelope; Refused `not_found` where that is no longer kept."""
        path = f"/v1/groups/{group_id}/resources/{resource_id}/revisions/{version}"
        return await self._get(path, RevisionRow, self._token)

    @asynccontextmanager
    async def events(self, *, silence: float = SILENCE) -> AsyncIterator[AsyncIterator[Event]]:
        """Open the stream of hints; it ends with the connection, or after so many seconds without a byte."""
        try:
            async with self._connection.stream(
                "/v1/events", token=self._token, media_type=EVENTS_MEDIA_TYPE, silence=silence
            ) as chunks:
                yield self._events(chunks)
        except StreamRefused as refused:
            answer = refused.answer
            if 400 <= answer.status < 500:
                raise self._refusal(answer, authorised=True) from refused
            if answer.status >= 500:
                raise KnownError(
                    "account.server_failed",
                    address=self.address.origin,
                    status=answer.status,
                    retry_after=answer.retry_after,
                ) from refused
            raise self._not_ours() from refused

    async def _events(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[Event]:
        lines = EventLines()
        async for chunk in chunks:
            for event in lines.feed(chunk):
                yield event
