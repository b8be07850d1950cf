"""From rows to documents and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import Document, TreeRow

DOCUMENT_COLUMNS = "document.id, kind, workspace_id, parent_id, sort_key, schema, created, modified, content.fields"
"""What `document` needs, of `document JOIN content USING (number)`."""

TREE_COLUMNS = "id, kind, parent_id, sort_key, name, method, url"
"""What `tree_row` needs, of `document`."""

_FIELDS = msgspec.json.Decoder(dict[str, Any])
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


def decode_fields(text: str) -> JsonObject:
    """Return the fields of a document."""
    return _FIELDS.decode(text)


def document(row: Sequence[Any]) -> Document:
    """Return the document of a row of DOCUMENT_COLUMNS."""
    document_id, kind, workspace_id, parent_id, sort_key, schema, created, modified, fields = row
    return Document(
        id=document_id,
        kind=kind,
        workspace_id=workspace_id,
        parent_id=parent_id,
        sort_key=sort_key,
        schema=schema,
        created=created,
        modified=modified,
        fields=_FIELDS.decode(fields),
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
