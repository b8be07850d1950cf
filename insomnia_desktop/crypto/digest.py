"""The digest of a group: what its live resources are, in one number that is kept up row by row (protocol v1, 3.7)."""

from __future__ import annotations

from collections.abc import Iterable

from insomnia_desktop.crypto.tuples import H, u64

DIGEST_BYTES = 32
EMPTY = bytes(DIGEST_BYTES)
_MODULUS = 1 << (8 * DIGEST_BYTES)


def term(resource_id: bytes, version: int, revision_hash: bytes) -> bytes:
    """Return a live resource's part, 32 bytes; tombstones have none."""
    return H(resource_id + u64(version) + revision_hash)


def add(digest: bytes, part: bytes) -> bytes:
    """Return the digest with one more part: the sum modulo 2^256."""
    return _bytes(_number(digest) + _number(part))


def remove(digest: bytes, part: bytes) -> bytes:
    """Return the digest without a part that it has."""
    return _bytes(_number(digest) - _number(part))


def total(parts: Iterable[bytes]) -> bytes:
    """Return the digest of all parts, in any order; 32 zero bytes without any."""
    return _bytes(sum(_number(part) for part in parts))


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _bytes(number: int) -> bytes:
    return (number % _MODULUS).to_bytes(DIGEST_BYTES, "big")
