"""People with accounts: everything a sign-up sends, made without the derivation, which is the slow part of it."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass, field, replace

import msgspec

from insomnia_desktop.crypto import key_pairs
from insomnia_desktop.crypto.account_key import wrap_account_key
from insomnia_desktop.crypto.key_pairs import PrivateKeys
from insomnia_desktop.crypto.passwords import MasterKeys
from insomnia_desktop.crypto.recovery_key import read_recovery_key, recovery_keys
from insomnia_desktop.crypto.sign_up import make_recovery
from insomnia_desktop.crypto.srp_client import make_verifier, new_srp_salt
from insomnia_desktop.protocol.accounts import Kdf, SignUp, SrpVerifier
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, Bytes61, Bytes64, Bytes93
from insomnia_desktop.protocol.limits import ITERATIONS_MIN


@dataclass(frozen=True)
class NewCredentials:
    """What a password would have been derived to, and what it puts at the server."""

    keys: MasterKeys = field(repr=False)
    kdf: Kdf
    srp: SrpVerifier
    account_key_wrap: Bytes93


@dataclass(frozen=True)
class Person:
    """Somebody with an account, or who is about to have one."""

    email: str
    account_key: bytes = field(repr=False)
    credentials: NewCredentials
    sign_up: SignUp
    recovery_text: str | None = None

    @property
    def account_id(self) -> bytes:
        """The id of the account."""
        return self.sign_up.account_id

    @property
    def recovery_auth(self) -> Bytes32:
        """What proves the recovery key."""
        assert self.recovery_text is not None
        return Bytes32(recovery_keys(read_recovery_key(self.recovery_text)).auth)

    def with_credentials(self, credentials: NewCredentials) -> Person:
        """Return the person after a change of the password."""
        return replace(self, credentials=credentials)


def person(
    email: str = "alice@example.com",
    *,
    name: str = "Alice",
    invite: bytes | None = None,
    recovery: bool = True,
    account_id: bytes | None = None,
) -> Person:
    """Return a person with fresh keys; the RSA pair is everybody's, for it takes long to make."""
    account_id = account_id or os.urandom(16)
    account_key, private = os.urandom(32), PrivateKeys(_rsa(), os.urandom(32))
    public = key_pairs.public_half(private)
    credentials = new_credentials(email, account_id, account_key)
    text, held = make_recovery(account_id, account_key) if recovery else (None, None)
    wraps = {kind: key_pairs.wrap_private_key(account_key, account_id, kind, raw) for kind, raw in _raw(private)}
    return Person(
        email=email,
        account_key=account_key,
        credentials=credentials,
        recovery_text=text,
        sign_up=SignUp(
            account_id=Bytes16(account_id),
            email=email,
            name=name,
            kdf=credentials.kdf,
            srp=credentials.srp,
            account_key_wrap=credentials.account_key_wrap,
            rsa_public=Binary(public.rsa),
            rsa_private_wrap=Binary(wraps["rsa"]),
            ed25519_public=Bytes32(public.ed25519),
            ed25519_private_wrap=Bytes61(wraps["ed25519"]),
            bundle_sig=Bytes64(key_pairs.sign_bundle(private, key_pairs.bundle(account_id, email, public))),
            recovery=held,
            invite=None if invite is None else Bytes16(invite),
        ),
    )


def new_credentials(
    email: str, account_id: bytes, account_key: bytes, iterations: int = ITERATIONS_MIN
) -> NewCredentials:
    """Return credentials as of a password that was derived; the derived keys are random."""
    keys = MasterKeys(os.urandom(32), os.urandom(32), os.urandom(32))
    kdf_salt, srp_salt = os.urandom(16), new_srp_salt()
    return NewCredentials(
        keys=keys,
        kdf=Kdf.of(iterations, kdf_salt),
        srp=SrpVerifier.of(srp_salt, make_verifier(email, keys.srp_auth, srp_salt)),
        account_key_wrap=Bytes93(wrap_account_key(keys, account_id, kdf_salt, iterations, account_key)),
    )


def changed(message: msgspec.Struct, **fields: object) -> msgspec.Struct:
    """Return a message with other fields, which need not be of their types."""
    return msgspec.structs.replace(message, **fields)


def _raw(private: PrivateKeys) -> tuple[tuple[key_pairs.Kind, bytes], ...]:
    return (("rsa", private.rsa), ("ed25519", private.ed25519))


@functools.cache
def _rsa() -> bytes:
    return key_pairs.make_private_keys().rsa
