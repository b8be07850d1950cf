"""Tests of insomnia_desktop.ui.delegates.key_value_delegate, insomnia_desktop.ui.delegates.key_value_painting,
insomnia_desktop.ui.delegates.key_value_layout and insomnia_desktop.ui.delegates.chip_painting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLineEdit, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.delegates import key_value_layout as layout
from insomnia_desktop.ui.delegates.chip_painting import chip_at, chip_runs, paint_template_text
from insomnia_desktop.ui.delegates.key_value_delegate import KeyValueDelegate, TableState
from insomnia_desktop.ui.delegates.key_value_painting import kind_word
from insomnia_desktop.ui.models.key_value_model import Column, KeyValueModel
from insomnia_desktop.ui.models.key_value_rows import PAIRS, PARTS, VARIABLES, KeyValueRow, TableShape
from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font


def _resolver(name: str) -> VariableState:
    return VariableState(known=name != "bad")


class _Bench:
    """A delegate that paints single cells into pictures."""

    def __init__(self, *rows: KeyValueRow, shape: TableShape = PAIRS) -> None:
        self.model = KeyValueModel(shape)
        self.model.set_rows(rows, fresh=True)
        self.state = TableState()
        self.delegate = KeyValueDelegate(self.model, self.state, self._editor, self.model)
        self.delegate.resolver = _resolver

    def _editor(self, parent: QWidget, index: QModelIndex) -> QLineEdit:
        return QLineEdit(parent)

    def colors(self, row: int, column: int, width: int = 240) -> set[str]:
        image = QImage(width, 32, QImage.Format.Format_RGB32)
        image.fill(theme().color("window"))
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, width, 32)
        painter = QPainter(image)
        self.delegate.paint(painter, option, self.model.index(row, column))
        painter.end()
        return {image.pixelColor(x, y).name() for x in range(width) for y in range(32)}


@pytest.fixture(autouse=True)
def _application(qapp: object) -> None:
    """Every test here needs an application alive."""


def test_the_box_stands_at_16_and_the_name_at_48_as_in_the_picture() -> None:
    assert layout.box_rect(QRect(0, 0, layout.BOX_COLUMN, 32)) == QRect(16, 7, 16, 16)
    assert layout.BOX_COLUMN + layout.text_padding(is_name=True, has_boxes=True) == 48
    assert layout.text_padding(is_name=True, has_boxes=False) == 16


def test_the_trash_has_its_own_room_at_the_end_of_the_last_cell() -> None:
    cell = QRect(490, 0, 177, 32)
    field = layout.field_rect(cell, is_last=True, has_trash=True, kind_width=0)
    assert layout.trash_rect(cell).center().x() + 1 == 667 - 20
    assert not field.intersects(layout.trash_rect(cell))
    inner = layout.field_rect(QRect(0, 0, 200, 32), is_last=False, has_trash=True, kind_width=60)
    assert inner == QRect(0, 0, 139, 31)
    assert layout.kind_rect(inner, 60) == QRect(139, 0, 60, 31)


def test_a_switched_off_row_has_no_chips() -> None:
    bench = _Bench(KeyValueRow("a", value="{{ x }}"), KeyValueRow("b", enabled=False, value="{{ x }}"))
    assert theme().hex("chip") in bench.colors(0, Column.VALUE)
    assert theme().hex("chip") not in bench.colors(1, Column.VALUE)


def test_an_unknown_variable_is_a_red_chip() -> None:
    bench = _Bench(KeyValueRow("a", value="{{ bad }}"))
    assert theme().hex("chip_bad") in bench.colors(0, Column.VALUE)


def test_trash_and_ground_show_on_the_hovered_and_on_the_active_row_only() -> None:
    bench = _Bench(KeyValueRow("a", name="n"))
    quiet = bench.colors(0, Column.DESCRIPTION)
    bench.state.hovered_row = 0
    assert theme().hex("raised") in bench.colors(0, Column.DESCRIPTION) - quiet
    bench.state.mouse = layout.trash_rect(QRect(0, 0, 240, 32)).center()
    assert theme().hex("pressed") in bench.colors(0, Column.DESCRIPTION)
    bench.state.hovered_row, bench.state.active_row = -1, 0
    assert theme().hex("raised") in bench.colors(0, Column.DESCRIPTION)
    bench.state.ring = (0, Column.NAME)
    assert theme().hex("accent") in bench.colors(0, Column.NAME)


def test_problems_are_red_in_name_value_and_file() -> None:
    bench = _Bench(
        KeyValueRow("a", name="n", value="[", kind="json"),
        KeyValueRow("b", value="/no/such/file", kind="file"),
        KeyValueRow("c", kind="file"),
        shape=VARIABLES,
    )
    bench.model.set_problem(lambda row: "Twice" if row.id == "a" else None)
    red = theme().hex("danger")
    assert red in bench.colors(0, Column.NAME)
    assert red in bench.colors(0, Column.VALUE)
    assert red in bench.colors(0, Column.VALUE, width=120)
    assert red in bench.colors(1, Column.VALUE)
    assert red not in bench.colors(2, Column.VALUE)
    assert red not in bench.colors(2, Column.NAME)


def test_kinds_are_named_by_their_type() -> None:
    texts = {
        "{}": "Object",
        "[]": "List",
        "1": "Number",
        "true": "Boolean",
        "null": "Null",
        '""': "String",
        "[": "JSON",
    }
    assert {text: kind_word(KeyValueRow("", value=text, kind="json")) for text in texts} == texts
    assert [kind_word(KeyValueRow("", kind=kind)) for kind in PARTS.value_kinds] == ["Text", "File"]


def test_the_menu_of_kinds_is_there_only_where_there_is_a_choice() -> None:
    assert _Bench().delegate.kind_width() == 0
    assert 0 < _Bench(shape=PARTS).delegate.kind_width() < _Bench(shape=VARIABLES).delegate.kind_width()


def test_an_editor_commits_with_every_key_and_protects_its_cell(qtbot: QtBot) -> None:
    bench = _Bench(KeyValueRow("a", name="n"))
    parent = QWidget()
    qtbot.addWidget(parent)
    index = bench.model.index(0, Column.NAME)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 200, 32)
    editor = bench.delegate.createEditor(parent, option, index)
    assert isinstance(editor, QLineEdit)
    bench.delegate.updateEditorGeometry(editor, option, index)
    assert editor.geometry() == QRect(0, 0, 199, 31)
    with qtbot.waitSignal(bench.delegate.commitData):
        qtbot.keyClicks(editor, "x")
    bench.delegate.setModelData(editor, bench.model, index)
    bench.model.set_rows((KeyValueRow("a", name="theirs", value="v"),))
    assert bench.model.rows() == (KeyValueRow("a", name="nx", value="v"),)
    editor.setCursorPosition(1)
    bench.model.release()
    bench.model.set_rows((KeyValueRow("a", name="theirs"),))
    bench.delegate.setEditorData(editor, index)
    assert (editor.text(), editor.cursorPosition()) == ("theirs", 1)
    bench.delegate.destroyEditor(editor, index)
    assert bench.delegate.editor() is None


def test_the_chip_under_a_point_is_found_in_cells_that_are_on() -> None:
    bench = _Bench(KeyValueRow("a", value="ab{{ x }}"), KeyValueRow("b", enabled=False, value="{{ x }}"))
    cell = QRect(100, 0, 240, 32)
    found = bench.delegate.chip_at(bench.model.index(0, Column.VALUE), cell, QPoint(130, 16))
    assert found is not None
    assert found[0] == "x"
    assert found[1].contains(QPoint(130, 16))
    assert bench.delegate.chip_at(bench.model.index(0, Column.VALUE), cell, QPoint(105, 16)) is None
    assert bench.delegate.chip_at(bench.model.index(1, Column.VALUE), cell, QPoint(130, 16)) is None
    assert bench.delegate.chip_at(bench.model.index(0, Column.DESCRIPTION), cell, QPoint(130, 16)) is None


def test_runs_colour_braces_apart_and_leave_raw_sections_alone() -> None:
    text = "a{{ x }}{% raw %}{{ y }}{% endraw %}{{ bad }}"
    runs = chip_runs(text, _resolver)
    assert [(text[run.start : run.end], run.token) for run in runs] == [
        ("{{", "chip_brace"),
        (" x ", "accent_text"),
        ("}}", "chip_brace"),
        ("{{", "chip_bad_brace"),
        (" bad ", "danger"),
        ("}}", "chip_bad_brace"),
    ]


@pytest.mark.parametrize("width", [5, 20, 60, 90, 200])
@pytest.mark.parametrize("text", ["", "plain", "{{ name }}", "x{{ a }}\n{{ bad }}", "{{ a }}" * 400])
def test_text_is_cut_and_stays_inside_of_its_room(text: str, width: int) -> None:
    image = QImage(240, 32, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    paint_template_text(painter, QRectF(10, 0, width, 31), text, font=mono_font(13), token="text", resolver=_resolver)
    painter.end()
    beyond = {image.pixelColor(x, y).name() for x in range(10 + width + 12, 240) for y in range(32)}
    assert beyond <= {"#000000"}


def test_chips_are_found_by_their_place_in_the_text() -> None:
    advance = 4 * 7.8
    assert chip_at("abcd{{ x }}", mono_font(13), advance / 2) is None
    found = chip_at("abcd{{ x }}", mono_font(13), advance + 20)
    assert found is not None
    assert found[0] == "x"
