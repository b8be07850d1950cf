"""The viewer of bodies: opening, scrolling, the caret, wrapping, folding, and files that change.

Covers:
insomnia_desktop.ui.widgets.text_viewer
insomnia_desktop.ui.widgets.viewer.bars
insomnia_desktop.ui.widgets.viewer.caret
insomnia_desktop.ui.widgets.viewer.keys
insomnia_desktop.ui.widgets.viewer.metrics
insomnia_desktop.ui.widgets.viewer.page
insomnia_desktop.ui.widgets.viewer.painting
insomnia_desktop.ui.widgets.viewer.row_layout
insomnia_desktop.ui.widgets.viewer.slices
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.text_viewer import TextViewer

JSON = '{\n  "id": "ord_4711",\n  "customer": {\n    "name": "Ada",\n    "vip": true\n  },\n  "n": 12\n}\n'
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def viewer(qtbot: QtBot) -> TextViewer:
    made = TextViewer()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


def _image(viewer: TextViewer) -> QImage:
    return viewer.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _has(image: QImage, colour: QColor, left: int, top: int, right: int, bottom: int) -> bool:
    """Say whether something is drawn in a colour: thin strokes of some fonts reach it nowhere, but they come near."""
    ground = image.pixelColor(left, top)
    near = _distance(colour, ground) / 3
    return any(
        _distance(image.pixelColor(x, y), colour) <= near for y in range(top, bottom) for x in range(left, right)
    )


def _distance(one: QColor, other: QColor) -> int:
    return sum(abs(getattr(one, part)() - getattr(other, part)()) for part in ("red", "green", "blue"))


def _copied(viewer: TextViewer) -> str:
    QGuiApplication.clipboard().clear()
    viewer.copy()
    return QGuiApplication.clipboard().text()


def _keys(qtbot: QtBot, viewer: TextViewer, *keys: Qt.Key, modifier: Qt.KeyboardModifier = _SHIFT) -> None:
    for key in keys:
        qtbot.keyClick(viewer, key, modifier)


def _wait_until_counted(qtbot: QtBot, viewer: TextViewer) -> None:
    qtbot.waitUntil(viewer.is_counted)


def test_the_first_line_stands_eight_under_the_top_with_number_arrow_and_code_in_their_places(
    viewer: TextViewer,
) -> None:
    viewer.open_text(JSON, language="json")
    image = _image(viewer)
    window = theme().color("window").rgb()
    inked = {(x, y) for x in range(200) for y in range(40) if image.pixel(x, y) != window}

    first_line = {place for place in inked if place[1] < 28}
    assert min(y for _, y in first_line) >= 8
    # Number up to 32, arrow of 12 from 35, code from 52.
    assert 20 < max(x for x, _ in first_line if x < 33) < 32
    assert {x for x, _ in first_line if 35 <= x < 47}
    assert not {x for x, _ in inked if 47 <= x < 52}
    assert min(x for x, _ in first_line if x > 48) >= 52


def test_syntax_has_its_colours_and_the_caret_line_its_band_only_after_a_click(
    viewer: TextViewer, qtbot: QtBot
) -> None:
    viewer.open_text(JSON, language="json")
    assert _has(_image(viewer), theme().color("syntax.key"), 60, 28, 120, 48)
    assert not _has(_image(viewer), theme().color("line"), 300, 0, 310, 400)

    qtbot.mouseClick(viewer.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 38))

    assert _image(viewer).pixelColor(400, 30) == theme().color("line")
    assert _image(viewer).pixelColor(400, 50) == theme().color("window")


def test_text_without_syntax_is_drawn_in_the_text_colour(viewer: TextViewer) -> None:
    viewer.open_text("MMMM\nMMMM", language="text")
    for top in (8, 28):
        assert _has(_image(viewer), theme().color("text"), 52, top, 90, top + 20)


def test_a_theme_that_changes_repaints_in_its_colours(viewer: TextViewer) -> None:
    viewer.open_text(JSON, language="json")
    switch().choose("dark")
    assert _image(viewer).pixelColor(400, 300) == theme().color("window")
    assert _has(_image(viewer), theme().color("syntax.key"), 60, 28, 120, 48)


def test_zoom_makes_lines_higher(viewer: TextViewer) -> None:
    viewer.open_text("\n".join(str(number) for number in range(100)))
    before = viewer.verticalScrollBar().pageStep() / viewer.verticalScrollBar().singleStep()
    switch().set_zoom(200)
    after = viewer.verticalScrollBar().pageStep() / viewer.verticalScrollBar().singleStep()
    assert after < before * 0.6


def test_arrows_with_shift_select_over_line_ends(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("ab\r\ncd\nef")
    _keys(qtbot, viewer, *[Qt.Key.Key_Right] * 4)
    assert _copied(viewer) == "ab\nc"
    _keys(qtbot, viewer, Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert _copied(viewer) == "ab"
    _keys(qtbot, viewer, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert _copied(viewer) == "ab\ncd\nef"


def test_home_end_and_words_move_as_in_an_editor(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("alpha beta gamma\nsecond line")
    _keys(qtbot, viewer, Qt.Key.Key_Right, modifier=_SHIFT | _CTRL)
    assert _copied(viewer) == "alpha "
    _keys(qtbot, viewer, Qt.Key.Key_End)
    assert _copied(viewer) == "alpha beta gamma"
    _keys(qtbot, viewer, Qt.Key.Key_End, modifier=_SHIFT | _CTRL)
    assert _copied(viewer) == "alpha beta gamma\nsecond line"
    _keys(qtbot, viewer, Qt.Key.Key_Home, modifier=_CTRL)
    assert not viewer.has_selection()


def test_up_and_down_keep_the_column_over_a_short_line(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("abcdef\nx\nghijkl")
    _keys(qtbot, viewer, *[Qt.Key.Key_Right] * 4, modifier=Qt.KeyboardModifier.NoModifier)
    _keys(qtbot, viewer, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert _copied(viewer) == "ef\nx\nghij"


def test_a_combining_mark_and_an_emoji_are_one_step(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("e\u0301x\U0001f600y\u202ez")
    for expected in ("e\u0301", "e\u0301x", "e\u0301x\U0001f600", "e\u0301x\U0001f600y", "e\u0301x\U0001f600y\u202e"):
        _keys(qtbot, viewer, Qt.Key.Key_Right)
        assert _copied(viewer) == expected


def test_page_down_moves_by_a_screen_and_end_of_document_shows_the_last_line(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("\n".join(f"line {number}" for number in range(1000)))
    _keys(qtbot, viewer, Qt.Key.Key_PageDown, modifier=Qt.KeyboardModifier.NoModifier)
    assert viewer.accessibleDescription() == "Line 19: line 18"
    _keys(qtbot, viewer, Qt.Key.Key_End, modifier=_CTRL)
    assert viewer.accessibleDescription() == "Line 1000: line 999"
    assert viewer.verticalScrollBar().value() == viewer.verticalScrollBar().maximum()


def test_scroll_bar_and_wheel_move_the_text(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("\n".join(f"line {number}" for number in range(1000)))
    bar = viewer.verticalScrollBar()
    before = _image(viewer)

    bar.setValue(bar.maximum() // 2)
    assert _image(viewer) != before
    bar.setValue(0)
    assert _image(viewer) == before


def test_a_short_text_does_not_scroll(viewer: TextViewer) -> None:
    viewer.open_text(JSON, language="json")
    assert viewer.verticalScrollBar().maximum() == 0
    assert viewer.horizontalScrollBar().maximum() == 0


def test_long_lines_scroll_across_or_wrap_without_more_numbers(viewer: TextViewer) -> None:
    viewer.open_text("word " * 100 + "\nsecond")
    assert viewer.horizontalScrollBar().maximum() > 0

    viewer.set_wrap(True)

    assert viewer.horizontalScrollBar().maximum() == 0
    image = _image(viewer)
    gutter = theme().color("window").rgb()
    numbered = {(y - 8) // 20 for y in range(8, 400) for x in range(32) if image.pixel(x, y) != gutter}
    assert len(numbered) == 2
    assert max(numbered) > 5


def test_in_wrapped_text_down_goes_to_the_next_visual_line(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.set_wrap(True)
    viewer.open_text("word " * 100)
    _keys(qtbot, viewer, Qt.Key.Key_Down)
    copied = _copied(viewer)
    assert 20 < len(copied) < 100
    assert copied.endswith(" ")


def test_a_line_of_megabytes_is_walked_over_without_losing_a_character(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text("0123456789" * 300_000)
    _wait_until_counted(qtbot, viewer)
    _keys(qtbot, viewer, Qt.Key.Key_End, modifier=Qt.KeyboardModifier.NoModifier)
    _keys(qtbot, viewer, *[Qt.Key.Key_Right] * 12)
    assert _copied(viewer) == ("0123456789" * 300)[2047:2059]


def test_the_whole_text_is_copied_by_keys(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(JSON, language="json")
    qtbot.keyClick(viewer, Qt.Key.Key_A, _CTRL)
    qtbot.keyClick(viewer, Qt.Key.Key_C, _CTRL)
    assert QGuiApplication.clipboard().text() == JSON


def test_a_copy_beyond_the_limit_says_so(viewer: TextViewer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "insomnia_desktop.ui.widgets.text_viewer.text_to_copy",
        lambda body, selection: (body.text(selection[0], 3), True),
    )
    viewer.open_text("abcdef")
    viewer.select_all()
    with qtbot.waitSignal(viewer.copy_truncated) as told:
        viewer.copy()
    assert told.args == [64 * 1024 * 1024]
    assert QGuiApplication.clipboard().text() == "abc"


def test_a_click_on_the_arrow_folds_and_on_the_dots_unfolds(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(JSON, language="json")
    before = _image(viewer)
    qtbot.mouseClick(viewer.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(41, 58))
    folded = _image(viewer)
    assert folded != before
    # `  "customer": {` ends at 52 + 15 characters; the dots stand behind it.
    qtbot.mouseClick(viewer.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(52 + int(15 * 7.8) + 14, 58))
    assert _image(viewer) == before


def test_fold_all_leaves_the_outermost_lines_and_unfold_all_brings_them_back(viewer: TextViewer, qtbot: QtBot) -> None:
    viewer.open_text(JSON, language="json")
    _wait_until_counted(qtbot, viewer)
    before = _image(viewer)
    viewer.fold_all()
    qtbot.keyClick(viewer, Qt.Key.Key_Down)
    assert viewer.accessibleDescription() == "Line 8: }"
    viewer.unfold_all()
    qtbot.keyClick(viewer, Qt.Key.Key_Up)
    assert viewer.accessibleDescription() == 'Line 7:   "n": 12'
    assert _image(viewer) != before


def test_a_line_is_gone_to_also_before_it_is_counted(viewer: TextViewer, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"".join(b"line %d\n" % number for number in range(3_000_000)))
    viewer.open_file(path)
    viewer.go_to_line(2_900_000)
    qtbot.waitUntil(lambda: viewer.accessibleDescription() == "Line 2900000: line 2899999")
    viewer.go_to_line(10_000_000)
    qtbot.waitUntil(lambda: viewer.accessibleDescription() == "Line 3000001: ")
    viewer.close_file()


def test_the_end_of_a_large_file_shows_before_its_lines_are_counted(
    viewer: TextViewer, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "body"
    with path.open("wb") as file:
        file.truncate(200_000_000)
        file.seek(0, os.SEEK_END)
        file.write(b"\nlast line")
    viewer.open_file(path)
    assert not viewer.is_counted()

    qtbot.keyClick(viewer, Qt.Key.Key_End, _CTRL)

    assert viewer.accessibleDescription() == "last line"
    viewer.close_file()


def test_a_file_cut_short_while_it_shows_is_shown_as_far_as_it_is_left(
    viewer: TextViewer, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "body"
    path.write_bytes(b"0123456789abcde\n" * 100_000)
    viewer.open_file(path)
    _wait_until_counted(qtbot, viewer)
    os.truncate(path, 32)

    with qtbot.waitSignal(viewer.content_lost):
        viewer.verticalScrollBar().setValue(viewer.verticalScrollBar().maximum())
        viewer.viewport().repaint()

    viewer.select_all()
    assert _copied(viewer) == "0123456789abcde\n" * 2


def test_a_missing_file_leaves_what_was_shown(viewer: TextViewer, tmp_path: Path) -> None:
    viewer.open_text("still here")
    with pytest.raises(KnownError) as error:
        viewer.open_file(tmp_path / "gone")
    assert error.value.code == "viewer.body_missing"
    viewer.select_all()
    assert _copied(viewer) == "still here"


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-8"])
def test_a_file_is_read_in_its_charset(viewer: TextViewer, tmp_path: Path, charset: str) -> None:
    path = tmp_path / "body"
    path.write_bytes("größe\nzwei".encode(charset))
    viewer.open_file(path, charset=charset)
    viewer.select_all()
    assert _copied(viewer) == "größe\nzwei"


def test_an_empty_file_shows_one_line(viewer: TextViewer, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "body"
    path.touch()
    viewer.open_file(path, language="json")
    qtbot.keyClick(viewer, Qt.Key.Key_Down)
    assert viewer.accessibleDescription() == "Line 1: "


def test_right_to_left_text_is_selected_where_it_stands(viewer: TextViewer) -> None:
    viewer.open_text("ab \u0639\u0631\u0628\u064a cd")
    viewer.select_all()
    image = _image(viewer)
    selected = [x for x in range(52, 200) if image.pixelColor(x, 9) == theme().color("textsel")]
    assert selected == list(range(selected[0], selected[-1] + 1))
    assert len(selected) > 60
