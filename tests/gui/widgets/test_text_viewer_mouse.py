"""Selecting in the viewer with the mouse: drags, words, lines, Shift, scrolling at the edge, wheel and menu.

Covers:
insomnia_desktop.ui.widgets.viewer.copy_menu
insomnia_desktop.ui.widgets.viewer.pointer
insomnia_desktop.ui.widgets.viewer.wheel
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font
from insomnia_desktop.ui.widgets.text_viewer import TextViewer

_LEFT = Qt.MouseButton.LeftButton
_TEXT = "\n".join(f'"key_{number:03d}": "some value"' for number in range(300))


@pytest.fixture
def viewer(qtbot: QtBot) -> TextViewer:
    made = TextViewer()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    made.open_text(_TEXT)
    return made


def _at(column: int, line: int) -> QPoint:
    advance = QFontMetricsF(mono_font(13)).horizontalAdvance("0")
    return QPoint(52 + round(column * advance), 8 + 20 * line + 10)


def _drag(viewer: TextViewer, point: QPoint) -> None:
    where = QPointF(point)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        viewer.viewport().mapToGlobal(where),
        Qt.MouseButton.NoButton,
        _LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewer.viewport(), event)


def _copied(viewer: TextViewer) -> str:
    QGuiApplication.clipboard().clear()
    viewer.copy()
    return QGuiApplication.clipboard().text()


def test_a_drag_selects_characters(viewer: TextViewer, qtbot: QtBot) -> None:
    qtbot.mousePress(viewer.viewport(), _LEFT, pos=_at(1, 0))
    _drag(viewer, _at(4, 1))
    assert _copied(viewer) == 'key_000": "some value"\n"key'
    _drag(viewer, _at(4, 0))
    assert _copied(viewer) == "key"
    qtbot.mouseRelease(viewer.viewport(), _LEFT, pos=_at(4, 0))


def test_a_double_click_selects_the_word_and_a_drag_goes_on_by_words(viewer: TextViewer, qtbot: QtBot) -> None:
    qtbot.mouseDClick(viewer.viewport(), _LEFT, pos=_at(13, 2))
    assert _copied(viewer) == "some"
    _drag(viewer, _at(19, 2))
    assert _copied(viewer) == "some value"
    _drag(viewer, _at(3, 2))
    assert _copied(viewer) == 'key_002": "some'


def test_a_third_click_selects_the_line(viewer: TextViewer, qtbot: QtBot) -> None:
    qtbot.mouseDClick(viewer.viewport(), _LEFT, pos=_at(13, 2))
    qtbot.mouseClick(viewer.viewport(), _LEFT, pos=_at(13, 2))
    assert _copied(viewer) == '"key_002": "some value"\n'


def test_a_click_on_the_number_selects_the_line(viewer: TextViewer, qtbot: QtBot) -> None:
    qtbot.mouseClick(viewer.viewport(), _LEFT, pos=QPoint(20, 8 + 20 * 3 + 10))
    assert _copied(viewer) == '"key_003": "some value"\n'


def test_shift_extends_to_the_click(viewer: TextViewer, qtbot: QtBot) -> None:
    qtbot.mouseClick(viewer.viewport(), _LEFT, pos=_at(0, 0))
    qtbot.mouseClick(viewer.viewport(), _LEFT, Qt.KeyboardModifier.ShiftModifier, pos=_at(0, 2))
    assert _copied(viewer) == '"key_000": "some value"\n"key_001": "some value"\n'


def test_a_drag_below_the_edge_scrolls_and_selects_on(viewer: TextViewer, qtbot: QtBot) -> None:
    qtbot.mousePress(viewer.viewport(), _LEFT, pos=_at(0, 0))
    _drag(viewer, QPoint(60, 600))
    qtbot.waitUntil(lambda: viewer.verticalScrollBar().value() == viewer.verticalScrollBar().maximum())
    qtbot.mouseRelease(viewer.viewport(), _LEFT, pos=QPoint(60, 600))
    assert len(_copied(viewer)) > len(_TEXT) - 30


def test_selected_text_lies_on_its_colour(viewer: TextViewer, qtbot: QtBot) -> None:
    qtbot.mouseDClick(viewer.viewport(), _LEFT, pos=_at(13, 2))
    image = viewer.viewport().grab().toImage()
    assert image.pixelColor(_at(12, 2).x() + 1, 8 + 40 + 1) == theme().color("textsel")
    assert image.pixelColor(_at(10, 2).x(), 8 + 40 + 1) != theme().color("textsel")


@pytest.mark.parametrize(("pixels", "angle"), [(QPoint(0, -50), QPoint(0, -120)), (QPoint(), QPoint(0, -120))])
def test_the_wheel_scrolls_by_pixels_or_by_lines(viewer: TextViewer, pixels: QPoint, angle: QPoint) -> None:
    _wheel(viewer, pixels, angle)
    scrolled = viewer.verticalScrollBar().value() / viewer.verticalScrollBar().singleStep()
    expected = 2.5 if pixels.y() else QApplication.wheelScrollLines()
    assert scrolled == pytest.approx(expected, abs=0.01)
    _wheel(viewer, pixels * -10, angle * -10)
    assert viewer.verticalScrollBar().value() == 0


def test_the_wheel_with_shift_goes_across_and_with_ctrl_is_left_to_others(viewer: TextViewer) -> None:
    viewer.open_text("wide " * 400)
    _wheel(viewer, QPoint(), QPoint(0, -120), Qt.KeyboardModifier.ShiftModifier)
    assert viewer.horizontalScrollBar().value() > 0
    assert not _wheel(viewer, QPoint(), QPoint(0, -120), Qt.KeyboardModifier.ControlModifier)


def test_the_menu_offers_copy_only_for_a_selection(viewer: TextViewer, qtbot: QtBot) -> None:
    assert _menu(viewer) == [("Copy", False), ("Select all", True)]
    viewer.select_all()
    assert _menu(viewer) == [("Copy", True), ("Select all", True)]


def _menu(viewer: TextViewer) -> list[tuple[str, bool]]:
    at = QPoint(100, 100)
    QApplication.sendEvent(
        viewer.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, viewer.mapToGlobal(at))
    )
    menu = viewer.findChildren(QMenu)[-1]
    found = [(action.text(), action.isEnabled()) for action in menu.actions()]
    menu.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return found


def _wheel(
    viewer: TextViewer,
    pixels: QPoint,
    angle: QPoint,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> bool:
    at = QPointF(100, 100)
    event = QWheelEvent(
        at,
        viewer.mapToGlobal(at),
        pixels,
        angle,
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewer.viewport(), event)
    return event.isAccepted()
