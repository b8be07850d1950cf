"""What a screen reader says of a widget."""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget


def spoken_name(widget: QWidget) -> str:
    """Return the name that Qt gives to assistive programs: the accessible name, else the text of a button."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def nameless_controls(root: QWidget) -> set[str]:
    """Return the visible widgets under one that the keyboard reaches and that a screen reader cannot name."""
    return {
        part.objectName() or type(part).__name__
        for part in root.findChildren(QWidget)
        if part.focusPolicy().value and part.focusProxy() is None and part.isVisible() and not spoken_name(part)
    }
