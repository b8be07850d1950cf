"""Lists and tables of sync: widgets.entry_list, fact_table and page_heading, models.list_entries and fact_rows,
delegates.list_entry_delegate."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.delegates.list_entry_delegate import HEADING_HEIGHT, ONE_LINE, ROW_HEIGHT
from insomnia_desktop.ui.models.fact_rows import FactColumn, FactRow
from insomnia_desktop.ui.models.list_entries import ListEntry
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.entry_list import EntryList
from insomnia_desktop.ui.widgets.fact_table import FactTable
from insomnia_desktop.ui.widgets.page_heading import PageHeading

ENTRIES = [
    ListEntry(title="Today"),
    ListEntry(key="a", title="14:02", sub="Version 9", right="Studio", tag="current"),
    ListEntry(key="b", title="13:40", sub="Version 8", right="Work laptop", faint=True),
    ListEntry(title="Yesterday"),
    ListEntry(key="c", title="List orders", method="GET"),
    ListEntry(key="d", title="Orders", icon="folder", sub="needs you", dot=True),
]
COLUMNS = (FactColumn("Time", 96), FactColumn("Path", mono=True), FactColumn("Size", 64, right=True, marks=True))


@pytest.fixture
def entries(qtbot: QtBot, qapp: QApplication) -> EntryList:
    made = EntryList()
    made.setAccessibleName("Versions")
    made.show_entries(ENTRIES)
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def table(qtbot: QtBot, qapp: QApplication) -> FactTable:
    made = FactTable(COLUMNS)
    made.show_rows([FactRow((f"{n}:00", f"/v1/{n}", f"{n} B"), n, "danger" if n == 2 else "") for n in range(5)])
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_heights_of_rows_and_headings(entries: EntryList) -> None:
    heights = [entries.sizeHintForRow(row) for row in range(len(ENTRIES))]
    assert heights == [HEADING_HEIGHT, ROW_HEIGHT, ROW_HEIGHT, HEADING_HEIGHT, ONE_LINE, ROW_HEIGHT]
    entries.fit_height()
    assert entries.height() == sum(heights)


def test_keys_walk_over_headings_and_open(entries: EntryList, qtbot: QtBot) -> None:
    entries.clearFocus()
    entries.setFocus(Qt.FocusReason.TabFocusReason)
    assert entries.current_key() == "a"
    assert entries.shows_ring
    for key, expected in ((Qt.Key.Key_Down, "b"), (Qt.Key.Key_Down, "c"), (Qt.Key.Key_Up, "b")):
        with qtbot.waitSignal(entries.chosen) as told:
            qtbot.keyClick(entries, key)
        assert told.args == [expected]
    for key, expected in ((Qt.Key.Key_End, "d"), (Qt.Key.Key_Home, "a")):
        qtbot.keyClick(entries, key)
        assert entries.current_key() == expected
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        with qtbot.waitSignal(entries.opened) as told:
            qtbot.keyClick(entries, key)
        assert told.args == ["a"]


def test_a_click_opens_a_row_and_not_a_heading(entries: EntryList, qtbot: QtBot) -> None:
    def middle(row: int) -> QPoint:
        return entries.visualRect(entries.model().index(row, 0)).center()

    with qtbot.waitSignal(entries.opened) as told:
        qtbot.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=middle(4))
    assert told.args == ["c"]
    with qtbot.assertNotEmitted(entries.opened):
        qtbot.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=middle(3))
        qtbot.mouseClick(entries.viewport(), Qt.MouseButton.RightButton, pos=middle(4))


def test_what_is_chosen_stays_through_new_entries(entries: EntryList, qtbot: QtBot) -> None:
    entries.choose("c")
    with qtbot.assertNotEmitted(entries.chosen):
        entries.show_entries([ListEntry(key="new", title="N", sub="s"), *ENTRIES])
    assert entries.current_key() == "c"
    entries.show_entries([])
    assert entries.current_key() == ""
    entries.choose("c")
    qtbot.keyClick(entries, Qt.Key.Key_Return)
    qtbot.keyClick(entries, Qt.Key.Key_Home)
    assert entries.current_key() == ""


def test_rows_are_spoken_whole(entries: EntryList) -> None:
    spoken = [entry.spoken for entry in ENTRIES]
    assert spoken[1] == "14:02, current, Version 9, Studio"
    assert spoken[4] == "GET, List orders"
    index = entries.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == spoken[1]
    assert QAccessible.queryAccessibleInterface(entries).text(QAccessible.Text.Name) == "Versions"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_chosen_row_has_its_ground(entries: EntryList, name: str) -> None:
    switch().choose(name)  # type: ignore[arg-type]
    entries.choose("b")
    entries.clearFocus()
    image = entries.viewport().grab().toImage()
    rect = entries.visualRect(entries.model().index(2, 0))
    assert image.pixelColor(rect.center().x(), rect.center().y()).name() == theme().hex("sel_w")
    other = entries.visualRect(entries.model().index(1, 0))
    assert image.pixelColor(12, other.center().y()).name() != theme().hex("sel_w")


def test_the_rest_of_the_width_goes_to_the_column_without_one(table: FactTable) -> None:
    assert [table.columnWidth(column) for column in range(3)] == [96, 240, 64]
    table.resize(600, 300)
    assert table.columnWidth(1) == 440
    table.resize(200, 300)
    assert table.columnWidth(1) == 88


def test_rows_are_chosen_spoken_and_copied(table: FactTable, qtbot: QtBot) -> None:
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.current_thing() == 0
    with qtbot.waitSignal(table.chosen) as told:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert told.args == [1]
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1:00\t/v1/1\t1 B\n2:00\t/v1/2\t2 B"
    index = table.rows_model.index(1, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Path: /v1/1"
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "/v1/1"
    table.show_rows([FactRow(("x", "y", "z"), "only")])
    assert table.current_thing() is None
    assert table.rows_model.row_at(7) is None


def test_a_row_that_stands_out_is_marked_in_its_column_alone(table: FactTable) -> None:
    image = table.viewport().grab().toImage()

    def colours(column: int) -> set[str]:
        rect = table.visualRect(table.rows_model.index(2, column))
        return {
            image.pixelColor(x, y).name()
            for x in range(rect.left() + 4, rect.right() - 2)
            for y in range(rect.top() + 4, rect.bottom() - 4)
        }

    assert theme().hex("danger") in colours(2)
    assert theme().hex("danger") not in colours(0)


def test_escape_is_left_to_the_page(entries: EntryList, table: FactTable, qtbot: QtBot) -> None:
    for view in (entries, table):
        view.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(view, Qt.Key.Key_Escape)
        view.clearFocus()


def test_a_heading_with_count_and_link(qtbot: QtBot) -> None:
    plain, rich = PageHeading("Log"), PageHeading("Conflicts", link="Show all", warning=True)
    for heading in (plain, rich):
        qtbot.addWidget(heading)
        heading.resize(300, heading.height())
        heading.show()
    assert not plain.link.isVisible()
    assert not plain.badge.isVisible()
    assert rich.height() == 32
    rich.set_count(1_204)
    assert (rich.badge.text(), rich.badge.isVisible()) == ("1,204", True)
    assert rich.link.geometry().right() == rich.rect().right()
    rich.set_count(0)
    assert not rich.badge.isVisible()
