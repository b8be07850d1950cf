"""What was sent in the sample workspace, as stored responses with bodies: always the same, whatever the computer."""

from __future__ import annotations

from typing import Any

import msgspec

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import ErrorRecord, Response, SentRecord, TimelineEntry, Timings
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.commands.responses import AddResponse
from tests.support.sample_server import HEADERS, MISSING, big_body, order_body
from tests.support.sample_workspace import BASE_URL, MADE_MS, SampleWorkspace

_STORED = Origin("send")


def store_order(services: Services, sample: SampleWorkspace, *, started: int = MADE_MS) -> Response:
    """Store the answer of the pictures: 201 Created in 128 ms, with nine headers and a cookie."""
    headers = (("Date", "Mon, 23 Nov 2026 14:02:11 GMT"), ("Server", "shop"), *HEADERS, ("Content-Encoding", "gzip"))
    return _store(
        services,
        sample.order_id,
        order_body(),
        started=started - 128,
        status=201,
        reason="Created",
        method="POST",
        url=f"{BASE_URL}/orders?notify=mail",
        headers=headers,
        content_type="application/json; charset=utf-8",
        size_wire=1184,
        remote_address="203.0.113.24:443",
        http_version="HTTP/2",
        timings=Timings(dns=3.1, connect=14.2, tls=21.8, send=0.4, wait=86.1, download=2.4, total=128.0),
        timeline=_timeline(started - 128),
    )


def store_export(services: Services, export_id: str) -> Response:
    """Store a large answer: an export of many orders."""
    return _store(
        services,
        export_id,
        big_body(6000),
        started=MADE_MS,
        status=200,
        reason="OK",
        method="GET",
        url=f"{BASE_URL}/orders/export?from=2020-01-01&to=2026-11-23&format=json",
        headers=(("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")),
        content_type="application/json",
        timings=Timings(dns=2.0, connect=12.0, tls=20.0, send=0.3, wait=1100.0, download=37_265.0, total=38_400.0),
    )


def store_missing(services: Services, sample: SampleWorkspace) -> Response:
    """Store an answer that there is no such order."""
    return _store(
        services,
        sample.by_id,
        msgspec.json.encode(MISSING),
        started=MADE_MS,
        status=404,
        reason="Not Found",
        method="GET",
        url=f"{BASE_URL}/orders/ord_4711",
        headers=(("Content-Type", "application/problem+json"),),
        content_type="application/problem+json",
        timings=Timings(wait=31.0, download=0.4, total=31.9),
    )


def store_refusal(services: Services, sample: SampleWorkspace, *, started: int = MADE_MS) -> Response:
    """Store a send that nobody answered."""
    at = started + 102
    return _store(
        services,
        sample.order_id,
        b"",
        started=started,
        state="failed",
        method="POST",
        url=f"{BASE_URL}/orders?notify=mail",
        error=ErrorRecord(
            code="send.refused", params={"host": "staging.shop.example", "port": 443, "address": "203.0.113.24"}
        ),
        timings=Timings(dns=3.0, total=1020.0),
        timeline=(
            TimelineEntry(at=at, kind="dns", text="Resolve staging.shop.example  3 ms"),
            TimelineEntry(at=at + 3, kind="connect", text="Connect 203.0.113.24:443"),
            TimelineEntry(at=at + 1019, kind="error", text="Connection refused (ECONNREFUSED)"),
        ),
    )


def _store(services: Services, request_id: str, body: bytes, *, started: int, **fields: Any) -> Response:
    document = services.documents.get(request_id)
    assert document is not None
    response_id = new_id("response")
    name = ""
    if body:
        path = services.store.bodies.create(response_id)
        path.write_bytes(body)
        name = path.name
    values: dict[str, Any] = {"state": "ok", "size_wire": len(body), **fields}
    response = Response(
        id=response_id,
        request_id=request_id,
        workspace_id=document.workspace_id,
        started=started,
        size_decoded=len(body),
        body_file=name,
        sent=SentRecord(method=values["method"], url=values["url"]),
        **values,
    )
    services.store.submit(AddResponse(response, keep=20), origin=_STORED).result()
    return response


def _timeline(at: int) -> tuple[TimelineEntry, ...]:
    return (
        TimelineEntry(at=at, kind="dns", text="Resolve staging.shop.example  3 ms"),
        TimelineEntry(at=at + 3, kind="connect", text="Connect 203.0.113.24:443"),
        TimelineEntry(at=at + 17, kind="tls", text="TLSv1.3, TLS_AES_256_GCM_SHA384, h2"),
        TimelineEntry(at=at + 39, kind="sent", text="POST /v1/orders?notify=mail"),
        TimelineEntry(at=at + 125, kind="received", text="HTTP/2 201 Created"),
        TimelineEntry(at=at + 126, kind="cookie", text="Stored last_order for staging.shop.example"),
        TimelineEntry(at=at + 128, kind="info", text="Received 1.2 KB, unpacked 4.2 KB"),
    )
