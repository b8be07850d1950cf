"""Sidebar, request and response beside each other, or the response under the request."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.splitter import HairlineSplitter

SIDEBAR = 256
NARROW_SIDEBAR = 232
LEAST_SIDEBAR = 200
NARROW_WINDOW = 1000
LEAST_FOR_TWO = 760
LEAST_PANE = 300
LEAST_HEIGHT = 160
# What the request takes of both: under each other it has three bars and a table to show, the response only two bars.
FIRST_SHARES = {Qt.Orientation.Horizontal: 0.5, Qt.Orientation.Vertical: 0.56}


class PaneLayout(QWidget):
    """Holds the three columns; sizes are remembered by the window.

    Request and response come later (`add_panes`); until a page is chosen nothing stands beside the sidebar.
    The response goes under the request where less than 760 px are left beside the sidebar, unless a person chose.

    Signals:
        first_painted(): the window was drawn for the first time; what it did not need for that comes now.
    """

    first_painted = Signal()

    def __init__(self, sidebar: QWidget, begin: QWidget) -> None:
        super().__init__()
        self._choice = "auto"
        self._sidebar = sidebar
        self._columns = HairlineSplitter(Qt.Orientation.Horizontal)
        self._panes = HairlineSplitter(Qt.Orientation.Horizontal)
        self._panes.setObjectName("panes")
        self._stack = QStackedWidget()
        self._shares = dict(FIRST_SHARES)
        self._sidebar_width = 0
        self._settling = False
        self._painted = False
        self._begin = begin
        self._page: QWidget | None = None
        self._under: QWidget = begin
        self._stack.addWidget(QWidget())
        self._stack.addWidget(begin)
        self._stack.addWidget(self._panes)
        self._sidebar.setMinimumWidth(px(LEAST_SIDEBAR))
        self._columns.addWidget(sidebar)
        self._columns.addWidget(self._stack)
        self._columns.setStretchFactor(0, 0)
        self._columns.setStretchFactor(1, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._columns)
        self._stack.installEventFilter(self)
        self._columns.reset_requested.connect(self._reset_sidebar)
        self._panes.reset_requested.connect(self._reset_panes)
        self._columns.splitterMoved.connect(self._on_sidebar_moved)
        self._panes.splitterMoved.connect(self._on_panes_moved)

    @Slot(QWidget, QWidget)
    def add_panes(self, request: QWidget, response: QWidget) -> None:
        """Put request and response in their places; before that the room beside the sidebar is empty."""
        for pane in (request, response):
            pane.setMinimumSize(px(LEAST_PANE), px(LEAST_HEIGHT))
            self._panes.addWidget(pane)
        self._settle()

    def show_request(self, shown: bool) -> None:
        """Show request and response, or the page that begins."""
        self._under = self._panes if shown else self._begin
        if self._page is None:
            self._stack.setCurrentWidget(self._under)
        if shown:
            self._settle()

    def show_page(self, page: QWidget) -> None:
        """Show a page over request and response, until `close_page`; the sidebar stays."""
        self.close_page()
        self._page = page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def close_page(self) -> None:
        """Take the page away that lies over request and response, and show what was under it."""
        page, self._page = self._page, None
        if page is not None:
            self._stack.setCurrentWidget(self._under)
            self._stack.removeWidget(page)
            page.deleteLater()

    def page(self) -> QWidget | None:
        """Return the page that lies over request and response, or None."""
        return self._page

    def set_choice(self, choice: str) -> None:
        """Set where the response stands: `auto`, `right` or `below`."""
        self._choice = choice
        self._settle()

    def is_below(self) -> bool:
        """Say whether the response stands under the request now."""
        return self._panes.orientation() == Qt.Orientation.Vertical

    def natural(self) -> str:
        """Return where the response would stand if nobody chose: `right` or `below`."""
        return "below" if self._stack.width() < px(LEAST_FOR_TWO) else "right"

    def toggle_sidebar(self) -> None:
        """Show or hide the sidebar."""
        self._sidebar.setVisible(not self._sidebar.isVisible())

    def state(self) -> dict[str, JsonValue]:
        """Return what is worth remembering."""
        return {
            "sidebar": self._sidebar_width,
            "sidebar_shown": self._sidebar.isVisibleTo(self),
            "right": self._shares[Qt.Orientation.Horizontal],
            "below": self._shares[Qt.Orientation.Vertical],
        }

    def restore(self, state: dict[str, JsonValue]) -> None:
        """Set what `state` returned; what does not fit is left out."""
        width = state.get("sidebar")
        self._sidebar_width = width if isinstance(width, int) and 0 <= width < 2000 else 0
        for key, orientation in (("right", Qt.Orientation.Horizontal), ("below", Qt.Orientation.Vertical)):
            share = state.get(key)
            if isinstance(share, float) and 0.1 <= share <= 0.9:
                self._shares[orientation] = share
        self._sidebar.setVisible(state.get("sidebar_shown") is not False)
        self._place_sidebar()
        self._settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Settle again whenever the room for the panes changes."""
        if watched is self._stack and event.type() == QEvent.Type.Resize:
            self._settle()
        return False

    def changeEvent(self, event: QEvent) -> None:
        """Measure again when the zoom changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._sidebar.setMinimumWidth(px(LEAST_SIDEBAR))
            self._settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Notice the first time."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.first_painted.emit)

    def showEvent(self, event: QEvent) -> None:
        """Give the sidebar its width for this window."""
        self._place_sidebar()

    def _place_sidebar(self) -> None:
        narrow = self.width() < px(NARROW_WINDOW)
        # A wide font needs more than the measures, which are those of most fonts.
        first = max(px(NARROW_SIDEBAR if narrow else SIDEBAR), self._sidebar.sizeHint().width())
        width = self._sidebar_width or first
        self._columns.setSizes([width, max(1, self.width() - width - 1)])

    def _settle(self) -> None:
        if self._settling or self._panes.count() < 2:
            return
        below = (self.natural() if self._choice == "auto" else self._choice) == "below"
        orientation = Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal
        self._settling = True
        if self._panes.orientation() != orientation:
            self._panes.setOrientation(orientation)
        length = self._stack.height() if below else self._stack.width()
        first = round((length - 1) * self._shares[orientation])
        self._panes.setSizes([first, max(1, length - first - 1)])
        self._settling = False

    @Slot()
    def _reset_sidebar(self) -> None:
        self._sidebar_width = 0
        self._place_sidebar()

    @Slot()
    def _reset_panes(self) -> None:
        self._shares[self._panes.orientation()] = FIRST_SHARES[self._panes.orientation()]
        self._settle()

    @Slot()
    def _on_sidebar_moved(self) -> None:
        self._sidebar_width = self._columns.sizes()[0]

    @Slot()
    def _on_panes_moved(self) -> None:
        first, second = self._panes.sizes()
        self._shares[self._panes.orientation()] = first / max(1, first + second)
