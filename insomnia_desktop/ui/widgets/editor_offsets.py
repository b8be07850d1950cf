"""Converts between the characters of Python and the UTF-16 units that Qt counts text in."""

from __future__ import annotations

import re

_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def to_units(text: str, index: int) -> int:
    """Return how many UTF-16 units the first `index` characters of `text` are."""
    if text.isascii():
        return index
    return index + len(_BEYOND.findall(text, 0, index))


def to_index(text: str, units: int) -> int:
    """Return how many characters of `text` lie in its first `units` UTF-16 units."""
    if text.isascii() or not _BEYOND.search(text):
        return min(units, len(text))
    encoded = text.encode("utf-16-le", "surrogatepass")[: units * 2]
    return len(encoded.decode("utf-16-le", "ignore"))


def length_in_units(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return to_units(text, len(text))


def has_wide_characters(text: str) -> bool:
    """Say whether some character of `text` takes two units."""
    return not text.isascii() and _BEYOND.search(text) is not None
