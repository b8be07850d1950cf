"""Where variables, tags and raw sections stand in a text; pure, linear in the text, and never an error."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

TokenKind = Literal["text", "variable", "tag", "raw", "unclosed"]

_OPENER = re.compile(r"\{\{|\{%")
_STOP = re.compile(r"""\{\{|\{%|["'()\[\]{}]|%\}""")
_RAW = re.compile(r"-?\s*raw\s*-?")
_END_RAW = re.compile(r"\{%-?\s*endraw\s*-?%\}")


class Token(NamedTuple):
    """Characters `start` to `end` of a text; tokens follow one another and cover the text.

    `name` is the stripped expression of a `variable` (`{{ name }}`), the first word of a `tag` (`{% word ... %}`), the
    text kept by a `raw` section, and empty for `text` and for `unclosed` (an opener that nothing closes).
    """

    start: int
    end: int
    kind: TokenKind
    name: str


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text from left to right."""
    found: list[Token] = []
    position = 0
    gone: set[str] = set()
    while opener := _OPENER.search(text, position):
        start = opener.start()
        if start > position:
            found.append(Token(position, start, "text", ""))
        token = _template(text, start, gone)
        found.append(token)
        position = token.end
    if position < len(text):
        found.append(Token(position, len(text), "text", ""))
    return found


def inner(text: str, token: Token) -> str:
    """Return what stands between the braces of a variable or tag, without the `-` that trims blanks."""
    content = text[token.start + 2 : token.end - 2]
    return content[1 if content.startswith("-") else 0 : -1 if content.endswith("-") and len(content) > 1 else None]


def _template(text: str, start: int, gone: set[str]) -> Token:
    closer = "}}" if text.startswith("{{", start) else "%}"
    end = _end_of(text, start, closer, gone)
    if end < 0:
        return Token(start, start + 2, "unclosed", "")
    content = text[start + 2 : end - 2]
    if closer == "}}":
        token = Token(start, end, "variable", "")
        return token._replace(name=inner(text, token).strip())
    if _RAW.fullmatch(content):
        closing = None if "endraw" in gone else _END_RAW.search(text, end)
        if closing is None:
            gone.add("endraw")
            return Token(start, end, "unclosed", "")
        kept = text[end : closing.start()]
        if content.endswith("-"):
            kept = kept.lstrip()
        if closing.group().startswith("{%-"):
            kept = kept.rstrip()
        return Token(start, closing.end(), "raw", kept)
    words = content.strip("-").split(None, 1)
    return Token(start, end, "tag", words[0] if words else "")


def _end_of(text: str, start: int, closer: str, gone: set[str]) -> int:
    """Return the position after the closer that belongs to the opener at `start`, or -1.

    Quotes and brackets are respected; where that finds no end (an apostrophe in a name), the next closer counts.
    """
    depth = 0
    position = start + 2
    while True:
        if depth == 0 and text.startswith(closer, position):
            return position + 2
        stop = _STOP.search(text, position)
        if stop is None:
            break
        position, mark = stop.start(), stop.group()
        if mark in ("{{", "{%"):
            break
        if depth == 0 and text.startswith(closer, position):
            return position + 2
        if mark in "\"'":
            position = _after_string(text, position, gone)
            if position < 0:
                break
            continue
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
        position += len(mark)
    limit = _OPENER.search(text, start + 2)
    end = text.find(closer, start + 2, limit.start() if limit else len(text))
    return end + 2 if end >= 0 else -1


def _after_string(text: str, position: int, gone: set[str]) -> int:
    quote = text[position]
    if quote in gone:
        return -1
    end = text.find(quote, position + 1)
    if end < 0:
        # None follows, which holds for every later position too: nothing is searched for twice in vain.
        gone.add(quote)
    while end >= 0:
        before = end
        while text[before - 1] == "\\":
            before -= 1
        if (end - before) % 2 == 0:
            return end + 1
        end = text.find(quote, end + 1)
    return -1
