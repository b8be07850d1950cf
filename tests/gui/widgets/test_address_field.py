"""Tests of insomnia_desktop.ui.widgets.address_field and insomnia_desktop.ui.widgets.method_picker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.address_field import AddressField, without_line_breaks
from insomnia_desktop.ui.widgets.method_picker import METHODS, MethodMenu, MethodPicker, is_method
from insomnia_desktop.ui.widgets.template_line_edit import TemplateLineEdit


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[AddressField]:
    window = QWidget()
    qtbot.addWidget(window)
    made = AddressField(window)
    layout = QVBoxLayout(window)
    layout.addWidget(made)
    layout.addWidget(QLineEdit(window))
    window.resize(600, 120)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.set_request("POST", "{{ base_url }}/orders")
    yield made
    window.close()


def _menu(picker: MethodPicker) -> QMenu:
    menu = picker.findChild(MethodMenu)
    assert isinstance(menu, MethodMenu)
    return menu


def _custom(picker: MethodPicker) -> QLineEdit:
    edit = picker.findChild(QLineEdit, "customMethodEdit")
    assert isinstance(edit, QLineEdit)
    return edit


def test_the_parts_have_their_names(field: AddressField) -> None:
    assert isinstance(field.findChild(QWidget, "methodPicker"), MethodPicker)
    assert isinstance(field.findChild(QWidget, "urlEdit"), TemplateLineEdit)
    assert (field.url_edit.accessibleName(), field.method_picker.accessibleName()) == ("Address", "Method POST")
    assert field.height() == 32


def test_typing_tells_of_the_address_and_enter_submits(field: AddressField, qtbot: QtBot) -> None:
    told: list[str] = []
    field.url_edited.connect(told.append)
    field.set_request("GET", "")
    field.setFocus()
    qtbot.keyClicks(field.url_edit, "ab")
    assert (told, field.url()) == (["a", "ab"], "ab")
    with qtbot.waitSignal(field.submitted):
        qtbot.keyClick(field.url_edit, Qt.Key.Key_Return)


def test_showing_another_request_is_no_edit(field: AddressField, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(field.url_edited), qtbot.assertNotEmitted(field.method_changed):
        field.set_request("DELETE", "https://example.com")
        field.url_edit.setCursorPosition(5)
        field.merge_request("PUT", "https://example.org")
    assert (field.method(), field.url(), field.url_edit.cursorPosition()) == ("PUT", "https://example.org", 5)


def test_a_pasted_address_loses_its_line_breaks(field: AddressField, qtbot: QtBot) -> None:
    field.set_request("GET", "")
    field.setFocus()
    QGuiApplication.clipboard().setText("https://example.com/a\r\n   /b?c=1\n")
    qtbot.keyClick(field.url_edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert field.url() == "https://example.com/a/b?c=1"
    assert without_line_breaks("a b\n c") == "a bc"


def test_the_menu_offers_seven_methods_and_custom_and_chooses_by_keyboard(field: AddressField, qtbot: QtBot) -> None:
    picker = field.method_picker
    picker.setFocus()
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    menu = _menu(picker)
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [*METHODS, "Custom..."]
    assert menu.activeAction().text() == "POST"
    menu.grab()
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    with qtbot.waitSignal(field.method_changed) as told:
        qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert told.args == ["PUT"]
    assert field.method() == "PUT"


def test_choosing_the_same_method_is_no_change(field: AddressField, qtbot: QtBot) -> None:
    qtbot.mouseClick(field.method_picker, Qt.MouseButton.LeftButton)
    menu = _menu(field.method_picker)
    with qtbot.assertNotEmitted(field.method_changed):
        menu.activeAction().trigger()
    menu.close()


def test_a_custom_method_is_kept_as_it_is_written(field: AddressField, qtbot: QtBot) -> None:
    picker = field.method_picker
    picker.edit_custom()
    edit = _custom(picker)
    assert edit.hasFocus()
    qtbot.keyClicks(edit, "propfind")
    with qtbot.waitSignal(field.method_changed) as told:
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert told.args == ["propfind"]
    assert picker.hasFocus()
    picker.edit_custom()
    assert _custom(picker).text() == "propfind"


def test_a_method_with_illegal_characters_is_refused_with_a_sentence(field: AddressField, qtbot: QtBot) -> None:
    picker = field.method_picker
    picker.edit_custom()
    edit = _custom(picker)
    with qtbot.assertNotEmitted(field.method_changed):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
        assert "at least one character" in picker.problem()
        qtbot.keyClicks(edit, "A B")
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert "no blanks" in picker.problem()
    assert (edit.text(), edit.toolTip(), edit.isVisible()) == ("A B", picker.problem(), True)
    picker.grab()
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert (picker.method(), picker.problem()) == ("POST", "")


def test_leaving_the_custom_field_brings_the_old_method_back(field: AddressField, qtbot: QtBot) -> None:
    field.method_picker.edit_custom()
    qtbot.keyClicks(_custom(field.method_picker), "LOCK")
    field.url_edit.setFocus()
    assert field.method() == "POST"
    assert field.url_edit.hasFocus()


@pytest.mark.parametrize(
    ("text", "is_good"), [("GET", True), ("m-search", True), ("a b", False), ("", False), ("É", False)]
)
def test_methods_are_tokens(text: str, is_good: bool) -> None:
    assert is_method(text) is is_good


def test_the_width_follows_the_word_and_a_long_one_is_cut(field: AddressField) -> None:
    picker = field.method_picker
    widths = []
    for method in ("GET", "OPTIONS", "X" * 200):
        picker.set_method(method)
        widths.append(picker.sizeHint().width())
    assert widths[0] < widths[1] < widths[2] < 200
    assert picker.toolTip() == "X" * 200


def test_a_click_beside_the_text_begins_in_the_address(field: AddressField, qtbot: QtBot) -> None:
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton, pos=QPoint(field.width() - 2, 16))
    assert field.url_edit.hasFocus()


@pytest.mark.parametrize("name", ["dark", "light"])
def test_focus_and_a_wrong_address_are_seen(field: AddressField, name: str) -> None:
    switch().choose("dark" if name == "dark" else "light")
    window = field.window()
    window.findChildren(QLineEdit)[-1].setFocus()
    quiet = field.grab().toImage()
    field.url_edit.setFocus()
    focused = field.grab().toImage()
    field.set_wrong(True)
    wrong = field.grab().toImage()
    assert quiet != focused != wrong
    switch().set_zoom(150)
    QApplication.processEvents()
    assert field.sizeHint().height() == 48
    switch().set_zoom(100)


def test_tab_reaches_the_method_and_then_the_address(field: AddressField, qtbot: QtBot) -> None:
    around = field.parentWidget().findChildren(QLineEdit, options=Qt.FindChildOption.FindDirectChildrenOnly)[0]
    around.setFocus()
    walked = []
    for _ in range(3):
        focused = QApplication.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        walked.append(QApplication.focusWidget())
    assert walked == [field.method_picker, field.url_edit, around]
