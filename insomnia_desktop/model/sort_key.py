"""Order keys of siblings: between two keys there is another (protocol v1, 3.2).

A key is 1 to 200 characters of `0-9A-Za-z`, compared as ASCII, and none that is made here ends in `0`.
"""

from __future__ import annotations

from insomnia_desktop.base.errors import Bug

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
MOST_CHARACTERS = 200
_BASE = len(DIGITS)
_VALUE = {digit: value for value, digit in enumerate(DIGITS)}
# Keys at either end are counted in whole steps of this width, so that appending does not lengthen them.
_WIDTH = 4
_STEPS = _BASE**_WIDTH


def is_sort_key(text: str) -> bool:
    """Say whether a text can be compared as an order key."""
    # isalnum knows more letters than ASCII has, and none of ASCII but these.
    return 0 < len(text) <= MOST_CHARACTERS and text.isascii() and text.isalnum()


def between(before: str | None, after: str | None) -> str:
    """Return a key greater than `before` and less than `after`; None is the open end.

    Raises Bug `sort_key.no_room` where the two are equal, in the wrong order, no order keys at all (as another program
    may write) or leave no key of 200 characters between them: the caller then spreads the siblings anew.
    """
    if any(key is not None and not is_sort_key(key) for key in (before, after)):
        raise Bug("sort_key.no_room", before=before, after=after)
    if before is not None and after is not None and before >= after:
        raise Bug("sort_key.no_room", before=before, after=after)
    key = None
    if after is None:
        key = _step(before, +1) if before is not None else _write(_STEPS // 2 + 1)
    elif before is None:
        key = _step(after, -1)
    if key is None:
        key = _middle(before or "", after)
    if len(key) > MOST_CHARACTERS or (before is not None and key <= before) or (after is not None and key >= after):
        raise Bug("sort_key.no_room", before=before, after=after)
    return key


def spread(count: int) -> list[str]:
    """Return `count` rising keys, evenly apart."""
    width = 1
    while _BASE**width < 2 * (count + 1):
        width += 1
    room = _BASE**width
    keys = []
    for position in range(1, count + 1):
        value = position * room // (count + 1)
        keys.append(_write(value, width).rstrip("0") if value % _BASE else _write(value, width) + DIGITS[1])
    return keys


def _step(key: str, direction: int) -> str | None:
    """Return the next whole step beside a key, or None where there is none."""
    value = 0
    for character in key[:_WIDTH].ljust(_WIDTH, "0"):
        value = value * _BASE + _VALUE[character]
    if direction < 0 and len(key.rstrip("0")) > _WIDTH and value % _BASE:
        return _write(value)
    value += direction
    if value % _BASE == 0:
        value += direction
    return _write(value) if 0 < value < _STEPS else None


def _middle(before: str, after: str | None) -> str:
    """Return a key between two fractions in base 62; an empty `before` is 0 and None is 1."""
    key = ""
    position = 0
    while True:
        low = _VALUE[before[position]] if position < len(before) else 0
        high = _BASE if after is None else _VALUE[after[position]] if position < len(after) else 0
        if after is not None and low > high:
            return ""
        if high - low > 1:
            return key + DIGITS[(low + high) // 2]
        key += DIGITS[low]
        if low < high:
            after = None
        position += 1
        if position > MOST_CHARACTERS:
            return key


def _write(value: int, width: int = _WIDTH) -> str:
    text = ""
    for _ in range(width):
        value, digit = divmod(value, _BASE)
        text = DIGITS[digit] + text
    return text
