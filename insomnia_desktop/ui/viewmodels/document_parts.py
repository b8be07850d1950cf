"""The parts of a document in words, as history and conflicts name them: Address, Body, Headers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QCoreApplication

_JSON: Final = "json"
_PLACE: Final = "#place"


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


def _looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[", '"') or text.lstrip()[:1].isdigit()


def _tr(text: str) -> str:
    return QCoreApplication.translate("DocumentParts", text)
