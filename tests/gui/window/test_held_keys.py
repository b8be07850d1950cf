"""Keys typed behind Ctrl+N belong to the new request: insomnia_desktop.ui.window.held_keys."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.store.changes import Change, Origin
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.window.main_window import MainWindow


@dataclass(frozen=True)
class _Gate:
    """Keeps the writer busy until it is opened."""

    opened: threading.Event = field(default_factory=threading.Event)

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        assert self.opened.wait(10)
        return []


@pytest.fixture
def window(session: UiSession, qtbot: QtBot) -> Iterator[MainWindow]:
    """A window with one request open, its address in focus."""
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitActive(made)
    made.sidebar.new_request()
    qtbot.waitUntil(lambda: made.workspace.request_id is not None)
    qtbot.waitUntil(lambda: made.bench.request_pane.url_bar.address.url_edit.hasFocus())
    yield made
    made.close()


def _type(text: str) -> None:
    for character in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = Qt.Key(ord(character.upper()))
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, character)
            QCoreApplication.sendEvent(QApplication.focusWidget(), event)


def test_keys_typed_before_the_new_request_is_there_go_to_its_address(
    window: MainWindow, session: UiSession, qtbot: QtBot
) -> None:
    first = window.workspace.request_id
    edit = window.bench.request_pane.url_bar.address.url_edit
    _type("old")
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_request"].trigger()
    _type("new")
    assert edit.text() == "old"
    gate.opened.set()
    qtbot.waitUntil(lambda: window.workspace.request_id != first)
    qtbot.waitUntil(lambda: edit.text() == "new")
    _type("er")
    assert edit.text() == "newer"
    window.bench.request_pane.flush()
    qtbot.waitUntil(lambda: session.services.documents.view(window.workspace.request_id or "").url == "newer")
    assert session.services.documents.view(first or "").url == "old"


def test_keys_with_ctrl_pass(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    _type("old")
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_request"].trigger()
    qtbot.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert edit.selectedText() == "old"
    gate.opened.set()
    qtbot.waitUntil(lambda: edit.text() == "")


def test_after_a_failure_keys_go_where_they_went_before(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    window.sidebar.request_wanted.emit()
    _type("lost")
    assert edit.text() == ""
    session.bridge.failed.emit(KnownError("store.disk_full"))
    _type("kept")
    assert edit.text() == "kept"


def test_nothing_is_held_for_ever(window: MainWindow, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    window.held_keys._patience.setInterval(1)
    window.sidebar.request_wanted.emit()
    qtbot.waitUntil(lambda: not window.held_keys._patience.isActive())
    _type("kept")
    assert edit.text() == "kept"
