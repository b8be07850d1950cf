"""Who gets Ctrl+Z in a line of text: the line as long as it has something to take back, then the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit


def leave_undo_to_window(line: QLineEdit, event: QEvent) -> bool:
    """Refuse the ShortcutOverride of an undo or redo that the line cannot do; say whether it was one.

    Qt's lines take both keys always, so that a window's own undo would never get them.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    undoes = event.matches(QKeySequence.StandardKey.Undo) and not line.isUndoAvailable()
    redoes = event.matches(QKeySequence.StandardKey.Redo) and not line.isRedoAvailable()
    if undoes or redoes:
        event.ignore()
    return undoes or redoes
