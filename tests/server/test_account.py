"""What a person changes of the account: password, recovery key, all of it.

Covers server.domain.credentials, server.domain.profile and routes.account.
"""

from __future__ import annotations

import asyncio

import httpx
import msgspec
import pytest

from insomnia_desktop.crypto.recovery_key import read_recovery_key, recovery_keys
from insomnia_desktop.crypto.sign_up import make_recovery
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.accounts import Account, Credentials, RecoverA, RecoverAAnswer, RecoveryChange
from insomnia_desktop.protocol.binary import Binary, Bytes32, encode
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.server import operations
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.domain import sessions
from tests.support.sync_desk import Signed, SyncDesk, code_of, field_of
from tests.support.sync_people import NewCredentials, Person, new_credentials, person

FIVE_MINUTES = 300_000


@pytest.fixture
def alice(desk: SyncDesk) -> Person:
    """Somebody with an account."""
    return desk.sign_up(person())


@pytest.fixture
def signed(desk: SyncDesk, alice: Person) -> Signed:
    """A device of hers."""
    return desk.sign_in(alice)


def change_of(who: Person, fresh: NewCredentials) -> Credentials:
    """Return the message that changes the password."""
    wrap_hash = Bytes32(H(who.credentials.account_key_wrap))
    return Credentials(wrap_hash, fresh.kdf, fresh.srp, fresh.account_key_wrap)


def fresh_credentials(who: Person, iterations: int = 1_000_000) -> NewCredentials:
    """Return credentials of another password."""
    return new_credentials(who.email, who.account_id, who.account_key, iterations)


def account_of(desk: SyncDesk, token: str) -> Account:
    """Return the account."""
    return desk.answer(desk.ask("GET", "/v1/account", token=token), Account)


class TestPassword:
    """PUT /v1/account/credentials."""

    def test_the_new_password_is_taken_and_the_old_one_is_not(
        self, desk: SyncDesk, signed: Signed, alice: Person
    ) -> None:
        fresh = fresh_credentials(alice)
        answer = desk.ask("PUT", "/v1/account/credentials", change_of(alice, fresh), signed.token)
        assert (answer.status_code, answer.content) == (204, b"")
        again = desk.sign_in(alice.with_credentials(fresh))
        assert again.session.account_key_wrap == fresh.account_key_wrap
        message, _ = desk.handshake(alice)
        assert code_of(desk.ask("POST", "/auth/login-m1", message)) == "bad_credentials"

    def test_every_other_device_is_signed_out(self, desk: SyncDesk, signed: Signed, alice: Person) -> None:
        other = desk.sign_in(alice)
        change = change_of(alice, fresh_credentials(alice))
        assert desk.ask("PUT", "/v1/account/credentials", change, signed.token).status_code == 204
        account = account_of(desk, signed.token)
        assert (account.rev, account.kv, account.kdf) == (2, 1, change.kdf)
        assert code_of(desk.ask("GET", "/v1/account", token=other.token)) == "unauthorized"

    def test_the_same_change_again_is_done_already(self, desk: SyncDesk, signed: Signed, alice: Person) -> None:
        change = change_of(alice, fresh_credentials(alice))
        desk.ask("PUT", "/v1/account/credentials", change, signed.token)
        assert desk.ask("PUT", "/v1/account/credentials", change, signed.token).status_code == 204
        assert account_of(desk, signed.token).rev == 2

    def test_a_device_that_knew_another_wrap_is_in_conflict(
        self, desk: SyncDesk, signed: Signed, alice: Person
    ) -> None:
        desk.ask("PUT", "/v1/account/credentials", change_of(alice, fresh_credentials(alice)), signed.token)
        late = change_of(alice, fresh_credentials(alice))
        assert code_of(desk.ask("PUT", "/v1/account/credentials", late, signed.token)) == "credentials_conflict"
        assert account_of(desk, signed.token).rev == 2

    def test_of_two_changes_at_once_one_is_made(self, desk: SyncDesk, signed: Signed, alice: Person) -> None:
        other = desk.sign_in(alice)

        async def both() -> list[int]:
            changes = [change_of(alice, fresh_credentials(alice)) for _ in range(2)]
            async with asyncio.TaskGroup() as tasks:
                asked = [
                    tasks.create_task(desk.asking("PUT", "/v1/account/credentials", change, token))
                    for change, token in zip(changes, (signed.token, other.token), strict=True)
                ]
            return sorted(task.result().status_code for task in asked)

        # The other device is signed out by it, or was late.
        assert desk.run(both()) in ([204, 401], [204, 409])

    @pytest.mark.parametrize(
        ("part", "fields", "named"),
        [
            ("kdf", {"iters": 599_999}, "kdf.iters"),
            ("kdf", {"alg": "scrypt"}, "kdf.alg"),
            ("kdf", {"salt": Binary(bytes(8))}, "kdf.salt"),
            ("srp", {"salt": Binary(bytes(16))}, "srp.salt"),
            ("srp", {"verifier": Binary(bytes(256))}, "srp.verifier"),
            ("srp", {"group": "1024"}, "srp.group"),
        ],
    )
    def test_the_same_checks_as_at_the_sign_up(
        self, desk: SyncDesk, signed: Signed, alice: Person, part: str, fields: dict[str, object], named: str
    ) -> None:
        change = change_of(alice, fresh_credentials(alice))
        wrong = msgspec.structs.replace(change, **{part: msgspec.structs.replace(getattr(change, part), **fields)})
        answer = desk.ask("PUT", "/v1/account/credentials", encode_body(wrong), signed.token)
        assert field_of(answer) == named
        assert account_of(desk, signed.token).rev == 1


