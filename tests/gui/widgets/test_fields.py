"""Fields, boxes and lists.

Covers:
insomnia_desktop.ui.widgets.fields
insomnia_desktop.ui.widgets.search_field
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.fields import CheckBox, ComboField, LineField, RadioButton
from insomnia_desktop.ui.widgets.search_field import SearchField


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    """Return the widget in a window of its own size."""
    qtbot.addWidget(widget)
    widget.resize(widget.sizeHint())
    widget.show()
    return widget


def color_at(widget: QWidget, x: int, y: int) -> str:
    """Return the colour of one pixel as drawn while the pointer is elsewhere."""
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    return widget.grab().toImage().pixelColor(x, y).name()


def test_a_field_has_an_edge_a_ring_with_the_focus_and_a_mark_when_wrong(qtbot: QtBot) -> None:
    field = LineField("Normal")
    shown(qtbot, field)
    field.clearFocus()
    middle = field.width() // 2
    assert [color_at(field, middle, y) for y in (0, 1)] == [theme().hex("border"), theme().hex("raised")]
    qtbot.waitUntil(field.isActiveWindow)
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert [color_at(field, middle, y) for y in (0, 1)] == [theme().hex("accent")] * 2
    field.set_wrong(True)
    assert field.is_wrong()
    assert [color_at(field, middle, y) for y in (0, 1)] == [theme().hex("danger")] * 2
    assert field.height() == 32


def test_a_field_on_the_light_sidebar_is_white(qtbot: QtBot) -> None:
    switch().choose("light")
    field = LineField(ground="sidebar")
    shown(qtbot, field)
    field.clearFocus()
    assert color_at(field, 100, 5) == theme().hex("window")


def test_the_text_starts_12_from_the_edge_and_the_placeholder_is_faint(qtbot: QtBot) -> None:
    field = LineField("", placeholder="Empty")
    shown(qtbot, field)
    field.clearFocus()
    image = field.grab().toImage()
    ink = [x for x in range(2, 60) if any(image.pixelColor(x, y).lightness() > 90 for y in range(6, 26))]
    assert 11 <= ink[0] <= 14
    assert field.palette().placeholderText().color() == theme().color("faint")


def test_a_plain_line_edit_is_not_filled_by_the_sheet(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(200, 40)
    QLineEdit(parent)
    parent.show()
    assert color_at(parent, 40, 4) == theme().hex("window")


def test_words_beside_a_box_can_be_clicked_and_the_tick_shows(qtbot: QtBot) -> None:
    box = CheckBox("Follow redirects")
    shown(qtbot, box)
    assert color_at(box, 8, 8) == theme().hex("raised")
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=box.rect().center())
    assert box.isChecked()
    assert color_at(box, 8, 6) in (theme().hex("accent_fill"), theme().hex("accent_fill_hover"))


def test_a_choice_shows_a_dot_only_when_chosen(qtbot: QtBot) -> None:
    choice = RadioButton("Chosen")
    shown(qtbot, choice)
    assert color_at(choice, 8, 12) == theme().hex("raised")
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
    assert color_at(choice, 8, 12) == theme().hex("on_accent")


def test_the_list_of_a_combo_opens_wide_enough_for_its_longest_row(qtbot: QtBot) -> None:
    combo = ComboField()
    combo.addItems(["None", "Basic authentication with a very long name"])
    shown(qtbot, combo)
    combo.resize(90, 32)
    combo.showPopup()
    longest = combo.fontMetrics().horizontalAdvance(combo.itemText(1))
    assert combo.view().width() > longest
    assert combo.view().sizeHintForRow(0) == 28
    combo.hidePopup()


def test_a_combo_is_chosen_from_by_keyboard(qtbot: QtBot) -> None:
    combo = ComboField(height=28)
    combo.addItems(["JSON", "XML"])
    shown(qtbot, combo)
    assert combo.height() == 28
    with qtbot.waitSignal(combo.currentTextChanged) as told:
        qtbot.keyClick(combo, Qt.Key.Key_Down)
    assert told.args == ["XML"]


def test_a_search_is_told_once_when_the_typing_rests(qtbot: QtBot) -> None:
    field = SearchField("Filter", wait_ms=1)
    shown(qtbot, field)
    told: list[str] = []
    field.text_changed.connect(told.append)
    qtbot.keyClicks(field, "ord")
    assert told == []
    qtbot.waitUntil(lambda: told == ["ord"])


def test_enter_tells_at_once_and_only_what_is_new(qtbot: QtBot) -> None:
    field = SearchField("Filter", wait_ms=60_000)
    shown(qtbot, field)
    told: list[str] = []
    field.text_changed.connect(told.append)
    qtbot.keyClicks(field, "a")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == ["a"]


def test_escape_empties_the_field_at_once_and_only_then_goes_on_to_the_parent(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field = SearchField("Filter", parent, wait_ms=60_000)
    parent.show()
    told: list[str] = []
    field.text_changed.connect(told.append)
    qtbot.keyClicks(field, "ord")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told == ["ord", ""]
    assert field.text() == ""
