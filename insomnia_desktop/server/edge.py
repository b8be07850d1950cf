"""The outermost layer of the server: who may knock, what every answer has, and one line of log for each request."""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insomnia_desktop.server.config import ServerConfig, is_loopback
from insomnia_desktop.server.database.engine import DatabaseUnavailable
from insomnia_desktop.server.log_lines import write_event
from insomnia_desktop.server.problems import ANSWER_HEADERS, Refused, problem_response

# What is taken from a client that is refused in the midst of a long body, so that it reads the answer: a connection
# that is closed with bytes unread is reset, and the answer is lost with it.
LINGER_BYTES = 16 * 1024 * 1024
LINGER_SECONDS = 5.0
# What may stand in a request once: of two, somebody in between may have read the other one.
_SINGLE_HEADERS = ("authorization", "content-type", "host")
_OF_STATUS = {404: "not_found", 405: "method_not_allowed"}
_logger = logging.getLogger(__name__)


class Edge:
    """Middleware around everything: Host check, headers of every answer, problems for what was raised, the log."""

    def __init__(self, app: ASGIApp, config: ServerConfig) -> None:
        self._app = app
        self._config = config

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; everything else is passed on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send)
        begun = time.perf_counter()
        try:
            _check_head(Headers(scope=scope), self._config)
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            # Nobody is there to be answered.
            pass
        except Exception as error:
            if exchange.status:
                # Half an answer is out: only closing the connection says that it is no whole one.
                raise
            await problem_response(_refusal(error))(scope, exchange.receive, exchange.send)
        _log(scope, self._config, exchange.status, time.perf_counter() - begun)


class _Exchange:
    """Passes messages on and knows how far both sides are."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._read_whole = False
        self._closes = False
        self.status = 0

    async def receive(self) -> Message:
        """Return the next message of the client."""
        message = await self._receive()
        self._read_whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Send a message; the last one of a connection that closes comes after the rest of the body was thrown away."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._closes = (b"connection", b"close") in message["headers"]
            message = {**message, "headers": [*message["headers"], *ANSWER_HEADERS]}
        elif self._closes and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._throw_away()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    async def _throw_away(self) -> None:
        size = 0
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._read_whole and size < LINGER_BYTES:
                    size += len((await self.receive()).get("body", b""))
        except TimeoutError:
            pass


def client_address(scope: Scope, config: ServerConfig) -> str:
    """Return the address that asks; behind a proxy, the one that the proxy names last (protocol v1, 3.10)."""
    peer = scope.get("client")
    address = str(peer[0]) if peer else ""
    if config.behind_proxy:
        named = Headers(scope=scope).getlist("x-forwarded-for")
        last = ",".join(named).rpartition(",")[2].strip()
        # Not every proxy writes an address, but nobody's name may be as long as a body.
        return last[:64] or address
    return address


async def no_such_endpoint(_request: Request, error: Exception) -> Response:
    """Answer a path or a method that the router does not know; the methods of a path go into `Allow`."""
    assert isinstance(error, HTTPException)
    return problem_response(Refused(_OF_STATUS.get(error.status_code, "bad_request")), dict(error.headers or {}))


def _refusal(error: Exception) -> Refused:
    """Return what is answered for anything that was raised; what is a mistake of ours goes to the log."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, DatabaseUnavailable):
        write_event(_logger, logging.ERROR, "database unavailable", reason=str(error))
        return Refused("unavailable")
    _logger.error("internal error", exc_info=error, extra={"event_fields": {}})
    return Refused("internal")


def _check_head(headers: Headers, config: ServerConfig) -> None:
    if config.checks_host and not is_loopback(_host_name(headers)):
        raise Refused("bad_request", detail="the Host header names another computer")
    twice = [name for name in _SINGLE_HEADERS if len(headers.getlist(name)) > 1]
    if twice:
        raise Refused("bad_request", detail=f"two headers {twice[0]}", closes=True)


def _host_name(headers: Headers) -> str:
    host = headers.get("host", "")
    return host.partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _log(scope: Scope, config: ServerConfig, status: int, seconds: float) -> None:
    # The name of the endpoint and not the path, in which anything may stand.
    endpoint = getattr(scope.get("endpoint"), "__name__", "")
    write_event(
        _logger,
        logging.INFO,
        "request",
        method=scope["method"] if scope["method"].isalpha() else "",
        endpoint=endpoint,
        status=status,
        ms=round(seconds * 1000, 1),
        address=client_address(scope, config),
    )
