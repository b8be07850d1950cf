"""crypto.sign_up, credentials and keyring: a new account opened again before it is sent, and its keys in memory."""

from __future__ import annotations

import msgspec
import pytest

from insomnia_desktop.crypto import srp_server
from insomnia_desktop.crypto.account_key import unwrap_account_key, unwrap_for_recovery
from insomnia_desktop.crypto.credentials import NewCredentials, check_credentials, make_credentials
from insomnia_desktop.crypto.errors import InvalidPeerValue, Locked, Undecryptable
from insomnia_desktop.crypto.key_pairs import PrivateKeys, PublicKeys, open_private_keys
from insomnia_desktop.crypto.keyring import Keyring
from insomnia_desktop.crypto.passwords import derive
from insomnia_desktop.crypto.recovery_key import read_recovery_key, recovery_keys
from insomnia_desktop.crypto.sign_up import (
    NewAccount,
    Unlocked,
    check_recovery,
    make_recovery,
    make_sign_up,
    new_account_id,
)
from insomnia_desktop.crypto.srp_client import ClientHandshake
from insomnia_desktop.protocol.accounts import Kdf, SignUp, SrpVerifier
from insomnia_desktop.protocol.binary import Bytes93
from insomnia_desktop.protocol.codec import decode_body, encode_body
from tests.support.vectors import ACCOUNT_ID, ACCOUNT_KEY, EMAIL, PASSWORD, V1, flipped, h

ITERATIONS = 600_000
PRIVATE = PrivateKeys(h(V1["rsa"]["private_pkcs8"]), h(V1["ed25519"]["private_seed"]))


@pytest.fixture(scope="module")
def account() -> NewAccount:
    """Return one new account for all tests."""
    return make_sign_up(ACCOUNT_ID, EMAIL, "Alice", PASSWORD, ITERATIONS, invite=bytes(range(16)))


def test_a_sign_up_holds_an_account_that_opens_with_the_password(account: NewAccount) -> None:
    message = decode_body(encode_body(account.message), SignUp)
    assert message == account.message
    assert (message.email, message.name, message.invite) == (EMAIL, "Alice", bytes(range(16)))
    keys = derive(EMAIL, PASSWORD, message.kdf.salt, message.kdf.iters)
    account_key = unwrap_account_key(keys, ACCOUNT_ID, message.kdf.salt, message.kdf.iters, message.account_key_wrap)
    assert account_key == account.unlocked.account_key
    public = PublicKeys(message.rsa_public, message.ed25519_public)
    private = open_private_keys(
        account_key,
        ACCOUNT_ID,
        EMAIL,
        public,
        message.rsa_private_wrap,
        message.ed25519_private_wrap,
        message.bundle_sig,
    )
    assert private == account.unlocked.private
    client = ClientHandshake(EMAIL, keys.srp_auth)
    challenge = srp_server.start(EMAIL, message.srp.salt, message.srp.verifier, client.A)
    proof = client.respond(message.srp.salt, challenge.B)
    answer = srp_server.verify(EMAIL, message.srp.salt, message.srp.verifier, client.A, challenge.secret, proof.M1)
    assert answer is not None
    assert proof.accepts(answer.M2)


def test_the_recovery_key_of_a_sign_up_opens_it_too(account: NewAccount) -> None:
    assert account.recovery_text is not None
    assert account.message.recovery is not None
    keys = recovery_keys(read_recovery_key(account.recovery_text))
    assert keys.auth_hash == account.message.recovery.auth_hash
    wrap = account.message.recovery.wrap
    assert unwrap_for_recovery(keys.kek, ACCOUNT_ID, wrap) == account.unlocked.account_key


def test_a_sign_up_without_a_recovery_key_tells_its_steps() -> None:
    steps: list[str] = []
    made = make_sign_up(new_account_id(), EMAIL, "", PASSWORD, ITERATIONS, with_recovery=False, on_step=steps.append)
    assert steps == ["deriving", "making_keys", "checking"]
    assert made.recovery_text is None
    assert made.message.recovery is None
    assert made.message.invite is None


def test_what_a_step_raises_ends_the_work() -> None:
    class Cancelled(Exception):
        """Of this test."""

    def cancel(step: str) -> None:
        raise Cancelled(step)

    with pytest.raises(Cancelled, match="deriving"):
        make_sign_up(ACCOUNT_ID, EMAIL, "", PASSWORD, ITERATIONS, on_step=cancel)


def test_an_iteration_count_outside_the_range_is_refused() -> None:
    with pytest.raises(InvalidPeerValue):
        make_sign_up(ACCOUNT_ID, EMAIL, "", PASSWORD, ITERATIONS - 1)


