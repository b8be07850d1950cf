"""Settings and the state of this device."""

from __future__ import annotations

import msgspec

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.store.reader import Reader


def settings(reader: Reader) -> dict[str, JsonValue]:
    """Return every setting that was set, by key."""
    return {key: msgspec.json.decode(value) for key, value in reader.rows("SELECT key, value FROM setting")}


def local(reader: Reader, key: str) -> JsonValue:
    """Return a value that is kept on this device alone, or None."""
    row = reader.row("SELECT value FROM local WHERE key = ?", (key,))
    return msgspec.json.decode(row[0]) if row else None
