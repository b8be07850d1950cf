"""The body that is shown: its rows with the closed folds left out, line numbers, and places on the scroll bar."""

from __future__ import annotations

import re
from typing import NamedTuple

from insomnia_desktop.ui.widgets.viewer.byte_source import ByteSource
from insomnia_desktop.ui.widgets.viewer.fold_index import FoldIndex
from insomnia_desktop.ui.widgets.viewer.folded_lines import FoldedLines
from insomnia_desktop.ui.widgets.viewer.line_index import LineIndex
from insomnia_desktop.ui.widgets.viewer.rows import Row, Rows
from insomnia_desktop.ui.widgets.viewer.text_encoding import TextEncoding

_NO_CHARACTER = re.compile("[\ud800-\udfff]")


class ShownRow(NamedTuple):
    """A row on the screen; its line (from 0) is None where the index has not come yet."""

    row: Row
    line: int | None


class Body:
    """One opened body: source, charset, rows, indexes and folds together."""

    def __init__(self, source: ByteSource, encoding: TextEncoding, language: str) -> None:
        """Read nothing yet."""
        self.source = source
        self.encoding = encoding
        self.language = language
        self.rows = Rows(source, encoding)
        self.index = LineIndex(self.rows)
        self.folds = FoldIndex(self.rows, language)
        self.folded = FoldedLines(self.index, self.folds)

    def at(self, position: int) -> ShownRow:
        """Return the row that shows a position, or, where a fold hides it, the row it is folded into."""
        row = self.rows.at(position)
        line = self.index.line_number(row)
        if line is not None and self.folded:
            hidden = self.folded.hidden_at(line)
            if hidden is not None:
                return self.at_line(hidden.first - 1)
        return ShownRow(row, line)

    def at_line(self, line: int) -> ShownRow:
        """Return the first row of a line; of the last one that is known when it is not counted yet."""
        start = self.index.line_start(line)
        return self.at(self.rows.size) if start is None else ShownRow(self.rows.at(start), line)

    def first(self) -> ShownRow:
        """Return the first row."""
        return ShownRow(self.rows.at(self.rows.first), 0)

    def last(self) -> ShownRow:
        """Return the last row that shows."""
        return self.at(self.rows.size)

    def after(self, shown: ShownRow) -> ShownRow | None:
        """Return the next row that shows."""
        row = self.rows.after(shown.row)
        if row is None:
            return None
        if shown.line is None:
            return ShownRow(row, self.index.line_number(row))
        line = shown.line if row.continued else shown.line + 1
        hidden = self.folded.hidden_at(line) if self.folded else None
        return ShownRow(row, line) if hidden is None else self.at_line(hidden.last + 1)

    def before(self, shown: ShownRow) -> ShownRow | None:
        """Return the row that shows before this one."""
        row = self.rows.before(shown.row)
        if row is None:
            return None
        if shown.line is None:
            return ShownRow(row, None)
        line = shown.line if shown.row.continued else shown.line - 1
        hidden = self.folded.hidden_at(line) if self.folded else None
        if hidden is None:
            return ShownRow(row, line)
        # The header of a fold may be a long line of many rows: the last of them stands before.
        below = self.index.line_start(hidden.first)
        return None if below is None else ShownRow(self.rows.at(below - 1), hidden.first - 1)

    def row_count(self) -> float:
        """Return how many rows show; an estimate until the index is done."""
        return self.index.row_count() - self.folded.rows_hidden()

    def place(self, shown: ShownRow) -> float:
        """Return the number of a row among those that show; an estimate where the index has not come yet."""
        number = self.index.row_number(shown.row)
        if number is None or shown.line is None:
            return self.index.estimated_row(shown.row.start)
        return number - self.folded.rows_hidden_before(shown.line) if self.folded else number

    def at_place(self, place: float) -> ShownRow:
        """Return the row that shows at a place of the scroll bar."""
        number = max(int(place), 0)
        if self.folded:
            number = self.folded.full_row(number)
        start = self.index.row_start(number)
        if start is None:
            if self.index.done:
                return self.last()
            start = min(self.index.estimated_position(number), self.rows.size)
        return self.at(start)

    def line_bounds(self, shown: ShownRow) -> tuple[int, int]:
        """Return begin and end (with the line break) of the line of a row; of the row alone while it is not counted."""
        if shown.line is None:
            return shown.row.start, shown.row.end
        start = self.index.line_start(shown.line)
        end = self.index.line_start(shown.line + 1)
        if end is None:
            end = self.rows.size if self.index.done else shown.row.end
        return shown.row.start if start is None else start, end

    def text(self, start: int, end: int) -> str:
        """Return the text between two positions with plain line feeds; what is no character is U+FFFD."""
        unit = self.encoding.unit
        text = self.encoding.decode(self.source.scan(start * unit, end * unit))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        # Lone surrogates stand for bytes that are no text; no clipboard can take them.
        return _NO_CHARACTER.sub("\ufffd", text)
