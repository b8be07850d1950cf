"""The proof layer of the SRP handshake (protocol v1, 3.3; after RFC 2945, section 3, with padded numbers).

RFC 5054 ends at the premaster secret S. Stock proofs hash numbers without padding and fail for one handshake in a
hundred between two implementations; here every number is 256 bytes.
"""

from __future__ import annotations

from insomnia_desktop.crypto.srp_group import N, g, pad
from insomnia_desktop.crypto.tuples import H, u8

_GROUP = bytes(left ^ right for left, right in zip(H(pad(N)), H(u8(g)), strict=True))


def session_key(S: int) -> bytes:
    """Return `K = H(PAD(S))`."""
    return H(pad(S))


def client_proof(email: str, salt: bytes, A: bytes, B: bytes, K: bytes) -> bytes:
    """Return `M1 = H(H(N) xor H(0x02) || H(I) || s || PAD(A) || PAD(B) || K)`, 32 bytes."""
    return H(_GROUP + H(email.encode("ascii")) + salt + A + B + K)


def server_proof(A: bytes, M1: bytes, K: bytes) -> bytes:
    """Return `M2 = H(PAD(A) || M1 || K)`, 32 bytes."""
    return H(A + M1 + K)
