"""Which keys an editor takes and what they do; everything else is left to the text edit or to the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QPlainTextEdit

from insomnia_desktop.ui.widgets.editor_find import EditorFind
from insomnia_desktop.ui.widgets.editor_folding import EditorFolding
from insomnia_desktop.ui.widgets.editor_typing import Typing
from insomnia_desktop.ui.widgets.editor_variables import EditorVariables

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier
_HELD = _CTRL | _SHIFT | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_OWN = {
    (Qt.Key.Key_F, _CTRL): "find",
    (Qt.Key.Key_H, _CTRL): "replace",
    (Qt.Key.Key_F3, _NONE): "next",
    (Qt.Key.Key_F3, _SHIFT): "previous",
    (Qt.Key.Key_Space, _CTRL): "complete",
    (Qt.Key.Key_BracketLeft, _CTRL | _SHIFT): "fold",
    (Qt.Key.Key_BraceLeft, _CTRL | _SHIFT): "fold",
    (Qt.Key.Key_BracketRight, _CTRL | _SHIFT): "unfold",
    (Qt.Key.Key_BraceRight, _CTRL | _SHIFT): "unfold",
    # Taken by typing, named here so that no shortcut of the window gets them.
    (Qt.Key.Key_Slash, _CTRL): "type",
    (Qt.Key.Key_BracketLeft, _CTRL): "type",
    (Qt.Key.Key_BracketRight, _CTRL): "type",
}
# Of Ctrl with a letter only these are the text edit's; Qt's further ones (Ctrl+K, Ctrl+D, ...) are the window's.
_LETTERS_OF_TEXT = (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X)
_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EditorKeys(QObject):
    """Takes the keys of one editor, in order: list of names, undo, the editor's own, typing."""

    def __init__(
        self,
        editor: QPlainTextEdit,
        *,
        typing: Typing,
        folding: EditorFolding,
        find: EditorFind,
        variables: EditorVariables,
    ) -> None:
        super().__init__(editor)
        self._editor = editor
        self._typing = typing
        self._folding = folding
        self._find = find
        self._variables = variables

    def wants(self, event: QKeyEvent) -> bool | None:
        """Say for a ShortcutOverride whether the key is the editor's; None leaves it to the text edit."""
        if event.matches(QKeySequence.StandardKey.Undo):
            return self._can(undo=True)
        if event.matches(QKeySequence.StandardKey.Redo):
            return self._can(undo=False)
        if self._own(event):
            return True
        if event.key() == Qt.Key.Key_Escape:
            return bool(self._variables.offered()) or not self._find.isHidden()
        return False if self._is_of_window(event) else None

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key press means to the editor; False if the text edit shall have it.

        A key that is the window's is ignored, so that it goes on to the parents.
        """
        if self._variables.handle_key(event):
            event.accept()
            return True
        if event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo):
            self._undo_or_redo(event)
            return True
        own = self._own(event)
        if own and own != "type":
            self._do(own)
            event.accept()
            return True
        if event.key() == Qt.Key.Key_Escape and not self._find.isHidden():
            self._find.close_bars()
            event.accept()
            return True
        if not self._editor.isReadOnly() and self._typing.handle(event):
            event.accept()
            self.after_press(event)
            return True
        if self._is_of_window(event) or own or event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return True
        return False

    def after_press(self, event: QKeyEvent) -> None:
        """Offer names while one is written."""
        is_text = bool(event.text()) and event.text().isprintable()
        if is_text or event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._variables.offer_while_typing()
        elif event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            self._variables.close_list()

    def _own(self, event: QKeyEvent) -> str:
        return _OWN.get((Qt.Key(event.key()), event.modifiers() & _HELD), "")

    def _do(self, own: str) -> None:
        block = self._editor.textCursor().block()
        if own in ("find", "replace"):
            self._find.open_bars(replace=own == "replace")
        elif own == "next":
            self._find.go_next()
        elif own == "previous":
            self._find.go_previous()
        elif own == "complete":
            self._variables.offer()
        elif own == "fold":
            self._folding.fold_around(block)
        else:
            self._folding.unfold_at(block)

    def _can(self, *, undo: bool) -> bool:
        document = self._editor.document()
        available = document.isUndoAvailable() if undo else document.isRedoAvailable()
        return available and not self._editor.isReadOnly()

    def _undo_or_redo(self, event: QKeyEvent) -> None:
        undo = event.matches(QKeySequence.StandardKey.Undo)
        if not self._can(undo=undo):
            # Nothing is left to take back here: the window's undo gets the key.
            event.ignore()
            return
        if undo:
            self._editor.undo()
        else:
            self._editor.redo()
        self._variables.close_list()
        event.accept()

    def _is_of_window(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & _HELD
        # Ctrl with Alt is AltGr on Windows: there it writes @ and braces on many keyboards.
        if not held & _CTRL or held & Qt.KeyboardModifier.AltModifier:
            return False
        key = Qt.Key(event.key())
        is_letter = Qt.Key.Key_A <= key <= Qt.Key.Key_Z
        return key in _ENTERS or (is_letter and not (held == _CTRL and key in _LETTERS_OF_TEXT))
