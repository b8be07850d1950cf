"""How the bytes of a body become characters and back, place by place."""

from __future__ import annotations

import codecs
from array import array
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

# Charsets that keep a state over the text, or whose line feed is another byte: decoded as a whole up to this size.
WHOLE_LIMIT = 16 * 1024 * 1024
# How far a cut may move back to the beginning of a character, in code units.
CUT_REACH = 64
# How far back one must look to know where a character of a double-byte charset begins; a run of so many without
# a blank or a sign between them may be cut within one.
MULTI_REACH = 2048

Kind = Literal["utf8", "wide", "single", "multi", "whole"]
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_WIDE = {
    "utf-16": ("utf-16-le", 2),
    "utf-16-le": ("utf-16-le", 2),
    "utf-16-be": ("utf-16-be", 2),
    "utf-32": ("utf-32-le", 4),
    "utf-32-le": ("utf-32-le", 4),
    "utf-32-be": ("utf-32-be", 4),
}
_NOT_ZERO = bytes([0]) + b"\xff" * 255


@dataclass(frozen=True, slots=True)
class TextEncoding:
    """One charset: its Python codec, bytes per code unit, and the code units of a byte order mark."""

    codec: str
    kind: Kind
    unit: int = 1
    bom: int = 0

    def line_view(self, content: bytes) -> bytes:
        """Return one byte per code unit in which line feeds and carriage returns are exactly those of the text."""
        if self.unit == 1:
            return content
        length = len(content) // self.unit
        content = content[: length * self.unit]
        low = 0 if self.codec.endswith("le") else self.unit - 1
        lows = content[low :: self.unit]
        for plane in range(self.unit):
            highs = content[plane :: self.unit] if plane != low else b""
            if highs.strip(b"\x00"):
                # A unit above 255 becomes 255, whatever its low byte is: U+0A0D holds no line feed.
                mask = int.from_bytes(highs.translate(_NOT_ZERO), "little")
                lows = (int.from_bytes(lows, "little") | mask).to_bytes(length, "little")
        return lows

    def decode(self, content: bytes) -> str:
        """Return the characters; a byte (or unit) that is none becomes one lone surrogate or U+FFFD."""
        if self.kind == "utf8":
            return content.decode("utf-8", "surrogateescape")
        if self.kind == "wide":
            content = content[: len(content) // self.unit * self.unit]
            try:
                return content.decode(self.codec, "surrogatepass")
            except UnicodeDecodeError:
                return content.decode(self.codec, "replace")
        return content.decode(self.codec, "replace")

    def encode(self, text: str) -> bytes | None:
        """Return the bytes of a text to look for; None when the charset cannot write it."""
        try:
            return text.encode(self.codec)
        except UnicodeEncodeError:
            return None

    def units_of(self, text: str) -> int:
        """Return how many code units decoded characters took; only for charsets that are not `multi`."""
        if self.kind == "utf8":
            return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))
        if self.unit == 2:
            return len(text) + sum(1 for character in text if character > "\uffff")
        return len(text)

    def starts(self, content: bytes, text: str) -> array[int] | None:
        """Return the unit at which each character of the decoded text begins, and the end; None when one to one."""
        if self.kind == "single" or self.unit == 4 or text.isascii():
            return None
        if self.kind == "multi":
            return self._starts_by_decoding(content, text)
        if self.kind == "utf8":
            return array("L", accumulate(map(_utf8_length, text), initial=0))
        if max(text) <= "\uffff":
            return None
        return array("L", accumulate((2 if character > "\uffff" else 1 for character in text), initial=0))

    def cut_before(self, content: bytes) -> int:
        """Return how many units of `content` to leave to the next piece so that no character is cut.

        `content` are the bytes before a wished cut; what follows the cut is not needed.
        """
        if self.kind == "utf8":
            return _open_utf8(content)
        if self.unit == 2:
            high = content[-2:] if self.codec.endswith("be") else content[-2:][::-1]
            return 1 if len(high) == 2 and 0xD8 <= high[0] <= 0xDB else 0
        if self.kind == "multi":
            # A byte below "0" is never the second one of a character in these charsets: read on from there.
            tail = content[-MULTI_REACH:]
            safe = next((place for place in range(len(tail), 0, -1) if tail[place - 1] < 0x30), 0)
            decoder = codecs.getincrementaldecoder(self.codec)("replace")
            decoder.decode(tail[safe:])
            return len(decoder.getstate()[0])
        return 0

    def _starts_by_decoding(self, content: bytes, text: str) -> array[int]:
        decoder = codecs.getincrementaldecoder(self.codec)("replace")
        starts = array("L", [0])
        for position in range(len(content)):
            made = decoder.decode(content[position : position + 1], position == len(content) - 1)
            starts.extend([position + 1] * len(made))
        # A codec may cut errors otherwise byte by byte than at once: keep the table as long as the text.
        while len(starts) <= len(text):
            starts.append(len(content))
        return starts[: len(text) + 1]


def encoding_of(charset: str, head: bytes) -> TextEncoding:
    """Return the encoding of a body by its byte order mark, else by the charset it was sent with, else UTF-8."""
    for mark, codec in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            kind: Kind = "utf8" if codec == "utf-8" else "wide"
            unit = 1 if kind == "utf8" else _WIDE[codec][1]
            return TextEncoding(codec, kind, unit=unit, bom=len(mark) // unit)
    try:
        found = codecs.lookup(charset.strip().strip("\"'"))
    except (LookupError, ValueError):
        return TextEncoding("utf-8", "utf8")
    # base64, zip and the like are codecs too, but no charsets.
    if not getattr(found, "_is_text_encoding", True) or found.name in ("utf-8", "utf-8-sig", "ascii"):
        return TextEncoding("utf-8", "utf8")
    if found.name in _WIDE:
        codec, unit = _WIDE[found.name]
        return TextEncoding(codec, "wide", unit=unit)
    return TextEncoding(found.name, _kind_of(found.name))


def _kind_of(codec: str) -> Kind:
    every_byte = bytes(range(256))
    try:
        if every_byte[:128].decode(codec) != every_byte[:128].decode("ascii"):
            return "whole"
        if codec.startswith(("iso2022", "hz", "utf-7", "punycode", "idna", "unicode_escape", "raw_unicode")):
            return "whole"
        return "single" if len(every_byte.decode(codec, "replace")) == 256 else "multi"
    except (UnicodeError, LookupError):
        return "whole"


def _utf8_length(character: str) -> int:
    if character < "\x80":
        return 1
    if character < "\u0800":
        return 2
    if "\udc80" <= character <= "\udcff":
        return 1
    return 3 if character <= "\uffff" else 4


def _open_utf8(content: bytes) -> int:
    """Return how many bytes at the end begin a character that is not complete."""
    for back in range(1, min(3, len(content)) + 1):
        byte = content[-back]
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if length > back else 0
        if byte < 0x80:
            return 0
    return 0
