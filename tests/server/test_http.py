"""HTTP as every endpoint speaks it: bodies, problems, headers, who may knock, and what the log says.

Covers server.asgi, server.edge, server.bodies, server.problems, server.context, routes.calls and routes.service.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Iterator
from io import StringIO
from pathlib import Path

import httpx
import pytest

from insomnia_desktop import __version__
from insomnia_desktop.protocol.binary import Binary, Bytes32
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.service import Version
from insomnia_desktop.protocol.sign_in import LoginA, LoginS
from insomnia_desktop.server import bodies, log_lines
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.server.domain import sign_in
from tests.support.clock import FixedClock
from tests.support.logfail import LogGuard
from tests.support.sync_desk import SyncDesk, code_of, field_of, sync_desk
from tests.support.sync_people import person

JSON = "application/json"
LOGIN_S = "/auth/login-s"


@pytest.fixture
def here(tmp_path: Path, clock: FixedClock) -> Iterator[SyncDesk]:
    """A server on SQLite: what is tested with it has nothing to do with the database."""
    with sync_desk(tmp_path / "server.sqlite", clock) as desk:
        yield desk


@pytest.fixture
def log() -> Iterator[StringIO]:
    """The log of the server as it would be written."""
    stream = StringIO()
    handler = log_lines.configure(stream)
    yield stream
    log_lines.release(handler)


def post(desk: SyncDesk, content: bytes, content_type: str = JSON, **headers: str) -> httpx.Response:
    """Ask for salts with any body and any headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.ask("POST", LOGIN_S, headers={"Content-Type": content_type, **named}, content=content)


class TestBodies:
    """What a body may be."""

    @pytest.mark.parametrize("content_type", [JSON, "application/JSON", "application/json; charset=utf-8"])
    def test_json_is_taken(self, here: SyncDesk, content_type: str) -> None:
        assert post(here, b'{"email":"a@b.c"}', content_type).status_code == 200

    @pytest.mark.parametrize("content_type", ["", "text/plain", "application/json5", "application/problem+json"])
    def test_another_content_type_is_415(self, here: SyncDesk, content_type: str) -> None:
        assert code_of(post(here, b'{"email":"a@b.c"}', content_type)) == "unsupported_media"

    @pytest.mark.parametrize("name", ["Content-Type", "Authorization", "Host"])
    def test_a_header_that_stands_twice_is_400(self, here: SyncDesk, name: str) -> None:
        headers = {"Content-Type": JSON, "Authorization": "Bearer x", "Host": "localhost"}
        twice = [*headers.items(), (name.lower(), headers[name])]
        answer = here.ask("POST", LOGIN_S, headers=twice, content=b'{"email":"a@b.c"}')
        assert code_of(answer) == "bad_request"
        assert answer.headers["connection"] == "close"

    @pytest.mark.parametrize("coding", ["gzip", "identity"])
    def test_an_encoded_body_is_415(self, here: SyncDesk, coding: str) -> None:
        assert code_of(post(here, b'{"email":"a@b.c"}', Content_Encoding=coding)) == "unsupported_media"

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"[]",
            b'"a@b.c"',
            b"null",
            b"\xff",
            b'{"email":"a@b.c"} x',
            b'{"email":"\\ud800"}',
            b"\xef\xbb\xbf{}",
        ],
    )
    def test_what_is_no_json_object_is_400(self, here: SyncDesk, content: bytes) -> None:
        assert code_of(post(here, content)) == "bad_request"

    def test_16_levels_are_taken_and_17_are_not(self, here: SyncDesk) -> None:
        def nested(levels: int) -> bytes:
            return b'{"email":"a@b.c","x":' + b"[" * (levels - 1) + b"]" * (levels - 1) + b"}"

        assert post(here, nested(16)).status_code == 200
        assert code_of(post(here, nested(17))) == "bad_request"
        assert code_of(post(here, nested(30_000))) == "bad_request"

    def test_another_shape_is_422_with_the_field(self, here: SyncDesk) -> None:
        assert field_of(post(here, b'{"email":7}')) == "email"
        assert field_of(post(here, b"{}")) == "email"
        assert field_of(post(here, b'{"email":"' + b"a" * 2000 + b'@b.c"}')) == "email"

    def test_unknown_fields_are_ignored(self, here: SyncDesk) -> None:
        assert post(here, b'{"email":"a@b.c","future":{"x":1}}').status_code == 200

    def test_a_long_body_is_413_before_it_is_read(self, here: SyncDesk) -> None:
        assert code_of(post(here, b" " * (bodies.MESSAGE_BYTES + 1))) == "too_large"

    def test_a_long_body_without_a_length_is_413_once_it_is_too_long(self, here: SyncDesk) -> None:
        pieces = 0

        async def endless() -> AsyncIterator[bytes]:
            nonlocal pieces
            for _ in range(100_000):
                pieces += 1
                yield b" " * 1024

        answer = here.run(here.asking("POST", LOGIN_S, headers={"Content-Type": JSON}, content=endless()))
        assert code_of(answer) == "too_large"
        assert answer.headers["connection"] == "close"
        # What came after that was thrown away, up to 16 MiB, so that the client reads the answer.
        assert pieces <= 17 * 1024

    def test_a_body_that_does_not_come_is_400(self, here: SyncDesk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bodies, "STALL_SECONDS", 0.01)
        monkeypatch.setattr("insomnia_desktop.server.edge.LINGER_SECONDS", 0.01)

        async def stalled() -> AsyncIterator[bytes]:
            yield b"{"
            await asyncio.Event().wait()

        answer = here.run(here.asking("POST", LOGIN_S, headers={"Content-Type": JSON}, content=stalled()))
        assert code_of(answer) == "bad_request"


