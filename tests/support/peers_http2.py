"""A local HTTP/2 server on the h2 library, over TLS with ALPN or with prior knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.errors
import h2.events

from tests.support.http_peer import HttpPeer


@dataclass(slots=True)
class Http2Received:
    """One request as it came: pseudo headers and headers in order, and its body."""

    headers: list[tuple[str, str]]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of the first field of that name."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True)
class Http2Reply:
    """What to answer; with `reset` the stream is reset after the body has been sent."""

    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    reset: bool = False


class Http2Peer(HttpPeer):
    """Answers each stream by `respond`; `streams` holds all that came."""

    def __init__(self, respond: Callable[[Http2Received], Http2Reply] | None = None, **named: object) -> None:
        super().__init__(**named)  # type: ignore[arg-type]
        self._respond = respond or (lambda received: Http2Reply())
        self.streams: list[Http2Received] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        open_streams: dict[int, Http2Received] = {}
        pending: dict[int, Http2Reply] = {}
        while data := await reader.read(65_536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    open_streams[event.stream_id] = Http2Received([(str(n), str(v)) for n, v in event.headers])
                elif isinstance(event, h2.events.DataReceived):
                    open_streams[event.stream_id].body += event.data
                    connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, h2.events.StreamEnded):
                    received = open_streams.pop(event.stream_id)
                    self.streams.append(received)
                    answer = self._respond(received)
                    connection.send_headers(event.stream_id, [(":status", str(answer.status)), *answer.headers])
                    pending[event.stream_id] = answer
            _send_bodies(connection, pending)
            writer.write(connection.data_to_send())
            await writer.drain()


def _send_bodies(connection: h2.connection.H2Connection, pending: dict[int, Http2Reply]) -> None:
    """Send as much as the windows let through."""
    for stream, answer in tuple(pending.items()):
        body = answer.body
        while body:
            room = min(connection.local_flow_control_window(stream), connection.max_outbound_frame_size)
            if room <= 0:
                break
            connection.send_data(stream, body[:room])
            body = body[room:]
        if body:
            pending[stream] = Http2Reply(answer.status, answer.headers, body, answer.reset)
            continue
        del pending[stream]
        if answer.reset:
            connection.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        else:
            connection.end_stream(stream)
