"""Reads the event stream of a server in this process: httpx waits there for the end of an answer, which never comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.support.sync_desk import AGENT, SyncDesk

_PATIENCE_S = 20.0


class EventReader:
    """One stream. All methods are for the server's loop."""

    def __init__(self, desk: SyncDesk, token: str) -> None:
        self._desk = desk
        self._token = token
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._gone = asyncio.Event()
        # Cleared, the connection takes nothing more, as that of a client that does not read.
        self.reads = asyncio.Event()
        self.reads.set()
        self.status = 0
        self.headers: dict[str, str] = {}

    async def run(self) -> None:
        """Ask, and take what comes until it ends."""
        headers = {"host": "localhost", "user-agent": AGENT, "authorization": f"Bearer {self._token}"}
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/v1/events",
            "raw_path": b"/v1/events",
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 4712),
            "server": ("localhost", 80),
        }
        try:
            await self._desk.app(scope, self._receive, self._send)
        finally:
            self._chunks.put_nowait(None)

    async def next(self) -> str | None:
        """Wait for what is said next, as it is on the wire; None at the end."""
        async with asyncio.timeout(_PATIENCE_S):
            chunk = await self._chunks.get()
        return None if chunk is None else chunk.decode()

    async def opened(self) -> None:
        """Wait for what is said first: a comment, if there is nothing else."""
        first = await self.next()
        assert first is not None
        if first != ":\n\n":
            self._chunks.put_nowait(first.encode())

    def nothing(self) -> bool:
        """Say whether nothing waits to be read."""
        return self._chunks.empty()

    def leave(self) -> None:
        """Close the connection."""
        self._gone.set()

    async def _receive(self) -> dict[str, object]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.reads.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif message.get("body"):
            self._chunks.put_nowait(message["body"])


@asynccontextmanager
async def reading(desk: SyncDesk, token: str) -> AsyncIterator[EventReader]:
    """Open a stream and read its first comment; it is closed at the end of the block."""
    reader = EventReader(desk, token)
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(reader.run())
        try:
            await reader.opened()
            yield reader
        finally:
            reader.leave()
            reader.reads.set()
            await asyncio.wait([task])
