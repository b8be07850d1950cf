"""Rows of a key/value table as a text of one line each, and back.

The format, a line a row; blank lines mean nothing:

    name: value                     a row
    // name: value                  a row that is switched off
    name: value // description      the last part is the description, from the first ` // ` on
    name                            a row without a value
    name (file): path               in tables that know other kinds of value: (file) or (json) after the name
    \\ na\\:me: a\\nb                   a line that starts with a backslash knows escapes

In an ordinary line every character stands for itself; blanks around the parts do not count. What cannot be written so
(line breaks, blanks at an end, a colon in a name, ` // ` in a value, a name that starts with `//` or a backslash) is
written as an escaped line, in which `\\n \\r \\t \\u00a0` are control and odd characters, `\\s` is a blank, and a
backslash makes any other character (`\\: \\/ \\( \\\\`) stand for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import NamedTuple

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow, KeyValueRows, ValueKind

_OFF = "//"
_ESCAPED = "\\"
_DESCRIPTION = re.compile(r"(?:^|(?<=\s))//(?=\s|$)")
_KIND = re.compile(r"(?:^|\s)\((file|json)\)$")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_UNESCAPES = {"n": "\n", "r": "\r", "t": "\t", "s": " "}
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}
# What a text widget would change: it takes these for line ends, or for a plain blank.
_FRAGILE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\xa0\u2028\u2029\ufdd0\ufdd1\ufffc]")
_ESCAPE = re.compile(r"\\(?:u(?![dD][89a-fA-F])([0-9a-fA-F]{4})|(.))|\\$|\ufffc", re.DOTALL)
_HIDDEN = "\ufffc"  # stands for one escape while an escaped line is taken apart


class _Parts(NamedTuple):
    enabled: bool
    name: str
    kind: ValueKind
    value: str
    description: str


def to_bulk_text(rows: Sequence[KeyValueRow], *, kinds: tuple[ValueKind, ...] = ("text",)) -> str:
    """Return the rows as text; `kinds` are those of the table, and only other kinds than text are marked."""
    return "\n".join(_line_of(row, kinds) for row in rows)


def from_bulk_text(
    text: str, before: Sequence[KeyValueRow] = (), *, kinds: tuple[ValueKind, ...] = ("text",)
) -> KeyValueRows:
    """Return the rows that a text stands for; every text stands for some.

    Rows that are still there keep the id they have in `before`, and what the text does not show of them; changed lines
    take over the ids of those in whose place they stand; the rest get fresh ones.
    """
    parts = [_parse(line, kinds) for line in _LINE_BREAK.split(text) if line.strip()]
    old = list(before)
    matcher = SequenceMatcher(a=[_parts_of(row, kinds) for row in old], b=parts, autojunk=False)
    rows: list[KeyValueRow] = []
    for _, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        replaced = _by_name(old[old_start:old_end], parts[new_start:new_end])
        for part, model in zip(parts[new_start:new_end], replaced, strict=True):
            base = model if model is not None else KeyValueRow(new_row_id())
            rows.append(_row(base, part))
    return tuple(rows)


def parse_pasted(text: str) -> list[tuple[bool, str, str, str]] | None:
    """Return rows (enabled, name, value, description) for a pasted text of several lines; None for a single line.

    A line may be `name<tab>value<tab>description`, `name: value` or `name=value`, whichever sign comes first;
    `// ` before it switches the row off.
    """
    lines = [line for line in _LINE_BREAK.split(text) if line.strip()]
    if len(lines) < 2:
        return None
    return [_pasted(line) for line in lines]


def _pasted(line: str) -> tuple[bool, str, str, str]:
    body = line.strip()
    enabled = not (body.startswith("// ") or body == _OFF)
    if not enabled:
        body = body[len(_OFF) :].lstrip()
    if "\t" in body:
        cells = [cell.strip() for cell in (*body.split("\t"), "", "")]
        return enabled, cells[0], cells[1], cells[2]
    split = re.search(r"[:=]", body)
    if split is None:
        return enabled, body, "", ""
    return enabled, body[: split.start()].strip(), body[split.end() :].strip(), ""


def _by_name(old: Sequence[KeyValueRow], new: Sequence[_Parts]) -> list[KeyValueRow | None]:
    """Pair changed lines with the rows they replace: those of the same name first, then in order."""
    free = list(old)
    paired: list[KeyValueRow | None] = []
    for part in new:
        same = next((row for row in free if row.name == part.name), None)
        if same is not None:
            free.remove(same)
        paired.append(same)
    for index, found in enumerate(paired):
        if found is None and free:
            paired[index] = free.pop(0)
    return paired


def _row(base: KeyValueRow, part: _Parts) -> KeyValueRow:
    return replace(
        base, enabled=part.enabled, name=part.name, kind=part.kind, value=part.value, description=part.description
    )


def _parts_of(row: KeyValueRow, kinds: tuple[ValueKind, ...]) -> _Parts:
    return _Parts(row.enabled, row.name, row.kind if row.kind in kinds else "text", row.value, row.description)


def _line_of(row: KeyValueRow, kinds: tuple[ValueKind, ...]) -> str:
    parts = _parts_of(row, kinds)
    plain = _joined(parts, parts.name, parts.value, parts.description)
    if _parse(plain, kinds) == parts and not _LINE_BREAK.search(plain) and not _FRAGILE.search(plain):
        return plain
    name, value = _escape(parts.name, also=":(/"), _escape(parts.value, also="/")
    return f"{_ESCAPED} {_joined(parts, name, value, _escape(parts.description, also=''))}"


def _joined(parts: _Parts, name: str, value: str, description: str) -> str:
    marked = name if parts.kind == "text" else f"{name} ({parts.kind})".lstrip()
    line = f"{marked}: {value}".rstrip() if value or description else f"{marked}:"
    line = line if parts.enabled else f"{_OFF} {line}"
    return f"{line} // {description}" if description else line


def _escape(text: str, *, also: str) -> str:
    body = text.strip(" ")
    made = "".join(_escaped_char(char, also) for char in body)
    if not body:
        return "\\s" * len(text)
    lead = len(text) - len(text.lstrip(" "))
    return "\\s" * lead + made + "\\s" * (len(text) - len(body) - lead)


def _escaped_char(char: str, also: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if _FRAGILE.fullmatch(char) or (char.isspace() and char != " "):
        return f"\\u{ord(char):04x}"
    return f"\\{char}" if char in also else char


def _parse(line: str, kinds: tuple[ValueKind, ...]) -> _Parts:
    body = line.strip()
    hidden: list[str] = []
    if body.startswith(_ESCAPED):
        body = _hide_escapes(line.lstrip()[len(_ESCAPED) :], hidden).strip()
    enabled = not body.startswith(_OFF)
    if not enabled:
        body = body[len(_OFF) :].lstrip()
    head, description = body, ""
    split = _DESCRIPTION.search(body)
    if split is not None:
        head, description = body[: split.start()], body[split.end() :]
    name, _, value = head.partition(":")
    name = name.strip()
    kind: ValueKind = "text"
    marked = _KIND.search(name)
    if marked is not None and marked.group(1) in kinds:
        kind = "file" if marked.group(1) == "file" else "json"
        name = name[: marked.start()].rstrip()
    texts = [name, value.strip(), description.strip()]
    if hidden:
        meanings = iter(hidden)
        texts = [_restore(text, meanings) for text in texts]
    return _Parts(enabled, texts[0], kind, texts[1], texts[2])


def _hide_escapes(text: str, hidden: list[str]) -> str:
    """Replace each escape by a stand-in, and list what they mean."""

    def hide(match: re.Match[str]) -> str:
        code, char = match.groups()
        hidden.append(chr(int(code, 16)) if code else _UNESCAPES.get(char, char) if char else match.group())
        return _HIDDEN

    return _ESCAPE.sub(hide, text)


def _restore(text: str, hidden: Iterator[str]) -> str:
    return re.sub(_HIDDEN, lambda _: next(hidden), text)
