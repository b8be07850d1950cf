"""How deep arrays and objects lie in each other, asked of a JSON text as it came."""

from __future__ import annotations

from typing import Any

_TO_BRACES = bytes.maketrans(b"[]", b"{}")
_NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in b"{}[]")


def is_deeper_than(text: bytes, value: Any, depth: int) -> bool:
    """Say whether arrays and objects lie in each other more than `depth` deep; `value` is what the text was read as.

    Costs no stack, and little time for a text without brackets in its strings.
    """
    return not is_shallow(text, depth) and _is_deep(value, depth)


def is_shallow(text: bytes, depth: int) -> bool:
    """Say whether a text that is JSON is no deeper than `depth`; brackets in its strings hide nothing, and add nothing.

    Not to be asked of what no decoder has looked at.
    """
    brackets = text.translate(_TO_BRACES, _NOT_BRACKETS)
    if brackets.count(b"{") <= depth:
        # The usual case: so few cannot lie too deep, wherever they stand.
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
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        if not level:
            return False
        level = [
            item
            for holder in level
            for item in (holder.values() if isinstance(holder, dict) else holder)
            if isinstance(item, dict | list)
        ]
    return bool(level)
