"""How deep arrays and objects lie in each other, asked of a JSON text as it came."""

from __future__ import annotations

from itertools import chain
from typing import Any

_HOLDERS = (dict, list)
_TO_BRACES = bytes.maketrans(b"[]", b"{}")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"{}[]")


def is_deeper_than(text: bytes, value: Any, depth: int) -> bool:
    """Say whether arrays and objects lie in each other more than `depth` deep; `value` is what the text was read as.

    Costs no stack, and mostly little time.
    """
    # So few brackets cannot lie too deep, wherever they stand: mostly the value need not be walked.
    return text.count(b"{") + text.count(b"[") > depth and _is_deep(value, depth)


def is_shallow(text: bytes, depth: int) -> bool:
    """Say whether a text that is JSON is no deeper than `depth`; brackets in its strings hide nothing, and add nothing.

    Not to be asked of what no decoder has looked at.
    """
    brackets = text.translate(_TO_BRACES, _NOT_BRACKETS)
    if brackets.count(b"{") <= depth:
        # The usual case, as above.
        return True
    brackets = _outside_strings(text).translate(_TO_BRACES, _NOT_BRACKETS)
    for _ in range(depth):
        if not brackets:
            return True
        # What holds nothing goes: one level each time.
        brackets = brackets.replace(b"{}", b"")
    return not brackets


def _outside_strings(text: bytes) -> bytes:
    if b"\\" in text:
        # Pairs first: the quotation mark behind one ends its string.
        text = text.replace(rb"\\", b"").replace(rb"\"", b"")
    return b"".join(text.split(b'"')[::2])


def _is_deep(value: Any, depth: int) -> bool:
    level = [value] if isinstance(value, _HOLDERS) else []
    for _ in range(depth):
        if not level:
            return False
        items = chain.from_iterable(holder.values() if isinstance(holder, dict) else holder for holder in level)
        level = [item for item in items if isinstance(item, _HOLDERS)]
    return bool(level)
