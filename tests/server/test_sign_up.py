"""Sign-up: what is checked, in which order, and who is admitted.

Covers server.domain.sign_up, server.domain.credentials, database.accounts, `invites` and `inserting`.
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from insomnia_desktop.crypto.srp_group import N
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes64, decode
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.server import operations
from insomnia_desktop.server.config import Registration
from insomnia_desktop.server.database import accounts, schema
from insomnia_desktop.server.database.accounts import AccountRow
from tests.support.clock import FixedClock
from tests.support.sync_desk import SyncDesk, code_of, field_of, sync_desk
from tests.support.sync_people import Person, person

DAY_MS = 86_400_000


def other(path: str, value: object) -> bytes:
    """Return the body of a sign-up with another value at a path."""
    body = msgspec.json.decode(encode_body(person().sign_up))
    *outer, last = path.split(".")
    holder = body
    for name in outer:
        holder = holder[name]
    if value is None:
        del holder[last]
    else:
        holder[last] = msgspec.json.decode(encode_body(value))
    return msgspec.json.encode(body)


def spki(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> Binary:
    """Return a public key as it is sent."""
    return Binary(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("account_id", Binary(bytes(15))),
        ("account_id", None),
        ("account_id", 7),
        ("email", "no address"),
        ("email", "a" * 65 + "@example.com"),
        ("name", "x" * 101),
        ("name", "x\0y"),
        ("kdf.v", 2),
        ("kdf.alg", "argon2id"),
        ("kdf.iters", 599_999),
        ("kdf.iters", 10_000_001),
        ("kdf.iters", -1),
        ("kdf.iters", 2**53),
        ("kdf.iters", 1e6 + 0.5),
        ("kdf.salt", Binary(bytes(15))),
        ("kdf.salt", Binary(bytes(17))),
        ("srp.group", "1024"),
        ("srp.hash", "sha1"),
        ("srp.salt", Binary(b"\0" + bytes(15))),
        ("srp.salt", Binary(b"\1" * 17)),
        ("srp.verifier", Binary(bytes(256))),
        ("srp.verifier", Binary(N.to_bytes(256, "big"))),
        ("srp.verifier", Binary(b"\1" * 255)),
        ("account_key_wrap", Binary(bytes(92))),
        ("rsa_private_wrap", Binary(bytes(1023))),
        ("rsa_private_wrap", Binary(bytes(4097))),
        ("ed25519_public", Binary(bytes(31))),
        ("ed25519_private_wrap", Binary(bytes(62))),
        ("bundle_sig", Binary(bytes(63))),
        ("bundle_sig", Bytes64(bytes(64))),
        ("recovery.auth_hash", Binary(bytes(31))),
        ("recovery.wrap", Binary(bytes(60))),
        ("invite", Binary(bytes(15))),
        ("rsa_public", Binary(b"")),
        ("rsa_public", Binary(bytes(422))),
    ],
)
def test_a_field_that_cannot_be_right_is_named(desk: SyncDesk, path: str, value: object) -> None:
    assert field_of(desk.ask("POST", "/auth/signup", other(path, value))) == path


@pytest.mark.parametrize("text", ["AAAA=", "AA A", "+/+/", "AB", "a"], ids=["padded", "space", "base64", "bits", "1"])
def test_binary_has_one_spelling(desk: SyncDesk, text: str) -> None:
    assert field_of(desk.ask("POST", "/auth/signup", other("account_id", text))) == "account_id"


@pytest.mark.parametrize("bits", [2048, 4096])
def test_another_size_of_rsa_is_refused(desk: SyncDesk, bits: int) -> None:
    key = rsa.RSAPublicNumbers(65537, (1 << (bits - 1)) | 1).public_key()
    assert field_of(desk.ask("POST", "/auth/signup", other("rsa_public", spki(key)))) == "rsa_public"


def test_another_exponent_is_refused(desk: SyncDesk) -> None:
    key = rsa.RSAPublicNumbers(3, (1 << 3071) | 1).public_key()
    assert field_of(desk.ask("POST", "/auth/signup", other("rsa_public", spki(key)))) == "rsa_public"


def test_a_key_of_another_kind_is_refused(desk: SyncDesk) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    assert field_of(desk.ask("POST", "/auth/signup", other("rsa_public", spki(key)))) == "rsa_public"


def test_the_signature_is_over_id_and_e_mail(desk: SyncDesk) -> None:
    alice = person().sign_up
    for change in ({"account_id": Bytes16(os.urandom(16))}, {"email": "bob@example.com"}):
        assert field_of(desk.ask("POST", "/auth/signup", msgspec.structs.replace(alice, **change))) == "bundle_sig"


def test_a_name_of_100_characters_and_an_empty_one_are_taken(desk: SyncDesk) -> None:
    desk.sign_up(person(name="é" * 100))
    desk.sign_up(person("bob@example.com", name=""))


def test_the_same_sign_up_again_is_answered_the_same_and_changes_nothing(desk: SyncDesk) -> None:
    alice = desk.sign_up(person())
    desk.clock.advance(1000)
    again = desk.ask("POST", "/auth/signup", alice.sign_up)
    assert (again.status_code, again.content) == (201, desk.ask("POST", "/auth/signup", alice.sign_up).content)
    (summary,) = desk.run(operations.list_accounts(desk.config.database))
    assert summary.created_at == desk.clock.now_ms() - 1000


def test_a_taken_e_mail_is_told(desk: SyncDesk) -> None:
    desk.sign_up(person())
    assert code_of(desk.ask("POST", "/auth/signup", person().sign_up)) == "email_taken"


def test_the_same_id_and_e_mail_with_another_verifier_is_somebody_else(desk: SyncDesk) -> None:
    alice = desk.sign_up(person())
    again = person(account_id=alice.account_id)
    assert code_of(desk.ask("POST", "/auth/signup", again.sign_up)) == "email_taken"


def test_a_used_account_id_is_invalid(desk: SyncDesk) -> None:
    alice = desk.sign_up(person())
    bob = person("bob@example.com", account_id=alice.account_id)
    assert field_of(desk.ask("POST", "/auth/signup", bob.sign_up)) == "account_id"


def test_of_many_at_once_with_one_e_mail_one_gets_it(desk: SyncDesk) -> None:
    answers = desk.ask_at_once([("POST", "/auth/signup", person().sign_up) for _ in range(12)])
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 11


def test_everything_that_was_sent_is_kept_as_it_came(desk: SyncDesk) -> None:
    alice = desk.sign_up(person())

    async def stored() -> AccountRow | None:
        async with desk.context.database.read() as connection:
            return await accounts.find(connection, alice.email)

    row = desk.run(stored())
    assert row is not None
    sent = alice.sign_up
    assert (row.kdf_iters, row.kdf_salt, row.srp_salt) == (sent.kdf.iters, sent.kdf.salt, sent.srp.salt)
    assert (row.verifier, row.account_key_wrap) == (sent.srp.verifier, sent.account_key_wrap)
    assert sent.recovery is not None
    assert (row.recovery_auth_hash, row.recovery_wrap) == (sent.recovery.auth_hash, sent.recovery.wrap)
    assert (row.rsa_public, row.ed25519_public, row.bundle_sig) == (
        sent.rsa_public,
        sent.ed25519_public,
        sent.bundle_sig,
    )


@pytest.mark.parametrize("kind", [AccountRow])
def test_the_fields_of_rows_have_the_order_of_the_columns(kind: type) -> None:
    assert [each.name for each in dataclasses.fields(kind)] == list(schema.accounts.columns.keys())


class TestRegistration:
    """Who may make an account."""

    @pytest.fixture
    def alice(self) -> Person:
        """Somebody without an invitation."""
        return person()

    def test_a_closed_server_takes_nobody_and_does_not_say_whose_e_mail_is_taken(
        self, database: Path | str, clock: FixedClock, alice: Person
    ) -> None:
        with sync_desk(database, clock) as desk:
            desk.sign_up(alice)
        with sync_desk(database, clock, registration="closed") as desk:
            assert code_of(desk.ask("POST", "/auth/signup", person().sign_up)) == "registration_closed"
            other = person("bob@example.com")
            assert code_of(desk.ask("POST", "/auth/signup", other.sign_up)) == "registration_closed"
            # Somebody whose answer was lost is no new account.
            assert desk.ask("POST", "/auth/signup", alice.sign_up).status_code == 201

    def test_the_shape_is_looked_at_before_anything_is_told(self, database: Path | str) -> None:
        with sync_desk(database, registration="closed") as desk:
            assert field_of(desk.ask("POST", "/auth/signup", other("kdf.iters", 1))) == "kdf.iters"

    def test_an_invitation_is_needed_and_is_good_once(self, database: Path | str, clock: FixedClock) -> None:
        with sync_desk(database, clock, registration="invite") as desk:
            assert code_of(desk.ask("POST", "/auth/signup", person().sign_up)) == "invite_invalid"
            made_up = person(invite=os.urandom(16))
            assert code_of(desk.ask("POST", "/auth/signup", made_up.sign_up)) == "invite_invalid"
            invite = self._invitation(desk)
            alice = desk.sign_up(person(invite=invite))
            assert desk.ask("POST", "/auth/signup", alice.sign_up).status_code == 201
            bob = person("bob@example.com", invite=invite)
            assert code_of(desk.ask("POST", "/auth/signup", bob.sign_up)) == "invite_invalid"

    def test_an_invitation_lives_for_seven_days(self, database: Path | str, clock: FixedClock) -> None:
        with sync_desk(database, clock, registration="invite") as desk:
            invite, late = self._invitation(desk), self._invitation(desk)
            clock.advance(7 * DAY_MS - 1)
            desk.sign_up(person(invite=invite))
            clock.advance(1)
            bob = person("bob@example.com", invite=late)
            assert code_of(desk.ask("POST", "/auth/signup", bob.sign_up)) == "invite_invalid"

    def test_an_invitation_is_not_used_up_by_a_taken_e_mail(self, database: Path | str, clock: FixedClock) -> None:
        with sync_desk(database, clock, registration="invite") as desk:
            desk.sign_up(person(invite=self._invitation(desk)))
            invite = self._invitation(desk)
            assert code_of(desk.ask("POST", "/auth/signup", person(invite=invite).sign_up)) == "email_taken"
            desk.sign_up(person("bob@example.com", invite=invite))

    def test_of_many_at_once_with_one_invitation_one_gets_in(self, database: Path | str, clock: FixedClock) -> None:
        with sync_desk(database, clock, registration="invite") as desk:
            invite = self._invitation(desk)
            people = [person(f"p{number}@example.com", invite=invite) for number in range(10)]
            answers = desk.ask_at_once([("POST", "/auth/signup", each.sign_up) for each in people])
            assert sorted(answer.status_code for answer in answers) == [201] + [403] * 9

    @pytest.mark.parametrize("registration", ["open", "invite", "closed"])
    def test_the_version_tells_it(self, database: Path | str, registration: Registration) -> None:
        with sync_desk(database, registration=registration) as desk:
            assert desk.ask("GET", "/v1/version").json()["registration"] == registration

    def _invitation(self, desk: SyncDesk) -> bytes:
        return decode(desk.run(operations.invite(desk.config.database, desk.clock)).invite, 16)
