"""Which edits of a draft belong together as one step of undo: typing in one text, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

# What is chosen, not typed: each choice is a step of its own.
_CHOSEN = ("kind", "http_version")


def typed_field(before: msgspec.Struct, after: msgspec.Struct) -> str:
    """Return the one field in which two values differ by typing (text or number); empty where it is anything else."""
    if type(before) is not type(after):
        return ""
    was, now = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    different = [name for name, value in now.items() if value != was[name]]
    if len(different) != 1 or different[0] in _CHOSEN:
        return ""
    return different[0] if all(_is_typed(values[different[0]]) for values in (was, now)) else ""


def value_step(field: str, before: msgspec.Struct, after: msgspec.Struct) -> str:
    """Return the key of a step that edits one value; empty for a step of its own."""
    typed = typed_field(before, after)
    return f"{field}:{typed}" if typed else ""


def rows_step(field: str, before: Sequence[Any], after: Sequence[Any]) -> str:
    """Return the key of a step that types in one cell of a table of rows with ids; empty for a step of its own.

    A row that began by the typing is one that was empty before.
    """
    old = {row.id: row for row in before}
    if [row.id for row in after if row.id in old] != list(old):
        return ""
    changed = [row for row in after if old.get(row.id) != row]
    if len(changed) != 1:
        return ""
    row = changed[0]
    typed = typed_field(old.get(row.id) or type(row)(id=row.id), row)
    return f"{field}:{row.id}:{typed}" if typed else ""


def _is_typed(value: Any) -> bool:
    return value is None or (isinstance(value, str | int) and not isinstance(value, bool))
