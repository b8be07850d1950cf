"""Colours of YAML (1.2), line by line; block scalars are known by their indentation."""

from __future__ import annotations

import re

from insomnia_desktop.ui.syntax.span import Span, SyntaxToken
from insomnia_desktop.ui.syntax.template import TEMPLATE_PATTERN

IN_DOUBLE_QUOTES = 1
IN_SINGLE_QUOTES = 2
# A block scalar whose parent is indented by n has the state IN_BLOCK + n; n is -1 for the document itself.
IN_BLOCK = 4
_DEEPEST_BLOCK = 200

_DOUBLE = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
_SINGLE = r"'(?:[^']++|'')*+(?:'|\Z)"
_PREFIX = re.compile(r"(?:[ \t]*+-(?=[ \t]|\Z))++")
_MARKER = re.compile(r"(?:---|\.\.\.)(?=\s|\Z)")
_KEY = re.compile(
    rf"[ \t]*+(?P<key>{_DOUBLE}|{_SINGLE}|[^\s\[\]{{}},#&*!|>'\"%@`](?:[^:#]|:(?!\s|\Z)|(?<!\s)\#)*?)"
    r"[ \t]*+(?P<colon>:)(?=\s|\Z)"
)
_BLOCK = re.compile(r"[ \t]*+(?P<header>[|>][+\-0-9]{0,2})[ \t]*+(?:#.*+)?\Z")
_TAGS = re.compile(r"(?:[ \t]*+[&!]\S*+)*+")
_VALUE = re.compile(
    rf"(?P<template>{TEMPLATE_PATTERN})"
    r"|(?P<comment>(?:(?<=\s)|(?<!.))\#.*+)"
    rf"|(?P<double>{_DOUBLE})"
    rf"|(?P<single>{_SINGLE})"
    r"|(?P<tag>[&*!][^\s,\[\]{}]*+)"
    r"|(?P<punctuation>[\[\]{},]|:(?=\s|\Z)|\?(?=\s))"
    r"|(?P<plain>[^\s\[\]{},\#\"'&*!:](?:[^\s\[\]{},:\#]|:(?!\s|\Z)|(?<!\s)\#|[ \t]++(?![\s\#]|:\s)(?=\S))*+)"
)
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*+(?:\.\d*+)?(?:[eE][-+]?\d++)?|\.\d++|0x[\da-fA-F]++|0o[0-7]++|\.inf|\.nan)\Z")
_BOOLEANS = frozenset(("true", "false", "True", "False", "TRUE", "FALSE"))
_NULLS = frozenset(("null", "Null", "NULL", "~"))


class YamlLexer:
    """Colours YAML line by line; quoted and block scalars are carried over."""

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return the spans of `line` and the state for the next one."""
        spans: list[Span] = []
        if state >= IN_BLOCK - 1:
            indent = len(line) - len(line.lstrip(" "))
            if not line.strip() or indent > state - IN_BLOCK:
                return ([Span(0, len(line), "string")] if line.strip() else []), state
            state = 0
        if state in (IN_DOUBLE_QUOTES, IN_SINGLE_QUOTES):
            closed = _closed_at(line, state)
            position = len(line) if closed is None else closed
            if position:
                spans.append(Span(0, position, "string"))
            return spans, state if closed is None else _values(line, position, spans)
        position = 0
        marker = _MARKER.match(line)
        if marker:
            spans.append(Span(0, marker.end(), "punctuation"))
            position = marker.end()
        return spans, _entry(line, position, spans)


def _entry(line: str, position: int, spans: list[Span]) -> int:
    """Colour dashes, the key and the value from `position` on; return the state."""
    parent = -1
    dashes = _PREFIX.match(line, position)
    if dashes:
        for at in range(position, dashes.end()):
            if line[at] == "-":
                spans.append(Span(at, 1, "punctuation"))
                parent = at
        position = dashes.end()
    key = _KEY.match(line, position)
    if key:
        parent = key.start("key")
        spans.append(Span(parent, key.end("key") - parent, "key"))
        spans.append(Span(key.start("colon"), 1, "punctuation"))
        position = key.end()
    block = _BLOCK.match(line, _past_tags(line, position))
    if block:
        _values(line[: block.start("header")], position, spans)
        start, end = block.span("header")
        spans.append(Span(start, end - start, "punctuation"))
        comment = line.find("#", end)
        if comment >= 0:
            spans.append(Span(comment, len(line) - comment, "comment"))
        return IN_BLOCK + min(parent, _DEEPEST_BLOCK)
    return _values(line, position, spans)


def _past_tags(line: str, position: int) -> int:
    """Return where a value begins behind its tag and anchor."""
    match = _TAGS.match(line, position)
    return match.end() if match else position


def _values(line: str, position: int, spans: list[Span]) -> int:
    """Colour everything from `position` on that is no block key; return the state."""
    state = 0
    for match in _VALUE.finditer(line, position):
        start, end = match.span()
        kind = match.lastgroup
        token: SyntaxToken
        if kind == "template":
            continue
        if kind in ("double", "single"):
            token = "string"
            if _is_open(match.group(), '"' if kind == "double" else "'"):
                state = IN_DOUBLE_QUOTES if kind == "double" else IN_SINGLE_QUOTES
        elif kind == "comment":
            token = "comment"
        elif kind == "punctuation":
            token = "punctuation"
        elif kind == "tag":
            token = "boolean"
        else:
            token = _plain_token(match.group(), followed_by=line[end : end + 2])
        spans.append(Span(start, end - start, token))
    return state


def _plain_token(text: str, *, followed_by: str) -> SyntaxToken:
    if followed_by[:1] == ":":
        return "key"
    if text in _BOOLEANS:
        return "boolean"
    if text in _NULLS:
        return "null"
    return "number" if _NUMBER.match(text) else "string"


def _is_open(quoted: str, quote: str) -> bool:
    """Say whether the quoted scalar runs on into the next line."""
    if len(quoted) < 2 or not quoted.endswith(quote):
        return True
    if quote == "'":
        return (len(quoted) - len(quoted.rstrip("'"))) % 2 == 0 and len(quoted) > 2
    return False


def _closed_at(line: str, state: int) -> int | None:
    """Return where the scalar carried over ends in `line`; None if it does not."""
    pattern = r'(?:[^"\\]|\\.)*+"' if state == IN_DOUBLE_QUOTES else r"(?:[^']++|'')*+'(?!')"
    match = re.compile(pattern).match(line)
    return match.end() if match else None
