"""The one way to a sync server and the one module of this room that imports httpx; bounded in every direction.

No redirects, no cookies, no proxy and nothing else of the environment, no compression, HTTP/1.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import os
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import httpx

from insomnia_desktop import __version__
from insomnia_desktop.base.absent_modules import note_absent
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import to_base64url
from insomnia_desktop.protocol.limits import BODY_BYTES
from insomnia_desktop.protocol.problems import BODY_MEDIA_TYPE, PROBLEM_MEDIA_TYPE
from insomnia_desktop.transport.server_address import ServerAddress

note_absent()
USER_AGENT: Final = f"insomnia-desktop/{__version__}"
# Too large, too many: what a proxy before the server says for itself, in words of its own, means the same.
SAID_BY_PROXIES: Final = (413, 429)
_LONGEST_ETAG: Final = 256
_SAID_NOTHING: Final = "disconnected without sending a response"
_SPEAKS_TLS_WITHIN: Final = 2.0
# Type and major version of what a server begins with (RFC 8446, 5.1).
_HANDSHAKE_RECORD: Final = b"\x16\x03"
_ROOT_FILES: Final = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, between two bytes, and for a whole answer."""

    connect: float = 10.0
    read: float = 20.0
    whole: float = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said; `media_type` in lower case without parameters, `retry_after` in seconds."""

    status: int
    media_type: str
    body: bytes = field(repr=False)
    retry_after: int = 0
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request for the person's log: no header, no body. `status` 0: no answer came; sizes are of the bodies."""

    method: str
    path: str
    status: int
    bytes_up: int
    bytes_down: int
    ms: int


