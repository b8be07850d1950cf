"""TLS by the standard library over any byte stream, without a transport of asyncio's."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Final, Protocol, TypeVar

T = TypeVar("T")
_READ_BYTES: Final = 256 * 1024


class ByteStream(Protocol):
    """What lies below: a socket, or TLS to a proxy."""

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return bytes, nothing at the end."""
        ...

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all bytes."""
        ...


class TlsStream:
    """TLS over a stream; one task may read while another writes."""

    def __init__(self, stream: ByteStream, context: ssl.SSLContext, hostname: str) -> None:
        self._stream = stream
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._flushing = asyncio.Lock()
        self.hostname = hostname
        self.ssl_object = context.wrap_bio(self._incoming, self._outgoing, server_hostname=hostname.rstrip("."))

    async def handshake(self) -> None:
        """Shake hands; raises ssl.SSLError, EOFError where the other side goes away, and what the stream raises."""
        try:
            await self._run(self.ssl_object.do_handshake)
        except ssl.SSLEOFError:
            raise EOFError from None
        except ssl.SSLError:
            # The alert that says why goes out before we close.
            await self._flush()
            raise

    async def read(self, max_bytes: int) -> bytes:
        """Return what is there, nothing at the end; raises ssl.SSLError."""
        try:
            first = await self._run(lambda: self.ssl_object.read(min(max_bytes, 16_384)))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        pieces = [first]
        size = len(first)
        # One call gives one record of 16 KiB at most: what else has arrived comes along.
        while first and size < max_bytes and (self._incoming.pending or self.ssl_object.pending()):
            try:
                piece = self.ssl_object.read(max_bytes - size)
            except (ssl.SSLWantReadError, ssl.SSLZeroReturnError, ssl.SSLEOFError):
                break
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces) if len(pieces) > 1 else first

    async def write(self, buffer: bytes) -> None:
        """Send all bytes; raises ssl.SSLError."""
        view = memoryview(buffer)
        while view:
            piece = view[:_READ_BYTES]
            written = await self._run(lambda piece=piece: self.ssl_object.write(piece))  # type: ignore[misc]
            view = view[written:]

    async def _run(self, step: Callable[[], T]) -> T:
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._flush()
                data = await self._stream.read(_READ_BYTES)
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
                continue
            await self._flush()
            return result

    async def _flush(self) -> None:
        if not self._outgoing.pending:
            return
        # Two senders on one socket would get in each other's way.
        async with self._flushing:
            data = self._outgoing.read()
            if data:
                await self._stream.write(data)
