"""What a lying server gets at a sign-in: account.checks, account.sign_in, account.refusals; nothing is stored of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from insomnia_desktop.account.devices import MOST_DEVICES
from insomnia_desktop.crypto.srp_group import N, pad
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.limits import ITERATIONS_MIN
from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.ui.i18n.words import date_words, full_words, when_words
from tests.support.account_desk import EMAIL, PASSWORD, AccountDesk, account_desk, prepared_account, refused, wait
from tests.support.hostile_server import (
    BREAK_OFF,
    JSON,
    PROBLEM,
    HostileServer,
    Lie,
    hostile_server,
    refusal,
    refused_with,
)
from tests.support.http_peer import reply

NOT_AUTHENTIC = "account.server_not_authentic"
S, A, M1, ACCOUNT, VERSION = "/auth/login-s", "/auth/login-a", "/auth/login-m1", "/v1/account", "/v1/version"


def put(*path: str, value: Any) -> Lie:
    """Return a lie that puts a value into the answer."""

    def lie(honest: dict[str, Any]) -> dict[str, Any]:
        inner = honest
        for name in path[:-1]:
            inner = inner[name]
        inner[path[-1]] = value
        return honest

    return lie


def flip(name: str) -> Lie:
    """Return a lie that flips a bit in a binary field."""

    def lie(honest: dict[str, Any]) -> dict[str, Any]:
        from insomnia_desktop.protocol.binary import decode

        raw = bytearray(decode(honest[name]))
        raw[-1] ^= 1
        return {**honest, name: encode(bytes(raw))}

    return lie


def without(name: str) -> Lie:
    """Return a lie that leaves a field out."""
    return lambda honest: {key: value for key, value in honest.items() if key != name}


def always(answer: bytes) -> Lie:
    """Return a lie that answers with these bytes, whatever was asked."""
    return lambda honest: answer


def unknown_code(status: int) -> bytes:
    """Return a problem whose code no client knows yet."""
    told = {"type": "about:blank", "title": "New", "status": status, "code": "go_away", "field": "x" * 100_000}
    return reply(status, json.dumps(told).encode(), PROBLEM)


def sixteen(first: int) -> str:
    """Return a salt of 16 bytes with this one in front."""
    return encode(bytes([first]) + bytes(15))


LIES: dict[str, tuple[str, Lie, str]] = {
    "one iteration": (S, put("kdf", "iters", value=1), NOT_AUTHENTIC),
    "599,999 iterations": (S, put("kdf", "iters", value=599_999), NOT_AUTHENTIC),
    "a thousand million iterations": (S, put("kdf", "iters", value=10**9), NOT_AUTHENTIC),
    "a short salt": (S, put("kdf", "salt", value=encode(bytes(15))), NOT_AUTHENTIC),
    "no salt": (S, put("kdf", "salt", value=""), NOT_AUTHENTIC),
    "a long salt": (S, put("kdf", "salt", value=encode(bytes(17))), NOT_AUTHENTIC),
    "another derivation": (S, put("kdf", "alg", value="md5"), NOT_AUTHENTIC),
    "another version of it": (S, put("kdf", "v", value=2), NOT_AUTHENTIC),
    "another group": (S, put("srp", "group", value="1024"), NOT_AUTHENTIC),
    "another hash": (S, put("srp", "hash", value="sha1"), NOT_AUTHENTIC),
    "a short SRP salt": (S, put("srp", "salt", value=encode(bytes([1] * 4))), NOT_AUTHENTIC),
    "an SRP salt with a zero in front": (S, put("srp", "salt", value=sixteen(0)), NOT_AUTHENTIC),
    "a Secret Key": (S, put("skd", value=True), "account.newer_protocol"),
    "B = 0": (A, put("srpB", value=encode(bytes(256))), NOT_AUTHENTIC),
    "B = N": (A, put("srpB", value=encode(pad(N))), NOT_AUTHENTIC),
    "B > N": (A, put("srpB", value=encode(b"\xff" * 256)), NOT_AUTHENTIC),
    "a short B": (A, put("srpB", value=encode(b"\x01" * 255)), NOT_AUTHENTIC),
    "a long B": (A, put("srpB", value=encode(b"\x01" * 65_536)), NOT_AUTHENTIC),
    "no B": (A, put("srpB", value=""), NOT_AUTHENTIC),
    "no M2": (M1, without("srpM2"), NOT_AUTHENTIC),
    "an empty M2": (M1, put("srpM2", value=""), NOT_AUTHENTIC),
    "a forged M2": (M1, put("srpM2", value=encode(bytes(32))), NOT_AUTHENTIC),
    "a short M2": (M1, put("srpM2", value=encode(bytes(31))), NOT_AUTHENTIC),
    "a changed M2": (M1, flip("srpM2"), NOT_AUTHENTIC),
    "a changed seal": (M1, flip("sealed"), NOT_AUTHENTIC),
    "an empty seal": (M1, put("sealed", value=""), NOT_AUTHENTIC),
    "M2 null": (M1, put("srpM2", value=None), "account.not_a_sync_server"),
    "another account": (ACCOUNT, put("account_id", value=encode(bytes(16))), NOT_AUTHENTIC),
    "a changed RSA wrap": (ACCOUNT, flip("rsa_private_wrap"), NOT_AUTHENTIC),
    "a changed Ed25519 wrap": (ACCOUNT, flip("ed25519_private_wrap"), NOT_AUTHENTIC),
    "a changed RSA key": (ACCOUNT, flip("rsa_public"), NOT_AUTHENTIC),
    "another Ed25519 key": (ACCOUNT, put("ed25519_public", value=encode(bytes(32))), NOT_AUTHENTIC),
    "a changed signature": (ACCOUNT, flip("bundle_sig"), NOT_AUTHENTIC),
    "keys of another version": (ACCOUNT, put("kv", value=2), "account.newer_protocol"),
    "a newer server": (VERSION, put("protocol", value={"min": 2, "max": 3}), "account.newer_protocol"),
    "an older server": (VERSION, put("protocol", value={"min": 0, "max": 0}), "account.server_too_old"),
    "another service": (VERSION, put("service", value="something"), "account.not_a_sync_server"),
    "a page of a captive portal": (
        VERSION,
        always(reply(200, b"<html>Welcome to our hotel</html>", [("Content-Type", "text/html")])),
        "account.not_a_sync_server",
    ),
    "a page with status 401": (
        M1,
        always(reply(401, b"<html>Sign in</html>", [("Content-Type", "text/html")])),
        "account.not_a_sync_server",
    ),
    "a redirect": (VERSION, always(reply(302, b"", [("Location", "/v1/health")])), "account.not_a_sync_server"),
    "a redirect to nonsense": (
        VERSION,
        always(reply(302, b"", [("Location", "http://[")])),
        "account.not_a_sync_server",
    ),
    "an unknown code of many meanings": (VERSION, always(unknown_code(403)), "account.server_failed"),
    "an unknown code of a wrong proof": (M1, always(unknown_code(401)), "account.wrong_credentials"),
    "an unknown code of too many tries": (M1, always(unknown_code(429)), "account.too_many_tries"),
    "an unknown code of an old version": (S, always(unknown_code(426)), "account.newer_protocol"),
    "a code of another status": (
        VERSION,
        always(reply(404, b'{"type":"about:blank","title":"x","status":401,"code":"unauthorized"}', PROBLEM)),
        "account.not_a_sync_server",
    ),
    "no JSON": (S, always(reply(200, b"{", JSON)), "account.not_a_sync_server"),
    "JSON without end": (S, always(reply(200, b'{"a":' * 100_000, JSON)), "account.not_a_sync_server"),
    "a list": (S, always(reply(200, b"[]", JSON)), "account.not_a_sync_server"),
    "an enormous body": (S, always(reply(200, b" " * 4_194_305, JSON)), "account.not_a_sync_server"),
    "a packed body": (S, always(reply(200, b"x", [*JSON, ("Content-Encoding", "gzip")])), "account.not_a_sync_server"),
    "too many tries": (M1, always(refused_with("rate_limited", 901)), "account.too_many_tries"),
    "a failure": (M1, lambda honest: refusal("internal"), "account.server_failed"),
    "out of order": (A, always(refused_with("unavailable", 5)), "account.server_failed"),
    "a failure of a proxy": (
        A,
        always(reply(502, b"<html>", [("Content-Type", "text/html")])),
        "account.server_failed",
    ),
    "a wrong password": (M1, lambda honest: refusal("bad_credentials"), "account.wrong_credentials"),
    "a handshake that expires again and again": (
        M1,
        lambda honest: refusal("handshake_expired"),
        "account.server_failed",
    ),
    "a protocol that is no more": (S, lambda honest: refusal("upgrade_required"), "account.newer_protocol"),
    "a shape that it does not take": (S, lambda honest: refusal("invalid"), "account.server_failed"),
    "a connection that breaks off": (M1, always(BREAK_OFF), "account.server_unreachable"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_is_found_and_nothing_is_kept(tmp_path: Path, name: str) -> None:
    path, lie, code = LIES[name]
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account(ITERATIONS_MIN)) as (server, address):
        server.lies[path] = lie
        error = refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD))
        assert error.code == code
        assert error.code not in sentence(error).text
        assert len(sentence(error).text) < 300
        assert desk.row is None
        assert not desk.folder.keys_file.exists()
        assert desk.accounts.status().state == AccountState.SIGNED_OUT
        # The parameters are looked at before anything is derived from them, so no proof goes out.
        if path == S:
            assert M1 not in server.asked
            assert A not in server.asked
        assert PASSWORD.encode() not in b"".join(server.bodies)


def test_minutes_are_told_of_too_many_tries(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account(ITERATIONS_MIN)) as (server, address):
        server.lies[M1] = always(refused_with("rate_limited", 901))
        error = refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD))
        assert error.params == {"minutes": 16}


def test_other_salts_change_the_transcript(tmp_path: Path) -> None:
    """A server that changes a salt for one sign-in derives other keys than the client: no proof of either holds."""
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account(ITERATIONS_MIN)) as (server, address):
        for path in (("kdf", "salt"), ("srp", "salt")):
            server.lies[S] = put(*path, value=sixteen(7))
            assert refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)).code in (
                "account.wrong_credentials",
                NOT_AUTHENTIC,
            )


def test_a_replayed_handshake_opens_nothing(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account(ITERATIONS_MIN)) as (server, address):
        seen: dict[str, dict[str, Any]] = {}

        def record(path: str) -> Lie:
            def lie(honest: dict[str, Any]) -> dict[str, Any]:
                return dict(seen.setdefault(path, honest))

            return lie

        server.lies = {A: record(A), M1: record(M1)}
        desk.sign_in(address)
        assert refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)).code in (
            NOT_AUTHENTIC,
            "account.wrong_credentials",
        )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account_id", encode(bytes(16))),
        ("device_id", encode(bytes(16))),
        ("account_key_wrap", encode(b"\x01" + bytes(92))),
        ("account_key_wrap", ""),
        ("token", ""),
        ("token", None),
    ],
)
def test_what_is_sealed_is_checked_too(tmp_path: Path, field: str, value: Any) -> None:
    server = HostileServer(prepared_account(ITERATIONS_MIN))
    server.session_of = lambda session: {**session, field: value}  # type: ignore[method-assign]
    with account_desk(tmp_path / "a") as desk, hostile_server(server=server) as (_, address):
        assert refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)).code == NOT_AUTHENTIC
        assert desk.row is None


def test_fewer_iterations_than_before_are_refused(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account(ITERATIONS_MIN)) as (server, address):
        desk.sign_in(address)
        pin = desk.pin(address)
        # The sign-in raised them, for they were fewer than those of a new account.
        assert pin is not None
        assert pin.iterations == 1_000_000
        server.sign_up = prepared_account(ITERATIONS_MIN).message
        wait(desk.accounts.sign_out(remove_data=False))
        asked = len(server.asked)
        assert refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)).code == NOT_AUTHENTIC
        assert server.asked[asked:] == [VERSION, S]
        # Who removes the account's data here meets it as if for the first time.
        wait(desk.accounts.sign_out(remove_data=True))
        desk.sign_in(address)


def test_another_account_under_a_known_email_is_refused(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account(ITERATIONS_MIN)) as (server, address):
        desk.sign_in(address)
        from insomnia_desktop.crypto.passwords import normalise
        from insomnia_desktop.crypto.sign_up import make_sign_up

        server.sign_up = make_sign_up(bytes(15) + b"\x01", EMAIL, "", normalise(PASSWORD), 1_000_000).message
        assert refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)).code == NOT_AUTHENTIC
        assert desk.accounts.status().state == AccountState.SIGNED_IN


def test_a_handshake_that_expired_is_begun_again_once(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        answers = iter([refusal("handshake_expired")])
        server.lies[M1] = lambda honest: next(answers, honest)
        desk.sign_in(address)
        assert server.asked.count(M1) == 2


DEEDS: dict[str, Callable[[AccountDesk], Any]] = {
    "devices": lambda desk: desk.accounts.devices(),
    "revoke": lambda desk: desk.accounts.revoke(encode(bytes(16))),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_only_a_problem_document_signs_out(tmp_path: Path, deed: str) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        page = reply(401, b"<html>Sign in</html>", [("Content-Type", "text/html")])
        server.lies = {"/v1/devices": always(page), f"/v1/devices/{encode(bytes(16))}": always(page)}
        assert refused(DEEDS[deed](desk)).code == "account.not_a_sync_server"
        assert desk.accounts.status().state == AccountState.SIGNED_IN
        server.lies = {}
        server.tokens = []
        assert refused(DEEDS[deed](desk)).code == "account.signed_out_elsewhere"
        assert desk.accounts.status().state == AccountState.SIGNED_OUT_ELSEWHERE
        assert not desk.folder.keys_file.exists()
        assert not desk.key_file.exists()


def test_an_unknown_code_of_status_401_signs_out(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        server.lies["/v1/devices"] = always(unknown_code(401))
        assert refused(desk.accounts.devices()).code == "account.signed_out_elsewhere"
        assert desk.accounts.status().state == AccountState.SIGNED_OUT_ELSEWHERE


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("reauth_required", "account.reauth_required"),
        ("credentials_conflict", "account.changed_elsewhere"),
        ("limit", "account.limit"),
    ],
)
def test_what_a_change_of_password_is_refused_for(tmp_path: Path, code: str, expected: str) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        server.lies["/v1/account/credentials"] = lambda honest: refusal(code)
        deed = desk.accounts.change_password(password=PASSWORD, new_password="another good password")
        assert refused(deed).code == expected
        assert desk.accounts.status().state == AccountState.SIGNED_IN


def test_devices_that_no_window_could_show(tmp_path: Path) -> None:
    row = {"id": sixteen(1), "name": "n" * 200 + "\0", "platform": "\x1b[2J", "client": "c\n" * 200, "current": False}
    rows = [{**row, "created_at": 2**53 - 1, "last_seen_at": 2**53 - 1 - number} for number in range(1_500)]
    own = {**row, "id": sixteen(2), "created_at": 1, "last_seen_at": 1, "current": True}
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        server.lies["/v1/devices"] = put("devices", value=[*rows, own])
        shown = wait(desk.accounts.devices())
    assert len(shown) == MOST_DEVICES
    assert shown[0].current
    assert shown[1].name == "n" * 100
    assert shown[1].platform == "[2J"
    assert shown[1].client == "c" * 50
    for at in (shown[1].created_at, shown[1].last_seen_at):
        assert full_words(at).endswith(("00:00", "30:00", "45:00"))
        assert when_words(at, 0) == date_words(at)


def test_what_a_server_writes_is_cut_and_moves_no_terminal(tmp_path: Path) -> None:
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        old = {"service": "insomnia-sync", "version": "\x1b[2J" + "9" * 100_000, "protocol": {"min": 0, "max": 0}}
        server.lies[VERSION] = lambda honest: {**honest, **old}
        error = refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD))
        assert error.params["version"] == "[2J" + "9" * 36
        told = {
            "type": "about:blank",
            "title": "x",
            "status": 422,
            "code": "invalid",
            "field": "\x1b]0;\x07" + "x" * 999,
        }
        server.lies[VERSION] = always(reply(422, json.dumps(told).encode(), PROBLEM))
        error = refused(desk.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD))
        assert error.code == "account.server_failed"
        assert sentence(error).text.isprintable()
        assert len(sentence(error).text) < 200
        del server.lies[VERSION]
        server.lies[ACCOUNT] = put("name", value="A\nd\x1ba" * 50_000)
        desk.sign_in(address)
        assert desk.accounts.status().name == " ".join(["A", *["daA"] * 19, "da"])


def test_a_lying_json_never_reaches_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with account_desk(tmp_path / "a") as desk, hostile_server(prepared_account()) as (server, address):
        desk.sign_in(address)
        secrets = [encode(token) for token in server.tokens] + [PASSWORD]
        assert not [secret for secret in secrets if secret in caplog.text]
        assert json.loads(server.bodies[1]) == {"email": EMAIL}
