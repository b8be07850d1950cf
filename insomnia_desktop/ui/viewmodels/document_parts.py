"""The parts of a document in words, as history and conflicts name them: Address, Body, Headers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from insomnia_desktop.services.sync_views import ShownValue

_JSON: Final = "json"
_PLACE: Final = "#place"
_OF_A_ROW: Final = frozenset({"id", "enabled", "name", "value"})


def part_of(path: Sequence[str]) -> str:
    """Return the first step of a path, which is the part of the document that it lies in."""
    return path[0] if path else ""


def part_words(part: str) -> str:
    """Return what a part is called in the window; one that is not known is called by its own name."""
    words = {
        "name": _tr("Name"),
        "description": _tr("Docs"),
        "method": _tr("Method"),
        "url": _tr("Address"),
        "parameters": _tr("Params"),
        "path_parameters": _tr("Path params"),
        "headers": _tr("Headers"),
        "body": _tr("Body"),
        "authentication": _tr("Auth"),
        "settings": _tr("Settings"),
        "variables": _tr("Variables"),
        "color": _tr("Colour"),
        "cookies": _tr("Cookies"),
        _PLACE: _tr("Place in the tree"),
    }
    return words.get(part, part.lstrip("\\#@").replace("_", " ").capitalize() or _tr("Document"))


def language_of(path: Sequence[str], fields: dict[str, Any] | None = None, *texts: str) -> str:
    """Return the language in which a value is to be read: that of the body's type, Markdown for docs, else text.

    Where the fields of the document are not known, texts that all look like JSON are read as JSON.
    """
    part = part_of(path)
    if part == "description":
        return "markdown"
    if part != "body":
        return "text"
    if tuple(path[1:]) == ("query",):
        return "graphql"
    body = (fields or {}).get("body")
    media_type = str(body.get("media_type", "")) if isinstance(body, dict) else ""
    if _JSON in media_type or (not media_type and texts and all(_looks_like_json(text) for text in texts if text)):
        return _JSON
    return "xml" if "xml" in media_type else "text"


def readable(text: str) -> str:
    """Return compact JSON of an object or a list laid out over lines, and everything else as it is."""
    if text[:1] not in ("{", "[") or "\n" in text:
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return text  # it only looks like JSON, which a template may
    return json.dumps(value, indent=2, ensure_ascii=False) if value else text


def shown_text(shown: ShownValue, path: Sequence[str]) -> str | None:
    """Return a value as it is read: rows of tables as `name: value`, JSON over lines, None for no value."""
    if not shown.present:
        return None
    value = shown.value
    if path[-1:] == ("#order",) and isinstance(value, list):
        return _tr("%d rows in this order") % len(value)
    if _is_row(value):
        return row_text(value)
    if isinstance(value, list) and value and all(map(_is_row, value)):
        return "\n".join(map(row_text, value))
    return readable(shown.text)


def row_text(row: dict[str, Any]) -> str:
    """Return a row of a table in a line, and what else it says in lines under it."""
    value = row.get("value", "")
    first = f"{row.get('name', '')}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
    if row.get("enabled") is False:
        first = _tr("%s (off)") % first
    others = [f"  {key}: {text}" for key, text in row.items() if key not in _OF_A_ROW and text not in ("", None, [])]
    return "\n".join([first, *others])


def _is_row(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str) and "name" in value


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[", '"') or text.lstrip()[:1].isdigit()


def _tr(text: str) -> str:
    return QCoreApplication.translate("DocumentParts", text)
