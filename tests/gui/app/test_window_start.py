"""insomnia_desktop.app.window_start: the window opens, explains why it cannot, and mends a damaged store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop import __version__
from insomnia_desktop.app import container, window_start
from insomnia_desktop.app.crash_hooks import CrashHooks
from insomnia_desktop.app.lifecycle import WindowLock
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import backup, database
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.ui.window.main_window import MainWindow
from tests.support.logfail import LogGuard

Fact = Callable[[], object]


@pytest.fixture
def hooks(data_folder: DataFolder) -> CrashHooks:
    """Crash hooks that are not installed."""
    return CrashHooks(data_folder.logs, lambda text: None)


@pytest.fixture
def running(data_folder: DataFolder, hooks: CrashHooks, qtbot: QtBot) -> Iterator[window_start.RunningWindow]:
    """A window on a fresh store, shown."""
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    made = window_start.RunningWindow(services, folder=data_folder, crash_hooks=hooks)
    made.show()
    qtbot.waitExposed(made.window)
    yield made
    made.window.close()
    made.stop()


@pytest.fixture
def lock(data_folder: DataFolder) -> Iterator[WindowLock]:
    """The lock of the folder, taken."""
    held = WindowLock(data_folder.window_lock)
    assert held.acquire()
    yield held
    held.release()


class Script:
    """Acts while the program's own loop runs: each deed as soon as what it waits for is there."""

    def __init__(self, *steps: tuple[Fact, Callable[[], object]]) -> None:
        self._steps = list(steps)
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        found, act = self._steps[0]
        if found():
            del self._steps[0]
            if not self._steps:
                self._timer.stop()
            act()

    @property
    def is_done(self) -> bool:
        """Say whether every deed was done."""
        return not self._steps


def shown(name: str) -> QWidget | None:
    return next((w for w in QApplication.topLevelWidgets() if w.objectName() == name and w.isVisible()), None)


def main_window() -> MainWindow | None:
    found = shown("mainWindow")
    return found if isinstance(found, MainWindow) else None


def problem_shown() -> QDialog | None:
    found = shown("problemDialog")
    return found if isinstance(found, QDialog) else None


def press(words: str) -> Callable[[], None]:
    def deed() -> None:
        dialog = problem_shown()
        assert dialog is not None
        (button,) = (each for each in dialog.findChildren(QAbstractButton) if each.text().startswith(words))
        button.click()

    return deed


def close_window() -> None:
    window = main_window()
    assert window is not None
    window.close()


def fill(folder: DataFolder, name: str) -> None:
    services = container.build(folder, SystemClock(), Origin("window", 1))
    services.documents.create_request(services.workspaces.last_used(), None, name=name)[1].result()
    services.close()


def make_backup(folder: DataFolder) -> None:
    with closing(database.connect_writer(folder.store_file)) as connection:
        backup.make(connection, folder, "daily", clock=SystemClock())


def names_in(folder: DataFolder) -> list[str]:
    services = container.build(folder, SystemClock(), Origin("window", 1))
    names = [row.name for row in services.documents.tree(services.workspaces.last_used())]
    services.close()
    return names


def test_the_application_is_named_once() -> None:
    application = window_start.make_application()
    assert application is QApplication.instance()
    assert application.applicationName() == "insomnia-desktop"
    assert application.applicationVersion() == __version__
    assert not application.windowIcon().isNull()


def test_a_crash_is_told_in_the_window(running: window_start.RunningWindow, hooks: CrashHooks, qtbot: QtBot) -> None:
    hooks.report(ValueError("x"), "main thread")
    qtbot.waitUntil(lambda: running.window.toast.text().startswith("Something went wrong inside the program"))


def test_a_sound_store_says_nothing(running: window_start.RunningWindow) -> None:
    running.look_at_store()
    assert problem_shown() is None
    assert not running.window.toast.isVisible()


def test_a_backup_that_could_not_be_made_is_a_notice(running: window_start.RunningWindow) -> None:
    running.services.store._care.problem = KnownError("store.disk_full", reason="SQLITE_FULL")
    running.look_at_store()
    assert problem_shown() is None
    assert "room" in running.window.toast.text()


def test_a_store_found_damaged_later_is_a_choice_that_closes_the_window(
    running: window_start.RunningWindow, data_folder: DataFolder
) -> None:
    running.services.store._care.problem = KnownError("store.corrupt", file=str(data_folder.store_file), backups=[])
    running.look_at_store()
    press("Save what can still be read")()
    assert running.wanted_repair == "salvage"
    assert not running.window.isVisible()


def test_a_store_found_damaged_later_is_mended_between_two_windows(
    data_folder: DataFolder, lock: WindowLock, hooks: CrashHooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(data_folder, "In the backup")
    make_backup(data_folder)
    fill(data_folder, "Later")
    monkeypatch.setattr(window_start, "_STORE_LOOKED_AT_EVERY_MS", 10)

    def damage() -> None:
        window = main_window()
        assert window is not None
        problem = KnownError("store.corrupt", file=str(data_folder.store_file), backups=backup.names(data_folder))
        window.session.services.store._care.problem = problem

    script = Script((main_window, damage), (problem_shown, press("Restore the backup")), (main_window, close_window))
    assert window_start.run(data_folder, lock=lock, crash_hooks=hooks) == 0
    assert script.is_done
    assert names_in(data_folder) == ["In the backup"]


def test_a_start_that_fails_is_explained_and_ends_with_1(
    data_folder: DataFolder, lock: WindowLock, hooks: CrashHooks
) -> None:
    fill(data_folder, "Kept")
    with closing(sqlite3.connect(data_folder.store_file)) as connection:
        connection.execute("PRAGMA user_version = 99")
    script = Script((problem_shown, press("Close")))
    assert window_start.run(data_folder, lock=lock, crash_hooks=hooks) == 1
    assert script.is_done


def test_a_repair_that_fails_is_explained_and_the_choice_comes_again(
    data_folder: DataFolder, lock: WindowLock, hooks: CrashHooks, log_guard: LogGuard
) -> None:
    fill(data_folder, "Lost")
    make_backup(data_folder)
    data_folder.store_file.write_bytes(b"damaged" * 4096)
    (kept,) = backup.names(data_folder)

    def restore_what_is_gone() -> None:
        (data_folder.backups / kept).unlink()
        press("Restore the backup")()

    script = Script(
        (problem_shown, restore_what_is_gone),
        (lambda: _says("No such backup"), press("Close")),
        (lambda: problem_shown() and not _says("No such backup"), press("Close")),
    )
    with log_guard.expect("The repair"):
        assert window_start.run(data_folder, lock=lock, crash_hooks=hooks) == 1
    assert script.is_done


def test_why_no_window_opens_is_told_in_a_dialog() -> None:
    seen: list[str] = []

    def read() -> None:
        dialog = problem_shown()
        assert dialog is not None
        seen.append(dialog.windowTitle() or dialog.accessibleName())
        dialog.reject()

    script = Script((problem_shown, read))
    window_start.explain(KnownError("window.already_open", folder="x"))
    assert script.is_done
    assert seen


def _says(words: str) -> bool:
    dialog = problem_shown()
    return dialog is not None and any(words in str(label.property("text")) for label in dialog.findChildren(QWidget))
