"""How template variables look as chips: their colours, their grounds, and a whole line of text with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QPainter

from insomnia_desktop.ui.models.variable_state import VariableResolver
from insomnia_desktop.ui.syntax.template import VariableSpan, variables
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px

CHIP_HEIGHT = 20
_OUTSET = 2
_RADIUS = 4
_BRACES = 2
_LONGEST_PAINTED = 1000
# One character each, so that positions in the shown text are those in the text.
_SHOWN = str.maketrans({"\n": "\u21b5", "\r": "\u21b5", "\t": "\u2192"})


class TextRun(NamedTuple):
    """Characters `start` to `end` of a text and the token of their colour."""

    start: int
    end: int
    token: str


def chips_of(text: str) -> list[VariableSpan]:
    """Return the spans of a text that are shown as chips; raw sections are none."""
    return [span for span in variables(text) if span.kind != "raw"]


def is_known(span: VariableSpan, resolver: VariableResolver) -> bool:
    """Say whether a chip names something that is there; expressions and tags are judged when they are rendered."""
    return span.kind == "tag" or resolver(span.name).known


def chip_runs(text: str, resolver: VariableResolver) -> list[TextRun]:
    """Return the coloured runs of all chips of a text: braces, name, braces."""
    runs: list[TextRun] = []
    for span in chips_of(text):
        known = is_known(span, resolver)
        brace, name = ("chip_brace", "accent_text") if known else ("chip_bad_brace", "danger")
        runs.append(TextRun(span.start, span.start + _BRACES, brace))
        runs.append(TextRun(span.start + _BRACES, span.end - _BRACES, name))
        runs.append(TextRun(span.end - _BRACES, span.end, brace))
    return runs


def paint_chip_grounds(
    painter: QPainter,
    text: str,
    resolver: VariableResolver,
    *,
    x_of: Callable[[int], float],
    middle: float,
    height: int = CHIP_HEIGHT,
) -> None:
    """Draw the grounds of all chips of a text; `x_of` gives the x of a character, `middle` is the y of their middle."""
    spans = chips_of(text)
    if not spans:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    tall = px(height)
    for span in spans:
        painter.setBrush(theme().color("chip" if is_known(span, resolver) else "chip_bad"))
        left, right = x_of(span.start) - _OUTSET, x_of(span.end) + _OUTSET
        painter.drawRoundedRect(QRectF(left, middle - tall / 2, right - left, tall), px(_RADIUS), px(_RADIUS))
    painter.restore()


def paint_template_text(
    painter: QPainter, rect: QRectF, text: str, *, font: QFont, token: str, resolver: VariableResolver | None
) -> None:
    """Draw one line of text from the left of a rectangle, in its vertical middle, cut with an ellipsis where too long.

    Without a resolver there are no chips, which is how a row looks that is switched off.
    """
    metrics = QFontMetricsF(font)
    text = text[:_LONGEST_PAINTED]
    cut, kept = _elided(text.translate(_SHOWN), metrics, rect.width())

    def x_of(position: int) -> float:
        return rect.left() + metrics.horizontalAdvance(cut[:position] if position <= kept else cut)

    # The sum of QLineEdit, so that nothing moves when a cell turns into an editor.
    whole = QFontMetrics(font)
    baseline = rect.top() + (int(rect.height()) - whole.height() + 1) // 2 + whole.ascent()
    painter.save()
    painter.setFont(font)
    runs: list[TextRun] = []
    if resolver is not None:
        seen = text[: max((span.end for span in chips_of(text) if span.start < kept), default=0)]
        paint_chip_grounds(painter, seen, resolver, x_of=x_of, middle=rect.center().y())
        runs = chip_runs(seen, resolver)
    for run in _covering(runs, kept=kept, length=len(cut), token=token):
        painter.setPen(theme().color(run.token))
        painter.drawText(QPointF(x_of(run.start), baseline), cut[run.start : run.end])
    painter.restore()


def _elided(text: str, metrics: QFontMetricsF, width: float) -> tuple[str, int]:
    """Return the text as it fits, and how many of its characters are still there."""
    cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return cut, len(cut) if cut == text else max(0, len(cut) - 1)


def _covering(runs: list[TextRun], *, kept: int, length: int, token: str) -> list[TextRun]:
    """Return runs for every character of a text: those given, cut where the text is, and the gaps in `token`."""
    made: list[TextRun] = []
    position = 0
    for run in runs:
        if run.start >= kept:
            break
        if position < run.start:
            made.append(TextRun(position, run.start, token))
        position = run.end if run.end <= kept else length
        made.append(TextRun(run.start, position, run.token))
    if position < length:
        made.append(TextRun(position, length, token))
    return made


def chip_at(text: str, font: QFont, x: float) -> tuple[str, float, float] | None:
    """Return the variable whose chip stands at `x` of a text painted from 0, and from where to where it reaches."""
    metrics = QFontMetricsF(font)
    shown = text[:_LONGEST_PAINTED].translate(_SHOWN)
    for span in chips_of(text[:_LONGEST_PAINTED]):
        left = metrics.horizontalAdvance(shown[: span.start]) - _OUTSET
        right = metrics.horizontalAdvance(shown[: span.end]) + _OUTSET
        if left <= x <= right and span.kind == "variable":
            return span.name, left, right
    return None
