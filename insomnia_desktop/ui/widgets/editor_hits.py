"""Finds every hit of a search in the text of an editor, and what a hit is replaced by."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from PySide6.QtCore import QRegularExpression

# More hits than this are not listed: nobody steps through them, and the memory is better used.
MOST_HITS = 20_000
_PLACE = re.compile(r"\$(?:(\$)|(&)|(\d))|\\([nrt\\])")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for."""

    text: str
    case: bool = False
    regex: bool = False

    def expression(self) -> QRegularExpression:
        """Return the search as an expression; invalid where the person's own cannot be read.

        It is Qt's engine, not Python's: it counts in UTF-16 as the document does, and it gives up on an
        expression that would never end.
        """
        pattern = self.text if self.regex else QRegularExpression.escape(self.text)
        options = (
            QRegularExpression.PatternOption.MultilineOption
            | QRegularExpression.PatternOption.UseUnicodePropertiesOption
        )
        if not self.case:
            options |= QRegularExpression.PatternOption.CaseInsensitiveOption
        return QRegularExpression(pattern, options)


def find_hits(text: str, search: Search) -> list[tuple[int, int]]:
    """Return start and end (UTF-16) of the hits in `text`, at most `MOST_HITS`; empty ones are left out."""
    expression = search.expression()
    if not search.text or not expression.isValid():
        return []
    hits: list[tuple[int, int]] = []
    found = expression.globalMatch(text)
    while found.hasNext() and len(hits) < MOST_HITS:
        match = found.next()
        if match.capturedLength() > 0:
            hits.append((match.capturedStart(), match.capturedEnd()))
    return hits


def hit_from(hits: list[tuple[int, int]], position: int) -> int:
    """Return the index of the first hit that does not begin before `position`, or of the first one at the end."""
    index = bisect_left(hits, (position, -1))
    return index if index < len(hits) else 0


def replacement(text: str, hit: tuple[int, int], search: Search, template: str) -> str:
    """Return what a hit becomes: the template as it is, or with `$1`, `$&`, `$$`, `\\n`, `\\t` for an expression."""
    if not search.regex:
        return template
    match = search.expression().match(text, hit[0])

    def filled(place: re.Match[str]) -> str:
        dollar, whole, number, escape = place.groups()
        if escape:
            return _ESCAPES[escape]
        if dollar:
            return "$"
        return match.captured(0 if whole else int(number))

    return _PLACE.sub(filled, template)
