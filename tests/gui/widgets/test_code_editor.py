"""The editor as a whole: its text, undo, painting, sizes.

Covers insomnia_desktop.ui.widgets.code_editor, insomnia_desktop.ui.widgets.editor_view,
insomnia_desktop.ui.widgets.editor_grounds, insomnia_desktop.ui.widgets.editor_keys,
insomnia_desktop.ui.widgets.line_layout, insomnia_desktop.ui.widgets.editor_brackets,
insomnia_desktop.ui.widgets.editor_difference and insomnia_desktop.ui.widgets.editor_offsets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.editor_difference import difference
from insomnia_desktop.ui.widgets.editor_offsets import has_wide_characters, length_in_units, to_index, to_units
from insomnia_desktop.ui.widgets.highlighting import LIMIT

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
MakeEditor = Callable[..., CodeEditor]


@pytest.fixture
def make_editor(qtbot: QtBot) -> MakeEditor:
    """Return a function that makes a shown editor with a text and the caret at a place marked by `|`."""
    switch().choose("dark")

    def make(text: str = "", language: str = "json") -> CodeEditor:
        editor = CodeEditor()
        qtbot.addWidget(editor)
        editor.resize(512, 672)
        editor.set_language(language)
        editor.load_text(text.replace("|", ""))
        if "|" in text:
            place(editor, text.index("|"))
        editor.show()
        editor.setFocus()
        return editor

    return make


def place(editor: CodeEditor, position: int, anchor: int | None = None) -> None:
    """Put the caret to a position, with a selection from `anchor` if given."""
    cursor = editor.textCursor()
    cursor.setPosition(position if anchor is None else anchor)
    cursor.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)


def color_at(widget: QWidget, x: int, y: int) -> str:
    """Return the colour of one pixel of a widget."""
    return widget.grab().toImage().pixelColor(x, y).name()


def override_accepted(editor: CodeEditor, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> bool:
    """Return whether the editor keeps a key from the shortcuts of the window."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    event.setAccepted(False)
    QApplication.sendEvent(editor, event)
    return event.isAccepted()


def test_text_that_nobody_edited_comes_back_exactly(make_editor: MakeEditor) -> None:
    editor = make_editor()
    for text in ("a\r\nb\nc\rd", "no\u00a0break", "line\u2028and\u2029paragraph", "😀", ""):
        editor.load_text(text)
        assert editor.text() == text


