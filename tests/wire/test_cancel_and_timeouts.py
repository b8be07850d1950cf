"""Cancelling and running out of time keep what arrived.

Tests insomnia_desktop.sender.send, insomnia_desktop.sender.resolver, insomnia_desktop.sender.network.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.sender import resolver
from insomnia_desktop.sender.events import BodyProgress
from insomnia_desktop.sender.resolver import Endpoint
from tests.support.http_peer import silent_peer
from tests.support.sending import DIRECT, problem, request, sender_in


class Hurried(SystemClock):
    """A clock on which a second passes between two looks, so that progress is told at once."""

    _seconds = 0.0

    def monotonic(self) -> float:
        """Return a second more than last time."""
        self._seconds += 1
        return self._seconds


HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"


def test_cancelling_a_silent_server_gives_a_cancelled_response(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with silent_peer() as peer, sender_in(tmp_path) as desk, asyncio.TaskGroup() as group:
            task = group.create_task(desk.send(request(peer.url())))
            await peer.asked.wait()
            task.cancel()
            response = (await task).response
            assert (response.state, response.status, response.error) == ("cancelled", 0, None)
            assert response.timings.wait is not None
            assert response.timeline[-1].text == "Cancelled"

    asyncio.run(scenario())


@pytest.mark.parametrize("encoding", ["", "Content-Encoding: gzip\r\n"])
def test_cancelling_in_the_middle_keeps_what_arrived(tmp_path: Path, encoding: str) -> None:
    import zlib

    packer = zlib.compressobj(wbits=31)
    packed = packer.compress(b"0123456789") + packer.flush(zlib.Z_SYNC_FLUSH)
    body = packed if encoding else b"0123456789"
    head = f"HTTP/1.1 200 OK\r\n{encoding}Content-Length: 1000\r\n\r\n".encode()

    async def scenario() -> None:
        async with (
            silent_peer(head + body) as peer,
            sender_in(tmp_path, clock=Hurried()) as desk,
            asyncio.TaskGroup() as group,
        ):
            task = group.create_task(desk.send(request(peer.url())))
            await desk.told(BodyProgress)
            task.cancel()
            response = (await task).response
            assert (response.state, response.status) == ("cancelled", 200)
            assert desk.body(response) == b"0123456789"
            assert response.size_wire == len(body)

    asyncio.run(scenario())


def test_the_total_time_runs_out_while_waiting_and_while_reading(tmp_path: Path) -> None:
    hurried = replace(DIRECT, total_timeout_ms=150)

    async def scenario() -> None:
        async with silent_peer() as mute, silent_peer(HALF) as halting, sender_in(tmp_path) as desk:
            waiting = await desk.response(request(mute.url()), hurried)
            assert problem(waiting) == "send.timeout"
            assert waiting.error is not None
            assert waiting.error.params["phase"] == "wait"
            reading = await desk.response(request(halting.url()), hurried)
            assert problem(reading) == "send.timeout"
            assert reading.error is not None
            assert reading.error.params["received"] == 10
            assert reading.status == 200
            assert desk.body(reading) == b"0123456789"

    asyncio.run(scenario())


def test_the_total_time_runs_out_before_a_server_that_never_stops_talking(tmp_path: Path) -> None:
    flood = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 1000

    def talk(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):
            while True:
                connection.sendall(flood)

    async def scenario(port: int) -> None:
        async with sender_in(tmp_path) as desk:
            settings = replace(DIRECT, total_timeout_ms=300)
            response = await desk.response(request(f"http://127.0.0.1:{port}/"), settings)
            assert problem(response) == "send.timeout"

    # The server has a thread of its own: on the loop of the sender it would give turns away.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=talk, args=(listener,))
        thread.start()
        asyncio.run(scenario(listener.getsockname()[1]))
        thread.join()


def test_a_handshake_that_hangs_is_a_connect_timeout(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with silent_peer() as peer, sender_in(tmp_path) as desk:
            url = f"https://127.0.0.1:{peer.port}/"
            response = await desk.response(request(url), replace(DIRECT, connect_timeout_ms=150))
            assert problem(response) == "send.connect_timeout"
            assert response.error is not None
            assert response.error.params["phase"] == "tls"

    asyncio.run(scenario())


def test_a_name_server_that_keeps_silent_is_a_connect_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    answered = threading.Event()

    def silent(host: str, port: int, flags: int) -> list[Endpoint]:
        answered.wait(10)
        return []

    monkeypatch.setattr(resolver, "_look_up", silent)

    async def scenario() -> None:
        async with sender_in(tmp_path) as desk:
            response = await desk.response(request("http://localhost/"), replace(DIRECT, connect_timeout_ms=100))
            assert problem(response) == "send.connect_timeout"
            assert response.error is not None
            assert response.error.params["phase"] == "dns"

    try:
        asyncio.run(scenario())
    finally:
        answered.set()


def test_a_second_send_goes_on_when_another_is_cancelled(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with silent_peer() as peer, sender_in(tmp_path) as desk, asyncio.TaskGroup() as group:
            first = group.create_task(desk.send(request(peer.url())))
            second = group.create_task(desk.send(request(peer.url()), replace(DIRECT, total_timeout_ms=300)))
            await peer.asked.wait()
            first.cancel()
            assert (await first).response.state == "cancelled"
            assert problem((await second).response) == "send.timeout"

    asyncio.run(scenario())
