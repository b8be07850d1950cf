"""The lines of the quick switch as they are painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.delegates.entry_delegate import ENTRY_ROLE, HEADING_HEIGHT, ROW_HEIGHT, EntryDelegate
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.viewmodels.quick_switch_view_model import Entry

WIDTH = 400


@pytest.fixture
def view(qtbot: QtBot) -> QListView:
    made = QListView()
    qtbot.addWidget(made)
    return made


def painted(view: QListView, entry: Entry | None, *, selected: bool = False) -> QImage:
    model = QStandardItemModel(view)
    item = QStandardItem("Requests")
    if entry is not None:
        item.setData(entry, ENTRY_ROLE)
    model.appendRow(item)
    image = QImage(WIDTH, ROW_HEIGHT, QImage.Format.Format_RGB32)
    image.fill(theme().color("window"))
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, WIDTH, ROW_HEIGHT)
    if selected:
        option.state |= QStyle.StateFlag.State_Selected
    painter = QPainter(image)
    EntryDelegate(view).paint(painter, option, model.index(0, 0))
    painter.end()
    return image


def inked(image: QImage, left: int, right: int) -> bool:
    ground = theme().color("window")
    return any(image.pixelColor(x, y) != ground for x in range(left, right) for y in range(ROW_HEIGHT))


def colors(image: QImage) -> set[str]:
    return {QColor(image.pixel(x, y)).name() for x in range(WIDTH) for y in range(ROW_HEIGHT)}


def test_rows_and_headings_have_their_heights(view: QListView) -> None:
    model = QStandardItemModel(view)
    model.appendRow(QStandardItem("Requests"))
    item = QStandardItem("x")
    item.setData(Entry("requests", "i", "x"), ENTRY_ROLE)
    model.appendRow(item)
    delegate, option = EntryDelegate(view), QStyleOptionViewItem()
    assert delegate.sizeHint(option, model.index(0, 0)).height() == HEADING_HEIGHT
    assert delegate.sizeHint(option, model.index(1, 0)).height() == ROW_HEIGHT


def test_a_row_has_method_name_and_folder(view: QListView) -> None:
    image = painted(view, Entry("requests", "i", "Name", "GET", "Folder"))
    assert inked(image, 16, 50)
    assert inked(image, 56, 120)
    assert inked(image, WIDTH - 60, WIDTH - 16)
    assert not inked(image, 150, 300)
    assert theme().color("method.get").name() in colors(image)


def test_hits_have_the_colour_of_hits(view: QListView) -> None:
    accent = theme().color("accent_text").name()
    assert accent in colors(painted(view, Entry("requests", "i", "Orders", "PUT", spans=((0, 3),))))
    assert accent not in colors(painted(view, Entry("requests", "i", "Orders", "PUT")))


def test_the_chosen_row_has_a_ground(view: QListView) -> None:
    image = painted(view, Entry("workspaces", "i", "Archive"), selected=True)
    assert image.pixelColor(WIDTH // 2, 4) == theme().color("sel_w")
    assert image.pixelColor(2, 4) == theme().color("window")


def test_a_long_name_is_cut_before_the_folder(view: QListView) -> None:
    name = "order " * 40
    spans = tuple((at, 5) for at in range(0, len(name), 6))
    image = painted(view, Entry("requests", "i", name, "GET", "Folder", spans))
    plain = painted(view, Entry("requests", "i", "", "GET", "Folder"))
    folder_at = next(x for x in range(100, WIDTH) if inked(plain, x, x + 1))
    assert not inked(image, folder_at - 10, folder_at)


def test_a_heading_is_painted_as_words(view: QListView) -> None:
    assert inked(painted(view, None), 16, 90)
