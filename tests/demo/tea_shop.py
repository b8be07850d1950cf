"""A small API on loopback that really answers: the orders of a tea shop, kept in memory, and an echo."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

TEAS = (
    {"sku": "TEA-SENCHA-250", "title": "Sencha, first flush", "price": 2450},
    {"sku": "TEA-JASMINE-100", "title": "Jasmine pearls", "price": 890},
    {"sku": "TEA-ASSAM-500", "title": "Assam, broken leaf", "price": 1290},
)
_FIRST_ORDER = {"id": 1, "state": "open", "sku": "TEA-SENCHA-250", "amount": 2, "note": "Gift wrap, please"}
_LARGEST_BODY = 1_000_000


class TeaShop:
    """Answers below `/v1`: `/teas`, `/orders`, `/orders/N`, and `/echo` with what it was asked.

    Threads: one a request; the orders are behind a lock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: dict[int, dict[str, Any]] = {1: dict(_FIRST_ORDER)}
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self) -> None:
                shop._answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_any

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, name="tea-shop"
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> TeaShop:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Return status and JSON value for a request; None stands for no body."""
        place, _, query = path.partition("?")
        if place == "/v1/echo":
            return 200, {"method": method, "query": query, "headers": headers, "body": body.decode("utf-8", "replace")}
        if place == "/v1/teas" and method == "GET":
            return 200, {"teas": TEAS}
        if place == "/v1/orders" and method in ("GET", "POST"):
            return self._make(body) if method == "POST" else (200, {"orders": self._all()})
        number = place.removeprefix("/v1/orders/")
        if number.isdecimal() and method in ("GET", "DELETE"):
            return self._one(int(number), cancel=method == "DELETE")
        return _problem(404, "Nothing is here", f"There is no {method} {place} in this shop.")

    def _all(self) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(order) for order in self._orders.values()]

    def _make(self, body: bytes) -> tuple[int, Any]:
        try:
            wanted = json.loads(body)
        except ValueError:
            wanted = None
        if not isinstance(wanted, dict):
            return _problem(400, "That is no order", "An order is a JSON object with sku and amount.")
        tea = next((tea for tea in TEAS if tea["sku"] == wanted.get("sku")), None)
        amount = wanted.get("amount")
        if tea is None or not isinstance(amount, int):
            return _problem(422, "That cannot be ordered", "sku is one of /v1/teas, amount a whole number.")
        with self._lock:
            number = max(self._orders, default=0) + 1
            order = {"id": number, "state": "open", **wanted, "total": amount * int(str(tea["price"]))}
            self._orders[number] = order
            return 201, dict(order)

    def _one(self, number: int, *, cancel: bool) -> tuple[int, Any]:
        with self._lock:
            order = self._orders.get(number)
            if order is None:
                return _problem(404, "No such order", f"There is no order {number} in this shop.")
            if cancel:
                order["state"] = "cancelled"
            return 200, dict(order)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = min(int(handler.headers.get("Content-Length") or 0), _LARGEST_BODY)
        body = handler.rfile.read(length)
        status, value = self.answer(handler.command, handler.path, dict(handler.headers.items()), body)
        sent = json.dumps(value).encode()
        # Every answer ends its connection: no kept one holds a thread when the demo ends.
        handler.close_connection = True
        try:
            handler.send_response(status)
            kind = "application/problem+json" if status >= 400 else "application/json"
            for name, text in (("Content-Type", kind), ("Content-Length", str(len(sent))), ("Connection", "close")):
                handler.send_header(name, text)
            handler.end_headers()
            handler.wfile.write(sent)
        except OSError:
            return  # The window stopped the send.


def _problem(status: int, title: str, detail: str) -> tuple[int, Any]:
    return status, {"title": title, "status": status, "detail": detail}
