"""Authenticated encryption: AES-256-GCM with a random nonce in front (NIST SP 800-38D; protocol v1, section 3)."""

from __future__ import annotations

import os
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.expand import Key

NONCE_BYTES = 12
TAG_BYTES = 16


def fresh_nonces(count: int) -> Iterator[bytes]:
    """Return random nonces that are drawn together; none is given out twice."""
    drawn = os.urandom(NONCE_BYTES * count)
    return (drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES))


def seal(key: Key, aad: bytes, plaintext: bytes, nonce: bytes | None = None) -> bytes:
    """Return `SEAL(key, aad, plaintext)`: nonce (12 bytes), ciphertext, tag (16 bytes).

    Without a nonce a random one is drawn. Given are those of tests, and random ones that were drawn together: each is
    used once, and what must be sent again is sent as the stored bytes, never sealed again.
    """
    nonce = os.urandom(NONCE_BYTES) if nonce is None else nonce
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def open_sealed(key: Key, aad: bytes, sealed: bytes) -> bytes:
    """Return the plaintext of what `seal` made with the same key and `aad`; raises Undecryptable, whatever is wrong."""
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise Undecryptable
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], aad)
    except InvalidTag:
        raise Undecryptable from None
