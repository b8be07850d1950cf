"""GraphQL documents laid out anew, with every token and comment kept."""

from __future__ import annotations

import re
from typing import NamedTuple

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services import placeholders

_OPENERS = ("{", "(", "[")
_CLOSERS = ("}", ")", "]")


def beautify(text: str, indent: int) -> str:
    """Return a GraphQL document laid out anew; raises KnownError `format.invalid`."""
    if not text.strip():
        return text
    source, replaced = placeholders.take_out(text)
    return placeholders.put_back(_Layout(_lexed(source), indent).text(), replaced)


def _lexed(source: str) -> list[_Piece]:
    from graphql import GraphQLSyntaxError, Source  # loaded on the first GraphQL
    from graphql.language import Lexer, TokenKind

    lexer = Lexer(Source(source))
    first = lexer.token
    try:
        while lexer.advance().kind is not TokenKind.EOF:
            pass
    except GraphQLSyntaxError as error:
        locations = error.locations or []
        raise KnownError(
            "format.invalid",
            line=locations[0].line if locations else 1,
            column=locations[0].column if locations else 1,
            reason=error.message.removeprefix("Syntax Error: "),
        ) from None
    pieces = []
    token = first.next
    end = 0
    while token is not None and token.kind is not TokenKind.EOF:
        pieces.append(_Piece(token.kind.value, source[token.start : token.end], source[end : token.start]))
        end = token.end
        token = token.next
    return pieces


class _Piece(NamedTuple):
    """One token: its kind, its text as written, and what stood between it and the one before."""

    kind: str
    text: str
    gap: str

    @property
    def on_new_line(self) -> bool:
        return "\n" in self.gap or "\r" in self.gap


_NOTHING = _Piece("", "", "")


class _Group(NamedTuple):
    opener: str
    broken: bool
    """Whether each member stands on a line of its own."""


class _Layout:
    def __init__(self, pieces: list[_Piece], indent: int) -> None:
        self._pieces = pieces
        self._indent = indent
        self._groups: list[_Group] = []
        self._out: list[str] = []

    def text(self) -> str:
        """Return the new text."""
        before_last = last = _NOTHING
        for position, piece in enumerate(self._pieces):
            following = self._pieces[position + 1] if position + 1 < len(self._pieces) else _NOTHING
            closed = self._groups.pop() if piece.kind in _CLOSERS and self._groups else None
            self._out.append(self._between(before_last, last, piece, closed=closed))
            self._out.append(piece.text)
            if piece.kind in _OPENERS:
                self._groups.append(_Group(piece.kind, self._breaks(last, piece, following)))
            before_last, last = last, piece
        return "".join(self._out) + ("\n" if self._out else "")

    def _breaks(self, last: _Piece, opener: _Piece, following: _Piece) -> bool:
        if opener.kind == "{" and last.kind not in (":", "=") and all(group.opener == "{" for group in self._groups):
            return True
        return following.on_new_line or following.kind == "Comment"

    def _between(self, before_last: _Piece, last: _Piece, piece: _Piece, *, closed: _Group | None) -> str:
        if last is _NOTHING:
            return ""
        if closed is not None:
            if last.kind == "Comment":
                return self._new_line()
            return self._new_line() if closed.broken and last.kind not in _OPENERS else ""
        if piece.kind == "Comment":
            return self._new_line(piece) if piece.on_new_line else "  "
        if last.kind == "Comment":
            return self._new_line(piece)
        if last.kind in _OPENERS:
            return self._new_line() if self._groups[-1].broken else ""
        if not self._groups:
            return self._at_top(last, piece)
        if self._groups[-1].opener == "{" and self._groups[-1].broken:
            return self._in_block(before_last, last, piece)
        return self._in_line(last, piece)

    def _at_top(self, last: _Piece, piece: _Piece) -> str:
        if last.kind == "}" and piece.kind not in ("@",):
            return "\n\n"
        if piece.on_new_line and not _is_tight(last, piece) and piece.kind not in ("{", "@"):
            continues = piece.kind in ("|", "&", "=") or piece.text == "implements" or last.kind in ("|", "&", "=")
            return "\n" + " " * self._indent if continues else self._new_line(piece)
        return "" if _is_tight(last, piece) else " "

    def _in_block(self, before_last: _Piece, last: _Piece, piece: _Piece) -> str:
        if last.kind == "...":
            return "" if piece.kind == "Name" and piece.text != "on" else " "
        if _is_tight(last, piece):
            return ""
        after_on = last.text == "on" and before_last.kind == "..."
        begins = piece.kind in ("Name", "...", "String", "BlockString")
        if begins and last.kind not in (":", "=", "|", "&") and not after_on:
            return self._new_line(piece)
        return " "

    def _in_line(self, last: _Piece, piece: _Piece) -> str:
        if _is_tight(last, piece):
            return ""
        if self._groups[-1].broken and piece.on_new_line and last.kind not in (":", "="):
            return self._new_line(piece)
        if last.kind in (":", "=") or piece.kind in ("=", "@", "|", "&"):
            return " "
        described = last.kind in ("String", "BlockString") and self._groups[-1].opener != "["
        return ", " if "," in piece.gap or (piece.on_new_line and not described) else " "

    def _new_line(self, piece: _Piece = _NOTHING) -> str:
        depth = sum(1 for group in self._groups if group.broken)
        blank = len(re.findall(r"\r\n|\n|\r", piece.gap)) > 1
        return ("\n\n" if blank else "\n") + " " * (self._indent * depth)


def _is_tight(last: _Piece, piece: _Piece) -> bool:
    """Say whether nothing stands between two tokens."""
    if last.kind in ("@", "$"):
        return True
    if piece.kind == "(":
        return last.kind == "Name"
    return piece.kind in (":", "!")
