"""The bar that finds: insomnia_desktop.ui.widgets.find_bar and insomnia_desktop.ui.widgets.find_controls."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.find_bar import FindBar


@pytest.fixture
def bar(qtbot: QtBot) -> FindBar:
    """Return an open bar as wide as the response pane of the pictures."""
    switch().choose("dark")
    made = FindBar()
    qtbot.addWidget(made)
    made.resize(606, made.height())
    made.open_with("")
    return made


def edit(bar: FindBar) -> QLineEdit:
    """Return the field."""
    found = bar.findChild(QLineEdit, "findEdit")
    assert isinstance(found, QLineEdit)
    return found


def button(bar: FindBar, name: str) -> QAbstractButton:
    """Return a button by its accessible name."""
    for found in bar.findChildren(QAbstractButton):
        if found.accessibleName() == name:
            return found
    raise AssertionError(name)


def words(bar: FindBar) -> list[str]:
    """Return what a screen reader finds in the bar."""
    return [widget.accessibleName() for widget in bar.findChildren(QWidget) if widget.accessibleName()]


def test_the_bar_is_forty_high_with_a_line_of_two_below(bar: FindBar) -> None:
    assert bar.height() == 42
    assert edit(bar).parentWidget().geometry().left() == 8
    assert edit(bar).parentWidget().width() == 200


def test_typing_and_the_two_switches_search(bar: FindBar, qtbot: QtBot) -> None:
    told: list[tuple[str, bool, bool]] = []
    bar.search_changed.connect(lambda text, case, regex: told.append((text, case, regex)))
    qtbot.keyClicks(edit(bar), "a")
    button(bar, "Match letter case").click()
    button(bar, "Regular expression").click()
    assert told == [("a", False, False), ("a", True, False), ("a", True, True)]


def test_enter_goes_on_shift_enter_back_escape_away(bar: FindBar, qtbot: QtBot) -> None:
    told: list[str] = []
    bar.next_requested.connect(lambda: told.append("next"))
    bar.previous_requested.connect(lambda: told.append("previous"))
    bar.closed.connect(lambda: told.append("closed"))
    qtbot.keyClick(edit(bar), Qt.Key.Key_Return)
    qtbot.keyClick(edit(bar), Qt.Key.Key_Enter, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(edit(bar), Qt.Key.Key_Escape)
    qtbot.keyClick(button(bar, "Match letter case"), Qt.Key.Key_Escape)
    for name in ("Next hit", "Previous hit", "Close"):
        button(bar, name).click()
    assert told == ["next", "previous", "closed", "closed", "next", "previous", "closed"]


def test_the_count_is_said_in_words(bar: FindBar) -> None:
    bar.open_with("refunded")
    bar.set_count(612, 1204, 71)
    assert "612 of 1,204 71 % searched" in words(bar)
    bar.set_count(0, 3, None)
    assert "3 hits" in words(bar)
    bar.set_count(0, 0, None)
    assert "No hits" in words(bar)


def test_an_empty_search_counts_nothing(bar: FindBar) -> None:
    bar.set_count(0, 0, None)
    assert "No hits" not in words(bar)


def test_progress_is_a_line_under_the_bar(bar: FindBar) -> None:
    bar.set_count(1, 2, 50)
    image = bar.grab().toImage()
    assert image.pixelColor(100, 41).name() == theme().hex("accent")
    assert image.pixelColor(500, 41).name() == theme().hex("hairline")
    bar.set_count(1, 2, None)
    assert bar.grab().toImage().pixelColor(100, 40).name() == theme().hex("hairline")


def test_an_error_marks_the_field_and_the_next_count_takes_it_back(bar: FindBar) -> None:
    bar.set_error("missing closing parenthesis")
    assert "missing closing parenthesis" in words(bar)
    frame = edit(bar).parentWidget().geometry()
    assert bar.grab().toImage().pixelColor(frame.center().x(), frame.top()).name() == theme().hex("danger")
    bar.set_count(0, 0, None)
    assert bar.grab().toImage().pixelColor(frame.center().x(), frame.top()).name() != theme().hex("danger")


def test_opening_selects_the_text_and_keeps_the_last_search(bar: FindBar) -> None:
    bar.open_with("abc")
    assert edit(bar).selectedText() == "abc"
    bar.hide()
    told: list[str] = []
    bar.search_changed.connect(lambda text, case, regex: told.append(text))
    bar.open_with("")
    assert bar.text() == "abc"
    assert told == ["abc"]


def test_the_bar_can_be_narrow(bar: FindBar) -> None:
    bar.resize(300, bar.height())
    assert bar.width() == 300
    close = button(bar, "Close")
    assert close.geometry().right() < 300
