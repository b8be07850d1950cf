"""The server's half of the SRP handshake (RFC 5054, 2.5; protocol v1, 3.3).

Between its two requests the server keeps bytes in a table, so each half works from bytes alone. Burning a handshake,
its life and the count of failures are the server's.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from insomnia_desktop.crypto import srp_group
from insomnia_desktop.crypto.srp_group import pad
from insomnia_desktop.crypto.srp_proof import client_proof, server_proof, session_key


@dataclass(frozen=True, slots=True)
class ServerChallenge:
    """What the server sends (`B`, 256 bytes) and what it keeps for the proof (`secret`, 32 bytes)."""

    B: bytes
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ServerProof:
    """What the server answers to a right proof (`M2`), and the key that seals the session (`K`)."""

    M2: bytes
    K: bytes = field(repr=False)


def start(email: str, salt: bytes, verifier: bytes, A: bytes, secret: bytes | None = None) -> ServerChallenge:
    """Answer a client's `A`; raises InvalidPeerValue unless it has 256 bytes, 0 < A < N and u is not 0.

    Holds the interpreter for half a millisecond, 3 ms without GMP. A secret is given by tests only.
    """
    srp_group.group_element(A, "A")
    secret = srp_group.new_secret() if secret is None else secret
    B = pad(_verifier(email, salt, verifier, A, secret).B)
    srp_group.scrambler(A, B)
    return ServerChallenge(B, secret)


def verify(email: str, salt: bytes, verifier: bytes, A: bytes, secret: bytes, M1: bytes) -> ServerProof | None:
    """Return the server's proof if the client's is right, else None; compared in constant time.

    `A` and `secret` are those of `start`. Holds the interpreter for 2 ms, 15 without GMP. Raises
    InvalidPeerValue for an A that `start` would have refused.
    """
    srp_group.group_element(A, "A")
    session = _verifier(email, salt, verifier, A, secret)
    # The package fills S on the way to a proof of its own, which nobody sends.
    session.verify_session(b"")
    K = session_key(session.S)
    expected = client_proof(email, salt, A, pad(session.B), K)
    if not hmac.compare_digest(expected, M1):
        return None
    return ServerProof(server_proof(A, M1, K), K)


def _verifier(email: str, salt: bytes, verifier: bytes, A: bytes, secret: bytes) -> srp_group.Verifier:
    return srp_group.Verifier(email, salt, verifier, A, bytes_b=srp_group.padded_secret(secret), **srp_group.SUITE)
