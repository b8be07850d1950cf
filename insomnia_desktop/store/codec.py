"""From rows to documents and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import PREFIXES
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import Document, TreeRow

DOCUMENT_COLUMNS = (
    "document.id, kind, workspace_id, parent_id, sort_key, schema, created, modified, CAST(content.fields AS BLOB)"
)
"""What `document` needs, of `document LEFT JOIN content USING (number)`.

The fields come as bytes: what is no UTF-8 in them then concerns their document, not the whole query.
"""

TREE_COLUMNS = "id, kind, parent_id, sort_key, name, method, url"
"""What `tree_row` needs, of `document`."""

NO_JSON = (ValueError, TypeError, RecursionError)
"""What reading damaged JSON raises: msgspec's own errors and what is no UTF-8 are ValueErrors, NULL is a TypeError."""


class _Shown(msgspec.Struct):
    """What the tree shows of a document; anything may stand there."""

    name: Any = None
    method: Any = None
    url: Any = None


_FIELDS = msgspec.json.Decoder(dict[str, Any])
_SHOWN = msgspec.json.Decoder(_Shown)
_ENCODER = msgspec.json.Encoder()


def encode(value: Any) -> str:
    """Return a JSON value as compact text; half a surrogate pair, which UTF-8 cannot hold, becomes U+FFFD."""
    try:
        return _ENCODER.encode(value).decode("utf-8")
    except OverflowError:
        # Whole numbers of more than 64 bits.
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return whole(text)
    except UnicodeEncodeError:
        return encode(_whole_texts(value))


def whole(text: str) -> str:
    """Return a text that UTF-8 can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def decode_fields(text: str | bytes | None, document_id: str) -> JsonObject:
    """Return the fields of a document; raises KnownError `document.invalid` where they are no JSON object."""
    try:
        return _FIELDS.decode(text)  # type: ignore[arg-type]  # of None it raises TypeError
    except NO_JSON as error:
        raise unreadable(document_id) from error


def unreadable(document_id: str) -> KnownError:
    """Return the error for something whose stored JSON cannot be read at all."""
    return KnownError("document.invalid", id=document_id, reason="unreadable")


def document(row: Sequence[Any]) -> Document:
    """Return the document of a row of DOCUMENT_COLUMNS; raises KnownError `document.invalid`."""
    document_id, kind, workspace_id, parent_id, sort_key, schema, created, modified, fields = row
    if document_id[:3] != PREFIXES.get(kind, document_id[:3]):
        raise unreadable(document_id)
    return Document(
        id=document_id,
        kind=kind,
        workspace_id=workspace_id,
        parent_id=parent_id,
        sort_key=sort_key,
        schema=schema,
        created=created,
        modified=modified,
        fields=decode_fields(fields, document_id),
    )


def tree_row(row: Sequence[Any]) -> TreeRow:
    """Return the narrow row of a row of TREE_COLUMNS."""
    document_id, kind, parent_id, sort_key, name, method, url = row
    return TreeRow(id=document_id, kind=kind, parent_id=parent_id, sort_key=sort_key, name=name, method=method, url=url)


def narrow(kind: str, fields: JsonObject) -> tuple[str, str, str]:
    """Return name, method and address as the tree shows them; what is not text counts as empty."""
    if kind != "request":
        return _shown(fields.get("name")), "", ""
    return _shown(fields.get("name")), _shown(fields.get("method")), _shown(fields.get("url"))


def narrow_text(kind: str, text: str, document_id: str) -> tuple[str, str, str]:
    """Return what `narrow` returns, of fields as JSON, which are not read any further than for that.

    Raises KnownError `document.invalid`.
    """
    try:
        shown = _SHOWN.decode(text)
    except NO_JSON as error:
        raise unreadable(document_id) from error
    if kind != "request":
        return _shown(shown.name), "", ""
    return _shown(shown.name), _shown(shown.method), _shown(shown.url)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _whole_texts(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, dict):
        return {whole(key): _whole_texts(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_whole_texts(item) for item in value]
    return value
