"""The painted QTabBar inside a TabBar."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QTabBar, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.badge import badge_width, paint_badge
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

HEIGHT = 40
HOVER_HEIGHT = 28
PADDING = 8
GAP = 6
DOT = 6
ARROW = 14
ARROW_BEARING = 2  # the drawing keeps that much free at its left, which would look like a wider gap
UNDERLINE = 2


class Shrink(IntEnum):
    """What tabs leave out for want of room."""

    NOTHING = 0
    SUB_TEXTS = 1
    BADGES = 2


@dataclass(frozen=True, slots=True)
class StripTab:
    """What one tab draws; empty texts draw nothing."""

    text: str
    sub_text: str = ""
    count: str = ""
    dot: bool = False
    arrow: bool = False


def tab_width(tab: StripTab, shrink: Shrink) -> int:
    """Return a tab's width; the text is always measured in its bolder weight, so that choosing moves nothing."""
    width = 2 * px(PADDING) + round(painting.text_width(_strong_font(), tab.text) + 0.49)
    if tab.sub_text and shrink < Shrink.SUB_TEXTS:
        width += px(GAP) + round(painting.text_width(_plain_font(), tab.sub_text) + 0.49)
    if tab.count and shrink < Shrink.BADGES:
        width += px(GAP) + badge_width(tab.count)
    if tab.dot:
        width += px(GAP) + px(DOT)
    if tab.arrow:
        width += px(GAP) + px(ARROW)
    return width


def _strong_font() -> QFont:
    return ui_font(13, 500)


def _plain_font() -> QFont:
    return ui_font(13, 400)


class TabStrip(QTabBar):
    """Draws the tabs and tells when an arrow was wanted (clicked, or Down or Alt+Down pressed).

    Signals:
        arrow_clicked: the position of the tab.
    """

    arrow_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shrink = Shrink.NOTHING
        self._hovered = -1
        self._ring = FocusRing(self)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_tabs(self, tabs: list[StripTab]) -> None:
        """Show these tabs."""
        while self.count() > len(tabs):
            self.removeTab(self.count() - 1)
        for position, tab in enumerate(tabs):
            if position == self.count():
                self.addTab("")
            self.set_tab(position, tab)

    def set_tab(self, position: int, tab: StripTab) -> None:
        """Change one tab; screen readers hear the text, the second word and the count."""
        self.setTabData(position, tab)
        self.setAccessibleTabName(position, ", ".join(part for part in (tab.text, tab.sub_text, tab.count) if part))
        self._measure_again(position)

    def show_only(self, shrink: Shrink, hidden: set[int]) -> None:
        """Leave out parts of all tabs, and some tabs wholly."""
        for position in range(self.count()):
            self.setTabVisible(position, position not in hidden)
        if shrink != self._shrink:
            self._shrink = shrink
            for position in range(self.count()):
                self._measure_again(position)
        self.updateGeometry()
        self.update()

    def shrink(self) -> Shrink:
        """Return what is left out."""
        return self._shrink

    def _tab(self, position: int) -> StripTab:
        tab = self.tabData(position)
        return tab if isinstance(tab, StripTab) else StripTab("")

    def tabSizeHint(self, index: int) -> QSize:
        """Return the size of a tab with what it may show."""
        return QSize(tab_width(self._tab(index), self._shrink), px(HEIGHT))

    def minimumTabSizeHint(self, index: int) -> QSize:
        """Tabs are never squeezed; the TabBar leaves out parts instead."""
        return self.tabSizeHint(index)

    def sizeHint(self) -> QSize:
        """Return the width of the visible tabs."""
        visible = [position for position in range(self.count()) if self.isTabVisible(position)]
        return QSize(sum(self.tabSizeHint(position).width() for position in visible), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return little, or a splitter could not go below all tabs together."""
        return QSize(0, px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw every visible tab."""
        painter = QPainter(self)
        for position in range(self.count()):
            if self.isTabVisible(position):
                self._paint_tab(painter, position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Note what is under the pointer."""
        super().mouseMoveEvent(event)
        self._set_hovered(self.tabAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._set_hovered(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a tab; a click on its arrow asks for its menu too."""
        super().mousePressEvent(event)
        point = event.position().toPoint()
        position = self.tabAt(point)
        if event.button() == Qt.MouseButton.LeftButton and position >= 0 and self._arrow_rect(position).contains(point):
            self.arrow_clicked.emit(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the menu of the current tab by Down, like any menu button."""
        if event.key() == Qt.Key.Key_Down and self._tab(self.currentIndex()).arrow:
            self.arrow_clicked.emit(self.currentIndex())
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

    def _measure_again(self, position: int) -> None:
        # QTabBar keeps its sizes; a text, though never drawn, makes it ask for them again.
        self.setTabText(position, "")

    def _set_hovered(self, position: int) -> None:
        if position != self._hovered:
            self._hovered = position
            self.update()

    def _arrow_rect(self, position: int) -> QRect:
        if not self._tab(position).arrow:
            return QRect()
        rect = self.tabRect(position)
        reach = px(PADDING) + px(ARROW) + px(GAP) // 2
        return QRect(rect.right() - reach + 1, rect.top(), reach, rect.height())

    def _paint_tab(self, painter: QPainter, position: int) -> None:
        tab, rect = self._tab(position), QRectF(self.tabRect(position))
        current = position == self.currentIndex()
        hovered = position == self._hovered and self.isEnabled()
        plate = QRectF(rect.x() + 2, 0, rect.width() - 4, px(HOVER_HEIGHT))
        plate.moveTop(round((px(HEIGHT) - px(HOVER_HEIGHT)) / 2))
        if hovered and not current:
            painting.fill_rounded(painter, plate, theme().color("hover"))
        if current:
            self._ring.paint(painter, plate)
        self._paint_words(painter, tab, rect, current=current, hovered=hovered)
        if current:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = QRectF(rect.x() + px(PADDING), self.height() - UNDERLINE, 0, UNDERLINE)
            line.setRight(rect.right() - px(PADDING))
            painting.fill_rounded(painter, line, theme().color("accent"), radius=1)

    def _paint_words(self, painter: QPainter, tab: StripTab, rect: QRectF, *, current: bool, hovered: bool) -> None:
        x, middle, height = rect.x() + px(PADDING), px(HEIGHT) / 2, float(px(HEIGHT))
        token = "text" if current else "dim"
        font = _strong_font() if current else _plain_font()
        painting.draw_text(painter, tab.text, x=x, top=0, height=height, font=font, token=token)
        x += round(painting.text_width(_strong_font(), tab.text) + 0.49)
        if tab.sub_text and self._shrink < Shrink.SUB_TEXTS:
            x += px(GAP)
            # Nothing fainter than `dim` here: the fill of the hover lies under it.
            painting.draw_text(painter, tab.sub_text, x=x, top=0, height=height, font=_plain_font(), token="dim")
            x += round(painting.text_width(_plain_font(), tab.sub_text) + 0.49)
        if tab.count and self._shrink < Shrink.BADGES:
            fill = "pressed" if current or hovered else "hover"
            x = paint_badge(painter, tab.count, x=x + px(GAP), middle=middle, fill=fill, token=token)
        if tab.dot:
            x += px(GAP)
            painting.fill_dot(painter, QPointF(x + px(DOT) / 2, middle), px(DOT), theme().color("accent"))
            x += px(DOT)
        if tab.arrow:
            size = px(ARROW)
            paint_icon(
                painter,
                "chevron_down",
                "dim",
                x=round(x + px(GAP - ARROW_BEARING)),
                y=round(middle - size / 2),
                size=size,
            )
