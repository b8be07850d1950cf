"""Large numbers: their bytes, and exponentiation modulo an odd number as fast as it is to be had here.

GMP takes half a millisecond for an exponentiation of the handshake where Python's own takes five to ten, all of them
with the interpreter held: a server could not do fifty handshakes a second, and a window would stutter.
"""

from __future__ import annotations

try:
    from gmpy2 import powmod_sec  # type: ignore[import-not-found, import-untyped, unused-ignore]
except ImportError:  # It has no wheel for some systems; there Python's own does it, to the same number.
    powmod_sec = None


def modular_power(base: int, exponent: int, modulus: int) -> int:
    """Return `base ** exponent % modulus` for an odd modulus; the base may be negative.

    With GMP the time tells nothing of the exponent but its length.
    """
    if powmod_sec is None or exponent <= 0:
        return pow(base, exponent, modulus)
    return int(powmod_sec(base, exponent, modulus))


def shortest_bytes(number: int) -> bytes:
    """Return a number that is not negative without leading zeros, the most significant byte first; 0 has none."""
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def number_of(data: bytes) -> int:
    """Return the number of bytes, the most significant first."""
    return int.from_bytes(data, "big")
