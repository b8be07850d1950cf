"""The window from its start to its end, in this process; starts that cannot succeed are in tests/end2end."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.app import container, window_start
from insomnia_desktop.app.crash_hooks import CrashHooks
from insomnia_desktop.app.lifecycle import WindowLock
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.ui.dialogs.problem_dialog import ProblemDialog
from insomnia_desktop.ui.window.main_window import MainWindow


class Person:
    """Looks at what is open, again and again, and does the next thing as soon as its window is there."""

    def __init__(self) -> None:
        self._deeds: list[tuple[type[QWidget], Callable[[QWidget], None]]] = []
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def then(self, kind: type[QWidget], deed: Callable[[QWidget], None]) -> Person:
        """Do something with the next window of a kind."""
        self._deeds.append((kind, deed))
        return self

    def stop(self) -> None:
        """Do nothing more."""
        self._timer.stop()

    def _look(self) -> None:
        if not self._deeds:
            return
        kind, deed = self._deeds[0]
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, kind) and widget.isVisible():
                del self._deeds[0]
                deed(widget)
                return


@pytest.fixture
def person(qapp: QApplication) -> Iterator[Person]:
    person = Person()
    yield person
    person.stop()
    # What `run` set aside, as it may at the start of a process, is looked at again in this one.
    gc.unfreeze()


@pytest.fixture
def start(data_folder: DataFolder) -> Iterator[Callable[[], int]]:
    lock = WindowLock(data_folder.window_lock)
    assert lock.acquire()
    hooks = CrashHooks(data_folder.logs, tell=lambda _: None)

    def run() -> int:
        status = window_start.run(data_folder, lock=lock, crash_hooks=hooks)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return status

    yield run
    lock.release()


def close(window: QWidget) -> None:
    window.close()


def press(words: str) -> Callable[[QWidget], None]:
    def deed(window: QWidget) -> None:
        next(each for each in window.findChildren(QAbstractButton) if each.text() == words).click()

    return deed


def names(folder: DataFolder) -> list[str]:
    services = container.build(folder, SystemClock(), Origin("command_line"))
    try:
        return [row.name for row in services.documents.tree(services.workspaces.last_used())]
    finally:
        services.close()


def test_a_window_opens_and_what_was_done_in_it_is_there_after_its_end(
    start: Callable[[], int], person: Person, data_folder: DataFolder
) -> None:
    def work(window: QWidget) -> None:
        assert isinstance(window, MainWindow)
        window.sidebar.view_model.chosen.connect(lambda *_: window.close())
        window.sidebar.new_request()

    person.then(MainWindow, work)
    assert start() == 0
    assert names(data_folder) == ["New request"]


def test_a_second_start_asks_the_open_window_to_come_forward(
    start: Callable[[], int], person: Person, data_folder: DataFolder
) -> None:
    asked: list[bool] = []

    def ask(window: QWidget) -> None:
        window.showMinimized()
        asked.append(WindowLock(data_folder.window_lock).raise_first())
        person.then(MainWindow, lambda window: close(window))

    person.then(MainWindow, ask)
    assert start() == 0
    assert asked == [True]


def test_a_store_of_a_newer_program_is_explained_and_nothing_opens(
    start: Callable[[], int], person: Person, data_folder: DataFolder
) -> None:
    assert names(data_folder) == []
    with closing(sqlite3.connect(data_folder.store_file)) as connection:
        connection.execute("PRAGMA user_version = 9999")
    person.then(ProblemDialog, press("Close"))
    assert start() == 1


def test_a_damaged_store_opens_with_what_the_person_chose(
    start: Callable[[], int], person: Person, data_folder: DataFolder
) -> None:
    assert names(data_folder) == []
    data_folder.store_file.write_bytes(data_folder.store_file.read_bytes()[:4096] + b"\xff" * 8192)
    person.then(ProblemDialog, press("Save what can still be read")).then(MainWindow, close)
    assert start() == 0
    assert [path.name for path in data_folder.root.glob("store.broken-*.sqlite")] != []


def test_a_running_window_tells_of_crashes_and_stops_in_order(data_folder: DataFolder, qtbot: QtBot) -> None:
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    hooks = CrashHooks(data_folder.logs, tell=lambda _: None)
    running = window_start.RunningWindow(services, folder=data_folder, crash_hooks=hooks)
    qtbot.addWidget(running.window)
    running.show()
    qtbot.waitExposed(running.window)
    hooks.tell("Something went wrong in a thread.")
    toast = running.window.toast
    qtbot.waitUntil(toast.isVisible)
    running.look_at_store()
    assert running.wanted_repair == ""
    running.window.close()
    running.stop()
    assert not services.send_loop.running
