"""The network below httpx: it looks names up, races addresses, measures phases and names what goes wrong.

It fills the places of httpcore's `AsyncNetworkBackend` and `AsyncNetworkStream` (httpx has no DNS phase of its own).
"""

from __future__ import annotations

import asyncio
import select
import socket
import ssl
from collections.abc import Iterable
from typing import Any, Final

import httpcore

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.sender import failures
from insomnia_desktop.sender.probe import Probe, current_probe
from insomnia_desktop.sender.resolver import Endpoint, resolve
from insomnia_desktop.sender.tls_stream import TlsStream

_NEXT_ADDRESS_AFTER: Final = 0.25
"""Seconds until the next address is tried beside a slow one (RFC 8305, 8)."""


class Backend(httpcore.AsyncNetworkBackend):
    """Connects for one client; with `via_proxy` what it connects to is a proxy."""

    def __init__(self, *, via_proxy: bool = False, only_http2: bool = False, offer_http2: bool = True) -> None:
        self._via_proxy = via_proxy
        self._only_http2 = only_http2
        self._offer_http2 = offer_http2

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect; raises KnownError `send.unknown_host`, `.refused`, `.unreachable`, `.connect_timeout` and, where
        what is connected to is a proxy, `send.proxy_failed` with the other's word as its reason.
        """
        probe = current_probe.get()
        probe.connections += 1
        probe.connect_deadline = None if timeout is None else probe.now() + timeout
        phase = "dns"
        endpoints: list[Endpoint] = []
        try:
            async with asyncio.timeout(timeout):
                endpoints = await self._resolve(host, port, probe)
                phase = "connect"
                return await self._connect(host, port, endpoints, probe)
        except TimeoutError:
            address = endpoints[0].ip if endpoints else ""
            error = KnownError(
                "send.connect_timeout", host=host, address=address, port=port, phase=phase, seconds=timeout or 0
            )
            raise self._named(error) from None
        except KnownError as error:
            raise self._named(error) from error.__cause__

    async def _resolve(self, host: str, port: int, probe: Probe) -> list[Endpoint]:
        probe.begin("dns")
        endpoints = await resolve(host, port)
        took = probe.end("dns")
        if endpoints[0].ip != host:
            probe.note("dns", f"Resolve {host}  {took:.0f} ms")
        return endpoints

    async def _connect(
        self, host: str, port: int, endpoints: list[Endpoint], probe: Probe
    ) -> httpcore.AsyncNetworkStream:
        probe.begin("connect")
        probe.note("connect", f"Connect {_place(endpoints[0].ip, port)}")
        errors: list[tuple[Endpoint, OSError]] = []
        connected = await _race(endpoints, errors)
        if connected is None:
            endpoint, failure = errors[0]
            raise failures.connect_failure(failure, host=host, address=endpoint.ip, port=port) from failure
        took = probe.end("connect")
        stream = SocketStream(connected, host=host, port=port, backend=self)
        probe.opened.append(stream)
        probe.note("connect", f"Connected to {stream.remote}  {took:.0f} ms")
        return stream

    def _named(self, error: KnownError) -> KnownError:
        if not self._via_proxy:
            return error
        return KnownError(
            "send.proxy_failed",
            host=error.params.get("host"),
            port=error.params.get("port", 0),
            reason=error.code.removeprefix("send."),
            detail=error.params.get("reason", ""),
            phase=error.params.get("phase"),
        )

    def protocols(self, offered: list[str]) -> list[str]:
        """Return the protocols to offer in ALPN, the wanted first."""
        if "h2" not in offered and not self._only_http2:
            return offered
        return ["h2"] if self._only_http2 else ["h2", "http/1.1"]

    @property
    def only_http2(self) -> bool:
        """Whether nothing but HTTP/2 will do."""
        return self._only_http2

    @property
    def offers_http2(self) -> bool:
        """Whether HTTP/2 is offered."""
        return self._offer_http2 or self._only_http2


class SocketStream(httpcore.AsyncNetworkStream):
    """A connected socket."""

    def __init__(self, sock: socket.socket, *, host: str, port: int, backend: Backend) -> None:
        self._socket = sock
        self._host = host
        self._port = port
        self._backend = backend
        self._closed = False
        self.remote = _place(*sock.getpeername()[:2])

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what is there, nothing at the end; raises httpcore.ReadError."""
        try:
            # The loop returns what has arrived without a turn for others: a server that sends without end, and nothing
            # that ends the read above, would keep time-outs and Cancel from ever being heard.
            await asyncio.sleep(0)
            data = await asyncio.get_running_loop().sock_recv(self._socket, max_bytes)
        except OSError as error:
            raise httpcore.ReadError(failures.reason_of(error)) from error
        probe = current_probe.get(None)
        if probe is not None:
            probe.received_bytes += len(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all bytes; raises httpcore.WriteError."""
        try:
            await asyncio.get_running_loop().sock_sendall(self._socket, buffer)
        except OSError as error:
            raise httpcore.WriteError(failures.reason_of(error)) from error

    async def aclose(self) -> None:
        """Close the socket."""
        if not self._closed:
            self._closed = True
            self._socket.close()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Return the stream inside of TLS; raises KnownError `send.tls_...`, `send.client_certificate`."""
        host = server_hostname or self._host
        return await _start_tls(self, self._backend, ssl_context, host=host, port=self._port, timeout=timeout)

    def get_extra_info(self, info: str) -> Any:
        """Return `server_addr`, `is_readable` and `socket` as httpcore knows them, and `remote`."""
        if info == "remote":
            return self.remote
        if info == "is_readable":
            return self._closed or _is_readable(self._socket)
        if info == "server_addr":
            return self._socket.getpeername()[:2]
        return self._socket if info == "socket" else None


class SecureStream(httpcore.AsyncNetworkStream):
    """A TLS stream in the place that httpcore has for one."""

    def __init__(self, inner: httpcore.AsyncNetworkStream, tls: TlsStream, *, backend: Backend, port: int) -> None:
        self._inner = inner
        self._tls = tls
        self._backend = backend
        self._port = port

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what is there, nothing at the end; raises httpcore.ReadError, KnownError `send.client_certificate`."""
        try:
            return await self._tls.read(max_bytes)
        except ssl.SSLError as error:
            if failures.is_client_certificate_alert(error):
                raise _certificate_refused(self._tls.hostname, self._port, error) from error
            raise httpcore.ReadError(str(error)) from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all bytes; raises httpcore.WriteError."""
        try:
            await self._tls.write(buffer)
        except ssl.SSLError as error:
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        """Close the connection."""
        await self._inner.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Return TLS inside of this TLS: a secure server behind a secure proxy."""
        host = server_hostname or ""
        return await _start_tls(self, self._backend, ssl_context, host=host, port=self._port, timeout=timeout)

    def get_extra_info(self, info: str) -> Any:
        """Return `ssl_object`, and what the stream below knows."""
        return self._tls.ssl_object if info == "ssl_object" else self._inner.get_extra_info(info)


async def _start_tls(
    stream: httpcore.AsyncNetworkStream,
    backend: Backend,
    context: ssl.SSLContext,
    *,
    host: str,
    port: int,
    timeout: float | None,
) -> httpcore.AsyncNetworkStream:
    probe = current_probe.get()
    to_proxy = getattr(context, "for_proxy", False)
    offered = ["http/1.1"] if to_proxy or not backend.offers_http2 else ["http/1.1", "h2"]
    context.set_alpn_protocols(["http/1.1"] if to_proxy else backend.protocols(offered))
    probe.begin("tls")
    tls = TlsStream(stream, context, host)
    left = None if probe.connect_deadline is None else max(0.0, probe.connect_deadline - probe.now())
    try:
        async with asyncio.timeout(left):
            await tls.handshake()
    except TimeoutError:
        await stream.aclose()
        raise KnownError(
            "send.connect_timeout", host=host, address="", port=port, phase="tls", seconds=timeout or 0
        ) from None
    except (ssl.SSLError, ssl.CertificateError, httpcore.NetworkError, EOFError) as error:
        await stream.aclose()
        raise _handshake_failure(error, backend, host, port) from error
    except BaseException:
        await stream.aclose()
        raise
    took = probe.end("tls")
    chosen = tls.ssl_object.selected_alpn_protocol()
    probe.note("tls", f"{tls.ssl_object.version()} with {host}, {chosen or 'no ALPN'}  {took:.0f} ms")
    if backend.only_http2 and not to_proxy and chosen != "h2":
        await stream.aclose()
        raise KnownError("send.http2_unavailable", host=host, port=port)
    return SecureStream(stream, tls, backend=backend, port=port)


def _handshake_failure(error: Exception, backend: Backend, host: str, port: int) -> KnownError:
    if backend.only_http2 and failures.is_protocol_alert(error):
        return KnownError("send.http2_unavailable", host=host, port=port)
    if failures.is_client_certificate_alert(error):
        return _certificate_refused(host, port, error)
    if isinstance(error, httpcore.NetworkError | EOFError):
        cause = error.__cause__
        reason = failures.reason_of(cause) if isinstance(cause, OSError) else "The server closed the connection"
        return KnownError("send.tls_failed", host=host, port=port, phase="tls", reason=reason)
    return failures.tls_failure(error, host=host, port=port)


def _certificate_refused(host: str, port: int, error: BaseException) -> KnownError:
    reason = (getattr(error, "reason", None) or str(error)).replace("_", " ").lower()
    return KnownError("send.client_certificate", host=host, port=port, path="", reason="refused", detail=reason)


async def _race(endpoints: list[Endpoint], errors: list[tuple[Endpoint, OSError]]) -> socket.socket | None:
    """Connect to the first address that answers; a slow one gets company after a quarter of a second."""
    if len(endpoints) == 1:
        return await _try(endpoints[0], errors)
    winner: list[socket.socket] = []
    finished = asyncio.Event()
    running = 0

    async def attempt(endpoint: Endpoint) -> None:
        nonlocal running
        connected = await _try(endpoint, errors)
        running -= 1
        if connected is not None:
            if winner:
                connected.close()
            else:
                winner.append(connected)
        finished.set()

    try:
        async with asyncio.TaskGroup() as group:
            tasks: list[asyncio.Task[None]] = []
            for endpoint in endpoints:
                finished.clear()
                running += 1
                tasks.append(group.create_task(attempt(endpoint)))
                try:
                    async with asyncio.timeout(_NEXT_ADDRESS_AFTER):
                        await finished.wait()
                except TimeoutError:
                    continue
                if winner:
                    break
            while not winner and running:
                finished.clear()
                await finished.wait()
            for task in tasks:
                task.cancel()
    except BaseException:
        for connected in winner:
            connected.close()
        raise
    return winner[0] if winner else None


async def _try(endpoint: Endpoint, errors: list[tuple[Endpoint, OSError]]) -> socket.socket | None:
    connecting: socket.socket | None = None
    try:
        connecting = socket.socket(endpoint.family, socket.SOCK_STREAM)
        connecting.setblocking(False)
        connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(connecting, endpoint.sockaddr)
        connecting.getpeername()  # It may have gone again already.
    except OSError as error:
        errors.append((endpoint, error))
        if connecting is not None:
            connecting.close()
        return None
    except BaseException:
        if connecting is not None:
            connecting.close()
        raise
    return connecting


def _place(ip: str, port: int) -> str:
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"


def _is_readable(sock: socket.socket) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(sock.fileno(), select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([sock], [], [], 0)[0])
