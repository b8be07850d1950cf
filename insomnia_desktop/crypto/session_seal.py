"""The sealed answer of a sign-in: only who shares the handshake and its parameters opens it (protocol v1, 3.3)."""

from __future__ import annotations

from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.crypto.expand import hkdf
from insomnia_desktop.crypto.seal import open_sealed, seal
from insomnia_desktop.crypto.tuples import H, tup, u64

FIRST_BYTE = b"\x01"


def transcript(email: str, kdf_salt: bytes, iterations: int, srp_salt: bytes, A: bytes, B: bytes) -> bytes:
    """Return `T`, the hash of everything that a third party could have changed; `A` and `B` in 256 bytes."""
    return H(tup("login/1", email.encode("ascii"), kdf_salt, u64(iterations), srp_salt, A, B))


def session_seal_key(K: bytes, T: bytes) -> bytes:
    """Return `Kc = HKDF(K, salt = T, "app/1/sess")`; the handshake's key is used for nothing else."""
    return hkdf(K, T, b"app/1/sess")


def seal_session(K: bytes, T: bytes, handshake_id: bytes, plaintext: bytes, nonce: bytes | None = None) -> bytes:
    """Return the sealed answer; the plaintext is a `SealedSession` as JSON."""
    return FIRST_BYTE + seal(session_seal_key(K, T), _aad(handshake_id), plaintext, nonce)


def open_session(K: bytes, T: bytes, handshake_id: bytes, sealed: bytes) -> bytes:
    """Return the plaintext of a sealed answer; raises Undecryptable.

    To be called after the server's proof was accepted, not before.
    """
    if sealed[:1] != FIRST_BYTE:
        raise Undecryptable
    return open_sealed(session_seal_key(K, T), _aad(handshake_id), sealed[1:])


def _aad(handshake_id: bytes) -> bytes:
    return tup("sess/1", handshake_id)
