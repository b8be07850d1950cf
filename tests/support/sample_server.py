"""A server on loopback that answers the requests of the sample workspace: an order, none, a slow one, a big one."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

ORDER = {
    "id": "ord_4711",
    "number": 100482,
    "state": "open",
    "created_at": "2026-11-23T14:02:11Z",
    "customer": {"id": "cus_8Hq2", "name": "Ada Lindqvist", "email": "ada@lindqvist.example", "vip": True},
    "items": [
        {
            "sku": "TEA-SENCHA-250",
            "title": "Sencha, first flush",
            "amount": 2,
            "unit_price": 2450,
            "total": 4900,
        },
        {"sku": "TEA-JASMINE-100", "title": "Jasmine pearls", "amount": 1, "unit_price": 890, "total": 890},
    ],
    "shipping": {"method": "express", "price": 590, "eta": "2026-11-25"},
    "payment": {"method": "card", "state": "captured", "captured_at": "2026-11-23T14:02:10Z", "refunded": 0},
    "history": [
        {"at": "2026-11-23T14:02:11Z", "state": state, "note": None}
        for state in ("created", "reserved", "paid", "confirmed") * 15
    ],
    "note": None,
}
HEADERS = (
    ("Content-Type", "application/json; charset=utf-8"),
    ("Location", "/v1/orders/ord_4711"),
    ("Cache-Control", "no-store"),
    ("ETag", '"4711-1"'),
    ("X-Request-Id", "6b1f0e0c"),
    ("Set-Cookie", "last_order=ord_4711; Path=/; HttpOnly; SameSite=Lax"),
)
MISSING = {"title": "No such order", "status": 404, "detail": "There is no order with that id in this shop."}


def order_body() -> bytes:
    """Return the order as the server writes it: without a blank too many."""
    return json.dumps(ORDER, separators=(",", ":")).encode()


def big_body(rows: int) -> bytes:
    """Return an export of so many orders, each on eight lines."""
    states = (*("open", "shipped", "delivered") * 13, "refunded")
    orders = [
        {
            "id": f"ord_{4_600_000 + number}",
            "number": 4_695_771 + number,
            "state": states[number % len(states)],
            "total": 900 + (number * 7919) % 12_000,
            "created_at": f"2026-{1 + number % 12:02}-{1 + number % 28:02}T08:{number % 60:02}:09Z",
            "customer": f"cus_{number % 97}bTz",
        }
        for number in range(rows)
    ]
    return json.dumps({"orders": orders}, indent=2).encode()


class SampleServer:
    """Answers below `/v1`: `/orders` with an order, `/orders/export` with many, `/slow` after `release`, else 404.

    `requests` holds method and path of each request that came; `arrived` is set once one came to `/slow`.
    """

    def __init__(self, *, big_rows: int = 2000) -> None:
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        self.arrived = threading.Event()
        self.release = threading.Event()
        self._big_rows = big_rows
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self) -> None:
                outer._answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_any

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> SampleServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        self.bodies.append(handler.rfile.read(length))
        self.requests.append((handler.command, handler.path))
        # Every answer ends its connection, so that no kept one holds a thread of this server.
        handler.close_connection = True
        path = handler.path.partition("?")[0].removeprefix("/v1")
        if path == "/slow":
            self.arrived.set()
            self.release.wait()
        if path in ("/orders", "/slow"):
            self._reply(handler, 201 if handler.command == "POST" else 200, order_body(), HEADERS)
        elif path == "/orders/export":
            body = big_body(self._big_rows)
            self._reply(handler, 200, body, (("Content-Type", "application/json"),))
        else:
            content_type = (("Content-Type", "application/problem+json"),)
            self._reply(handler, 404, json.dumps(MISSING).encode(), content_type)

    def _reply(
        self, handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: tuple[tuple[str, str], ...]
    ) -> None:
        try:
            handler.send_response(status)
            for name, value in headers:
                handler.send_header(name, value)
            handler.send_header("Connection", "close")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            # The program stopped the send meanwhile: what this server is there for.
            return
