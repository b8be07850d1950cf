"""The recovery key: made, written for a person, read back, and what it gives (protocol v1, 3.9)."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field

from insomnia_desktop.crypto.expand import hkdf
from insomnia_desktop.crypto.tuples import H

KEY_BYTES = 20
CHECK_BITS = 20
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOL_BITS = 5
SYMBOL_COUNT = (KEY_BYTES * 8 + CHECK_BITS) // SYMBOL_BITS
GROUP = 4
# What a person writes for a symbol that it resembles.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None})
_VALUES = {symbol: value for value, symbol in enumerate(SYMBOLS)}


@dataclass(frozen=True, slots=True)
class RecoveryKeys:
    """What a recovery key gives: `kek` wraps the account key, `auth` proves the key to the server, which holds a hash.

    32 bytes each.
    """

    kek: bytes = field(repr=False)
    auth: bytes = field(repr=False)
    auth_hash: bytes


def new_recovery_key() -> bytes:
    """Return a fresh recovery key, 20 random bytes."""
    return os.urandom(KEY_BYTES)


def recovery_keys(key: bytes) -> RecoveryKeys:
    """Return what a recovery key gives; HKDF with an empty salt, since the key is random."""
    auth = hkdf(key, b"", b"app/1/recovery-auth")
    return RecoveryKeys(kek=hkdf(key, b"", b"app/1/recovery-kek"), auth=auth, auth_hash=H(auth))


def write_recovery_key(key: bytes) -> str:
    """Return the text for a person: nine groups of four symbols, the last 20 bits a check."""
    number = int.from_bytes(key, "big") << CHECK_BITS | _check(key)
    shifts = range((SYMBOL_COUNT - 1) * SYMBOL_BITS, -1, -SYMBOL_BITS)
    symbols = "".join(SYMBOLS[number >> shift & 31] for shift in shifts)
    return "-".join(symbols[start : start + GROUP] for start in range(0, SYMBOL_COUNT, GROUP))


def read_recovery_key(text: str) -> bytes:
    """Return the key that a person typed; raises ValueError for anything but 36 symbols with the right check.

    Lower case, white space, `-` anywhere, O for 0 and I or L for 1 are read. The message never holds the text.
    """
    symbols = "".join(text.split())
    # Outside ASCII there are letters whose upper case is a symbol: nobody means them.
    symbols = symbols.upper().translate(_READ_AS) if symbols.isascii() else ""
    if len(symbols) != SYMBOL_COUNT or not _VALUES.keys() >= set(symbols):
        raise ValueError("no recovery key")
    number = 0
    for symbol in symbols:
        number = number << SYMBOL_BITS | _VALUES[symbol]
    key = (number >> CHECK_BITS).to_bytes(KEY_BYTES, "big")
    read = number & (1 << CHECK_BITS) - 1
    if not hmac.compare_digest(read.to_bytes(4, "big"), _check(key).to_bytes(4, "big")):
        raise ValueError("no recovery key")
    return key


def _check(key: bytes) -> int:
    """Return the first 20 bits of `H("app/1/recovery-check" || key)`: a typing mistake passes once in a million."""
    return int.from_bytes(H(b"app/1/recovery-check" + key)[:3], "big") >> 4