def test_an_edit_keeps_line_ends_and_no_break_spaces(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor("a\u00a0b\r\nc")
    qtbot.keyClicks(editor, "x")
    assert editor.text() == "xa\u00a0b\r\nc"


def test_copied_text_keeps_no_break_spaces(make_editor: MakeEditor) -> None:
    editor = make_editor("a\u00a0b\nc")
    editor.selectAll()
    editor.copy()
    assert QApplication.clipboard().text() == "a\u00a0b\nc"


def test_only_edits_of_the_person_are_told(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor("a")
    told: list[str] = []
    editor.edited.connect(told.append)
    editor.set_text("ab")
    editor.load_text("abc")
    assert told == []
    qtbot.keyClicks(editor, "x")
    editor.replace_text("y")
    assert told == ["xabc", "y"]


def test_colours_are_no_edit(make_editor: MakeEditor) -> None:
    editor = make_editor("no\u00a0break {{ a }}\r\n")
    told: list[str] = []
    editor.edited.connect(told.append)
    editor.set_language("yaml")
    editor.set_variables(lambda name: VariableState(known=False))
    switch().choose("light")
    assert told == []
    assert editor.text() == "no\u00a0break {{ a }}\r\n"
    assert not editor.can_undo_here()


def test_after_colouring_the_next_key_changes_no_more_than_itself(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor('["abc",\n"def"\n]')
    changes: list[tuple[int, int, int]] = []
    editor.document().contentsChange.connect(lambda *change: changes.append(change))
    qtbot.keyClicks(editor, "ab")
    assert changes == [(0, 0, 1), (1, 0, 1)]


def test_the_same_text_does_nothing(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor("a")
    qtbot.keyClicks(editor, "x")
    editor.set_text("xa")
    assert editor.can_undo_here()
    assert editor.textCursor().position() == 1


@pytest.mark.parametrize(
    ("before", "after", "caret"),
    [
        ("ab|cd", "XXabcd", 4),
        ("ab|cd", "abcdXX", 2),
        ("abcd|", "aXXd", 4),
        ("ab|", "", 0),
        ("a😀|b", "X😀a😀b", 6),
    ],
)
def test_text_from_elsewhere_moves_the_caret_with_what_it_stands_at(
    make_editor: MakeEditor, before: str, after: str, caret: int
) -> None:
    editor = make_editor()
    text = before.replace("|", "")
    editor.load_text(text)
    place(editor, length_in_units(before[: before.index("|")]))
    editor.set_text(after)
    assert editor.text() == after
    assert editor.textCursor().position() == caret


def test_text_from_elsewhere_keeps_what_is_seen(make_editor: MakeEditor) -> None:
    lines = [f"line {number}" for number in range(200)]
    editor = make_editor("\n".join(lines), "text")
    place(editor, 1500, anchor=1490)
    editor.verticalScrollBar().setValue(100)
    seen = editor.firstVisibleBlock().text()
    editor.set_text("\n".join(["new 1", "new 2", *lines]))
    assert editor.firstVisibleBlock().text() == seen
    assert editor.textCursor().hasSelection()
    editor.set_text("\n".join(["new 1", "new 2", *lines[:-1], "last"]))
    assert editor.firstVisibleBlock().text() == seen


def test_text_from_elsewhere_leaves_nothing_to_undo(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor("a")
    qtbot.keyClicks(editor, "x")
    editor.set_text("other")
    assert not editor.can_undo_here()
    qtbot.keyClicks(editor, "y")
    assert editor.can_undo_here()


def test_a_replaced_text_is_one_undo_step(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor('{"a":1}')
    editor.replace_text('{\n  "a": 1\n}')
    qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL)
    assert editor.text() == '{"a":1}'
    assert editor.can_redo_here()


def test_undo_is_the_windows_when_nothing_is_left_here(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor("a")
    assert not override_accepted(editor, Qt.Key.Key_Z)
    qtbot.keyClicks(editor, "x")
    assert override_accepted(editor, Qt.Key.Key_Z)
    qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL)
    assert editor.text() == "a"
    assert not override_accepted(editor, Qt.Key.Key_Z)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Z, CTRL)
    editor.keyPressEvent(event)
    assert not event.isAccepted()


@pytest.mark.parametrize(
    ("key", "kept"),
    [
        (Qt.Key.Key_F, True),
        (Qt.Key.Key_H, True),
        (Qt.Key.Key_Space, True),
        (Qt.Key.Key_Slash, True),
        (Qt.Key.Key_A, True),
        (Qt.Key.Key_D, False),
        (Qt.Key.Key_K, False),
        (Qt.Key.Key_E, False),
        (Qt.Key.Key_L, False),
        (Qt.Key.Key_R, False),
        (Qt.Key.Key_Return, False),
    ],
)
def test_keys_of_the_window_are_left_to_it(make_editor: MakeEditor, key: Qt.Key, kept: bool) -> None:
    editor = make_editor("a")
    assert override_accepted(editor, key) == kept


def test_keys_of_the_window_change_nothing_here(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor("ab|cd\nef")
    for key in (Qt.Key.Key_K, Qt.Key.Key_D, Qt.Key.Key_E, Qt.Key.Key_Return, Qt.Key.Key_U):
        qtbot.keyClick(editor, key, CTRL)
    assert editor.text() == "abcd\nef"


def test_a_read_only_editor_shows_its_caret_and_takes_no_text(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor('{"a": 1}')
    editor.setReadOnly(True)
    qtbot.keyClicks(editor, 'x{"')
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Backspace, Qt.Key.Key_Tab):
        qtbot.keyClick(editor, key)
    qtbot.keyClick(editor, Qt.Key.Key_Right)
    assert editor.text() == '{"a": 1}'
    assert editor.textCursor().position() == 1


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Qt.FocusReason.TabFocusReason, [True]),
        (Qt.FocusReason.ActiveWindowFocusReason, [True]),
        (Qt.FocusReason.PopupFocusReason, []),
    ],
)
def test_leaving_is_told_but_not_for_a_menu(make_editor: MakeEditor, reason: Qt.FocusReason, told: list[bool]) -> None:
    editor = make_editor("a")
    left: list[bool] = []
    editor.focus_left.connect(lambda: left.append(True))
    QApplication.sendEvent(editor, QFocusEvent(QEvent.Type.FocusOut, reason))
    assert left == told


def test_lines_are_twenty_pixels_wrapped_ones_too(make_editor: MakeEditor) -> None:
    editor = make_editor("short\n" + "long " * 60 + "\nlast", "text")
    editor.set_wrap(True)
    layout = editor.document().documentLayout()
    blocks = [editor.document().findBlockByNumber(number) for number in range(3)]
    heights = [layout.blockBoundingRect(block).height() for block in blocks]
    wrapped = blocks[1].layout().lineCount()
    assert wrapped > 3
    assert heights[0] == 20
    assert heights[1] == 20 * wrapped
    tops = [blocks[1].layout().lineAt(number).y() for number in range(wrapped)]
    assert {after - before for before, after in pairwise(tops)} == {20}


def test_a_click_on_a_wrapped_line_goes_there(make_editor: MakeEditor, qtbot: QtBot) -> None:
    editor = make_editor("word " * 100, "text")
    editor.set_wrap(True)
    place(editor, 300)
    target = editor.cursorRect().center()
    place(editor, 0)
    qtbot.mouseClick(editor.viewport(), Qt.MouseButton.LeftButton, pos=target)
    assert abs(editor.textCursor().position() - 300) <= 1


def test_chips_lie_under_variables_and_unknown_ones_are_red(make_editor: MakeEditor) -> None:
    editor = make_editor('{\n"a": "{{ good }}",\n"b": "{{ bad }}"\n}')
    editor.set_variables(lambda name: VariableState(known=name == "good"))
    place(editor, 6)
    before_good = editor.cursorRect()
    place(editor, 0)
    colors = []
    for line in (1, 2):
        block = editor.document().findBlockByNumber(line)
        place(editor, block.position() + block.text().index("{{"))
        rect = editor.cursorRect()
        place(editor, 0)
        # Near the chip's upper edge glyphs of some fonts reach here and there, but most of it is the chip itself.
        points = [editor.viewport().mapTo(editor, QPoint(rect.left() + x, rect.top() + 1)) for x in range(4, 30)]
        colors.append(Counter(color_at(editor, point.x(), point.y()) for point in points).most_common(1)[0][0])
    assert before_good.isValid()
    assert colors == [theme().hex("chip"), theme().hex("chip_bad")]


def test_the_line_of_the_caret_is_marked_over_gutter_and_text(make_editor: MakeEditor) -> None:
    editor = make_editor("a\n|b\nc")
    y = editor.cursorRect().center().y()
    assert color_at(editor, 3, y) == theme().hex("line")
    assert color_at(editor, 400, y) == theme().hex("line")
    assert color_at(editor, 400, y - 20) == theme().hex("window")


def test_a_selection_has_no_gaps_between_lines(make_editor: MakeEditor) -> None:
    editor = make_editor("      a\n      b\n      c")
    place(editor, editor.document().characterCount() - 1, anchor=0)
    image = editor.viewport().grab().toImage()
    column = [image.pixelColor(30, y).name() for y in range(10, 60)]
    assert set(column) == {theme().hex("textsel")}


def test_the_theme_can_change_while_the_editor_is_open(make_editor: MakeEditor) -> None:
    editor = make_editor("a")
    switch().choose("light")
    assert color_at(editor, 400, 300) == theme().hex("window")


def test_the_bracket_at_the_caret_and_its_partner_are_marked(make_editor: MakeEditor) -> None:
    editor = make_editor('{\n  "a}": [1, {"b": "]"}]\n}')
    place(editor, 0)
    assert editor._view.matched_brackets() == [0, 26]
    place(editor, 10)
    assert editor._view.matched_brackets() == [10, 24]
    place(editor, 6)
    assert editor._view.matched_brackets() == []


def test_the_partner_is_found_anew_when_the_text_came_from_elsewhere(make_editor: MakeEditor) -> None:
    editor = make_editor("{1}")
    place(editor, 0)
    editor.set_text("{1, 2}")
    assert editor._view.matched_brackets() == [0, 5]


def test_above_a_megabyte_nothing_is_coloured_and_the_owner_hears_of_it(make_editor: MakeEditor) -> None:
    editor = make_editor("{}")
    told: list[bool] = []
    editor.highlighting_changed.connect(told.append)
    editor.load_text('"' + "x" * LIMIT + '"')
    assert not editor.highlighting_active()
    editor.set_text("{}")
    assert editor.highlighting_active()
    assert told == [False, True]


def test_the_name_for_screen_readers_is_the_callers(make_editor: MakeEditor) -> None:
    editor = make_editor("a")
    editor.setObjectName("bodyEditor")
    editor.setAccessibleName("Body")
    assert editor.accessibleName() == "Body"


_TEXTS = st.text(alphabet="ab\n😀", max_size=30)


@given(old=_TEXTS, new=_TEXTS)
def test_a_difference_makes_one_text_of_the_other_and_touches_no_more(old: str, new: str) -> None:
    change = difference(old, new)
    assert old[: change.start] + change.inserted + old[change.end :] == new
    if old == new:
        assert change.start == change.end
        assert change.inserted == ""
    elif change.inserted and change.end > change.start:
        assert change.inserted[0] != old[change.start]
        assert change.inserted[-1] != old[change.end - 1]


@given(text=st.text(alphabet="aé😀\u2028", max_size=20), data=st.data())
def test_offsets_go_to_utf16_and_back(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    units = to_units(text, index)
    assert units == len(text[:index].encode("utf-16-le")) // 2
    assert to_index(text, units) == index
    assert length_in_units(text) == len(text.encode("utf-16-le")) // 2
    assert has_wide_characters(text) == ("😀" in text)
