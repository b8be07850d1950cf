"""The tab bar of the response, with the tool of the tab that is shown at its right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.tab_bar import Tab, TabBar

COPIED_TABS = ("headers", "cookies", "timeline")


class ResponseTabs(Bar):
    """Preview, Headers, Cookies, Timeline; Error where a send failed; wrapping or copying at the right.

    Signals:
        page_chosen(key): another tab.
        mode_chosen(mode): another way to show the body, `pretty`, `raw` or `hex`.
        wrap_toggled(on), copy_requested(): the tool.
    """

    page_chosen = Signal(str)
    mode_chosen = Signal(str)
    wrap_toggled = Signal(bool)
    copy_requested = Signal()

    def __init__(self) -> None:
        super().__init__(40, left=8)
        self.bar = TabBar(more_tip=self.tr("More"))
        self.bar.setObjectName("responseTabs")
        self.bar.setAccessibleName(self.tr("Parts of the response"))
        self.wrap = IconButton("wrap", self.tr("Wrap long lines"))
        self.wrap.setObjectName("responseWrapButton")
        self.wrap.setCheckable(True)
        self.copy = IconButton("copy", self.tr("Copy all"))
        self.copy.setObjectName("responseCopyButton")
        self.add(self.bar, stretch=1)
        self.add(self.wrap)
        self.add(self.copy)
        self.mode_menu = QMenu(self)
        self.mode_menu.setObjectName("responseModeMenu")
        self._modes: dict[str, QAction] = {}
        self._fill_menu()
        self.bar.current_changed.connect(self.page_chosen)
        self.bar.arrow_clicked.connect(lambda _key: self.open_mode_menu())
        self.wrap.clicked.connect(self.wrap_toggled)
        self.copy.clicked.connect(self.copy_requested)

    def current(self) -> str:
        """Return the key of the tab that is shown."""
        return self.bar.current()

    def set_current(self, key: str) -> None:
        """Show another tab."""
        self.bar.set_current(key)

    def keys(self) -> list[str]:
        """Return the keys of the tabs that there are."""
        return [tab.key for tab in self.bar.tabs()]

    def open_mode_menu(self) -> None:
        """Open the menu of ways to show the body."""
        self.mode_menu.popup(self.bar.menu_position("preview"))

    def show_response_tabs(self, *, headers: int, cookies: int) -> None:
        """Show the tabs of a response that came."""
        self.bar.set_tabs(self._parts(headers, cookies))

    def show_failure_tabs(self, words: str, *, timeline: int, headers: int | None = None, cookies: int = 0) -> None:
        """Show the tabs of a failure: what happened, and the parts of the response where one had begun to come."""
        parts = self._parts(headers, cookies)[:-1] if headers is not None else []
        self.bar.set_tabs([Tab("error", words), *parts, Tab("timeline", self.tr("Timeline"), badge=timeline)])

    def set_modes(self, mode: str, first: str) -> None:
        """Tick the way in which the body is shown; `first` names the usual one."""
        self._modes["pretty"].setText(first)
        self._modes[mode].setChecked(True)

    def set_tools(self, key: str, *, wraps: bool) -> None:
        """Show the tool that fits a tab."""
        self.wrap.setVisible(key == "preview" and wraps)
        self.copy.setVisible(key in COPIED_TABS)

    def set_wrap(self, wrap: bool) -> None:
        """Show whether long lines are wrapped."""
        self.wrap.setChecked(wrap)

    def _parts(self, headers: int | None, cookies: int) -> list[Tab]:
        return [
            Tab("preview", self.tr("Preview"), arrow=True),
            Tab("headers", self.tr("Headers"), badge=headers),
            Tab("cookies", self.tr("Cookies"), badge=cookies),
            Tab("timeline", self.tr("Timeline")),
        ]

    def _fill_menu(self) -> None:
        group = QActionGroup(self.mode_menu)
        for mode, words in (("pretty", self.tr("Pretty")), ("raw", self.tr("Raw")), ("hex", self.tr("Hex"))):
            action = self.mode_menu.addAction(words)
            action.setCheckable(True)
            action.setData(mode)
            group.addAction(action)
            self._modes[mode] = action
        group.triggered.connect(lambda action: self.mode_chosen.emit(str(action.data())))
