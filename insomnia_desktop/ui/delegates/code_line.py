"""A line of code as it is painted: colours of its language, chips of its variables, marked words under them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

from insomnia_desktop.ui.delegates.chip_painting import TextRun, chip_runs, chips_of, paint_chip_grounds
from insomnia_desktop.ui.models.text_difference import Span
from insomnia_desktop.ui.models.variable_state import all_known
from insomnia_desktop.ui.syntax import lexer
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px

LINE = 20
_CHIP = 18
_WORD_HEIGHT = 18
_RADIUS = 3
# More of one line is not painted: nobody reads it, and laying it out takes its time.
LONGEST = 2_000
_SHOWN = str.maketrans({"\t": " ", "\r": "\u21b5"})
_NO_BREAK = "\u00a0"
Look = Literal["full", "plain", "dim"]


def code_font(size: int = 13) -> QFont:
    """Return the font of code lines."""
    return mono_font(size)


def paint_code_line(
    painter: QPainter,
    text: str,
    *,
    x: float,
    top: float,
    language: str = "text",
    words: Sequence[Span] = (),
    word_token: str = "",
    look: Look = "full",
    size: int = 13,
    part: Span | None = None,
) -> None:
    """Draw one line of 20 px; what lies in `words` stands on the ground of `word_token`.

    `look` is `full` with the colours of the language, `plain` without, `dim` for what does not count. Of a line that
    is wrapped `part` is drawn, in the colours that it has in the whole line.
    """
    text = text[:LONGEST]
    first, last = part if part is not None else (0, len(text))
    runs = _within(_runs(text, language, words, look), first, last)
    text, words = text[first:last], spans_within(words, first, last)
    font = code_font(size)
    metrics = QFontMetricsF(font)
    shown = text.translate(_SHOWN)

    def x_of(position: int) -> float:
        return x + metrics.horizontalAdvance(shown[:position])

    height = px(LINE)
    # What lies beyond is not seen, and measuring it takes most of the time of a line with many words.
    edge = painter.combinedTransform().inverted()[0].mapRect(QRectF(painter.viewport())).right()
    painter.save()
    for start, end in words:
        left, right = x_of(start), x_of(end)
        if left > edge:
            break
        tall = px(_WORD_HEIGHT)
        ground = QRectF(left, top + (height - tall) / 2, right - left, tall)
        painting.fill_rounded(painter, ground, theme().color(word_token), radius=_RADIUS)
    paint_chip_grounds(painter, text, all_known, x_of=x_of, middle=top + height / 2, height=_CHIP)
    painter.setFont(font)
    baseline = painting.baseline(font, top=top, height=height)
    for run in runs:
        left = x_of(run.start)
        if left > edge:
            break
        painter.setPen(theme().color(run.token))
        painter.drawText(QPointF(left, baseline), shown[run.start : run.end])
    painter.restore()


def wrapped_spans(text: str, width: float, size: int = 13) -> list[Span]:
    """Return where the lines of a text begin and end when it is `width` wide.

    A word that is too long is broken, a variable is not, unless it is wider than that.
    """
    text = text[:LONGEST]
    if not text:
        return [(0, 0)]
    if any(ord(character) > 0xFFFF for character in text):
        # Qt counts these as two: lines of equal length are good enough for them.
        columns = max(8, int(width / (2 * QFontMetricsF(code_font(size)).horizontalAdvance("0"))))
        return [(start, min(start + columns, len(text))) for start in range(0, len(text), columns)]
    whole = text.translate(_SHOWN)
    for chip in chips_of(text):
        whole = whole[: chip.start] + whole[chip.start : chip.end].replace(" ", _NO_BREAK) + whole[chip.end :]
    layout = QTextLayout(whole, code_font(size))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setAlignment(Qt.AlignmentFlag.AlignLeft)
    layout.setTextOption(option)
    layout.beginLayout()
    spans: list[Span] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 40.0))
        spans.append((line.textStart(), line.textStart() + line.textLength()))
    layout.endLayout()
    return spans


def spans_within(words: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the marked words that lie in a part of a line, counted from the part's beginning."""
    cut = ((max(first, start) - start, min(last, end) - start) for first, last in words)
    return tuple((first, last) for first, last in cut if first < last)


def _within(runs: Sequence[TextRun], first: int, last: int) -> list[TextRun]:
    """Return the runs of a part of a line, counted from its beginning."""
    cut = (TextRun(max(run.start, first) - first, min(run.end, last) - first, run.token) for run in runs)
    return [run for run in cut if run.start < run.end]


def _runs(text: str, language: str, words: Sequence[Span], look: Look) -> list[TextRun]:
    """Return the colours of a line, every character once: chips win over marked words, these over the language."""
    base = "dim" if look == "dim" else "text"
    tokens = [base] * len(text)
    if look == "full":
        for start, length, token in lexer(language).lex(text, 0)[0]:
            tokens[start : start + length] = [f"syntax.{token}"] * length
    for start, end in words:
        end = min(end, len(text))
        tokens[start:end] = [base] * (end - start)
    for run in chip_runs(text, all_known):
        tokens[run.start : run.end] = [run.token] * (run.end - run.start)
    runs: list[TextRun] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or tokens[at] != tokens[start]:
            runs.append(TextRun(start, at, tokens[start]))
            start = at
    return runs
