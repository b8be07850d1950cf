"""Which lines of a text fold together: brackets, elements, or indentation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from insomnia_desktop.ui.syntax.languages import lexer
from insomnia_desktop.ui.syntax.span import Span

_CLOSERS = {")": "(", "]": "[", "}": "{"}
_OPENERS = frozenset(_CLOSERS.values())
_BRACKET_LANGUAGES = frozenset(("json", "graphql", "javascript", "css"))
_MARKUP_LANGUAGES = frozenset(("xml", "html"))
# Elements of HTML that never have an end tag.
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
# A line without any of these neither opens nor closes a bracket nor carries anything over into the next one.
_MAY_MATTER = re.compile(r"[()\[\]{}`\\]|/\*|\"\"\"")


class FoldRange(NamedTuple):
    """Lines `first` to `last`, counted from 0: folded, `first` stays and the lines behind it to `last` are hidden."""

    first: int
    last: int


class FoldEvent(NamedTuple):
    """Something opens or closes in a line: a bracket, or an element by its name."""

    opens: bool
    name: str


def can_fold(language: str) -> bool:
    """Say whether texts of `language` have folds at all."""
    return language in _BRACKET_LANGUAGES or language in _MARKUP_LANGUAGES or language == "yaml"


def fold_events(line: str, spans: Sequence[Span], language: str) -> list[FoldEvent]:
    """Return what opens and closes in a line whose spans the language's lexer made, from left to right."""
    if language in _BRACKET_LANGUAGES:
        return [
            FoldEvent(character in _OPENERS, _CLOSERS.get(character, character))
            for span in spans
            if span.token == "punctuation"
            for character in line[span.start : span.start + span.length]
            if character in _OPENERS or character in _CLOSERS
        ]
    if language in _MARKUP_LANGUAGES:
        return _markup_events(line, spans, html=language == "html")
    return []


def unclosed(events: Iterable[FoldEvent]) -> list[str]:
    """Return what the events open and leave open, the outermost first."""
    stack: list[str] = []
    for event in events:
        if event.opens:
            stack.append(event.name)
        else:
            _close(stack, event.name)
    return stack


def indentation(line: str) -> int | None:
    """Return by how many blanks a line is indented; None for an empty one, which belongs to any depth."""
    stripped = line.lstrip(" \t")
    return len(line) - len(stripped) if stripped else None


def fold_ranges(lines: Sequence[str], language: str) -> list[FoldRange]:
    """Return the ranges of a whole text, ordered by their first line; at most one begins in a line, the longest."""
    if language == "yaml":
        return _indented_ranges(lines)
    if not can_fold(language):
        return []
    line_lexer = lexer(language)
    state = 0
    open_at: list[tuple[str, int]] = []
    longest: dict[int, int] = {}
    for number, line in enumerate(lines):
        spans, state = line_lexer.lex(line, state)
        for event in fold_events(line, spans, language):
            if event.opens:
                open_at.append((event.name, number))
                continue
            first = _close_at(open_at, event.name)
            if first is not None and number - 1 > first:
                longest[first] = max(longest.get(first, 0), number - 1)
    return [FoldRange(first, last) for first, last in sorted(longest.items())]


class FoldSearch:
    """Looks for the end of one fold, line by line, so that a large text is read only as far as needed.

    Feed it the lines from the first one of the fold on; `feed` returns True as soon as the end is known.
    """

    def __init__(self, language: str, state: int = 0) -> None:
        """`state` is what the language's lexer carries into the first line."""
        self._language = language
        self._lexer = lexer(language)
        self._state = state
        self._quick = language in _BRACKET_LANGUAGES
        self._stack: list[str] | None = None
        self._indent: int | None = None
        self._number = -1
        self._last_filled = 0
        self.length = 0

    def feed(self, line: str) -> bool:
        """Take the next line; True when it ends the fold, whose `length` (lines hidden) is then final."""
        self._number += 1
        if self._language == "yaml":
            return self._feed_indented(line)
        if self._stack and self._state == 0 and self._quick and not _MAY_MATTER.search(line):
            self.length = self._number
            return False
        spans, self._state = self._lexer.lex(line, self._state)
        events = fold_events(line, spans, self._language)
        if self._stack is None:
            self._stack = unclosed(events)
            return not self._stack
        for event in events:
            if event.opens:
                self._stack.append(event.name)
            else:
                _close(self._stack, event.name)
            if not self._stack:
                return True
        self.length = self._number
        return False

    def _feed_indented(self, line: str) -> bool:
        indent = indentation(line)
        if self._number == 0:
            self._indent = indent
            return indent is None
        if indent is None:
            return False
        if self._indent is None or indent <= self._indent:
            return True
        self.length = self._number
        return False


def _close(stack: list[str], name: str) -> None:
    """Take off the innermost `name` with all that was left open in it; an end without a beginning is passed over."""
    for depth in range(len(stack) - 1, -1, -1):
        if not name or stack[depth] == name:
            del stack[depth:]
            return


def _close_at(stack: list[tuple[str, int]], name: str) -> int | None:
    for depth in range(len(stack) - 1, -1, -1):
        if not name or stack[depth][0] == name:
            first = stack[depth][1]
            del stack[depth:]
            return first
    return None


def _markup_events(line: str, spans: Sequence[Span], *, html: bool) -> list[FoldEvent]:
    events: list[FoldEvent] = []
    before = ""
    for span in spans:
        text = line[span.start : span.start + span.length]
        if span.token == "key" and before in ("<", "</", "<?"):
            name = text.lower() if html else text
            if before != "<?" and not (html and name in _VOID):
                events.append(FoldEvent(before == "<", name))
        elif span.token == "punctuation" and text == "/>" and not (html and _is_void(events, line, span.start)):
            events.append(FoldEvent(False, ""))
        before = text if span.token == "punctuation" else ""
    return events


def _is_void(events: Sequence[FoldEvent], line: str, position: int) -> bool:
    """Say whether the `/>` at `position` ends an element that opened nothing, as `<br/>`."""
    start = line.rfind("<", 0, position)
    name = re.match(r"<([\w:-]+)", line[start:]) if start >= 0 else None
    return name is not None and name.group(1).lower() in _VOID


def _indented_ranges(lines: Sequence[str]) -> list[FoldRange]:
    ranges: list[FoldRange] = []
    open_at: list[tuple[int, int]] = []
    last_filled = 0
    for number, line in enumerate([*lines, ""]):
        indent = indentation(line) if number < len(lines) else -1
        if indent is None:
            continue
        while open_at and open_at[-1][0] >= indent:
            _, first = open_at.pop()
            if last_filled > first:
                ranges.append(FoldRange(first, last_filled))
        if number < len(lines):
            open_at.append((indent, number))
            last_filled = number
    return sorted(ranges)
