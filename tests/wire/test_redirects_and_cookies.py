"""Redirects are followed by us and recorded; the cookie jar goes along.

Tests insomnia_desktop.sender.redirects, insomnia_desktop.sender.cookies, insomnia_desktop.sender.exchange.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from insomnia_desktop.model.authentication import BearerAuthentication
from insomnia_desktop.model.body import TextBody
from insomnia_desktop.model.cookie_jar import CookieJar
from insomnia_desktop.model.patch import apply
from insomnia_desktop.model.registry import fields_of
from tests.support.http_peer import HttpPeer, Received, reply
from tests.support.sending import DIRECT, problem, request, sender_in


def redirecting(status: int, location: str, *more: tuple[str, str]) -> Callable[[Received], bytes]:
    """Answer `/start` with a redirect and all else with its method."""

    def answer(received: Received) -> bytes:
        if received.target == "/start":
            return reply(status, b"moved", [("Location", location), *more], reason="Moved")
        return reply(200, received.method.encode())

    return answer


def jar() -> CookieJar:
    """An empty jar."""
    return CookieJar(id="jar_" + "2" * 32, parent_id=None, sort_key="")


@pytest.mark.parametrize(
    ("status", "method", "expected", "body_kept"),
    [
        (301, "POST", "GET", False),
        (302, "POST", "GET", False),
        (301, "PUT", "PUT", True),
        (303, "PUT", "GET", False),
        (303, "HEAD", "HEAD", True),
        (307, "POST", "POST", True),
        (308, "PATCH", "PATCH", True),
        (302, "GET", "GET", True),
    ],
)
def test_methods_and_bodies_after_a_redirect(
    tmp_path: Path, status: int, method: str, expected: str, body_kept: bool
) -> None:
    async def scenario() -> None:
        async with HttpPeer(redirecting(status, "/end")) as peer, sender_in(tmp_path) as desk:
            what = request(peer.url("/start"), method, body=TextBody(text="{}"), headers=(("X-Mine", "1"),))
            response = await desk.response(what)
            assert response.status == 200, response
            second = peer.received[1]
            assert (second.method, second.target, second.header("x-mine")) == (expected, "/end", "1")
            assert second.body == (b"{}" if body_kept else b"")
            assert (second.header("content-type") is not None) == body_kept
            assert [(hop.status, hop.url, hop.location) for hop in response.hops] == [
                (status, peer.url("/start"), "/end")
            ]
            assert response.url == peer.url("/start")
            assert response.sent.url == peer.url("/end")
            assert any(entry.kind == "redirect" for entry in response.timeline)
            assert peer.connections == 1

    asyncio.run(scenario())


def test_the_target_of_the_first_hop_does_not_leak_and_locations_go_out_as_written(tmp_path: Path) -> None:
    async def scenario() -> None:
        def answer(received: Received) -> bytes:
            if received.target == "/a/../start":
                return reply(302, b"", [("Location", "/x/../y?{z}")])
            return reply()

        async with HttpPeer(answer) as peer, sender_in(tmp_path) as desk:
            await desk.response(request(peer.url("/a/../start")))
            assert [one.target for one in peer.received] == ["/a/../start", "/x/../y?{z}"]

    asyncio.run(scenario())


def test_credentials_and_written_cookies_do_not_go_to_another_origin(tmp_path: Path) -> None:
    written = (("Cookie", "c=1"), ("X-Key", "k"), ("Host", "named.example"))

    async def scenario() -> None:
        other = HttpPeer()
        peer = HttpPeer(lambda received: redirecting(307, other.url("/end"))(received))
        async with other, peer, sender_in(tmp_path) as desk:
            what = request(peer.url("/start"), headers=written, authentication=BearerAuthentication(token="t"))
            await desk.response(what)
            assert peer.received[0].header("authorization") == "Bearer t"
            assert other.received[0].header("authorization") is None
            assert other.received[0].header("cookie") is None
            assert other.received[0].header("x-key") == "k"
            assert other.received[0].header("host") == f"127.0.0.1:{other.port}"

    asyncio.run(scenario())


def test_redirects_are_left_alone_when_the_setting_says_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer(redirecting(302, "/end")) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url("/start")), replace(DIRECT, follow_redirects=False))
            assert (response.status, response.hops, desk.body(response)) == (302, (), b"moved")

    asyncio.run(scenario())


def test_a_loop_and_too_many_redirects_are_named(tmp_path: Path) -> None:
    async def scenario() -> None:
        count = 0

        def onward(received: Received) -> bytes:
            nonlocal count
            count += 1
            return reply(302, b"", [("Location", f"/{count}")])

        async with (
            HttpPeer(redirecting(302, "/start")) as loop,
            HttpPeer(onward) as endless,
            sender_in(tmp_path) as desk,
        ):
            response = await desk.response(request(loop.url("/start")))
            assert problem(response) == "send.too_many_redirects"
            assert response.error is not None
            assert response.error.params["loop"] is True
            response = await desk.response(request(endless.url("/start")), replace(DIRECT, max_redirects=3))
            assert problem(response) == "send.too_many_redirects"
            assert len(endless.received) == 4
            assert len(response.hops) == 4
            assert response.status == 302

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "location",
    [
        "ftp://x/",
        "http://exa mple/",
        "http://",
        "http://[::1",
        "javascript:x(1)",
        "mailto:a@b",
        "data:,x",
        "app:/cb",
    ],
)
def test_a_location_that_leads_nowhere_is_named(tmp_path: Path, location: str) -> None:
    async def scenario() -> None:
        async with HttpPeer(redirecting(302, location)) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url("/start")))
            assert problem(response) == "send.bad_redirect"
            assert response.error is not None
            assert response.error.params["location"] == location

    asyncio.run(scenario())


def test_cookies_are_kept_per_hop_and_come_back_as_a_patch(tmp_path: Path) -> None:
    answer = redirecting(302, "/end", ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2; Path=/other"))

    async def scenario() -> None:
        async with HttpPeer(answer) as peer, sender_in(tmp_path) as desk:
            before = jar()
            outcome = await desk.send(request(peer.url("/start")), jar=before)
            assert peer.received[1].header("cookie") == "a=1"
            fields, _ = apply(fields_of(before), outcome.cookie_patch)
            assert [(cookie["name"], cookie["path"]) for cookie in fields["cookies"]] == [("a", "/"), ("b", "/other")]
            assert [entry.text for entry in outcome.response.timeline if entry.kind == "cookie"] == [
                "Cookie a kept",
                "Cookie b kept",
            ]

    asyncio.run(scenario())


def test_cookies_are_neither_sent_nor_kept_when_the_settings_say_so(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer(redirecting(302, "/end", ("Set-Cookie", "a=1"))) as peer, sender_in(tmp_path) as desk:
            kept = await desk.send(request(peer.url("/start")), replace(DIRECT, store_cookies=False), jar=jar())
            assert kept.cookie_patch == ()
            mute = await desk.send(request(peer.url("/start")), replace(DIRECT, send_cookies=False), jar=jar())
            assert mute.cookie_patch != ()
            assert [one.header("cookie") for one in peer.received] == [None] * 4

    asyncio.run(scenario())


def test_a_written_cookie_header_keeps_the_jar_closed(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer(redirecting(302, "/end", ("Set-Cookie", "a=1"))) as peer, sender_in(tmp_path) as desk:
            outcome = await desk.send(request(peer.url("/start"), headers=(("cookie", "mine=1"),)), jar=jar())
            assert [one.header("cookie") for one in peer.received] == ["mine=1", "mine=1"]
            assert any("by hand" in entry.text for entry in outcome.response.timeline)

    asyncio.run(scenario())


def test_a_cookie_with_a_domain_is_checked_against_the_public_suffixes(tmp_path: Path) -> None:
    lines = [("Set-Cookie", "a=1; Domain=localhost"), ("Set-Cookie", "b=1; Domain=example.com")]

    async def scenario() -> None:
        async with HttpPeer(lambda received: reply(200, b"", lines)) as peer, sender_in(tmp_path) as desk:
            outcome = await desk.send(request(peer.url(host="localhost")), jar=jar())
            fields, _ = apply(fields_of(jar()), outcome.cookie_patch)
            assert [cookie["name"] for cookie in fields["cookies"]] == ["a"]
            assert "Cookie b refused (other domain)" in [entry.text for entry in outcome.response.timeline]

    asyncio.run(scenario())
