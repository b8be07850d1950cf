"""Tabs with a second word, a count, a dot and a menu arrow, that give way when there is little room."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QSizePolicy, QWidget

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.tab_strip import Shrink, StripTab, TabStrip, tab_width

HEIGHT = 40


@dataclass(frozen=True, slots=True)
class Tab:
    """What a tab shows; a `badge` of 0 or None shows no count."""

    key: str
    text: str
    sub_text: str = ""
    badge: int | None = None
    dot: bool = False
    arrow: bool = False


class TabBar(QWidget):
    """A row of tabs for a bar of 40; its underline lies on the bar's hairline.

    Where the tabs do not fit, second words go first, then counts, then the last tabs go into a menu.

    Signals:
        current_changed: the key of the tab that the person chose.
        arrow_clicked: the key of the tab whose menu the person wants; open it at `menu_position(key)`.
    """

    current_changed = Signal(str)
    arrow_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, more_tip: str = "") -> None:
        super().__init__(parent)
        self._tabs: list[Tab] = []
        self._current = ""
        self._quiet = False
        self._strip = TabStrip(self)
        self._more = IconButton("more", more_tip, self)
        self._more_menu = QMenu(self._more)
        self._more.set_menu(self._more_menu)
        self._more.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # our minimumSizeHint says how little is enough
        row.addWidget(self._strip)
        row.addWidget(self._more)
        row.addStretch(1)
        self.setFocusProxy(self._strip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._strip.currentChanged.connect(self._on_strip_changed)
        self._strip.arrow_clicked.connect(self._on_arrow_clicked)
        self._more_menu.triggered.connect(self._on_more_chosen)

    def set_tabs(self, tabs: list[Tab]) -> None:
        """Show these tabs; the current one stays if its key is still there, else the first is current."""
        self._tabs = list(tabs)
        keys = [tab.key for tab in tabs]
        if self._current not in keys:
            self._current = keys[0] if keys else ""
        self._quiet = True
        self._strip.set_tabs([_strip_tab(tab) for tab in tabs])
        self._quiet = False
        self._fit()

    def update_tab(
        self,
        key: str,
        *,
        text: str | None = None,
        sub_text: str | None = None,
        badge: int | None = None,
        dot: bool | None = None,
        arrow: bool | None = None,
    ) -> None:
        """Change what one tab shows; what is left out stays (a `badge` of 0 takes the count away)."""
        position = self._position(key)
        tab = self._tabs[position]
        changed = replace(
            tab,
            text=tab.text if text is None else text,
            sub_text=tab.sub_text if sub_text is None else sub_text,
            badge=tab.badge if badge is None else badge,
            dot=tab.dot if dot is None else dot,
            arrow=tab.arrow if arrow is None else arrow,
        )
        if changed != tab:
            self._tabs[position] = changed
            self._strip.set_tab(position, _strip_tab(changed))
            self._fit()

    def set_current(self, key: str) -> None:
        """Make a tab the current one without a signal."""
        self._position(key)
        self._current = key
        self._fit()

    def current(self) -> str:
        """Return the key of the current tab, or "" where there is none."""
        return self._current

    def tabs(self) -> list[Tab]:
        """Return what is shown, left to right."""
        return list(self._tabs)

    def shrink(self) -> Shrink:
        """Return what was left out for want of room."""
        return self._strip.shrink()

    def menu_position(self, key: str) -> QPoint:
        """Return where on the screen the menu of a tab opens."""
        rect: QRect = self._strip.tabRect(self._position(key))
        return self._strip.mapToGlobal(QPoint(rect.left(), rect.bottom() - px(3)))

    def sizeHint(self) -> QSize:
        """Return the room that shows everything."""
        return QSize(self._width_at(Shrink.NOTHING), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Return little: tabs give way."""
        return QSize(px(96), px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what does not fit."""
        super().resizeEvent(event)
        self._fit()

    def _position(self, key: str) -> int:
        for position, tab in enumerate(self._tabs):
            if tab.key == key:
                return position
        raise Bug("widgets.unknown_tab", key=key)

    def _width_at(self, shrink: Shrink) -> int:
        return sum(tab_width(_strip_tab(tab), shrink) for tab in self._tabs)

    def _fit(self) -> None:
        """Choose the least loss that fits, and put what is too much into the menu."""
        room = self.width()
        losses = (Shrink.NOTHING, Shrink.SUB_TEXTS, Shrink.BADGES)
        shrink = next((loss for loss in losses if self._width_at(loss) <= room), None)
        hidden: set[int] = set()
        if shrink is None:
            shrink = Shrink.BADGES
            hidden = self._too_many(room - self._more.sizeHint().width())
        self._quiet = True
        self._strip.show_only(shrink, hidden)
        if self._tabs:
            self._strip.setCurrentIndex(self._position(self._current))
        self._quiet = False
        self._more_menu.clear()
        for position in sorted(hidden):
            action = QAction(self._tabs[position].text, self._more_menu)
            action.setData(self._tabs[position].key)
            self._more_menu.addAction(action)
        self._more.setVisible(bool(hidden))

    def _too_many(self, room: int) -> set[int]:
        """Return the positions, from the end, that must go so that the rest fits; never the current one."""
        hidden: set[int] = set()
        width = self._width_at(Shrink.BADGES)
        for position in range(len(self._tabs) - 1, -1, -1):
            if width <= room:
                break
            if self._tabs[position].key != self._current:
                hidden.add(position)
                width -= tab_width(_strip_tab(self._tabs[position]), Shrink.BADGES)
        return hidden

    def _on_strip_changed(self, position: int) -> None:
        if not self._quiet and 0 <= position < len(self._tabs):
            self._choose(self._tabs[position].key)

    def _on_more_chosen(self, action: QAction) -> None:
        self._choose(str(action.data()))

    def _choose(self, key: str) -> None:
        if key != self._current:
            self._current = key
            self._fit()
            self.current_changed.emit(key)

    def _on_arrow_clicked(self, position: int) -> None:
        self.arrow_clicked.emit(self._tabs[position].key)


def _strip_tab(tab: Tab) -> StripTab:
    return StripTab(
        text=tab.text, sub_text=tab.sub_text, count=str(tab.badge) if tab.badge else "", dot=tab.dot, arrow=tab.arrow
    )
