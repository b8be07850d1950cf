"""The gutter of an editor: line numbers and fold arrows."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QTextBlock, QWheelEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.editor_grounds import VisibleBlock
from insomnia_desktop.ui.widgets.line_layout import LineLayout

WIDTH = 48
NUMBERS_END = 32
ARROW_LEFT = 35
ARROW_SIZE = 12
_LEFT_PADDING = 8


class GutterSource(Protocol):
    """What the gutter asks of its editor."""

    def visible_blocks(self) -> list[VisibleBlock]:
        """Return the blocks on the screen, placed in the viewport."""
        ...

    def is_fold_start(self, block: QTextBlock) -> bool:
        """Say whether a fold begins in a line."""
        ...

    def is_folded(self, block: QTextBlock) -> bool:
        """Say whether a line hides others."""
        ...


class CodeGutter(QWidget):
    """Lies left of the editor's viewport and scrolls with it; for the mouse only, the editor has the keys.

    Signals:
        fold_toggled(int): the arrow of a line (counted from 0) was clicked.
        line_pressed(int, bool): a line number was pressed; whether the selection is to be extended to it.
    """

    fold_toggled = Signal(int)
    line_pressed = Signal(int, bool)

    def __init__(self, editor: QPlainTextEdit, source: GutterSource, layout: LineLayout) -> None:
        super().__init__(editor)
        self._editor = editor
        self._source = source
        self._layout = layout
        self.setObjectName("codeGutter")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        switch().changed.connect(self.update)

    def wanted_width(self) -> int:
        """Return 48, or more where the numbers have more than four digits (times the zoom)."""
        metrics = QFontMetricsF(mono_font(12))
        numbers = metrics.horizontalAdvance("9" * len(str(max(1, self._editor.blockCount()))))
        return px(WIDTH) + max(0, round(numbers + px(_LEFT_PADDING) - px(NUMBERS_END)) // 2 * 2)

    def sizeHint(self) -> QSize:
        """Return the wanted width; the height is the editor's."""
        return QSize(self.wanted_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground of the caret's line, the numbers and the arrows."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color("window"))
        font = tabular(mono_font(12))
        metrics = QFontMetricsF(font)
        caret = self._editor.textCursor()
        right = self.width() - px(WIDTH - NUMBERS_END)
        for visible in self._source.visible_blocks():
            block = visible.block
            line = self._layout.line_rect(block, 0)
            top = visible.rect.top()
            is_current = block == caret.block()
            if is_current:
                number = block.layout().lineForTextPosition(caret.positionInBlock()).lineNumber()
                current = self._layout.line_rect(block, max(0, number))
                y = round(top + current.top())
                painter.fillRect(0, y, self.width(), round(current.height()), theme().color("line"))
            text = str(block.blockNumber() + 1)
            painter.setFont(font)
            painter.setPen(theme().color("text" if is_current else "gutter"))
            baseline = painting.baseline(font, top=top, height=line.height())
            painter.drawText(QPointF(right - metrics.horizontalAdvance(text), baseline), text)
            if self._source.is_folded(block):
                self._paint_arrow(painter, "chevron_right", top + line.height() / 2)
            elif self._source.is_fold_start(block):
                self._paint_arrow(painter, "chevron_down", top + line.height() / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fold by the arrow, select lines by the number."""
        visible = self._at(event.position().toPoint())
        if visible is None or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        number = visible.block.blockNumber()
        on_arrow = event.position().x() >= self.width() - px(WIDTH - ARROW_LEFT + 2)
        if on_arrow and (self._source.is_folded(visible.block) or self._source.is_fold_start(visible.block)):
            self.fold_toggled.emit(number)
        else:
            self.line_pressed.emit(number, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Select lines while the mouse is dragged; show a hand over an arrow."""
        visible = self._at(event.position().toPoint())
        if visible is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.line_pressed.emit(visible.block.blockNumber(), True)
            return
        on_arrow = visible is not None and event.position().x() >= self.width() - px(WIDTH - ARROW_LEFT + 2)
        folds = visible is not None and (
            self._source.is_folded(visible.block) or self._source.is_fold_start(visible.block)
        )
        shape = Qt.CursorShape.PointingHandCursor if on_arrow and folds else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Keep the end of a click: it is not for the editor below."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the editor."""
        QApplication.sendEvent(self._editor.verticalScrollBar(), event)

    def _paint_arrow(self, painter: QPainter, name: str, middle: float) -> None:
        size = px(ARROW_SIZE)
        left = self.width() - px(WIDTH - ARROW_LEFT)
        paint_icon(painter, name, "dim", x=left, y=round(middle - size / 2), size=size)

    def _at(self, position: QPoint) -> VisibleBlock | None:
        for visible in self._source.visible_blocks():
            if visible.rect.top() <= position.y() < visible.rect.bottom():
                return visible
        return None
