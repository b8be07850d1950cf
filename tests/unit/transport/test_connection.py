"""The one way to a sync server: transport.connection, transport.api and transport.refused."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.transport.api import SyncApi
from insomnia_desktop.transport.connection import USER_AGENT, Answer, Connection, Patience
from insomnia_desktop.transport.refused import Refused
from insomnia_desktop.transport.server_address import ServerAddress, read_server_address
from tests.support.http_peer import HttpPeer, ScriptedPeer, raw_peer, reply, resetting_peer, silent_peer
from tests.support.peers_tls import Issued, TestAuthority, server_context
from tests.support.ports import closed_port

JSON = [("Content-Type", "application/json; charset=utf-8")]
SHORT = Patience(connect=5.0, read=0.2, whole=5.0)


def ask(
    peer: HttpPeer,
    *,
    body: bytes | None = None,
    token: bytes | None = None,
    patience: Patience | None = None,
    pin: bytes = b"",
) -> Answer:
    """Ask a peer once, on a loop of the test's own."""

    async def run() -> Answer:
        async with peer:
            scheme = peer.url().partition(":")[0]
            connection = Connection(ServerAddress(scheme, "127.0.0.1", peer.port, pin), patience)
            try:
                return await connection.request("POST" if body else "GET", "/v1/x", body=body, token=token)
            finally:
                await connection.close()

    return asyncio.run(run())


def refused(peer: HttpPeer, *, patience: Patience | None = None, pin: bytes = b"") -> KnownError:
    """Ask a peer that has to be refused, and return why."""
    with pytest.raises(KnownError) as caught:
        ask(peer, patience=patience, pin=pin)
    assert "127.0.0.1" in str(caught.value.params["address"])
    return caught.value


def code_of(peer: HttpPeer, *, patience: Patience | None = None, pin: bytes = b"") -> str:
    """Ask a peer that has to be refused, and return the code."""
    return refused(peer, patience=patience, pin=pin).code


def test_what_goes_out() -> None:
    peer = HttpPeer(lambda received: reply(200, b"{}", JSON))
    answer = ask(peer, body=b'{"a":1}', token=b"\x00" * 32)
    assert (answer.status, answer.media_type, answer.body) == (200, "application/json", b"{}")
    assert "{}" not in repr(answer)
    (received,) = peer.received
    assert received.request_line == "POST /v1/x HTTP/1.1"
    assert {name.lower(): value for name, value in received.headers} == {
        "host": f"127.0.0.1:{peer.port}",
        "user-agent": USER_AGENT,
        "accept": "application/json",
        "accept-encoding": "identity",
        "content-type": "application/json",
        "authorization": f"Bearer {'A' * 43}",
        "content-length": "7",
    }


def test_an_answer_without_a_body() -> None:
    assert ask(HttpPeer(lambda received: reply(204))).status == 204


def test_what_has_not_changed_is_told_again_and_again_on_one_connection() -> None:
    peer = HttpPeer(lambda received: reply(304, b"", [("ETag", '"a"')]))

    async def run() -> list[Answer]:
        async with peer:
            connection = Connection(ServerAddress("http", "127.0.0.1", peer.port, b""))
            try:
                return [await connection.request("GET", "/v1/heads", etag='"a"') for _ in range(3)]
            finally:
                await connection.close()

    assert asyncio.run(run()) == [Answer(304, "", b"")] * 3
    assert peer.connections == 1


def test_when_to_ask_again() -> None:
    problem = [("Content-Type", "application/problem+json")]
    for header, seconds in (("17", 17), ("-1", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("9" * 30, 0)):
        peer = HttpPeer(lambda received, header=header: reply(429, b"{}", [*problem, ("Retry-After", header)]))
        assert ask(peer).retry_after == seconds


NOT_OURS: dict[str, Callable[[], bytes]] = {
    "redirect": lambda: reply(301, b"{}", [*JSON, ("Location", "https://elsewhere.invalid/")]),
    "not modified": lambda: reply(304, b""),
    "html": lambda: reply(200, b"<html>", [("Content-Type", "text/html")]),
    "no type": lambda: reply(200, b"{}"),
    "an error that is no problem": lambda: reply(401, b"{}", JSON),
    "packed": lambda: reply(200, b"", [*JSON, ("Content-Encoding", "gzip")]),
    "longer than allowed": lambda: reply(200, b"", [*JSON, ("Content-Length", "4194305")]),
    "chunked without end": lambda: (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + (b"100000\r\n" + b" " * 0x100000 + b"\r\n") * 5
    ),
    "no HTTP": lambda: b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
}


@pytest.mark.parametrize("name", NOT_OURS)
def test_what_is_no_answer_of_ours(name: str) -> None:
    assert code_of(raw_peer(NOT_OURS[name]())) == "account.not_a_sync_server"


def test_headers_without_end_are_no_answer_of_ours() -> None:
    async def talk(peer: ScriptedPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await peer.read_request(reader, writer)
        writer.write(b"HTTP/1.1 200 OK\r\nX-Y: ")
        # Until the client leaves. How long a head may be is one number of httpcore's for the whole process, and the
        # sender raises it.
        while True:
            writer.write(b"z" * 0x10000)
            await writer.drain()

    error = refused(ScriptedPeer(talk))
    assert error.code == "account.not_a_sync_server", (error.params, error.__cause__)


def test_what_is_no_network() -> None:
    assert code_of(silent_peer(), patience=SHORT) == "account.server_unreachable"
    half = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"
    assert code_of(silent_peer(half), patience=SHORT) == "account.server_unreachable"
    assert code_of(resetting_peer()) == "account.server_unreachable"
    assert code_of(raw_peer(b"")) == "account.server_unreachable"


def test_a_body_that_never_ends_is_left_after_a_while() -> None:
    async def drip(peer: ScriptedPeer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await peer.read_request(reader, writer)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    patience = Patience(connect=5.0, read=5.0, whole=0.3)
    assert code_of(ScriptedPeer(drip), patience=patience) == "account.server_unreachable"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://127.0.0.1:{port}", "Connection refused"),
        ("https://127.0.0.1:{port}", "Connection refused"),
        ("https://127.0.0.1:{port}#" + "A" * 43, "Connection refused"),
        ("https://sync.invalid", "its name is not known"),
        ("https://sync.invalid#" + "A" * 43, "its name is not known"),
    ],
)
def test_why_a_server_cannot_be_reached(address: str, reason: str) -> None:
    async def run() -> None:
        connection = Connection(read_server_address(address.format(port=closed_port())))
        try:
            await connection.request("GET", "/v1/version")
        finally:
            await connection.close()

    with pytest.raises(KnownError) as caught:
        asyncio.run(run())
    assert (caught.value.code, caught.value.params["reason"]) == ("account.server_unreachable", reason)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Issued, Issued]:
    """Two certificates of servers, of an authority that nobody knows."""
    authority = TestAuthority(tmp_path_factory.mktemp("tls"))
    return authority.issue("localhost", "127.0.0.1"), authority.issue("localhost", "127.0.0.1")