class TestAnswers:
    """What every answer has."""

    def test_nothing_is_kept_and_nothing_is_guessed(self, here: SyncDesk) -> None:
        for path in ("/v1/version", "/nowhere", "/v1/account"):
            headers = here.ask("GET", path).headers
            assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")

    def test_no_page_of_the_web_is_let_in(self, here: SyncDesk) -> None:
        asked = {"Origin": "https://example.com", "Access-Control-Request-Method": "POST"}
        for answer in (here.ask("OPTIONS", LOGIN_S, headers=asked), here.ask("GET", "/v1/version", headers=asked)):
            assert not [name for name in answer.headers if name.startswith("access-control")]
            assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize("path", ["/", "/v1", "/v2/account", "/v1/account/", "/auth/login-s/", "/v1//account"])
    def test_an_unknown_path_is_404(self, here: SyncDesk, path: str) -> None:
        assert code_of(here.ask("GET", path)) == "not_found"

    def test_another_method_is_405_with_the_right_ones(self, here: SyncDesk) -> None:
        answer = here.ask("GET", LOGIN_S)
        assert code_of(answer) == "method_not_allowed"
        assert answer.headers["allow"] == "POST"
        answer = here.ask("POST", "/v1/account", {})
        assert code_of(answer) == "method_not_allowed"
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "DELETE"}

    def test_the_version_tells_protocol_and_limits(self, tmp_path: Path) -> None:
        limits = ServerLimits().changed("blob", 1000).changed("devices", 3)
        with sync_desk(tmp_path / "server.sqlite", limits=limits) as desk:
            version = desk.answer(desk.ask("GET", "/v1/version"), Version)
        assert (version.service, version.version) == ("insomnia-sync", __version__)
        assert (version.protocol.min, version.protocol.max, version.registration) == (1, 1, "open")
        assert (version.limits.blob, version.limits.devices, version.limits.body) == (1000, 3, 4_194_304)

    def test_health_is_a_look_at_the_database(self, desk: SyncDesk, log_guard: LogGuard) -> None:
        assert desk.ask("GET", "/v1/health").json() == {"ok": True}

        async def lose_the_database() -> None:
            async with desk.context.database.write() as connection:
                await connection.exec_driver_sql("ALTER TABLE server RENAME TO lost")

        desk.run(lose_the_database())
        with log_guard.expect("database unavailable"):
            assert code_of(desk.ask("GET", "/v1/health")) == "unavailable"


