"""Differences and sides of a conflict: widgets.difference_view and value_cell, delegates.code_line."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.delegates.code_line import LONGEST, paint_code_line, spans_within, wrapped_spans
from insomnia_desktop.ui.models.conflict_lines import ValueLine
from insomnia_desktop.ui.models.difference_sections import DifferencePart, DifferenceSection, compared
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.widgets.difference_view import DifferenceView
from insomnia_desktop.ui.widgets.value_cell import ValueCell

OLD = "\n".join(f'  "k{number}": {number},' for number in range(30))
NEW = OLD.replace('"k10": 10', '"k10": 11').replace('"k25": 25', '"k25": "{{ name }}"')
SECTIONS = [
    DifferenceSection("Address", (DifferencePart("/order", "/orders"),)),
    DifferenceSection("Body", (DifferencePart(OLD, NEW),), "json"),
    DifferenceSection("Headers", (DifferencePart(None, "x", "Header A"), DifferencePart("y", None, "Header B"))),
]


@pytest.fixture
def view(qtbot: QtBot, qapp: QApplication) -> DifferenceView:
    made = DifferenceView()
    made.show_sections(compared(SECTIONS))
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def colours(image: QImage, x: range, y: range) -> set[str]:
    return {image.pixelColor(column, row).name() for column in x for row in y}


def test_the_text_of_all_differences(view: DifferenceView, qtbot: QtBot) -> None:
    lines = view.as_text().split("\n")
    assert lines[:3] == ["Address", "- /order", "+ /orders"]
    assert lines.count("  10 lines unchanged") == 1
    assert lines[-4:] == ["Header A", "+ x", "Header B", "- y"]
    assert view.accessibleDescription().startswith("Address\n- /order")
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == view.as_text()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_went_and_what_came_have_their_grounds_and_signs(view: DifferenceView, name: str) -> None:
    switch().choose(name)  # type: ignore[arg-type]
    image = view.viewport().grab().toImage()
    # Heading of 36, a gap of 8, then the two lines of the address.
    assert image.pixelColor(400, 54).name() == theme().hex("del_tint")
    assert image.pixelColor(400, 74).name() == theme().hex("add_tint")
    assert theme().hex("add_word") in colours(image, range(96, 200), range(66, 82))
    assert theme().hex("del_word") not in colours(image, range(96, 200), range(46, 62))


def test_scrolling_reaches_both_ends(view: DifferenceView, qtbot: QtBot) -> None:
    bar = view.verticalScrollBar()
    assert bar.maximum() > 0
    view.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    last = view.viewport().grab().toImage()
    assert theme().hex("del_tint") in colours(last, range(300, 301), range(last.height()))
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert bar.value() == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert bar.value() == 20


def test_long_lines_scroll_sideways_and_numbers_stay(view: DifferenceView) -> None:
    view.show_sections(compared([DifferenceSection("Body", (DifferencePart("x" * 500, "x" * 499),))]))
    bar = view.horizontalScrollBar()
    assert bar.maximum() > 3000
    before = view.viewport().grab().toImage().copy(0, 44, 60, 40)
    bar.setValue(bar.maximum())
    assert view.viewport().grab().toImage().copy(0, 44, 60, 40) == before
    view.show_sections(compared(SECTIONS))
    assert bar.value() == 0


def test_all_can_be_copied_from_the_menu(view: DifferenceView) -> None:
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), view.mapToGlobal(QPoint(5, 5)))
    view.contextMenuEvent(event)
    (menu,) = view.findChildren(QMenu)
    menu.actions()[0].trigger()
    menu.close()
    assert QGuiApplication.clipboard().text() == view.as_text()


def test_a_difference_of_many_lines_paints_what_is_seen(view: DifferenceView, monkeypatch: pytest.MonkeyPatch) -> None:
    painted_lines: list[str] = []

    def paint(painter: QPainter, text: str, **how: object) -> None:
        painted_lines.append(text)

    monkeypatch.setattr("insomnia_desktop.ui.widgets.difference_view.paint_code_line", paint)
    many = "\n".join(map(str, range(60_000)))
    view.show_sections(compared([DifferenceSection("Body", (DifferencePart(None, many),))]))
    bar = view.verticalScrollBar()
    assert bar.maximum() > 1_000_000
    bar.setValue(bar.maximum())
    painted_lines.clear()
    image = view.viewport().grab().toImage()
    assert theme().hex("add_tint") in colours(image, range(300, 301), range(40))
    assert painted_lines[-1] == "59999"
    assert len(painted_lines) < 20
    assert len(view.accessibleDescription()) <= 2000


def test_numbers_of_very_many_lines_have_room(view: DifferenceView) -> None:
    body = "\n".join(f"line {number}" for number in range(120_000))
    sections = compared([DifferenceSection("Body", (DifferencePart(body, body.replace("line 119000", "another")),))])
    view.show_sections(sections)
    wide = view.viewport().grab().toImage()
    # The first number stands whole: nothing of it is cut at the edge, and the second begins behind it.
    window, gutter = theme().hex("window"), range(44 + 1, 44 + 19)
    assert colours(wide, range(8), gutter) == {window}
    assert len(colours(wide, range(8, 54), gutter)) > 1
    assert colours(wide, range(55, 60), gutter) == {window}


def test_what_was_too_much_to_compare_is_said(view: DifferenceView) -> None:
    many = [("\n".join(f"{letter} {number} " * 3 for number in range(9_000))) for letter in "ab"]
    view.show_sections(compared([DifferenceSection("Body", (DifferencePart(*many),))]))
    assert view.as_text().startswith("Body (too much to mark the words of every line)\n- a 0")
    grid = [" ".join(f"{number * step % 97}" for number in range(9)) for step in range(1, 97)]
    jumbled = ["\n".join(grid[number * step % 96] for number in range(40_000)) for step in (1, 5)]
    view.show_sections(compared([DifferenceSection("Body", (DifferencePart(*jumbled),))]))
    assert view.as_text().startswith("Body (too much to compare all of it line by line)\n")
    assert not (view.viewport().grab().toImage().isNull())


@pytest.fixture
def cell(qtbot: QtBot, qapp: QApplication) -> ValueCell:
    made = ValueCell("Mine", button="Keep mine", kept_words="Mine kept", missing="Not set")
    made.show_value((ValueLine("{{ base_url }}/orders", ((20, 21),)),), "text")
    qtbot.addWidget(made)
    made.resize(293, made.heightForWidth(293))
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.mark.parametrize("name", ["light", "dark"])
def test_chosen_not_chosen_and_open_look_different(cell: ValueCell, name: str) -> None:
    switch().choose(name)  # type: ignore[arg-type]
    cell.set_state("open")
    image = cell.grab().toImage()
    assert theme().hex("add_word") in colours(image, range(293), range(12, 32))
    assert cell.button.isVisible()
    cell.set_state("other")
    image = cell.grab().toImage()
    assert theme().hex("add_word") not in colours(image, range(293), range(12, 32))
    assert theme().hex("pressed") in colours(image, range(293), range(12, 32))
    cell.set_state("chosen")
    image = cell.grab().toImage()
    assert image.pixelColor(200, 8).name() == theme().hex("sel_w")
    assert not cell.button.isVisible()


def test_a_cell_is_as_high_as_its_wrapped_value(cell: ValueCell) -> None:
    assert cell.heightForWidth(293) == 92
    assert cell.heightForWidth(120) == 112
    cell.show_value(None, "text")
    assert cell.heightForWidth(120) == 92
    assert cell.accessibleName() == "Mine: Not set"
    base = ValueCell("Before", missing="Not set")
    base.show_value((ValueLine("a"), ValueLine("b")), "text")
    assert base.heightForWidth(200) == 64
    assert base.state() == "base"
    base.deleteLater()


def test_the_button_keeps_and_a_click_on_the_chosen_opens_again(cell: ValueCell, qtbot: QtBot) -> None:
    cell.set_state("open")
    with qtbot.waitSignal(cell.keep_wanted):
        qtbot.keyClick(cell.button, Qt.Key.Key_Space)
    with qtbot.assertNotEmitted(cell.undo_wanted):
        qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)
    cell.set_state("chosen")
    assert cell.accessibleName() == "Mine: {{ base_url }}/orders, Mine kept"
    with qtbot.waitSignal(cell.undo_wanted):
        qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)


def test_lines_wrap_at_words_and_never_within_a_variable(qapp: QApplication) -> None:
    text = "{{ base_url }}/orders?notify={{ notify }}"
    for width in (150, 200, 260):
        lines = [text[start:end] for start, end in wrapped_spans(text, width, 12)]
        assert "".join(lines) == text
        assert len(lines) > 1
        assert all(line.count("{{") == line.count("}}") for line in lines)
    assert wrapped_spans("", 100) == [(0, 0)]
    broken = wrapped_spans("x" * 300, 100)
    assert len(broken) > 10
    assert broken[-1][1] == 300
    emoji = "\U0001f600" * 40
    assert "".join(emoji[start:end] for start, end in wrapped_spans(emoji, 100)) == emoji


def test_marked_words_are_cut_with_their_line() -> None:
    assert spans_within(((2, 8), (12, 14)), 5, 13) == ((0, 3), (7, 8))
    assert spans_within(((2, 4),), 5, 13) == ()


def test_very_long_lines_are_painted_in_part(qapp: QApplication, painted: Callable[[str], QImage]) -> None:
    image = painted("\t" + "x" * (LONGEST * 3))
    assert len(colours(image, range(300), range(20))) > 1


def test_of_a_line_with_many_words_only_those_in_sight_are_measured(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked: list[float] = []

    def mark(painter: QPainter, rect: QRectF, *_colour: object, **_how: object) -> None:
        marked.append(rect.left())

    monkeypatch.setattr("insomnia_desktop.ui.delegates.code_line.painting.fill_rounded", mark)
    words = [(start, start + 1) for start in range(0, LONGEST, 2)]
    image = QImage(300, 20, QImage.Format.Format_RGB32)
    for shift, scale in ((0, 1.0), (-100, 1.0), (0, 0.5)):
        marked.clear()
        painter = QPainter(image)
        painter.scale(scale, scale)
        paint_code_line(painter, "a " * (LONGEST // 2), x=shift, top=0, words=words, word_token="add_word")
        painter.end()
        # To the edge of what is drawn on, and not a word further.
        assert 300 / scale - 30 < marked[-1] <= 300 / scale


@pytest.fixture
def painted(qapp: QApplication) -> Callable[[str], QImage]:
    """Paints one line."""

    def paint(text: str) -> QImage:
        image = QImage(300, 20, QImage.Format.Format_RGB32)
        image.fill(theme().color("window"))
        painter = QPainter(image)
        paint_code_line(painter, text, x=0, top=0, language="json")
        painter.end()
        return image

    return paint


def test_colours_of_the_language_unless_it_does_not_count(painted: Callable[[str], QImage]) -> None:
    image = painted('"key": "value"')
    assert theme().hex("syntax.string") in colours(image, range(300), range(20))
    dim = QImage(300, 20, QImage.Format.Format_RGB32)
    dim.fill(theme().color("window"))
    painter = QPainter(dim)
    paint_code_line(painter, '"key": "value"', x=0, top=0, language="json", look="dim")
    painter.end()
    assert theme().hex("syntax.string") not in colours(dim, range(300), range(20))


def test_a_part_of_a_wrapped_line_has_the_colours_of_the_whole(painted: Callable[[str], QImage]) -> None:
    part = QImage(300, 20, QImage.Format.Format_RGB32)
    part.fill(theme().color("window"))
    painter = QPainter(part)
    paint_code_line(painter, '"key": "TEA-250"', x=0, top=0, language="json", part=(12, 16))
    painter.end()
    seen = colours(part, range(300), range(20))
    assert theme().hex("syntax.string") in seen
    assert theme().hex("syntax.number") not in seen
    assert theme().hex("syntax.number") in colours(painted("-250"), range(300), range(20))
