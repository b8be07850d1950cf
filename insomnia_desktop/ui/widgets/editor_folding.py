"""Folds lines of an editor: which can, which are, and hiding and showing them."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from insomnia_desktop.ui.syntax.folding import FoldSearch, can_fold
from insomnia_desktop.ui.widgets.highlighting import LONGEST_LINE, Highlighter
from insomnia_desktop.ui.widgets.line_layout import LineLayout

_MOST_CACHED = 2_000
# A change within a line can tell whether folds begin in lines near to it, no further.
_SMALL_CHANGE = 1_000
_NEAR_LINES = 8


class _Head(NamedTuple):
    """A folded line, followed through edits by a cursor in it, and how many lines it hides."""

    cursor: QTextCursor
    length: int


class EditorFolding(QObject):
    """Keeps the folded lines of one editor; a fold whose text changes under it opens, so nothing stays hidden.

    Signals:
        changed: other lines are visible now.
    """

    changed = Signal()

    def __init__(self, editor: QPlainTextEdit, highlighter: Highlighter, layout: LineLayout) -> None:
        super().__init__(editor)
        self._editor = editor
        self._highlighter = highlighter
        self._layout = layout
        self._heads: list[_Head] = []
        self._opens: dict[int, bool] = {}
        self._block_count = editor.blockCount()
        editor.document().contentsChange.connect(self._on_contents_change)
        editor.cursorPositionChanged.connect(self._show_caret)

    def can_fold(self, block: QTextBlock) -> bool:
        """Say whether a fold begins in a line; remembered until the text changes."""
        number = block.blockNumber()
        known = self._opens.get(number)
        if known is None:
            if len(self._opens) > _MOST_CACHED:
                self._opens.clear()
            known = self._opens[number] = self._length(block, most=2) > 0
        return known

    def is_folded(self, block: QTextBlock) -> bool:
        """Say whether the lines behind this one are hidden."""
        return block.next().isValid() and block.isVisible() and not block.next().isVisible()

    def behind(self, block: QTextBlock) -> QTextBlock:
        """Return the next line that is visible behind a folded one."""
        for head in self._heads:
            if head.cursor.block() == block:
                return block.document().findBlockByNumber(block.blockNumber() + head.length + 1)
        return block.next()

    def toggle(self, block: QTextBlock) -> None:
        """Fold what begins in a line, or open it."""
        if self.is_folded(block):
            self.unfold(block)
        else:
            self.fold(block)

    def fold(self, block: QTextBlock) -> bool:
        """Hide what belongs to a line; False if nothing does."""
        length = self._length(block)
        if not length:
            return False
        head = QTextCursor(block)
        # What is typed at the start of the line must not leave the head behind.
        head.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        self._heads.append(_Head(head, length))
        self._set_visible(block.next(), length, visible=False)
        caret = self._editor.textCursor()
        if not caret.block().isVisible():
            self._editor.setTextCursor(head)
        self._announce()
        return True

    def unfold(self, block: QTextBlock) -> None:
        """Show what a line hides; folds inside of it stay folded."""
        hidden = 0
        after = block.next()
        while after.isValid() and not after.isVisible():
            hidden += 1
            after = after.next()
        self._heads = [head for head in self._heads if head.cursor.block() != block]
        self._set_visible(block.next(), hidden, visible=True)
        first = block.blockNumber()
        for head in self._heads:
            if first < head.cursor.blockNumber() <= first + hidden:
                self._set_visible(head.cursor.block().next(), head.length, visible=False)
        self._announce()

    def fold_around(self, block: QTextBlock) -> None:
        """Fold the innermost range around a line."""
        distance = 0
        while block.isValid():
            if block.isVisible() and not self.is_folded(block) and self._length(block) >= max(1, distance):
                self.fold(block)
                return
            block = block.previous()
            distance += 1

    def unfold_at(self, block: QTextBlock) -> None:
        """Open the fold that begins in a line, if one does."""
        if self.is_folded(block):
            self.unfold(block)

    def unfold_all(self) -> None:
        """Show every line."""
        if self._heads:
            self._heads.clear()
            self._set_visible(self._editor.document().begin(), self._editor.blockCount(), visible=True)
            self._announce()

    def show_block(self, block: QTextBlock) -> None:
        """Open every fold that hides a line."""
        while not block.isVisible():
            head = block.previous()
            while head.isValid() and not head.isVisible():
                head = head.previous()
            if not head.isValid():
                self.unfold_all()
                return
            self.unfold(head)

    def _length(self, block: QTextBlock, *, most: int = 0) -> int:
        """Return how many lines belong to the fold that begins in a line; with `most` that many lines are read."""
        language = self._highlighter.language()
        if not can_fold(language) or not self._highlighter.is_active():
            return 0
        before = block.previous().userState() if block.previous().isValid() else 0
        search = FoldSearch(language, max(before, 0))
        read = 0
        while block.isValid():
            if search.feed(block.text()[:LONGEST_LINE]):
                break
            read += 1
            # Empty lines may belong to what comes behind them.
            if most and read >= most and search.length:
                break
            block = block.next()
        return search.length

    def _set_visible(self, block: QTextBlock, count: int, *, visible: bool) -> None:
        if count < 1 or not block.isValid():
            return
        start, last = block.position(), block
        for _ in range(count):
            if not block.isValid():
                break
            block.setVisible(visible)
            block.setLineCount(max(1, block.layout().lineCount()) if visible else 0)
            last = block
            block = block.next()
        self._editor.document().markContentsDirty(start, last.position() + last.length() - start)

    def _announce(self) -> None:
        self._layout.documentSizeChanged.emit(self._layout.documentSize())
        self._editor.viewport().update()
        self.changed.emit()

    @Slot(int, int, int)
    def _on_contents_change(self, position: int, removed: int, added: int) -> None:
        document = self._editor.document()
        count, self._block_count = self._block_count, self._editor.blockCount()
        if count == self._block_count and added < _SMALL_CHANGE:
            number = document.findBlock(position).blockNumber()
            for near in range(number - _NEAR_LINES, number + _NEAR_LINES):
                self._opens.pop(near, None)
        else:
            self._opens.clear()
        if not self._heads:
            return
        first, last = document.findBlock(position), document.findBlock(position + added)
        touched = not (first.isVisible() and (not last.isValid() or last.isVisible()))
        touched = touched or any(head.cursor.block() in (first, last) for head in self._heads)
        if touched or count != self._block_count:
            self._repair()

    def _repair(self) -> None:
        """Open folds that no longer end where their lines do, and show lines that no fold hides."""
        heads, self._heads = self._heads, []
        document = self._editor.document()
        hidden: set[int] = set()
        for head in heads:
            block = head.cursor.block()
            length = self._length(block)
            numbers = range(block.blockNumber() + 1, block.blockNumber() + 1 + length)
            if length and all(not document.findBlockByNumber(number).isVisible() for number in numbers):
                self._heads.append(_Head(head.cursor, length))
                hidden.update(numbers)
        block = document.begin()
        while block.isValid():
            if not block.isVisible() and block.blockNumber() not in hidden:
                self._set_visible(block, 1, visible=True)
            block = block.next()
        self._announce()

    @Slot()
    def _show_caret(self) -> None:
        block = self._editor.textCursor().block()
        if not block.isVisible():
            self.show_block(block)
