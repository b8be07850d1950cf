"""The bytes inside an envelope to a plaintext and back, with every rule that a reader checks (protocol v1, 3.2)."""

from __future__ import annotations

from typing import Any

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import from_base64url
from insomnia_desktop.base.json_depth import is_deeper_than
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model.document import SCHEMA
from insomnia_desktop.model.sort_key import is_sort_key
from insomnia_desktop.protocol.limits import ID_BYTES, PLAINTEXT_DEPTH
from insomnia_desktop.sync.values import Plaintext, QuarantineReason

KINDS = frozenset({"workspace", "folder", "request", "environment", "cookie_jar"})
_KNOWN = ("s", "t", "p", "o", "d")


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


def _is_id(value: object) -> bool:
    try:
        return isinstance(value, str) and len(from_base64url(value)) == ID_BYTES
    except KnownError:
        return False
