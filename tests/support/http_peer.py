"""A local HTTP/1.1 server that shows exactly which bytes arrived and answers with exactly the bytes it is told.

On a loop: `async with HttpPeer(answer) as peer`. From a test without a loop: `with peer_in_thread(answer) as peer`.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TypeAlias


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came: the bytes of its head, and its body without chunked framing."""

    raw_head: bytes
    body: bytes
    peer_certificate: Mapping[str, object] = field(default_factory=dict)

    @property
    def request_line(self) -> str:
        """The first line."""
        return self.raw_head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def method(self) -> str:
        """The method as it came."""
        return self.request_line.split(" ")[0]

    @property
    def target(self) -> str:
        """The request target as it came."""
        return self.request_line.split(" ")[1]

    @property
    def headers(self) -> list[tuple[str, str]]:
        """All header fields, in order, as they came."""
        lines = self.raw_head.decode("utf-8").split("\r\n")[1:]
        return [(name, value.strip(" ")) for name, _, value in (line.partition(":") for line in lines if line)]

    def header(self, name: str) -> str | None:
        """The value of the first field of that name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def reply(
    status: int = 200, body: bytes = b"", headers: list[tuple[str, str]] | None = None, *, reason: str = "OK"
) -> bytes:
    """Return the bytes of an answer, with its Content-Length unless the headers name one or Transfer-Encoding."""
    fields = list(headers or [])
    if not {"content-length", "transfer-encoding"} & {name.lower() for name, _ in fields}:
        fields.append(("Content-Length", str(len(body))))
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in fields)]
    return "\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body


Answer: TypeAlias = Callable[[Received], bytes]


class HttpPeer:
    """Answers each request by `answer`; `received` holds all that came, `connections` counts."""

    def __init__(self, answer: Answer | None = None, *, context: ssl.SSLContext | None = None) -> None:
        self._answer = answer or (lambda received: reply())
        self._context = context
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.received: list[Received] = []
        self.connections = 0
        self.port = 0

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        """Return an address at this peer."""
        return f"{'https' if self._context else 'http'}://{host}:{self.port}{path}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(
            self._accepted, "127.0.0.1", 0, ssl=self._context, limit=16 * 1024 * 1024
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; misbehaving peers override this."""
        while True:
            received = await self.read_request(reader, writer)
            if received is None:
                return
            answer = self._answer(received)
            writer.write(answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if received.method == "HEAD" else answer)
            await writer.drain()
            if (received.header("connection") or "").lower() == "close":
                return

    async def read_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Received | None:
        """Read one request and keep it; None at the end of the connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return None
        seen = Received(head, b"")
        body = b""
        if (seen.header("transfer-encoding") or "").lower() == "chunked":
            while size := int(await reader.readline(), 16):
                body += await reader.readexactly(size)
                await reader.readexactly(2)
            await reader.readexactly(2)
        elif length := int(seen.header("content-length") or 0):
            body = await reader.readexactly(length)
        certificate = writer.get_extra_info("peercert") or {}
        received = Received(head, body, certificate)
        self.received.append(received)
        return received

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self.talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            try:
                await writer.wait_closed()
            except (OSError, ssl.SSLError, asyncio.CancelledError):
                pass


class ScriptedPeer(HttpPeer):
    """Does with each connection what its script says: hang, lie, break off."""

    def __init__(
        self,
        script: Callable[[ScriptedPeer, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(context=context)
        self._script = script
        self.asked = asyncio.Event()
        """Set when a silent peer has been asked; set by the test to let a resetting one go on."""

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Run the script."""
        await self._script(self, reader, writer)


async def answer_raw(
    peer: ScriptedPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, raw: bytes
) -> None:
    """Read a request, send these bytes and close."""
    await peer.read_request(reader, writer)
    writer.write(raw)
    await writer.drain()


def raw_peer(raw: bytes, *, context: ssl.SSLContext | None = None) -> ScriptedPeer:
    """Return a peer that answers each connection with these bytes and closes it."""

    async def script(peer: ScriptedPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await answer_raw(peer, reader, writer, raw)

    return ScriptedPeer(script, context=context)


def silent_peer(raw: bytes = b"") -> ScriptedPeer:
    """Return a peer that sends these bytes after a request and then nothing, for ever; `asked` is set then."""

    async def script(peer: ScriptedPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await peer.read_request(reader, writer)
        writer.write(raw)
        await writer.drain()
        peer.asked.set()
        await asyncio.Event().wait()

    return ScriptedPeer(script)


def resetting_peer(raw: bytes = b"") -> ScriptedPeer:
    """Return a peer that sends these bytes after a request and, once the test has set `asked`, resets."""

    async def script(peer: ScriptedPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await peer.read_request(reader, writer)
        writer.write(raw)
        await writer.drain()
        if raw:
            # The reset would overtake what the other side has not read yet: it says when it has.
            await peer.asked.wait()
        sock = writer.get_extra_info("socket")
        # SO_LINGER with no time: closing sends RST.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        writer.transport.abort()

    return ScriptedPeer(script)


@contextmanager
def peer_in_thread(answer: Answer | None = None, *, peer: HttpPeer | None = None) -> Iterator[HttpPeer]:
    """Serve from a thread of its own, for tests that have no loop."""
    serving = peer if peer is not None else HttpPeer(answer)
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        async with serving:
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="http-peer")
    thread.start()
    assert ready.wait(10)
    try:
        yield serving
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
