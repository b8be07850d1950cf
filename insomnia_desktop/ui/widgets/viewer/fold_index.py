"""Which lines fold in a body of JSON, XML or HTML: found in one pass over the line view, step by step."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator

from insomnia_desktop.ui.widgets.viewer.breaks import count_breaks
from insomnia_desktop.ui.widgets.viewer.rows import Rows

# Larger bodies have no fold arrows: their brackets would take more memory than the text on the screen is worth.
FOLD_LIMIT = 16 * 1024 * 1024
MOST_FOLDS = 1_000_000
_PIECE = 16 * 1024
# A tag or comment longer than this is passed over.
_LONGEST_TAG = 64 * 1024

_JSON_STEP = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{}])', re.DOTALL)
_JSON_REST = re.compile(rb'(?:[^"]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_JSON_STRING_END = re.compile(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_TAG = re.compile(
    rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<![^>]*+>"
    rb"|<(?P<end>/?)(?P<name>[^\s/>!?][^\s/>]*+)(?P<rest>(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL,
)
# Elements of HTML that never have an end tag.
_VOID = frozenset(b"area base br col embed hr img input link meta source track wbr".split())
FOLDING_LANGUAGES = frozenset(("json", "xml", "html"))


class FoldIndex:
    """Finds the folds of a body; a fold keeps its first and last line and hides those between."""

    def __init__(self, rows: Rows, language: str) -> None:
        """Begin at the top; a language without folds, or a body above `FOLD_LIMIT`, is done at once."""
        self._rows = rows
        self._language = language
        self._position = rows.first
        self._line = 0
        # One entry for each bracket or element, in the order of the text; 0 as its last line: not closed.
        self._first_lines = array("L")
        self._last_lines = array("L")
        self._open: list[tuple[int, bytes]] = []
        self._in_string = False
        self.done = language not in FOLDING_LANGUAGES or rows.source.size > FOLD_LIMIT

    def step(self) -> bool:
        """Read on by one piece (about 1 ms); True when all folds are known."""
        if self.done:
            return True
        start = self._position
        end = min(start + _PIECE, self._rows.size)
        view = self._rows.scan_view(start, end + 1)
        length = min(len(view), end - start)
        used = self._read_json(view, length) if self._language == "json" else self._read_tags(view, length)
        self._position = start + used
        if self._position >= self._rows.size or not view or len(self._first_lines) >= MOST_FOLDS:
            self.done = True
            self._open.clear()
        return self.done

    def last_line(self, line: int) -> int | None:
        """Return the last line of the fold that begins in a line (the outermost one), None without a fold."""
        place = bisect_left(self._first_lines, line)
        while place < len(self._first_lines) and self._first_lines[place] == line:
            if self._last_lines[place] > line + 1:
                return self._last_lines[place]
            place += 1
        return None

    def around(self, line: int) -> int | None:
        """Return the first line of the innermost fold that holds a line behind its own first one."""
        place = bisect_left(self._first_lines, line) - 1
        while place >= 0:
            if self._last_lines[place] >= line and self._last_lines[place] > self._first_lines[place] + 1:
                return self._first_lines[place]
            place -= 1
        return None

    def first_lines(self) -> Iterator[int]:
        """Return the lines in which a fold begins, ascending, each once."""
        before = -1
        for first, last in zip(self._first_lines, self._last_lines, strict=True):
            if first != before and last > first + 1:
                before = first
                yield first

    def _read_json(self, view: bytes, length: int) -> int:
        # A piece never ends between a backslash and what it escapes.
        slashes = length - len(view[:length].rstrip(b"\\"))
        if slashes % 2 and length > 1 and self._position + length < self._rows.size:
            length -= 1
        position = counted = 0
        if self._in_string:
            closed = _JSON_STRING_END.match(view, 0, length)
            position = closed.end() if closed is not None else length
            self._in_string = closed is None
        while (found := _JSON_STEP.match(view, position, length)) is not None:
            position = found.end()
            self._line += count_breaks(view, counted, position)
            counted = position
            if view[position - 1] in b"[{":
                self._begin(b"")
            else:
                self._finish(b"")
        rest = _JSON_REST.match(view, position, length)
        self._in_string = self._in_string or (rest is not None and rest.end() < length)
        self._line += count_breaks(view, counted, length)
        return length

    def _read_tags(self, view: bytes, length: int) -> int:
        position = counted = 0
        at_end = self._position + length >= self._rows.size
        while (begin := view.find(b"<", position, length)) >= 0:
            found = _TAG.match(view, begin, length)
            if found is None:
                if not at_end and begin > 0:
                    # The tag may go on in the next piece, which begins with it.
                    length = begin
                    break
                if not at_end and length < _LONGEST_TAG:
                    view = self._rows.scan_view(self._position, self._position + _LONGEST_TAG + 1)
                    length = min(len(view), _LONGEST_TAG)
                    at_end = True
                    continue
                position = begin + 1
                continue
            self._line += count_breaks(view, counted, begin)
            counted = begin
            name = found["name"]
            if name is not None and found["end"]:
                self._finish(name.lower() if self._language == "html" else name)
            elif name is not None and not found["rest"].endswith(b"/"):
                self._begin_element(name)
            position = found.end()
        self._line += count_breaks(view, counted, length)
        return length

    def _begin_element(self, name: bytes) -> None:
        if self._language == "html":
            name = name.lower()
            if name in _VOID:
                return
        self._begin(name)

    def _begin(self, name: bytes) -> None:
        self._open.append((len(self._first_lines), name))
        self._first_lines.append(self._line)
        self._last_lines.append(0)

    def _finish(self, name: bytes) -> None:
        """Close the innermost `name`; an end without a beginning is passed over, what was left open is dropped."""
        for depth in range(len(self._open) - 1, max(len(self._open) - 64, 0) - 1, -1):
            place, opened = self._open[depth]
            if opened == name:
                self._last_lines[place] = self._line
                del self._open[depth:]
                return
