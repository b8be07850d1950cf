"""The one module that imports httpx: a client for each set of transport settings, kept warm.

What httpx 0.28 does behind one's back is kept from it here: it gets whole header lists, a ready target, no redirects,
no cookies, no environment, and a network of our own.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpcore
import httpx

from insomnia_desktop.base.absent_modules import note_absent
from insomnia_desktop.base.clock import Clock
from insomnia_desktop.sender.network import Backend
from insomnia_desktop.sender.probe import current_probe
from insomnia_desktop.sender.proxies import Proxy
from insomnia_desktop.sender.send_settings import HttpVersion
from insomnia_desktop.sender.tls_contexts import TlsChoice, make_proxy_context

note_absent()
MOST_HEADER_BYTES: Final = 1024 * 1024
"""How long the head of an answer may be (HTTP/1.1)."""
_READ_BYTES: Final = 256 * 1024
_KEEP_ALIVE_SECONDS: Final = 55.0
_IDLE_SECONDS: Final = 60.0

# httpcore has no setting for these; the fields are its own, and a test fails if they go.
httpcore.AsyncHTTP11Connection.MAX_INCOMPLETE_EVENT_SIZE = MOST_HEADER_BYTES
httpcore.AsyncHTTP11Connection.READ_NUM_BYTES = _READ_BYTES
httpcore.AsyncHTTP2Connection.READ_NUM_BYTES = _READ_BYTES

Client = httpx.AsyncClient
ContextMaker = Callable[[TlsChoice, str], Awaitable[ssl.SSLContext]]


@dataclass(frozen=True, slots=True)
class TransportKey:
    """What two requests must have in common to share a client."""

    tls: TlsChoice | None
    proxy: Proxy | None
    http_version: HttpVersion


@dataclass(slots=True)
class _Client:
    client: httpx.AsyncClient
    leases: int = 0
    last_used: float = 0.0


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """One request of one hop, ready for the wire."""

    method: str
    scheme: str
    host: str
    port: int
    target: str
    headers: list[tuple[bytes, bytes]]
    content: Callable[[], AsyncIterator[bytes]]
    connect_timeout: float | None
    trace: Callable[[str, dict[str, Any]], Awaitable[None]]


@dataclass(slots=True)
class IncomingResponse:
    """The head of an answer and its body as it comes; `close` must be called."""

    status: int
    reason: str
    http_version: str
    headers: list[tuple[bytes, bytes]]
    network_stream: Any
    _response: httpx.Response = field(repr=False)

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as on the wire, not decoded."""
        return self._response.aiter_raw()

    async def close(self) -> None:
        """Give the connection back, or close it where the body was not read to its end."""
        await self._response.aclose()


class Clients:
    """Lends clients and closes those that nobody used for a minute. Threads: the loop's."""

    def __init__(self, clock: Clock, make_context: ContextMaker) -> None:
        self._clock = clock
        self._make_context = make_context
        self._clients: dict[TransportKey, _Client] = {}
        self._making: dict[TransportKey, asyncio.Lock] = {}

    async def lease(self, key: TransportKey, host: str) -> httpx.AsyncClient:
        """Return a client to use until `give_back`; raises what making its TLS context raises."""
        found = self._clients.get(key)
        if found is None:
            # One lock a key: waiting for a person's password must not hold up other sends.
            async with self._making.setdefault(key, asyncio.Lock()):
                found = self._clients.get(key)
                if found is None:
                    found = self._clients[key] = _Client(await self._make(key, host))
            self._making.pop(key, None)
        found.leases += 1
        return found.client

    def give_back(self, key: TransportKey) -> None:
        """End a lease."""
        found = self._clients.get(key)
        if found is not None:
            found.leases -= 1
            found.last_used = self._clock.monotonic()

    async def close_idle(self) -> None:
        """Close the clients that were not used for a minute."""
        limit = self._clock.monotonic() - _IDLE_SECONDS
        for key, found in tuple(self._clients.items()):
            if found.leases == 0 and found.last_used < limit:
                del self._clients[key]
                await found.client.aclose()

    async def close(self) -> None:
        """Close all clients."""
        clients = tuple(self._clients.values())
        self._clients.clear()
        for found in clients:
            await found.client.aclose()

    async def _make(self, key: TransportKey, host: str) -> httpx.AsyncClient:
        context = await self._make_context(key.tls, host) if key.tls is not None else None
        proxy_context: ssl.SSLContext | None = None
        if key.proxy is not None and key.proxy.kind == "https":
            verify = key.tls.verify if key.tls is not None else True
            proxy_context = await asyncio.to_thread(make_proxy_context, verify=verify)
        proxy_errors: tuple[type[Exception], ...] = ()
        if key.proxy is not None and key.proxy.kind == "socks5":
            import socksio  # imported here: few go through SOCKS

            # httpcore asserts on what a proxy says that does not speak SOCKS.
            proxy_errors = (socksio.SOCKSError, AssertionError)
        transport = _Transport(_pool(key, context, proxy_context), proxy_errors)
        return httpx.AsyncClient(transport=transport, trust_env=False)


