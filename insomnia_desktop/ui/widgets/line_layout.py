"""Lines of 20 px in a QPlainTextEdit, whatever the height of the font."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTextBlock, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

from insomnia_desktop.ui.theme.fonts import px

LINE_HEIGHT = 20


class LineLayout(QPlainTextDocumentLayout):
    """A plain text layout in which every line, wrapped ones too, is 20 px high (times the zoom) or as the font needs.

    The text stands in the middle of its line. Keep a Python reference to it for as long as its document lives.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._document = document

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """Return the rectangle of a block, its lines moved to where they belong."""
        if not block.isVisible():
            # The base class would lay out what nobody sees: a large fold would take seconds.
            return QRectF()
        rect = super().blockBoundingRect(block)
        layout = block.layout()
        count = layout.lineCount()
        if not count:
            return rect
        first = layout.lineAt(0)
        natural = first.height()
        height = max(float(px(LINE_HEIGHT)), natural)
        shift = (height - natural) // 2
        # A line that was laid out anew stands where the base class put it: at the top, close to the one before.
        if first.y() != shift or (count > 1 and layout.lineAt(count - 1).y() != shift + height * (count - 1)):
            for number in range(count):
                line = layout.lineAt(number)
                position = line.position()
                position.setY(shift + height * number)
                line.setPosition(position)
        margin = 0.0 if block.next().isValid() else self._document.documentMargin()
        rect.setHeight(height * count + margin)
        return rect

    def line_rect(self, block: QTextBlock, number: int) -> QRectF:
        """Return the full rectangle of one line of a block, relative to the block."""
        if number >= block.layout().lineCount():
            # Asking Qt for a line that is not there ends the process.
            self.blockBoundingRect(block)
            number = min(number, block.layout().lineCount() - 1)
            if number < 0:
                return QRectF()
        line = block.layout().lineAt(number)
        height = max(float(px(LINE_HEIGHT)), line.height())
        return QRectF(0, height * number, line.naturalTextRect().right(), height)
