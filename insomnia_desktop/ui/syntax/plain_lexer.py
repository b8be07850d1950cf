"""The lexer of text without a syntax."""

from __future__ import annotations

from insomnia_desktop.ui.syntax.span import Span


class PlainLexer:
    """Colours nothing."""

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return no spans and the state 0."""
        return [], 0
