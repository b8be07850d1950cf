"""The bytes inside an envelope to a plaintext and back, with every rule that a reader checks (protocol v1, 3.2)."""

from __future__ import annotations

import functools
from typing import Any

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.base.json_depth import is_deeper_than, is_shallow
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model.document import SCHEMA
from insomnia_desktop.model.sort_key import is_sort_key
from insomnia_desktop.protocol.limits import ID_BYTES, PLAINTEXT_DEPTH
from insomnia_desktop.sync.values import Plaintext, QuarantineReason, Sketch

KINDS = frozenset({"workspace", "folder", "request", "environment", "cookie_jar"})
_KNOWN = ("s", "t", "p", "o", "d")
# The many of a workspace; of the others single fields are asked for by SQL, which reads a key given twice otherwise.
_SKETCHED = frozenset({"folder", "request"})
_DIGITS = bytes.maketrans(b"0123456789E", b"0000000000e")
_LONG_NUMBER = b"0" * 200
_ID_LETTERS = len(to_base64url(bytes(ID_BYTES)))


class _Frame(msgspec.Struct, forbid_unknown_fields=True):
    s: int
    t: str
    p: str
    o: str
    d: msgspec.Raw


_FRAME = msgspec.json.Decoder(_Frame)


def sketch_plaintext(data: bytes) -> Sketch | None:
    """Return the sketch of a folder or request that `read_plaintext` would read, or None: then that has to say more.

    Several times as fast: the fields are looked at, but not made into objects. Raises nothing.
    """
    try:
        frame = _FRAME.decode(data)
        text = data.decode("utf-8")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    # What the decoder passes over in a part that it only skips: halves of surrogate pairs, and numbers out of range.
    # To look for one byte takes a fraction of the time that two take, and mostly it is not there.
    if (b"\\" in data and b"\\u" in data) or _has_great_number(data.translate(_DIGITS)):
        return None
    fields = bytes(frame.d)
    if frame.t not in _SKETCHED or frame.s != SCHEMA or fields[:1] != b"{" or not is_shallow(data, PLAINTEXT_DEPTH):
        return None
    # What cannot be an id is not kept: it may be 16 MiB long.
    if len(frame.p) != _ID_LETTERS or not _is_known_id(frame.p) or not is_sort_key(frame.o):
        return None
    return Sketch(frame.s, frame.t, frame.p, frame.o, fields.decode("utf-8"), text)


def read_plaintext(data: bytes, schema: int = SCHEMA) -> Plaintext | QuarantineReason:
    """Return the plaintext, or why it cannot be used here; `schema` is the newest that this program knows.

    Raises nothing, whatever the bytes are.
    """
    try:
        value: Any = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "malformed"
    if not isinstance(value, dict) or is_deeper_than(data, value, PLAINTEXT_DEPTH):
        return "malformed"
    number, kind = value.get("s"), value.get("t")
    if type(number) is not int or number < 1 or not isinstance(kind, str):
        return "malformed"
    # Of a newer schema nothing else is known, not even what its keys mean.
    if number > schema or kind not in KINDS:
        return "newer_schema"
    parent, order, fields = value.get("p"), value.get("o"), value.get("d")
    well_placed = parent is None if kind == "workspace" else _is_id(parent)
    if not well_placed or "p" not in value or not isinstance(fields, dict):
        return "malformed"
    # An order that ends in `0` is not to be made; the protocol's own example has one, so it is read.
    if not isinstance(order, str) or not is_sort_key(order):
        return "malformed"
    rest = {key: item for key, item in value.items() if key not in _KNOWN} if len(value) > len(_KNOWN) else {}
    return Plaintext(number, kind, parent, order, fields, rest)


def write_plaintext(plaintext: Plaintext) -> bytes:
    """Return the JSON in UTF-8 that goes into an envelope."""
    return msgspec.json.encode(as_json(plaintext))


def as_json(plaintext: Plaintext) -> JsonObject:
    """Return the JSON object, known keys first."""
    return {
        "s": plaintext.schema,
        "t": plaintext.kind,
        "p": plaintext.parent,
        "o": plaintext.order,
        "d": plaintext.fields,
        **plaintext.rest,
    }


def _has_great_number(digits: bytes) -> bool:
    """Say whether a number may be too great for this program, of a text in which all digits are zeros.

    Without these each is less than 10^200 before an exponent of two digits.
    """
    if _LONG_NUMBER in digits:
        return True
    return b"0e" in digits and (b"0e000" in digits or b"0e+0" in digits or b"0e-0" in digits)


@functools.lru_cache(maxsize=256)
def _is_known_id(text: str) -> bool:
    # Most documents stand with many others in one folder.
    return _is_id(text)


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and len(from_base64url(value)) == ID_BYTES
    except KnownError:
        return False
