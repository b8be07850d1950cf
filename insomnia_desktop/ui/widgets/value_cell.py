"""One side of a conflict: its value, and whether it is the one that stays: chosen, not chosen, still open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.ui.delegates.code_line import LINE, paint_code_line, wrapped_spans
from insomnia_desktop.ui.models.conflict_lines import ValueLine
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

CellState = Literal["base", "open", "chosen", "other"]
PADDING, TOP, BUTTON_GAP, FOOT, INSET, BUTTON_WIDTH = 13, 12, 20, 12, 4, 104
TEXT_SIZE = 12
EDGE = 1.5
_LINES_MOST = 400


class ValueCell(QWidget):
    """Draws the value, wrapped to the width of its column; a side that can be kept has a button for it.

    Signals:
        keep_wanted(): this side is to be kept.
        undo_wanted(): the chosen side was clicked: the value is open again.
    """

    keep_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, words: str, *, button: str = "", kept_words: str = "", missing: str = "") -> None:
        super().__init__()
        self._words = words
        self._kept_words = kept_words
        self._missing = missing
        self._lines: Sequence[ValueLine] | None = ()
        self._language = "text"
        self._state: CellState = "open" if button else "base"
        self._spoken = ""
        self.button = DefaultButton(button, self)
        self.button.setVisible(bool(button))
        self.button.set_measures(least_width=BUTTON_WIDTH)
        self.button.clicked.connect(self._on_button)
        self._ring = FocusRing(self)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_value(self, lines: Sequence[ValueLine] | None, language: str) -> None:
        """Show a value, None for none."""
        self._lines = lines
        self._language = language
        spoken = self._missing if lines is None else " ".join(line.text for line in lines)[:400]
        self._spoken = f"{self._words}: {spoken}"
        self._speak()
        self.updateGeometry()
        self.update()

    def set_state(self, state: CellState) -> None:
        """Show whether this side is chosen, the other, or none yet."""
        had_focus = self.hasFocus() or self.button.hasFocus()
        self._state = state
        has_button = bool(self._kept_words)
        # The chosen side is taken back with the keyboard too: the focus stays with what was pressed.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if state == "chosen" else Qt.FocusPolicy.NoFocus)
        if had_focus and state == "chosen":
            self.setFocus(Qt.FocusReason.TabFocusReason)
        self.button.setVisible(has_button and state != "chosen")
        if had_focus and self.button.isVisible():
            self.button.setFocus(Qt.FocusReason.TabFocusReason)
        self._speak()
        self.update()

    def state(self) -> CellState:
        """Return what is shown."""
        return self._state

    def hasHeightForWidth(self) -> bool:
        """A narrow column wraps more."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped lines, and of the button under them."""
        height = px(TOP) + max(1, self._count(width)) * px(LINE)
        if self._kept_words:
            height += px(BUTTON_GAP) + px(28)
        return height + px(FOOT)

    def sizeHint(self) -> QSize:
        """Return the size at the width that there is."""
        width = max(self.width(), px(160))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A column may become narrow."""
        return QSize(px(120), px(TOP + LINE + FOOT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the button into the lower left corner."""
        super().resizeEvent(event)
        hint = self.button.sizeHint()
        width = min(hint.width(), self.width() - 2 * px(PADDING))
        self.button.setGeometry(px(PADDING), self.height() - px(FOOT) - hint.height(), width, hint.height())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter on the chosen side open the value again."""
        if self._state == "chosen" and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.undo_wanted.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def mouseReleaseEvent(self, event: object) -> None:
        """A click on the chosen side opens the value again."""
        if self._state == "chosen":
            self.undo_wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, value, and what became of it."""
        painter = QPainter(self)
        if self._state == "chosen":
            inset = px(INSET)
            # The hairline between the columns is the first pixel of the cell.
            ground = QRectF(self.rect()).adjusted(inset + 1, inset, -inset, -inset)
            painting.frame_rounded(painter, ground, fill="sel_w", edge="accent", radius=painting.LARGE_RADIUS, pen=EDGE)
            self._paint_kept(painter)
        if self._lines is None:
            painting.draw_text(
                painter, self._missing, x=px(PADDING), top=px(TOP), height=px(LINE), font=ui_font(13), token="dim"
            )
            return
        top = px(TOP)
        word_token = "pressed" if self._state == "other" else "add_word"
        for line in self._lines:
            for part in wrapped_spans(line.text, self.width() - 2 * px(PADDING), TEXT_SIZE):
                paint_code_line(
                    painter,
                    line.text,
                    x=px(PADDING),
                    top=top,
                    language=self._language,
                    words=line.words,
                    word_token=word_token,
                    look="dim" if self._state == "other" else "full",
                    size=TEXT_SIZE,
                    part=part,
                )
                top += px(LINE)

    def _paint_kept(self, painter: QPainter) -> None:
        top = self.height() - px(FOOT) - px(28)
        y = round(top + (px(28) - px(16)) / 2)
        paint_icon(painter, "check", "accent_text", x=px(PADDING), y=y, size=px(16))
        words = px(22) + painting.text_width(ui_font(13, 500), self._kept_words)
        self._ring.paint(painter, QRectF(px(PADDING) - px(6), top, words + px(14), px(28)))
        painting.draw_text(
            painter,
            self._kept_words,
            x=px(PADDING) + px(22),
            top=top,
            height=px(28),
            font=ui_font(13, 500),
            token="accent_text",
        )

    def _count(self, width: int) -> int:
        if self._lines is None:
            return 1
        room = width - 2 * px(PADDING)
        return sum(len(wrapped_spans(line.text, room, TEXT_SIZE)) for line in self._lines[:_LINES_MOST])

    def _speak(self) -> None:
        kept = f", {self._kept_words}" if self._state == "chosen" else ""
        self.setAccessibleName(self._spoken + kept)
        self.button.setAccessibleName(f"{self.button.text()}, {self._spoken}")
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._state == "chosen" else Qt.CursorShape.ArrowCursor)

    def _on_button(self) -> None:
        self.keep_wanted.emit()
