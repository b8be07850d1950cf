"""Paints a page: bands, selection, hits, text, then the gutter over what was scrolled under it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextCharFormat

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.viewer.body import Body
from insomnia_desktop.ui.widgets.viewer.hits import Hits
from insomnia_desktop.ui.widgets.viewer.metrics import Metrics, line_number_text
from insomnia_desktop.ui.widgets.viewer.page import Page, Placed

_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Marked:
    """What is marked in the text, in code units; `caret` is None while the body was only opened."""

    selection: tuple[int, int]
    caret: int | None
    caret_visible: bool
    hits: Hits
    current_hit: int | None


@dataclass(frozen=True, slots=True)
class Gutter:
    """Where the parts of the gutter stand, for a body of so many lines."""

    lines: float
    number_end: int
    fold_start: int
    code_start: int


def gutter_of(body: Body, metrics: Metrics) -> Gutter:
    """Measure the gutter of a body; the number of lines is an estimate until the index is done."""
    lines = body.index.line_count()
    return Gutter(lines, metrics.number_end(lines), metrics.fold_start(lines), metrics.code_start(lines))


class PagePainter:
    """Paints one frame."""

    def __init__(self, painter: QPainter, page: Page, metrics: Metrics, *, gutter: Gutter, marked: Marked) -> None:
        """Take what to paint with and on; nothing is kept beyond the frame."""
        self._painter = painter
        self._page = page
        self._metrics = metrics
        self._gutter = gutter
        self._marked = marked
        self._theme = theme()

    def paint(self, width: int, height: int) -> None:
        """Paint the whole area."""
        painter = self._painter
        painter.fillRect(0, 0, width, height, self._theme.color("window"))
        placed = self._page.placed()
        current = self._current_row(placed)
        if current is not None:
            band = current.layout.lines * self._metrics.line
            painter.fillRect(0, current.y, width, band, self._theme.color("line"))
        painter.save()
        painter.setClipRect(self._gutter.code_start - px(4), 0, width, height)
        for one in placed:
            self._paint_row(one)
        painter.restore()
        for one in placed:
            self._paint_gutter(one, is_current=one is current)

    def _current_row(self, placed: list[Placed]) -> Placed | None:
        caret = self._marked.caret
        if caret is None:
            return None
        for one in reversed(placed):
            if one.shown.row.start <= caret:
                # The caret may be below the screen, behind the end of the last row on it.
                return one if caret <= one.shown.row.end else None
        return None

    def _paint_row(self, one: Placed) -> None:
        row, layout = one.shown.row, one.layout
        origin = QPointF(self._gutter.code_start - self._page.left, one.y)
        selections = self._paint_hits(one, origin)
        start, end = self._marked.selection
        if start < end and start <= row.end and end > row.start:
            low = layout.text.layout_of(start - row.start)
            high = layout.text.layout_of(min(end, row.text_end) - row.start)
            self._paint_selection(one, (low, high), origin)
            selections.append((low, high, _foreground(self._theme.color("text"))))
        # What no span colours takes the painter's pen.
        self._painter.setPen(self._theme.color("text"))
        layout.draw(self._painter, origin, selections=selections)
        if one.shown.line is not None and self._page.body.folded.is_closed(one.shown.line):
            self._paint_ellipsis(one, origin)
        if self._marked.caret_visible and self._marked.caret is not None:
            self._paint_caret(one, origin, self._marked.caret)

    def _paint_hits(self, one: Placed, origin: QPointF) -> list[tuple[int, int, QTextCharFormat]]:
        row, layout = one.shown.row, one.layout
        selections: list[tuple[int, int, QTextCharFormat]] = []
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(Qt.PenStyle.NoPen)
        for number in self._marked.hits.between(row.start, row.text_end):
            start, end = self._marked.hits[number]
            low = layout.text.layout_of(start - row.start)
            high = layout.text.layout_of(end - row.start)
            is_current = number == self._marked.current_hit
            self._painter.setBrush(self._theme.color("match_now" if is_current else "match"))
            for piece in layout.stretches(low, high):
                top = origin.y() + piece.line * self._metrics.line + 1
                shape = QRectF(piece.left - 1 + origin.x(), top, piece.right - piece.left + 2, self._metrics.line - 2)
                self._painter.drawRoundedRect(shape, 2, 2)
            colour = self._theme.color("match_now_text" if is_current else "text")
            selections.append((low, high, _foreground(colour)))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        return selections

    def _paint_selection(self, one: Placed, span: tuple[int, int], origin: QPointF) -> None:
        colour = self._theme.color("textsel")
        for piece in one.layout.stretches(*span):
            top = origin.y() + piece.line * self._metrics.line
            shape = QRectF(piece.left + origin.x(), top, piece.right - piece.left, self._metrics.line)
            self._painter.fillRect(shape, colour)
        row = one.shown.row
        if self._marked.selection[1] >= row.end > row.text_end:
            # A selected line break shows as half a character behind the text.
            line, x = one.layout.point_of(one.layout.end)
            top = origin.y() + line * self._metrics.line
            shape = QRectF(x + origin.x(), top, self._metrics.advance / 2, self._metrics.line)
            self._painter.fillRect(shape, colour)

    def _paint_ellipsis(self, one: Placed, origin: QPointF) -> None:
        shape = ellipsis_shape(one, self._metrics).translated(origin)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(self._theme.color("hover"))
        self._painter.drawRoundedRect(shape, px(4), px(4))
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._painter.setFont(self._metrics.font)
        self._painter.setPen(self._theme.color("dim"))
        self._painter.drawText(shape, Qt.AlignmentFlag.AlignCenter, _ELLIPSIS)

    def _paint_caret(self, one: Placed, origin: QPointF, caret: int) -> None:
        row = one.shown.row
        if not row.start <= caret <= row.text_end or (caret == row.end and row.end < self._page.body.rows.size):
            return
        line, x = one.layout.point_of(one.layout.text.layout_of(caret - row.start))
        top = origin.y() + line * self._metrics.line + 1
        self._painter.fillRect(QRectF(round(x + origin.x()), top, 1, self._metrics.line - 2), self._theme.color("text"))

    def _paint_gutter(self, one: Placed, *, is_current: bool) -> None:
        line = one.shown.line
        if line is None or one.shown.row.continued:
            return
        metrics = self._metrics
        self._painter.setFont(metrics.number_font)
        self._painter.setPen(self._theme.color("text" if is_current else "gutter"))
        shape = QRectF(0, one.y, self._gutter.number_end, metrics.line)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(shape, flags, line_number_text(line + 1, lines=self._gutter.lines))
        body = self._page.body
        if body.folds.last_line(line) is None:
            return
        name = "chevron_right" if body.folded.is_closed(line) else "chevron_down"
        size = metrics.fold_size
        y = one.y + (metrics.line - size) / 2
        paint_icon(self._painter, name, "dim", x=self._gutter.fold_start, y=y, size=size)


def ellipsis_shape(one: Placed, metrics: Metrics) -> QRectF:
    """Return the shape, from the begin of code of the row, of the dots that stand for folded lines."""
    line, x = one.layout.point_of(one.layout.end)
    top = line * metrics.line + px(2)
    return QRectF(x + px(4), top, 2.5 * metrics.advance, metrics.line - 2 * px(2))


def fold_at(page: Page, metrics: Metrics, gutter: Gutter, *, x: float, y: float) -> int | None:
    """Return the line whose fold arrow, or whose dots, are at a point of the viewport."""
    for one in page.placed():
        line = one.shown.line
        if line is None or not one.y <= y < one.y + one.layout.lines * metrics.line:
            continue
        if gutter.number_end <= x < gutter.code_start - px(2):
            is_first = not one.shown.row.continued and y < one.y + metrics.line
            return line if is_first and page.body.folds.last_line(line) is not None else None
        dots = ellipsis_shape(one, metrics).translated(gutter.code_start - page.left, one.y)
        return line if page.body.folded.is_closed(line) and dots.contains(x, y) else None
    return None


def cursor_at(page: Page, metrics: Metrics, gutter: Gutter, *, x: float, y: float) -> Qt.CursorShape:
    """Return the shape of the pointer at a point of the viewport, which tells what can be done there."""
    if fold_at(page, metrics, gutter, x=x, y=y) is not None:
        return Qt.CursorShape.PointingHandCursor
    return Qt.CursorShape.IBeamCursor if x >= gutter.code_start else Qt.CursorShape.ArrowCursor


def paint_focus_ring(painter: QPainter, width: int, height: int) -> None:
    """Paint the ring inside of the edge that shows where the keyboard is."""
    colour = theme().color("accent")
    for shape in ((0, 0, width, 2), (0, height - 2, width, 2), (0, 0, 2, height), (width - 2, 0, 2, height)):
        painter.fillRect(*shape, colour)


def _foreground(colour: QColor) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colour)
    return made
