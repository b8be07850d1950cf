"""JSON laid out anew with every number, key and escape as it was written."""

from __future__ import annotations

import re
from collections.abc import Callable
from mmap import mmap
from typing import Final

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.templating import tokens

_BYTE = re.compile(r"\(byte (\d+)\)")
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|//[^\n]*|/\*.*?\*/|[^\s{}\[\]:,"]+|"', re.DOTALL)
_STRING_REST = re.compile(r'(?:[^"\\]|\\.)*', re.DOTALL)
# What may stand between two brackets, so that one match skips all of it; possessive, so that a quote that nothing
# closes is found out in one pass.
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
_TO_BRACKET_OR_COMMA = re.compile(rb'(?:[^"\[\]{},]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
PIECE: Final = 2_000_000
"""How many bytes of a large body are laid out in one call, which keeps the interpreter for some 10 ms."""
_PIECES_AT_ONCE: Final = 6
"""A body of no more than so many pieces is laid out in one call, which is fastest; that is below 100 ms."""
_KEY = re.compile(rb'\s*+("(?:[^"\\]++|\\.)*+")\s*+:', re.DOTALL)
_CLOSER = {b"[": b"]", b"{": b"}"}


def beautify(text: str, indent: int) -> str:
    """Return JSON text laid out anew; variables may stand in it anywhere. Raises KnownError `format.invalid`."""
    if not text.strip():
        return text
    try:
        return _format(text.encode("utf-8", "surrogatepass"), indent).decode("utf-8", "surrogatepass")
    except msgspec.DecodeError as error:
        strict = error
    except RecursionError:
        raise KnownError("format.invalid", line=1, column=1, reason="It is nested too deeply.") from None
    if any(token.kind != "text" for token in tokens(text)) or "\\ud" in text.lower():
        return _lay_out(text, indent)
    raise _invalid(text, strict)


def write_pretty(
    source: bytes | mmap, write: Callable[[bytes], object], *, indent: int = 2, piece: int = PIECE
) -> bool:
    """Write JSON of any size laid out anew, piece by piece; False (and half the output) where it is no JSON.

    Threads: for a worker; between two pieces other threads run.
    """
    try:
        if len(source) <= piece * _PIECES_AT_ONCE:
            write(_format(source[:], indent))
        else:
            _Large(source, write, indent=indent, piece=piece).write_value(0, len(source), 0)
    except (msgspec.DecodeError, RecursionError, _Misshapen):
        return False
    return True


class _Misshapen(Exception):
    """The brackets do not fit."""


def _format(data: bytes, indent: int) -> bytes:
    return msgspec.json.format(data, indent=indent)


def _invalid(text: str, error: msgspec.DecodeError) -> KnownError:
    found = _BYTE.search(str(error))
    data = text.encode("utf-8", "surrogatepass")
    offset = int(found.group(1)) if found else len(data)
    before = data[:offset].decode("utf-8", "replace")
    reason = _BYTE.sub("", str(error)).removeprefix("JSON is malformed:").strip()
    return KnownError(
        "format.invalid",
        line=before.count("\n") + 1,
        column=len(before) - before.rfind("\n"),
        reason="It ends too early." if not found else f"{reason[:1].upper()}{reason[1:]}.",
    )


def _lay_out(text: str, indent: int) -> str:
    """Lay out text that is JSON once its variables are put in; what is not a blank between values stays."""
    out: list[str] = []
    depth = 0
    in_string = False
    for piece, in_string_after in _pieces(text):
        if in_string:
            out.append(piece)
        elif piece in ("{", "["):
            depth += 1
            out.append(piece)
            out.append("\n" + " " * (indent * depth))
        elif piece in ("}", "]"):
            depth = max(0, depth - 1)
            if len(out) > 1 and out[-1].startswith("\n") and out[-2] in ("{", "["):
                out.pop()
            else:
                out.append("\n" + " " * (indent * depth))
            out.append(piece)
        elif piece == ",":
            out.append(",\n" + " " * (indent * depth))
        elif piece == ":":
            out.append(": ")
        else:
            if out and out[-1][-1:] not in ("", " ", "\n", "[", "{"):
                out.append(" ")
            out.append(piece + ("\n" + " " * (indent * depth) if piece.startswith("//") else ""))
        in_string = in_string_after
    return "".join(out)


def _pieces(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of templated JSON, and for each whether a string is open behind it."""
    found: list[tuple[str, bool]] = []
    in_string = False
    for token in tokens(text):
        part = text[token.start : token.end]
        if token.kind not in ("text", "unclosed"):
            found.append((part, in_string))
            continue
        position = 0
        while position < len(part):
            if in_string:
                rest = _STRING_REST.match(part, position)
                end = rest.end() if rest else position
                in_string = part[end : end + 1] != '"'
                end += 0 if in_string else 1
                found.append((part[position:end], in_string))
                position = max(end, position + 1) if end == position else end
                continue
            match = _PIECE.search(part, position)
            if match is None:
                break
            in_string = match.group() == '"'
            found.append((match.group(), in_string))
            position = match.end()
    return found


class _Large:
    """Lays out a value too large for one call: its members one after another, small neighbours together."""

    def __init__(self, source: bytes | mmap, write: Callable[[bytes], object], *, indent: int, piece: int) -> None:
        self._source = source
        self._write = write
        self._indent = indent
        self._piece = piece

    def write_value(self, start: int, end: int, depth: int) -> None:
        """Write the value between two positions, whose first line is begun already."""
        source = self._source
        if end - start <= self._piece:
            self._write(self._indented(_format(source[start:end], self._indent), depth))
            return
        while source[start : start + 1].isspace():
            start += 1
        while source[end - 1 : end].isspace():
            end -= 1
        opener = source[start : start + 1]
        if opener not in _CLOSER or source[end - 1 : end] != _CLOSER[opener]:
            # One huge string or number: nothing to lay out, but it has to be JSON.
            self._write(_format(source[start:end], self._indent))
            return
        if not source[start + 1 : end - 1].strip():
            self._write(opener + _CLOSER[opener])
            return
        separator = opener
        for member_start, member_end in self._runs(start + 1, end - 1):
            if not source[member_start:member_end].strip():
                raise _Misshapen
            self._write(separator)
            separator = b","
            if member_end - member_start > 2 * self._piece:
                self._write_large_member(member_start, member_end, depth + 1, opener)
                continue
            wrapped = opener + source[member_start:member_end] + _CLOSER[opener]
            self._write(self._indented(_format(wrapped, self._indent)[1:-1].removesuffix(b"\n"), depth))
        self._write(self._line(depth) + _CLOSER[opener])

    def _write_large_member(self, start: int, end: int, depth: int, opener: bytes) -> None:
        self._write(self._line(depth))
        if opener == b"{":
            key = _KEY.match(self._source, start, end)
            if key is None:
                raise _Misshapen
            msgspec.json.decode(key.group(1))
            self._write(key.group(1) + b": ")
            start = key.end()
        self.write_value(start, end, depth)

    def _runs(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where the members between two brackets stand, neighbours together up to a piece."""
        runs: list[tuple[int, int]] = []
        depth = 0
        position = run_start = member_start = start
        while True:
            skip = _TO_BRACKET if depth else _TO_BRACKET_OR_COMMA
            match = skip.match(self._source, position, end)
            position = match.end() if match else position
            at_end = position >= end
            mark = b"," if at_end else self._source[position : position + 1]
            if mark in _CLOSER:
                depth += 1
            elif mark in (b"]", b"}"):
                depth -= 1
            elif mark == b",":
                if position - run_start > self._piece and member_start > run_start:
                    runs.append((run_start, member_start - 1))
                    run_start = member_start
                if at_end or position - run_start > self._piece:
                    runs.append((run_start, position))
                    run_start = position + 1
                member_start = position + 1
            if at_end:
                return runs
            if depth < 0 or mark == b'"':
                raise _Misshapen
            position += 1

    def _line(self, depth: int) -> bytes:
        return b"\n" + b" " * (self._indent * depth)

    def _indented(self, data: bytes, depth: int) -> bytes:
        # A line break never stands inside a string of JSON, so each one begins a line.
        return data.replace(b"\n", self._line(depth)) if depth else data
