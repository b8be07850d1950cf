"""The card over a variable: its value, and in words where that comes from."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font as code_font
from insomnia_desktop.ui.theme.fonts import px, ui_font

_LINE_HEIGHT = 20
_SIDE_PADDING = 12
_PADDING = 8
_LINE_GAP = 3
_DOT = 8
_TEXT_AFTER_DOT = 16
_LEAST_WIDTH, _MOST_WIDTH = 160, 480
_MOST_LINES = 8
_LONGEST_VALUE = 4000
_DISTANCE = 4


class HoverCard(QWidget):
    """A small frame that lies over the window of the widget it serves; it takes neither mouse nor focus."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._lines: list[str] = []
        self._source = ""
        self._color = QColor()
        self._value_token = "text"
        self.setObjectName("hoverCard")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        switch().changed.connect(self.hide)

    def show_state(self, name: str, state: VariableState, anchor: QRect) -> None:
        """Show what is known of a variable under (or over) `anchor`, the chip's rectangle on the screen."""
        value, self._value_token = self._value_of(name, state)
        self._lines = _shortened(value)
        self._source = state.source or ("" if state.known else self.tr("No environment here defines it"))
        self._color = _dot_color(state.color)
        self.setAccessibleName(", ".join(part for part in (value, self._source) if part))
        window = self._owner.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        self.setGeometry(self._placed(anchor, window))
        self.show()
        self.raise_()
        self.update()

    def shown_text(self) -> str:
        """Return the lines of the card as text, the source last."""
        return "\n".join([*self._lines, self._source] if self._source else self._lines)

    def sizeHint(self) -> QSize:
        """Return the size that value and source need, bounded."""
        value = max((_width(code_font(13), line) for line in self._lines), default=0.0)
        indent = px(_TEXT_AFTER_DOT) if self._color.isValid() else 0
        source = _width(ui_font(12), self._source) + indent if self._source else 0.0
        width = min(max(round(max(value, source) + 0.5) + 2 * px(_SIDE_PADDING), px(_LEAST_WIDTH)), px(_MOST_WIDTH))
        rows = len(self._lines) + (1 if self._source else 0)
        gap = px(_LINE_GAP) if self._source else 0
        return QSize(width, rows * px(_LINE_HEIGHT) + 2 * px(_PADDING) + gap)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw frame, value, dot and source."""
        painter = QPainter(self)
        painting.frame_rounded(
            painter, QRectF(self.rect()), fill="floating", edge="border", radius=painting.LARGE_RADIUS
        )
        left, top, height = px(_SIDE_PADDING), px(_PADDING), px(_LINE_HEIGHT)
        room = self.width() - 2 * left
        for line in self._lines:
            painting.draw_text(
                painter, line, x=left, top=top, height=height, font=code_font(13), token=self._value_token, width=room
            )
            top += height
        if not self._source:
            return
        top += px(_LINE_GAP)
        if self._color.isValid():
            center = QPointF(left + px(_DOT) / 2, top + height / 2)
            painting.fill_dot(painter, center, px(_DOT), self._color)
            left += px(_TEXT_AFTER_DOT)
            room -= px(_TEXT_AFTER_DOT)
        painting.draw_text(
            painter, self._source, x=left, top=top, height=height, font=ui_font(12), token="dim", width=room
        )

    def _value_of(self, name: str, state: VariableState) -> tuple[str, str]:
        if not state.known:
            return self.tr("{name} is not known").format(name=name), "danger"
        if not state.value:
            return self.tr("(empty)"), "dim"
        return state.value, "text"

    def _placed(self, anchor: QRect, window: QWidget) -> QRect:
        """Stand under the chip, or over it at the bottom of the window; never out of the window."""
        size = self.sizeHint().boundedTo(window.size())
        top_left = window.mapFromGlobal(anchor.topLeft())
        below = top_left.y() + anchor.height() + px(_DISTANCE)
        above = top_left.y() - px(_DISTANCE) - size.height()
        y = above if below + size.height() > window.height() and above >= 0 else below
        x = max(0, min(top_left.x(), window.width() - size.width()))
        return QRect(QPoint(x, y), size)


def _width(font: QFont, text: str) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)


def _shortened(value: str) -> list[str]:
    """Return the first lines of a value; one that goes on ends with an ellipsis."""
    lines = value[:_LONGEST_VALUE].splitlines() or [""]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], "…"]
    return [line.expandtabs(2) for line in lines]


def _dot_color(color: str) -> QColor:
    """Return a colour given as `#rrggbb` or as a token of the theme; an invalid one means no dot."""
    if not color:
        return QColor()
    return QColor(color) if color.startswith("#") else theme().color(color)
