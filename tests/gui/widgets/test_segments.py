"""The switch between views: insomnia_desktop.ui.widgets.segments."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QRadioButton
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.segments import SegmentedControl


@pytest.fixture
def control(qtbot: QtBot, qapp: QApplication) -> SegmentedControl:
    """A shown switch of two."""
    switch().choose("dark")
    made = SegmentedControl()
    qtbot.addWidget(made)
    made.set_segments([("table", "Table"), ("json", "JSON")])
    made.resize(made.sizeHint())
    made.show()
    return made


def segment(control: SegmentedControl, text: str) -> QRadioButton:
    """Return the part with a word."""
    return next(part for part in control.findChildren(QRadioButton) if part.text() == text)


def test_the_first_is_chosen_and_a_click_chooses_another(qtbot: QtBot, control: SegmentedControl) -> None:
    assert control.current() == "table"
    with qtbot.waitSignal(control.current_changed) as told:
        qtbot.mouseClick(segment(control, "JSON"), Qt.MouseButton.LeftButton)
    assert told.args == ["json"]
    assert control.current() == "json"


def test_choosing_by_program_says_nothing(qtbot: QtBot, control: SegmentedControl) -> None:
    with qtbot.assertNotEmitted(control.current_changed):
        control.set_current("json")
    assert control.current() == "json"


def test_arrow_keys_choose(qtbot: QtBot, control: SegmentedControl) -> None:
    qtbot.waitUntil(control.isActiveWindow)
    segment(control, "Table").setFocus()
    with qtbot.waitSignal(control.current_changed) as told:
        qtbot.keyClick(segment(control, "Table"), Qt.Key.Key_Right)
    assert told.args == ["json"]


def test_it_is_28_high_and_the_chosen_part_lies_2_inside(control: SegmentedControl) -> None:
    assert control.height() == 28
    image = control.grab().toImage()
    assert image.pixelColor(20, 0).name() == theme().hex("segment_track")
    assert image.pixelColor(20, 2).name() == theme().hex("border")
    assert image.pixelColor(20, 4).name() == theme().hex("segment_on")


def test_choosing_moves_nothing(control: SegmentedControl) -> None:
    before = [part.geometry() for part in control.findChildren(QRadioButton)]
    control.set_current("json")
    assert [part.geometry() for part in control.findChildren(QRadioButton)] == before


def test_other_segments_take_the_place_of_the_old(control: SegmentedControl) -> None:
    control.set_segments([("day", "Day"), ("week", "Week"), ("year", "Year")])
    assert control.current() == "day"
    control.set_current("year")
    assert control.current() == "year"
