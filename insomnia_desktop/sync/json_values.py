"""JSON values compared as JSON: `true` is not 1, 1 is not 1.0, and depth costs no stack."""

from __future__ import annotations

from typing import Any


def same(one: Any, other: Any) -> bool:
    """Say whether two JSON values are the same value; the order of an object's keys does not count."""
    waiting = [(one, other)]
    while waiting:
        left, right = waiting.pop()
        if left is right:
            continue
        if type(left) is not type(right):
            return False
        if isinstance(left, dict):
            if left.keys() != right.keys():
                return False
            waiting.extend((value, right[key]) for key, value in left.items())
        elif isinstance(left, list):
            if len(left) != len(right):
                return False
            waiting.extend(zip(left, right, strict=True))
        elif left != right:
            return False
    return True
