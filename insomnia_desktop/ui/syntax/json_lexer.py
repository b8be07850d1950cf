"""Colours of JSON, with comments and with template variables inside and outside of strings."""

from __future__ import annotations

import re
from typing import cast

from insomnia_desktop.ui.syntax.span import Span, SyntaxToken
from insomnia_desktop.ui.syntax.template import TEMPLATE_PATTERN

IN_COMMENT = 1

_STRING_PLAIN = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
_STRING_TEMPLATED = rf'"(?:[^"\\{{]++|\\.|{TEMPLATE_PATTERN}|\{{)*+(?:"|\\?\Z)'


def _token_pattern(string: str, template: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?P<template>{template})"
        rf"|(?P<key>{string}(?=\s*+:))"
        rf"|(?P<string>{string})"
        r"|(?P<number>-?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)"
        r"|(?P<boolean>\b(?:true|false)\b)"
        r"|(?P<null>\bnull\b)"
        r"|(?P<word>\w++)"
        r"|(?P<comment>//.*+|/\*.*?(?:\*/|\Z))"
        r"|(?P<punctuation>[{}\[\],:])"
    )


_PLAIN = _token_pattern(_STRING_PLAIN, r"(?!)")
_TEMPLATED = _token_pattern(_STRING_TEMPLATED, TEMPLATE_PATTERN)


class JsonLexer:
    """Colours JSON line by line; the only thing carried over is an open block comment."""

    def __init__(self, *, templates: bool = True) -> None:
        """With `templates` a template may hold quotes inside of a string; off for what a server answered."""
        self._pattern = _TEMPLATED if templates else _PLAIN

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return the spans of `line` and the state for the next one."""
        spans: list[Span] = []
        position = 0
        if state == IN_COMMENT:
            end = line.find("*/")
            position = len(line) if end < 0 else end + 2
            if position:
                spans.append(Span(0, position, "comment"))
            if end < 0:
                return spans, IN_COMMENT
        state = 0
        for match in self._pattern.finditer(line, position):
            token = match.lastgroup
            if token in ("template", "word"):
                continue
            start, end = match.span()
            spans.append(Span(start, end - start, cast(SyntaxToken, token)))
            if token == "comment" and line.startswith("/*", start) and (end - start < 4 or line[end - 2 : end] != "*/"):
                state = IN_COMMENT
        return spans, state
