"""Starts the window, and stops everything in order when it closes."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QWidget

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
    from insomnia_desktop.ui.dialogs.problem_dialog import ProblemDialog
    from insomnia_desktop.ui.window.main_window import MainWindow

_log = logging.getLogger(__name__)
_TIDY_AFTER_MS = 3000
_STORE_LOOKED_AT_EVERY_MS = 5000
# In the dialog the ways out are its buttons.
_DAMAGED_HINT = "Choose what to go on with. The damaged file stays beside the new one, whatever you choose."


def run(
    folder: DataFolder,
    *,
    lock: WindowLock,
    crash_hooks: CrashHooks,
    debug: bool = False,
    key_file: Path | None = None,
) -> int:
    """Open the window on a data folder and return the exit status once it is closed.

    What stops the start (a store of a newer version, a corrupt one, a full disk) is explained in a dialog, with the
    way out where there is one. A store that turns out to be damaged later is repaired in the same way, between two
    windows.
    """
    application = make_application()
    front = _Front()
    while True:
        try:
            services = container.build(folder, SystemClock(), Origin("window", 1), key_file=key_file)
        except KnownError as error:
            if not _mended(error, folder):
                return 1
            continue
        running = RunningWindow(services, folder=folder, crash_hooks=crash_hooks)
        if front.running is None:
            lock.listen(front.raise_window)
        front.running = running
        running.window.panes.first_painted.connect(_collect_garbage_from_now)
        running.show()
        status = application.exec()
        running.stop()
        if not running.wanted_repair:
            return status
        _repair(running.wanted_repair, folder)


def _collect_garbage_from_now() -> None:
    """Begin to look for garbage, but not among what the start has made."""
    gc.freeze()
    gc.enable()


def make_application() -> QApplication:
    """Return the one QApplication, named and dressed."""
    # Our own style stands on Fusion, which is what the first picture is drawn with.
    application = QApplication.instance() or QApplication([*sys.argv[:1], "-style", "Fusion"])
    assert isinstance(application, QApplication)
    application.setApplicationName("insomnia-desktop")
    application.setApplicationDisplayName("Insomnia Desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("insomnia-desktop")
    application.setWindowIcon(QIcon(str(resource_path("app", "insomnia-desktop.svg"))))
    return application


class RunningWindow:
    """The window with all that it needs; a test program makes one too.

    `wanted_repair` is what the person chose when the store turned out to be damaged, for `services.repair`; the window
    is closed then. Without a `folder` no repair is offered.
    """

    def __init__(
        self, services: Services, *, folder: DataFolder | None = None, crash_hooks: CrashHooks | None = None
    ) -> None:
        # Imported here: what explains a failed start does not need the panes.
        from insomnia_desktop.ui.window.main_window import MainWindow

        switch().choose(services.preferences.get("appearance.theme"), style_later=True)
        self.services = services
        self.bridge = Bridge()
        self.feed = FeedAdapter(services, self.bridge)
        self.wanted_repair = ""
        self._folder = folder
        session = UiSession(services=services, bridge=self.bridge, feed=self.feed, clock=SystemClock(), token=1)
        services.workspaces.last_used()
        self.window: MainWindow = MainWindow(session)
        self._store_watch = QTimer(self.window)
        self._store_watch.setInterval(_STORE_LOOKED_AT_EVERY_MS)
        self._store_watch.timeout.connect(self.look_at_store)
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
                ("window", self.window.deleteLater),
            ]
        )

    def look_at_store(self) -> None:
        """Say once what the check in the background found: a damaged store is a choice, all else is a notice."""
        problem = self.services.storage.problem
        if problem is None:
            return
        self._store_watch.stop()
        offered = _offers(problem, self._folder) if self._folder is not None else []
        if problem.code != "store.corrupt" or not offered:
            self.window.show_error(problem)
            return
        self.window.open_dialog(_problem_dialog(problem, offered, self._repair_later, self.window))

    def _repair_later(self, name: str) -> None:
        self.wanted_repair = name
        self.window.close()

    def _after_first_paint(self) -> None:
        switch().take_style()
        self.services.sending.warm_up()
        self.services.accounts.warm_up()
        self.services.syncing.start()
        if self._crash_hooks is not None:
            self._crash_hooks.watch_loop(self.services.send_loop)
            self._crash_hooks.watch_loop(self.services.sync_loop)
        self._tidy_timer.start(_TIDY_AFTER_MS)
        self._store_watch.start()

    def _tidy(self) -> None:
        self.bridge.watch(self.services.storage.tidy())

    def _tell_of_crash(self, text: str) -> None:
        self.bridge.post(partial(self.window.show_notice, text))


class _Front:
    """Brings the window that is open now to the front; `raise_window` is called on the lock's thread and only posts."""

    def __init__(self) -> None:
        self.running: RunningWindow | None = None

    def raise_window(self) -> None:
        running = self.running
        if running is not None:
            running.bridge.post(running.window.raise_to_front)


def explain(error: KnownError) -> None:
    """Say in a dialog why no window opens, where a display is there to show it."""
    _choice(error, [])


def _mended(error: KnownError, folder: DataFolder) -> bool:
    """Explain why the start failed; return whether the person did something after which it may work."""
    name = _choice(error, _offers(error, folder))
    if name:
        _repair(name, folder)
    return bool(name)


def _repair(name: str, folder: DataFolder) -> None:
    from insomnia_desktop.services import repair

    try:
        repair.carry_out(name, folder, SystemClock())
    except KnownError as error:
        _log.error("The repair %s failed: %s", name, error)
        _choice(error, [])


def _offers(error: KnownError, folder: DataFolder) -> list[tuple[str, str]]:
    from insomnia_desktop.services import repair

    return repair.offers(error, folder)


def _choice(error: KnownError, offered: list[tuple[str, str]]) -> str:
    """Show a dialog without a window and return the name of what was chosen, empty for nothing."""
    application = make_application()
    switch().choose("system")
    chosen: list[str] = []
    dialog = _problem_dialog(error, offered, chosen.append, None)
    dialog.finished.connect(application.quit)
    dialog.open()
    # Else Qt posts a second end, which would end the window that may come after this dialog.
    application.setQuitOnLastWindowClosed(False)
    application.exec()
    application.setQuitOnLastWindowClosed(True)
    dialog.deleteLater()
    return chosen[0] if chosen else ""


def _problem_dialog(
    error: KnownError, offered: list[tuple[str, str]], choose: Callable[[str], object], parent: QWidget | None
) -> ProblemDialog:
    from insomnia_desktop.ui.dialogs.problem_dialog import ProblemDialog

    words = sentence(error)
    hint = _DAMAGED_HINT if error.code == "store.corrupt" and offered else words.hint
    return ProblemDialog(
        words.title, words.text, hint, [(text, partial(choose, name)) for name, text in offered], parent
    )
