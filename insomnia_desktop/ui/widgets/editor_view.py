"""What of an editor is on the screen, and painting it: everything under the text, and the marks of folds over it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QTextBlock, QTextCursor
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.widgets.editor_brackets import brackets_at
from insomnia_desktop.ui.widgets.editor_find import EditorFind
from insomnia_desktop.ui.widgets.editor_folding import EditorFolding
from insomnia_desktop.ui.widgets.editor_grounds import (
    Marked,
    VisibleBlock,
    chip_rects,
    folded_mark,
    paint_caret_line,
    paint_folded_mark,
    paint_marked,
    paint_rounded,
    paint_selection,
)
from insomnia_desktop.ui.widgets.highlighting import Highlighter
from insomnia_desktop.ui.widgets.line_layout import LineLayout


class ShownText(Protocol):
    """What Qt keeps protected in a QPlainTextEdit and the view needs."""

    def first_visible(self) -> tuple[QTextBlock, QPointF]:
        """Return the first block on the screen and the offset of the text in the viewport."""
        ...

    def block_geometry(self, block: QTextBlock) -> QRectF:
        """Return where a block lies in the text."""
        ...

    def textCursor(self) -> QTextCursor:
        """Return a copy of the caret and selection."""
        ...

    def viewport(self) -> QWidget:
        """Return the widget the text is painted on."""
        ...


class EditorView:
    """Knows the visible blocks of one editor and draws what Qt does not."""

    def __init__(
        self,
        editor: ShownText,
        *,
        layout: LineLayout,
        highlighter: Highlighter,
        folding: EditorFolding,
        find: EditorFind,
    ) -> None:
        self._editor = editor
        self._layout = layout
        self._highlighter = highlighter
        self._folding = folding
        self._find = find
        self._brackets: list[Marked] = []

    def visible_blocks(self) -> list[VisibleBlock]:
        """Return the blocks on the screen, placed in the viewport; folded ones are not among them.

        They are laid out; keep them for no longer than one event, colouring takes layouts away.
        """
        block, offset = self._editor.first_visible()
        bottom = self._editor.viewport().height()
        blocks: list[VisibleBlock] = []
        if not block.isValid():
            return blocks
        rect = self._editor.block_geometry(block).translated(offset)
        top = rect.top()
        while block.isValid() and top <= bottom:
            if block.isVisible():
                height = self._layout.blockBoundingRect(block).height()
                blocks.append(VisibleBlock(block, QRectF(rect.left(), top, rect.width(), height)))
                top += height
            block = self._folding.behind(block) if self._folding.is_folded(block) else block.next()
        return blocks

    def is_fold_start(self, block: QTextBlock) -> bool:
        """Say whether a fold begins in a line."""
        return self._folding.can_fold(block)

    def is_folded(self, block: QTextBlock) -> bool:
        """Say whether a line hides others."""
        return self._folding.is_folded(block)

    def match_brackets(self) -> None:
        """Look for the bracket at the caret and its partner."""
        cursor = self._editor.textCursor()
        found = None
        if self._highlighter.is_active() and not cursor.hasSelection():
            found = brackets_at(cursor, self._highlighter.spans_of)
        self._brackets = [Marked(at, at + 1, "pressed") for at in found] if found else []

    def matched_brackets(self) -> list[int]:
        """Return the positions in the document of the two brackets that are marked."""
        return [marked.start for marked in self._brackets]

    def paint_under(self, painter: QPainter) -> None:
        """Draw what lies under the text."""
        cursor = self._editor.textCursor()
        visible = self.visible_blocks()
        width = self._editor.viewport().width()
        for shown in visible:
            if shown.block == cursor.block():
                line = shown.block.layout().lineForTextPosition(cursor.positionInBlock()).lineNumber()
                paint_caret_line(painter, self._layout, shown, line=max(0, line), width=width)
        for shown in visible:
            self._paint_chips(painter, shown)
        for shown in visible:
            start = shown.block.position()
            for marked in [*self._find.marked_between(start, start + shown.block.length()), *self._brackets]:
                paint_marked(painter, self._layout, shown, marked)
        if cursor.hasSelection():
            start, end = cursor.selectionStart(), cursor.selectionEnd()
            for shown in visible:
                paint_selection(painter, self._layout, shown, start=start, end=end)

    def paint_over(self, painter: QPainter) -> None:
        """Draw the marks of folded lines."""
        for shown in self.visible_blocks():
            if self._folding.is_folded(shown.block):
                paint_folded_mark(painter, folded_mark(self._layout, shown))

    def chip_at(self, position: QPoint) -> tuple[str, QRect] | None:
        """Return name and rectangle of the variable at a point of the viewport."""
        for shown in self.visible_blocks():
            if shown.rect.top() <= position.y() < shown.rect.bottom():
                for name, kind, rect in chip_rects(self._layout, shown):
                    if kind == "variable" and rect.contains(QPointF(position)):
                        return name, rect.toAlignedRect()
        return None

    def folded_mark_at(self, position: QPoint) -> QTextBlock | None:
        """Return the folded line whose mark is at a point of the viewport."""
        for shown in self.visible_blocks():
            if self._folding.is_folded(shown.block) and folded_mark(self._layout, shown).contains(QPointF(position)):
                return shown.block
        return None

    def _paint_chips(self, painter: QPainter, shown: VisibleBlock) -> None:
        if not self._highlighter.is_active():
            return
        for name, kind, rect in chip_rects(self._layout, shown):
            known = kind == "tag" or self._highlighter.is_known(name)
            paint_rounded(painter, rect, theme().color("chip" if known else "chip_bad"))