def pin_of(issued: Issued) -> bytes:
    """Return the pin of a certificate."""
    return hashlib.sha256(issued.certificate.public_bytes(Encoding.DER)).digest()


def test_the_pinned_certificate_alone_is_taken(issued: tuple[Issued, Issued]) -> None:
    mine, other = issued
    peer = HttpPeer(lambda received: reply(200, b"{}", JSON), context=server_context(mine))
    assert ask(peer, pin=pin_of(mine)).status == 200
    again = HttpPeer(lambda received: reply(200, b"{}", JSON), context=server_context(mine))
    assert code_of(again, pin=pin_of(other)) == "account.certificate_changed"
    assert again.received == []


def test_a_certificate_that_changes_between_two_looks_is_refused(issued: tuple[Issued, Issued]) -> None:
    """The look at the pin is one connection, the request another: that one takes no other certificate either."""
    mine, other = issued
    shown = [server_context(mine), server_context(other)]
    context = server_context(mine)

    def choose(sock: ssl.SSLObject, name: str | None, before: ssl.SSLContext) -> None:
        sock.context = shown.pop(0)

    context.sni_callback = choose
    peer = HttpPeer(lambda received: reply(200, b"{}", JSON), context=context)

    async def run() -> None:
        async with peer:
            connection = Connection(ServerAddress("https", "localhost", peer.port, pin_of(mine)))
            try:
                await connection.request("GET", "/v1/version")
            finally:
                await connection.close()

    with pytest.raises(KnownError) as caught:
        asyncio.run(run())
    assert (caught.value.code, caught.value.params["reason"]) == ("account.server_not_authentic", "certificate")
    assert peer.received == []


def test_a_certificate_that_nobody_vouches_for_is_refused(issued: tuple[Issued, Issued]) -> None:
    peer = HttpPeer(lambda received: reply(200, b"{}", JSON), context=server_context(issued[0]))
    assert code_of(peer) == "account.server_not_authentic"
    assert peer.received == []


def test_a_server_that_speaks_tls_since_is_told_as_that(issued: tuple[Issued, Issued]) -> None:
    async def run() -> None:
        async with HttpPeer(lambda received: reply(200, b"{}", JSON), context=server_context(issued[0])) as peer:
            connection = Connection(ServerAddress("http", "127.0.0.1", peer.port))
            try:
                await connection.request("GET", "/v1/version")
            finally:
                await connection.close()
                assert peer.received == []

    with pytest.raises(KnownError) as caught:
        asyncio.run(run())
    assert (caught.value.code, caught.value.params["reason"]) == ("account.server_unreachable", "tls")
    assert "https://" in one_line(caught.value)


def test_a_pin_where_nobody_speaks_tls() -> None:
    async def run() -> None:
        async with raw_peer(b"HTTP/1.1 400 Bad Request\r\n\r\n") as peer:
            connection = Connection(ServerAddress("https", "127.0.0.1", peer.port, bytes(32)), SHORT)
            await connection.request("GET", "/v1/version")

    with pytest.raises(KnownError) as caught:
        asyncio.run(run())
    assert caught.value.code in ("account.not_a_sync_server", "account.server_unreachable")


def test_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    assert ask(HttpPeer(lambda received: reply(200, b"{}", JSON))).status == 200


def test_a_problem_is_told_with_its_field() -> None:
    problem = b'{"type":"about:blank","title":"Invalid","status":422,"code":"invalid","field":"kdf.salt"}'
    peer = HttpPeer(lambda received: reply(422, problem, [("Content-Type", "application/problem+json")]))

    async def run() -> None:
        async with peer:
            api = SyncApi(ServerAddress("http", "127.0.0.1", peer.port))
            try:
                await api.revoke(bytes(32), bytes(16))
            finally:
                await api.close()

    with pytest.raises(Refused) as caught:
        asyncio.run(run())
    assert (caught.value.code, caught.value.field) == ("invalid", "kdf.salt")
    assert peer.received[0].request_line == "DELETE /v1/devices/AAAAAAAAAAAAAAAAAAAAAA HTTP/1.1"
