"""The rows of a key/value table as one text to edit, a line a row."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.ui.models.bulk_text import from_bulk_text, to_bulk_text
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow, KeyValueRows, ValueKind
from insomnia_desktop.ui.models.variable_state import VariableResolver
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.template_line_edit import Names


class BulkEditor(QWidget):
    """A code editor over the format of `ui.models.bulk_text`, with one line that explains it.

    Signals:
        rows_edited(tuple): the person changed the text, with each key; rows keep their ids where their lines are kept.
    """

    rows_edited = Signal(tuple)

    def __init__(self, kinds: tuple[ValueKind, ...] = ("text",), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._rows: KeyValueRows = ()
        self.editor = CodeEditor(self)
        self.editor.setObjectName("bulkEditor")
        self.editor.setAccessibleName(self.tr("Rows as text"))
        self.editor.set_language("text")
        self.editor.edited.connect(self._on_edited)
        hint = self.tr("name: value // description. A line that begins with // is switched off.")
        self._foot = QHBoxLayout()
        self._foot.addWidget(Label(hint, rank="dim", size=12, elide=Qt.TextElideMode.ElideRight))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.editor, 1)
        layout.addLayout(self._foot)
        self.setFocusProxy(self.editor)
        switch().changed.connect(self._measure)
        self._measure()

    def set_rows(self, rows: Iterable[KeyValueRow]) -> None:
        """Show rows; a text that stands for them already is left as it is written."""
        incoming = tuple(rows)
        if from_bulk_text(self.editor.text(), self._rows, kinds=self._kinds) != incoming:
            self.editor.set_text(to_bulk_text(incoming, kinds=self._kinds))
        self._rows = incoming

    def rows(self) -> KeyValueRows:
        """Return the rows that the text stands for."""
        return self._rows

    def set_variables(self, resolver: VariableResolver, names: Names | None) -> None:
        """Set who knows the variables, and which names are offered."""
        self.editor.set_variables(resolver, names)

    def _on_edited(self, text: str) -> None:
        self._rows = from_bulk_text(text, self._rows, kinds=self._kinds)
        self.rows_edited.emit(self._rows)

    def _measure(self) -> None:
        self._foot.setContentsMargins(px(16), px(8), px(16), px(8))
