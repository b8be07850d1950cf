"""The text of one row as it is drawn, and where its characters lie in the file and in the layout."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from itertools import accumulate

from insomnia_desktop.ui.widgets.viewer.text_encoding import TextEncoding

# What would be invisible, would break the row, or would turn the order of the text around (Unicode TR 36, 3.2).
# Joiners (U+200C, U+200D) stay: Persian and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_UNSEEN_RUN = re.compile(f"{_UNSEEN.pattern}+")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")
_WORD = re.compile(r"\w+")


def symbol_of(character: str) -> str:
    """Return what is drawn for a character that cannot be seen itself."""
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return f"[U+{code:04X}]"


# Most of what cannot be seen has a symbol of the same length; a body of zeros is drawn without a call for each.
_ONE_TO_ONE = {code: symbol_of(chr(code)) for code in (*range(9), *range(10, 32), 0x7F, *range(0xD800, 0xE000))}


class RowText:
    """The characters of a row, the text drawn for them, and the ways between code units and layout positions.

    A layout counts UTF-16 units, as Qt does; `drawn` may be longer than `characters`, which are the file's own.
    """

    def __init__(self, content: bytes, encoding: TextEncoding) -> None:
        """Decode a row without its line break."""
        self.characters = encoding.decode(content)
        self.length = len(content) // encoding.unit
        self.symbols: list[tuple[int, int]] = []
        self._unit_starts = encoding.starts(content, self.characters)
        self._layout_starts: array[int] | None = None
        self.drawn = self._draw()

    @property
    def simple(self) -> bool:
        """Say whether every character is one unit, one layout position and one cell of a fixed font."""
        return self.drawn.isascii() and self._layout_starts is None and "\t" not in self.drawn

    @property
    def has_right_to_left(self) -> bool:
        """Say whether some of the text runs from right to left."""
        return not self.drawn.isascii() and _RIGHT_TO_LEFT.search(self.drawn) is not None

    def layout_of(self, unit: int) -> int:
        """Return the layout position of a code unit counted from the begin of the row."""
        return self.layout_of_character(self._character_of(min(max(unit, 0), self.length), self._unit_starts))

    def unit_of(self, position: int) -> int:
        """Return the code unit, counted from the begin of the row, of a layout position."""
        character = self._character_of(position, self._layout_starts)
        character = min(character, len(self.characters))
        return character if self._unit_starts is None else self._unit_starts[character]

    def layout_of_character(self, character: int) -> int:
        """Return the layout position of a character."""
        return character if self._layout_starts is None else self._layout_starts[character]

    def word_at(self, unit: int) -> tuple[int, int]:
        """Return begin and end, in code units of the row, of the word or the single character at a unit."""
        character = min(self._character_of(unit, self._unit_starts), max(len(self.characters) - 1, 0))
        start, end = character, min(character + 1, len(self.characters))
        for found in _WORD.finditer(self.characters):
            if found.start() <= character < found.end():
                start, end = found.span()
                break
            if found.start() > character:
                break
        return self._unit_at(start), self._unit_at(end)

    def word_edge(self, unit: int, *, forward: bool) -> int:
        """Return where the caret goes by one word from a unit of the row; an end of the row when there is no more."""
        character = self._character_of(unit, self._unit_starts)
        edge = len(self.characters) if forward else 0
        for found in _WORD.finditer(self.characters):
            if forward and found.start() > character:
                edge = found.start()
                break
            if not forward and found.start() >= character:
                break
            if not forward:
                edge = found.start()
        return self._unit_at(edge)

    def _unit_at(self, character: int) -> int:
        return character if self._unit_starts is None else self._unit_starts[character]

    @staticmethod
    def _character_of(place: int, starts: array[int] | None) -> int:
        return place if starts is None else max(bisect_right(starts, place) - 1, 0)

    def _draw(self) -> str:
        text = self.characters
        if text.isascii() and (text.isprintable() or _UNSEEN.search(text) is None):
            return text
        drawn = text.translate(_ONE_TO_ONE)
        if not drawn.isascii():
            drawn = _UNSEEN.sub(lambda found: symbol_of(found.group()), drawn)
        if len(drawn) != len(text) or max(drawn) > "\uffff":
            widths = (_layout_length(character) for character in text)
            self._layout_starts = array("L", accumulate(widths, initial=0))
        for found in _UNSEEN_RUN.finditer(text):
            start = self.layout_of_character(found.start())
            self.symbols.append((start, self.layout_of_character(found.end()) - start))
        return drawn


def _layout_length(character: str) -> int:
    if _UNSEEN.match(character) is not None:
        return len(symbol_of(character))
    return 2 if character > "\uffff" else 1
