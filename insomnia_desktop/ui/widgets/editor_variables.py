"""Variables in an editor: the list of their names while one is written, and the card over a chip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, QRect, Slot
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from insomnia_desktop.ui.models.variable_state import VariableResolver
from insomnia_desktop.ui.syntax.template import open_name_before
from insomnia_desktop.ui.widgets.chip_hover import ChipAt, ChipHover
from insomnia_desktop.ui.widgets.completion_popup import Completion, CompletionPopup
from insomnia_desktop.ui.widgets.editor_lines import text_around
from insomnia_desktop.ui.widgets.editor_offsets import length_in_units

Names = Callable[[], Sequence[Completion]]


class EditorVariables(QObject):
    """Offers names at the caret of one editor and shows what a chip stands for under the mouse."""

    def __init__(self, editor: QPlainTextEdit, chip_at: ChipAt) -> None:
        super().__init__(editor)
        self._editor = editor
        self._names: Names | None = None
        self._popup: CompletionPopup | None = None
        self._hover = ChipHover(editor.viewport(), chip_at)

    def set_resolver(self, resolver: VariableResolver) -> None:
        """Set who knows the variables."""
        self._hover.resolver = resolver

    def set_names(self, names: Names | None) -> None:
        """Set where the names come from that are offered; None offers nothing."""
        self._names = names

    def handle_key(self, event: QKeyEvent) -> bool:
        """Give a key press to the list, if it is open and wants it."""
        self._hover.close()
        return self._popup is not None and self._popup.handle_key(event)

    def offer_while_typing(self) -> None:
        """Offer names if one is being written at the caret, else close the list."""
        opened = self._opened()
        if opened is None:
            self.close_list()
        else:
            self._offer(opened)

    def offer(self) -> None:
        """Offer names in any case: those that fit what is written, else all, for a new variable."""
        self._offer(self._opened() or "")

    def close_list(self) -> None:
        """Close the list."""
        if self._popup is not None:
            self._popup.close_list()

    def offered(self) -> list[str]:
        """Return the names that are offered now."""
        return self._popup.texts() if self._popup is not None else []

    def _opened(self) -> str | None:
        """Return what of a name is written before the caret, if a variable is open there."""
        before = text_around(self._editor.textCursor())[0]
        opened = open_name_before(before, len(before))
        return None if opened is None else opened[1]

    def _offer(self, written: str) -> None:
        if self._names is None or self._editor.isReadOnly():
            return
        wanted = written.casefold()
        fitting = [item for item in self._names() if wanted in item.text.casefold()]
        fitting.sort(key=lambda item: not item.text.casefold().startswith(wanted))
        if self._popup is None:
            self._popup = CompletionPopup(self._editor)
            self._popup.chosen.connect(self._take)
        viewport = self._editor.viewport()
        caret = self._editor.cursorRect()
        anchor = QRect(viewport.mapTo(self._editor, QPoint(caret.left(), caret.top())), caret.size())
        self._popup.offer(anchor, fitting)

    @Slot(str)
    def _take(self, name: str) -> None:
        """Write the chosen name with braces and blanks around it, over what was written of it."""
        cursor = self._editor.textCursor()
        before, after = text_around(cursor)
        start = end = cursor.position()
        if self._opened() is not None:
            start -= length_in_units(before[before.rfind("{{") :])
            rest = after.lstrip(" ")
            if rest.startswith("}}"):
                end += len(after) - len(rest) + 2
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(f"{{{{ {name} }}}}")
        self._editor.setTextCursor(cursor)
        self.close_list()
