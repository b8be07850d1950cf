"""Bytes as rows of sixteen, or fewer: their texts, and the columns in which each byte stands."""

from __future__ import annotations

from typing import Literal

PER_ROW = 16
# What a row may have where sixteen have no room.
_FEWER = (12, 8, 4)
_HALF = PER_ROW // 2
Pane = Literal["hex", "text"]


def offset_digits(size: int) -> int:
    """Return how many digits the offsets of a body have: eight, more above 4 GB."""
    return max(8, len(f"{max(size - 1, 0):x}"))


def row_count(size: int, per_row: int = PER_ROW) -> int:
    """Return the rows of a body; one for an empty one."""
    return max(-(-size // per_row), 1)


def hex_columns(per_row: int = PER_ROW) -> int:
    """Return the columns of the digits: two and a blank for each byte, one more blank in the middle."""
    return per_row * 3


def per_row_in(columns: float) -> int:
    """Return how many bytes a row has in so many columns for its digits, two blanks and its text; four at least."""
    fitting = (each for each in (PER_ROW, *_FEWER) if hex_columns(each) + 2 + each <= columns)
    return next(fitting, _FEWER[-1])


def hex_text(content: bytes) -> str:
    """Return the digits of a row."""
    first, second = content[:_HALF].hex(" "), content[_HALF:].hex(" ")
    return f"{first}  {second}" if second else first


def ascii_text(content: bytes) -> str:
    """Return the printable ASCII of a row, a dot for each other byte."""
    return "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in content)


def column_of(byte: int) -> int:
    """Return the column, among the digits, of a byte of its row."""
    return byte * 3 + (1 if byte >= _HALF else 0)


def byte_at(column: float, pane: Pane, per_row: int = PER_ROW) -> int:
    """Return the byte of a row that is nearest to a column of the digits or of the text."""
    if pane == "text":
        return min(max(int(column), 0), per_row - 1)
    if column >= _HALF * 3 + 0.5:
        column -= 1
    return min(max(int((column + 0.5) / 3), 0), per_row - 1)


def copied_hex(content: bytes) -> str:
    """Return bytes as digits for the clipboard, in rows of sixteen."""
    rows = (content[start : start + PER_ROW].hex(" ") for start in range(0, len(content), PER_ROW))
    return "\n".join(rows)
