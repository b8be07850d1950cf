"""The coloured span of a line, and what every line lexer offers."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

SyntaxToken = Literal["key", "string", "number", "boolean", "null", "punctuation", "comment"]


class Span(NamedTuple):
    """A piece of one line and its colour; `token` is the name after `syntax.` in the theme.

    A named tuple, not a dataclass: the viewer makes thousands of them for every painted frame.
    """

    start: int
    length: int
    token: SyntaxToken


class LineLexer(Protocol):
    """Colours one line at a time; what a line needs to know of the lines before it is one small integer."""

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return the spans of `line` (ordered, not overlapping, inside the line) and the state for the next line.

        `state` is 0 for the first line. Every text is accepted and every integer is a valid state: nothing is
        raised. The time is linear in the length of the line; the caller bounds very long lines.
        """
        ...
