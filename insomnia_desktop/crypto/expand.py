"""Keys out of keys: HKDF with SHA-256 (RFC 5869; protocol v1, section 3, notation)."""

from __future__ import annotations

import hmac
from typing import TypeAlias

# A key, as it lies in a keyring or as a function returned it.
Key: TypeAlias = "bytes | bytearray"


def expand(key: Key, info: bytes) -> bytes:
    """Return `X(key, info)`: 32 bytes by HKDF-Expand, whose first block it is (RFC 5869, 2.3)."""
    # Not by `hmac.digest`, which lets go of the interpreter for a microsecond: another thread takes it for a thousand.
    return hmac.new(key, info + b"\x01", "sha256").digest()


def hkdf(ikm: Key, salt: bytes, info: bytes) -> bytes:
    """Return 32 bytes by HKDF, Extract then Expand (RFC 5869, 2.2 and 2.3); an empty salt counts as 32 zero bytes."""
    return expand(hmac.digest(salt or bytes(32), ikm, "sha256"), info)
