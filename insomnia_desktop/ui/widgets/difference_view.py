"""What changed between two versions, drawn as lines under headings: - before what went, + before what came."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
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
from insomnia_desktop.ui.models.difference_sections import ComparedSection
from insomnia_desktop.ui.models.text_difference import DifferenceLine
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.widgets.badge import paint_badge
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

HEADING, GAP = 36, 16
TEXT_LEFT, OLD_RIGHT, NEW_RIGHT, SIGN_LEFT, EDGE = 96, 36, 68, 78, 16
# So many digits of a line number have room; for more the columns of numbers are wider.
_DIGITS = 4
_SIGNS = {"removed": "-", "added": "+", "same": " ", "skipped": " "}
_TINTS = {"removed": "del_tint", "added": "add_tint"}
_WORD_TOKENS = {"removed": "del_word", "added": "add_word", "same": "", "skipped": ""}
_SPOKEN, _SPOKEN_LINES = 2_000, 200


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading, a label, a gap, or lines of equal height: however many there are, they are one block."""

    kind: Literal["heading", "label", "lines", "gap"]
    top: int
    height: int
    text: str = ""
    lines: Sequence[DifferenceLine] = ()
    language: str = "text"
    count: int = 0
    note: str = ""


class DifferenceView(QAbstractScrollArea):
    """Only what is on the screen is painted; Ctrl+C copies all of it as text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Differences"))
        self._sections: tuple[ComparedSection, ...] = ()
        self._blocks: list[_Block] = []
        self._tops: list[int] = []
        self._height = 0
        self._width = 0
        self._wider = 0
        self._ring = FocusRing(self)
        switch().changed.connect(self._rebuild)

    def show_sections(self, sections: Sequence[ComparedSection]) -> None:
        """Show other differences, from the top."""
        self._sections = tuple(sections)
        self._rebuild()
        self.verticalScrollBar().setValue(0)
        self.horizontalScrollBar().setValue(0)
        spoken = "\n".join(line[:_SPOKEN] for line in islice(self._text_lines(), _SPOKEN_LINES))
        self.setAccessibleDescription(spoken[:_SPOKEN])

    def as_text(self) -> str:
        """Return all differences as lines."""
        return "\n".join(self._text_lines())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that are to be seen."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme().color("window"))
        first, last = self.verticalScrollBar().value(), self.verticalScrollBar().value() + self.viewport().height()
        for block in self._blocks[max(0, bisect_right(self._tops, first) - 1) :]:
            if block.top > last:
                break
            if block.kind == "lines":
                self._paint_lines(painter, block, first, last)
            else:
                self._paint_row(painter, block, block.top - first)
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

    def _text_lines(self) -> Iterator[str]:
        for block in self._blocks:
            if block.kind == "lines":
                yield from (f"{_SIGNS[line.kind]} {self._words_of(line)}" for line in block.lines)
            elif block.kind != "gap":
                yield f"{block.text} ({block.note})" if block.note else block.text

    def _words_of(self, line: DifferenceLine) -> str:
        return self.tr("%s lines unchanged") % f"{line.count:,}" if line.kind == "skipped" else line.text

    @Slot()
    def _rebuild(self) -> None:
        self._blocks = []
        top = 0
        notes = {
            "lines": self.tr("too much to compare all of it line by line"),
            "words": self.tr("too much to mark the words of every line"),
        }
        for section in self._sections:
            note = notes.get(section.left_out, "")
            top = self._put(_Block("heading", top, px(HEADING), section.heading, count=section.count, note=note))
            top = self._put(_Block("gap", top, px(8)))
            labelled = any(part.label for part in section.parts)
            for at, part in enumerate(section.parts):
                if at and labelled:
                    top = self._put(_Block("gap", top, px(8)))
                if part.label:
                    top = self._put(_Block("label", top, px(LINE), part.label))
                height = len(part.lines) * px(LINE)
                top = self._put(_Block("lines", top, height, lines=part.lines, language=section.language))
            top = self._put(_Block("gap", top, px(GAP)))
        self._tops = [block.top for block in self._blocks]
        self._height = top
        longest = max((section.longest[:LONGEST] for section in self._sections), key=len, default="")
        digits = len(str(max((section.last_number for section in self._sections), default=0)))
        more = max(0, digits - _DIGITS)
        self._wider = round(more * painting.text_width(mono_font(12), "0")) + px(4) if more else 0
        self._width = round(QFontMetricsF(code_font()).horizontalAdvance(longest)) + self._text_left() + px(EDGE)
        self._fit()
        self.viewport().update()

    def _text_left(self) -> int:
        return px(TEXT_LEFT) + 2 * self._wider

    def _put(self, block: _Block) -> int:
        self._blocks.append(block)
        return block.top + block.height

    def _fit(self) -> None:
        room = self.viewport().size()
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, self._height - room.height()))
        down.setPageStep(room.height())
        down.setSingleStep(px(LINE))
        across.setRange(0, max(0, self._width - room.width()))
        across.setPageStep(room.width())
        across.setSingleStep(px(LINE))

    def _paint_row(self, painter: QPainter, block: _Block, top: float) -> None:
        width = self.viewport().width()
        if block.kind == "heading":
            font = ui_font(13, 600)
            height = block.height - 1
            right = painting.draw_text(painter, block.text, x=px(EDGE), top=top, height=height, font=font, token="text")
            badge = paint_badge(
                painter, f"{block.count:,}", x=right + px(8), middle=top + height / 2, fill="pressed", token="text"
            )
            if block.note:
                x = badge + px(12)
                room = width - px(EDGE) - x
                small = ui_font(12)
                painting.draw_text(
                    painter, block.note, x=x, top=top, height=height, font=small, token="dim", width=room
                )
            painting.hairline(painter, 0, top + height, length=width)
        elif block.kind == "label":
            painting.draw_text(
                painter, block.text, x=self._text_left(), top=top, height=block.height, font=ui_font(12), token="dim"
            )

    def _paint_lines(self, painter: QPainter, block: _Block, first: int, last: int) -> None:
        """Draw the lines of a block that lie between two heights of the page."""
        height = px(LINE)
        start = max(0, (first - block.top) // height)
        for at in range(start, min(len(block.lines), (last - block.top) // height + 1)):
            self._paint_line(painter, block, block.lines[at], block.top + at * height - first)

    def _paint_line(self, painter: QPainter, block: _Block, line: DifferenceLine, top: float) -> None:
        width, height = self.viewport().width(), px(LINE)
        shift = self.horizontalScrollBar().value()
        small = mono_font(12)
        if line.kind == "skipped":
            words = self._words_of(line)
            left = self._text_left() - shift
            painting.draw_text(painter, words, x=left, top=top, height=height, font=small, token="dim")
            return
        tint = _TINTS.get(line.kind, "window")
        painter.fillRect(QRectF(0, top, width, height), theme().color(tint))
        paint_code_line(
            painter,
            line.text,
            x=self._text_left() - shift,
            top=top,
            language=block.language,
            words=line.words,
            word_token=_WORD_TOKENS[line.kind],
        )
        # The numbers stay where they are when the text is scrolled sideways.
        painter.fillRect(QRectF(0, top, self._text_left() - px(4), height), theme().color(tint))
        changed = line.kind != "same"
        for number, right in ((line.old, px(OLD_RIGHT) + self._wider), (line.new, px(NEW_RIGHT) + 2 * self._wider)):
            if number:
                x = right - painting.text_width(small, str(number))
                token = "dim" if changed else "gutter"
                painting.draw_text(painter, str(number), x=x, top=top, height=height, font=small, token=token)
        if changed:
            token = "success" if line.kind == "added" else "danger"
            painting.draw_text(
                painter,
                _SIGNS[line.kind],
                x=px(SIGN_LEFT) + 2 * self._wider,
                top=top,
                height=height,
                font=mono_font(13, 700),
                token=token,
            )
