"""Names to addresses without blocking the loop, and without keeping the program from ending."""

from __future__ import annotations

import asyncio
import socket
import threading
from dataclasses import dataclass

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender.address import is_ip_literal


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address to connect to."""

    family: int
    sockaddr: tuple[str, int] | tuple[str, int, int, int]

    @property
    def ip(self) -> str:
        """The address as text."""
        return self.sockaddr[0]


async def resolve(host: str, port: int) -> list[Endpoint]:
    """Return the addresses of a host, families in turn (RFC 8305, 4); raises KnownError `send.unknown_host`.

    Each look-up has a daemon thread of its own: `getaddrinfo` cannot be interrupted, and a name server that does not
    answer must neither hold up other work nor the end of the program.
    """
    if is_ip_literal(host):
        return _endpoints(_look_up(host, port, socket.AI_NUMERICHOST))
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[Endpoint]] = loop.create_future()

    def deliver(found: list[Endpoint], error: KnownError | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(found)

    def look_up() -> None:
        found: list[Endpoint] = []
        error: KnownError | None = None
        try:
            found = _endpoints(_look_up(host, port, 0))
        except (OSError, UnicodeError) as failure:
            error = KnownError("send.unknown_host", host=host, phase="dns", reason=_words(failure))
        if error is None and not found:
            error = KnownError("send.unknown_host", host=host, phase="dns", reason="")
        try:
            loop.call_soon_threadsafe(deliver, found, error)
        except RuntimeError:
            return  # The loop ended while the name server kept silent.

    threading.Thread(target=look_up, name="look-up", daemon=True).start()
    return await future


def _look_up(host: str, port: int, flags: int) -> list[Endpoint]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
    unique = dict.fromkeys((int(family), sockaddr) for family, _, _, _, sockaddr in found)
    return [Endpoint(family, sockaddr) for family, sockaddr in unique if isinstance(sockaddr[0], str)]


def _endpoints(found: list[Endpoint]) -> list[Endpoint]:
    """Put the families in turn, the one that the system prefers first."""
    if not found:
        return []
    first = [endpoint for endpoint in found if endpoint.family == found[0].family]
    other = [endpoint for endpoint in found if endpoint.family != found[0].family]
    turns: list[Endpoint] = []
    for position in range(max(len(first), len(other))):
        turns += first[position : position + 1] + other[position : position + 1]
    return turns


def _words(error: Exception) -> str:
    return error.strerror or "" if isinstance(error, socket.gaierror) else str(error)
