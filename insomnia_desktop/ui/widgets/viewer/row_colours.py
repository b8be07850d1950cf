"""Syntax colours of single rows, with no more of the text read than needed."""

from __future__ import annotations

import re
from collections import OrderedDict

from insomnia_desktop.ui.syntax import Span, lexer
from insomnia_desktop.ui.widgets.viewer.rows import Row, Rows

# How many rows back a state is looked for, as an open comment; beyond that a row counts as a fresh begin.
STATE_REACH = 200
_KEPT_STATES = 4096
# How much of a long JSON line is read before what shows of it.
_LOOK_BACK = 256
_QUOTE = re.compile(r'(?<!\\)(?:\\\\)*+"')


class RowColours:
    """Lexes rows one by one, and remembers what each row hands to the next."""

    def __init__(self, rows: Rows, language: str) -> None:
        """Know nothing yet."""
        self._rows = rows
        self._language = language
        self._lexer = lexer(language, templates=False)
        self._states: OrderedDict[int, int] = OrderedDict()

    def spans(self, row: Row, text: str, *, shown_from: int = 0) -> list[Span]:
        """Return the coloured spans of a row whose decoded text (or the begin of it) is given.

        Where only what is behind `shown_from` shows, spans far before it may be left out.
        """
        if self._language == "text":
            return []
        if self._language == "json":
            begin = max(shown_from - _LOOK_BACK, 0)
            return self._json_spans(text[begin:], begin, cut=row.continued or begin > 0)
        spans, after = self._lexer.lex(text, self._state_before(row))
        self._keep(row.end, after)
        return spans

    def _json_spans(self, text: str, begin: int, *, cut: bool) -> list[Span]:
        if not cut:
            return self._lexer.lex(text, 0)[0]
        if not begins_inside_string(text):
            return [Span(span.start + begin, span.length, span.token) for span in self._lexer.lex(text, 0)[0]]
        # The quote that began the string is put before, and taken off the spans again.
        spans, _ = self._lexer.lex('"' + text, 0)
        first = Span(begin, max(spans[0].length - 1, 0), spans[0].token)
        return [first, *(Span(span.start - 1 + begin, span.length, span.token) for span in spans[1:])]

    def _state_before(self, row: Row) -> int:
        known = self._states.get(row.start)
        if known is not None or row.start <= self._rows.first:
            return known or 0
        # Walk back to a row whose state is known, then lex forward again; each step is kept for the next row.
        above: list[Row] = []
        step: Row | None = row
        state = 0
        while step is not None and len(above) < STATE_REACH:
            step = self._rows.before(step)
            if step is None:
                break
            above.append(step)
            if step.start in self._states:
                state = self._states[step.start]
                break
        for passed in reversed(above):
            text = self._rows.encoding.decode(self._rows.content(passed))
            _, state = self._lexer.lex(text, state)
            self._keep(passed.end, state)
        return state

    def _keep(self, position: int, state: int) -> None:
        self._states[position] = state
        if len(self._states) > _KEPT_STATES:
            self._states.popitem(last=False)


def begins_inside_string(text: str) -> bool:
    """Guess whether a piece of a long JSON line begins within a string, by what stands around its first quotes."""
    for number, found in enumerate(_QUOTE.finditer(text)):
        quote = found.end() - 1
        before = text[:quote].rstrip()[-1:]
        behind = text[quote + 1 : quote + 64].lstrip()[:1]
        opens = before in (":", ",", "{", "[") and before != ""
        closes = behind in (":", ",", "}", "]") and behind != ""
        if opens != closes:
            # The first quote closes a string that began before; every second one does so again.
            return closes if number % 2 == 0 else opens
        if number > 8:
            break
    return False