class StreamRefused(Exception):
    """A stream did not begin: the server answered something else, which may be a refusal."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"status {answer.status}")
        self.answer = answer


class Connection:
    """Requests to one server. Threads: one loop's; `close` must be awaited.

    `on_exchange` is told of every request once it is over, of a stream once it begins. `carrier` stands in for the
    network where one is given.
    """

    def __init__(
        self,
        address: ServerAddress,
        patience: Patience | None = None,
        *,
        on_exchange: Callable[[Exchange], None] | None = None,
        carrier: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._address = address
        self._patience = patience or Patience()
        # Without a client around it: that would only add cookies, redirects and what we do not want.
        self._network: httpx.AsyncBaseTransport | None = None
        self._on_exchange = on_exchange
        self._carrier = carrier
        self._timeout = httpx.Timeout(self._patience.read, connect=self._patience.connect).as_dict()

    @property
    def address(self) -> ServerAddress:
        """The server's address."""
        return self._address

    async def request(
        self, method: str, path: str, *, body: bytes | None = None, token: bytes | None = None, etag: str = ""
    ) -> Answer:
        """Send a request and return the whole answer, of at most 4 MiB.

        With an `etag` the answer may be 304, which means that what was answered with it still holds.
        Raises KnownError `account.server_unreachable` (with the reason `tls` where the address is http and the server
        speaks TLS), `account.not_a_sync_server` for a redirect, an answer that is too long or of another type than the
        protocol's, `account.server_not_authentic` for a certificate that nobody vouches for,
        `account.certificate_changed` for another than the pinned one.
        """
        loop = asyncio.get_running_loop()
        started, answer = loop.time(), None
        try:
            answer = await self._request(method, path, body=body, token=token, etag=etag)
            return answer
        finally:
            self._tell(
                Exchange(
                    method,
                    path,
                    answer.status if answer else 0,
                    len(body or b""),
                    len(answer.body) if answer else 0,
                    round((loop.time() - started) * 1000),
                )
            )

    async def _request(self, method: str, path: str, *, body: bytes | None, token: bytes | None, etag: str) -> Answer:
        try:
            async with asyncio.timeout(self._patience.whole):
                network = await self._open()
                headers = _headers(self._address, body=body, token=token)
                if etag:
                    headers.append((b"If-None-Match", etag.encode("ascii")))
                request = httpx.Request(method, _url(self._address.origin, path), headers=headers, content=body)
                request.extensions["timeout"] = self._timeout
                response = await network.handle_async_request(request)
                try:
                    return await self._read(response, conditional=bool(etag))
                finally:
                    await response.aclose()
        except TimeoutError:
            raise self._unreachable("it does not answer") from None
        except httpx.HTTPError as error:
            if await self._speaks_tls(error):
                raise self._unreachable("tls") from error
            raise self._failure(error) from error

    @contextlib.asynccontextmanager
    async def stream(
        self, path: str, *, token: bytes, media_type: str, silence: float
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Open an answer that goes on, and give its bytes as they come; raises as `request` does.

        So many seconds without a byte end it, as a lost connection does. Raises Refused where the server says no.
        """
        loop = asyncio.get_running_loop()
        started, status = loop.time(), 0
        try:
            network = await self._open()
            headers = _headers(self._address, body=None, token=token, accept=media_type)
            request = httpx.Request("GET", self._address.origin + path, headers=headers)
            request.extensions["timeout"] = httpx.Timeout(silence, connect=self._patience.connect).as_dict()
            try:
                response = await network.handle_async_request(request)
                status = response.status_code
            finally:
                # Told as it begins: it may go on for days.
                self._tell(Exchange("GET", path, status, 0, 0, round((loop.time() - started) * 1000)))
            try:
                said = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                if response.status_code != 200 or said != media_type:
                    raise StreamRefused(await self._read(response, conditional=False))
                yield self._told(response.aiter_raw())
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            raise self._failure(error) from error

    async def _told(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        try:
            async for chunk in chunks:
                yield chunk
        except httpx.HTTPError as error:
            raise self._failure(error) from error

    def _tell(self, exchange: Exchange) -> None:
        if self._on_exchange is not None:
            self._on_exchange(exchange)

    async def close(self) -> None:
        """Close what is open."""
        network, self._network = self._network, None
        if network is not None:
            await network.aclose()

    async def _open(self) -> httpx.AsyncBaseTransport:
        if self._network is None:
            if self._carrier is not None:
                self._network = self._carrier
                return self._network
            context = await self._context() if self._address.scheme == "https" else None
            self._network = httpx.AsyncHTTPTransport(
                verify=context if context is not None else False, http1=True, http2=False, trust_env=False
            )
        return self._network

    async def _context(self) -> ssl.SSLContext:
        if not self._address.pin:
            return await asyncio.to_thread(_context_of_system)
        certificate = await self._certificate()
        if not hmac.compare_digest(hashlib.sha256(certificate).digest(), self._address.pin):
            raise KnownError("account.certificate_changed", address=self._address.origin)
        return _context_of_one(certificate)

    async def _speaks_tls(self, error: httpx.HTTPError) -> bool:
        """Say whether a server that broke off a request without TLS begins to speak it where it is greeted so.

        After the greeting our side is closed: who speaks no TLS waits for nothing more.
        """
        broke_off = isinstance(error, httpx.ReadError | httpx.WriteError) or _SAID_NOTHING in str(error)
        if self._address.scheme == "https" or self._carrier is not None or not broke_off:
            return False
        try:
            async with asyncio.timeout(_SPEAKS_TLS_WITHIN):
                reader, writer = await asyncio.open_connection(self._address.host, self._address.port)
                try:
                    writer.write(_greeting_in_tls())
                    writer.write_eof()
                    return await reader.readexactly(len(_HANDSHAKE_RECORD)) == _HANDSHAKE_RECORD
                finally:
                    writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            # TimeoutError is one of the first.
            return False

    async def _certificate(self) -> bytes:
        """Return the certificate that the server shows; nothing is sent to it yet."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        address = self._address
        try:
            async with asyncio.timeout(self._patience.connect):
                _, writer = await asyncio.open_connection(
                    address.host, address.port, ssl=context, server_hostname=address.host
                )
        except ssl.SSLError as error:
            raise self._not_ours() from error
        except OSError as error:
            # TimeoutError is one of these.
            raise self._unreachable(_reason(error)) from error
        shown: bytes | None = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.transport.abort()
        return shown or b""

    async def _read(self, response: httpx.Response, *, conditional: bool) -> Answer:
        status = response.status_code
        if status == 304 and conditional:
            # It has no body, but a connection whose answer was not read to its end is not used again.
            async for _ in response.aiter_raw():
                raise self._not_ours()
            return Answer(status, "", b"")
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if 300 <= status < 400 or "content-encoding" in response.headers:
            raise self._not_ours()
        length = response.headers.get("content-length", "0")
        if length.isdecimal() and len(length) < 16 and int(length) > BODY_BYTES:
            raise self._not_ours()
        body = bytearray()
        async for chunk in response.aiter_raw():
            if len(body) + len(chunk) > BODY_BYTES:
                raise self._not_ours()
            body += chunk
        expected = BODY_MEDIA_TYPE if status < 400 else PROBLEM_MEDIA_TYPE
        if status not in (204, *SAID_BY_PROXIES) and media_type != expected and status < 500:
            raise self._not_ours()
        after = response.headers.get("retry-after", "")
        etag = response.headers.get("etag", "")
        return Answer(
            status,
            media_type,
            bytes(body),
            int(after) if after.isdecimal() and len(after) < 8 else 0,
            etag if etag.isascii() and etag.isprintable() and len(etag) <= _LONGEST_ETAG else "",
        )

    def _failure(self, error: httpx.HTTPError) -> KnownError:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, ssl.SSLCertVerificationError):
                return KnownError("account.server_not_authentic", address=self._address.origin, reason="certificate")
            cause = cause.__cause__ or cause.__context__
        if isinstance(error, httpx.RemoteProtocolError) and "without sending" not in str(error):
            return self._not_ours()
        return self._unreachable(_reason(error))

    def _unreachable(self, reason: str) -> KnownError:
        return KnownError("account.server_unreachable", address=self._address.origin, reason=reason)

    def _not_ours(self) -> KnownError:
        return KnownError("account.not_a_sync_server", address=self._address.origin)


