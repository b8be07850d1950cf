"""Proxies: forwarding, tunnels, SOCKS, users, exceptions.

Tests insomnia_desktop.sender.proxies, insomnia_desktop.sender.client_choice, insomnia_desktop.sender.clients.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from insomnia_desktop.sender.send_settings import Authority, SendSettings
from tests.support.http_peer import HttpPeer, reply, silent_peer
from tests.support.peers_proxy import HttpProxy, SocksProxy
from tests.support.peers_tls import TestAuthority, server_context
from tests.support.ports import closed_port
from tests.support.sending import problem, request, sender_in


def through(address: str, **more: object) -> SendSettings:
    """Settings with that proxy for every host."""
    return SendSettings(proxy_mode="manual", proxy_address=address, **more)  # type: ignore[arg-type]


def test_plain_http_is_forwarded_with_the_path_as_written(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, HttpProxy(user="me:p@ss") as proxy, sender_in(tmp_path) as desk:
            settings = through(f"http://me:p%40ss@127.0.0.1:{proxy.port}")
            what = request(peer.url("/a/../b?{x}"), "purge", headers=(("X-Mine", "1"),))
            response = await desk.response(what, settings)
            assert response.status == 200, response.error
            assert proxy.received[0].target == peer.url("/a/../b?{x}")
            assert peer.received[0].request_line == "purge /a/../b?{x} HTTP/1.1"
            assert peer.received[0].header("x-mine") == "1"
            assert "p%40ss" not in str(response)

    asyncio.run(scenario())


@pytest.mark.parametrize("secure_proxy", [False, True])
def test_https_goes_through_a_tunnel(tmp_path: Path, secure_proxy: bool) -> None:
    authority = TestAuthority(tmp_path)
    issued = authority.issue("127.0.0.1", "localhost")

    async def scenario() -> None:
        peer = HttpPeer(lambda received: reply(200, b"y" * 100_000), context=server_context(issued))
        proxy = HttpProxy(user="u:p", context=server_context(issued) if secure_proxy else None)
        (tmp_path / "b").mkdir()
        async with peer, proxy, sender_in(tmp_path / "b") as desk:
            scheme = "https" if secure_proxy else "http"
            # The proxy's own certificate is of no public authority.
            settings = through(
                f"{scheme}://u:p@127.0.0.1:{proxy.port}",
                authorities=(Authority("", str(authority.certificate_pem)),),
                verify_tls=not secure_proxy,
            )
            response = await desk.response(request(peer.url("/x")), settings)
            assert response.status == 200, response.error
            assert desk.body(response) == b"y" * 100_000
            assert proxy.received[0].request_line == f"CONNECT 127.0.0.1:{peer.port} HTTP/1.1"
            assert peer.received[0].header("proxy-authorization") is None
            assert response.remote_address == f"127.0.0.1:{proxy.port}"

    asyncio.run(scenario())


def test_socks_with_and_without_a_user_asks_the_proxy_for_the_name(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            HttpPeer() as peer,
            SocksProxy() as proxy,
            SocksProxy(user="u:p") as locked,
            sender_in(tmp_path) as desk,
        ):
            url = peer.url("/s", host="localhost")
            response = await desk.response(request(url), through(f"socks5://127.0.0.1:{proxy.port}"))
            assert response.status == 200, response.error
            assert proxy.asked == [("localhost", peer.port)]
            settings = through(f"socks5h://u:p@127.0.0.1:{locked.port}")
            assert (await desk.response(request(url), settings)).status == 200
            refused = await desk.response(request(url), through(f"socks5://u:x@127.0.0.1:{locked.port}"))
            assert problem(refused) == "send.proxy_authentication"

    asyncio.run(scenario())


def test_what_goes_wrong_at_a_proxy_is_named_as_such(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with (
            HttpProxy(user="u:p") as locked,
            HttpProxy(refusal=reply(502, b"", reason="No Way")) as refusing,
            SocksProxy(code=5) as socks,
            HttpPeer() as no_socks,
            silent_peer() as mute,
            sender_in(tmp_path) as desk,
        ):
            cases = [
                (f"http://127.0.0.1:{locked.port}", "send.proxy_authentication", ""),
                (f"http://127.0.0.1:{refusing.port}", "send.proxy_failed", "tunnel"),
                (f"http://127.0.0.1:{closed_port()}", "send.proxy_failed", "refused"),
                ("http://proxy.invalid:3128", "send.proxy_failed", "unknown_host"),
                (f"socks5://127.0.0.1:{socks.port}", "send.proxy_failed", "tunnel"),
                ("quic://x", "send.bad_proxy", "scheme"),
                ("http://:x", "send.bad_proxy", "address"),
            ]
            for address, code, reason in cases:
                response = await desk.response(request("https://server.example/"), through(address))
                assert problem(response) == code, (address, response.error)
                assert response.error is not None
                assert response.error.params.get("reason", "") == reason
            for late in (no_socks, mute):
                settings = through(f"socks5://127.0.0.1:{late.port}", total_timeout_ms=300)
                response = await desk.response(request("https://server.example/"), settings)
                assert problem(response) in ("send.proxy_failed", "send.timeout"), response.error

    asyncio.run(scenario())


def test_a_proxy_that_asks_for_a_user_at_plain_http_is_an_answer(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpProxy(user="u:p") as locked, sender_in(tmp_path) as desk:
            response = await desk.response(
                request("http://server.example/"), through(f"http://127.0.0.1:{locked.port}")
            )
            assert (response.state, response.status, desk.body(response)) == ("ok", 407, b"who?")

    asyncio.run(scenario())


def test_exceptions_and_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, HttpProxy() as proxy, sender_in(tmp_path) as desk:
            address = f"http://127.0.0.1:{proxy.port}"
            excepted = through(address, proxy_exceptions=("127.0.0.1",))
            assert (await desk.response(request(peer.url()), excepted)).status == 200
            assert proxy.connections == 0

            monkeypatch.setenv("http_proxy", address)
            system = SendSettings(proxy_mode="system")
            assert (await desk.response(request(peer.url()), system)).status == 200
            assert proxy.connections == 1
            monkeypatch.setenv("no_proxy", "other.example, 127.0.0.1")
            assert (await desk.response(request(peer.url()), system)).status == 200
            assert proxy.connections == 1

    asyncio.run(scenario())
