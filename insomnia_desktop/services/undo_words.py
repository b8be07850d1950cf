"""The words for a step of undo."""

from __future__ import annotations

from insomnia_desktop.store.undo_rows import UndoLabel

_KINDS = {"workspace": "workspace", "folder": "folder", "request": "request", "environment": "environment"}
_FIELDS = {
    "url": "address",
    "description": "docs",
    "parameters": "parameters",
    "path_parameters": "path parameters",
    "headers": "headers",
    "body": "body",
    "authentication": "authentication",
    "settings": "settings",
    "method": "method",
    "variables": "variables",
    "color": "colour",
    "cookies": "cookies",
}
_DEEDS = {"create": "new", "delete": "delete", "restore": "restore", "move": "move", "duplicate": "duplicate"}


def undo_words(label: UndoLabel) -> str:
    """Return what a step did: `edit address of “List orders”`, `rename “Orders”`, `delete 3 items`."""
    if label.action == "edit":
        if label.parts == ("name",):
            return f"rename “{label.name}”"
        parts = " and ".join(_FIELDS.get(part, part) for part in label.parts[:2]) or "fields"
        return f"edit {parts} of “{label.name}”"
    if label.action == "settle":
        return f"settle the conflict of “{label.name}”"
    deed = _DEEDS.get(label.action, label.action)
    if label.count > 1:
        return f"{deed} {label.count} {_KINDS.get(label.kind, 'item')}s"
    return f"{deed} {_KINDS.get(label.kind, 'item')} “{label.name}”"
