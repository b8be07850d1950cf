"""Sign-up and sign-in as a client sees them.

Covers server.domain.sign_in, routes.sign_in, and database.handshakes.
"""

from __future__ import annotations

from insomnia_desktop.protocol.accounts import Account, SignUpAnswer
from tests.support.sync_desk import SyncDesk
from tests.support.sync_people import person


def test_a_person_signs_up_and_in_and_sees_the_account(desk: SyncDesk) -> None:
    alice = person()
    answer = desk.answer(desk.ask("POST", "/auth/signup", alice.sign_up), SignUpAnswer)
    assert answer.account_id == alice.account_id
    signed = desk.sign_in(alice)
    account = desk.answer(desk.ask("GET", "/v1/account", token=signed.token), Account)
    assert account.email == "alice@example.com"
    assert account.rev == 1
    assert account.recovery
