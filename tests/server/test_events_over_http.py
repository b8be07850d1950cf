"""The event stream on a real socket: it begins at once, says something every 25 seconds, and keeps no server running.

Covers server.routes.events, server.serving and server.connections.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.sync import Push
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, sync_desk
from tests.support.sync_groups import Workspace
from tests.support.sync_people import person
from tests.support.sync_server import RunningServer, sync_server


@pytest.fixture
def two(database: Path | str, clock: FixedClock) -> tuple[Workspace, Signed]:
    """A group with a device that pushes, and the account's other device."""
    with sync_desk(database, clock) as desk:
        group = Workspace(desk, desk.sign_in(desk.sign_up(person())))
        return group, desk.sign_in(group.signed.person)


@pytest.fixture
def server(database: Path | str, clock: FixedClock, two: object) -> Iterator[RunningServer]:
    """The server that has them, on a port."""
    with sync_server(database, clock) as server:
        yield server


def headers(signed: Signed) -> dict[str, str]:
    """Return the headers of a device."""
    return {"Authorization": f"Bearer {signed.token}", "Content-Type": "application/json"}


def test_a_stream_over_http(server: RunningServer, clock: FixedClock, two: tuple[Workspace, Signed]) -> None:
    group, other = two
    with (
        httpx.Client(base_url=server.address, timeout=20) as client,
        client.stream("GET", "/v1/events", headers=headers(other)) as stream,
    ):
        lines = stream.iter_lines()
        assert (stream.status_code, next(lines), next(lines)) == (200, ":", "")
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["transfer-encoding"] == "chunked"
        body = encode_body(Push(0, [group.change()]))
        answer = client.post(f"{group.path}/push", headers=headers(group.signed), content=body)
        assert answer.status_code == 200
        assert next(lines) == "event: head"
        assert json.loads(next(lines).removeprefix("data: ")) == {"g": encode(group.id), "seq": 1}
        assert next(lines) == ""
        clock.advance(25_000)
        assert next(lines) == ":"


def test_a_server_with_streams_stops_at_once(
    database: Path | str, clock: FixedClock, two: tuple[Workspace, Signed]
) -> None:
    _, other = two
    with httpx.Client(timeout=20) as client:
        with sync_server(database, clock) as server:
            stream = client.send(
                client.build_request("GET", f"{server.address}/v1/events", headers=headers(other)), stream=True
            )
            lines = stream.iter_lines()
            assert next(lines) == ":"
        # An end that is none of a lost connection: that would raise.
        assert list(lines) == [""]
        stream.close()


def test_a_client_that_goes_leaves_nothing(
    server: RunningServer, clock: FixedClock, two: tuple[Workspace, Signed]
) -> None:
    _, other = two
    for _ in range(5):
        with httpx.stream("GET", f"{server.address}/v1/events", headers=headers(other), timeout=20) as stream:
            assert next(stream.iter_lines()) == ":"
    answer = httpx.get(f"{server.address}/v1/heads", headers=headers(other))
    assert answer.status_code == 200


def test_a_small_answer_waits_for_nothing(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Head and body go out one after the other: with Nagle's rule the second would wait for an acknowledgement."""
    set_options: list[tuple[int, int]] = []
    whole = socket.socket.setsockopt

    def watch(self: socket.socket, level: int, option: int, *value: object) -> None:
        set_options.append((level, option))
        whole(self, level, option, *value)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "setsockopt", watch)
    with socket.create_connection(tuple(server.address.removeprefix("http://").split(":"))) as connection:
        connection.sendall(b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        while connection.recv(4096):
            pass
    assert (socket.IPPROTO_TCP, socket.TCP_NODELAY) in set_options
