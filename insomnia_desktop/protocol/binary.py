"""Bytes on the wire: base64url without padding in its one canonical form (protocol v1, scope)."""

from __future__ import annotations

from typing import ClassVar, Self

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url


def encode(data: bytes) -> str:
    """Return base64url without padding."""
    return to_base64url(data)


def decode(text: str, size: int | None = None) -> bytes:
    """Decode base64url; raises ValueError for any spelling but the canonical one, and for another length than `size`.

    The message never holds the text, which may be a secret.
    """
    try:
        data = from_base64url(text)
    except KnownError:
        raise ValueError("not canonical base64url") from None
    if size is not None and len(data) != size:
        raise ValueError(f"{size} bytes expected, not {len(data)}")
    return data


class Binary(bytes):
    """Bytes of any length in a message: text on the wire, never shown by `repr`.

    A subclass with a `SIZE` is exactly that many bytes; making one of another length raises ValueError.
    """

    SIZE: ClassVar[int | None] = None

    def __new__(cls, data: bytes = b"") -> Self:
        """Make it, after a look at its length."""
        if cls.SIZE is not None and len(data) != cls.SIZE:
            raise ValueError(f"{cls.SIZE} bytes expected, not {len(data)}")
        return super().__new__(cls, data)

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Read it as `decode` does."""
        # Its length was looked at: `__new__` need not do it again.
        return super().__new__(cls, decode(text, cls.SIZE))

    def __repr__(self) -> str:
        """Show the length alone: tokens and wraps go through log lines and test reports."""
        return f"{type(self).__name__}(<{len(self)} bytes>)"

    __str__ = __repr__


class Bytes16(Binary):
    """An id, or a salt."""

    SIZE = 16


class Bytes32(Binary):
    """A hash, a key, a proof, or a token."""

    SIZE = 32


class Bytes61(Binary):
    """A sealed key of 32 bytes: first byte, nonce, ciphertext and tag."""

    SIZE = 61


class Bytes64(Binary):
    """An Ed25519 signature."""

    SIZE = 64


class Bytes93(Binary):
    """The wrap of an account key: a sealed key of 32 bytes with a commitment."""

    SIZE = 93


class Bytes256(Binary):
    """A number of the SRP group, padded on the left with zeros."""

    SIZE = 256