# The same few are asked for again and again; to read one takes a tenth of what else there is to do for a request.
@lru_cache(maxsize=64)
def _url(origin: str, path: str) -> httpx.URL:
    return httpx.URL(origin + path)


def _headers(
    address: ServerAddress, *, body: bytes | None, token: bytes | None, accept: str = BODY_MEDIA_TYPE
) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"User-Agent", USER_AGENT.encode("ascii")),
        (b"Accept", accept.encode("ascii")),
        (b"Accept-Encoding", b"identity"),
    ]
    if body is not None:
        headers.append((b"Content-Type", BODY_MEDIA_TYPE.encode("ascii")))
    if token is not None:
        headers.append((b"Authorization", b"Bearer " + to_base64url(token).encode("ascii")))
    return headers


def _greeting_in_tls() -> bytes:
    """Return what a client begins TLS with; nothing of ours is in it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    outgoing = ssl.MemoryBIO()
    with contextlib.suppress(ssl.SSLWantReadError):
        context.wrap_bio(ssl.MemoryBIO(), outgoing).do_handshake()
    return outgoing.read()


def _context_of_system() -> ssl.SSLContext:
    """Return a context with the roots of this system; there is no way to switch the check off."""
    if sys.platform in ("darwin", "win32"):
        import truststore  # imported here: only these systems keep their roots where OpenSSL does not look

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    if not context.cert_store_stats()["x509_ca"]:
        # The Python of a packaged program was built for other paths than this system's.
        for file in _ROOT_FILES:
            if os.path.isfile(file):
                context.load_verify_locations(cafile=file)
                break
    return context


def _context_of_one(certificate: bytes) -> ssl.SSLContext:
    """Return a context whose only root is this certificate, and that takes no other; the host's name is not checked."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=certificate)
    return context


def _reason(error: Exception) -> str:
    """Return why there is no answer, without the address and without what only developers understand."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return "its name is not known"
        # asyncio puts words of its own into the error, with the address in them.
        if isinstance(cause, OSError) and not isinstance(cause, ssl.SSLError) and cause.errno:
            return os.strerror(cause.errno)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "it does not answer"
    return "the connection broke off"
