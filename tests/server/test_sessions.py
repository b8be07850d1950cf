"""Sessions and devices: how long, how many, and how they end.

Covers server.domain.sessions, database.sessions, routes.devices and routes.calls.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import select

from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.devices import DeviceRow, Devices
from insomnia_desktop.protocol.sign_in import LoginM1
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.server.database import schema
from tests.support.clock import FixedClock
from tests.support.sync_desk import AGENT, Signed, SyncDesk, code_of, new_device, sync_desk
from tests.support.sync_people import Person, person

HOUR = 3_600_000
DAY = 24 * HOUR


@pytest.fixture
def alice(desk: SyncDesk) -> Person:
    """Somebody with an account."""
    return desk.sign_up(person())


@pytest.fixture
def signed(desk: SyncDesk, alice: Person) -> Signed:
    """Her first device."""
    return desk.sign_in(alice)


def is_in(desk: SyncDesk, token: str) -> bool:
    """Say whether a token is taken."""
    answer = desk.ask("GET", "/v1/devices", token=token)
    if answer.status_code == 200:
        return True
    assert code_of(answer) == "unauthorized"
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    return False


def devices(desk: SyncDesk, token: str) -> list[DeviceRow]:
    """Return the list of devices."""
    return desk.answer(desk.ask("GET", "/v1/devices", token=token), Devices).devices


def test_only_a_hash_of_the_token_is_kept(desk: SyncDesk, signed: Signed) -> None:
    async def rows() -> list[tuple[object, ...]]:
        async with desk.context.database.read() as connection:
            return [tuple(row) for row in await connection.execute(select(schema.sessions))]

    (row,) = desk.run(rows())
    assert row[0] == H(signed.session.token)
    assert signed.session.token not in row


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic {}", "Bearer {}=", "Bearer  {}", "Bearer {}x", "{}", "Bearer {} "],
)
def test_other_spellings_of_the_header_are_unauthorized(desk: SyncDesk, signed: Signed, header: str) -> None:
    answer = desk.ask("GET", "/v1/account", headers={"Authorization": header.format(signed.token)})
    assert code_of(answer) == "unauthorized"


def test_a_token_is_not_taken_from_the_address(desk: SyncDesk, signed: Signed) -> None:
    assert code_of(desk.ask("GET", f"/v1/account?token={signed.token}")) == "unauthorized"


def test_a_made_up_token_is_unauthorized(desk: SyncDesk, signed: Signed) -> None:
    assert not is_in(desk, encode(os.urandom(32)))


def test_a_session_that_is_not_used_ends_after_30_days(desk: SyncDesk, signed: Signed) -> None:
    desk.clock.advance(30 * DAY - 1)
    assert is_in(desk, signed.token)
    desk.clock.advance(30 * DAY - 1)
    assert is_in(desk, signed.token)
    desk.clock.advance(30 * DAY)
    assert not is_in(desk, signed.token)


def test_a_session_that_is_used_ends_after_180_days(desk: SyncDesk, signed: Signed) -> None:
    assert signed.session.expires_at == desk.clock.now_ms() + 180 * DAY
    for _ in range(8):
        desk.clock.advance(20 * DAY)
        assert is_in(desk, signed.token)
    desk.clock.advance(20 * DAY - 1)
    assert is_in(desk, signed.token)
    desk.clock.advance(1)
    assert not is_in(desk, signed.token)


def test_the_last_use_is_written_once_an_hour(desk: SyncDesk, signed: Signed) -> None:
    begun = desk.clock.now_ms()
    desk.clock.advance(HOUR - 1)
    assert devices(desk, signed.token)[0].last_seen_at == begun
    desk.clock.advance(1)
    assert devices(desk, signed.token)[0].last_seen_at == begun + HOUR


def test_a_device_is_told_with_what_it_said_of_itself(desk: SyncDesk, signed: Signed, alice: Person) -> None:
    desk.clock.advance(1000)
    other = desk.sign_in(alice, new_device("Büro"))
    first, second = devices(desk, other.token)
    assert (first.name, first.current, first.created_at) == ("Büro", True, desk.clock.now_ms())
    assert (second.name, second.current) == ("Laptop", False)
    assert (second.id, second.platform, second.client) == (signed.device.id, "linux", AGENT)


def test_a_user_agent_is_kept_up_to_100_characters(desk: SyncDesk, alice: Person) -> None:
    message, handshake = desk.handshake(alice)
    answer = desk.ask("POST", "/auth/login-m1", message, headers={"User-Agent": "x" * 300})
    assert answer.status_code == 200
    later = desk.sign_in(alice)
    assert {row.client for row in devices(desk, later.token)} == {"x" * 100, AGENT}
    assert handshake.K


def test_signing_in_again_replaces_the_session_of_the_device(desk: SyncDesk, signed: Signed, alice: Person) -> None:
    again = desk.sign_in(alice, signed.device)
    assert not is_in(desk, signed.token)
    assert [row.id for row in devices(desk, again.token)] == [signed.device.id]


def test_of_many_sign_ins_of_one_device_at_once_one_session_stays(desk: SyncDesk, alice: Person) -> None:
    device = new_device()
    messages = [desk.handshake(alice)[0] for _ in range(8)]
    same = [LoginM1(each.handshake_id, each.srpM1, device) for each in messages]
    answers = desk.ask_at_once([("POST", "/auth/login-m1", each) for each in same])
    assert {answer.status_code for answer in answers} == {200}
    other = desk.sign_in(alice)
    assert len(devices(desk, other.token)) == 2


def test_of_more_devices_than_allowed_the_one_idle_longest_goes(database: Path | str, clock: FixedClock) -> None:
    assert ServerLimits().wire.devices == 50
    with sync_desk(database, clock, limits=ServerLimits().changed("devices", 5)) as desk:
        alice = desk.sign_up(person())
        first, others = desk.sign_in(alice), []
        for number in range(4):
            clock.advance(HOUR)
            others.append(desk.sign_in(alice, new_device(f"Device {number}")))
        # The first one is used again, so the second one is idle longest.
        assert is_in(desk, first.token)
        clock.advance(HOUR)
        last = desk.sign_in(alice)
        assert len(devices(desk, last.token)) == 5
        assert is_in(desk, first.token)
        assert [is_in(desk, each.token) for each in others] == [False, True, True, True]


def test_a_revoked_device_is_out_at_once(desk: SyncDesk, signed: Signed, alice: Person) -> None:
    other = desk.sign_in(alice)
    path = f"/v1/devices/{encode(signed.device.id)}"
    assert desk.ask("DELETE", path, token=other.token).status_code == 204
    assert not is_in(desk, signed.token)
    assert is_in(desk, other.token)
    assert code_of(desk.ask("DELETE", path, token=other.token)) == "not_found"


def test_revoking_oneself_is_signing_out(desk: SyncDesk, signed: Signed) -> None:
    answer = desk.ask("DELETE", f"/v1/devices/{encode(signed.device.id)}", token=signed.token)
    assert (answer.status_code, answer.content) == (204, b"")
    assert not is_in(desk, signed.token)


def test_a_device_of_another_account_is_not_found(desk: SyncDesk, signed: Signed) -> None:
    bob = desk.sign_in(desk.sign_up(person("bob@example.com")))
    answer = desk.ask("DELETE", f"/v1/devices/{encode(signed.device.id)}", token=bob.token)
    assert code_of(answer) == "not_found"
    assert is_in(desk, signed.token)


@pytest.mark.parametrize("name", ["x", "AAAAAAAAAAAAAAAAAAAAAB", "a b"])
def test_what_is_no_id_is_not_found(desk: SyncDesk, signed: Signed, name: str) -> None:
    assert code_of(desk.ask("DELETE", f"/v1/devices/{name}", token=signed.token)) == "not_found"


def test_one_device_id_may_belong_to_two_accounts(desk: SyncDesk, signed: Signed) -> None:
    bob = desk.sign_in(desk.sign_up(person("bob@example.com")), signed.device)
    assert is_in(desk, signed.token)
    assert is_in(desk, bob.token)


def test_a_session_that_asks_too_often_must_wait_and_another_one_not(database: Path | str, clock: FixedClock) -> None:
    assert (ServerLimits().requests, ServerLimits().burst) == (600, 300)
    with sync_desk(database, clock, limits=ServerLimits(requests=120, burst=6)) as desk:
        alice = desk.sign_up(person())
        signed, other = desk.sign_in(alice), desk.sign_in(alice)
        answers = [desk.ask("GET", "/v1/devices", token=signed.token) for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 6 + [429]
        assert code_of(answers[-1]) == "rate_limited"
        assert answers[-1].headers["Retry-After"] == "1"
        assert is_in(desk, other.token)
        clock.advance(1000)
        answers = [desk.ask("GET", "/v1/devices", token=signed.token) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 2 + [429]


def test_a_clock_that_goes_back_ten_years_ends_no_session(desk: SyncDesk, signed: Signed) -> None:
    desk.clock.advance(-10 * 365 * DAY)
    assert is_in(desk, signed.token)
