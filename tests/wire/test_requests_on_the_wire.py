"""Exactly which bytes arrive for a request, and what is kept of its answer.

Tests insomnia_desktop.sender.send, insomnia_desktop.sender.exchange, insomnia_desktop.sender.clients,
insomnia_desktop.sender.events, insomnia_desktop.sender.probe.
"""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

from insomnia_desktop import __version__
from insomnia_desktop.model.authentication import BasicAuthentication, BearerAuthentication
from insomnia_desktop.model.body import FormBody, GraphQLBody, TextBody
from insomnia_desktop.sender.events import BodyProgress, Finished, HeadersReceived, PhaseChanged, Started
from tests.support.http_peer import HttpPeer, reply
from tests.support.sending import problem, request, rows, sender_in

AUTOMATIC = (
    f"Accept: */*\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nUser-Agent: insomnia-desktop/{__version__}\r\n"
).encode()


def test_headers_arrive_in_order_case_and_number_as_written(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            written = (("x-LOwer", "1"), ("X-Twice", "a"), ("x-twice", "b"), ("X-Empty", ""), ("X-Text", "größe"))
            response = await desk.response(request(peer.url("/p?q=1"), headers=written))
            assert response.status == 200
            assert (
                peer.received[0].raw_head
                == (
                    f"GET /p?q=1 HTTP/1.1\r\nHost: 127.0.0.1:{peer.port}\r\n"
                    "x-LOwer: 1\r\nX-Twice: a\r\nx-twice: b\r\nX-Empty: \r\nX-Text: größe\r\n"
                ).encode()
                + AUTOMATIC
                + b"\r\n"
            )

    asyncio.run(scenario())


def test_methods_and_targets_arrive_as_written(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            for method, path in [
                ("purge", "/a/../b/./c//d"),
                ("M-SEARCH", '/{x}|"<>^`\\'),
                ("get", "/%7e%7E%2f?a=b&&c"),
            ]:
                await desk.response(request(peer.url(path), method))
                assert peer.received[-1].request_line == f"{method} {path} HTTP/1.1"
            await desk.response(request(peer.url("/grün weiß#f")))
            assert peer.received[-1].target == "/gr%C3%BCn%20wei%C3%9F"

    asyncio.run(scenario())


def test_what_is_written_replaces_what_would_be_added(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            written = (
                ("user-agent", "mine"),
                ("ACCEPT", "a/b"),
                ("Accept-encoding", "identity"),
                ("host", "other.example"),
            )
            await desk.response(request(peer.url(), headers=written))
            # Host stands first whoever wrote it: h11 insists.
            assert peer.received[0].raw_head == (
                b"GET / HTTP/1.1\r\nhost: other.example\r\nuser-agent: mine\r\nACCEPT: a/b\r\n"
                b"Accept-encoding: identity\r\n\r\n"
            )

    asyncio.run(scenario())


def test_parameters_path_parameters_and_variables_are_filled_in(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            what = request(
                "{{ base }}/users/:id/:kept?typed={{ n }}",
                path_parameters=rows(("id", "a/b {{ n }}"), ("kept", "")),
                parameters=rows(("limit", "{{ n }}"), ("q", "ä&=+ ")),
                headers=(("X-{{ n }}", "{{ deep }}"),),
            )
            values = {"base": peer.url("/v1"), "n": 5, "deep": "<{{ n }}>"}
            response = await desk.response(what, values=values)
            assert peer.received[0].target == "/v1/users/a%2Fb%205/:kept?typed=5&limit=5&q=%C3%A4%26%3D%2B%20"
            assert peer.received[0].header("X-5") == "<5>"
            assert response.url == peer.url(peer.received[0].target)

    asyncio.run(scenario())


def test_unknown_names_stop_the_send_before_anything_goes_out(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            what = request(
                peer.url("/{{ one }}"), headers=(("X-Id", "{{ two }}"),), parameters=rows(("p", "{{ one }}"))
            )
            response = await desk.response(what)
            assert problem(response) == "template.unknown_names"
            assert response.error is not None
            assert response.error.params["names"] == [
                {"name": "one", "where": "address"},
                {"name": "one", "where": "parameter p"},
                {"name": "two", "where": "header X-Id"},
            ]
            assert peer.connections == 0

    asyncio.run(scenario())


def test_text_form_and_graphql_bodies_and_their_types(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            text = TextBody(media_type="application/xml", text="<a>{{ v }}</a>")
            await desk.response(request(peer.url(), "POST", body=text), values={"v": "ü"})
            form = FormBody(rows=rows(("a b", "1+1"), ("ü", "~")))
            await desk.response(request(peer.url(), "POST", body=form))
            graphql = GraphQLBody(query="query A { a }", variables='{"n": 1.10}', operation_name="A")
            await desk.response(request(peer.url(), "POST", body=graphql))
            await desk.response(request(peer.url(), "GET", body=TextBody(text="{}")))
            await desk.response(request(peer.url(), "POST"))
        seen = [(one.header("content-type"), one.body) for one in peer.received]
        assert seen == [
            ("application/xml", b"<a>\xc3\xbc</a>"),
            ("application/x-www-form-urlencoded", b"a+b=1%2B1&%C3%BC=%7E"),
            ("application/json", b'{"query":"query A { a }","variables":{"n": 1.10},"operationName":"A"}'),
            ("application/json", b"{}"),
            (None, b""),
        ]
        assert [one.header("content-length") for one in peer.received] == [str(len(body)) for _, body in seen]

    asyncio.run(scenario())


def test_a_written_transfer_encoding_makes_the_body_chunked(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            written = (("Transfer-Encoding", "chunked"),)
            await desk.response(request(peer.url(), "POST", headers=written, body=TextBody(text="abc")))
            assert peer.received[0].header("content-length") is None
            assert peer.received[0].body == b"abc"

    asyncio.run(scenario())


def test_authentication_and_user_information(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            basic = BasicAuthentication(username="ü", password="{{ p }}")
            await desk.response(request(peer.url(), authentication=basic), values={"p": "s:t"})
            await desk.response(request(peer.url(), authentication=BearerAuthentication(token="abc")))
            with_user = f"http://me:p%40ss@127.0.0.1:{peer.port}/"
            response = await desk.response(request(with_user))
            assert "p%40ss" not in response.url
            await desk.response(request(with_user, headers=(("Authorization", "Mine 1"),)))
            off = BasicAuthentication(enabled=False, username="x")
            await desk.response(request(peer.url(), authentication=off))
        assert [one.header("authorization") for one in peer.received] == [
            "Basic " + base64.b64encode("ü:s:t".encode()).decode(),
            "Bearer abc",
            "Basic " + base64.b64encode(b"me:p@ss").decode(),
            "Mine 1",
            None,
        ]

    asyncio.run(scenario())


def test_the_response_keeps_headers_reason_phases_and_peer(tmp_path: Path) -> None:
    raw = reply(299, b"hello", [("X-a", "1"), ("x-A", "2"), ("Content-Type", "text/x")], reason="Fine By Me")

    async def scenario() -> None:
        async with HttpPeer(lambda received: raw) as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(peer.url("/x")))
            assert (response.state, response.status, response.reason) == ("ok", 299, "Fine By Me")
            assert response.http_version == "HTTP/1.1"
            assert response.headers[:2] == (("X-a", "1"), ("x-A", "2"))
            assert response.content_type == "text/x"
            assert response.remote_address == f"127.0.0.1:{peer.port}"
            assert (response.size_wire, response.size_decoded, desk.body(response)) == (5, 5, b"hello")
            assert response.timings.connect is not None
            assert response.timings.tls is None
            assert response.sent.headers[0] == ("Host", f"127.0.0.1:{peer.port}")
            kinds = [entry.kind for entry in response.timeline]
            assert kinds == ["connect", "connect", "sent", "received", "received"]
            phases = [event.phase for event in desk.events if isinstance(event, PhaseChanged)]
            assert phases == ["dns", "connect", "send", "wait", "download"]
            told = [event for event in desk.events if not isinstance(event, PhaseChanged | BodyProgress)]
            assert [type(event) for event in told] == [Started, HeadersReceived, Finished]

            again = await desk.response(request(peer.url("/x")))
            assert again.timings.connect is None, "the connection is kept warm"
            assert peer.connections == 1

    asyncio.run(scenario())


def test_names_are_looked_up_and_the_phase_is_measured(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with HttpPeer() as peer, sender_in(tmp_path) as desk:
            response = await desk.response(request(f"localhost:{peer.port}/"))
            assert response.state == "ok", response
            assert response.timings.dns is not None
            assert [entry.kind for entry in response.timeline][:2] == ["dns", "connect"]

    asyncio.run(scenario())


def test_a_kept_connection_that_the_server_closed_is_made_anew(tmp_path: Path) -> None:
    async def scenario() -> None:
        closing = HttpPeer(lambda received: reply(200, b"x", [("X-N", "1")]))

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # Answers one request, takes the next and closes without a word.
            await closing.read_request(reader, writer)
            writer.write(reply(200, b"x"))
            if closing.connections == 1:
                await closing.read_request(reader, writer)

        closing.talk = talk  # type: ignore[method-assign]
        async with closing, sender_in(tmp_path) as desk:
            await desk.response(request(closing.url("/1")))
            second = await desk.response(request(closing.url("/2")))
            assert second.state == "ok", second
            assert closing.connections == 2
            assert [one.target for one in closing.received] == ["/1", "/2", "/2"]
            assert any("sent again" in entry.text for entry in second.timeline)

    asyncio.run(scenario())


def test_requests_side_by_side_share_a_client_and_do_not_mix(tmp_path: Path) -> None:
    async def scenario() -> None:
        def answer(received: object) -> bytes:
            return reply(200, received.target.encode())  # type: ignore[attr-defined]

        async with HttpPeer(answer) as peer, sender_in(tmp_path) as desk:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(desk.response(request(peer.url(f"/{n}")))) for n in range(20)]
            for number, task in enumerate(tasks):
                response = task.result()
                assert desk.body(response) == f"/{number}".encode()
                assert response.sent.url == peer.url(f"/{number}")

    asyncio.run(scenario())