def test_credentials_with_anything_changed_are_found_before_they_are_sent() -> None:
    made = make_credentials(ACCOUNT_ID, EMAIL, PASSWORD, ITERATIONS, ACCOUNT_KEY)
    check_credentials(made, ACCOUNT_ID, EMAIL, PASSWORD, bytearray(ACCOUNT_KEY))
    wrong_verifier = SrpVerifier.of(made.srp.salt, flipped(made.srp.verifier, 2000))
    wrong_salt = Kdf.of(ITERATIONS, flipped(made.kdf.salt, 3))
    wrong_wrap = Bytes93(flipped(made.account_key_wrap, 700))
    changed: list[tuple[NewCredentials, bytes, bytes]] = [
        (made, PASSWORD + b"!", ACCOUNT_KEY),
        (made, PASSWORD, bytes(32)),
        (NewCredentials(made.kdf, wrong_verifier, made.account_key_wrap), PASSWORD, ACCOUNT_KEY),
        (NewCredentials(wrong_salt, made.srp, made.account_key_wrap), PASSWORD, ACCOUNT_KEY),
        (NewCredentials(made.kdf, made.srp, wrong_wrap), PASSWORD, ACCOUNT_KEY),
    ]
    for credentials, password, account_key in changed:
        with pytest.raises(Undecryptable):
            check_credentials(credentials, ACCOUNT_ID, EMAIL, password, account_key)


def test_credentials_have_fresh_salts() -> None:
    first, second = (make_credentials(ACCOUNT_ID, EMAIL, PASSWORD, ITERATIONS, ACCOUNT_KEY) for _ in range(2))
    assert first.kdf.salt != second.kdf.salt
    assert first.srp.salt != second.srp.salt
    assert first.account_key_wrap != second.account_key_wrap


def test_a_recovery_key_with_anything_changed_is_found_before_it_is_shown() -> None:
    text, recovery = make_recovery(ACCOUNT_ID, bytearray(ACCOUNT_KEY))
    check_recovery(text, recovery, ACCOUNT_ID, ACCOUNT_KEY)
    other_text, other = make_recovery(ACCOUNT_ID, ACCOUNT_KEY)
    assert other_text != text
    for wrong_text, wrong, account_id, account_key in (
        (other_text, recovery, ACCOUNT_ID, ACCOUNT_KEY),
        (text, msgspec.structs.replace(recovery, auth_hash=other.auth_hash), ACCOUNT_ID, ACCOUNT_KEY),
        (text, msgspec.structs.replace(recovery, wrap=other.wrap), ACCOUNT_ID, ACCOUNT_KEY),
        (text, recovery, bytes(16), ACCOUNT_KEY),
        (text, recovery, ACCOUNT_ID, bytes(32)),
    ):
        with pytest.raises(Undecryptable):
            check_recovery(wrong_text, wrong, account_id, account_key)


def test_no_secret_is_shown(account: NewAccount) -> None:
    shown = repr(account)
    assert account.recovery_text is not None
    assert account.recovery_text not in shown
    assert repr(account.unlocked.account_key)[2:-1] not in shown
    assert repr(account.unlocked) == f"Unlocked(account_id={ACCOUNT_ID!r})"


def test_a_keyring_holds_keys_until_it_is_locked() -> None:
    keyring = Keyring()
    assert keyring.is_locked
    assert repr(keyring) == "<Keyring locked>"
    keyring.unlock(Unlocked(ACCOUNT_ID, ACCOUNT_KEY, PRIVATE))
    assert not keyring.is_locked
    assert repr(keyring) == "<Keyring unlocked>"
    assert keyring.account_id == ACCOUNT_ID
    assert keyring.private_keys() == PRIVATE
    handed_out = keyring.account_key
    assert handed_out == ACCOUNT_KEY
    keyring.lock()
    assert handed_out == bytes(32)
    assert keyring.is_locked
    for read in (lambda: keyring.account_id, lambda: keyring.account_key, keyring.private_keys):
        with pytest.raises(Locked):
            read()


def test_the_keys_of_another_account_take_the_place_of_those_before() -> None:
    keyring = Keyring()
    keyring.unlock(Unlocked(ACCOUNT_ID, ACCOUNT_KEY, PRIVATE))
    before = keyring.account_key
    keyring.unlock(Unlocked(bytes(16), b"\x07" * 32, PRIVATE))
    assert before == bytes(32)
    assert keyring.account_key == b"\x07" * 32
    assert keyring.account_id == bytes(16)
