"""The view of bytes: what stands where, selecting, copying.

Covers:
insomnia_desktop.ui.widgets.hex_view
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.widgets.hex_view import HexView
from insomnia_desktop.ui.widgets.viewer.metrics import metrics

_BYTES = bytes(range(256))
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def view(qtbot: QtBot) -> HexView:
    made = HexView()
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    made.open_bytes(_BYTES)
    return made


def _at(row: int, column: float) -> QPoint:
    """Return the middle of a column of the row, counted from the digits of the first byte."""
    advance = metrics().advance
    return QPoint(round(16 + (10 + column + 0.5) * advance), 8 + 20 * row + 10)


def _copied() -> str:
    return QGuiApplication.clipboard().text()


def test_a_click_takes_a_byte_and_shift_the_bytes_up_to_it(view: HexView, qtbot: QtBot) -> None:
    viewport = view.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=_at(1, 0))
    view.copy_hex()
    assert _copied() == "10"
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, _SHIFT, pos=_at(2, 1))
    view.copy_hex()
    assert _copied() == "10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f\n20"


def test_a_drag_in_the_text_selects_the_same_bytes(view: HexView, qtbot: QtBot) -> None:
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=_at(4, 50 + 1))
    where = QPointF(_at(4, 50 + 5))
    QApplication.sendEvent(
        view.viewport(),
        QMouseEvent(
            QEvent.Type.MouseMove,
            where,
            view.viewport().mapToGlobal(where),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            _NONE,
        ),
    )
    view.copy_text()
    assert _copied() == "ABCDE"


def test_keys_move_by_bytes_rows_and_ends(view: HexView, qtbot: QtBot) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(view, key)
    assert view.selection() == (18, 19)
    qtbot.keyClick(view, Qt.Key.Key_End, _SHIFT)
    assert view.selection() == (18, 32)
    assert view.accessibleDescription() == "14 bytes selected"
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.selection() == (255, 256)
    assert view.accessibleDescription() == "Byte FF: ff"
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()
    qtbot.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert view.verticalScrollBar().value() == 0


def test_all_is_selected_and_copied_by_keys(view: HexView, qtbot: QtBot) -> None:
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert bytes.fromhex(_copied()) == _BYTES


def test_selected_bytes_lie_on_their_colour_in_both_panes(view: HexView, qtbot: QtBot) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_at(1, 0))
    image = view.viewport().grab().toImage()
    for column in (0, 50):
        point = _at(1, column)
        assert image.pixelColor(point.x(), 8 + 20 + 1) == theme().color("textsel")
    assert image.pixelColor(_at(1, 3).x(), 8 + 20 + 1) == theme().color("window")


def test_a_large_copy_is_bounded_and_says_so(view: HexView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insomnia_desktop.ui.widgets.hex_view.HEX_COPY_LIMIT", 4)
    view.select_all()
    with qtbot.waitSignal(view.copy_truncated) as told:
        view.copy_hex()
    assert told.args == [4]
    assert _copied() == "00 01 02 03"


def test_a_file_of_a_gigabyte_opens_and_shows_its_end(view: HexView, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "body"
    path.touch()
    os.truncate(path, 1_000_000_000)
    view.open_file(path)
    qtbot.keyClick(view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert view.selection() == (999_999_999, 1_000_000_000)
    view.close_file()
    assert view.selection() == (0, 0)


def test_a_file_cut_short_is_shown_as_far_as_it_is_left(view: HexView, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "body"
    path.write_bytes(_BYTES * 1000)
    view.open_file(path)
    os.truncate(path, 8)
    with qtbot.waitSignal(view.content_lost):
        view.viewport().repaint()
    view.select_all()
    view.copy_hex()
    assert _copied() == "00 01 02 03 04 05 06 07"


def test_a_missing_file_is_a_known_error(view: HexView, tmp_path: Path) -> None:
    with pytest.raises(KnownError):
        view.open_file(tmp_path / "gone")


def test_a_narrow_view_scrolls_across(view: HexView) -> None:
    assert view.horizontalScrollBar().maximum() == 0
    view.resize(round(20 * metrics().advance), 300)
    assert view.horizontalScrollBar().maximum() > 0


def test_a_row_has_as_many_bytes_as_fit_beside_their_text(view: HexView, qtbot: QtBot) -> None:
    view.open_bytes(_BYTES * 4)
    advance = metrics().advance
    for per_row in (16, 12, 8, 4):
        # Offset, digits, text, both edges, and what a bar at the side may take.
        view.resize(round((10 + 4 * per_row + 2) * advance) + 34 + 20, 300)
        assert view.horizontalScrollBar().maximum() == 0
        view.verticalScrollBar().setValue(0)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_at(2, 0))
        assert view.selection()[0] == 2 * per_row
        qtbot.keyClick(view, Qt.Key.Key_Down)
        qtbot.keyClick(view, Qt.Key.Key_End)
        assert view.selection() == (4 * per_row - 1, 4 * per_row)


def test_what_stands_at_the_top_stays_there_when_a_row_has_other_bytes(view: HexView) -> None:
    view.open_bytes(_BYTES * 40)
    view.verticalScrollBar().setValue(30)
    view.resize(round(44 * metrics().advance) + 54, 300)
    assert view.verticalScrollBar().value() == 30 * 2
    view.resize(700, 300)
    assert view.verticalScrollBar().value() == 30
