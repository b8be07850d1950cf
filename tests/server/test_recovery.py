"""Recovery by the key alone.

Covers server.domain.recovery and routes.account.
"""

from __future__ import annotations

import os

import pytest

from insomnia_desktop.crypto.recovery_key import read_recovery_key, recovery_keys
from insomnia_desktop.crypto.sign_up import make_recovery
from insomnia_desktop.protocol.accounts import Account, RecoverA, RecoverAAnswer, RecoverB
from insomnia_desktop.protocol.binary import Binary, Bytes32
from insomnia_desktop.protocol.codec import encode_body
from tests.support.sync_desk import SyncDesk, code_of, field_of
from tests.support.sync_people import NewCredentials, Person, changed, new_credentials, person


@pytest.fixture
def alice(desk: SyncDesk) -> Person:
    """Somebody with an account and a recovery key."""
    return desk.sign_up(person())


def prepared(who: Person, auth: Bytes32 | None = None) -> tuple[RecoverB, NewCredentials, str]:
    """Return the message of a recovery, the credentials in it, and the new recovery key."""
    fresh = new_credentials(who.email, who.account_id, who.account_key)
    text, held = make_recovery(who.account_id, who.account_key)
    proof = auth or who.recovery_auth
    return RecoverB(who.email, proof, fresh.kdf, fresh.srp, fresh.account_key_wrap, held), fresh, text


def test_the_key_gives_the_account_and_its_wrap(desk: SyncDesk, alice: Person) -> None:
    answer = desk.answer(
        desk.ask("POST", "/auth/recover-a", RecoverA(alice.email, alice.recovery_auth)), RecoverAAnswer
    )
    signed = desk.sign_in(alice)
    assert answer.account == desk.answer(desk.ask("GET", "/v1/account", token=signed.token), Account)
    assert alice.sign_up.recovery is not None
    assert answer.recovery_wrap == alice.sign_up.recovery.wrap


def test_it_replaces_password_and_key_and_signs_every_device_out(desk: SyncDesk, alice: Person) -> None:
    signed = desk.sign_in(alice)
    message, fresh, text = prepared(alice)
    answer = desk.ask("POST", "/auth/recover-b", message)
    assert (answer.status_code, answer.content) == (204, b"")
    assert code_of(desk.ask("GET", "/v1/account", token=signed.token)) == "unauthorized"
    again = desk.sign_in(alice.with_credentials(fresh))
    account = desk.answer(desk.ask("GET", "/v1/account", token=again.token), Account)
    assert (account.rev, account.kv, account.recovery) == (2, 1, True)
    new = Bytes32(recovery_keys(read_recovery_key(text)).auth)
    assert desk.ask("POST", "/auth/recover-a", RecoverA(alice.email, new)).status_code == 200


def test_a_key_is_used_up(desk: SyncDesk, alice: Person) -> None:
    assert desk.ask("POST", "/auth/recover-b", prepared(alice)[0]).status_code == 204
    assert code_of(desk.ask("POST", "/auth/recover-b", prepared(alice)[0])) == "bad_credentials"
    assert code_of(desk.ask("POST", "/auth/recover-a", RecoverA(alice.email, alice.recovery_auth))) == "bad_credentials"


def test_of_many_recoveries_at_once_one_is_done(desk: SyncDesk, alice: Person) -> None:
    answers = desk.ask_at_once([("POST", "/auth/recover-b", prepared(alice)[0]) for _ in range(8)])
    assert sorted(answer.status_code for answer in answers) == [204] + [401] * 7


def test_a_sign_in_that_had_begun_with_the_old_password_ends(desk: SyncDesk, alice: Person) -> None:
    begun, _ = desk.handshake(alice)
    desk.ask("POST", "/auth/recover-b", prepared(alice)[0])
    assert code_of(desk.ask("POST", "/auth/login-m1", begun)) == "handshake_expired"


def test_everything_that_is_wrong_gets_the_same_answer(desk: SyncDesk, alice: Person) -> None:
    desk.sign_up(person("bob@example.com", recovery=False))
    answers = []
    for email in (alice.email, "bob@example.com", "nobody@example.com"):
        for auth in (Bytes32(os.urandom(32)), Bytes32(bytes(32))):
            answers.append(desk.ask("POST", "/auth/recover-a", RecoverA(email, auth)))
            message = changed(prepared(alice)[0], email=email, auth=auth)
            answers.append(desk.ask("POST", "/auth/recover-b", message))
    assert {(answer.status_code, answer.content) for answer in answers} == {
        (401, b'{"title":"Bad credentials","status":401,"code":"bad_credentials","type":"about:blank"}')
    }
    desk.sign_in(alice)


def test_the_new_credentials_are_checked_first(desk: SyncDesk, alice: Person) -> None:
    message = prepared(alice)[0]
    weak = encode_body(changed(message, kdf=changed(message.kdf, iters=1)))
    assert field_of(desk.ask("POST", "/auth/recover-b", weak)) == "kdf.iters"
    short = encode_body(changed(message, recovery=changed(message.recovery, wrap=Binary(bytes(3)))))
    assert field_of(desk.ask("POST", "/auth/recover-b", short)) == "recovery.wrap"
    assert desk.ask("POST", "/auth/recover-b", message).status_code == 204


def test_a_right_key_forgets_the_wrong_ones(desk: SyncDesk, alice: Person) -> None:
    wrong = RecoverA(alice.email, Bytes32(os.urandom(32)))
    for _ in range(2):
        for _ in range(9):
            assert code_of(desk.ask("POST", "/auth/recover-a", wrong)) == "bad_credentials"
        assert desk.ask("POST", "/auth/recover-a", RecoverA(alice.email, alice.recovery_auth)).status_code == 200
