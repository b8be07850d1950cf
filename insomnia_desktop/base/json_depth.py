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
    """Say whether the text cannot be deeper, its brackets in strings counted too."""
    brackets = text.translate(_TO_BRACES, _NOT_BRACKETS)
    for _ in range(depth):
        if not brackets:
            return True
        # What holds nothing goes: one level each time.
        brackets = brackets.replace(b"{}", b"")
    return not brackets


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
