"""Colours of GraphQL documents (specification of October 2021, section 2: lexical grammar)."""

from __future__ import annotations

import re
from typing import cast

from insomnia_desktop.ui.syntax.span import Span, SyntaxToken
from insomnia_desktop.ui.syntax.template import TEMPLATE_PATTERN

IN_BLOCK_STRING = 1

_KEYWORDS = (
    "query|mutation|subscription|fragment|on|schema|scalar|type|interface|union|enum|input|extend|directive"
    "|implements|repeatable"
)
_PATTERN = re.compile(
    rf"(?P<template>{TEMPLATE_PATTERN})"
    r"|(?P<comment>\#.*+)"
    r'|(?P<block>""")'
    r'|(?P<string>"(?:[^"\\]++|\\.)*+(?:"|\\?\Z))'
    r"|(?P<variable>\$\w++)"
    r"|(?P<directive>@\w++)"
    r"|(?P<number>-?\b\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)"
    r"|(?P<boolean>\b(?:true|false)\b)"
    r"|(?P<null>\bnull\b)"
    r"|(?P<key>\b[A-Za-z_]\w*+(?=\s*+:))"
    rf"|(?P<keyword>\b(?:{_KEYWORDS})\b)"
    r"|(?P<word>\w++)"
    r"|(?P<punctuation>\.\.\.|[{}()\[\]:=!|&,])"
)
_BLOCK_END = re.compile(r'(?:[^"\\]++|\\"""|\\|"(?!""))*+(?P<end>""")?')
# The theme has seven colours; what GraphQL has beyond JSON takes the nearest of them.
_COLOURS = {"variable": "number", "directive": "boolean", "keyword": "null"}


class GraphqlLexer:
    """Colours GraphQL line by line; block strings are carried over."""

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return the spans of `line` and the state for the next one."""
        spans: list[Span] = []
        position = 0
        if state == IN_BLOCK_STRING:
            position, closed = _skip_block(line, 0)
            if position:
                spans.append(Span(0, position, "string"))
            if not closed:
                return spans, IN_BLOCK_STRING
        while match := _PATTERN.search(line, position):
            start, position = match.span()
            token = match.lastgroup
            if token == "block":
                position, closed = _skip_block(line, position)
                spans.append(Span(start, position - start, "string"))
                if not closed:
                    return spans, IN_BLOCK_STRING
            elif token not in ("template", "word"):
                colour = _COLOURS.get(str(token), token)
                spans.append(Span(start, position - start, cast(SyntaxToken, colour)))
        return spans, 0


def _skip_block(line: str, start: int) -> tuple[int, bool]:
    """Return where the block string that is open at `start` ends in this line, and whether it was closed."""
    match = _BLOCK_END.match(line, start)
    if match is None:
        return len(line), False
    closed = match.group("end") is not None
    return (match.end() if closed else len(line)), closed
