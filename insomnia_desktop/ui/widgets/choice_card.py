"""A card that is one of several choices: icon, title, a sentence, and a circle."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.card import wrapped_lines
from insomnia_desktop.ui.widgets.fields import BOX, BOX_EDGE
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

HEIGHT, ONE_LINE, PADDING, ICON = 72, 60, 12, 16
TEXT_LEFT, TITLE_TOP, TITLE_HEIGHT, NOTE_TOP, NOTE_LINE, FOOT = 36, 12, 20, 34, 15, 8
CHOSEN_EDGE = 1.5


class ChoiceCard(QRadioButton):
    """One of several ways; to screen readers and arrow keys it is a radio button."""

    def __init__(
        self, icon: str, title: str, note: str, parent: QWidget | None = None, *, least_height: int = HEIGHT
    ) -> None:
        super().__init__(title, parent)
        self._least = least_height
        self._icon_name = icon
        self._note = note
        self._ring = FocusRing(self)
        self.setAccessibleDescription(note)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._take_tab(False)
        self.toggled.connect(self._take_tab)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        """The sentence may need more lines where the card is narrow."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the least height, that of two lines by itself, or what the sentence needs."""
        lines = len(self._lines(width))
        return max(px(self._least), px(NOTE_TOP + FOOT) + lines * px(NOTE_LINE))

    def sizeHint(self) -> QSize:
        """Return the size of the pictures, higher where the sentence needs a third line."""
        width = px(252)
        return QSize(width, self.heightForWidth(self.width() if self.isVisible() else width))

    def minimumSizeHint(self) -> QSize:
        """A card may become narrower."""
        return QSize(px(160), px(self._least))

    def hitButton(self, pos: object) -> bool:
        """The whole card can be clicked."""
        return True

    def _take_tab(self, chosen: bool) -> None:
        # Tab goes to the chosen one and arrow keys from there; Qt itself sees to that only after the first visit.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw ground, icon, words and circle."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        chosen, enabled = self.isChecked(), self.isEnabled()
        self._paint_ground(painter, rect)
        token = "faint" if not enabled else "accent_text" if chosen else "dim"
        middle = px(TITLE_TOP) + px(TITLE_HEIGHT) / 2
        paint_icon(painter, self._icon_name, token, x=px(PADDING), y=round(middle - px(ICON) / 2), size=px(ICON))
        left = px(TEXT_LEFT)
        right = rect.width() - px(PADDING) - px(BOX)
        painting.draw_text(
            painter,
            self.text(),
            x=left,
            top=px(TITLE_TOP),
            height=px(TITLE_HEIGHT),
            font=ui_font(13, 600),
            token="text" if enabled else "faint",
            width=right - left - px(8),
        )
        top = px(NOTE_TOP)
        for line in self._lines(self.width()):
            painting.draw_text(
                painter,
                line,
                x=left,
                top=top,
                height=px(NOTE_LINE),
                font=ui_font(12),
                token="dim" if enabled else "faint",
                width=rect.width() - left - px(PADDING) + 1,
            )
            top += px(NOTE_LINE)
        self._paint_circle(painter, QRectF(right, round(middle - px(BOX) / 2), px(BOX), px(BOX)))

    def _paint_ground(self, painter: QPainter, rect: QRectF) -> None:
        radius = painting.LARGE_RADIUS
        if self.isChecked() and self.isEnabled():
            self._ring.paint_frame(painter, rect, fill="sel_w", edge="accent", radius=radius, pen=CHOSEN_EDGE)
        else:
            fill = "hover" if self.underMouse() and self.isEnabled() else "raised"
            self._ring.paint_frame(painter, rect, fill=fill, radius=radius)

    def _paint_circle(self, painter: QPainter, circle: QRectF) -> None:
        enabled = self.isEnabled()
        if not self.isChecked():
            edge = "border" if enabled else "hairline"
            painting.frame_rounded(painter, circle, fill="", edge=edge, radius=BOX / 2, pen=BOX_EDGE)
            return
        fill, token = ("accent_fill", "on_accent") if enabled else ("hover", "faint")
        painting.fill_rounded(painter, circle, theme().color(fill), radius=BOX / 2)
        painting.fill_dot(painter, QPointF(circle.center()), px(6), theme().color(token))

    def _lines(self, width: int) -> list[str]:
        return wrapped_lines(self._note, ui_font(12), max(40, width - px(TEXT_LEFT) - px(PADDING)))
