"""A card of the first run: one way to begin."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.buttons import press_by_enter
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

WIDTH, LEAST_WIDTH, HEIGHT, PADDING = 216, 184, 124, 16
ICON = 24
ICON_TOP, TITLE_TOP, NOTE_TOP = 16, 46, 73
NOTE_LINE = 15


class Card(QAbstractButton):
    """An icon, a title and a sentence; the whole card can be pressed."""

    def __init__(self, icon: str, title: str, note: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._note = note
        self._ring = FocusRing(self)
        self.setText(title)
        self.setAccessibleDescription(note)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the usual size of a card, higher where the sentence needs a third line."""
        return QSize(px(WIDTH), self._height_at(max(self.width(), px(LEAST_WIDTH)) if self.isVisible() else px(WIDTH)))

    def minimumSizeHint(self) -> QSize:
        """A card may become a little narrower, where three stand beside each other in a small window."""
        return QSize(px(LEAST_WIDTH), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the sentence needs at this width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as the space bar does."""
        if not press_by_enter(self, event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon, title and sentence."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        fill = "pressed" if self.isDown() else "hover" if self.underMouse() else "raised"
        self._ring.paint_frame(painter, rect, fill=fill, radius=painting.LARGE_RADIUS)
        # The drawing leaves 3 px of its 24 free at the left: shifted, its edge is in line with the text.
        paint_icon(painter, self._icon_name, "accent_text", x=px(PADDING) - px(3), y=px(ICON_TOP), size=px(ICON))
        left, width = px(PADDING), rect.width() - 2 * px(PADDING)
        painting.draw_text(
            painter,
            self.text(),
            x=left,
            top=px(TITLE_TOP),
            height=px(24),
            font=ui_font(14, 600),
            token="text",
            width=width,
        )
        painter.setPen(theme().color("dim"))
        top = px(NOTE_TOP)
        for line in self._note_lines(width):
            painting.draw_text(
                painter, line, x=left, top=top, height=px(NOTE_LINE), font=ui_font(12), token="dim", width=width
            )
            top += px(NOTE_LINE)

    def _height_at(self, width: int) -> int:
        lines = len(self._note_lines(width - 2 * px(PADDING)))
        return px(HEIGHT + max(0, lines - 2) * NOTE_LINE)

    def _note_lines(self, width: float) -> list[str]:
        return wrapped_lines(self._note, ui_font(12), width)


def wrapped_lines(text: str, font: QFont, width: float) -> list[str]:
    """Return a text in lines that are no wider than a width; words are kept whole."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        lines.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip())
    layout.endLayout()
    return lines
