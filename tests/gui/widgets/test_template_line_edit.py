"""Tests of insomnia_desktop.ui.widgets.template_line_edit, insomnia_desktop.ui.widgets.completion_popup and
insomnia_desktop.ui.widgets.chip_hover."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QDropEvent,
    QGuiApplication,
    QHelpEvent,
    QImage,
    QInputMethodEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.completion_popup import Completion, CompletionPopup
from insomnia_desktop.ui.widgets.hover_card import HoverCard
from insomnia_desktop.ui.widgets.template_line_edit import TemplateLineEdit

_NAMES = [Completion("base_url", "https://a.example"), Completion("token"), Completion("user_url")]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    layout = QVBoxLayout(made)
    layout.addWidget(TemplateLineEdit(made))
    layout.addWidget(QLineEdit(made))
    layout.addStretch(1)
    made.resize(500, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def edit(window: QWidget) -> TemplateLineEdit:
    found = window.findChild(TemplateLineEdit)
    assert isinstance(found, TemplateLineEdit)
    found.setFixedHeight(32)
    found.set_resolver(lambda name: VariableState(known=name != "bad", value=f"value of {name}"))
    found.set_variable_names(lambda: _NAMES)
    found.setFocus()
    return found


def _popup(window: QWidget) -> CompletionPopup:
    found = [popup for popup in window.findChildren(CompletionPopup) if popup.isVisible()]
    assert len(found) == 1
    return found[0]


def _colors(edit: TemplateLineEdit) -> set[str]:
    image = edit.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("name", ["dark", "light"])
def test_known_and_unknown_variables_are_chips_of_different_colours(edit: TemplateLineEdit, name: str) -> None:
    switch().choose("dark" if name == "dark" else "light")
    edit.setText("plain")
    assert theme().hex("chip") not in _colors(edit)
    edit.setText("a {{ good }}")
    assert theme().hex("chip") in _colors(edit)
    assert theme().hex("chip_bad") not in _colors(edit)
    edit.setText("a {{ bad }}")
    assert theme().hex("chip_bad") in _colors(edit)


def test_a_chip_follows_the_scrolling_of_a_long_text(edit: TemplateLineEdit) -> None:
    edit.setText("x" * 500 + "{{ good }}")
    edit.end(False)
    assert theme().hex("chip") in _colors(edit)
    edit.home(False)
    assert theme().hex("chip") not in _colors(edit)


def test_colouring_is_no_edit_and_keeps_selection_and_undo(edit: TemplateLineEdit, qtbot: QtBot) -> None:
    told: list[str] = []
    edit.edited.connect(told.append)
    qtbot.keyClicks(edit, "a {{ x }} b")
    assert told[-1] == "a {{ x }} b"
    count = len(told)
    edit.setSelection(1, 4)
    edit.refresh()
    assert (edit.selectedText(), edit.isUndoAvailable(), len(told)) == (" {{ ", True, count)
    edit.undo()
    assert edit.text() != "a {{ x }} b"


def test_an_input_method_composes_without_being_disturbed(edit: TemplateLineEdit) -> None:
    edit.setText("{{ a }} ")
    QApplication.sendEvent(edit, QInputMethodEvent("ni", []))
    edit.refresh()
    assert edit.grab().isNull() is False
    commit = QInputMethodEvent()
    commit.setCommitString("你")
    QApplication.sendEvent(edit, commit)
    assert edit.text() == "{{ a }} 你"
    assert theme().hex("chip") in _colors(edit)


def test_braces_offer_names_and_enter_writes_the_chip(edit: TemplateLineEdit, window: QWidget, qtbot: QtBot) -> None:
    qtbot.keyClicks(edit, "x/{{url")
    popup = _popup(window)
    assert popup.texts() == ["base_url", "user_url"]
    assert popup.current() == "base_url"
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "x/{{ user_url }}"
    assert edit.cursorPosition() == len(edit.text())
    assert popup.texts() == []


def test_a_name_is_replaced_inside_of_closed_braces(edit: TemplateLineEdit, qtbot: QtBot) -> None:
    edit.setText("{{ to }}/x")
    edit.setCursorPosition(5)
    qtbot.keyClick(edit, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert edit.text() == "{{ token }}/x"
    assert edit.hasFocus()


def test_ctrl_space_outside_of_braces_inserts_a_new_chip(edit: TemplateLineEdit, window: QWidget, qtbot: QtBot) -> None:
    edit.setText("ab")
    edit.setCursorPosition(1)
    qtbot.keyClick(edit, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert _popup(window).texts() == ["base_url", "token", "user_url"]
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "a{{ base_url }}b"


def test_escape_closes_the_list_and_tab_then_leaves(edit: TemplateLineEdit, window: QWidget, qtbot: QtBot) -> None:
    qtbot.keyClicks(edit, "{{")
    popup = _popup(window)
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert not edit.hasFocus()


def test_the_list_closes_with_the_focus_and_goes_with_its_owner(
    edit: TemplateLineEdit, window: QWidget, qtbot: QtBot
) -> None:
    qtbot.keyClicks(edit, "{{")
    popup = _popup(window)
    other = window.findChildren(QLineEdit)[-1]
    other.setFocus()
    assert not popup.isVisible()
    edit.deleteLater()
    qtbot.waitUntil(lambda: window.findChildren(CompletionPopup) == [])


def test_suggestions_for_the_text_wait_for_an_arrow(edit: TemplateLineEdit, window: QWidget, qtbot: QtBot) -> None:
    edit.set_suggestions(lambda text: [Completion("application/json"), Completion("application/xml")])
    qtbot.keyClicks(edit, "app")
    popup = _popup(window)
    assert popup.current() is None
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert popup.current() == "application/xml"
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "application/json"
    edit.undo()
    assert edit.text() == "app"


def test_a_click_takes_a_suggestion(edit: TemplateLineEdit, window: QWidget, qtbot: QtBot) -> None:
    qtbot.keyClicks(edit, "{{")
    popup = _popup(window)
    port = popup.findChildren(QWidget, "qt_scrollarea_viewport")[0]
    popup.grab()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(20, 28 + 14))
    assert edit.text() == "{{ token }}"


def test_the_list_stands_over_the_caret_where_there_is_no_room_below(window: QWidget, edit: TemplateLineEdit) -> None:
    popup = CompletionPopup(edit)
    items = [Completion(f"name{number}") for number in range(30)]
    popup.offer(QRect(0, 0, 1, 32), items)
    assert popup.parentWidget() is window
    assert popup.y() > edit.geometry().bottom()
    bottom = window.height() - edit.y() - 40
    popup.offer(QRect(0, bottom, 1, 32), items)
    assert popup.geometry().bottom() < edit.y() + bottom
    assert window.rect().contains(popup.geometry())
    end = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier)
    assert popup.handle_key(end)
    assert popup.current() == "name8"
    assert not popup.handle_key(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))
    popup.offer(QRect(), [])
    assert not popup.isVisible()
    assert not popup.handle_key(end)


def test_the_card_of_a_chip_shows_its_value_and_goes_with_the_mouse(window: QWidget, edit: TemplateLineEdit) -> None:
    edit.setText("{{ host }}/x")
    over = QPoint(20, 16)
    assert QApplication.sendEvent(edit, QHelpEvent(QEvent.Type.ToolTip, over, edit.mapToGlobal(over)))
    card = window.findChild(HoverCard)
    assert isinstance(card, HoverCard)
    assert (card.isVisible(), card.shown_text()) == (True, "value of host")
    QApplication.sendEvent(edit, QEvent(QEvent.Type.Leave))
    assert not card.isVisible()


def test_no_card_comes_where_no_chip_is(window: QWidget, edit: TemplateLineEdit) -> None:
    edit.setText("host")
    over = QPoint(20, 16)
    QApplication.sendEvent(edit, QHelpEvent(QEvent.Type.ToolTip, over, edit.mapToGlobal(over)))
    assert window.findChild(HoverCard) is None


def test_all_ways_of_pasting_are_filtered(edit: TemplateLineEdit, window: QWidget, qtbot: QtBot) -> None:
    edit.set_paste_filter(lambda text: text.replace("\n", ""))
    QGuiApplication.clipboard().setText("a\nb")
    qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert edit.text() == "ab"
    place = QPoint(2, 2)
    QApplication.sendEvent(edit, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, edit.mapToGlobal(place)))
    menu = edit.findChild(QMenu)
    assert isinstance(menu, QMenu)
    paste = menu.findChild(QAction, "edit-paste")
    assert isinstance(paste, QAction)
    edit.end(False)
    paste.trigger()
    menu.close()
    assert edit.text() == "abab"
    dropped = QMimeData()
    dropped.setText("c\nd")
    event = QDropEvent(
        QPointF(490, 10),
        Qt.DropAction.CopyAction,
        dropped,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    edit.dropEvent(event)
    assert edit.text() == "ababcd"


def test_lines_can_be_left_to_the_owner(edit: TemplateLineEdit, qtbot: QtBot) -> None:
    edit.set_paste_filter(lambda text: None)
    QGuiApplication.clipboard().setText("a\nb")
    with qtbot.waitSignal(edit.lines_pasted) as told:
        qtbot.keyClick(edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert told.args == ["a\nb"]
    assert edit.text() == ""


def test_the_caret_stays_when_the_text_changes_from_outside(edit: TemplateLineEdit) -> None:
    edit.setText("abcdef")
    edit.setCursorPosition(3)
    edit.set_text_keeping_caret("abXcdef")
    assert edit.cursorPosition() == 3
    edit.set_text_keeping_caret("a")
    assert edit.cursorPosition() == 1


def test_a_monstrous_text_is_shown_without_chips(edit: TemplateLineEdit) -> None:
    edit.setText("{{ good }}" + "y" * 30_000)
    edit.home(False)
    assert theme().hex("chip") not in _colors(edit)


@pytest.mark.parametrize("text", ["{{ good }}" * 40, "{{ good }}" + "x" * 300 + "{{ bad }}", "short {{ good }}"])
def test_the_first_picture_after_a_move_of_the_caret_is_right_already(edit: TemplateLineEdit, text: str) -> None:
    edit.setText(text)
    for place in (0, len(text), 3, len(text) // 2, len(text) // 2 + 60, 70, 0, len(text) - 1):
        edit.setCursorPosition(min(place, len(text)))
        first = edit.grab().toImage()
        assert edit.grab().toImage() == first, place
    edit.setText("{{ good }}")
    assert edit.grab().toImage() == edit.grab().toImage()
