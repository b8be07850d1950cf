"""Tests of insomnia_desktop.ui.models.key_value_model and insomnia_desktop.ui.models.key_value_problems."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.key_value_model import Column, KeyValueModel
from insomnia_desktop.ui.models.key_value_rows import (
    PARTS,
    PATH_PARAMETERS,
    VARIABLES,
    KeyValueRow,
    KeyValueRows,
    TableShape,
)

_A, _B, _C = (KeyValueRow(letter, name=letter, value=letter.upper()) for letter in "abc")


def _watched(*rows: KeyValueRow, shape: TableShape | None = None) -> tuple[KeyValueModel, list[KeyValueRows]]:
    model = KeyValueModel(shape) if shape is not None else KeyValueModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, model)
    model.set_rows(rows, fresh=True)
    edits: list[KeyValueRows] = []
    model.rows_edited.connect(edits.append)
    return model, edits


@pytest.fixture(autouse=True)
def _application(qapp: object) -> None:
    """Every test here needs an application alive."""


def test_rows_are_shown_with_a_ghost_after_them() -> None:
    model, _ = _watched(_A, _B)
    assert model.rowCount() == 3
    assert [model.index(row, Column.NAME).data() for row in range(3)] == ["a", "b", ""]
    assert [model.headerData(n, Qt.Orientation.Horizontal) for n in range(4)] == ["", "Name", "Value", "Description"]
    assert model.row_at(2) is None


def test_writing_in_the_ghost_makes_a_row_and_a_new_ghost_and_keeps_the_place_of_the_editor() -> None:
    model, edits = _watched(_A)
    place = QPersistentModelIndex(model.index(1, Column.VALUE))
    assert model.setData(model.index(1, Column.VALUE), "x")
    assert model.rowCount() == 3
    assert (place.row(), place.data()) == (1, "x")
    assert edits == [model.rows()]
    assert len(model.rows()[1].id) == 12
    assert model.setData(model.index(1, Column.VALUE), "xy")
    assert edits[-1][1].value == "xy"
    assert edits[-1][1].id == edits[0][1].id


def test_nothing_written_in_the_ghost_makes_no_row() -> None:
    model, edits = _watched(_A)
    model.setData(model.index(1, Column.NAME), "")
    assert (model.rows(), edits) == ((_A,), [])


def test_the_box_switches_a_row() -> None:
    model, edits = _watched(_A)
    box = model.index(0, Column.BOX)
    assert box.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    model.setData(box, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert edits[-1][0].enabled is False
    assert box.data(Qt.ItemDataRole.AccessibleTextRole) == "Use a"


def test_rows_are_removed_moved_and_added() -> None:
    model, edits = _watched(_A, _B, _C)
    assert model.move_row(0, 2)
    assert [row.id for row in edits[-1]] == ["b", "c", "a"]
    assert model.move_row(2, 1)
    assert [row.id for row in edits[-1]] == ["b", "a", "c"]
    assert not model.move_row(2, 3)
    assert not model.move_row(3, 0)
    assert model.remove_row(1)
    assert not model.remove_row(2)
    model.add_rows([_A], at=0)
    assert [row.id for row in edits[-1]] == ["a", "b", "c"]
    assert len(edits) == 4


def test_what_comes_from_outside_is_no_edit_and_unchanged_rows_stay_quiet(qtbot: QtBot) -> None:
    model, edits = _watched(_A, _B)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_rows((_A, _B))
    model.set_rows((_B, KeyValueRow("a", name="a", value="new")))
    assert edits == []
    assert [row.value for row in model.rows()] == ["B", "new"]


def test_the_cell_being_edited_keeps_its_text_and_the_other_cells_are_merged() -> None:
    model, _ = _watched(_A)
    model.hold("a", "value")
    model.setData(model.index(0, Column.VALUE), "mine")
    model.set_rows((KeyValueRow("a", enabled=False, name="theirs", value="theirs", description="d"),))
    assert model.rows() == (KeyValueRow("a", enabled=False, name="theirs", value="mine", description="d"),)
    model.release()
    model.set_rows((_A,))
    assert model.rows() == (_A,)


def test_a_row_just_begun_stays_until_it_came_back_once() -> None:
    model, _ = _watched(_A)
    model.setData(model.index(1, Column.NAME), "new")
    begun = model.rows()[1]
    model.hold(begun.id, "name")
    model.set_rows((_A, _B))
    assert [row.id for row in model.rows()] == ["a", "b", begun.id]
    model.set_rows((_A, _B, begun))
    model.set_rows((_A, _B))
    assert model.rows() == (_A, _B)


def test_json_keeps_its_spelling_while_it_means_the_same() -> None:
    model, _ = _watched(KeyValueRow("a", value='{"x": 1}', kind="json"), shape=VARIABLES)
    model.set_rows((KeyValueRow("a", value='{"x":1}', kind="json"),))
    assert model.rows()[0].value == '{"x": 1}'
    model.set_rows((KeyValueRow("a", value='{"x":2}', kind="json"),))
    assert model.rows()[0].value == '{"x":2}'


_ROWS = st.lists(st.sampled_from("abcdefg"), unique=True).map(
    lambda ids: tuple(KeyValueRow(letter, name=letter) for letter in ids)
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_ROWS, _ROWS, st.booleans(), st.data())
def test_every_merge_ends_with_the_rows_from_outside(
    before: KeyValueRows, after: KeyValueRows, hold: bool, data: st.DataObject
) -> None:
    model, _ = _watched(*before)
    if hold and before:
        model.hold(data.draw(st.sampled_from(before)).id, "value")
    model.set_rows(after)
    assert model.rows() == after


def test_path_parameters_have_locked_names_no_ghost_and_stay() -> None:
    model, _ = _watched(_A, shape=PATH_PARAMETERS)
    assert model.rowCount() == 1
    assert not model.index(0, Column.NAME).flags() & Qt.ItemFlag.ItemIsEditable
    assert model.index(0, Column.VALUE).flags() & Qt.ItemFlag.ItemIsEditable
    assert not model.remove_row(0)


def test_a_name_is_judged_by_the_rule_and_so_is_its_twin(qtbot: QtBot) -> None:
    model, _ = _watched(_A, _B)
    model.set_problem(lambda row: "Twice" if [other.name for other in model.rows()].count(row.name) > 1 else None)
    assert model.index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole) is None
    with qtbot.waitSignals([model.dataChanged, model.dataChanged]):
        model.setData(model.index(1, Column.NAME), "a")
    assert model.index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole) == "Twice"
    assert model.index(0, Column.NAME).data(Qt.ItemDataRole.AccessibleDescriptionRole) == "Twice"


def test_bad_json_is_named_in_the_cell_and_kept() -> None:
    model, edits = _watched(KeyValueRow("a", value="{}", kind="json"), shape=VARIABLES)
    model.setData(model.index(0, Column.VALUE), '{"a"')
    assert model.index(0, Column.VALUE).data(Qt.ItemDataRole.ToolTipRole) == "Colon missing, column 5"
    assert edits[-1][0].value == '{"a"'


def test_a_missing_file_is_named_until_it_is_there(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    model, _ = _watched(KeyValueRow("a", value=str(path), kind="file"), shape=PARTS)
    value = model.index(0, Column.VALUE)
    assert value.data(Qt.ItemDataRole.ToolTipRole) == f"There is no file at {path}"
    path.write_bytes(b"x")
    model.look_again()
    assert value.data(Qt.ItemDataRole.ToolTipRole) == str(path)
    assert model.problems.of_value(KeyValueRow("b", value="\0" * 9, kind="file")) != ""
    assert model.problems.of_value(KeyValueRow("b", value="{{ folder }}/x", kind="file")) == ""
    assert model.problems.of_value(KeyValueRow("b", kind="file")) == ""


def test_read_only_nothing_can_be_changed_and_there_is_no_ghost() -> None:
    model, edits = _watched(_A, _B, shape=VARIABLES)
    model.set_read_only(True)
    model.set_read_only(True)
    assert model.rowCount() == 2
    box, name = model.index(0, Column.BOX), model.index(0, Column.NAME)
    assert model.flags(name) == model.flags(box) == Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    model.setData(name, "other")
    model.setData(box, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    model.add_rows([_C])
    assert not model.remove_row(0)
    assert not model.move_row(0, 1)
    assert (model.rows(), edits) == ((_A, _B), [])
    model.set_rows((_A, _C), fresh=False)
    assert model.rows() == (_A, _C)
    model.set_read_only(False)
    assert model.rowCount() == 3
    model.setData(model.index(0, Column.NAME), "other")
    assert len(edits) == 1
