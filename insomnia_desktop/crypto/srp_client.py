"""The client's half of the SRP handshake (RFC 5054, 2.6; protocol v1, 3.3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from insomnia_desktop.crypto import srp_group
from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.numbers import modular_power
from insomnia_desktop.crypto.srp_group import N, g, pad
from insomnia_desktop.crypto.srp_proof import client_proof, server_proof, session_key
from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.limits import HASH_BYTES


@dataclass(frozen=True, slots=True)
class ClientProof:
    """What the client sends (`M1`), what it must get back (`M2`), and the key that both then have; 32 bytes each."""

    M1: bytes
    M2: bytes = field(repr=False)
    K: bytes = field(repr=False)

    def accepts(self, answer: bytes | None) -> bool:
        """Say whether the server's proof is the expected one, in constant time; missing and short ones are not."""
        return answer is not None and len(answer) == HASH_BYTES and hmac.compare_digest(answer, self.M2)


class ClientHandshake:
    """One handshake of a client, for one challenge; it needs the derived secret and never sees the password.

    Threads: any one; each exponentiation holds the interpreter for half a millisecond, 5 ms without GMP.
    """

    def __init__(self, email: str, srp_auth: bytes, secret: bytes | None = None) -> None:
        """Draw the secret; one is given by tests only."""
        secret = srp_group.new_secret() if secret is None else secret
        self._email = email
        self._user = srp_group.User(email, srp_auth, bytes_a=srp_group.padded_secret(secret), **srp_group.SUITE)
        self.A: bytes = pad(self._user.A)

    def respond(self, salt: bytes, B: bytes) -> ClientProof:
        """Answer the server's challenge; raises InvalidPeerValue for a salt, a B or a u that nobody honest sends.

        A second challenge is refused too: one secret, one answer.
        """
        srp_group.check_srp_salt(salt)
        srp_group.group_element(B, "B")
        srp_group.scrambler(self.A, B)
        # The package keeps what it was given as password: it goes with the object.
        user, self._user = self._user, None
        if user is None or user.process_challenge(salt, B) is None:
            raise InvalidPeerValue("challenge")
        K = session_key(user.S)
        M1 = client_proof(self._email, salt, self.A, B, K)
        return ClientProof(M1, server_proof(self.A, M1, K), K)


def new_srp_salt() -> bytes:
    """Return a fresh salt of 16 bytes whose first is not 0."""
    return srp_group.new_srp_salt()


def make_verifier(email: str, srp_auth: bytes, salt: bytes) -> bytes:
    """Return `v = g^x`, `x = H(s || H(I || ":" || P))`, in 256 bytes (RFC 5054, 2.4); what the server holds."""
    x = H(salt + H(email.encode("ascii") + b":" + srp_auth))
    return pad(modular_power(g, int.from_bytes(x, "big"), N))
