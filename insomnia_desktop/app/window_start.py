"""Starts the window, and stops everything in order when it closes."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from insomnia_desktop import __version__
from insomnia_desktop.app import container
from insomnia_desktop.app.lifecycle import WindowLock, stop_in_order
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder, resource_path
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.ui.bridge.bridge import Bridge
from insomnia_desktop.ui.bridge.feed_adapter import FeedAdapter
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.app.crash_hooks import CrashHooks
    from insomnia_desktop.services.application import Services
    from insomnia_desktop.ui.window.main_window import MainWindow

_log = logging.getLogger(__name__)
_TIDY_AFTER_MS = 3000


def run(folder: DataFolder, *, lock: WindowLock, crash_hooks: CrashHooks, debug: bool = False) -> int:
    """Open the window on a data folder and return the exit status once it is closed.

    What stops the start (a store of a newer version, a corrupt one, a read-only folder) is explained in a dialog,
    with the way out where there is one.
    """
    application = make_application()
    status = 0
    while True:
        try:
            services = container.build(folder, SystemClock(), Origin("window", 1))
        except KnownError as error:
            if not _explained(error, folder):
                return 1
            continue
        break
    running = RunningWindow(services, lock=lock, crash_hooks=crash_hooks)
    running.show()
    status = application.exec()
    running.stop()
    return status


def make_application() -> QApplication:
    """Return the one QApplication, named and dressed."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("insomnia-desktop")
    application.setApplicationDisplayName("Insomnia Desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("insomnia-desktop")
    application.setWindowIcon(QIcon(str(resource_path("app", "insomnia-desktop.svg"))))
    return application


class RunningWindow:
    """The window with all that it needs; a test program makes one too."""

    def __init__(
        self, services: Services, *, lock: WindowLock | None = None, crash_hooks: CrashHooks | None = None
    ) -> None:
        # Imported here: what explains a failed start does not need the panes.
        from insomnia_desktop.ui.window.main_window import MainWindow

        switch().choose(services.preferences.get("appearance.theme"))
        self.services = services
        self.bridge = Bridge()
        self.feed = FeedAdapter(services, self.bridge)
        session = UiSession(services=services, bridge=self.bridge, feed=self.feed, clock=SystemClock(), token=1)
        services.workspaces.last_used()
        self.window: MainWindow = MainWindow(session)
        if lock is not None:
            lock.listen(partial(self.bridge.post, self.window.raise_to_front))
        self._crash_hooks = crash_hooks
        if crash_hooks is not None:
            crash_hooks.tell = self._tell_of_crash
        self._tidy_timer = QTimer(self.window)
        self._tidy_timer.setSingleShot(True)
        self._tidy_timer.timeout.connect(self._tidy)

    def show(self) -> None:
        """Show the window; what is not needed for its first picture is loaded after it."""
        self.window.panes.first_painted.connect(self._after_first_paint)
        self.window.show()

    def stop(self) -> None:
        """Stop sends, write what waits, close the store."""
        stop_in_order(
            [
                ("feed", self.feed.close),
                ("bridge", self.bridge.close),
                ("services", self.services.close),
            ]
        )

    def _after_first_paint(self) -> None:
        self.services.sending.warm_up()
        if self._crash_hooks is not None:
            self._crash_hooks.watch_loop(self.services.send_loop)
        self._tidy_timer.start(_TIDY_AFTER_MS)

    def _tidy(self) -> None:
        self.bridge.watch(self.services.storage.tidy())

    def _tell_of_crash(self, text: str) -> None:
        self.bridge.post(partial(self.window.show_notice, text))


def explain(error: KnownError) -> None:
    """Say in a dialog why no window opens, where a display is there to show it."""
    application = make_application()
    switch().choose("system")
    _show_problem(application, error, [])


def _explained(error: KnownError, folder: DataFolder) -> bool:
    """Explain why the start failed; return whether the person did something after which it may work."""
    from insomnia_desktop.services import repair

    application = make_application()
    switch().choose("system")
    done: list[str] = []
    deeds: list[tuple[str, Callable[[], object]]] = []
    for name, words in repair.offers(error, folder):
        deeds.append((words, partial(_repair, name, folder, done)))
    _show_problem(application, error, deeds)
    return bool(done)


def _repair(name: str, folder: DataFolder, done: list[str]) -> None:
    from insomnia_desktop.services import repair

    try:
        repair.carry_out(name, folder, SystemClock())
    except KnownError as error:
        _log.error("The repair %s failed: %s", name, error)
        _show_problem(make_application(), error, [])
        return
    done.append(name)


def _show_problem(application: QApplication, error: KnownError, deeds: list[tuple[str, Callable[[], object]]]) -> None:
    from insomnia_desktop.ui.dialogs.problem_dialog import ProblemDialog

    words = sentence(error)
    dialog = ProblemDialog(words.title, words.text, words.hint, deeds)
    dialog.finished.connect(application.quit)
    dialog.open()
    application.exec()
