"""Guessing on: what server.domain.attempts and database.failures do to sign-ins and recoveries."""

from __future__ import annotations

import os

import pytest

from insomnia_desktop.protocol.accounts import RecoverA
from insomnia_desktop.protocol.binary import Bytes16, Bytes32
from insomnia_desktop.protocol.sign_in import LoginM1
from tests.support.clock import FixedClock
from tests.support.sync_desk import SyncDesk, code_of, new_device
from tests.support.sync_people import Person, person

MINUTE = 60_000
NOBODY = "nobody@example.com"


@pytest.fixture
def alice(desk: SyncDesk) -> Person:
    """Somebody with an account."""
    return desk.sign_up(person())


def guess(desk: SyncDesk, email: str) -> LoginM1:
    """Begin a handshake and return a wrong proof for it; the next minute has begun, so that no address is limited."""
    message, _ = desk.handshake(person(email))
    desk.clock.advance(2_001)
    return message


@pytest.mark.parametrize("email", ["alice@example.com", NOBODY])
def test_after_ten_wrong_proofs_even_the_right_one_must_wait(desk: SyncDesk, alice: Person, email: str) -> None:
    for _ in range(10):
        assert code_of(desk.ask("POST", "/auth/login-m1", guess(desk, email))) == "bad_credentials"
    message, _ = desk.handshake(alice) if email == alice.email else (guess(desk, email), None)
    refused = desk.ask("POST", "/auth/login-m1", message)
    assert code_of(refused) == "rate_limited"
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    # Burned all the same: one B is never tried twice.
    assert code_of(desk.ask("POST", "/auth/login-m1", message)) == "handshake_expired"


def test_after_the_wait_the_right_proof_is_taken_and_forgets_the_wrong_ones(desk: SyncDesk, alice: Person) -> None:
    for _ in range(10):
        desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))
    desk.clock.advance(15 * MINUTE)
    desk.sign_in(alice)
    for _ in range(9):
        assert code_of(desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))) == "bad_credentials"
    desk.sign_in(alice)


def test_after_the_wait_one_wrong_proof_makes_the_next_wait_longer(desk: SyncDesk, alice: Person) -> None:
    for _ in range(10):
        desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))
    desk.clock.advance(15 * MINUTE)
    assert code_of(desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))) == "bad_credentials"
    refused = desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))
    assert code_of(refused) == "rate_limited"
    assert int(refused.headers["Retry-After"]) > 15 * 60


def test_running_sessions_are_not_touched(desk: SyncDesk, alice: Person) -> None:
    signed = desk.sign_in(alice)
    for _ in range(12):
        desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))
    assert desk.ask("GET", "/v1/account", token=signed.token).status_code == 200


def test_recoveries_count_alike(desk: SyncDesk, alice: Person) -> None:
    wrong = RecoverA(alice.email, Bytes32(os.urandom(32)))
    for _ in range(5):
        assert code_of(desk.ask("POST", "/auth/recover-a", wrong)) == "bad_credentials"
        assert code_of(desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))) == "bad_credentials"
    right = RecoverA(alice.email, alice.recovery_auth)
    assert code_of(desk.ask("POST", "/auth/recover-a", right)) == "rate_limited"
    message, _ = desk.handshake(alice)
    assert code_of(desk.ask("POST", "/auth/login-m1", message)) == "rate_limited"


def test_an_unknown_e_mail_is_counted_in_recoveries(desk: SyncDesk) -> None:
    wrong = RecoverA(NOBODY, Bytes32(os.urandom(32)))
    codes = [code_of(desk.ask("POST", "/auth/recover-a", wrong)) for _ in range(11)]
    assert codes == ["bad_credentials"] * 10 + ["rate_limited"]


def test_of_thirty_handshakes_proven_at_once_ten_are_evaluated(desk: SyncDesk, alice: Person) -> None:
    messages = [guess(desk, alice.email) for _ in range(28)]
    answers = desk.ask_at_once([("POST", "/auth/login-m1", message) for message in messages])
    codes = sorted(code_of(answer) for answer in answers)
    assert codes == ["bad_credentials"] * 10 + ["rate_limited"] * 18


def test_a_handshake_that_is_not_there_counts_for_nobody(desk: SyncDesk, alice: Person) -> None:
    for _ in range(20):
        made_up = LoginM1(Bytes16(os.urandom(16)), Bytes32(os.urandom(32)), new_device())
        assert code_of(desk.ask("POST", "/auth/login-m1", made_up)) == "handshake_expired"
    desk.sign_in(alice)


def test_the_clock_may_be_ten_years_off_in_between(desk: SyncDesk, alice: Person, clock: FixedClock) -> None:
    ten_years = 10 * 365 * 24 * 60 * MINUTE
    clock.advance(ten_years)
    for _ in range(11):
        desk.ask("POST", "/auth/login-m1", guess(desk, alice.email))
    clock.advance(-ten_years)
    desk.sign_in(alice)
