"""HTTP/2 over TLS and with prior knowledge.

Tests insomnia_desktop.sender.clients, insomnia_desktop.sender.network, insomnia_desktop.sender.transport_failures.
"""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from insomnia_desktop.model.body import FileBody, TextBody
from insomnia_desktop.sender.send_settings import Authority, SendSettings
from tests.support.http_peer import HttpPeer, raw_peer
from tests.support.peers_http2 import Http2Peer, Http2Received, Http2Reply
from tests.support.peers_tls import TestAuthority, server_context
from tests.support.sending import DIRECT, problem, request, sender_in


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TestAuthority:
    """An authority whose file the sender is told of."""
    return TestAuthority(tmp_path_factory.mktemp("authority"))


def settings(authority: TestAuthority, version: str) -> SendSettings:
    """Settings that trust the authority, with that HTTP version."""
    trusted = (Authority("", str(authority.certificate_pem)),)
    return replace(DIRECT, authorities=trusted, http_version=version)  # type: ignore[arg-type]


def test_http2_is_taken_where_the_server_has_it(tmp_path: Path, authority: TestAuthority) -> None:
    body = os.urandom(400_000)
    context = server_context(authority.issue("127.0.0.1"), protocols=["http/1.1", "h2"])
    context.set_alpn_protocols(["h2", "http/1.1"])

    async def scenario() -> None:
        peer = Http2Peer(lambda received: Http2Reply(201, [("x-a", "1"), ("x-a", "2")], body), context=context)
        async with peer, sender_in(tmp_path) as desk:
            what = request(peer.url("/a/../b?{x}"), "purge", headers=(("X-Mine", "ü"),), body=TextBody(text="hi"))
            response = await desk.response(what, settings(authority, "auto"))
            assert response.state == "ok", response.error
            assert (response.status, response.http_version) == (201, "HTTP/2")
            assert response.headers == (("x-a", "1"), ("x-a", "2"))
            assert desk.body(response) == body
            assert response.tls is not None
            assert response.tls.alpn == "h2"
            received = peer.streams[0]
            assert received.headers[:4] == [
                (":method", "purge"),
                (":authority", f"127.0.0.1:{peer.port}"),
                (":scheme", "https"),
                (":path", "/a/../b?{x}"),
            ]
            assert (received.header("x-mine"), received.body) == ("ü", b"hi")
            for _ in range(3):
                again = await desk.response(what, settings(authority, "auto"))
                assert again.timings.connect is None
            assert peer.connections == 1

    asyncio.run(scenario())


def test_http1_is_taken_where_the_setting_or_the_server_says_so(tmp_path: Path, authority: TestAuthority) -> None:
    issued = authority.issue("127.0.0.1")

    async def scenario() -> None:
        async with (
            HttpPeer(context=server_context(issued, protocols=["h2", "http/1.1"])) as both,
            HttpPeer(context=server_context(issued)) as old,
            sender_in(tmp_path) as desk,
        ):
            response = await desk.response(request(both.url()), settings(authority, "1.1"))
            assert (response.state, response.http_version) == ("ok", "HTTP/1.1")
            response = await desk.response(request(old.url()), settings(authority, "auto"))
            assert (response.state, response.http_version) == ("ok", "HTTP/1.1")

    asyncio.run(scenario())


@pytest.mark.parametrize("protocols", [None, ["http/1.1"]])
def test_a_server_without_http2_is_named_when_nothing_else_will_do(
    tmp_path: Path, authority: TestAuthority, protocols: list[str] | None
) -> None:
    async def scenario() -> None:
        context = server_context(authority.issue("127.0.0.1"), protocols=protocols)
        async with HttpPeer(context=context) as peer, HttpPeer() as plain, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()), settings(authority, "2"))
            assert problem(response) == "send.http2_unavailable"
            assert peer.received == []
            answering = raw_peer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            async with answering:
                response = await desk.response(request(answering.url()), settings(authority, "2"))
                assert problem(response) == "send.http2_unavailable"
            assert plain.received == []

    asyncio.run(scenario())


def test_prior_knowledge_without_tls_and_large_bodies_both_ways(tmp_path: Path, authority: TestAuthority) -> None:
    file = tmp_path / "up.bin"
    file.write_bytes(os.urandom(1_500_000))

    async def scenario() -> None:
        peer = Http2Peer(lambda received: Http2Reply(200, [], received.body))
        async with peer, sender_in(tmp_path) as desk:
            what = request(peer.url("/"), "POST", body=FileBody(path=str(file)))
            response = await desk.response(what, settings(authority, "2"))
            assert response.state == "ok", response.error
            assert desk.body(response) == file.read_bytes()

    asyncio.run(scenario())


def test_a_stream_that_is_reset_keeps_what_arrived(tmp_path: Path, authority: TestAuthority) -> None:
    def respond(received: Http2Received) -> Http2Reply:
        return Http2Reply(200, [("content-length", "100")], b"0123456789", reset=True)

    async def scenario() -> None:
        async with Http2Peer(respond) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()), settings(authority, "2"))
            assert problem(response) == "send.reset"
            assert response.error is not None
            assert response.error.params["reason"] == "HTTP/2: internal error"
            assert response.status == 200

    asyncio.run(scenario())


def test_headers_of_200_kilobytes_are_refused_with_a_name(tmp_path: Path, authority: TestAuthority) -> None:
    headers = [(f"x-{number}", "y" * 10_000) for number in range(20)]

    async def scenario() -> None:
        async with Http2Peer(lambda received: Http2Reply(200, headers)) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url()), settings(authority, "2"))
            assert problem(response) == "send.header_too_large", response.error

    asyncio.run(scenario())


def test_streams_share_a_connection_and_one_can_be_cancelled(tmp_path: Path, authority: TestAuthority) -> None:
    async def scenario() -> None:
        async with Http2Peer(lambda received: Http2Reply(200, [], b"x")) as peer, sender_in(tmp_path) as desk:
            await desk.response(request(peer.url()), settings(authority, "2"))
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(desk.response(request(peer.url(f"/{n}")), settings(authority, "2")))
                    for n in range(10)
                ]
                await asyncio.sleep(0)
                tasks[3].cancel()
            states = [task.result().state for task in tasks]
            assert states[3] == "cancelled"
            assert states.count("ok") == 9
            assert peer.connections == 1

    asyncio.run(scenario())
