"""Regular expressions with a bound on their work: PCRE2 by way of Qt, which Python's own `re` cannot offer."""

from __future__ import annotations

import re

from PySide6.QtCore import QRegularExpression

from insomnia_desktop.base.errors import KnownError

# Backtracking steps for one line, about a millisecond; `(a+)+$` on forty letters would take years.
MOST_STEPS = 200_000
# With these a match in a line alone can differ from a match in a text of many lines.
_LOOKS_FURTHER = re.compile(r"\\[AZzGKRX]|\(\?[=!<>|(#]|\(\*|[*+?}]\+|\\[pP]\{?C")
_SURROGATES = re.compile("[\ud800-\udfff]")


class PcreMatcher:
    """A compiled pattern in the syntax of PCRE2 (which is that of Perl)."""

    def __init__(self, pattern: str, *, case: bool) -> None:
        """Compile; raises KnownError `viewer.pattern_invalid` (reason, place: characters from 1)."""
        bound = f"(*LIMIT_MATCH={MOST_STEPS})"
        options = QRegularExpression.PatternOption.UseUnicodePropertiesOption
        if not case:
            options |= QRegularExpression.PatternOption.CaseInsensitiveOption
        plain = QRegularExpression(pattern, options)
        if not plain.isValid():
            place = max(plain.patternErrorOffset(), 0) + 1
            raise KnownError("viewer.pattern_invalid", reason=plain.errorString(), place=place)
        self._line = QRegularExpression(bound + pattern, options)
        self._line.optimize()
        many = options | QRegularExpression.PatternOption.MultilineOption
        # Qt's `$` stops at LF only; the lines of a body may also end with CR or CRLF.
        self._many: QRegularExpression | None = QRegularExpression("(*ANYCRLF)" + bound + pattern, many)
        if _LOOKS_FURTHER.search(pattern) or not self._line.isValid() or plain.match("").hasMatch():
            self._many = None

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return begin and end of each match that is not empty; raises KnownError `viewer.pattern_too_slow`."""
        text = _SURROGATES.sub("\ufffd", text)
        found: list[tuple[int, int]] = []
        matches = self._line.globalMatch(text)
        if not matches.isValid():
            raise KnownError("viewer.pattern_too_slow")
        while matches.hasNext():
            match = matches.next()
            if not match.isValid():
                raise KnownError("viewer.pattern_too_slow")
            if match.capturedLength():
                found.append((match.capturedStart(), match.capturedEnd()))
        return found if text.isascii() else _in_characters(text, found)

    def lines_worth_trying(self, text: str) -> list[int] | None:
        """Return a position in each line that a match in the whole text touches; None: try all."""
        if self._many is None:
            return None
        text = _SURROGATES.sub("\ufffd", text)
        if not text.isascii() and max(text) > "\uffff":
            return None
        matches = self._many.globalMatch(text)
        places: list[int] = []
        while matches.isValid() and matches.hasNext():
            match = matches.next()
            if not match.isValid():
                return None
            start, end = match.capturedStart(), match.capturedEnd()
            places.append(start)
            # A match over several lines may hide one in each of them.
            places.extend(place + 1 for place in range(start, end) if text[place] in "\r\n")
        return places if matches.isValid() else None


def _in_characters(text: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Count UTF-16 units, as Qt does, in characters."""
    if not found or max(text) <= "\uffff":
        return found
    wide = text.encode("utf-16-le")
    moved: list[tuple[int, int]] = []
    unit = character = 0
    for start, end in found:
        character += len(wide[2 * unit : 2 * start].decode("utf-16-le", "surrogatepass"))
        first = character
        character += len(wide[2 * start : 2 * end].decode("utf-16-le", "surrogatepass"))
        unit = end
        moved.append((first, character))
    return moved