class TestTrouble:
    """What goes wrong on the server's side."""

    def test_a_database_that_is_away_is_503_with_a_time_to_come_again(
        self, here: SyncDesk, log_guard: LogGuard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = here.config.database
        assert isinstance(file, Path)
        here.run(here.context.database.close())
        file.rename(file.with_name("elsewhere"))
        file.with_name(file.name).mkdir()
        with log_guard.expect("database unavailable"):
            answer = here.ask("GET", "/v1/health")
        assert (code_of(answer), answer.headers["retry-after"]) == ("unavailable", "5")
        file.rmdir()
        file.with_name("elsewhere").rename(file)
        assert here.ask("GET", "/v1/health").status_code == 200

    def test_a_bug_is_500_and_the_log_tells_the_place_without_a_value(
        self, here: SyncDesk, log: StringIO, log_guard: LogGuard, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        canary = secrets.token_hex(16)

        async def fail(*_arguments: object) -> None:
            raise RuntimeError(canary)

        monkeypatch.setattr(sign_in, "salts", fail)
        with log_guard.expect("internal error"):
            answer = here.ask("POST", LOGIN_S, LoginS(f"{canary}@example.com"))
        assert code_of(answer) == "internal"
        assert canary not in answer.text
        line = json.loads(log.getvalue().splitlines()[0])
        assert (line["event"], line["exception"]) == ("internal error", "RuntimeError")
        assert line["frames"][-1].endswith(" fail")
        assert canary not in log.getvalue()

    def test_a_client_that_goes_away_is_no_error(self, here: SyncDesk, log: StringIO) -> None:
        here.run(_disconnect(here))
        assert [json.loads(line)["status"] for line in log.getvalue().splitlines()] == [0]


class TestHost:
    """Who may knock: a page of the web may have another name for this computer (DNS rebinding)."""

    @pytest.mark.parametrize("host", ["localhost", "localhost:8443", "127.0.0.1:1", "[::1]:8443", "app.localhost"])
    def test_this_computer_by_its_own_names(self, here: SyncDesk, host: str) -> None:
        assert here.ask("GET", "/v1/version", headers={"Host": host}).status_code == 200

    @pytest.mark.parametrize("host", ["example.com", "example.com:8443", "192.168.1.5", "localhost.example.com", ""])
    def test_another_name_is_400(self, here: SyncDesk, host: str) -> None:
        assert code_of(here.ask("GET", "/v1/version", headers={"Host": host})) == "bad_request"

    def test_behind_a_proxy_any_name_will_do(self, tmp_path: Path) -> None:
        with sync_desk(tmp_path / "server.sqlite", behind_proxy=True) as desk:
            assert desk.ask("GET", "/v1/version", headers={"Host": "sync.example.com"}).status_code == 200


class TestAddresses:
    """30 sign-ups, sign-ins and recoveries a minute of one address."""

    def test_the_31st_must_wait(self, here: SyncDesk) -> None:
        codes = [self._try(here).status_code for _ in range(31)]
        assert codes == [422] * 30 + [429]
        assert self._try(here).headers["retry-after"] == "60"
        here.clock.advance(60_000)
        assert self._try(here).status_code == 422

    def test_the_four_count_together(self, here: SyncDesk) -> None:
        for _ in range(8):
            for path in ("/auth/signup", "/auth/login-a", "/auth/recover-a", "/auth/recover-b"):
                last = here.ask("POST", path, {})
        assert code_of(last) == "rate_limited"
        assert here.ask("POST", LOGIN_S, LoginS("a@b.c")).status_code == 200

    def test_the_limit_is_a_setting(self, tmp_path: Path) -> None:
        with sync_desk(tmp_path / "server.sqlite", limits=ServerLimits().changed("attempts", 2)) as desk:
            assert [self._try(desk).status_code for _ in range(3)] == [422, 422, 429]

    def test_without_a_proxy_nobody_says_where_he_comes_from(self, here: SyncDesk) -> None:
        codes = {self._try(here, f"10.0.0.{number}").status_code for number in range(31)}
        assert 429 in codes

    def test_behind_a_proxy_the_last_entry_counts(self, tmp_path: Path) -> None:
        limits = ServerLimits().changed("attempts", 1)
        with sync_desk(tmp_path / "server.sqlite", behind_proxy=True, limits=limits) as desk:
            assert self._try(desk, "10.0.0.1").status_code == 422
            assert self._try(desk, "10.0.0.2").status_code == 422
            assert self._try(desk, "10.9.9.9, 10.0.0.1").status_code == 429
            assert self._try(desk, "10.0.0.1, 10.0.0.3").status_code == 422
            # One customer has a whole /64 of IPv6.
            assert self._try(desk, "2001:db8::1").status_code == 422
            assert self._try(desk, "2001:db8::2").status_code == 429
            # Without an entry it is the proxy itself.
            assert self._try(desk).status_code == 422
            assert self._try(desk).status_code == 429

    def _try(self, desk: SyncDesk, forwarded: str = "") -> httpx.Response:
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        return desk.ask("POST", "/auth/login-a", LoginA("a@b.c", Binary(b"")), headers=headers)


class TestLog:
    """One line a request, and nothing in it that is a secret."""

    def test_a_line_names_the_endpoint_and_not_the_path(self, here: SyncDesk, log: StringIO) -> None:
        here.ask("DELETE", "/v1/devices/AAAAAAAAAAAAAAAAAAAAAA?token=x")
        here.ask("GET", "/v1/some-secret")
        first, second = (json.loads(line) for line in log.getvalue().splitlines())
        assert set(first) == {"at", "level", "event", "method", "endpoint", "status", "ms", "address"}
        assert (first["event"], first["method"], first["endpoint"]) == ("request", "DELETE", "revoke_device")
        assert (first["status"], first["address"]) == (401, "127.0.0.1")
        assert (second["endpoint"], second["status"]) == ("", 404)

    def test_a_whole_story_leaves_no_secret(self, desk: SyncDesk, log: StringIO) -> None:
        marker = f"canary-{secrets.token_hex(8)}"
        alice = desk.sign_up(person(f"{marker}@example.com", name=marker))
        signed = desk.sign_in(alice)
        desk.ask("GET", f"/v1/account?{marker}", token=signed.token, headers={"X-Canary": marker})
        desk.ask("POST", LOGIN_S, encode_body({"email": marker}))
        desk.ask("POST", "/auth/recover-a", {"email": alice.email, "auth": Bytes32(bytes(32))})
        desk.ask("DELETE", "/v1/account", token=signed.token)
        written = log.getvalue()
        assert len(written.splitlines()) >= 8
        assert marker not in written
        assert signed.token not in written


async def _disconnect(desk: SyncDesk) -> None:
    """Send half a request, as a client does that loses its connection."""
    messages: list[dict[str, object]] = [
        {"type": "http.request", "body": b"{", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: object) -> None:
        raise AssertionError(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": LOGIN_S, "query_string": b"", "headers": headers}
    await desk.app(scope, receive, send)
