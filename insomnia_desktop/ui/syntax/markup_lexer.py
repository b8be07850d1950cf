"""Colours of XML and HTML."""

from __future__ import annotations

import re

from insomnia_desktop.ui.syntax.span import LineLexer, Span, SyntaxToken

IN_TAG = 1
IN_COMMENT = 2
IN_CDATA = 3
IN_DOUBLE_QUOTES = 4
IN_SINGLE_QUOTES = 5
IN_INSTRUCTION = 6
IN_DECLARATION = 7
# HTML only: the text of <script> and <style>; the states of their lexer come behind.
IN_SCRIPT = 16
IN_STYLE = 48
_EMBEDDED_STATES = 32
_RAW_ELEMENTS = {"script": IN_SCRIPT, "style": IN_STYLE}

_TEXT = re.compile(
    r"(?P<comment><!--)|(?P<cdata><!\[CDATA\[)|(?P<instruction><\?)|(?P<declaration><!)"
    r"|(?P<tag></?+(?=[^\W\d]))|(?P<entity>&\#?\w++;)"
)
_EMBEDDED_END = re.compile(r"</(?:style|script)\b", re.IGNORECASE)
_NAME = re.compile(r"[^\s<>/=\"'?!]++")
_TAG = re.compile(r"(?P<end>/?>|\?>)|(?P<punctuation>[=/<?])|(?P<double>\")|(?P<single>')|(?P<name>[^\s<>/=\"'?]++)")
_CLOSERS: dict[int, tuple[str, SyntaxToken]] = {
    IN_COMMENT: ("-->", "comment"),
    IN_CDATA: ("]]>", "string"),
    IN_DECLARATION: (">", "comment"),
}
_OPENED = {"comment": IN_COMMENT, "cdata": IN_CDATA, "declaration": IN_DECLARATION}


class MarkupLexer:
    """Colours XML or HTML line by line; tags, comments and quoted values may span lines."""

    def __init__(self, *, html: bool = False) -> None:
        """With `html` the text of script and style elements is coloured as what it is."""
        self._html = html
        self._embedded: dict[int, LineLexer] = {}

    def lex(self, line: str, state: int) -> tuple[list[Span], int]:
        """Return the spans of `line` and the state for the next one."""
        walk = _Walk(line, html=self._html)
        position = 0
        while True:
            if state >= IN_SCRIPT:
                position, state = self._in_embedded(walk, position, state)
            elif state in _CLOSERS:
                position, state = walk.until_closed(position, state)
            elif state in (IN_DOUBLE_QUOTES, IN_SINGLE_QUOTES):
                position, state = walk.in_quotes(position, state)
            elif state in (IN_TAG, IN_INSTRUCTION):
                position, state = walk.in_tag(position, state)
            else:
                position, state = walk.in_text(position)
            if position >= len(line):
                return walk.spans, max(state, 0)

    def _in_embedded(self, walk: _Walk, position: int, state: int) -> tuple[int, int]:
        base = IN_STYLE if state >= IN_STYLE else IN_SCRIPT
        closing = _EMBEDDED_END.search(walk.line, position)
        end = closing.start() if closing else len(walk.line)
        if base not in self._embedded:
            from insomnia_desktop.ui.syntax.script_lexer import ScriptLexer

            self._embedded[base] = ScriptLexer(css=base == IN_STYLE)
        spans, inner = self._embedded[base].lex(walk.line[position:end], (state - base) % _EMBEDDED_STATES)
        walk.spans.extend(Span(span.start + position, span.length, span.token) for span in spans)
        return end, 0 if closing else base + inner


class _Walk:
    """One pass over one line of markup; each step returns where it came to and the state there."""

    def __init__(self, line: str, *, html: bool) -> None:
        self.line = line
        self.spans: list[Span] = []
        self._html = html
        self._raw_element = 0

    def add(self, start: int, end: int, token: SyntaxToken) -> None:
        if end > start:
            self.spans.append(Span(start, end - start, token))

    def in_text(self, position: int) -> tuple[int, int]:
        match = _TEXT.search(self.line, position)
        if match is None:
            return len(self.line), 0
        kind = str(match.lastgroup)
        start, end = match.span()
        if kind == "entity":
            self.add(start, end, "boolean")
            return end, 0
        if kind in _OPENED:
            state = _OPENED[kind]
            self.add(start, end, "punctuation" if kind == "cdata" else "comment")
            return end, state
        self.add(start, end, "punctuation")
        name = _NAME.match(self.line, end)
        if name is not None:
            self.add(*name.span(), "key")
            end = name.end()
            opens = self._html and match.group() == "<"
            self._raw_element = _RAW_ELEMENTS.get(name.group().lower(), 0) if opens else 0
        return end, IN_INSTRUCTION if kind == "instruction" else IN_TAG

    def until_closed(self, position: int, state: int) -> tuple[int, int]:
        closer, token = _CLOSERS[state]
        end = self.line.find(closer, position)
        if end < 0:
            self.add(position, len(self.line), token)
            return len(self.line), state
        if state == IN_CDATA:
            self.add(position, end, token)
            self.add(end, end + len(closer), "punctuation")
        else:
            self.add(position, end + len(closer), token)
        return end + len(closer), 0

    def in_quotes(self, position: int, state: int) -> tuple[int, int]:
        end = self.line.find('"' if state == IN_DOUBLE_QUOTES else "'", position)
        if end < 0:
            self.add(position, len(self.line), "string")
            return len(self.line), state
        self.add(position, end + 1, "string")
        return end + 1, IN_TAG

    def in_tag(self, position: int, state: int) -> tuple[int, int]:
        match = _TAG.search(self.line, position)
        if match is None:
            return len(self.line), state
        start, end = match.span()
        kind = match.lastgroup
        if kind == "end":
            self.add(start, end, "punctuation")
            return end, self._raw_element if match.group() == ">" else 0
        if kind in ("double", "single"):
            quote = match.group()
            closed = self.line.find(quote, end)
            self.add(start, len(self.line) if closed < 0 else closed + 1, "string")
            if closed < 0:
                return len(self.line), IN_DOUBLE_QUOTES if kind == "double" else IN_SINGLE_QUOTES
            return closed + 1, state
        self.add(start, end, "number" if kind == "name" else "punctuation")
        return end, state
