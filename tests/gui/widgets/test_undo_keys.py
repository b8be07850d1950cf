"""Ctrl+Z in a line takes back its typing first, and reaches the window's own undo when there is none."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.template_line_edit import TemplateLineEdit

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(params=[LineField, TemplateLineEdit])
def window(request: pytest.FixtureRequest, qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    line: QLineEdit = request.param()
    line.setText("stored")
    window.setCentralWidget(line)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    line.setFocus()
    return window


def line_and_deeds(window: QMainWindow) -> tuple[QLineEdit, list[str]]:
    deeds: list[str] = []
    for name, keys in (("undo", "Ctrl+Z"), ("redo", "Ctrl+Shift+Z")):
        action = QAction(name, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False, name=name: deeds.append(name))
        window.addAction(action)
    line = window.centralWidget()
    assert isinstance(line, QLineEdit)
    return line, deeds


def test_without_typing_the_window_gets_both_keys(window: QMainWindow, qtbot: QtBot) -> None:
    line, deeds = line_and_deeds(window)
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL | SHIFT)
    assert deeds == ["undo", "redo"]
    assert line.text() == "stored"


def test_typing_is_taken_back_here_first(window: QMainWindow, qtbot: QtBot) -> None:
    line, deeds = line_and_deeds(window)
    line.setCursorPosition(6)
    qtbot.keyClicks(line, "!")
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)
    assert (line.text(), deeds) == ("stored", [])
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL | SHIFT)
    assert (line.text(), deeds) == ("stored!", [])
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)
    assert deeds == ["undo"]
