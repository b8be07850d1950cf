"""HTTP/1.1 connections that do not wait for ever for somebody who says nothing, and tell a problem in one form."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from insomnia_desktop.server.problems import ANSWER_HEADERS, Refused, problem_response

HEAD_SECONDS = 30.0


class PatientConnection(H11Protocol):
    """A connection of uvicorn that is closed when the head of a request is not whole after 30 seconds."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        # asyncio does so only for sockets that name their protocol, as those of a listener made by us do not. Without
        # it the body of an answer waits 40 ms for the client to acknowledge the head.
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._deadline: asyncio.TimerHandle | None = None
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Wait no more when a request has begun, and for the next one when its head has begun."""
        super().data_received(data)
        if self._answering():
            self._stop_waiting()
        else:
            self._wait_for_head()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP in the form of every answer, where none has begun, and close the connection."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._send_problem()
        self.transport.close()

    def _send_problem(self) -> None:
        response = problem_response(Refused("bad_request", detail="no HTTP request", closes=True))
        headers = [*response.raw_headers, *ANSWER_HEADERS]
        events = (
            h11.Response(status_code=response.status_code, headers=headers, reason=b"Bad Request"),
            h11.Data(data=bytes(response.body)),
            h11.EndOfMessage(),
        )
        for event in events:
            self.transport.write(self.conn.send(event) or b"")

    def _should_upgrade(self) -> bool:
        # The protocol knows no upgrade, and a log does not fill with advice to install something.
        return False

    def _answering(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _wait_for_head(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        if not self._answering() and not self.transport.is_closing():
            self.transport.close()
