"""Typing in the editor: insomnia_desktop.ui.widgets.editor_typing and insomnia_desktop.ui.widgets.editor_lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.code_editor import CodeEditor

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
Typed = Callable[..., str]


@pytest.fixture
def typed(qtbot: QtBot) -> Typed:
    """Return a function that types into an editor and returns its text with the caret as `|`.

    The text has the caret as `|`; with `«` and `»` the piece between them is selected. Keys are texts that are
    typed, or a key with its modifiers.
    """
    switch().choose("dark")

    def run(text: str, *keys: str | Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier], language: str = "json") -> str:
        editor = CodeEditor()
        qtbot.addWidget(editor)
        editor.set_language(language)
        editor.load_text(text.translate({ord(mark): None for mark in "|«»"}))
        cursor = editor.textCursor()
        if "«" in text:
            cursor.setPosition(text.index("«"))
            cursor.setPosition(text.index("»") - 1, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(text.index("|"))
        editor.setTextCursor(cursor)
        for key in keys:
            if isinstance(key, str):
                qtbot.keyClicks(editor, key)
            elif isinstance(key, tuple):
                qtbot.keyClick(editor, *key)
            else:
                qtbot.keyClick(editor, key)
        position = editor.textCursor().position()
        result = editor.text()
        return result[:position] + "|" + result[position:]

    return run


ENTER, BACK, TAB, HOME = Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Tab, Qt.Key.Key_Home


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("|", "{", "{|}"),
        ("|", "[1]", "[1]|"),
        ('{"a": |}', "[", '{"a": [|]}'),
        ("|abc", "{", "{|abc"),
        ("|", '"', '"|"'),
        ("|", '"a"', '"a"|'),
        ('"a|"', "{", '"a{|"'),
        ('"it|"', "'", '"it\'|"'),
        ("abc|", '"', 'abc"|'),
        ('"\\|"', '"', '"\\"|"'),
        ("|}", "}", "}|}"),
        ("«ab»", "{", "{ab|}"),
        ("«ab»", '"', '"ab|"'),
    ],
)
def test_brackets_and_quotes_close_and_are_typed_over(typed: Typed, before: str, keys: str, after: str) -> None:
    assert typed(before, keys) == after


def test_only_what_was_closed_by_itself_is_typed_over(typed: Typed) -> None:
    assert typed("[|]", "]") == "[]|]"
    assert typed("|", "[", "]") == "[]|"


def test_plain_text_has_no_quotes_to_close(typed: Typed) -> None:
    assert typed("|", "it's \"so", language="text") == "it's \"so|"


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("|", "{{", "{{ | }}"),
        ("|", "{{a}}", "{{ a }}|"),
        ("|", "{{a }}", "{{ a }}|"),
        ('"|"', "{{a}}", '"{{ a }}|"'),
        ('"|"', "{{", '"{{ | }}"'),
    ],
)
def test_two_braces_make_a_variable(typed: Typed, before: str, keys: str, after: str) -> None:
    assert typed(before, keys) == after


def test_a_third_brace_is_only_a_brace(typed: Typed) -> None:
    assert typed("{{|", "{", language="text").startswith("{{{")


def test_backspace_takes_the_closed_one_with_it(typed: Typed) -> None:
    assert typed("|", "{", BACK) == "|"
    assert typed("|", '"', BACK) == "|"
    assert typed("{|}", BACK) == "|}"
    assert typed("|", "{{", BACK) == "{{|}}"


def test_backspace_in_the_indentation_goes_one_step(typed: Typed) -> None:
    assert typed("    |a", BACK) == "  |a"
    assert typed("   |a", BACK) == "  |a"
    assert typed("a  |", BACK) == "a |"


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("json", "{|}", "{\n  |\n}"),
        ("json", '  "a": [|', '  "a": [\n    |'),
        ("json", '  "a": 1,|', '  "a": 1,\n  |'),
        ("json", "{ | }", "{ \n  |\n}"),
        ("yaml", "a:|", "a:\n  |"),
        ("yaml", "  b: 1|", "  b: 1\n  |"),
        ("xml", "<a>|</a>", "<a>\n  |\n</a>"),
        ("xml", "<a/>|", "<a/>\n|"),
        ("text", "  a {|", "  a {\n  |"),
        ("graphql", "query {|}", "query {\n  |\n}"),
    ],
)
def test_a_new_line_is_indented(typed: Typed, language: str, before: str, after: str) -> None:
    assert typed(before, ENTER, language=language) == after


def test_a_closing_bracket_goes_to_where_its_line_began(typed: Typed) -> None:
    assert typed('{\n  "a": [\n    1\n    |', "]") == '{\n  "a": [\n    1\n  ]|'


def test_a_new_line_is_one_undo_step(typed: Typed) -> None:
    assert typed("{|}", ENTER, (Qt.Key.Key_Z, CTRL)) == "{|}"


def test_tab_inserts_to_the_next_stop(typed: Typed) -> None:
    assert typed("|", TAB) == "  |"
    assert typed("a|", TAB) == "a |"


def test_the_width_of_a_step_can_be_set(qtbot: QtBot) -> None:
    editor = CodeEditor()
    qtbot.addWidget(editor)
    editor.set_indent(4)
    editor.set_language("json")
    qtbot.keyClicks(editor, "[")
    qtbot.keyClick(editor, ENTER)
    assert editor.text() == "[\n    \n]"


def test_alt_gr_of_windows_writes_and_closes(qtbot: QtBot) -> None:
    editor = CodeEditor()
    qtbot.addWidget(editor)
    editor.set_language("json")
    for key, text in ((Qt.Key.Key_7, "{"), (Qt.Key.Key_Q, "@")):
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            QApplication.sendEvent(editor, QKeyEvent(kind, key, CTRL | ALT, text))
    assert editor.text()[:1] == "{"
    assert editor.text()[-1:] == "}"


def test_tab_and_shift_tab_move_selected_lines(typed: Typed) -> None:
    assert typed("«a\n\nb»", TAB) == "  a\n\n  b|"
    assert typed("«  a\n   b\nc»", (Qt.Key.Key_Backtab, SHIFT)) == "a\n b\nc|"
    assert typed("«a\n»b", (Qt.Key.Key_BracketRight, CTRL)).replace("|", "") == "  a\nb"
    assert typed("  a|", (Qt.Key.Key_BracketLeft, CTRL)) == "a|"
    assert typed("\ta|", (Qt.Key.Key_Backtab, SHIFT)) == "a|"


def test_escape_then_tab_leaves_the_editor(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    editor, after = CodeEditor(), QLineEdit()
    layout = QVBoxLayout(window)
    layout.addWidget(editor)
    layout.addWidget(after)
    window.show()
    window.activateWindow()
    editor.setFocus()
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.keyClick(editor, TAB)
    assert editor.text() == ""
    assert window.focusWidget() is after


def test_home_goes_to_the_text_then_to_the_line(typed: Typed) -> None:
    assert typed("  ab|", HOME) == "  |ab"
    assert typed("  ab|", HOME, HOME) == "|  ab"
    assert typed("|  ab", HOME) == "  |ab"
    assert typed("  ab|", (HOME, SHIFT), "x") == "  x|"


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("yaml", "«a:\n  b»", "# a:\n#   b"),
        ("yaml", "«  # a\n  # b»", "  a\n  b"),
        ("xml", "<a/>|", "<!-- <a/> -->"),
        ("xml", "<!-- <a/> -->|", "<a/>"),
        ("javascript", "a()|", "// a()"),
        ("json", "1|", "1"),
    ],
)
def test_ctrl_slash_toggles_comments_where_there_are_any(typed: Typed, language: str, before: str, after: str) -> None:
    assert typed(before, (Qt.Key.Key_Slash, CTRL), language=language).replace("|", "") == after


def test_alt_with_arrows_moves_lines(typed: Typed) -> None:
    assert typed("a\nb|\nc", (Qt.Key.Key_Up, ALT)) == "b|\na\nc"
    assert typed("a|\nb\nc", (Qt.Key.Key_Down, ALT)) == "b\na|\nc"
    assert typed("a|\nb", (Qt.Key.Key_Up, ALT)) == "a|\nb"


def test_brackets_close_behind_wide_characters(qtbot: QtBot) -> None:
    editor = CodeEditor()
    qtbot.addWidget(editor)
    editor.set_language("json")
    editor.load_text('["😀", ]')
    cursor = editor.textCursor()
    cursor.setPosition(len('["😀", '.encode("utf-16-le")) // 2)
    editor.setTextCursor(cursor)
    qtbot.keyClicks(editor, '"a"')
    assert editor.text() == '["😀", "a"]'
