"""Which keys a line of text leaves to the window: Ctrl with most letters, and Ctrl+Z once nothing is to take back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

_OF_THE_LINE = frozenset({Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z})


def leave_keys_to_window(line: QLineEdit, event: QEvent) -> bool:
    """Refuse the ShortcutOverride of keys that belong to the window; say whether it was one.

    On X11 Qt's lines take Ctrl+E and others for themselves (end of the line), so the window's own would never get them.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    is_letter = Qt.Key.Key_A <= event.key() <= Qt.Key.Key_Z
    if event.modifiers() == Qt.KeyboardModifier.ControlModifier and is_letter and event.key() not in _OF_THE_LINE:
        event.ignore()
        return True
    return leave_undo_to_window(line, event)


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
