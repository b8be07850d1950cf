"""Fields and values of documents in words, for histories and conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model.patch import ABSENT, ORDER, Path, diff
from insomnia_desktop.model.patch import value_at as value_at
from insomnia_desktop.services.sync_views import Difference, ShownValue
from insomnia_desktop.store import codec

_PLACE, _REST = "#place", "#rest"
_FIELDS = {
    "name": "Name",
    "url": "Address",
    "method": "Method",
    "description": "Docs",
    "parameters": "Parameters",
    "path_parameters": "Path parameters",
    "headers": "Headers",
    "body": "Body",
    "authentication": "Authentication",
    "settings": "Settings",
    "variables": "Variables",
    "color": "Colour",
    "cookies": "Cookies",
    "seed": "Seed",
    "sync_cookies": "Sync of cookies",
}
_ROWS = {
    "parameters": "Parameter",
    "path_parameters": "Path parameter",
    "headers": "Header",
    "variables": "Variable",
    "cookies": "Cookie",
    "rows": "Field",
    "parts": "Part",
}
# What of a row or an object says nothing by itself.
_PLAIN = ("text", "value", "rows", "parts", "type")


def field_words(path: Path, *versions: JsonObject) -> str:
    """Return what a path leads to: `Address`, `Header X-Trace-Id`, `Body`, `Authentication: password`.

    Names of rows are looked up in the versions of the document, the first one first.
    """
    if not path:
        return "Document"
    if path[0] == _PLACE:
        return "Place"
    if path[0] == _REST:
        return f"Unknown field {path[-1].lstrip(chr(92))}"
    first, *rest = path
    words = _FIELDS.get(first, first.lstrip("\\#"))
    if not rest:
        return words
    if rest[0] == ORDER:
        return f"{words}: order"
    if rest[0].startswith("@"):
        return _row_words(path[:1], rest, versions)
    if len(rest) > 1 and rest[1].startswith("@"):
        return f"{words}: {_row_words(path[:2], rest[1:], versions).lower()}"
    return words if rest[0] in _PLAIN else f"{words}: {rest[0].lstrip(chr(92)).replace('_', ' ')}"


def shown(value: Any) -> ShownValue:
    """Return a value as people read it."""
    if value is ABSENT:
        return ShownValue("", present=False)
    return ShownValue(value if isinstance(value, str) else codec.encode(value), value=value)


def differences(before: JsonObject, after: JsonObject) -> tuple[Difference, ...]:
    """Return in what two versions of a document differ, field by field and row by row."""
    return tuple(
        Difference(
            field_words(edit.path, after, before), edit.path, shown(value_at(before, edit.path)), shown(edit.value)
        )
        for edit in diff(before, after)
    )


def _row_words(table: Path, rest: Sequence[str], versions: Sequence[JsonObject]) -> str:
    row_id, *inside = rest
    words = _ROWS.get(table[-1], _FIELDS.get(table[-1], table[-1]))
    for version in versions:
        row = value_at(version, (*table, row_id))
        if isinstance(row, dict) and isinstance(row.get("name"), str) and row["name"]:
            words = f"{words} {row['name']}"
            break
    if not inside or inside[0] in _PLAIN:
        return words
    return f"{words}: {inside[0].replace('_', ' ')}"
