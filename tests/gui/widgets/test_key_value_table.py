"""Tests of the key/value table by keyboard, and of what comes from outside.

Covers insomnia_desktop.ui.widgets.key_value_table, insomnia_desktop.ui.widgets.key_value_view,
insomnia_desktop.ui.widgets.key_value_keys and insomnia_desktop.ui.widgets.key_value_editor.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.key_value_model import Column
from insomnia_desktop.ui.models.key_value_rows import (
    KeyValueRow,
)
from insomnia_desktop.ui.widgets.completion_popup import CompletionPopup
from tests.gui.widgets.key_value_stage import A, B, C, Stage


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, (A, B))


def test_typing_edits_with_each_key_and_tab_walks_on(stage: Stage) -> None:
    stage.go(0, Column.NAME)
    stage.type("xy")
    assert [rows[0].name for rows in stage.edits] == ["x", "xy"]
    stage.key(Qt.Key.Key_Tab)
    assert stage.here() == (0, Column.VALUE)
    assert stage.editor().selectedText() == "1"
    stage.key(Qt.Key.Key_Backtab)
    assert stage.here() == (0, Column.NAME)
    assert stage.editor().text() == "xy"


def test_enter_goes_down_the_column_into_the_ghost_and_makes_rows(stage: Stage) -> None:
    stage.go(1, Column.VALUE)
    stage.key(Qt.Key.Key_Return)
    stage.type("new")
    stage.key(Qt.Key.Key_Return)
    assert stage.here() == (2, Column.VALUE)
    stage.type("third")
    assert [row.value for row in stage.table.rows()] == ["1", "new", "third"]
    assert len(stage.table.rows()[2].id) == 12
    assert stage.editor().text() == "third"
    stage.key(Qt.Key.Key_Enter)
    assert stage.here() == (3, Column.VALUE)
    assert stage.editor().text() == ""


def test_tab_walks_all_cells_and_leaves_at_both_ends(stage: Stage) -> None:
    stage.key(Qt.Key.Key_Tab)
    walked = []
    while stage.focused() is stage.table.view:
        walked.append(stage.here())
        stage.key(Qt.Key.Key_Tab)
    assert walked == [(row, column) for row in range(3) for column in (1, 2, 3)]
    assert stage.focused() is stage.after
    stage.key(Qt.Key.Key_Backtab)
    assert stage.here() == (2, Column.DESCRIPTION)
    stage.go(0, Column.NAME)
    stage.key(Qt.Key.Key_Backtab)
    assert stage.focused() is stage.before


def test_tab_leaves_from_an_open_editor_too(stage: Stage) -> None:
    stage.go(2, Column.DESCRIPTION)
    stage.key(Qt.Key.Key_F2)
    stage.type("note")
    stage.key(Qt.Key.Key_Tab)
    stage.key(Qt.Key.Key_Tab)
    stage.key(Qt.Key.Key_Tab)
    stage.key(Qt.Key.Key_Tab)
    assert stage.focused() is stage.after
    assert stage.table.rows()[2].description == "note"


def test_space_switches_delete_deletes_and_alt_arrows_move(stage: Stage) -> None:
    stage.go(0, Column.VALUE)
    stage.key(Qt.Key.Key_Space)
    assert stage.table.rows()[0].enabled is False
    stage.key(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert (stage.names(), stage.here()) == (["beta", "alpha"], (1, Column.VALUE))
    stage.key(Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert (stage.names(), stage.here()) == (["alpha", "beta"], (0, Column.VALUE))
    stage.key(Qt.Key.Key_Delete)
    assert (stage.names(), stage.here()) == (["beta"], (0, Column.VALUE))
    stage.key(Qt.Key.Key_Down)
    stage.key(Qt.Key.Key_Delete)
    assert stage.names() == ["beta"]


def test_shortcuts_of_the_window_are_left_to_it(stage: Stage) -> None:
    stage.go(0, Column.VALUE)
    for key in (Qt.Key.Key_D, Qt.Key.Key_Return, Qt.Key.Key_Z, Qt.Key.Key_E):
        press = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.ControlModifier, chr(key.value & 0x1F))
        QApplication.sendEvent(stage.table.view, press)
        assert not press.isAccepted()
    assert stage.table.view.delegate().editor() is None


def test_escape_takes_back_what_was_typed_in_the_cell(stage: Stage) -> None:
    stage.go(0, Column.VALUE)
    stage.type("zzz")
    stage.key(Qt.Key.Key_Escape)
    assert stage.table.rows() == (A, B)
    assert stage.focused() is stage.table.view


def test_an_emptied_row_stays_until_the_keyboard_leaves_it(stage: Stage, qtbot: QtBot) -> None:
    stage.go(1, Column.NAME)
    stage.key(Qt.Key.Key_F2)
    stage.key(Qt.Key.Key_Backspace)
    stage.key(Qt.Key.Key_Tab)
    stage.key(Qt.Key.Key_Backspace)
    assert stage.table.rows()[1] == KeyValueRow("b")
    stage.after.setFocus()
    qtbot.waitUntil(lambda: stage.table.rows() == (A,))
    assert stage.edits[-1] == (A,)


def test_an_emptied_row_goes_when_another_row_is_gone_to(stage: Stage, qtbot: QtBot) -> None:
    stage.table.set_rows((A, KeyValueRow("b", name="x"), C, KeyValueRow("d")), fresh=True)
    stage.go(1, Column.NAME)
    stage.key(Qt.Key.Key_F2)
    stage.key(Qt.Key.Key_Backspace)
    stage.key(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(stage.table.rows()) == 3)
    assert [row.id for row in stage.table.rows()] == ["a", "c", "d"]
    assert stage.here() == (1, Column.NAME)
    assert stage.editor().text() == "gamma"


def test_a_change_from_outside_keeps_the_open_editor_with_text_and_caret(stage: Stage) -> None:
    stage.go(0, Column.VALUE)
    stage.type("mine")
    editor = stage.editor()
    editor.setCursorPosition(2)
    stage.table.set_rows((C, replace(A, name="renamed", value="theirs"), B))
    assert stage.editor() is editor
    assert (editor.text(), editor.cursorPosition(), editor.hasFocus()) == ("mine", 2, True)
    assert stage.names() == ["gamma", "renamed", "beta"]
    stage.type("X")
    assert stage.table.rows()[1].value == "miXne"


def test_a_row_deleted_elsewhere_closes_its_editor_and_other_rows_close_it_too(stage: Stage) -> None:
    stage.go(0, Column.VALUE)
    stage.type("mine")
    stage.table.set_rows((B,))
    assert stage.table.view.delegate().editor() is None
    stage.go(0, Column.VALUE)
    stage.type("mine")
    stage.table.set_rows((C,), fresh=True)
    assert stage.table.view.delegate().editor() is None
    assert stage.table.rows() == (C,)


def test_several_pasted_lines_become_rows(stage: Stage) -> None:
    QGuiApplication.clipboard().setText("Accept: */*\nX-Id=5\n// off: 1\n")
    stage.go(0, Column.NAME)
    stage.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.names() == ["alpha", "Accept", "X-Id", "off", "beta"]
    assert [row.value for row in stage.table.rows()][1:4] == ["*/*", "5", "1"]
    assert stage.table.rows()[3].enabled is False


def test_lines_pasted_into_an_editor_of_the_ghost_become_rows(stage: Stage) -> None:
    QGuiApplication.clipboard().setText("a\t1\tnote\nb\t2")
    stage.go(2, Column.VALUE)
    stage.key(Qt.Key.Key_F2)
    stage.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.names() == ["alpha", "beta", "a", "b"]
    assert stage.table.rows()[2].description == "note"


def test_a_value_keeps_its_pasted_lines_and_a_single_line_loses_its_end(stage: Stage) -> None:
    stage.go(0, Column.VALUE)
    stage.key(Qt.Key.Key_F2)
    QGuiApplication.clipboard().setText("one\ntwo")
    stage.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.table.rows()[0].value == "one\ntwo"
    stage.editor().selectAll()
    QGuiApplication.clipboard().setText("three\n")
    stage.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.table.rows()[0].value == "three"
    stage.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert stage.table.rows()[0].value == "one\ntwo"


def test_a_row_is_copied_as_a_line_and_pasted_into_a_cell(stage: Stage) -> None:
    stage.go(0, Column.NAME)
    stage.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "alpha: 1 // first"
    stage.go(1, Column.VALUE)
    stage.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert stage.table.rows()[1].value == "alpha: 1 // first"


def test_a_value_longer_than_qt_allows_by_itself_is_kept_whole(stage: Stage) -> None:
    stage.go(0, Column.VALUE)
    stage.key(Qt.Key.Key_F2)
    stage.editor().selectAll()
    QGuiApplication.clipboard().setText("x" * 100_000)
    stage.key(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(stage.table.rows()[0].value) == 100_000


def test_names_and_values_are_offered_and_taken(stage: Stage) -> None:
    stage.table.set_name_completions(["Accept", "Content-Type"])
    stage.table.set_value_completions(lambda name: ["application/json", "text/plain"] if name == "Content-Type" else [])
    stage.go(2, Column.NAME)
    stage.type("ty")
    popup = stage.editor().findChild(CompletionPopup) or stage.window.findChild(CompletionPopup)
    assert isinstance(popup, CompletionPopup)
    assert popup.texts() == ["Content-Type"]
    stage.key(Qt.Key.Key_Down)
    stage.key(Qt.Key.Key_Return)
    assert stage.table.rows()[2].name == "Content-Type"
    assert popup.texts() == []
    stage.key(Qt.Key.Key_Tab)
    stage.type("json")
    offered = [child.texts() for child in stage.window.findChildren(CompletionPopup) if child.texts()]
    assert offered == [["application/json"]]
    stage.key(Qt.Key.Key_Return)
    assert stage.table.rows()[2].value == "json"


def test_read_only_no_key_changes_anything(stage: Stage) -> None:
    stage.go(0, Column.NAME)
    stage.type("x")
    stage.table.set_read_only(True)
    before = stage.table.rows()
    stage.edits.clear()
    view = stage.table.view
    view.setCurrentIndex(stage.table.model.index(0, Column.NAME))
    QGuiApplication.clipboard().setText("a: 1\nb: 2")
    for key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_X):
        QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "x"))
        assert view.delegate().editor() is None
    view.paste()
    view.toggle_row(0)
    view.delete_row(0)
    view.move_row(0, 1)
    view.open_kind_menu(0)
    assert (stage.table.rows(), stage.edits) == (before, [])
