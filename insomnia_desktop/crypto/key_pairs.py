"""An account's RSA-3072 and Ed25519 pairs: made at sign-up, used when sharing comes (protocol v1, 3.1 and 3.2)."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from insomnia_desktop.crypto.errors import InvalidPeerValue, Undecryptable
from insomnia_desktop.crypto.expand import Key, expand
from insomnia_desktop.crypto.seal import open_sealed, seal
from insomnia_desktop.crypto.tuples import H, tup, u64
from insomnia_desktop.protocol.limits import ED25519_PUBLIC_BYTES, KEY_VERSION, RSA_BITS, RSA_EXPONENT

Kind = Literal["rsa", "ed25519"]

FIRST_BYTE = b"\x01"
SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class PrivateKeys:
    """The private halves: RSA as PKCS#8 DER, Ed25519 as its seed of 32 bytes (RFC 8032, 5.1.5)."""

    rsa: bytes = field(repr=False)
    ed25519: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """The public halves: RSA as SubjectPublicKeyInfo DER (422 bytes), Ed25519 as its 32 bytes."""

    rsa: bytes
    ed25519: bytes


def make_private_keys() -> PrivateKeys:
    """Return fresh pairs; finding the primes takes a part of a second and does not hold the interpreter."""
    rsa = generate_private_key(RSA_EXPONENT, RSA_BITS)
    return PrivateKeys(
        rsa=rsa.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        ed25519=os.urandom(SEED_BYTES),
    )


def public_half(private: PrivateKeys) -> PublicKeys:
    """Return the public halves of private keys; raises Undecryptable for bytes that are none."""
    try:
        # The checks of a private key take a tenth of a second with the interpreter held. They are not needed: the bytes
        # were sealed under the account key, and the public half is compared with the signed one.
        rsa = load_der_private_key(private.rsa, None, unsafe_skip_rsa_key_validation=True)
        ed25519 = Ed25519PrivateKey.from_private_bytes(private.ed25519)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Undecryptable from None
    if not isinstance(rsa, RSAPrivateKey):
        raise Undecryptable
    return PublicKeys(
        rsa=rsa.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        ed25519=ed25519.public_key().public_bytes_raw(),
    )


def check_public_keys(public: PublicKeys) -> None:
    """Raise InvalidPeerValue, named after the wire's field, unless RSA is 3072 bits with e = 65537 in canonical DER.

    Of Ed25519 only the length can be wrong here: a signature shows whether the point is one.
    """
    try:
        rsa = load_der_public_key(public.rsa)
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidPeerValue("rsa_public") from None
    if not isinstance(rsa, RSAPublicKey) or rsa.key_size != RSA_BITS or rsa.public_numbers().e != RSA_EXPONENT:
        raise InvalidPeerValue("rsa_public")
    if rsa.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != public.rsa:
        raise InvalidPeerValue("rsa_public")
    if len(public.ed25519) != ED25519_PUBLIC_BYTES:
        raise InvalidPeerValue("ed25519_public")


def wrap_private_key(
    account_key: Key, account_id: bytes, kind: Kind, raw: bytes, kv: int = KEY_VERSION, nonce: bytes | None = None
) -> bytes:
    """Return `0x01 || SEAL(X(account_key, "app/1/pk/" + kind), aad, raw)`."""
    return FIRST_BYTE + seal(_wrap_key(account_key, kind), _aad(account_id, kind, kv), raw, nonce)


def unwrap_private_key(account_key: Key, account_id: bytes, kind: Kind, wrap: bytes, kv: int = KEY_VERSION) -> bytes:
    """Return the raw private key; raises Undecryptable."""
    if wrap[:1] != FIRST_BYTE:
        raise Undecryptable
    return open_sealed(_wrap_key(account_key, kind), _aad(account_id, kind, kv), wrap[1:])


def bundle(account_id: bytes, email: str, public: PublicKeys, kv: int = KEY_VERSION) -> bytes:
    """Return the bytes that tie public keys to an account; they are signed, and their hash is the fingerprint."""
    return tup("bundle/1", account_id, email.encode("ascii"), public.rsa, public.ed25519, u64(kv))


def sign_bundle(private: PrivateKeys, bundle_bytes: bytes) -> bytes:
    """Return the Ed25519 signature of a bundle, 64 bytes (RFC 8032, 5.1.6)."""
    return Ed25519PrivateKey.from_private_bytes(private.ed25519).sign(bundle_bytes)


def verify_bundle(ed25519_public: bytes, bundle_bytes: bytes, signature: bytes) -> bool:
    """Say whether the signature of a bundle is right (RFC 8032, 5.1.7)."""
    try:
        Ed25519PublicKey.from_public_bytes(ed25519_public).verify(signature, bundle_bytes)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(bundle_bytes: bytes) -> bytes:
    """Return the hash of a bundle, by which people compare keys; 32 bytes."""
    return H(bundle_bytes)


def open_private_keys(
    account_key: Key,
    account_id: bytes,
    email: str,
    public: PublicKeys,
    rsa_private_wrap: bytes,
    ed25519_private_wrap: bytes,
    bundle_sig: bytes,
) -> PrivateKeys:
    """Open both wraps of an account and return the private keys; raises Undecryptable if anything does not fit.

    All that a client checks of an account's keys after a sign-in (protocol v1, 3.3): the wraps open, their public
    halves are those given, of the one kind of version 1, and the bundle's signature is right.
    """
    private = PrivateKeys(
        rsa=unwrap_private_key(account_key, account_id, "rsa", rsa_private_wrap),
        ed25519=unwrap_private_key(account_key, account_id, "ed25519", ed25519_private_wrap),
    )
    try:
        check_public_keys(public)
    except InvalidPeerValue:
        raise Undecryptable from None
    own = public_half(private)
    if not hmac.compare_digest(own.rsa + own.ed25519, public.rsa + public.ed25519):
        raise Undecryptable
    if not verify_bundle(public.ed25519, bundle(account_id, email, public), bundle_sig):
        raise Undecryptable
    return private


def _wrap_key(account_key: Key, kind: Kind) -> bytes:
    return expand(account_key, b"app/1/pk/" + kind.encode("ascii"))


def _aad(account_id: bytes, kind: Kind, kv: int) -> bytes:
    return tup("pk/1", account_id, kind.encode("ascii"), u64(kv))
