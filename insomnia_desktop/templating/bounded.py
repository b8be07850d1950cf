"""Operators and filters of expressions, with bounds on what they may make."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import jinja2

MOST_CHARACTERS: Final = 16 * 1024 * 1024
MOST_VALUES: Final = 1_000_000
"""How many members lists and objects may have, all that one expression makes taken together."""
_MOST_BITS: Final = 4096
# Python writes no number of more than 4300 digits.
_MOST_BITS_WRITTEN: Final = 14_000
_LONGEST_RANGE: Final = 10_000
FILTERS: Final = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items", "last",
    "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr",
    "sort", "string", "title", "trim", "truncate", "unique", "upper", "urlencode", "wordcount",
)  # fmt: skip
"""Filters of the engine that make nothing much larger than what they get."""


class TooLarge(Exception):
    """The value would pass the bound."""


class _Spent(threading.local):
    """What the expression that this thread evaluates has made so far."""

    characters = 0
    values = 0


_spent = _Spent()


def begin() -> None:
    """Begin to count what an expression makes, from nothing; one at a time in a thread."""
    _spent.characters = _spent.values = 0


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Raise TooLarge before an operator makes a huge number, text or list."""
    if operator == "+":
        if isinstance(left, str) and isinstance(right, str):
            _spend(characters=len(left) + len(right))
        elif isinstance(left, list) and isinstance(right, list):
            _spend(values=len(left) + len(right))
    elif operator == "*":
        for sequence, count in ((left, right), (right, left)):
            if isinstance(sequence, str | list | tuple) and isinstance(count, int):
                # With all that is in it: a list of lists is cheap to make, and endless to write or compare.
                characters, values = _measured(sequence)
                _spend(characters=characters * max(0, count), values=values * max(0, count))
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() + right.bit_length() > _MOST_BITS:
            raise TooLarge
    elif operator == "**":
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() * max(0, right) > _MOST_BITS:
            raise TooLarge
    elif isinstance(left, str):
        raise TypeError("% works on numbers")


def bounded_range(*arguments: int) -> range:
    """Return a range of at most 10,000 numbers; raises TooLarge."""
    numbers = range(*arguments)
    if len(numbers) > _LONGEST_RANGE:
        raise TooLarge
    return numbers


def concatenated(*parts: Any) -> str:
    """Return the texts of all parts one after another (the operator `~`)."""
    return _joined("", parts)


def plain(value: Any) -> Any:
    """Return the value as JSON knows it; raises TooLarge, and TypeError for what JSON does not know."""
    return _plain(value, [0, 0])


def _join(value: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
    parts = [part.get(attribute) if isinstance(part, dict) else part for part in value] if attribute else value
    return _joined(separator, parts)


def _joined(separator: str, parts: Iterable[Any]) -> str:
    texts: list[str] = []
    size = 0
    for part in parts:
        text = _text(part)
        size += len(text) + len(separator)
        _check(size)
        texts.append(text)
    return separator.join(texts)


def _replace(value: Any, old: str, new: Any, count: int = -1) -> str:
    text, replacement = _text(value), _text(new)
    found = text.count(old)
    _check(len(text) + (found if count < 0 else min(found, count)) * len(replacement))
    return text.replace(old, replacement, count)


def _sum(value: Iterable[Any], attribute: str | None = None, start: Any = 0) -> Any:
    parts = [part.get(attribute) if isinstance(part, dict) else part for part in value] if attribute else value
    total = start
    for part in parts:
        # Lists added one by one would take the square of their number.
        if not isinstance(part, int | float) or not isinstance(total, int | float):
            raise TypeError("sum works on numbers")
        total += part
    return total


def _to_json(value: Any, indent: int | None = None) -> str:
    plain_value = plain(value)
    if indent is None:
        return json.dumps(plain_value, ensure_ascii=False, separators=(",", ":"))
    return json.dumps(plain_value, ensure_ascii=False, indent=max(0, min(indent, 8)))


OWN_FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "join": _join,
    "replace": _replace,
    "tojson": _to_json,
    "dump": _to_json,
    "sum": _sum,
}
"""Filters that could make something huge, with a bound; `dump` is nunjucks' name of `tojson`."""


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, jinja2.Undefined):
        # Its own conversion raises, and names what is missing.
        return str(value)
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def _check(size: int) -> None:
    if size > MOST_CHARACTERS:
        raise TooLarge


def _spend(*, characters: int = 0, values: int = 0) -> None:
    """Count what is about to be made; raises TooLarge where the expression would make too much altogether."""
    _spent.characters += characters
    _spent.values += values
    if _spent.characters > MOST_CHARACTERS or _spent.values > MOST_VALUES:
        raise TooLarge


def _measured(value: Any) -> tuple[int, int]:
    """Return the characters and members of a value with all that is in it; raises TooLarge."""
    size = [0, 0]
    _count(value, size)
    return size[0], size[1] - (0 if isinstance(value, str) else 1)


def _count(value: Any, size: list[int]) -> None:
    _add(size, value)
    if isinstance(value, Mapping):
        for key, member in value.items():
            _count(key, size)
            _count(member, size)
    elif isinstance(value, list | tuple):
        for member in value:
            _count(member, size)


def _add(size: list[int], value: Any) -> None:
    if isinstance(value, str):
        size[0] += len(value)
    size[1] += 1 + (len(value) if isinstance(value, range) else 0)
    if size[0] > MOST_CHARACTERS or size[1] > MOST_VALUES:
        raise TooLarge


def _plain(value: Any, size: list[int]) -> Any:
    _add(size, value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, jinja2.Undefined):
        return str(value)
    if value is None or isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return {_text(key): _plain(member, size) for key, member in value.items()}
    if isinstance(value, range):
        return list(value)
    if isinstance(value, list | tuple) or hasattr(value, "__next__") or hasattr(value, "__iter__"):
        return [_plain(member, size) for member in value]
    raise TypeError(f"{type(value).__name__} is not a value")


def _number(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("the number is not finite")
    if isinstance(value, int) and value.bit_length() > _MOST_BITS_WRITTEN:
        raise TooLarge
    return value