async def send(client: httpx.AsyncClient, outgoing: OutgoingRequest) -> IncomingResponse:
    """Send a request and return the head of its answer; raises httpcore's errors and KnownErrors of the network."""
    request = httpx.Request(
        "GET",
        # httpx would rewrite the address, and refuses hosts that exist: the transport below takes the real one.
        "http://127.0.0.1/",
        headers=outgoing.headers,
        stream=_Content(outgoing.content),
        extensions={
            "outgoing": outgoing,
            "timeout": {"connect": outgoing.connect_timeout},
            "trace": outgoing.trace,
        },
    )
    # Set afterwards, since the constructor would write it in capitals.
    request.method = outgoing.method
    response = await client.send(request, stream=True, auth=None, follow_redirects=False)
    extensions = response.extensions
    return IncomingResponse(
        status=response.status_code,
        reason=extensions.get("reason_phrase", b"").decode("latin-1"),
        http_version=extensions.get("http_version", b"").decode("latin-1"),
        headers=response.headers.raw,
        network_stream=extensions.get("network_stream"),
        _response=response,
    )


class _Content(httpx.AsyncByteStream):
    def __init__(self, chunks: Callable[[], AsyncIterator[bytes]]) -> None:
        self._chunks = chunks

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._chunks()


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.aiter_stream()

    async def aclose(self) -> None:
        await self._response.aclose()


class _Answer(httpx.Response):
    """An answer that httpx takes as it is: it would read the next address even of a redirect that it may not follow."""

    @property
    def has_redirect_location(self) -> bool:
        return False


class _Transport(httpx.AsyncBaseTransport):
    """httpx's way down to httpcore, without its rewriting of the target and its renaming of errors."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, proxy_errors: tuple[type[Exception], ...]) -> None:
        self._pool = pool
        self._proxy_errors = proxy_errors

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        outgoing: OutgoingRequest = request.extensions["outgoing"]
        inner = httpcore.Request(
            method=outgoing.method.encode("ascii"),
            url=httpcore.URL(
                scheme=outgoing.scheme.encode("ascii"),
                host=outgoing.host.encode("ascii"),
                port=outgoing.port,
                target=outgoing.target.encode("ascii"),
            ),
            headers=outgoing.headers,
            content=request.stream,
            extensions={"timeout": request.extensions["timeout"], "trace": outgoing.trace},
        )
        try:
            answer = await self._pool.handle_async_request(inner)
        except BaseException as error:
            if not self._proxy_errors:
                raise
            # httpcore leaves the socket open where a SOCKS proxy refuses or a send is cancelled meanwhile.
            probe = current_probe.get()
            for stream in probe.opened if not probe.asked else ():
                await stream.aclose()
            if isinstance(error, self._proxy_errors):
                raise httpcore.ProxyError(str(error) or "It does not speak SOCKS 5") from error
            raise
        return _Answer(
            status_code=answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


def _pool(
    key: TransportKey, context: ssl.SSLContext | None, proxy_context: ssl.SSLContext | None
) -> httpcore.AsyncConnectionPool:
    only_http2 = key.http_version == "2"
    shared: dict[str, Any] = {
        "ssl_context": context,
        "max_connections": None,
        "max_keepalive_connections": 16,
        "keepalive_expiry": _KEEP_ALIVE_SECONDS,
        "http1": not only_http2,
        "http2": key.http_version != "1.1",
        "network_backend": Backend(
            via_proxy=key.proxy is not None, only_http2=only_http2, offer_http2=key.http_version != "1.1"
        ),
    }
    if key.proxy is None:
        return httpcore.AsyncConnectionPool(**shared)
    host = f"[{key.proxy.host}]" if ":" in key.proxy.host else key.proxy.host
    auth = None if key.proxy.user is None else (key.proxy.user, key.proxy.password)
    if key.proxy.kind == "socks5":
        del shared["max_keepalive_connections"]
        return httpcore.AsyncSOCKSProxy(f"socks5://{host}:{key.proxy.port}", proxy_auth=auth, **shared)
    return httpcore.AsyncHTTPProxy(
        f"{key.proxy.kind}://{host}:{key.proxy.port}", proxy_auth=auth, proxy_ssl_context=proxy_context, **shared
    )
