"""A new account: everything a sign-up sends, made and opened again on the device (protocol v1, 3.3)."""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from insomnia_desktop.crypto import key_pairs
from insomnia_desktop.crypto.account_key import new_account_key, unwrap_for_recovery, wrap_for_recovery
from insomnia_desktop.crypto.credentials import NewCredentials, check_credentials, make_credentials
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.expand import Key
from insomnia_desktop.crypto.key_pairs import PrivateKeys, PublicKeys
from insomnia_desktop.crypto.recovery_key import (
    new_recovery_key,
    read_recovery_key,
    recovery_keys,
    write_recovery_key,
)
from insomnia_desktop.protocol.accounts import Recovery, SignUp
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, Bytes61, Bytes64
from insomnia_desktop.protocol.limits import ID_BYTES

Step = Literal["deriving", "making_keys", "checking"]


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The keys of an account that is open on this device."""

    account_id: bytes
    account_key: bytes = field(repr=False)
    private: PrivateKeys = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A sign-up ready to be sent, the keys it is about, and the recovery key's text, to be shown once."""

    message: SignUp
    unlocked: Unlocked
    recovery_text: str | None = field(repr=False)


def new_account_id() -> bytes:
    """Return a fresh account id, 16 random bytes."""
    return os.urandom(ID_BYTES)


def make_recovery(account_id: bytes, account_key: Key) -> tuple[str, Recovery]:
    """Return a fresh recovery key's text and what the server holds for it, checked as `check_recovery` does."""
    key = new_recovery_key()
    keys = recovery_keys(key)
    wrap = wrap_for_recovery(keys.kek, account_id, account_key)
    text, recovery = write_recovery_key(key), Recovery(Bytes32(keys.auth_hash), Bytes61(wrap))
    check_recovery(text, recovery, account_id, account_key)
    return text, recovery


def check_recovery(text: str, recovery: Recovery, account_id: bytes, account_key: Key) -> None:
    """Raise Undecryptable unless the recovery key as a person reads it opens this account key and proves itself."""
    keys = recovery_keys(read_recovery_key(text))
    opened = unwrap_for_recovery(keys.kek, account_id, recovery.wrap)
    if not hmac.compare_digest(opened + keys.auth_hash, bytes(account_key) + recovery.auth_hash):
        raise Undecryptable


def make_sign_up(
    account_id: bytes,
    email: str,
    name: str,
    password: bytes,
    iterations: int,
    *,
    with_recovery: bool = True,
    invite: bytes | None = None,
    on_step: Callable[[Step], None] | None = None,
) -> NewAccount:
    """Return a sign-up for a canonical e-mail and a normalised password, after deriving and opening all of it again.

    Takes two derivations and a pair of RSA, a second or more; any thread but the window's. `on_step` is called on that
    thread before each step, and what it raises ends the work. Raises InvalidPeerValue for an iteration count outside
    the accepted range.
    """
    tell = on_step or _silent
    tell("deriving")
    account_key = new_account_key()
    credentials = make_credentials(account_id, email, password, iterations, account_key)
    tell("making_keys")
    private = key_pairs.make_private_keys()
    recovery_text, recovery = make_recovery(account_id, account_key) if with_recovery else (None, None)
    message = _message(account_id, email, name, credentials, account_key, private, recovery, invite)
    tell("checking")
    check_credentials(credentials, account_id, email, password, account_key)
    opened = key_pairs.open_private_keys(
        account_key,
        account_id,
        email,
        PublicKeys(message.rsa_public, message.ed25519_public),
        message.rsa_private_wrap,
        message.ed25519_private_wrap,
        message.bundle_sig,
    )
    return NewAccount(message, Unlocked(account_id, account_key, opened), recovery_text)


def _message(
    account_id: bytes,
    email: str,
    name: str,
    credentials: NewCredentials,
    account_key: Key,
    private: PrivateKeys,
    recovery: Recovery | None,
    invite: bytes | None,
) -> SignUp:
    public = key_pairs.public_half(private)
    return SignUp(
        account_id=Bytes16(account_id),
        email=email,
        name=name,
        kdf=credentials.kdf,
        srp=credentials.srp,
        account_key_wrap=credentials.account_key_wrap,
        rsa_public=Binary(public.rsa),
        rsa_private_wrap=Binary(key_pairs.wrap_private_key(account_key, account_id, "rsa", private.rsa)),
        ed25519_public=Bytes32(public.ed25519),
        ed25519_private_wrap=Bytes61(key_pairs.wrap_private_key(account_key, account_id, "ed25519", private.ed25519)),
        bundle_sig=Bytes64(key_pairs.sign_bundle(private, key_pairs.bundle(account_id, email, public))),
        recovery=recovery,
        invite=None if invite is None else Bytes16(invite),
    )


def _silent(step: Step) -> None:
    """Nobody watches."""
