"""Keys typed behind Ctrl+N belong to the new request: insomnia_desktop.ui.window.held_keys."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
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
    qtbot.waitUntil(made.isActiveWindow)
    made.sidebar.new_request()
    qtbot.waitUntil(lambda: made.workspace.request_id is not None)
    qtbot.waitUntil(lambda: made.bench.request_pane.url_bar.address.url_edit.hasFocus())
    yield made
    made.close()


def _press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, text: str = "") -> None:
    """Press and let go a key as the system does it: the actions of the window see it too."""
    QTest.sendKeyEvent(QTest.KeyAction.Click, QApplication.focusWidget(), key, text, modifier)


def _type(text: str) -> None:
    for character in text:
        _press(Qt.Key(ord(character.upper())), text=character)


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


def test_the_key_that_sends_waits_for_what_was_typed_before_it(
    window: MainWindow, session: UiSession, qtbot: QtBot
) -> None:
    first = window.workspace.request_id
    sent: list[str | None] = []
    for action in (window.actions_by_name["address"], window.actions_by_name["layout"]):
        action.triggered.connect(lambda: sent.append(window.workspace.request_id))
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_request"].trigger()
    _press(Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert sent == []
    gate.opened.set()
    qtbot.waitUntil(lambda: sent != [])
    assert sent == [window.workspace.request_id]
    assert sent != [first]


def test_a_key_that_the_field_wants_goes_to_the_new_field(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    _type("old")
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_request"].trigger()
    _type("new")
    _press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert edit.selectedText() == ""
    gate.opened.set()
    qtbot.waitUntil(lambda: edit.selectedText() == "new")


def test_one_new_request_behind_another_gets_what_was_typed_behind_it(
    window: MainWindow, session: UiSession, qtbot: QtBot
) -> None:
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_request"].trigger()
    _type("second")
    _press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    _type("third")
    gate.opened.set()
    qtbot.waitUntil(lambda: len(window.sidebar.view_model.model.tree) == 3)
    edit = window.bench.request_pane.url_bar.address.url_edit
    qtbot.waitUntil(lambda: edit.text() == "third")
    window.bench.request_pane.flush()
    rows = session.services.documents.tree
    wanted = ["", "second", "third"]
    qtbot.waitUntil(lambda: sorted(row.url for row in rows(window.workspace.workspace_id)) == wanted)


def test_what_an_input_method_writes_is_held_too(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_request"].trigger()
    written = QInputMethodEvent()
    written.setCommitString("é")
    QCoreApplication.sendEvent(edit, written)
    assert edit.text() == ""
    gate.opened.set()
    qtbot.waitUntil(lambda: edit.text() == "é")


def test_keys_typed_before_the_new_folder_is_there_are_its_name(
    window: MainWindow, session: UiSession, qtbot: QtBot
) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    _type("old")
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_folder"].trigger()
    _type("named")
    _press(Qt.Key.Key_Return)
    assert edit.text() == "old"
    gate.opened.set()
    rows = session.services.documents.tree
    qtbot.waitUntil(lambda: "named" in [row.name for row in rows(window.workspace.workspace_id)])
    assert edit.text() == "old"


def test_after_a_failure_keys_go_where_they_went_before(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    # The folder in which it shall be is gone before it is made.
    gone, made = session.services.documents.create_folder(window.workspace.workspace_id, None)
    session.services.documents.delete([gone])
    window.sidebar.view_model.new_request(gone)
    _type("lost")
    gate.opened.set()
    made.result(20)
    with qtbot.waitSignal(window.sidebar.view_model.row_failed):
        pass
    assert edit.text() == ""
    _type("kept")
    assert edit.text() == "kept"


def test_an_error_of_something_else_drops_nothing(window: MainWindow, session: UiSession, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    window.actions_by_name["new_request"].trigger()
    _type("kept")
    session.bridge.failed.emit(KnownError("store.disk_full"))
    gate.opened.set()
    qtbot.waitUntil(lambda: edit.text() == "kept")


def test_nothing_is_held_for_ever(window: MainWindow, qtbot: QtBot) -> None:
    edit = window.bench.request_pane.url_bar.address.url_edit
    window.held_keys._patience.setInterval(1)
    window.held_keys.hold()
    qtbot.waitUntil(lambda: not window.held_keys._patience.isActive())
    _type("kept")
    assert edit.text() == "kept"
