"""Variables in the editor: insomnia_desktop.ui.widgets.editor_variables."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.completion_popup import Completion
from insomnia_desktop.ui.widgets.editor_variables import EditorVariables
from insomnia_desktop.ui.widgets.hover_card import HoverCard

CTRL = Qt.KeyboardModifier.ControlModifier


def names() -> list[Completion]:
    """Return the names that are offered."""
    return [Completion("base_url", "https://x"), Completion("sku"), Completion("unit_base")]


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    """Return a shown editor that knows a few variables."""
    switch().choose("dark")
    made = CodeEditor()
    qtbot.addWidget(made)
    made.resize(512, 400)
    made.set_language("json")
    made.set_variables(lambda name: VariableState(known=True, value=f"value of {name}"), names)
    made.show()
    return made


def offered(editor: CodeEditor) -> list[str]:
    """Return the names in the list that is open."""
    variables = editor.findChild(EditorVariables)
    assert isinstance(variables, EditorVariables)
    return variables.offered()


def test_two_braces_offer_the_names_and_typing_narrows_them(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "{{")
    assert offered(editor) == ["base_url", "sku", "unit_base"]
    qtbot.keyClicks(editor, "ba")
    assert offered(editor) == ["base_url", "unit_base"]
    qtbot.keyClicks(editor, "x")
    assert offered(editor) == []


def test_enter_writes_the_name_with_its_braces(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, '"{{ba')
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text() == '"{{ base_url }}"'
    assert offered(editor) == []
    assert editor.textCursor().position() == 15


def test_a_name_is_written_over_the_one_that_was_there(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.load_text("😀{{ s }}!")
    cursor = editor.textCursor()
    cursor.setPosition(6)
    editor.setTextCursor(cursor)
    qtbot.keyClick(editor, Qt.Key.Key_Space, CTRL)
    assert offered(editor) == ["sku", "base_url", "unit_base"]
    qtbot.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.text() == "😀{{ sku }}!"


def test_ctrl_space_offers_all_names_anywhere(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClick(editor, Qt.Key.Key_Space, CTRL)
    qtbot.keyClick(editor, Qt.Key.Key_Down)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.text() == "{{ sku }}"


def test_escape_closes_the_list_and_writes_nothing(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "{{")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert offered(editor) == []
    assert editor.text() == "{{  }}"


def test_moving_the_caret_away_closes_the_list(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClicks(editor, "{{")
    qtbot.keyClick(editor, Qt.Key.Key_Left)
    assert offered(editor) == []


def test_a_read_only_editor_offers_nothing(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setReadOnly(True)
    qtbot.keyClick(editor, Qt.Key.Key_Space, CTRL)
    assert offered(editor) == []


def test_the_mouse_over_a_chip_shows_its_value(editor: CodeEditor) -> None:
    editor.load_text('{"a": "{{ sku }}"}')
    cursor = editor.textCursor()
    cursor.setPosition(11)
    editor.setTextCursor(cursor)
    over = editor.cursorRect().center()
    for point, is_shown in ((over, True), (QPoint(over.x(), over.y() + 60), False)):
        card = editor.window().findChild(HoverCard)
        if card is not None:
            card.hide()
        help_event = QHelpEvent(QEvent.Type.ToolTip, point, editor.viewport().mapToGlobal(point))
        QApplication.sendEvent(editor.viewport(), help_event)
        card = editor.window().findChild(HoverCard)
        assert (card is not None and card.isVisible()) == is_shown
        if is_shown:
            assert card is not None
            assert card.shown_text() == "value of sku"
