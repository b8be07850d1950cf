"""Settings and the state of this device."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.store import codec
from insomnia_desktop.store.reader import Reader

_NO_JSON: Final = object()


def settings(reader: Reader) -> dict[str, JsonValue]:
    """Return every setting that was set, by key; one that is no JSON counts as not set."""
    values = {key: _decoded(value) for key, value in reader.rows("SELECT key, value FROM setting")}
    return {key: value for key, value in values.items() if value is not _NO_JSON}


def local(reader: Reader, key: str) -> JsonValue:
    """Return a value that is kept on this device alone, or None; one that is no JSON counts as not kept."""
    row = reader.row("SELECT value FROM local WHERE key = ?", (key,))
    value = _decoded(row[0]) if row else None
    return None if value is _NO_JSON else value


def _decoded(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except codec.NO_JSON:
        return _NO_JSON
