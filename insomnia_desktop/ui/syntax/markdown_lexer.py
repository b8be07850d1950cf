"""Colours of Markdown: headings, quotes, lists, code, emphasis and links."""

from __future__ import annotations

import re
from typing import cast

from insomnia_desktop.ui.syntax.span import Span, SyntaxToken

IN_FENCE = 1

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}(?:\s|\Z)")
_LEAD = re.compile(r"\s*+(?P<lead>>|[-*+](?=\s)|\d{1,9}[.)](?=\s))")
_INLINE = re.compile(
    r"(?P<string>`[^`]++`)"
    r"|(?P<number>\*\*(?=\S)[^*]++\*\*|__(?=\S)[^_]++__)"
    r"|(?P<boolean>!?\[[^\[\]]*+\](?:\([^()\s]*+\))?|<https?://[^\s>]++>|\bhttps?://[^\s<>)]++)"
    r"|(?P<comment><!--.*?-->)"
)


class MarkdownLexer:
    """Colours Markdown line by line; a fenced code block is carried over."""

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return the spans of `line` and the state for the next one."""
        fence = _FENCE.match(line)
        if state == IN_FENCE:
            return ([Span(0, len(line), "string")] if line else []), 0 if fence else IN_FENCE
        if fence:
            return [Span(0, len(line), "string")], IN_FENCE
        if _HEADING.match(line):
            return [Span(0, len(line), "key")], 0
        spans: list[Span] = []
        position = 0
        lead = _LEAD.match(line)
        if lead:
            start, position = lead.span("lead")
            spans.append(Span(start, position - start, "punctuation"))
        for match in _INLINE.finditer(line, position):
            start, end = match.span()
            spans.append(Span(start, end - start, cast(SyntaxToken, match.lastgroup)))
        return spans, 0