class TestFreshness:
    """What only somebody may who has typed the password just now."""

    @pytest.mark.parametrize("path", ["/v1/account/credentials", "/v1/account/recovery", "/v1/account"])
    def test_after_five_minutes_the_password_is_asked_for_again(
        self, desk: SyncDesk, signed: Signed, alice: Person, path: str
    ) -> None:
        desk.clock.advance(FIVE_MINUTES)
        assert code_of(self._ask(desk, alice, path, signed.token)) == "reauth_required"
        assert account_of(desk, signed.token).rev == 1
        again = desk.sign_in(alice, signed.device)
        desk.clock.advance(FIVE_MINUTES - 1)
        assert self._ask(desk, alice, path, again.token).status_code == 204

    @pytest.mark.parametrize("path", ["/v1/account/credentials", "/v1/account/recovery", "/v1/account"])
    def test_a_clock_ten_years_off_makes_nothing_fresh(
        self, desk: SyncDesk, signed: Signed, alice: Person, path: str
    ) -> None:
        desk.clock.advance(-10 * 365 * 86_400_000)
        assert code_of(self._ask(desk, alice, path, signed.token)) == "reauth_required"

    def _ask(self, desk: SyncDesk, alice: Person, path: str, token: str) -> httpx.Response:
        if path == "/v1/account":
            return desk.ask("DELETE", path, token=token)
        change = change_of(alice, fresh_credentials(alice))
        recovery = RecoveryChange(Bytes32(bytes(32)), make_recovery(alice.account_id, alice.account_key)[1].wrap)
        return desk.ask("PUT", path, change if path.endswith("credentials") else recovery, token)


class TestRecoveryKey:
    """PUT /v1/account/recovery."""

    def test_the_new_key_is_taken_and_the_old_one_is_not(self, desk: SyncDesk, signed: Signed, alice: Person) -> None:
        text, held = make_recovery(alice.account_id, alice.account_key)
        change = RecoveryChange(held.auth_hash, held.wrap)
        assert desk.ask("PUT", "/v1/account/recovery", change, signed.token).status_code == 204
        assert account_of(desk, signed.token).rev == 2
        old = RecoverA(alice.email, alice.recovery_auth)
        assert code_of(desk.ask("POST", "/auth/recover-a", old)) == "bad_credentials"
        new = RecoverA(alice.email, Bytes32(recovery_keys(read_recovery_key(text)).auth))
        answer = desk.answer(desk.ask("POST", "/auth/recover-a", new), RecoverAAnswer)
        assert answer.recovery_wrap == held.wrap

    def test_an_account_without_one_gets_one(self, desk: SyncDesk) -> None:
        bob = desk.sign_up(person("bob@example.com", recovery=False))
        signed = desk.sign_in(bob)
        assert not account_of(desk, signed.token).recovery
        _, held = make_recovery(bob.account_id, bob.account_key)
        change = RecoveryChange(held.auth_hash, held.wrap)
        assert desk.ask("PUT", "/v1/account/recovery", change, signed.token).status_code == 204
        assert account_of(desk, signed.token).recovery


class TestDeletion:
    """DELETE /v1/account."""

    def test_nothing_of_the_account_is_left(self, desk: SyncDesk, signed: Signed, alice: Person) -> None:
        other = desk.sign_in(alice)
        desk.handshake(alice)
        answer = desk.ask("DELETE", "/v1/account", token=signed.token)
        assert (answer.status_code, answer.content) == (204, b"")
        for token in (signed.token, other.token):
            assert code_of(desk.ask("GET", "/v1/account", token=token)) == "unauthorized"
        rows = desk.run(operations.check(desk.config.database))
        assert (rows["accounts"], rows["sessions"], rows["srp_handshakes"]) == (0, 0, 0)

    def test_another_account_stays(self, desk: SyncDesk, signed: Signed) -> None:
        bob = desk.sign_in(desk.sign_up(person("bob@example.com")))
        desk.ask("DELETE", "/v1/account", token=signed.token)
        assert account_of(desk, bob.token).email == "bob@example.com"

    def test_the_e_mail_is_free_again(self, desk: SyncDesk, signed: Signed) -> None:
        desk.ask("DELETE", "/v1/account", token=signed.token)
        desk.sign_in(desk.sign_up(person()))

    def test_a_session_that_ended_meanwhile_changes_nothing(
        self, desk: SyncDesk, signed: Signed, alice: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = desk.sign_in(alice)
        path = f"/v1/devices/{encode(signed.device.id)}"
        authenticate = sessions.authenticate

        async def revoke_after(context: ServerContext, token: bytes) -> SessionRow:
            session = await authenticate(context, token)
            monkeypatch.undo()
            # The device is known to be signed in; now, before its request is carried out, another one revokes it.
            assert (await desk.asking("DELETE", path, token=other.token)).status_code == 204
            return session

        monkeypatch.setattr(sessions, "authenticate", revoke_after)
        assert code_of(desk.ask("DELETE", "/v1/account", token=signed.token)) == "unauthorized"
        assert account_of(desk, other.token).rev == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/account"),
        ("DELETE", "/v1/account"),
        ("PUT", "/v1/account/credentials"),
        ("PUT", "/v1/account/recovery"),
        ("GET", "/v1/devices"),
        ("DELETE", "/v1/devices/AAAAAAAAAAAAAAAAAAAAAA"),
    ],
)
def test_nothing_of_an_account_is_told_or_done_without_a_token(desk: SyncDesk, method: str, path: str) -> None:
    assert code_of(desk.ask(method, path)) == "unauthorized"
    assert code_of(desk.ask(method, path, token="x" * 43)) == "unauthorized"
