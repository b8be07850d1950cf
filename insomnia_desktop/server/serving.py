"""Runs the server: its socket, TLS, the line that says it is ready, and how it is stopped."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.server.asgi import build_app
from insomnia_desktop.server.config import ServerConfig, describe, is_loopback
from insomnia_desktop.server.connections import PatientConnection
from insomnia_desktop.server.database.engine import file_of
from insomnia_desktop.server.log_lines import write_event
from insomnia_desktop.server.operator_errors import OperatorError
from insomnia_desktop.server.sole_use import hold_file

GRACE_SECONDS = 5
KEEP_ALIVE_SECONDS = 75
HEAD_BYTES = 32 * 1024
_BACKLOG = 2048
_logger = logging.getLogger(__name__)


class Stopping:
    """A wish to stop, by a signal or by the end of the parent. Threads: any; `request` only sets flags."""

    def __init__(self) -> None:
        self._server: uvicorn.Server | None = None
        self._requested = False

    def request(self) -> None:
        """Stop when the running requests are answered; the second time, at once."""
        if self._server is not None:
            self._server.force_exit = self._requested
            self._server.should_exit = True
        self._requested = True

    def attach(self, server: uvicorn.Server) -> None:
        """Stop this server, also if the wish came before it."""
        self._server = server
        server.should_exit = self._requested


async def serve(
    config: ServerConfig, stopping: Stopping, announce: Callable[[str], None], clock: Clock | None = None
) -> None:
    """Serve until `stopping` is requested; `announce` gets the address when requests are taken.

    Raises OperatorError for what keeps it from starting.
    """
    context = _tls_context(config)
    if context is None and not config.behind_proxy and not is_loopback(config.host):
        raise OperatorError("server.needs_tls", host=config.host)
    with hold_file(file_of(config.database)), _listen(config) as listener:
        app = build_app(config, clock)
        async with app.router.lifespan_context(app):
            address = address_of(config, listener)
            events = app.state.context.events
            server = _server(app, config, context, lambda: announce(address), events.close)
            stopping.attach(server)
            await server.serve(sockets=[listener])
            write_event(_logger, logging.INFO, "stopped")


def address_of(config: ServerConfig, listener: socket.socket) -> str:
    """Return the address under which the server listens, with the port that it got."""
    host = f"[{config.host}]" if ":" in config.host else config.host
    return f"{config.scheme}://{host}:{listener.getsockname()[1]}"


@contextlib.contextmanager
def signals(stopping: Stopping) -> Iterator[None]:
    """Stop at SIGTERM and SIGINT (Windows: SIGBREAK too); the main thread only."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.request()

    caught = [signal.SIGTERM, signal.SIGINT]
    if hasattr(signal, "SIGBREAK"):
        caught.append(signal.SIGBREAK)
    before = [(number, signal.signal(number, stop)) for number in caught]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def watch_parent(stopping: Stopping, descriptor: int = 0) -> threading.Thread:
    """Stop when the pipe is closed, as the operating system does with it however the parent ends."""

    def wait() -> None:
        with contextlib.suppress(OSError):
            while os.read(descriptor, 4096):
                pass
        stopping.request()

    thread = threading.Thread(target=wait, name="server-parent-pipe", daemon=True)
    thread.start()
    return thread


class _AnnouncingServer(uvicorn.Server):
    """uvicorn, which says when it is ready, ends what would never end, and leaves signals to us."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None], end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce
        self._end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Requests that are being answered are waited for.
        self._end_streams()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(
    app: Starlette,
    config: ServerConfig,
    context: ssl.SSLContext | None,
    announce: Callable[[], None],
    end_streams: Callable[[], None],
) -> uvicorn.Server:
    settings = uvicorn.Config(
        app,
        http=PatientConnection,
        ws="none",
        # Done here: a database that cannot be opened is to be told in our words.
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        # Which address asks is read in edge.py, from the last entry alone.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    settings.load()
    settings.ssl = context
    write_event(_logger, logging.INFO, "starting", tls=context is not None, **describe(config))
    return _AnnouncingServer(settings, announce, end_streams)


@contextlib.contextmanager
def _listen(config: ServerConfig) -> Iterator[socket.socket]:
    host, port = config.host.strip("[]"), config.port
    try:
        listener = _bound(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise OperatorError("server.address_in_use", host=host, port=port) from error
        reason = error.strerror or type(error).__name__
        raise OperatorError("server.address_unusable", host=host, port=port, reason=reason) from error
    with listener:
        yield listener


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE)
    family, kind, protocol, _, address = found[0]
    # With its protocol named: asyncio switches off Nagle's algorithm for such sockets alone, and an answer in two
    # pieces would wait 40 ms for its second one.
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined]
        else:
            # What a server that ended just now left behind in the kernel does not hold the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except BaseException:
        listener.close()
        raise
    return listener


def _tls_context(config: ServerConfig) -> ssl.SSLContext | None:
    if config.tls_cert is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # With a passphrase given, OpenSSL does not stop and ask for one at the terminal.
        context.load_cert_chain(config.tls_cert, config.tls_key, password=lambda: b"")
    except (OSError, ValueError) as error:
        raise OperatorError("server.tls_unusable", file=_shown(config.tls_cert), reason=_tls_reason(error)) from error
    return context


def _shown(file: Path) -> str:
    return str(file)


def _tls_reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "no PEM").replace("_", " ").lower()
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
