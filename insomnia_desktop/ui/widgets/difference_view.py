"""What changed between two versions, drawn as lines under headings: - before what went, + before what came."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPoint, QRectF, Qt, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget

from insomnia_desktop.ui.delegates.code_line import LINE, LONGEST, code_font, paint_code_line
from insomnia_desktop.ui.models.text_difference import DifferenceLine, difference_lines
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.widgets.badge import paint_badge
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

HEADING, GAP = 36, 16
TEXT_LEFT, OLD_RIGHT, NEW_RIGHT, SIGN_LEFT, EDGE = 96, 36, 68, 78, 16
_SIGNS = {"removed": "-", "added": "+", "same": " ", "skipped": " "}
_TINTS = {"removed": "del_tint", "added": "add_tint"}
_WORD_TOKENS = {"removed": "del_word", "added": "add_word", "same": "", "skipped": ""}
_SPOKEN = 2_000


@dataclass(frozen=True, slots=True)
class DifferencePart:
    """One value before and after, None where there was none; `label` says what it is where the heading does not."""

    before: str | None
    after: str | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceSection:
    """What changed in one part of a document; `language` is one of `ui.syntax.LANGUAGES`."""

    heading: str
    parts: tuple[DifferencePart, ...]
    language: str = "text"


@dataclass(frozen=True, slots=True)
class _Row:
    kind: Literal["heading", "label", "line", "gap"]
    top: int
    height: int
    text: str = ""
    line: DifferenceLine | None = None
    language: str = "text"
    count: int = 0


class DifferenceView(QAbstractScrollArea):
    """Only what is on the screen is painted; Ctrl+C copies all of it as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Differences"))
        self._sections: tuple[DifferenceSection, ...] = ()
        self._rows: list[_Row] = []
        self._tops: list[int] = []
        self._height = 0
        self._width = 0
        self._ring = FocusRing(self)
        switch().changed.connect(self._rebuild)

    def show_sections(self, sections: Sequence[DifferenceSection]) -> None:
        """Show other differences, from the top."""
        self._sections = tuple(sections)
        self._rebuild()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        self.setAccessibleDescription(self.as_text()[:_SPOKEN])

    def as_text(self) -> str:
        """Return all differences as lines."""
        lines: list[str] = []
        for row in self._rows:
            if row.line is not None:
                lines.append(_SIGNS[row.line.kind] + " " + (row.text or row.line.text))
            elif row.kind != "gap":
                lines.append(row.text)
        return "\n".join(lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are to be seen."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().color("window"))
        first, last = self.verticalScrollBar().value(), self.verticalScrollBar().value() + self.viewport().height()
        for row in self._rows[max(0, bisect_right(self._tops, first) - 1) :]:
            if row.top > last:
                break
            self._paint_row(painter, row, row.top - first)
        self._ring.paint(painter, QRectF(self.viewport().rect()), radius=0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the scroll bars."""
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy all; the rest scrolls."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
            return
        bar = self.verticalScrollBar()
        ends = {Qt.Key.Key_Home: bar.minimum(), Qt.Key.Key_End: bar.maximum()}
        if Qt.Key(event.key()) in ends:
            bar.setValue(ends[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy all"), self._copy)
        menu.popup(event.globalPos() if event.globalPos() != QPoint() else self.mapToGlobal(QPoint(0, 0)))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()
        self.viewport().update()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())

    @Slot()
    def _rebuild(self) -> None:
        self._rows = []
        top = 0
        longest = ""
        for section in self._sections:
            labelled = [part for part in section.parts if part.label]
            lines_of = [_without_ends(difference_lines(part.before, part.after)) for part in section.parts]
            count = sum(map(_changes, lines_of))
            top = self._put(_Row("heading", top, px(HEADING), section.heading, count=count))
            top = self._put(_Row("gap", top, px(8)))
            for at, part in enumerate(section.parts):
                if at and labelled:
                    top = self._put(_Row("gap", top, px(8)))
                if part.label:
                    top = self._put(_Row("label", top, px(LINE), part.label))
                for line in lines_of[at]:
                    text = self.tr("%d lines unchanged") % line.count if line.kind == "skipped" else ""
                    top = self._put(_Row("line", top, px(LINE), text, line, section.language))
                    longest = max(longest, line.text[:LONGEST], key=len)
            top = self._put(_Row("gap", top, px(GAP)))
        self._tops = [row.top for row in self._rows]
        self._height = top
        self._width = round(QFontMetricsF(code_font()).horizontalAdvance(longest)) + px(TEXT_LEFT + EDGE)
        self._fit()
        self.viewport().update()

    def _put(self, row: _Row) -> int:
        self._rows.append(row)
        return row.top + row.height

    def _fit(self) -> None:
        room = self.viewport().size()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, self._height - room.height()))
        down.setPageStep(room.height())
        down.setSingleStep(px(LINE))
        across.setRange(0, max(0, self._width - room.width()))
        across.setPageStep(room.width())
        across.setSingleStep(px(LINE))

    def _paint_row(self, painter: QPainter, row: _Row, top: float) -> None:
        width = self.viewport().width()
        if row.kind == "heading":
            font = ui_font(13, 600)
            right = painting.draw_text(
                painter, row.text, x=px(EDGE), top=top, height=row.height - 1, font=font, token="text"
            )
            middle = top + (row.height - 1) / 2
            paint_badge(painter, str(row.count), x=right + px(8), middle=middle, fill="pressed", token="text")
            painting.hairline(painter, 0, top + row.height - 1, length=width)
        elif row.kind == "label":
            painting.draw_text(
                painter, row.text, x=px(TEXT_LEFT), top=top, height=row.height, font=ui_font(12), token="dim"
            )
        elif row.line is not None:
            self._paint_line(painter, row, row.line, top)

    def _paint_line(self, painter: QPainter, row: _Row, line: DifferenceLine, top: float) -> None:
        width = self.viewport().width()
        shift = self.horizontalScrollBar().value()
        small = mono_font(12)
        if line.kind == "skipped":
            painting.draw_text(
                painter, row.text, x=px(TEXT_LEFT) - shift, top=top, height=row.height, font=small, token="dim"
            )
            return
        tint = _TINTS.get(line.kind, "window")
        painter.fillRect(QRectF(0, top, width, row.height), theme().color(tint))
        paint_code_line(
            painter,
            line.text,
            x=px(TEXT_LEFT) - shift,
            top=top,
            language=row.language,
            words=line.words,
            word_token=_WORD_TOKENS[line.kind],
        )
        # The numbers stay where they are when the text is scrolled sideways.
        painter.fillRect(QRectF(0, top, px(TEXT_LEFT) - px(4), row.height), theme().color(tint))
        changed = line.kind != "same"
        for number, right in ((line.old, OLD_RIGHT), (line.new, NEW_RIGHT)):
            if number:
                x = px(right) - painting.text_width(small, str(number))
                token = "dim" if changed else "gutter"
                painting.draw_text(painter, str(number), x=x, top=top, height=row.height, font=small, token=token)
        if changed:
            token = "success" if line.kind == "added" else "danger"
            painting.draw_text(
                painter,
                _SIGNS[line.kind],
                x=px(SIGN_LEFT),
                top=top,
                height=row.height,
                font=mono_font(13, 700),
                token=token,
            )


def _without_ends(lines: list[DifferenceLine]) -> list[DifferenceLine]:
    """Leave out what is the same before the first change and behind the last: only between two it says something."""
    first = 1 if lines and lines[0].kind == "skipped" else 0
    last = len(lines) - 1 if len(lines) > first and lines[-1].kind == "skipped" else len(lines)
    return lines[first:last]


def _changes(lines: list[DifferenceLine]) -> int:
    """Return how many places changed."""
    changed = [line.kind in ("removed", "added") for line in lines]
    return sum(1 for at, each in enumerate(changed) if each and not (at and changed[at - 1]))
