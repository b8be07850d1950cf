"""One row laid out by Qt: glyph widths, marks, both directions and wrapping are right for every script."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from insomnia_desktop.ui.syntax import Span
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.widgets.viewer.metrics import TAB_COLUMNS, Metrics
from insomnia_desktop.ui.widgets.viewer.row_colours import RowColours
from insomnia_desktop.ui.widgets.viewer.row_text import RowText
from insomnia_desktop.ui.widgets.viewer.rows import Row, Rows

# A longer row of plain ASCII is laid out only around what shows: 2,000 glyphs a row would take 20 ms a screen.
_WINDOW = 64
_KEPT = 400
_NO_WRAP_WIDTH = 1e7


class Stretch(NamedTuple):
    """A piece of one visual line of a row, in pixels from the begin of code."""

    line: int
    left: float
    right: float


class RowLayout:
    """A laid out row; positions are layout positions of the whole row, also where only a window is laid out."""

    def __init__(
        self,
        text: RowText,
        metrics: Metrics,
        *,
        wrap_width: float = 0,
        window: tuple[int, int] | None = None,
        spans: Sequence[Span] = (),
        formats: Mapping[str, QTextCharFormat] | None = None,
    ) -> None:
        """Lay out; `wrap_width` 0 is one line, `window` the range of positions to lay out, spans count characters."""
        self.text = text
        self._metrics = metrics
        self._offset = window[0] if window is not None else 0
        drawn = text.drawn if window is None else text.drawn[window[0] : window[1]]
        self._end = self._offset + len(drawn) if window is not None else text.layout_of(text.length)
        self._windowed = window is not None
        self._layout = QTextLayout(drawn, metrics.font)
        self._layout.setCacheEnabled(True)
        option = QTextOption()
        wraps = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere if wrap_width else QTextOption.WrapMode.NoWrap
        option.setWrapMode(wraps)
        option.setTabStopDistance(TAB_COLUMNS * metrics.advance)
        self._layout.setTextOption(option)
        # Before the lines are made: formats that come later would undo them.
        self._layout.setFormats(self._colours(spans, formats or {}))
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(wrap_width or _NO_WRAP_WIDTH)
            # Fonts that step in for missing glyphs have other heights: all lines share one base line.
            base = line.lineNumber() * metrics.line + metrics.text_top + metrics.ascent
            line.setPosition(QPointF(0, base - line.ascent()))
        self._layout.endLayout()
        self.lines = max(self._layout.lineCount(), 1)

    @property
    def width(self) -> float:
        """Return the width of the row in pixels."""
        if self._windowed:
            return len(self.text.drawn) * self._metrics.advance
        return max((self._line(number).naturalTextWidth() for number in range(self._layout.lineCount())), default=0.0)

    @property
    def end(self) -> int:
        """Return the last position of the row."""
        return len(self.text.drawn) if self._windowed else self._end

    def covers(self, window: tuple[int, int]) -> bool:
        """Say whether all of a range is laid out."""
        return not self._windowed or (self._offset <= window[0] and self._end >= window[1])

    def draw(self, painter: QPainter, origin: QPointF, *, selections: list[tuple[int, int, QTextCharFormat]]) -> None:
        """Draw the text; `selections` are begin, end and format of what has another colour."""
        ranges = [_range(start - self._offset, end - start, wanted) for start, end, wanted in selections]
        moved = QPointF(origin.x() + self._offset * self._metrics.advance, origin.y())
        self._layout.draw(painter, moved, ranges, QRectF())

    def point_of(self, position: int) -> tuple[int, float]:
        """Return the visual line and x of a position."""
        if self._windowed:
            return 0, position * self._metrics.advance
        line = self._layout.lineForTextPosition(min(position, self._end))
        if not line.isValid():
            return 0, 0.0
        return line.lineNumber(), _x(line, min(position, self._end))

    def position_at(self, line: int, x: float) -> int:
        """Return the position nearest to a point of a visual line."""
        if self._windowed:
            return min(max(round(x / self._metrics.advance), 0), self.end)
        found = self._line(min(max(line, 0), self.lines - 1))
        position = found.xToCursor(x)
        start, end = self.line_span(found.lineNumber())
        # The end of a wrapped line is the begin of the next one: stay on the line that was pointed at.
        if position >= end and found.lineNumber() < self.lines - 1 and end > start:
            return self._layout.previousCursorPosition(end)
        return position

    def line_span(self, line: int) -> tuple[int, int]:
        """Return first and last position of a visual line."""
        if self._windowed:
            return 0, self.end
        found = self._line(line)
        return found.textStart(), found.textStart() + found.textLength()

    def next_position(self, position: int, *, forward: bool) -> int:
        """Return the position one character as people see it further, or back."""
        if self._windowed:
            return min(position + 1, self.end) if forward else max(position - 1, 0)
        if forward:
            return self._layout.nextCursorPosition(position)
        return self._layout.previousCursorPosition(position)

    def stretches(self, start: int, end: int) -> list[Stretch]:
        """Return where the text between two positions shows, line by line."""
        if self._windowed:
            return [Stretch(0, start * self._metrics.advance, end * self._metrics.advance)]
        found: list[Stretch] = []
        for number in range(self._layout.lineCount()):
            first, last = self.line_span(number)
            low, high = max(start, first), min(end, last)
            if low < high:
                found.extend(self._in_line(self._line(number), low, high))
        return found

    def _colours(self, spans: Sequence[Span], formats: Mapping[str, QTextCharFormat]) -> list[QTextLayout.FormatRange]:
        ranges: list[QTextLayout.FormatRange] = []
        for span in spans:
            start = self.text.layout_of_character(span.start)
            stop = self.text.layout_of_character(min(span.start + span.length, len(self.text.characters)))
            ranges.append(_range(start - self._offset, stop - start, formats[f"syntax.{span.token}"]))
        if formats:
            # The symbols for what cannot be seen itself.
            ranges += [_range(start - self._offset, size, formats["warning"]) for start, size in self.text.symbols]
        return ranges

    def _in_line(self, line: QTextLine, start: int, end: int) -> list[Stretch]:
        if not self.text.has_right_to_left:
            return [Stretch(line.lineNumber(), _x(line, start), _x(line, end))]
        # Where directions mix, neighbours in the text may stand apart on the screen.
        found = (run.boundingRect() for run in line.glyphRuns(start, end - start))
        merged: list[Stretch] = []
        for shape in sorted(found, key=QRectF.left):
            if merged and shape.left() <= merged[-1].right + 0.5:
                merged[-1] = merged[-1]._replace(right=max(merged[-1].right, shape.right()))
            else:
                merged.append(Stretch(line.lineNumber(), shape.left(), shape.right()))
        return merged

    def _line(self, number: int) -> QTextLine:
        return self._layout.lineAt(number)


class RowLayouts:
    """Makes layouts of rows and keeps the last ones."""

    def __init__(self, rows: Rows, language: str, metrics: Metrics) -> None:
        """Begin with none; a change of theme, font or body needs a new one."""
        self._rows = rows
        self._metrics = metrics
        self._colours = RowColours(rows, language)
        self._formats = _formats()
        self._kept: OrderedDict[tuple[int, int, int], RowLayout] = OrderedDict()
        self._texts: OrderedDict[int, RowText] = OrderedDict()

    def text(self, row: Row) -> RowText:
        """Return the text of a row."""
        text = self._texts.get(row.start)
        if text is None:
            text = self._texts[row.start] = RowText(self._rows.content(row), self._rows.encoding)
            if len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        return text

    def layout(self, row: Row, *, wrap_width: int, left: float, right: float) -> RowLayout:
        """Return the layout of a row; of a long simple one in no wrapping at least what shows from left to right."""
        text = self.text(row)
        window = None
        if not wrap_width and text.simple and len(text.drawn) > 16 * _WINDOW:
            first = max(int(left / self._metrics.advance) // _WINDOW - 1, 0) * _WINDOW
            last = (int(right / self._metrics.advance) // _WINDOW + 2) * _WINDOW
            window = (min(first, len(text.drawn)), min(last, len(text.drawn)))
        key = (row.start, wrap_width, window[0] if window else -1)
        layout = self._kept.get(key)
        if layout is None or (window is not None and not layout.covers(window)):
            layout = self._made(row, text, wrap_width=wrap_width, window=window)
            self._kept[key] = layout
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return layout

    def _made(self, row: Row, text: RowText, *, wrap_width: int, window: tuple[int, int] | None) -> RowLayout:
        if window is None:
            spans = self._colours.spans(row, text.characters)
        else:
            spans = [
                span
                for span in self._colours.spans(row, text.characters[: window[1]], shown_from=window[0])
                if span.start + span.length > window[0]
            ]
        return RowLayout(text, self._metrics, wrap_width=wrap_width, window=window, spans=spans, formats=self._formats)


def _x(line: QTextLine, position: int) -> float:
    # PySide gives back the position beside the x, which its types do not tell.
    return cast(tuple[float, int], line.cursorToX(position))[0]


def _range(start: int, length: int, wanted: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = wanted
    return made


def _formats() -> dict[str, QTextCharFormat]:
    made: dict[str, QTextCharFormat] = {}
    for token in ("key", "string", "number", "boolean", "null", "punctuation", "comment"):
        made[f"syntax.{token}"] = _foreground(f"syntax.{token}")
    made["warning"] = _foreground("warning")
    return made


def _foreground(token: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(theme().color(token))
    return made
