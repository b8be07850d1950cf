"""Operators and filters of expressions, with bounds on what they may make."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import jinja2

MOST_CHARACTERS: Final = 16 * 1024 * 1024
_MOST_BITS: Final = 4096
_LONGEST_RANGE: Final = 10_000
FILTERS: Final = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int", "items", "last",
    "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "round", "select", "selectattr",
    "sort", "string", "sum", "title", "trim", "truncate", "unique", "upper", "urlencode", "wordcount",
)  # fmt: skip
"""Filters of the engine that make nothing much larger than what they get."""


class TooLarge(Exception):
    """The value would pass the bound."""


def check_operation(operator: str, left: Any, right: Any) -> None:
    """Raise TooLarge before an operator makes a huge number, text or list."""
    if operator == "+":
        if isinstance(left, str | list) and isinstance(right, str | list):
            _check(len(left) + len(right))
    elif operator == "*":
        for sequence, count in ((left, right), (right, left)):
            if isinstance(sequence, str | list | tuple) and isinstance(count, int):
                _check(len(sequence) * max(0, count))
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
    _measure(value, [0])
    return _plain(value)


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


def _measure(value: Any, size: list[int]) -> None:
    size[0] += len(value) if isinstance(value, str) else 1
    _check(size[0])
    if isinstance(value, Mapping):
        for key, member in value.items():
            _measure(key, size)
            _measure(member, size)
    elif isinstance(value, list | tuple):
        for member in value:
            _measure(member, size)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, jinja2.Undefined):
        return str(value)
    if isinstance(value, Mapping):
        return {_text(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple | range) or hasattr(value, "__next__") or hasattr(value, "__iter__"):
        members = list(value)
        _measure(members, [0])
        return [_plain(member) for member in members]
    raise TypeError(f"{type(value).__name__} is not a value")
