"""Measures of the viewer at the present zoom and font of code."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtGui import QFont, QFontMetricsF

from insomnia_desktop.ui.theme.fonts import mono_font, px

TAB_COLUMNS = 4
# Up to this many digits the numbers have the narrow gutter, and no separators.
NARROW_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Metrics:
    """All in logical pixels: `line` is a row's height, `advance` a character's width, `top` the space above."""

    font: QFont
    number_font: QFont
    line: int
    top: int
    advance: float
    text_top: float
    ascent: float
    digit: float

    @property
    def fold_size(self) -> int:
        """Return the edge of a fold arrow."""
        return px(12)

    def number_end(self, lines: float) -> int:
        """Return where line numbers end, for a body of so many lines."""
        digits = len(str(max(int(lines), 1)))
        if digits <= NARROW_DIGITS:
            return max(px(32), px(3) + math.ceil(digits * self.digit))
        separators = (digits - 1) // 3
        return px(12) + math.ceil((digits + separators) * self.digit)

    def code_start(self, lines: float) -> int:
        """Return where code begins."""
        return self.number_end(lines) + px(20)

    def fold_start(self, lines: float) -> int:
        """Return where fold arrows begin."""
        return self.number_end(lines) + px(3)


def metrics() -> Metrics:
    """Measure the fonts that are set now."""
    font, number_font = mono_font(13), mono_font(12)
    measured = QFontMetricsF(font)
    line = max(px(20), math.ceil(measured.height()))
    return Metrics(
        font=font,
        number_font=number_font,
        line=line,
        top=px(8),
        advance=measured.horizontalAdvance("0" * 64) / 64,
        text_top=round((line - measured.height()) / 2),
        ascent=measured.ascent(),
        digit=QFontMetricsF(number_font).horizontalAdvance("0" * 16) / 16,
    )


def line_number_text(line: int, *, lines: float) -> str:
    """Return a line number (from 1), with separators where the body has many lines."""
    return f"{line:,}" if len(str(max(int(lines), 1))) > NARROW_DIGITS else str(line)
