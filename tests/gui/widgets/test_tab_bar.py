"""Tabs.

Covers:
insomnia_desktop.ui.widgets.tab_bar
insomnia_desktop.ui.widgets.tab_strip
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.tab_bar import Tab, TabBar
from insomnia_desktop.ui.widgets.tab_strip import Shrink, TabStrip

TABS = [
    Tab("params", "Params", badge=12),
    Tab("body", "Body", sub_text="JSON", arrow=True),
    Tab("auth", "Auth", dot=True),
    Tab("headers", "Headers", badge=3),
    Tab("docs", "Docs"),
]


@pytest.fixture
def bar(qtbot: QtBot, qapp: QApplication) -> TabBar:
    """A shown bar with room for everything."""
    switch().choose("dark")
    made = TabBar(more_tip="More tabs")
    qtbot.addWidget(made)
    made.set_tabs(TABS)
    made.resize(600, 40)
    made.show()
    return made


def strip_of(bar: TabBar) -> TabStrip:
    """Return the painted bar inside."""
    strip = bar.focusProxy()
    assert isinstance(strip, TabStrip)
    return strip


def click(qtbot: QtBot, bar: TabBar, position: int, *, from_right: int = 0) -> None:
    """Click a tab in its middle, or some pixels before its right edge."""
    rect = strip_of(bar).tabRect(position)
    point = QPoint(rect.right() - from_right, rect.center().y()) if from_right else rect.center() - QPoint(10, 0)
    qtbot.mouseClick(strip_of(bar), Qt.MouseButton.LeftButton, pos=point)


def test_a_click_chooses_a_tab_and_says_its_key(qtbot: QtBot, bar: TabBar) -> None:
    assert bar.current() == "params"
    with qtbot.waitSignal(bar.current_changed) as told:
        click(qtbot, bar, 3)
    assert told.args == ["headers"]
    assert bar.current() == "headers"


def test_choosing_by_program_says_nothing(qtbot: QtBot, bar: TabBar) -> None:
    with qtbot.assertNotEmitted(bar.current_changed):
        bar.set_current("docs")
    assert strip_of(bar).currentIndex() == 4


def test_arrow_keys_walk_and_down_asks_for_the_menu(qtbot: QtBot, bar: TabBar) -> None:
    strip = strip_of(bar)
    strip.setFocus()
    with qtbot.waitSignal(bar.current_changed) as told:
        qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert told.args == ["body"]
    with qtbot.waitSignal(bar.arrow_clicked) as asked:
        qtbot.keyClick(strip, Qt.Key.Key_Down)
    assert asked.args == ["body"]


def test_a_click_on_the_arrow_chooses_the_tab_and_asks_for_its_menu(qtbot: QtBot, bar: TabBar) -> None:
    asked: list[str] = []
    bar.arrow_clicked.connect(asked.append)
    click(qtbot, bar, 1, from_right=12)
    assert (bar.current(), asked) == ("body", ["body"])
    click(qtbot, bar, 0, from_right=12)
    assert asked == ["body"]


def test_the_menu_of_a_tab_opens_under_it(bar: TabBar) -> None:
    place = bar.mapFromGlobal(bar.menu_position("body"))
    rect = strip_of(bar).tabRect(1)
    assert place.x() == rect.left()
    assert 30 <= place.y() <= 40


def test_choosing_moves_nothing(bar: TabBar) -> None:
    before = [strip_of(bar).tabRect(position) for position in range(5)]
    bar.set_current("docs")
    assert [strip_of(bar).tabRect(position) for position in range(5)] == before


def test_a_count_appears_changes_and_goes(bar: TabBar) -> None:
    plain = strip_of(bar).tabRect(4).width()
    bar.update_tab("docs", badge=7)
    assert strip_of(bar).tabRect(4).width() == plain + 6 + 17
    bar.update_tab("docs", badge=0)
    assert strip_of(bar).tabRect(4).width() == plain
    assert bar.tabs()[4] == Tab("docs", "Docs", badge=0)


def test_screen_readers_hear_second_word_and_count(bar: TabBar) -> None:
    strip = strip_of(bar)
    assert [strip.accessibleTabName(position) for position in range(3)] == ["Params, 12", "Body, JSON", "Auth"]


def test_the_underline_is_as_wide_as_the_content_of_the_current_tab(bar: TabBar) -> None:
    bar.set_current("docs")
    rect = strip_of(bar).tabRect(4)
    image = bar.grab().toImage()
    line = [x for x in range(image.width()) if image.pixelColor(x, 39).name() == theme().hex("accent")]
    assert abs(line[0] - (rect.left() + 8)) <= 1
    assert abs(line[-1] - (rect.right() - 8)) <= 1


def test_little_room_takes_second_words_then_counts_then_the_last_tabs(qtbot: QtBot, bar: TabBar) -> None:
    strip, seen = strip_of(bar), []
    for width in range(600, 90, -1):
        bar.resize(width, 40)
        hidden = [position for position in range(5) if not strip.isTabVisible(position)]
        state = (bar.shrink(), len(hidden))
        if state not in seen:
            seen.append(state)
        shown = sum(strip.tabRect(position).width() for position in range(5) if strip.isTabVisible(position))
        assert shown + (28 if hidden else 0) <= width or len(hidden) == 4
    assert seen[:3] == [(Shrink.NOTHING, 0), (Shrink.SUB_TEXTS, 0), (Shrink.BADGES, 0)]
    assert seen[3:] == [(Shrink.BADGES, count) for count in range(1, len(seen) - 2)]
    assert len(seen) >= 6


def test_the_current_tab_is_never_put_away_and_the_others_are_in_the_menu(qtbot: QtBot, bar: TabBar) -> None:
    bar.set_current("docs")
    bar.resize(200, 40)
    strip = strip_of(bar)
    assert strip.isTabVisible(4)
    assert strip.currentIndex() == 4
    menu = bar.findChild(QMenu)
    hidden = [TABS[position].text for position in range(5) if not strip.isTabVisible(position)]
    assert [action.text() for action in menu.actions()] == hidden
    assert hidden
    with qtbot.waitSignal(bar.current_changed) as told:
        menu.actions()[-1].trigger()
    assert told.args == ["headers"]
    assert strip.isTabVisible(3)


def test_the_bar_can_be_made_narrow(bar: TabBar) -> None:
    assert bar.minimumSizeHint().width() < 100


def test_other_tabs_keep_the_current_one_where_it_is_still_there(bar: TabBar) -> None:
    bar.set_current("auth")
    bar.set_tabs([Tab("auth", "Auth"), Tab("docs", "Docs")])
    assert bar.current() == "auth"
    bar.set_tabs([Tab("error", "Error"), Tab("timeline", "Timeline")])
    assert bar.current() == "error"
    assert strip_of(bar).count() == 2


def test_an_unknown_key_is_a_bug(bar: TabBar) -> None:
    with pytest.raises(Bug):
        bar.set_current("scripts")


def test_zoom_measures_the_tabs_again(bar: TabBar) -> None:
    before = strip_of(bar).tabRect(0).width()
    bar.resize(1200, 40)
    switch().set_zoom(200)
    grown = strip_of(bar).tabRect(0).width()
    switch().set_zoom(100)
    assert grown > before * 1.8
