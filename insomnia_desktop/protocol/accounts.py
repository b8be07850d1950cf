"""Messages of sign-up, the account and its recovery (protocol v1, 3.3 and 3.9).

What a server must not take in another length is of a fixed length here. What a client checks itself, in the order of
3.3, is `Binary`: a lying server then gets the one answer for that and not one about the shape of its message.
"""

from __future__ import annotations

import msgspec

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, Bytes61, Bytes64, Bytes93, Bytes256
from insomnia_desktop.protocol.limits import KDF_ALGORITHM, KDF_VERSION, SRP_GROUP, SRP_HASH, Name, Number, TypedEmail


class Kdf(msgspec.Struct, frozen=True):
    """How a password becomes keys; only one pair of `v` and `alg` exists."""

    v: Number
    alg: str
    iters: Number
    salt: Binary

    @classmethod
    def of(cls, iterations: int, salt: bytes) -> Kdf:
        """Return the parameters of version 1."""
        return cls(KDF_VERSION, KDF_ALGORITHM, iterations, Bytes16(salt))


class SrpParameters(msgspec.Struct, frozen=True):
    """What `login-s` says of a verifier."""

    group: str
    hash: str
    salt: Binary

    @classmethod
    def of(cls, salt: bytes) -> SrpParameters:
        """Return the parameters of version 1."""
        return cls(SRP_GROUP, SRP_HASH, Bytes16(salt))


class SrpVerifier(msgspec.Struct, frozen=True):
    """A verifier with its parameters."""

    group: str
    hash: str
    salt: Binary
    verifier: Binary

    @classmethod
    def of(cls, salt: bytes, verifier: bytes) -> SrpVerifier:
        """Return a verifier of version 1."""
        return cls(SRP_GROUP, SRP_HASH, Bytes16(salt), Bytes256(verifier))


class Recovery(msgspec.Struct, frozen=True):
    """What the server holds for the recovery key: the hash of its proof, and the account key under it."""

    auth_hash: Bytes32
    wrap: Bytes61


class SignUp(msgspec.Struct, frozen=True):
    """POST /auth/signup."""

    account_id: Bytes16
    email: TypedEmail
    name: Name
    kdf: Kdf
    srp: SrpVerifier
    account_key_wrap: Bytes93
    rsa_public: Binary
    rsa_private_wrap: Binary
    ed25519_public: Bytes32
    ed25519_private_wrap: Bytes61
    bundle_sig: Bytes64
    recovery: Recovery | None = None
    invite: Bytes16 | None = None


class SignUpAnswer(msgspec.Struct, frozen=True):
    """201 of POST /auth/signup."""

    account_id: Bytes16


class Account(msgspec.Struct, frozen=True):
    """GET /v1/account; `created_at` in milliseconds, `used` and `quota` in bytes."""

    account_id: Bytes16
    email: str
    name: str
    kv: Number
    rev: Number
    created_at: Number
    kdf: Kdf
    rsa_public: Binary
    rsa_private_wrap: Binary
    ed25519_public: Binary
    ed25519_private_wrap: Binary
    bundle_sig: Binary
    recovery: bool
    used: Number
    quota: Number


class Credentials(msgspec.Struct, frozen=True):
    """PUT /v1/account/credentials: another password, or another iteration count."""

    old_wrap_hash: Bytes32
    kdf: Kdf
    srp: SrpVerifier
    account_key_wrap: Bytes93


class RecoveryChange(msgspec.Struct, frozen=True):
    """PUT /v1/account/recovery."""

    auth_hash: Bytes32
    wrap: Bytes61


class RecoverA(msgspec.Struct, frozen=True):
    """POST /auth/recover-a."""

    email: TypedEmail
    auth: Bytes32


class RecoverAAnswer(msgspec.Struct, frozen=True):
    """200 of POST /auth/recover-a."""

    account: Account
    recovery_wrap: Binary


class RecoverB(msgspec.Struct, frozen=True):
    """POST /auth/recover-b: new credentials and a new recovery key in one step."""

    email: TypedEmail
    auth: Bytes32
    kdf: Kdf
    srp: SrpVerifier
    account_key_wrap: Bytes93
    recovery: Recovery
