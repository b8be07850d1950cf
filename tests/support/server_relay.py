"""A port on loopback that stays, before a sync server that ends and comes again at another one."""

from __future__ import annotations

import asyncio

from tests.support.http_peer import HttpPeer
from tests.support.peers_proxy import relay


class ServerRelay(HttpPeer):
    """Carries each connection to the server of the moment; without one, or where it is gone, it ends at once.

    `server` is the address that the server printed, or empty; any thread may set it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.server = ""

    @property
    def address(self) -> str:
        """The address that devices are given."""
        return self.url("").rstrip("/")

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        host, _, port = self.server.removeprefix("http://").partition(":")
        if port:
            await relay(reader, writer, *await asyncio.open_connection(host, int(port)))
