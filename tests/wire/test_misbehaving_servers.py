"""What broken and hostile servers get: an error with a name.

Tests insomnia_desktop.sender.transport_failures, insomnia_desktop.sender.failures, insomnia_desktop.sender.network.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from insomnia_desktop.model.body import TextBody
from insomnia_desktop.sender.events import HeadersReceived
from tests.support.http_peer import HttpPeer, raw_peer, reply, resetting_peer
from tests.support.ports import closed_port
from tests.support.sending import problem, request, sender_in


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "send.no_response"),
        (b"what is this\r\n\r\n", "send.bad_response"),
        (b"HTTP/1.1 20", "send.bad_response"),
        (b"HTTP/1.1 200 OK\r\nbad header\r\n\r\n", "send.bad_response"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "send.bad_response"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nabc", "send.bad_response"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "send.bad_response"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "send.bad_response"),
        (b"\x00" * 2000 + b"\r\n\r\n", "send.bad_response"),
    ],
)
def test_what_is_no_http_answer_is_named(tmp_path: Path, raw: bytes, code: str) -> None:
    async def scenario() -> None:
        async with raw_peer(raw) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()))
            assert problem(response) == code, response.error
            assert response.timeline[-1].kind == "error"
            assert response.error is not None
            assert "bytearray" not in str(response.error.params)

    asyncio.run(scenario())


@pytest.mark.parametrize(("head", "expected"), [("Content-Length: 100", 100), ("Transfer-Encoding: chunked", 0)])
def test_a_body_that_breaks_off_is_kept_and_named(tmp_path: Path, head: str, expected: int) -> None:
    body = b"0123456789" if expected else b"a\r\n0123456789\r\n"
    raw = f"HTTP/1.1 200 OK\r\n{head}\r\nX-Kept: yes\r\n\r\n".encode() + body

    async def scenario() -> None:
        async with raw_peer(raw) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()))
            assert problem(response) == "send.closed_early"
            assert response.error is not None
            assert (response.error.params["received"], response.error.params["expected"]) == (10, expected)
            assert desk.body(response) == b"0123456789"
            assert ("X-Kept", "yes") in response.headers

    asyncio.run(scenario())


def test_a_reset_before_and_in_the_middle_of_the_answer_is_named(tmp_path: Path) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789"

    async def scenario() -> None:
        async with resetting_peer() as rude, resetting_peer(half) as halting, sender_in(tmp_path) as desk:
            response = await desk.response(request(rude.url()))
            assert problem(response) == "send.reset"

            def read_on(event: object) -> None:
                if isinstance(event, HeadersReceived):
                    asyncio.get_running_loop().call_later(0.02, halting.asked.set)

            desk.events = Telling(read_on)  # type: ignore[assignment]
            response = await desk.response(request(halting.url()))
            assert problem(response) == "send.reset"
            assert response.error is not None
            assert response.error.params["phase"] == "download"
            assert desk.body(response) == b"0123456789"

    asyncio.run(scenario())


class Telling(list[object]):
    """A list that tells of what is appended."""

    def __init__(self, tell: object) -> None:
        super().__init__()
        self._tell = tell

    def append(self, item: object) -> None:
        """Keep the item and tell of it."""
        super().append(item)
        self._tell(item)  # type: ignore[operator]


def test_a_header_of_200_kilobytes_works_and_one_of_two_megabytes_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        big, huge = "x" * 200_000, "x" * 2_000_000
        async with (
            HttpPeer(lambda received: reply(200, b"ok", [("X-Big", big)])) as one,
            HttpPeer(lambda received: reply(200, b"ok", [("X-Big", huge)])) as other,
            sender_in(tmp_path) as desk,
        ):
            response = await desk.response(request(one.url()))
            assert (response.state, dict(response.headers)["X-Big"]) == ("ok", big)
            response = await desk.response(request(other.url()))
            assert problem(response) == "send.header_too_large"

    asyncio.run(scenario())


def test_a_header_of_200_kilobytes_can_be_sent(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url(), headers=(("X-Big", "y" * 200_000),)))
            assert response.state == "ok"
            assert peer.received[0].header("x-big") == "y" * 200_000

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("Bad Name", "x", "name"),
        ("", "x", "no_name"),
        ("X:Y", "x", "name"),
        ("X", "a\r\nB: c", "line_break"),
        ("X", "a\x00b", "control"),
        ("Ümlaut", "x", "name"),
        ("Content-Length", "99", "length"),
    ],
)
def test_an_illegal_header_is_named_before_anything_goes_out(
    tmp_path: Path, name: str, value: str, reason: str
) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            what = request(peer.url(), "POST", headers=((name, value),), body=TextBody(text="x"))
            response = await desk.response(what)
            assert problem(response) == "send.bad_header"
            assert response.error is not None
            assert (response.error.params["name"], response.error.params["reason"]) == (name, reason)
            assert peer.received == []

    asyncio.run(scenario())


@pytest.mark.parametrize("method", ["", "GE T", "GET\r\nX: y", "GÉT"])
def test_an_illegal_method_is_named(tmp_path: Path, method: str) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            assert problem(await desk.response(request(peer.url(), method))) == "send.bad_method"
            assert peer.connections == 0

    asyncio.run(scenario())


def test_two_host_headers_are_refused_with_the_reason(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url(), headers=(("Host", "a"), ("Host", "b"))))
            assert problem(response) == "send.bad_header"
            assert response.error is not None
            assert response.error.params["reason"] == "refused"

    asyncio.run(scenario())


def test_a_refused_port_and_an_unknown_host_are_named(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with sender_in(tmp_path) as desk:
            port = closed_port()
            refused = await desk.response(request(f"http://127.0.0.1:{port}/"))
            assert problem(refused) == "send.refused"
            assert refused.error is not None
            assert refused.error.params == {
                "host": "127.0.0.1",
                "address": "127.0.0.1",
                "port": port,
                "phase": "connect",
                "system": "Connection refused (ECONNREFUSED)",
            }
            assert refused.timeline[-1].text == "Connection refused (ECONNREFUSED)"
            both = await desk.response(request(f"http://localhost:{port}/"))
            assert problem(both) == "send.refused"
            unknown = await desk.response(request("http://nowhere.invalid/"))
            assert problem(unknown) == "send.unknown_host"
            assert unknown.error is not None
            assert unknown.error.params["host"] == "nowhere.invalid"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "address", ["", "http://", "http://exa mple/", "http://a:99999/", "gopher://x/", "http://{{x/"]
)
def test_an_address_that_cannot_be_parsed_is_named(tmp_path: Path, address: str) -> None:
    async def scenario() -> None:
        async with sender_in(tmp_path) as desk:
            response = await desk.response(request(address))
            assert problem(response) in ("send.bad_address", "template.syntax")
            assert response.state == "failed"

    asyncio.run(scenario())


def test_an_early_answer_to_a_large_upload_is_shown(tmp_path: Path) -> None:
    async def scenario() -> None:
        peer = HttpPeer()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(reply(413, b"too much", reason="Too Large"))
            await writer.drain()
            while await reader.read(65_536):
                pass

        peer.talk = talk  # type: ignore[method-assign]
        async with peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url(), "POST", body=TextBody(text="x" * 5_000_000)))
            assert (response.state, response.status) == ("ok", 413)

    asyncio.run(scenario())
