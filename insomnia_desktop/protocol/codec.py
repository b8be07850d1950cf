"""A message to the bytes of an HTTP body and back; bodies are one JSON object (protocol v1, 3.4)."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from insomnia_desktop.base.json_depth import is_deeper_than
from insomnia_desktop.protocol.binary import Binary, encode
from insomnia_desktop.protocol.limits import JSON_DEPTH

T = TypeVar("T")

_PATH = re.compile(r" - at `\$\.?(.*)`$")
_MISSING = re.compile(r"missing required field `([^`]*)`")


class MalformedBody(Exception):
    """The bytes are no JSON object, or a deeper one than allowed; the message says which, without the content."""


class InvalidBody(Exception):
    """A JSON object of another shape than its message; `field` is the path, as `kdf.salt`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def encode_body(value: object) -> bytes:
    """Return a message as JSON in UTF-8, its binary fields as base64url."""
    return msgspec.json.encode(value, enc_hook=_to_text)


def decode_body(data: bytes, kind: type[T], depth: int = JSON_DEPTH) -> T:
    """Read a body as a message of `kind`; unknown fields are ignored, of a field given twice the last counts.

    Raises MalformedBody for what is no JSON object of at most `depth` levels, InvalidBody for another shape.
    """
    try:
        value: object = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise MalformedBody("not JSON") from None
    if not isinstance(value, dict):
        raise MalformedBody("not an object")
    if is_deeper_than(data, value, depth):
        raise MalformedBody("too deep")
    try:
        return msgspec.convert(value, kind, dec_hook=_from_text)
    except msgspec.ValidationError as error:
        field = _field(str(error))
    raise InvalidBody(field)


def _to_text(value: object) -> str:
    if isinstance(value, Binary):
        return encode(value)
    raise NotImplementedError(f"{type(value).__name__} has no form on the wire")


def _from_text(kind: type[T], value: object) -> T:
    if not issubclass(kind, Binary):
        raise NotImplementedError(f"{kind.__name__} has no form on the wire")
    if not isinstance(value, str):
        raise ValueError("text expected")
    return kind.of_text(value)


def _field(message: str) -> str:
    """Return the path of the field that a message of msgspec names, "" for the body itself."""
    path = _PATH.search(message)
    missing = _MISSING.search(message)
    parts = [path.group(1) if path else "", missing.group(1) if missing else ""]
    return ".".join(part for part in parts if part)
