"""The context menu of the viewers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


class Entry(NamedTuple):
    """One deed of the menu; `key` is shown beside it, the viewer itself listens to it."""

    text: str
    deed: Callable[[], None]
    key: QKeySequence.StandardKey | None = None
    enabled: bool = True


def open_copy_menu(parent: QWidget, point: QPoint, entries: Sequence[Entry]) -> None:
    """Open a menu at a point of the screen; it goes away by itself."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for entry in entries:
        action = menu.addAction(entry.text, entry.deed)
        action.setEnabled(entry.enabled)
        if entry.key is not None:
            action.setShortcut(entry.key)
    menu.popup(point)
