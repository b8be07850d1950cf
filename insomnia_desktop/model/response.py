"""What came of one send; stays on the device."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

State = Literal["ok", "failed", "cancelled"]
EntryKind = Literal["info", "dns", "connect", "tls", "sent", "received", "redirect", "cookie", "error"]


class Timings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The phases of a send in milliseconds; None where a phase did not happen (a kept connection has no DNS)."""

    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    download: float | None = None
    total: float | None = None


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened while sending; `at` is milliseconds since 1970 UTC."""

    at: int
    kind: EntryKind
    text: str


class Hop(msgspec.Struct, frozen=True, kw_only=True):
    """One redirect that was followed."""

    method: str
    url: str
    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    location: str = ""


class TlsRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The TLS connection: version, cipher, ALPN and the peer's certificate (names, validity as text, SHA-256)."""

    version: str = ""
    cipher: str = ""
    alpn: str = ""
    subject: str = ""
    issuer: str = ""
    not_before: str = ""
    not_after: str = ""
    fingerprint: str = ""
    verified: bool = True


class SentRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The request as it went out; `body_preview` is at most 4 KiB of text."""

    method: str = ""
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body_size: int = 0
    body_preview: str = ""


class ErrorRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The code and parameters of the failure that ended a send."""

    code: str
    params: dict[str, Any] = {}


class Response(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The result of one send: status, headers, phases, timeline and where its body lies.

    `started` is milliseconds since 1970 UTC; sizes are bytes; `body_file` is a name under `responses/`
    (empty: no body). `headers` keep order, case and number. `status` is 0 where none came.
    """

    id: str
    request_id: str
    workspace_id: str
    environment_id: str | None = None
    started: int
    state: State
    method: str = ""
    url: str = ""
    status: int = 0
    reason: str = ""
    http_version: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str = ""
    timings: Timings = Timings()
    size_wire: int = 0
    size_decoded: int = 0
    body_file: str = ""
    error: ErrorRecord | None = None
    hops: tuple[Hop, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    remote_address: str = ""
    tls: TlsRecord | None = None
    sent: SentRecord = SentRecord()


class ResponseSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the history of a request."""

    id: str
    request_id: str
    started: int
    state: State
    status: int
    reason: str
    total_ms: float | None
    size_decoded: int
    error_code: str = ""
