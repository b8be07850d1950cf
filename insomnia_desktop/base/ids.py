"""Ids of documents and rows, and their form on the wire (protocol v1, scope and 3.2)."""

from __future__ import annotations

import binascii
import os
import re
import struct
from typing import Literal

import msgspec

from insomnia_desktop.base.errors import Bug, KnownError

Kind = Literal["workspace", "folder", "request", "environment", "cookie_jar", "response"]

PREFIXES: dict[str, str] = {
    "workspace": "wrk",
    "folder": "fld",
    "request": "req",
    "environment": "env",
    "cookie_jar": "jar",
    "response": "res",
}
_KINDS = {prefix: kind for kind, prefix in PREFIXES.items()}
_ID = re.compile(r"(wrk|fld|req|env|jar|res)_[0-9a-f]{32}")
_ROW_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_ROW_LENGTH = 12
# Base64 with the letters of its form for addresses (RFC 4648, 5), and back: what is none of them becomes `*`.
_TO_URL = bytes.maketrans(b"+/", b"-_")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_FROM_URL = bytes(byte if byte in _LETTERS else ord("*") for byte in range(256)).translate(
    bytes.maketrans(b"-_", b"+/")
)
_BASE64 = msgspec.json.Decoder(bytes)
_PADDING = (b"", b"=", b"==", b"===")
# By how many letters are missing to a whole group; three cannot be.
_LAST_LETTERS = (b"", b"AEIMQUYcgkosw048", b"AQgw", b"")


def new_id(kind: str) -> str:
    """Return a fresh id: the prefix of the kind and 16 random bytes as 32 lower-case hex digits."""
    return _join(kind, os.urandom(16))


def new_row_id() -> str:
    """Return a fresh id for a row of a table: 12 characters, 62 random bits."""
    import secrets  # imported here, as hashlib below: neither is needed for the first picture of the window

    return "".join(secrets.choice(_ROW_ALPHABET) for _ in range(_ROW_LENGTH))


def new_seed() -> str:
    """Return a fresh workspace seed: 16 random bytes as 22 characters of base64url."""
    return to_base64url(os.urandom(16))


def is_id(text: str) -> bool:
    """Say whether the text is a well-formed local id."""
    return _ID.fullmatch(text) is not None


def kind_of(local_id: str) -> str:
    """Return the kind that the prefix of an id names; raises Bug `ids.malformed`."""
    if not is_id(local_id):
        raise Bug("ids.malformed", id=local_id)
    return _KINDS[local_id[:3]]


def sibling_order(sort_key: str, local_id: str) -> tuple[str, str, str]:
    """Return by what siblings stand in order: their key, equal ones by the bytes of the id (protocol v1, 3.2)."""
    return sort_key, local_id[4:], local_id


def to_wire(local_id: str) -> str:
    """Return the 22 characters that stand for the id on the wire; the prefix stays on the device."""
    kind_of(local_id)
    return to_base64url(bytes.fromhex(local_id[4:]))


def from_wire(kind: str, text: str) -> str:
    """Return the local id for 22 characters of the wire; raises KnownError `ids.not_canonical`."""
    raw = from_base64url(text)
    if len(raw) != 16:
        raise KnownError("ids.not_canonical", text=text)
    return _join(kind, raw)


def singleton_id(seed: str, kind: Literal["base_environment", "cookie_jar"]) -> str:
    """Return the id of a workspace's base environment or cookie jar.

    It is `H(TUP("singleton/1", seed, kind))[:16]`, so that two devices make the same resource while offline.
    `seed` is base64url of 16 bytes. Source: protocol v1, 3.2. Raises KnownError `ids.not_canonical`.
    """
    import hashlib

    raw_seed = from_base64url(seed)
    if len(raw_seed) != 16:
        raise KnownError("ids.not_canonical", text=seed)
    fields = (raw_seed, kind.encode("ascii"))
    tuple_bytes = b"singleton/1\x00" + b"".join(struct.pack(">I", len(field)) + field for field in fields)
    digest = hashlib.sha256(tuple_bytes).digest()[:16]
    return _join("environment" if kind == "base_environment" else "cookie_jar", digest)


def to_base64url(raw: bytes) -> str:
    """Return base64url without padding."""
    return binascii.b2a_base64(raw, newline=False).translate(_TO_URL, b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """Decode base64url in its one canonical form; raises KnownError `ids.not_canonical` for any other spelling."""
    try:
        letters = text.encode("ascii").translate(_FROM_URL)
        missing = -len(letters) % 4
        # Of the last letter only some bits are of the bytes; in the canonical form the others are zeros.
        if not missing or letters[-1:] in _LAST_LETTERS[missing]:
            # Read as a JSON string of bytes: several times as fast as binascii.
            return _BASE64.decode(b'"' + letters + _PADDING[missing] + b'"')
    except (UnicodeEncodeError, msgspec.DecodeError):
        pass
    raise KnownError("ids.not_canonical", text=text)


def _join(kind: str, raw: bytes) -> str:
    try:
        prefix = PREFIXES[kind]
    except KeyError:
        raise Bug("ids.unknown_kind", kind=kind) from None
    return f"{prefix}_{raw.hex()}"
