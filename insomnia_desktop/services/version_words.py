"""What one version of a document changed against the one before it, in a few words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from insomnia_desktop.model.patch import ABSENT, ORDER, diff
from insomnia_desktop.services.sync_words import field_words, value_at

if TYPE_CHECKING:
    from insomnia_desktop.sync.history import OpenedVersion

FolderName = Callable[[str], str | None]
"""The name of a folder by its id on the wire; None for what is no folder that is known here."""
_SWITCH = "enabled"


def change_words(before: OpenedVersion | None, after: OpenedVersion, folder_name: FolderName) -> tuple[str, ...]:
    """Return what a version changed, each change once: `Body: 2 lines`, `Header X-Trace-Id added`, `Moved to Orders`.

    Without a version before it, it was created.
    """
    if before is None:
        return ("Created",)
    if after.deleted:
        return ("Deleted",) if not before.deleted else ("Deleted again",)
    words = ["Brought back"] if before.deleted else []
    old, new = before.plaintext, after.plaintext
    words += [_edit_words(edit.path, edit.value, old.fields, new.fields) for edit in diff(old.fields, new.fields)]
    if old.parent != new.parent:
        name = folder_name(new.parent) if new.parent is not None else None
        words.append(f"Moved to {name}" if name else "Moved")
    elif old.order != new.order:
        words.append("Moved")
    return tuple(dict.fromkeys(words)) or ("The same as before",)


def _edit_words(path: tuple[str, ...], value: Any, old: dict[str, Any], new: dict[str, Any]) -> str:
    words = field_words(path, new, old)
    previous = value_at(old, path)
    if path[-1] == _SWITCH and isinstance(value, bool):
        return f"{field_words(path[:-1], new, old)} switched {'on' if value else 'off'}"
    if path[-1].startswith("@"):
        # A row; what of it is changed has a longer path.
        return f"{words} removed" if value is ABSENT else f"{words} added" if previous is ABSENT else words
    if path[-1] == ORDER:
        return words
    if isinstance(value, dict) and isinstance(value.get("type"), str) and len(path) == 1:
        # The kind of a body or an authentication is another: the whole of it is.
        return f"{words}: {value['type'].replace('_', ' ').capitalize()}"
    if isinstance(value, str) and isinstance(previous, str) and "\n" in value + previous:
        count = changed_lines(previous, value)
        return f"{words}: 1 line" if count == 1 else f"{words}: {count:,} lines"
    return words


def changed_lines(before: str, after: str) -> int:
    """Return how many lines lie from the first to the last one that differ, on the side that has more of them."""
    old, new = before.split("\n"), after.split("\n")
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return max(len(old), len(new)) - head - tail
