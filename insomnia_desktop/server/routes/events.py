"""GET /v1/events."""

from __future__ import annotations

import asyncio

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from insomnia_desktop.protocol.events import EVENTS_MEDIA_TYPE, SILENCE
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.domain.announcing import look_after_streams
from insomnia_desktop.server.event_streams import EventStream
from insomnia_desktop.server.routes.calls import context_of, session_of

# A proxy must not keep events back until there are enough of them.
_HEADERS = {"X-Accel-Buffering": "no"}


async def events(request: Request) -> Response:
    """Open a stream of hints."""
    session = await session_of(request)
    if request.method == "HEAD":
        return Response(headers=_HEADERS, media_type=EVENTS_MEDIA_TYPE)
    return _EventsResponse(context_of(request), session)


class _EventsResponse(Response):
    """An answer without an end; it is ended by either side."""

    media_type = EVENTS_MEDIA_TYPE

    def __init__(self, context: ServerContext, session: SessionRow) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._context = context
        self._session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what there is to say until the client goes, the session ends or the server stops."""
        stream = self._context.events.open(self._session)
        reads = True
        try:
            # Only now: what changes after this is offered to the stream.
            await look_after_streams(self._context, (self._session.account_id,))
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async with asyncio.TaskGroup() as tasks:
                watching = tasks.create_task(_close_when_gone(receive, stream), name="server-events")
                reads = await _say(stream, send)
                watching.cancel()
        finally:
            self._context.events.leave(stream)
        if not reads:
            raise ClientDisconnect


async def _say(stream: EventStream, send: Send) -> bool:
    """Send until the stream ends; False for a client that is connected and does not read."""
    while (text := await stream.next()) is not None:
        try:
            async with asyncio.timeout(SILENCE):
                await send({"type": "http.response.body", "body": text, "more_body": True})
        except TimeoutError:
            return False
    await send({"type": "http.response.body", "body": b""})
    return True


async def _close_when_gone(receive: Receive, stream: EventStream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


ROUTES = (Route("/v1/events", events, methods=["GET"]),)
