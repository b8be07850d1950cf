"""Finding and replacing in the editor: insomnia_desktop.ui.widgets.editor_find and .editor_hits.

Covers insomnia_desktop.ui.widgets.editor_find and insomnia_desktop.ui.widgets.editor_hits.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.editor_find import EditorFind, ReplaceBar
from insomnia_desktop.ui.widgets.editor_hits import Search, find_hits, hit_from, replacement
from insomnia_desktop.ui.widgets.find_bar import FindBar

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def editor(qtbot: QtBot) -> CodeEditor:
    """Return a shown editor with a few words."""
    switch().choose("dark")
    made = CodeEditor()
    qtbot.addWidget(made)
    made.resize(512, 400)
    made.load_text("one two\nONE two\none 😀 two")
    made.show()
    return made


def child(editor: CodeEditor, kind: type[QWidget]) -> QWidget:
    """Return the part of the editor of a kind."""
    found = editor.findChild(kind)
    assert isinstance(found, kind)
    return found


def field(editor: CodeEditor, name: str = "findEdit") -> QLineEdit:
    """Return the field of a bar."""
    found = editor.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def finder(editor: CodeEditor) -> EditorFind:
    """Return the find part of the editor."""
    found = child(editor, EditorFind)
    assert isinstance(found, EditorFind)
    return found


def test_ctrl_f_opens_the_bar_over_the_text_with_what_is_selected(editor: CodeEditor, qtbot: QtBot) -> None:
    cursor = editor.textCursor()
    cursor.movePosition(cursor.MoveOperation.EndOfWord, cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    top = editor.viewport().geometry().top()
    qtbot.keyClick(editor, Qt.Key.Key_F, CTRL)
    assert field(editor).text() == "one"
    assert editor.viewport().geometry().top() == top + 42
    assert not child(editor, ReplaceBar).isVisible()


def test_hits_are_counted_and_stepped_through_round_the_end(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.open_find()
    qtbot.keyClicks(field(editor), "one")
    find = finder(editor)
    assert find.current_hit() == (0, 3)
    qtbot.keyClick(field(editor), Qt.Key.Key_Return)
    assert find.current_hit() == (8, 11)
    qtbot.keyClick(field(editor), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(field(editor), Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert find.current_hit() == (16, 19)
    qtbot.keyClick(editor, Qt.Key.Key_F3)
    assert find.current_hit() == (0, 3)


def test_the_current_hit_has_its_own_ground(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.open_find()
    qtbot.keyClicks(field(editor), "one")
    marked = finder(editor).marked_between(0, 100)
    assert [mark.token for mark in marked] == ["match_now", "match", "match"]
    place = editor.cursorRect()
    assert editor.viewport().grab().toImage().pixelColor(place.left() + 4, place.top() + 2).name() == theme().hex(
        "match_now"
    )


def test_letter_case_and_expressions(editor: CodeEditor) -> None:
    text = "one ONE o.e\n一o"
    assert len(find_hits(text, Search("one"))) == 2
    assert find_hits(text, Search("one", case=True)) == [(0, 3)]
    assert find_hits(text, Search("o.e")) == [(8, 11)]
    assert len(find_hits(text, Search("o.e", regex=True))) == 3
    assert find_hits(text, Search("^.o$", regex=True)) == [(12, 14)]
    assert find_hits(text, Search("x*", regex=True)) == []
    assert find_hits(text, Search("(", regex=True)) == []
    assert find_hits("😀a", Search("a")) == [(2, 3)]


def test_an_expression_that_would_never_end_gives_up() -> None:
    assert find_hits("a" * 200 + "!", Search("(a+)+$", regex=True)) == []


def test_the_hit_to_begin_with_is_the_next_one() -> None:
    assert hit_from([(1, 2), (5, 6)], 0) == 0
    assert hit_from([(1, 2), (5, 6)], 2) == 1
    assert hit_from([(1, 2), (5, 6)], 7) == 0


def test_an_expression_that_cannot_be_read_is_said(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.open_find()
    bar = child(editor, FindBar)
    assert isinstance(bar, FindBar)
    bar.search_changed.emit("(", False, True)
    names = [widget.accessibleName() for widget in bar.findChildren(QWidget)]
    assert any("parenthes" in name for name in names)


def test_escape_closes_selects_the_hit_and_gives_the_focus_back(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.open_find()
    qtbot.keyClicks(field(editor), "two")
    qtbot.keyClick(field(editor), Qt.Key.Key_Escape)
    assert editor.textCursor().selectedText() == "two"
    assert editor.focusWidget() is editor
    assert finder(editor).height_needed() == 0
    assert editor.viewport().geometry().top() == 0


def test_one_hit_is_replaced_and_the_next_one_shown(editor: CodeEditor, qtbot: QtBot) -> None:
    qtbot.keyClick(editor, Qt.Key.Key_H, CTRL)
    qtbot.keyClicks(field(editor), "one")
    qtbot.keyClicks(field(editor, "replaceEdit"), "1")
    qtbot.keyClick(field(editor, "replaceEdit"), Qt.Key.Key_Return)
    assert editor.text() == "1 two\nONE two\none 😀 two"
    assert finder(editor).current_hit() == (6, 9)


def test_all_hits_are_replaced_as_one_undo_step(editor: CodeEditor, qtbot: QtBot) -> None:
    told: list[str] = []
    editor.edited.connect(told.append)
    editor.open_find(replace=True)
    qtbot.keyClicks(field(editor), "two")
    qtbot.keyClicks(field(editor, "replaceEdit"), "zwei")
    finder(editor).replace_all()
    assert told == ["one zwei\nONE zwei\none 😀 zwei"]
    editor.undo()
    assert editor.text() == "one two\nONE two\none 😀 two"


def test_a_replacement_may_name_groups() -> None:
    search = Search(r"(\w+)@(\w+)", regex=True)
    text = "a@b c@d"
    assert replacement(text, (4, 7), search, r"$2.$1\n$$1 $&") == "d.c\n$1 c@d"
    assert replacement("a", (0, 1), Search("a"), "$1") == "$1"


def test_a_read_only_text_is_searched_but_not_replaced(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.setReadOnly(True)
    editor.open_find(replace=True)
    assert not child(editor, ReplaceBar).isVisible()
    qtbot.keyClicks(field(editor), "one")
    finder(editor).replace_all()
    assert editor.text().startswith("one")


def test_hits_follow_the_text_while_the_bar_is_open(editor: CodeEditor, qtbot: QtBot) -> None:
    editor.open_find()
    qtbot.keyClicks(field(editor), "two")
    cursor = editor.textCursor()
    cursor.setPosition(0)
    editor.setTextCursor(cursor)
    qtbot.keyClicks(editor, "xx")
    assert [(mark.start, mark.end) for mark in finder(editor).marked_between(0, 99)] == [(6, 9), (14, 17), (25, 28)]
    finder(editor).search_again()
    assert [(mark.start, mark.end) for mark in finder(editor).marked_between(0, 99)] == [(6, 9), (14, 17), (25, 28)]
