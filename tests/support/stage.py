"""A window on the sample workspace, brought into a state and drawn with all that lies over it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QCursor, QKeySequence, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.window.main_window import MainWindow
from tests.support.clock import FixedClock
from tests.support.fake_accounts import FakeAccounts, FakeHosting
from tests.support.fake_syncing import FakeSyncing
from tests.support.sample_workspace import MADE_MS, SampleWorkspace, fill
from tests.support.ui_session import open_session

_PATIENCE_S = 15.0
_QUIET_TURNS = 6
_FAR_AWAY = QPoint(5000, 5000)
_W = TypeVar("_W", bound=QWidget)


class Stage:
    """One window in one theme and size; `until` waits for facts, `draw` writes what is to be seen.

    The clock stands 20 s after the sample order was made ("Just now").
    """

    def __init__(self, theme: str, size: tuple[int, int], *, empty: bool = False, base_url: str = "") -> None:
        self.theme = theme
        self.size = size
        self.clock = FixedClock(MADE_MS + 20_000)
        self._empty = empty
        self._base_url = base_url
        self._stack = ExitStack()
        self.accounts = FakeAccounts()
        self.hosting = FakeHosting()
        self.syncing = FakeSyncing()
        self.session: UiSession
        self.sample: SampleWorkspace
        self.window: MainWindow

    def __enter__(self) -> Stage:
        folder = DataFolder(Path(self._stack.enter_context(tempfile.TemporaryDirectory())))
        folder.prepare()
        self.session = self._stack.enter_context(
            open_session(folder, self.clock, accounts=self.accounts, hosting=self.hosting, syncing=self.syncing)
        )
        services = self.session.services
        services.preferences.set("appearance.theme", self.theme).result()
        if not self._empty:
            self.sample = fill(services, base_url=self._base_url) if self._base_url else fill(services)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "window"):
            self.clear()
            self.window.close()
            self.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._stack.close()

    def open(self) -> None:
        """Open the window; what is stored before is there at once."""
        # The pointer of the offscreen platform rests in the corner where the window comes.
        QCursor.setPos(_FAR_AWAY)
        self.window = MainWindow(self.session)
        self.window.resize(*self.size)
        self.window.show()
        QTest.qWaitForWindowActive(self.window)
        self.settle()

    def part(self, name: str, kind: type[_W]) -> _W:
        """Return the visible part of that object name."""
        found = [each for each in self.window.findChildren(kind, name) if each.isVisible()]
        assert found, f"{name} is not shown"
        return found[0]

    def show_request(self, request_id: str, *, tab: str = "") -> None:
        """Open a request, at a tab of it."""
        self.window.workspace.open_request(request_id)
        self.settle()
        if tab:
            self.window.bench.request_pane._show_page(tab)
            self.settle()

    def keys(self, *keys: str) -> None:
        """Press keys in the window."""
        for each in keys:
            QTest.keySequence(self._focused(), QKeySequence(each))
        self.settle()

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        QTest.keyClicks(self._focused(), text)
        self.settle()

    def until(self, fact: Callable[[], object]) -> None:
        """Let the window live until something is true."""
        deadline = time.monotonic() + _PATIENCE_S
        while not fact():
            assert time.monotonic() < deadline, "what the picture waits for did not come"
            QTest.qWait(5)

    def settle(self) -> None:
        """Let the window live until what was begun is done: timers of debounces, layouts, pretty-printing."""
        for _ in range(_QUIET_TURNS):
            QTest.qWait(40)

    def clear(self) -> None:
        """Close every dialog, menu and notice that stands over the window."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog | QMenu) and widget.isVisible():
                widget.close()
        self.window.toast.dismiss()
        self.settle()

    def draw(self, path: Path) -> None:
        """Write the window with its dialogs and menus as a PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = self.window.grab()
        painter = QPainter(picture)
        for widget in self._floating():
            painter.drawPixmap(self._place(widget, picture), widget.grab())
        painter.end()
        assert picture.save(str(path)), path

    def _focused(self) -> QWidget:
        if QApplication.activeWindow() is None:
            # What a window manager does when a dialog closed; the offscreen platform has none.
            self.window.activateWindow()
            QTest.qWaitForWindowActive(self.window)
        return QApplication.focusWidget() or self.window

    def _floating(self) -> list[QWidget]:
        over = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not self.window]
        return sorted(over, key=lambda each: isinstance(each, QMenu))

    def _place(self, widget: QWidget, picture: QPixmap) -> QPoint:
        if isinstance(widget, QDialog):
            # Where the system puts it: the offscreen platform has none.
            size = picture.size() - widget.size()
            return QPoint(size.width() // 2, size.height() // 2)
        return widget.pos() - self.window.pos()


def choose_theme(theme: str) -> None:
    """Dress the application."""
    switch().choose(theme)
