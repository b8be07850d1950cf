"""A sender with a folder of its own, and requests to send with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from insomnia_desktop.base.clock import Clock, SystemClock
from insomnia_desktop.model.body import Body, NoBody
from insomnia_desktop.model.cookie_jar import CookieJar
from insomnia_desktop.model.request import Request
from insomnia_desktop.model.response import Response
from insomnia_desktop.model.row import Row
from insomnia_desktop.sender.client_choice import AskPassword
from insomnia_desktop.sender.decoders import DecodeLimits
from insomnia_desktop.sender.events import SendEvent
from insomnia_desktop.sender.send import Sender, SendIdentity, SendOutcome
from insomnia_desktop.sender.send_settings import SendSettings
from insomnia_desktop.templating import Renderer, Scope

DIRECT = SendSettings(proxy_mode="none")


class FolderOfBodies:
    """Satisfies `BodyFiles` with a plain folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self, response_id: str) -> Path:
        """Return the path of a new file."""
        return self._folder / response_id


def rows(*pairs: tuple[str, str]) -> tuple[Row, ...]:
    """Return enabled rows for names and values."""
    return tuple(Row(id=f"row{number:09}", name=name, value=value) for number, (name, value) in enumerate(pairs))


def request(
    url: str,
    method: str = "GET",
    *,
    headers: tuple[tuple[str, str], ...] = (),
    body: Body | None = None,
    **fields: Any,
) -> Request:
    """Return a request."""
    return Request(
        id="req_" + "1" * 32,
        parent_id=None,
        sort_key="a",
        url=url,
        method=method,
        headers=rows(*headers),
        body=body if body is not None else NoBody(),
        **fields,
    )


class SenderDesk:
    """A Sender, and what it wrote."""

    def __init__(self, sender: Sender, folder: Path) -> None:
        self.sender = sender
        self.folder = folder
        self.events: list[SendEvent] = []
        self._told = asyncio.Event()
        self._count = 0

    async def send(
        self,
        what: Request,
        settings: SendSettings = DIRECT,
        *,
        values: dict[str, Any] | None = None,
        jar: CookieJar | None = None,
    ) -> SendOutcome:
        """Send a request and return the outcome; `events` holds what was told."""
        self._count += 1
        self.events.clear()
        identity = SendIdentity(f"res_{self._count:032x}", what.id, "wrk_" + "0" * 32)
        renderer = Renderer(Scope(values or {}))
        return await self.sender.send(what, renderer, settings, identity=identity, jar=jar, listener=self._hear)

    async def response(self, what: Request, settings: SendSettings = DIRECT, **named: Any) -> Response:
        """Send a request and return the response alone."""
        return (await self.send(what, settings, **named)).response

    async def told(self, *wanted: type[SendEvent] | SendEvent) -> None:
        """Wait until the running send tells of such an event."""
        while not any(event in wanted or type(event) in wanted for event in self.events):
            self._told.clear()
            await self._told.wait()

    def _hear(self, event: SendEvent) -> None:
        self.events.append(event)
        self._told.set()

    def body(self, response: Response) -> bytes:
        """Return the body that was written for a response."""
        return (self.folder / response.body_file).read_bytes() if response.body_file else b""


@asynccontextmanager
async def sender_in(
    folder: Path,
    *,
    clock: Clock | None = None,
    ask_password: AskPassword | None = None,
    limits: DecodeLimits | None = None,
) -> AsyncIterator[SenderDesk]:
    """Give a sender that writes bodies into a folder, and close it."""
    sender = Sender(FolderOfBodies(folder), clock=clock or SystemClock(), ask_password=ask_password, limits=limits)
    try:
        yield SenderDesk(sender, folder)
    finally:
        await sender.close()


def problem(response: Response) -> str:
    """Return the error code of a response that failed."""
    assert response.state == "failed", response
    assert response.error is not None
    return response.error.code
