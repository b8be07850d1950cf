"""Paints what lies under the text of an editor: line of the caret, chips, hits, brackets, selection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTextBlock, QTextLine

from insomnia_desktop.ui.delegates.chip_painting import chips_of
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.editor_offsets import to_units
from insomnia_desktop.ui.widgets.highlighting import LONGEST_LINE
from insomnia_desktop.ui.widgets.line_layout import LineLayout

CHIP_HEIGHT = 18
CHIP_OUTSET = 1
_RADIUS = 4
_NEWLINE_WIDTH = 6


class Marked(NamedTuple):
    """A piece of the document (UTF-16 positions) with the token of the ground under it."""

    start: int
    end: int
    token: str


class VisibleBlock(NamedTuple):
    """A block on the screen: itself and where it lies in the viewport."""

    block: QTextBlock
    rect: QRectF


def line_pieces(layout: LineLayout, visible: VisibleBlock, start: int, end: int) -> Iterator[QRectF]:
    """Yield the rectangles (full line height) of the units `start` to `end` of a block, one for each wrapped line."""
    text_layout = visible.block.layout()
    for number in range(text_layout.lineCount()):
        line = text_layout.lineAt(number)
        first, last = line.textStart(), line.textStart() + line.textLength()
        if start > last or end < first or (start == last and number + 1 < text_layout.lineCount()):
            continue
        left = cursor_x(line, max(start, first))
        right = cursor_x(line, min(end, last))
        rect = layout.line_rect(visible.block, number)
        yield QRectF(visible.rect.left() + left, visible.rect.top() + rect.top(), right - left, rect.height())


def cursor_x(line: QTextLine, position: int) -> float:
    """Return the x of a unit of a block in one of its lines."""
    found: Any = line.cursorToX(position)
    return float(found[0] if isinstance(found, tuple) else found)


def paint_caret_line(painter: QPainter, layout: LineLayout, visible: VisibleBlock, *, line: int, width: int) -> None:
    """Draw the ground of the line the caret is in, over the whole width."""
    rect = layout.line_rect(visible.block, line)
    top = visible.rect.top() + rect.top()
    painter.fillRect(QRectF(0, top, width, rect.height()), theme().color("line"))


def chip_rects(layout: LineLayout, visible: VisibleBlock) -> Iterator[tuple[str, str, QRectF]]:
    """Yield name, kind and rectangle of the chips of a block; one that wraps has several."""
    text = visible.block.text()[:LONGEST_LINE]
    if "{{" not in text and "{%" not in text:
        return
    height = px(CHIP_HEIGHT)
    for chip in chips_of(text):
        for rect in line_pieces(layout, visible, to_units(text, chip.start), to_units(text, chip.end)):
            top = rect.top() + (rect.height() - height) / 2
            yield chip.name, chip.kind, QRectF(rect.left() - CHIP_OUTSET, top, rect.width() + 2 * CHIP_OUTSET, height)


def paint_rounded(painter: QPainter, rect: QRectF, color: QColor, *, radius: float = _RADIUS) -> None:
    """Fill a rounded rectangle; the radius is one of 100 % zoom."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(rect, px(radius), px(radius))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_marked(painter: QPainter, layout: LineLayout, visible: VisibleBlock, marked: Marked) -> None:
    """Draw the ground of the part of `marked` that lies in a block: hits and brackets."""
    start, end = _within(visible.block, marked.start, marked.end)
    if start >= end:
        return
    for rect in line_pieces(layout, visible, start, end):
        paint_rounded(painter, rect.adjusted(0, 1, 0, -1), theme().color(marked.token), radius=2)


def paint_selection(painter: QPainter, layout: LineLayout, visible: VisibleBlock, *, start: int, end: int) -> None:
    """Draw the selection (positions in the document) in a block; a selected line break shows as a little ground."""
    block = visible.block
    if end < block.position() or start > block.position() + block.length() - 1:
        return
    first, last = _within(block, start, end)
    over_break = start <= block.position() + block.length() - 1 < end
    color = theme().color("textsel")
    piece = QRectF()
    for piece in line_pieces(layout, visible, first, last):
        painter.fillRect(piece, color)
    if over_break and piece.height() > 0:
        painter.fillRect(QRectF(piece.right(), piece.top(), px(_NEWLINE_WIDTH), piece.height()), color)


def folded_mark(layout: LineLayout, visible: VisibleBlock) -> QRectF:
    """Return where the mark of a folded block stands: behind its text."""
    last = visible.block.layout().lineCount() - 1
    rect = layout.line_rect(visible.block, max(0, last))
    left = visible.rect.left() + rect.width() + px(8)
    return QRectF(left, visible.rect.top() + rect.top() + px(3), px(22), rect.height() - 2 * px(3))


def paint_folded_mark(painter: QPainter, rect: QRectF) -> None:
    """Draw the mark of a folded block: three dots in a small box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("border"), 1))
    painter.setBrush(theme().color("raised"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), px(_RADIUS), px(_RADIUS))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("dim"))
    for step in (-1, 0, 1):
        center = QPointF(rect.center().x() + step * px(4), rect.center().y())
        painter.drawEllipse(center, px(1), px(1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _within(block: QTextBlock, start: int, end: int) -> tuple[int, int]:
    """Return the part of a range of the document that lies in a block, in units of the block."""
    return max(0, start - block.position()), min(block.length() - 1, end - block.position())
