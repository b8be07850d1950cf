"""Finding and replacing in an editor: the bar over its text, the hits, and stepping through them."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.editor_grounds import Marked
from insomnia_desktop.ui.widgets.editor_hits import Search, find_hits, hit_from, replacement
from insomnia_desktop.ui.widgets.find_bar import BAR_HEIGHT, FIELD_WIDTH, FindBar
from insomnia_desktop.ui.widgets.find_controls import FindField

_SEARCH_AGAIN_MS = 120
_LONGEST_TAKEN = 200


class ReplaceBar(QWidget):
    """The second bar: what a hit is replaced by, and the two deeds.

    Signals:
        replace_requested, replace_all_requested: do it with `text()`.
        closed: Esc was pressed.
    """

    replace_requested = Signal()
    replace_all_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("replaceBar")
        self.setAccessibleName(self.tr("Replace"))
        self._field = FindField("edit", self.tr("Replace with"), self)
        self._field.edit.setObjectName("replaceEdit")
        self._one = DefaultButton(self.tr("Replace"), self, small=True)
        self._all = DefaultButton(self.tr("Replace all"), self, small=True)
        layout = QHBoxLayout(self)
        layout.addWidget(self._field, 1)
        layout.addWidget(self._one)
        layout.addWidget(self._all)
        layout.addStretch(0)
        layout.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._resize()
        self._field.edit.returnPressed.connect(self.replace_requested)
        self._one.clicked.connect(self.replace_requested)
        self._all.clicked.connect(self.replace_all_requested)
        switch().changed.connect(self._resize)

    def text(self) -> str:
        """Return what a hit is replaced by."""
        return self._field.edit.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Esc; Enter in the field must not go on to the editor."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground and the hairline below."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("window"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().color("hairline"))

    @Slot()
    def _resize(self) -> None:
        self.setFixedHeight(px(BAR_HEIGHT))
        self._field.setMaximumWidth(px(FIELD_WIDTH))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(px(8), 0, px(8), 0)
            layout.setSpacing(px(8))


class EditorFind(QWidget):
    """The bars over the text of one editor and the search they steer; the editor places it and paints the hits.

    Signals:
        height_changed: a bar was opened or closed.
        hits_changed: other hits, or another current one.
    """

    height_changed = Signal()
    hits_changed = Signal()

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._search = Search("")
        self._hits: list[tuple[int, int]] = []
        self._current = -1
        self._bar = FindBar(self)
        self._replace = ReplaceBar(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self._replace)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_SEARCH_AGAIN_MS)
        self._again.timeout.connect(self.search_again)
        self.hide()
        self._bar.search_changed.connect(self._on_search_changed)
        self._bar.next_requested.connect(self.go_next)
        self._bar.previous_requested.connect(self.go_previous)
        self._bar.closed.connect(self.close_bars)
        self._replace.replace_requested.connect(self.replace_current)
        self._replace.replace_all_requested.connect(self.replace_all)
        self._replace.closed.connect(self.close_bars)
        editor.document().contentsChange.connect(self._on_contents_change)

    def open_bars(self, *, replace: bool = False) -> None:
        """Show the bars with what is selected; the replacing one only where the text can be changed."""
        self._replace.setVisible(replace and not self._editor.isReadOnly())
        self.show()
        cursor = self._editor.textCursor()
        selected = cursor.selectedText()
        fits = len(selected) <= _LONGEST_TAKEN and "\u2029" not in selected
        self._bar.open_with(selected if fits else "")
        self.height_changed.emit()

    @Slot()
    def close_bars(self) -> None:
        """Hide the bars, select the current hit and give the focus back to the text."""
        if self.isHidden():
            return
        hit = self.current_hit()
        self.hide()
        self._hits, self._current = [], -1
        if hit is not None:
            cursor = self._editor.textCursor()
            cursor.setPosition(hit[0])
            cursor.setPosition(hit[1], QTextCursor.MoveMode.KeepAnchor)
            self._editor.setTextCursor(cursor)
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)
        self.height_changed.emit()
        self.hits_changed.emit()

    def height_needed(self) -> int:
        """Return how much of the editor's height the bars take now."""
        if self.isHidden():
            return 0
        return self._bar.height() + (0 if self._replace.isHidden() else self._replace.height())

    def current_hit(self) -> tuple[int, int] | None:
        """Return start and end of the current hit in the document."""
        return self._hits[self._current] if 0 <= self._current < len(self._hits) else None

    def marked_between(self, start: int, end: int) -> list[Marked]:
        """Return the hits in a part of the document with the token of their ground."""
        if self.isHidden():
            return []
        first = max(0, bisect_left(self._hits, (start, -1)) - 1)
        marked = []
        for index in range(first, len(self._hits)):
            hit = self._hits[index]
            if hit[0] >= end:
                break
            marked.append(Marked(hit[0], hit[1], "match_now" if index == self._current else "match"))
        return marked

    @Slot()
    def go_next(self) -> None:
        """Make the next hit the current one; after the last comes the first."""
        self._step(1)

    @Slot()
    def go_previous(self) -> None:
        """Make the hit before the current one; before the first comes the last."""
        self._step(-1)

    @Slot()
    def replace_current(self) -> None:
        """Replace the current hit and go to the next one."""
        hit = self.current_hit()
        if hit is None or self._editor.isReadOnly():
            return
        text = self._text()
        written = replacement(text, hit, self._search, self._replace.text())
        cursor = QTextCursor(self._editor.document())
        cursor.setPosition(hit[0])
        cursor.setPosition(hit[1], QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(written)
        self._find(from_position=cursor.position())

    @Slot()
    def replace_all(self) -> None:
        """Replace every hit as one undo step; the caret stays where it is."""
        if not self._hits or self._editor.isReadOnly():
            return
        text = self._text()
        written = [replacement(text, hit, self._search, self._replace.text()) for hit in self._hits]
        cursor = QTextCursor(self._editor.document())
        cursor.beginEditBlock()
        for hit, new in zip(reversed(self._hits), reversed(written), strict=True):
            cursor.setPosition(hit[0])
            cursor.setPosition(hit[1], QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(new)
        cursor.endEditBlock()
        self._find(from_position=None)

    @Slot()
    def search_again(self) -> None:
        """Find everything anew: the text changed."""
        hit = self.current_hit()
        self._find(from_position=hit[0] if hit else None)

    def _text(self) -> str:
        return self._editor.document().toRawText().replace("\u2029", "\n")

    def _find(self, *, from_position: int | None) -> None:
        self._again.stop()
        self._hits = find_hits(self._text(), self._search)
        self._current = -1
        if self._hits and from_position is not None:
            self._current = hit_from(self._hits, from_position)
            self._show_current()
        self._tell()

    def _step(self, step: int) -> None:
        if self._again.isActive():
            self.search_again()
        if not self._hits:
            return
        if self._current < 0:
            self._current = hit_from(self._hits, self._editor.textCursor().selectionStart())
        else:
            self._current = (self._current + step) % len(self._hits)
        self._show_current()
        self._tell()

    def _show_current(self) -> None:
        hit = self.current_hit()
        if hit is None:
            return
        cursor = self._editor.textCursor()
        # The caret goes there without a selection, so that the hit keeps its own ground.
        cursor.setPosition(hit[1])
        cursor.setPosition(hit[0])
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()

    def _tell(self) -> None:
        expression = self._search.expression()
        if self._search.text and not expression.isValid():
            self._bar.set_error(expression.errorString())
        else:
            self._bar.set_count(self._current + 1, len(self._hits))
        self.hits_changed.emit()

    @Slot(str, bool, bool)
    def _on_search_changed(self, text: str, case: bool, regex: bool) -> None:
        self._search = Search(text, case=case, regex=regex)
        hit = self.current_hit()
        self._find(from_position=hit[0] if hit else self._editor.textCursor().selectionStart())

    @Slot(int, int, int)
    def _on_contents_change(self, position: int, removed: int, added: int) -> None:
        if self.isHidden():
            return
        # Until the search ran again, hits behind the change move with it and those in it go.
        shift = added - removed
        current = self.current_hit()
        moved = [
            hit if hit[1] <= position else (hit[0] + shift, hit[1] + shift)
            for hit in self._hits
            if hit[1] <= position or hit[0] >= position + removed
        ]
        kept = current is not None and current[1] <= position and current in moved
        self._hits, self._current = moved, moved.index(current) if kept and current is not None else -1
        self._again.start()
