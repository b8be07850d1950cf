"""The group of the SRP handshake and what both sides check (RFC 5054, 2.5 and appendix A; protocol v1, 3.3).

The one module that imports the `srp` package. Of that package the exponentiations are taken: its proofs do not pad
their numbers and are compared by `==`, its salts have four bytes, and its checks differ between its two back ends.
"""

from __future__ import annotations

import os
import sys

from insomnia_desktop.crypto import tuples
from insomnia_desktop.crypto.errors import InvalidPeerValue
from insomnia_desktop.crypto.numbers import modular_power, number_of, shortest_bytes
from insomnia_desktop.protocol.limits import SALT_BYTES, SRP_BYTES

# Before the first import of `srp`: its other back end looks for OpenSSL by bare file names, which on Windows loads
# whatever lies beside the program, and it drops leading zeros of salts. The pure one is then named, not chosen.
sys.modules.setdefault("srp._ctsrp", None)  # type: ignore[arg-type]

from srp import _pysrp as srp  # noqa: E402

# A switch of the whole package: k and u are then hashes of padded numbers, as RFC 5054 has them. Never off again.
srp.rfc5054_enable(True)
# The package finds these by their bare names. Its own, which go through a number byte by byte, and Python's `pow` take
# ten times as long, with the interpreter held; the values are the same.
srp.pow = modular_power
srp.long_to_bytes = shortest_bytes
srp.bytes_to_long = number_of

User = srp.User
Verifier = srp.Verifier
# Group and hash are constants of ours, never taken from the wire.
SUITE = {"hash_alg": srp.SHA256, "ng_type": srp.NG_2048}

g = 2
N = int(
    "AC6BDB41324A9A9BF166DE5E1389582FAF72B6651987EE07FC3192943DB56050A37329CBB4A099ED8193E0757767A13DD52312AB4B03310D"
    "CD7F48A9DA04FD50E8083969EDB767B0CF6095179A163AB3661A05FBD5FAAAE82918A9962F0B93B855F97993EC975EEAA80D740ADBF4FF74"
    "7359D041D5C33EA71D281E446B14773BCA97B43A23FB801676BD207A436C6481F1D2B9078717461A5B9D32E688F87748544523B524B0D57D"
    "5EA77A2775D2ECFA032CFBDBF52FB3786160279004E57AE6AF874E7303CE53299CCC041C7BC308D82A5698F3A8D0C38271AE35F8E9DBFBB6"
    "94B5C803D89F7AE435DE236D525F54759B65E372FCD68EF20FA7111F9E4AFF73",
    16,
)
SECRET_BYTES = 32


def pad(number: int) -> bytes:
    """Return `PAD(number)`: 256 bytes, the most significant first; raises OverflowError for a longer number."""
    return number.to_bytes(SRP_BYTES, "big")


def group_element(data: bytes, name: str) -> int:
    """Return a number that the other side sent; raises InvalidPeerValue unless 256 bytes and 0 < number < N.

    The length comes first: making a number of a long text takes the package seconds. Stricter than RFC 5054, 2.5.4
    and 2.6, which refuse multiples of N.
    """
    if len(data) != SRP_BYTES:
        raise InvalidPeerValue(name)
    number = int.from_bytes(data, "big")
    if not 0 < number < N:
        raise InvalidPeerValue(name)
    return number


def scrambler(A: bytes, B: bytes) -> int:
    """Return `u = H(PAD(A) || PAD(B))` of two padded numbers; raises InvalidPeerValue for 0 (RFC 5054, 2.6)."""
    u = int.from_bytes(tuples.H(A + B), "big")
    if u == 0:
        raise InvalidPeerValue("u")
    return u


def srp_salt_of(random: bytes) -> bytes:
    """Return 16 random bytes as a salt: the first byte becomes 1 to 255, since some implementations drop a zero."""
    return bytes([1 + random[0] % 255]) + random[1:SALT_BYTES]


def new_srp_salt() -> bytes:
    """Return a fresh salt of 16 bytes whose first is not 0."""
    return srp_salt_of(os.urandom(SALT_BYTES))


def check_srp_salt(salt: bytes) -> None:
    """Raise InvalidPeerValue unless the salt has 16 bytes and its first is not 0."""
    if len(salt) != SALT_BYTES or salt[0] == 0:
        raise InvalidPeerValue("srp salt")


def new_secret() -> bytes:
    """Return a fresh secret exponent: 256 random bits, as RFC 5054, 2.5.4 and 2.6 want at least."""
    return os.urandom(SECRET_BYTES)


def padded_secret(secret: bytes) -> bytes:
    """Return the secret in the 256 bytes that the package takes."""
    return secret.rjust(SRP_BYTES, b"\x00")
