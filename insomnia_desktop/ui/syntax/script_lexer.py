"""Colours of JavaScript and CSS, coarse: comments, strings, numbers, words of the language."""

from __future__ import annotations

import re
from typing import cast

from insomnia_desktop.ui.syntax.span import Span, SyntaxToken

IN_COMMENT = 1
IN_TEMPLATE_STRING = 2

_KEYWORDS = (
    "async|await|break|case|catch|class|const|continue|default|delete|do|else|export|extends|finally|for|from"
    "|function|if|import|in|instanceof|let|new|of|return|super|switch|this|throw|try|typeof|var|void|while|yield"
)
_STRINGS = r"""(?P<string>"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|'(?:[^'\\]++|\\.)*+(?:'|\\?\Z))"""
_SCRIPT = re.compile(
    r"(?P<comment>//.*+|/\*.*?(?:\*/|\Z))"
    rf"|{_STRINGS}"
    r"|(?P<template>`(?:[^`\\]++|\\.)*+(?:`|\\?\Z))"
    r"|(?P<number>\b(?:0[xX][\da-fA-F]++|\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)n?\b)"
    r"|(?P<boolean>\b(?:true|false)\b)"
    r"|(?P<null>\b(?:null|undefined|NaN)\b)"
    rf"|(?P<key>\b(?:{_KEYWORDS})\b)"
    r"|(?P<word>[\w$]++)"
    r"|(?P<punctuation>[{}()\[\];,.:=+\-*/<>!&|?%^~])"
)
_STYLE = re.compile(
    r"(?P<comment>/\*.*?(?:\*/|\Z))"
    rf"|{_STRINGS}"
    r"|(?P<boolean>@[\w-]++|!important\b)"
    r"|(?P<number>\#[\da-fA-F]{3,8}\b(?!\s*+[{,])|(?<![\w-])[-+]?(?:\d++(?:\.\d++)?|\.\d++)(?:%|[a-zA-Z]++)?)"
    r"|(?P<key>[\w-]++(?=\s*+:(?!:)))"
    r"|(?P<word>[\w-]++)"
    r"|(?P<punctuation>[{}()\[\];,:>+~*])"
)


class ScriptLexer:
    """Colours JavaScript, or CSS, line by line; comments and template strings are carried over."""

    def __init__(self, *, css: bool = False) -> None:
        """With `css` the text is a style sheet."""
        self._pattern = _STYLE if css else _SCRIPT

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return the spans of `line` and the state for the next one."""
        spans: list[Span] = []
        position = 0
        if state in (IN_COMMENT, IN_TEMPLATE_STRING):
            closer = "*/" if state == IN_COMMENT else "`"
            end = line.find(closer)
            position = len(line) if end < 0 else end + len(closer)
            if position:
                spans.append(Span(0, position, "comment" if state == IN_COMMENT else "string"))
            if end < 0:
                return spans, state
        state = 0
        for match in self._pattern.finditer(line, position):
            kind = match.lastgroup
            if kind == "word":
                continue
            text = match.group()
            token = "string" if kind == "template" else kind
            spans.append(Span(match.start(), len(text), cast(SyntaxToken, token)))
            if kind == "comment" and text.startswith("/*") and (len(text) < 4 or not text.endswith("*/")):
                state = IN_COMMENT
            elif kind == "template" and (len(text) < 2 or not text.endswith("`") or text.endswith("\\`")):
                state = IN_TEMPLATE_STRING
        return spans, state
