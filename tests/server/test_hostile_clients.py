"""What a hostile client, an odd proxy and a full disk get: server.bodies, server.limits, server.domain.sessions."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from insomnia_desktop.protocol.binary import Binary, encode
from insomnia_desktop.protocol.sign_in import LoginA
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.database.soundness import counts, faults
from insomnia_desktop.server.domain import sessions
from tests.support.clock import FixedClock
from tests.support.logfail import LogGuard
from tests.support.sync_desk import SyncDesk, code_of, sync_desk
from tests.support.sync_people import person

JSON_BOMBS = {
    "a number of 400 digits": (b'{"email":' + b"9" * 400 + b"}", "invalid"),
    "a number of 60,000 digits": (b'{"email":' + b"9" * 60_000 + b"}", "bad_request"),
    "a number beyond all": (b'{"email":1e999}', "bad_request"),
    "NaN": (b'{"email":NaN}', "bad_request"),
    "10,000 levels": (b'{"a":' * 10_000, "bad_request"),
    "60,000 arrays": (b"[" * 60_000, "bad_request"),
    "a lone surrogate": (b'{"email":"\\ud800@b.c"}', "bad_request"),
    "a NUL": (b'{"email":"a\\u0000@b.c"}', "invalid"),
    "a raw NUL": (b'{"email":"a\x00@b.c"}', "bad_request"),
    "no UTF-8": (b'{"email":"\xff"}', "bad_request"),
    "UTF-16": ('{"email":"a@b.c"}'.encode("utf-16"), "bad_request"),
    "a mark in front": (b'\xef\xbb\xbf{"email":"a@b.c"}', "bad_request"),
    "something behind": (b'{"email":"a@b.c"}}', "bad_request"),
    "a field twice, the last one wrong": (b'{"email":"a@b.c","email":5}', "invalid"),
    "a long e-mail": (b'{"email":"' + b"a" * 60_000 + b'"}', "invalid"),
}


@pytest.mark.parametrize("name", JSON_BOMBS)
def test_a_json_that_is_meant_ill(tmp_path: Path, name: str) -> None:
    body, code = JSON_BOMBS[name]
    with sync_desk(tmp_path / "server.sqlite") as desk:
        assert code_of(desk.ask("POST", "/auth/login-s", body)) == code


def test_a_proxy_that_names_the_port_too_gives_nobody_more_tries(tmp_path: Path) -> None:
    limits = ServerLimits().changed("attempts", 1)

    def tried(desk: SyncDesk, forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return desk.ask("POST", "/auth/login-a", LoginA("a@b.c", Binary(b"")), headers=headers).status_code

    with sync_desk(tmp_path / "server.sqlite", behind_proxy=True, limits=limits) as desk:
        assert [tried(desk, f"192.0.2.1:{port}") for port in (50_000, 50_001)] == [422, 429]
        assert tried(desk, "198.51.100.7, 192.0.2.1") == 429
        assert [tried(desk, f"[2001:db8::1]:{port}") for port in (50_000, 50_001)] == [422, 429]


def test_of_two_devices_that_revoke_each_other_the_first_one_stays(
    desk: SyncDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = desk.sign_up(person())
    mine, stolen = desk.sign_in(alice), desk.sign_in(alice)
    authenticate = sessions.authenticate

    async def meanwhile(context: ServerContext, token: bytes) -> SessionRow:
        session = await authenticate(context, token)
        monkeypatch.undo()
        # The stolen device is known to be signed in; before it revokes mine, it is revoked.
        path = f"/v1/devices/{encode(stolen.device.id)}"
        assert (await desk.asking("DELETE", path, token=mine.token)).status_code == 204
        return session

    monkeypatch.setattr(sessions, "authenticate", meanwhile)
    path = f"/v1/devices/{encode(mine.device.id)}"
    assert code_of(desk.ask("DELETE", path, token=stolen.token)) == "unauthorized"
    assert desk.ask("GET", "/v1/account", token=mine.token).status_code == 200


def test_on_a_full_disk_what_is_there_is_read_and_nothing_is_half_done(
    tmp_path: Path, clock: FixedClock, log_guard: LogGuard
) -> None:
    limits = ServerLimits().changed("attempts", 10_000)
    with sync_desk(tmp_path / "server.sqlite", clock, limits=limits) as desk:
        alice = desk.sign_up(person())
        signed = desk.sign_in(alice)
        begin = LoginA("nobody@example.com", Binary(b"\x01" * 256))
        _let_grow_by(desk, 0)
        with log_guard.expect("database unavailable"):
            answers = [desk.ask("POST", "/auth/login-a", begin) for _ in range(40)]
        assert code_of(answers[-1]) == "unavailable"
        assert {answer.status_code for answer in answers} <= {200, 503}
        assert desk.ask("GET", "/v1/health").status_code == 200
        assert desk.ask("GET", "/v1/account", token=signed.token).status_code == 200
        begun = sum(answer.status_code == 200 for answer in answers)
        assert desk.run(counts(desk.context.database))["srp_handshakes"] == begun
        _let_grow_by(desk, 1_000)
        desk.sign_in(alice)
        assert not desk.run(faults(desk.context.database))


def _let_grow_by(desk: SyncDesk, pages: int) -> None:
    """Let the file have so many pages more than it has: SQLite answers as it does where the disk is full."""

    def limit(connection: Connection) -> None:
        count = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {count + pages}"))

    async def limit_all() -> None:
        # Each connection that writes has a limit of its own.
        await desk.context.database.run_write(limit)
        async with desk.context.database.write() as connection:
            await connection.run_sync(limit)

    desk.run(limit_all())
