"""The variables of an environment as one JSON text, with the sentence that says what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QVBoxLayout

from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.variables_json import JsonMistake
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import LinkButton
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.labels import Label


class VariablesEditor(Surface):
    """An editor of JSON, and a bar under it that names line and column of a mistake.

    Signals:
        edited(text): the person changed the text.
        focus_left(): the focus went elsewhere.
    """

    edited = Signal(str)
    focus_left = Signal()

    def __init__(self) -> None:
        super().__init__("window")
        self._mistake: JsonMistake | None = None
        self.code = CodeEditor()
        self.code.setObjectName("variablesEditor")
        self.code.setAccessibleName(self.tr("Variables as JSON"))
        self.code.set_language("json")
        self._words = Label("", rank="danger", size=12)
        self._words.setObjectName("variablesProblem")
        self._there = LinkButton(self.tr("Go there"))
        self._there.setObjectName("goToMistakeButton")
        self._bar = Bar(32, hairline="top")
        self._bar.add(self._words)
        self._bar.add(self._there)
        self._bar.add_stretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.code, 1)
        column.addWidget(self._bar)
        self._bar.setMinimumHeight(px(32))
        self.setFocusProxy(self.code)
        self.code.edited.connect(self.edited)
        self.code.focus_left.connect(self.focus_left)
        self._there.clicked.connect(self.focus_mistake)
        self.show_mistake(None)

    def show_text(self, text: str, *, fresh: bool) -> None:
        """Show a text; without `fresh` it is the same one after a change, and the caret stays."""
        if fresh:
            if self.code.text() != text:
                self.code.load_text(text)
        elif not self.code.hasFocus() or self._mistake is None:
            self.code.set_text(text)

    def show_mistake(self, mistake: JsonMistake | None) -> None:
        """Say what is wrong and where, or nothing."""
        self._mistake = mistake
        words = ""
        if mistake is not None:
            sentence = self.tr("Line %d, column %d: %s. Not stored yet.")
            words = sentence % (mistake.line, mistake.column, mistake)
        self._words.setText(words)
        self._bar.setVisible(bool(words))

    def problem(self) -> str:
        """Return the sentence that is shown, or ""."""
        return self._words.text()

    def open_find(self) -> None:
        """Open the find bar of the editor."""
        self.code.open_find()

    def focus_mistake(self) -> None:
        """Put the caret where the mistake is."""
        if self._mistake is not None:
            block = self.code.document().findBlockByNumber(self._mistake.line - 1)
            column = min(max(0, self._mistake.column - 1), max(0, block.length() - 1))
            cursor = QTextCursor(block)
            cursor.setPosition(block.position() + column)
            self.code.setTextCursor(cursor)
            self.code.centerCursor()
        self.code.setFocus()
