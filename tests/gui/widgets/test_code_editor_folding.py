"""Folding in the editor: insomnia_desktop.ui.widgets.editor_folding and insomnia_desktop.ui.widgets.code_gutter."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextBlock
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.code_gutter import CodeGutter

JSON = '{\n  "a": [\n    1,\n    {\n      "b": 2\n    }\n  ],\n  "c": {}\n}'
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    """Return a shown editor with nested JSON."""
    switch().choose("dark")
    made = CodeEditor()
    qtbot.addWidget(made)
    made.resize(512, 400)
    made.set_language("json")
    made.load_text(JSON)
    made.show()
    return made


def line(editor: CodeEditor, number: int) -> QTextBlock:
    """Return a line, counted from 0."""
    return editor.document().findBlockByNumber(number)


def shown(editor: CodeEditor) -> list[int]:
    """Return the numbers of the visible lines."""
    return [number for number in range(editor.blockCount()) if line(editor, number).isVisible()]


def caret_to(editor: CodeEditor, number: int, column: int = 0) -> None:
    """Put the caret into a line."""
    cursor = editor.textCursor()
    cursor.setPosition(line(editor, number).position() + column)
    editor.setTextCursor(cursor)


def click_arrow(editor: CodeEditor, qtbot: QtBot, row: int) -> None:
    """Click where the arrow of a row on the screen is."""
    gutter = editor.findChild(CodeGutter)
    assert gutter is not None
    qtbot.mouseClick(gutter, Qt.MouseButton.LeftButton, pos=QPoint(gutter.width() - 8, 8 + 20 * row + 8))


def test_the_arrow_folds_and_opens(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 1)
    assert shown(editor) == [0, 1, 6, 7, 8]
    click_arrow(editor, qtbot, 1)
    assert shown(editor) == list(range(9))


def test_a_line_without_a_fold_has_no_arrow_to_click(editor: CodeEditor, qtbot: QtBot) -> None:
    for row in (2, 7, 8):
        click_arrow(editor, qtbot, row)
    assert shown(editor) == list(range(9))


def test_the_keyboard_folds_the_innermost_range_and_opens_it(editor: CodeEditor, qtbot: QtBot) -> None:
    caret_to(editor, 4, 6)
    qtbot.keyClick(editor, Qt.Key.Key_BraceLeft, CTRL_SHIFT)
    assert shown(editor) == [0, 1, 2, 3, 5, 6, 7, 8]
    assert editor.textCursor().blockNumber() == 3
    qtbot.keyClick(editor, Qt.Key.Key_BracketLeft, CTRL_SHIFT)
    assert shown(editor) == [0, 1, 6, 7, 8]
    qtbot.keyClick(editor, Qt.Key.Key_BraceRight, CTRL_SHIFT)
    assert shown(editor) == [0, 1, 2, 3, 5, 6, 7, 8]


def test_folded_lines_take_no_room(editor: CodeEditor, qtbot: QtBot) -> None:
    caret_to(editor, 8)
    below = editor.cursorRect().top()
    click_arrow(editor, qtbot, 1)
    caret_to(editor, 8)
    assert editor.cursorRect().top() == below - 4 * 20


def test_a_caret_that_goes_into_a_fold_opens_it(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 0)
    assert shown(editor) == [0, 8]
    caret_to(editor, 4)
    assert shown(editor) == list(range(9))


def test_what_is_typed_behind_a_fold_leaves_it_folded(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 1)
    caret_to(editor, 7, 2)
    qtbot.keyClicks(editor, "1,")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert shown(editor) == [0, 1, 6, 7, 8, 9]


def test_a_fold_that_loses_its_beginning_shows_its_lines(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 1)
    caret_to(editor, 1, 8)
    qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    assert shown(editor) == list(range(9))


def test_the_same_language_again_leaves_folds(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 1)
    editor.set_language("json")
    assert shown(editor) == [0, 1, 6, 7, 8]


def test_text_from_elsewhere_never_stays_hidden(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 1)
    editor.set_text(JSON.replace('"b": 2', '"b": 2,\n      "new": 3'))
    assert shown(editor) == list(range(10))
    click_arrow(editor, qtbot, 1)
    editor.load_text(JSON)
    assert shown(editor) == list(range(9))


def test_the_mark_behind_a_folded_line_opens_it(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 1)
    caret_to(editor, 1, 8)
    mark = editor.cursorRect().center() + QPoint(14, 0)
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=mark)
    assert shown(editor) == list(range(9))


def test_folded_text_is_still_part_of_the_text(editor: CodeEditor, qtbot: QtBot) -> None:
    click_arrow(editor, qtbot, 0)
    assert editor.text() == JSON


def test_xml_and_yaml_fold_too(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.set_language("xml")
    editor.load_text("<a>\n <b>\n  x\n </b>\n</a>")
    click_arrow(editor, qtbot, 1)
    assert shown(editor) == [0, 1, 3, 4]
    editor.set_language("yaml")
    editor.load_text("a:\n  b: 1\n\n  c: 2\nd: 3")
    click_arrow(editor, qtbot, 0)
    assert shown(editor) == [0, 4]


def test_a_number_selects_its_line_and_shift_extends(editor: CodeEditor, qtbot: QtBot) -> None:
    gutter = editor.findChild(CodeGutter)
    assert gutter is not None
    qtbot.mouseClick(gutter, Qt.MouseButton.LeftButton, pos=QPoint(10, 8 + 20 * 2 + 8))
    assert editor.textCursor().selectedText() == "    1,\u2029"
    qtbot.mouseClick(
        gutter, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, pos=QPoint(10, 8 + 20 * 3 + 8)
    )
    assert editor.textCursor().selectedText() == "    1,\u2029    {\u2029"


def test_the_gutter_grows_with_the_numbers(editor: CodeEditor) -> None:
    gutter = editor.findChild(CodeGutter)
    assert gutter is not None
    assert gutter.width() == 48
    editor.load_text("\n" * 123_456)
    assert gutter.width() > 48
    assert editor.viewport().geometry().left() + 7 == gutter.geometry().right() + 1 + 4
