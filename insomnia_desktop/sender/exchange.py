"""One send from its first hop to the end of the body, and the record of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model.cookie_jar import CookieJar
from insomnia_desktop.model.response import Hop, SentRecord, TlsRecord
from insomnia_desktop.sender import clients, cookies
from insomnia_desktop.sender.body_sink import BodySink
from insomnia_desktop.sender.body_stream import BodyStream, open_body
from insomnia_desktop.sender.client_choice import transport_key
from insomnia_desktop.sender.events import BodyProgress, HeadersReceived, SendEvent
from insomnia_desktop.sender.header_fields import HeaderFields, decoded, encoded, value_of
from insomnia_desktop.sender.prepare import PreparedRequest, wants_length
from insomnia_desktop.sender.probe import Probe
from insomnia_desktop.sender.redirects import HopRequest, location_of, next_hop
from insomnia_desktop.sender.send_settings import SendSettings
from insomnia_desktop.sender.tls_record import tls_record
from insomnia_desktop.sender.transport_failures import NAMED, Situation, is_stale, transport_failure

_PROGRESS_SECONDS: Final = 0.05
_MOST_PASSED_OVER: Final = 64 * 1024
_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})


@dataclass(slots=True)
class ExchangeRecord:
    """What is known of a send so far; it grows while the send goes on."""

    status: int = 0
    reason: str = ""
    http_version: str = ""
    headers: HeaderFields = ()
    hops: list[Hop] = field(default_factory=list)
    sent: SentRecord = field(default_factory=SentRecord)
    remote_address: str = ""
    tls: TlsRecord | None = None
    jar: CookieJar | None = None


class Exchange:
    """Carries a prepared request through its hops. Threads: the loop's; used once."""

    def __init__(
        self,
        *,
        lender: clients.Clients,
        settings: SendSettings,
        probe: Probe,
        clock: Clock,
        listener: Callable[[SendEvent], None],
        jar: CookieJar | None,
        make_sink: Callable[[str], tuple[BodySink, str]],
    ) -> None:
        self._clients = lender
        self._settings = settings
        self.probe = probe
        self._clock = clock
        self._listener = listener
        self._make_sink = make_sink
        self.record = ExchangeRecord(jar=jar)
        self.sink: BodySink | None = None

    async def run(self, prepared: PreparedRequest) -> None:
        """Send, follow redirects, and read the body; raises KnownError `send.*`. `record` tells how far it came."""
        hop = HopRequest(prepared.method, prepared.address, prepared.headers, prepared.body)
        body = await open_body(hop.body)
        seen: set[tuple[str, str, str]] = set()
        while True:
            following = await self._hop(hop, body, seen)
            if following is None:
                return
            if following.body is not hop.body:
                body = await open_body(following.body)
            hop = following

    async def _hop(self, hop: HopRequest, body: BodyStream, seen: set[tuple[str, str, str]]) -> HopRequest | None:
        """Send one hop; return the next, or None when the last answer is read."""
        fields = self._fields(hop, body)
        self._check_loop(hop, value_of(fields, "cookie") or "", seen)
        key = await transport_key(hop.address, self._settings)
        client = await self._clients.lease(key, hop.address.host)
        self.probe.start_hop(f"{hop.method} {hop.address.target}")
        self.record.sent = SentRecord(
            method=hop.method, url=str(hop.address), headers=fields, body_size=body.size, body_preview=body.preview()
        )
        answer: clients.IncomingResponse | None = None
        try:
            outgoing = self._outgoing(hop, fields, body)
            answer = await self._send(client, outgoing, repeatable=hop.method.upper() in _REPEATABLE)
            await self._note_head(answer)
            await self._keep_cookies(hop)
            location = location_of(self.record.status, self.record.headers)
            if location is None or not self._settings.follow_redirects:
                await self._download(answer)
                return None
            following = self._follow(hop, location)
            await _pass_over(answer)
            return following
        except NAMED as error:
            situation = Situation(
                address=hop.address,
                proxy=key.proxy,
                prior_knowledge=key.http_version == "2" and hop.address.scheme == "http",
                heard=self.probe.received_bytes > 0,
                head_received=answer is not None,
                received=self.sink.size_wire if self.sink is not None else 0,
                header_limit=clients.MOST_HEADER_BYTES,
            )
            raise transport_failure(error, situation) from error
        finally:
            try:
                if answer is not None:
                    await answer.close()
            finally:
                self._clients.give_back(key)

    async def _send(
        self, client: clients.Client, outgoing: clients.OutgoingRequest, *, repeatable: bool
    ) -> clients.IncomingResponse:
        try:
            return await clients.send(client, outgoing)
        except NAMED as error:
            # A kept connection that the server closed just now: the request never arrived (RFC 9110, 9.2.2).
            reused = self.probe.connections == 0
            if not (reused and repeatable and self.probe.received_bytes == 0 and is_stale(error)):
                raise
        self.probe.note("info", "The server had closed the kept connection; sent again on a new one")
        return await clients.send(client, outgoing)

    def _outgoing(self, hop: HopRequest, fields: HeaderFields, body: BodyStream) -> clients.OutgoingRequest:
        milliseconds = self._settings.connect_timeout_ms
        return clients.OutgoingRequest(
            method=hop.method,
            scheme=hop.address.scheme,
            host=hop.address.host,
            port=hop.address.port,
            target=hop.address.target,
            headers=encoded(fields),
            content=body.chunks,
            connect_timeout=milliseconds / 1000 if milliseconds else None,
            trace=self.probe.trace,
        )

    def _fields(self, hop: HopRequest, body: BodyStream) -> HeaderFields:
        """Return all header fields of a hop: Host first, then what is prepared, then cookies and the length."""
        fields = hop.headers
        if value_of(fields, "host") is None:
            fields = (("Host", hop.address.authority), *fields)
        if self.record.jar is not None and self._settings.send_cookies:
            fitting = cookies.cookies_for(self.record.jar, hop.address, self._clock.now_ms())
            if fitting and value_of(fields, "cookie") is not None:
                self.probe.note("cookie", "The Cookie header is written by hand: the cookie jar stays closed")
            elif fitting:
                fields = (*fields, ("Cookie", cookies.cookie_header(fitting)))
        length = value_of(fields, "content-length")
        if length is not None:
            if length != str(body.size):
                raise KnownError(
                    "send.bad_header", name="Content-Length", reason="length", written=length, size=body.size
                )
        elif value_of(fields, "transfer-encoding") is None and (body.size or wants_length(hop.method)):
            fields = (*fields, ("Content-Length", str(body.size)))
        return fields

    def _check_loop(self, hop: HopRequest, cookie: str, seen: set[tuple[str, str, str]]) -> None:
        limit = self._settings.max_redirects
        visit = (hop.method, str(hop.address), cookie)
        if visit in seen or len(seen) > limit:
            raise KnownError(
                "send.too_many_redirects",
                limit=limit,
                followed=len(self.record.hops),
                loop=visit in seen,
                location=str(hop.address),
            )
        seen.add(visit)

    def _follow(self, hop: HopRequest, location: str) -> HopRequest:
        record = self.record
        record.hops.append(
            Hop(
                method=hop.method,
                url=str(hop.address),
                status=record.status,
                reason=record.reason,
                headers=record.headers,
                location=location,
            )
        )
        following = next_hop(hop, status=record.status, location=location)
        self.probe.note("redirect", f"{record.status}: {following.method} {following.address}")
        return following

    async def _note_head(self, answer: clients.IncomingResponse) -> None:
        record = self.record
        record.status, record.reason, record.http_version = answer.status, answer.reason, answer.http_version
        record.headers = decoded(answer.headers)
        stream = answer.network_stream
        record.remote_address = stream.get_extra_info("remote") or ""
        ssl_object = stream.get_extra_info("ssl_object")
        record.tls = None
        if ssl_object is not None:
            record.tls = await tls_record(ssl_object, verified=self._settings.verify_tls)
        self.probe.note("received", f"{answer.http_version} {answer.status} {answer.reason}".rstrip())

    async def _keep_cookies(self, hop: HopRequest) -> None:
        lines = tuple(value for name, value in self.record.headers if name.lower() == "set-cookie")
        if not lines or self.record.jar is None or not self._settings.store_cookies:
            return
        if any("domain" in line.lower() for line in lines):
            await asyncio.to_thread(cookies.load_public_suffixes)
        self.record.jar, notes = cookies.store_from(self.record.jar, hop.address, lines, self._clock.now_ms())
        for note in notes:
            why = f" ({note.reason.replace('_', ' ')})" if note.reason else ""
            self.probe.note("cookie", f"Cookie {note.name or '(no name)'} {note.outcome}{why}")

    async def _download(self, answer: clients.IncomingResponse) -> None:
        record = self.record
        length = value_of(record.headers, "content-length")
        total = int(length) if length is not None and length.isascii() and length.isdigit() else None
        self._listener(HeadersReceived(record.status, record.reason, record.headers, total))
        encodings = [value for name, value in record.headers if name.lower() == "content-encoding"]
        self.sink, unknown = self._make_sink(", ".join(encodings))
        if unknown:
            self.probe.note("info", f"Content-Encoding {unknown} is not known: the body is kept as it came")
        sink = self.sink
        told = self._clock.monotonic()
        async for chunk in answer.chunks():
            await sink.feed(chunk)
            now = self._clock.monotonic()
            if now - told >= _PROGRESS_SECONDS:
                told = now
                self._listener(BodyProgress(sink.size_wire, total))
        await sink.finish(complete=True)
        self.probe.end("download")
        self.probe.note("received", f"Body: {sink.size_wire:,} bytes")


async def _pass_over(answer: clients.IncomingResponse) -> None:
    """Read the short body of a redirect, so that the connection can be used again."""
    passed = 0
    async for chunk in answer.chunks():
        passed += len(chunk)
        if passed > _MOST_PASSED_OVER:
            return
