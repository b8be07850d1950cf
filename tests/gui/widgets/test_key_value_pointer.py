"""Tests of the key/value table by mouse, of its kinds of rows and of its looks.

Covers insomnia_desktop.ui.widgets.key_value_pointer, insomnia_desktop.ui.widgets.key_value_header,
insomnia_desktop.ui.widgets.key_value_menus and insomnia_desktop.ui.widgets.bulk_editor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.key_value_model import Column
from insomnia_desktop.ui.models.key_value_rows import (
    PAIRS,
    PARTS,
    PATH_PARAMETERS,
    VARIABLES,
    KeyValueRow,
    TableShape,
)
from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.widgets.bulk_editor import BulkEditor
from insomnia_desktop.ui.widgets.hover_card import HoverCard
from insomnia_desktop.ui.widgets.key_value_menus import row_menu
from tests.gui.widgets.key_value_stage import A, B, C, Stage


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return Stage(qtbot, (A, B))


def test_rows_grow_with_the_zoom(stage: Stage) -> None:
    switch().set_zoom(150)
    assert stage.table.view.rowHeight(0) == 48
    assert stage.table.view.header.sectionSize(Column.BOX) == 60


def test_a_click_opens_the_editor_with_the_caret_there(stage: Stage) -> None:
    stage.click(0, Column.NAME, dx=8 + 18)
    assert stage.here() == (0, Column.NAME)
    assert (stage.editor().selectedText(), stage.editor().cursorPosition()) == ("", 2)


def test_box_and_trash_are_clicked(stage: Stage) -> None:
    stage.click(0, Column.BOX, dx=24)
    assert stage.table.rows()[0].enabled is False
    stage.click(0, Column.DESCRIPTION, dx=-20)
    assert stage.names() == ["beta"]
    stage.click(1, Column.BOX, dx=24)
    assert stage.names() == ["beta"]


def test_a_row_is_dragged_to_its_place(stage: Stage) -> None:
    stage.table.set_rows((A, B, C), fresh=True)
    stage.drag(stage.point(0, Column.NAME), stage.point(2, Column.NAME) + QPoint(0, 10))
    assert stage.names() == ["beta", "gamma", "alpha"]
    stage.drag(stage.point(2, Column.VALUE), QPoint(200, -30))
    assert stage.names() == ["alpha", "beta", "gamma"]
    stage.drag(stage.point(1, Column.NAME), stage.point(1, Column.NAME) + QPoint(60, 2))
    assert stage.names() == ["alpha", "beta", "gamma"]


def test_path_parameters_walk_their_values_only(qtbot: QtBot) -> None:
    stage = Stage(qtbot, (A, B), PATH_PARAMETERS)
    stage.key(Qt.Key.Key_Tab)
    assert stage.here() == (0, Column.VALUE)
    stage.type("9")
    stage.key(Qt.Key.Key_Return)
    assert stage.here() == (1, Column.VALUE)
    stage.key(Qt.Key.Key_Escape)
    stage.key(Qt.Key.Key_Delete)
    stage.key(Qt.Key.Key_Space)
    stage.click(0, Column.NAME)
    assert stage.table.view.delegate().editor() is None
    assert stage.table.rows() == (replace(A, value="9"), B)
    assert stage.table.view.isColumnHidden(Column.BOX)


def test_a_part_becomes_a_file_that_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(qtbot, (A,), PARTS)
    path = tmp_path / "photo.png"
    path.write_bytes(b"x")
    asked: list[str] = []

    def chooser(parent: QWidget, current: str, taken: Callable[[str], None]) -> None:
        asked.append(current)
        taken(str(path))

    stage.table.view.file_chooser = chooser
    stage.go(0, Column.VALUE)
    stage.key(Qt.Key.Key_F4)
    menu = stage.table.view.findChild(QMenu, "valueKindMenu")
    assert isinstance(menu, QMenu)
    assert [(action.text(), action.isChecked()) for action in menu.actions()] == [("Text", True), ("File", False)]
    menu.actions()[1].trigger()
    menu.close()
    assert stage.table.rows()[0].kind == "file"
    stage.key(Qt.Key.Key_Return)
    assert asked == ["1"]
    assert stage.table.rows()[0].value == str(path)
    stage.click(0, Column.VALUE)
    assert asked[1] == str(path)
    stage.key(Qt.Key.Key_F2)
    stage.type("/other")
    assert stage.table.rows()[0].value == "/other"


def test_the_menu_of_kinds_opens_by_mouse(qtbot: QtBot) -> None:
    stage = Stage(qtbot, (A,), VARIABLES)
    stage.click(0, Column.VALUE, dx=-12)
    menu = stage.table.view.findChild(QMenu, "valueKindMenu")
    assert isinstance(menu, QMenu)
    menu.actions()[1].trigger()
    menu.close()
    assert (stage.table.rows()[0].kind, stage.table.rows()[0].value) == ("json", "1")


def test_half_written_json_says_so_in_place_and_loses_nothing(qtbot: QtBot) -> None:
    stage = Stage(qtbot, (KeyValueRow("a", name="x", value="{}", kind="json"),), VARIABLES)
    stage.go(0, Column.VALUE)
    stage.type('{"a": ')
    assert stage.editor().note() == "Value missing, column 7"
    tip = stage.table.view.viewport().findChild(QWidget, "cellNote")
    assert isinstance(tip, QWidget)
    assert tip.isVisible()
    stage.table.set_rows((KeyValueRow("a", name="x", value='{"a": '),))
    stage.type("1}")
    assert stage.editor().note() == ""
    assert not tip.isVisible()
    assert stage.table.rows()[0] == KeyValueRow("a", name="x", value='{"a": 1}', kind="json")


def test_the_row_menu_has_the_deeds_of_a_row(qtbot: QtBot, stage: Stage) -> None:
    stage.go(1, Column.VALUE)
    menu = row_menu(stage.table.view, stage.table.model, 1, lambda: None)
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Move up", "Move down", "Delete row"]
    assert not menu.actions()[1].isEnabled()
    menu.actions()[0].trigger()
    assert stage.names() == ["beta", "alpha"]
    menu.actions()[2].trigger()
    assert stage.names() == ["alpha"]
    menu.close()


def test_a_card_shows_the_variable_under_the_mouse(stage: Stage, qtbot: QtBot) -> None:
    stage.table.set_rows((replace(A, value="{{ host }}"),), fresh=True)
    stage.table.set_resolver(lambda name: VariableState(known=True, value=f"value of {name}", source="from Staging"))
    port = stage.table.view.viewport()
    point = stage.point(0, Column.VALUE, dx=30)
    QApplication.sendEvent(port, QHelpEvent(QEvent.Type.ToolTip, point, port.mapToGlobal(point)))
    card = stage.window.findChild(HoverCard)
    assert isinstance(card, HoverCard)
    assert card.shown_text() == "value of host\nfrom Staging"
    stage.bot.mouseMove(port, stage.point(0, Column.NAME))
    QApplication.sendEvent(port, QEvent(QEvent.Type.Leave))
    assert not card.isVisible()


def test_columns_share_the_width_and_can_be_dragged(stage: Stage) -> None:
    header = stage.table.view.header
    before = [header.sectionSize(n) for n in range(1, 4)]
    header.resizeSection(Column.NAME, before[0] + 40)
    after = [header.sectionSize(n) for n in range(1, 4)]
    assert after == [before[0] + 40, before[1] - 40, before[2]]
    assert sum(header.shares()) == pytest.approx(1)
    stage.window.resize(1000, 400)
    QApplication.processEvents()
    assert header.sectionSize(Column.NAME) > after[0]
    header.set_shares((1, 1, 1))
    assert header.sectionSize(Column.NAME) == header.sectionSize(Column.VALUE)
    header.set_shares((1, 1))
    assert len(header.shares()) == 3


def test_bulk_edit_shows_the_rows_as_text_and_keeps_their_ids(stage: Stage) -> None:
    stage.table.set_bulk(True)
    assert stage.table.is_bulk()
    bulk = stage.table.findChild(BulkEditor)
    assert isinstance(bulk, BulkEditor)
    assert bulk.editor.text() == "alpha: 1 // first\nbeta: 2"
    bulk.editor.setFocus()
    stage.key(Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    stage.type("// ")
    assert stage.edits[-1] == (replace(A, enabled=False), B)
    assert bulk.rows() == stage.edits[-1]
    stage.table.set_rows((replace(A, enabled=False), B, C))
    assert bulk.editor.text() == "// alpha: 1 // first\nbeta: 2\ngamma: 3"
    stage.table.set_bulk(False)
    assert not stage.table.is_bulk()
    assert stage.table.model.rowCount() == 4


def test_a_table_that_fits_its_content_is_as_high_as_its_rows(stage: Stage) -> None:
    stage.table.set_fits_content(True)
    assert stage.table.height() == 28 + 3 * 32
    stage.go(2, Column.NAME)
    stage.type("x")
    assert stage.table.maximumHeight() == 28 + 4 * 32


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("shape", [PAIRS, PATH_PARAMETERS, PARTS, VARIABLES])
def test_every_kind_of_row_is_painted_in_both_themes(qtbot: QtBot, shape: TableShape, theme: str) -> None:
    switch().choose("dark" if theme == "dark" else "light")
    rows = (
        replace(A, value="{{ a }} and {{ b }}" * 20),
        replace(B, enabled=False, value="{{ a }}"),
        replace(C, kind=shape.value_kinds[-1], value=""),
        KeyValueRow("d", name="x" * 300, value="[1", kind=shape.value_kinds[-1]),
    )
    stage = Stage(qtbot, rows, shape)
    stage.table.set_resolver(lambda name: VariableState(known=name == "a"))
    stage.table.set_problem(lambda row: "Twice" if row.id == "b" else None)
    plain = stage.table.grab().toImage()
    stage.bot.mouseMove(stage.table.view.viewport(), stage.point(1, Column.VALUE))
    stage.key(Qt.Key.Key_Tab)
    assert stage.table.grab().toImage() != plain
