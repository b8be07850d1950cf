"""A plain HTTP server on loopback that tells what it was asked, and waits where a test wants it to."""

from __future__ import annotations

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

LARGE = 20_000_000


class EchoServer:
    """Answers with JSON of method, path, headers and body; some paths answer otherwise.

    `/status/N` has that status; `/cookie` sets one; `/bytes` is binary; `/large` is 20 MB; `/slow` sends its headers
    and ten bytes, then waits for `release`; `arrived` is set once a request came.
    """

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.arrived = threading.Event()
        self.release = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_any(self) -> None:
                outer.answer(self)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_any

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> EchoServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        length = int(handler.headers.get("Content-Length") or 0)
        asked = {
            "method": handler.command,
            "path": handler.path,
            "headers": list(handler.headers.items()),
            "body": handler.rfile.read(length).decode("utf-8", "backslashreplace"),
        }
        self.requests.append(asked)
        self.arrived.set()
        # Every answer ends its connection, so that no kept one holds a thread of this server.
        handler.close_connection = True
        status = int(handler.path.rpartition("/")[2]) if handler.path.startswith("/status/") else 200
        contents = {"/bytes": b"\0\x01binary", "/large": bytes(LARGE)}
        content = contents.get(handler.path) or json.dumps(asked).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Connection", "close")
        if handler.path == "/cookie":
            handler.send_header("Set-Cookie", "sid=abc; Path=/")
        handler.send_header("Content-Length", str(1000 if handler.path == "/slow" else len(content)))
        handler.end_headers()
        if handler.path == "/slow":
            handler.wfile.write(b"0123456789")
            handler.wfile.flush()
            self.release.wait(20)
            return
        # A client with a full disk goes away in the midst of it.
        with contextlib.suppress(ConnectionError):
            handler.wfile.write(content)
