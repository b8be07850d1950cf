"""Byte tuples: the one encoding of what is hashed, signed or authenticated (protocol v1, section 3, notation)."""

from __future__ import annotations

import hashlib


def H(data: bytes) -> bytes:
    """Return SHA-256, 32 bytes (FIPS 180-4)."""
    return hashlib.sha256(data).digest()


def u8(number: int) -> bytes:
    """Return one byte; raises OverflowError outside 0 to 255."""
    return number.to_bytes(1, "big")


def u32(number: int) -> bytes:
    """Return four bytes, the most significant first; raises OverflowError outside their range."""
    return number.to_bytes(4, "big")


def u64(number: int) -> bytes:
    """Return eight bytes, the most significant first; raises OverflowError outside their range."""
    return number.to_bytes(8, "big")


def lp(field: bytes) -> bytes:
    """Return the field behind its length in four bytes."""
    return u32(len(field)) + field


def tup(tag: str, *fields: bytes) -> bytes:
    """Return `TUP(tag, ...)`: the tag in ASCII, a zero byte, and each field behind its length.

    No two tuples of a tag are equal unless their fields are; the tag ends in its version.
    """
    return tag.encode("ascii") + b"\x00" + b"".join(lp(field) for field in fields)
