"""What the style draws.

Covers:
insomnia_desktop.ui.theme.style
insomnia_desktop.ui.theme.menu_painting
insomnia_desktop.ui.theme.painting
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QImage, QKeySequence, QPainter
from PySide6.QtWidgets import QApplication, QMenu, QStyle, QStyleOptionFocusRect, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import ui_font


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> None:
    """Draw in the dark theme."""
    switch().choose("dark")


def blank(width: int, height: int) -> QImage:
    """Return an empty picture."""
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(0, 0, 0, 0))
    return image


def drawn_rows(image: QImage) -> list[int]:
    """Return the rows on which something stands."""
    return [y for y in range(image.height()) if any(image.pixelColor(x, y).alpha() > 96 for x in range(image.width()))]


@pytest.mark.parametrize(
    "element", [QStyle.PrimitiveElement.PE_FrameFocusRect, QStyle.PrimitiveElement.PE_IndicatorItemViewItemDrop]
)
def test_the_styles_own_focus_frame_and_drop_mark_are_never_drawn(
    qapp: QApplication, element: QStyle.PrimitiveElement
) -> None:
    image = blank(40, 20)
    option = QStyleOptionFocusRect()
    option.rect = QRect(0, 0, 40, 20)
    painter = QPainter(image)
    qapp.style().drawPrimitive(element, option, painter, None)
    painter.end()
    assert drawn_rows(image) == []


@pytest.mark.parametrize("family", ["", "DejaVu Sans"])
def test_capitals_stand_in_the_middle_of_the_height_in_every_font(family: str) -> None:
    font = ui_font(13, 400)
    if family:
        font.setFamily(family)
    image = blank(60, 28)
    painter = QPainter(image)
    painting.draw_text(painter, "HEN", x=2, top=0, height=28, font=font, token="text")
    painter.end()
    rows = drawn_rows(image)
    assert abs(rows[0] - (27 - rows[-1])) <= 1


def test_a_text_too_long_for_its_room_is_elided() -> None:
    image = blank(200, 20)
    painter = QPainter(image)
    right = painting.draw_text(painter, "Something long", x=0, top=0, height=20, font=ui_font(), token="text", width=50)
    painter.end()
    assert 20 < right <= 50


def test_a_hairline_is_one_row_of_one_colour() -> None:
    image = blank(20, 6)
    painter = QPainter(image)
    painting.hairline(painter, 0, 3, length=20)
    painter.end()
    assert drawn_rows(image) == [3]
    assert image.pixelColor(10, 3).name() == theme().hex("hairline")


def test_a_ring_lies_inside_and_is_two_pixels_wide() -> None:
    image = blank(40, 30)
    painter = QPainter(image)
    painting.ring(painter, QRectF(0, 0, 40, 30))
    painter.end()
    column = [image.pixelColor(20, y).alpha() for y in range(4)]
    assert column == [255, 255, 0, 0]


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[QMenu]:
    """Return an open menu with one entry of every kind."""
    parent = QWidget()
    qtbot.addWidget(parent)
    made = QMenu(parent)
    made.addAction("&New request", QKeySequence("Ctrl+N"))
    made.addSeparator()
    wrap = made.addAction("Wrap lines")
    wrap.setCheckable(True)
    wrap.setChecked(True)
    made.addAction("Delete").setEnabled(False)
    made.addMenu("Generate code").addAction("curl")
    parent.show()
    made.popup(parent.mapToGlobal(parent.rect().center()))
    qtbot.waitUntil(made.isVisible)
    yield made
    made.close()


def colors_in(image: QImage, rect: QRect) -> set[str]:
    """Return the colours within a rectangle."""
    columns, rows = range(rect.left(), rect.right() + 1), range(rect.top(), rect.bottom() + 1)
    return {image.pixelColor(x, y).name() for x in columns for y in rows}


def test_menu_entries_are_28_high_and_carry_tick_shortcut_and_arrow(opened: QMenu) -> None:
    actions: list[QAction] = opened.actions()
    rects = [opened.actionGeometry(action) for action in actions]
    assert [rect.height() for rect in rects] == [28, 9, 28, 28, 28]
    image = opened.grab().toImage()
    tick = QRect(rects[2].left(), rects[2].top(), 28, 28)
    assert theme().hex("accent_text") in colors_in(image, tick)
    shortcut = QRect(rects[0].right() - 44, rects[0].top(), 40, 28)
    assert colors_in(image, shortcut) - {theme().hex("floating")}
    arrow = QRect(rects[4].right() - 24, rects[4].top(), 20, 28)
    assert theme().hex("dim") in colors_in(image, arrow)


def test_the_entry_under_the_pointer_has_a_ground_and_a_disabled_one_has_none(opened: QMenu) -> None:
    first, disabled = opened.actions()[0], opened.actions()[3]
    opened.setActiveAction(first)
    image = opened.grab().toImage()
    spot = opened.actionGeometry(first).center()
    assert theme().hex("pressed") in colors_in(image, QRect(spot.x(), spot.y() - 12, 1, 24))
    opened.setActiveAction(disabled)
    image = opened.grab().toImage()
    spot = opened.actionGeometry(disabled).center()
    assert theme().hex("pressed") not in colors_in(image, QRect(spot.x(), spot.y() - 12, 1, 24))


def test_the_corners_of_a_menu_are_round(opened: QMenu) -> None:
    assert opened.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    image = blank(opened.width(), opened.height())
    opened.render(image)
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(opened.width() // 2, 0).name() == theme().hex("border")
