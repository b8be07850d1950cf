"""Local proxies: HTTP (forwarding and CONNECT) and SOCKS 5, with or without a user; each notes what it was asked."""

from __future__ import annotations

import asyncio
import base64
import ssl
from urllib.parse import urlsplit

from tests.support.http_peer import HttpPeer, reply


class HttpProxy(HttpPeer):
    """Forwards absolute targets and tunnels CONNECT; `refusal` answers every request instead."""

    def __init__(
        self,
        *,
        user: str | None = None,
        refusal: bytes | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(context=context)
        self._user = user
        self._refusal = refusal

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        received = await self.read_request(reader, writer)
        if received is None:
            return
        if self._refusal is not None:
            writer.write(self._refusal)
            return
        if self._user is not None:
            wanted = "Basic " + base64.b64encode(self._user.encode("utf-8")).decode("ascii")
            if received.header("proxy-authorization") != wanted:
                writer.write(reply(407, b"who?", [("Proxy-Authenticate", "Basic")], reason="Who Are You"))
                return
        if received.method == "CONNECT":
            host, _, port = received.target.rpartition(":")
            upstream = await asyncio.open_connection(host.strip("[]"), int(port))
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            parts = urlsplit(received.target)
            upstream = await asyncio.open_connection(parts.hostname, parts.port or 80)
            # The path as it stands in the target, not as urlsplit would have it.
            path = received.target.partition("://")[2].partition("/")[2]
            head = received.raw_head.split(b"\r\n", 1)[1]
            upstream[1].write(f"{received.method} /{path} HTTP/1.1\r\n".encode() + head + received.body)
        await relay(reader, writer, *upstream)


class SocksProxy(HttpPeer):
    """SOCKS 5 (RFC 1928, 1929) for CONNECT; `asked` holds the (host, port) pairs, `code` answers with a refusal."""

    def __init__(self, *, user: str | None = None, code: int = 0) -> None:
        super().__init__()
        self._user = user
        self._code = code
        self.asked: list[tuple[str, int]] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        _, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        wanted = 2 if self._user is not None else 0
        if wanted not in offered:
            writer.write(b"\x05\xff")
            return
        writer.write(bytes([5, wanted]))
        if self._user is not None and not await self._signed_in(reader, writer):
            return
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            (length,) = await reader.readexactly(1)
            host = (await reader.readexactly(length)).decode("ascii")
        else:
            host = ".".join(str(part) for part in await reader.readexactly(4))
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append((host, port))
        writer.write(bytes([5, self._code, 0, 1, 0, 0, 0, 0, 0, 0]))
        if self._code == 0:
            await relay(reader, writer, *await asyncio.open_connection(host, port))

    async def _signed_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, length = await reader.readexactly(2)
        name = await reader.readexactly(length)
        (length,) = await reader.readexactly(1)
        password = await reader.readexactly(length)
        right = f"{name.decode()}:{password.decode()}" == self._user
        writer.write(b"\x01\x00" if right else b"\x01\x01")
        return right


async def relay(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """Carry bytes both ways until either side ends."""

    async def carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                sink.write(data)
                await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()

    try:
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))
    finally:
        far_writer.close()
