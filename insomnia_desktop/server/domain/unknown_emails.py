"""What an e-mail without an account is answered, so that it looks like one that has one (protocol v1, 3.3)."""

from __future__ import annotations

import hmac

from insomnia_desktop.crypto.numbers import modular_power
from insomnia_desktop.crypto.srp_group import N, g, pad, srp_salt_of
from insomnia_desktop.protocol.limits import SALT_BYTES


def kdf_salt(secret: bytes, email: str) -> bytes:
    """Return the salt of the derivation, always the same one for an e-mail."""
    return _derived(secret, b"kdf", email)[:SALT_BYTES]


def srp_salt(secret: bytes, email: str) -> bytes:
    """Return the salt of the handshake, made from random bytes as true ones are."""
    return srp_salt_of(_derived(secret, b"srp", email))


def verifier(secret: bytes, email: str) -> bytes:
    """Return `g^HMAC(secret, "v" || email)`; nobody knows a password for it.."""
    return pad(modular_power(g, int.from_bytes(_derived(secret, b"v", email), "big"), N))


def _derived(secret: bytes, use: bytes, email: str) -> bytes:
    return hmac.digest(secret, use + email.encode("ascii"), "sha256")
