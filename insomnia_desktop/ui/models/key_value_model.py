"""The rows of a key/value table as a Qt model, with a ghost row at the end that becomes a row when written in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import IntEnum
from typing import TypeAlias

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from insomnia_desktop.ui.models.key_value_problems import KeyValueProblems, RowProblem
from insomnia_desktop.ui.models.key_value_rows import (
    PAIRS,
    KeyValueRow,
    KeyValueRows,
    RowField,
    TableShape,
    new_row,
    same_meaning,
)

_Index: TypeAlias = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_NO_PARENT = QModelIndex()


class Column(IntEnum):
    """The columns; the box column is hidden where a table has no boxes."""

    BOX = 0
    NAME = 1
    VALUE = 2
    DESCRIPTION = 3


FIELDS: dict[int, RowField] = {
    Column.NAME: "name",
    Column.VALUE: "value",
    Column.DESCRIPTION: "description",
}


class KeyValueModel(QAbstractTableModel):
    """Rows, and after them the ghost row; what a person changes and what comes from outside stay apart.

    Signals:
        rows_edited(tuple): the person changed something; with every key while a cell is written in.
    """

    rows_edited = Signal(tuple)

    def __init__(self, shape: TableShape = PAIRS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shape = shape
        self._wanted_shape = shape
        self._read_only = False
        self._rows: list[KeyValueRow] = []
        self._outside_ids: set[str] = set()
        self._held: tuple[str, RowField] | None = None
        self.problems = KeyValueProblems(self)

    def rows(self) -> KeyValueRows:
        """Return the rows without the ghost."""
        return tuple(self._rows)

    def row_at(self, row: int) -> KeyValueRow | None:
        """Return a row, or None for the ghost and beyond."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def set_rows(self, rows: Iterable[KeyValueRow], *, fresh: bool = False) -> None:
        """Show rows from outside; emits no `rows_edited`.

        With `fresh` they replace everything. Without, they are merged by id: views keep editor, selection and caret,
        the held cell keeps its text, JSON keeps its spelling where it means the same, and a row just begun
        stays until it came back from outside once.
        """
        incoming = list(rows)
        if fresh:
            self.beginResetModel()
            self._rows = incoming
            self._held = None
            self.endResetModel()
        else:
            self._merge(incoming)
        self._outside_ids = {row.id for row in incoming}

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed; there is no ghost row then."""
        return self._read_only

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        if read_only == self._read_only:
            return
        self.beginResetModel()
        self._read_only = read_only
        self.shape = replace(self._wanted_shape, has_ghost=False) if read_only else self._wanted_shape
        self.endResetModel()

    def hold(self, row_id: str, field: RowField) -> None:
        """Protect the cell that is being edited from what comes from outside."""
        self._held = (row_id, field)

    def release(self) -> None:
        """End the protection of `hold`."""
        self._held = None

    def set_problem(self, problem: RowProblem | None) -> None:
        """Set what judges the name of a row; its sentence is shown as a tool tip and the name is marked."""
        self.problems.set_rule(problem)
        self.look_again()

    def look_again(self) -> None:
        """Judge all values anew: files may have come or gone."""
        self.problems.forget()
        self._all_changed()

    def change_row(self, row: KeyValueRow) -> None:
        """Take a row as the person changed it, found by its id; an unknown one is ignored."""
        for number, old in enumerate(self._rows):
            if old.id == row.id and old != row and not self._read_only:
                self._replace(number, row)
                self.rows_edited.emit(self.rows())

    def add_rows(self, added: Sequence[KeyValueRow], *, at: int | None = None) -> None:
        """Insert rows of the person before row `at`; without, before the ghost."""
        if not added or self._read_only:
            return
        start = len(self._rows) if at is None else max(0, min(at, len(self._rows)))
        self.beginInsertRows(_NO_PARENT, start, start + len(added) - 1)
        self._rows[start:start] = added
        self.endInsertRows()
        self.rows_edited.emit(self.rows())

    def remove_row(self, row: int) -> bool:
        """Delete a row of the person; return False for the ghost and where rows are given from outside only."""
        if self.row_at(row) is None or not self.shape.has_ghost:
            return False
        self.beginRemoveRows(_NO_PARENT, row, row)
        del self._rows[row]
        self.endRemoveRows()
        self.rows_edited.emit(self.rows())
        return True

    def move_row(self, source: int, target: int) -> bool:
        """Move a row so that it stands at row `target` afterwards; return whether it moved."""
        is_possible = self.row_at(source) is not None and self.row_at(target) is not None and not self._read_only
        if not is_possible or not self._shift(source, target):
            return False
        self.rows_edited.emit(self.rows())
        return True

    # What Qt asks a model.

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of rows, the ghost included."""
        return 0 if parent.isValid() else len(self._rows) + int(self.shape.has_ghost)

    def columnCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of columns, hidden ones included."""
        return 0 if parent.isValid() else len(Column) - int(not self.shape.has_descriptions)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self._read_only:
            return flags
        is_real = index.row() < len(self._rows)
        if index.column() == Column.BOX:
            return flags | Qt.ItemFlag.ItemIsUserCheckable if is_real and self.shape.has_boxes else flags
        if index.column() == Column.NAME and self.shape.is_name_locked:
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> object:
        """Return text, box and tool tip of a cell."""
        row = self.row_at(index.row())
        field = FIELDS.get(index.column())
        if role in (_Role.DisplayRole, _Role.EditRole):
            return "" if row is None or field is None else row.field(field)
        if row is None:
            return None
        if role == _Role.CheckStateRole and field is None and self.shape.has_boxes:
            return Qt.CheckState.Checked if row.enabled else Qt.CheckState.Unchecked
        if role == _Role.ToolTipRole:
            if field == "name":
                return self.problems.of_name(row) or None
            if field == "value":
                return self.problems.of_value(row) or (row.value if row.kind == "file" else None)
        if role == _Role.AccessibleTextRole and field is None:
            return self.tr("Use %s").replace("%s", row.name)
        if role == _Role.AccessibleDescriptionRole and field in ("name", "value"):
            return self.problems.of_name(row) if field == "name" else self.problems.of_value(row)
        return None

    def setData(self, index: _Index, value: object, role: int = _Role.EditRole) -> bool:
        """Take what the person wrote in a cell or did to a box; text in the ghost makes it a row."""
        row = self.row_at(index.row())
        field = FIELDS.get(index.column())
        if role == _Role.CheckStateRole and row is not None and field is None:
            self.change_row(replace(row, enabled=Qt.CheckState(value) == Qt.CheckState.Checked))
            return True
        if role != _Role.EditRole or field is None:
            return False
        text = str(value)
        if row is not None:
            self.change_row(row.with_field(field, text))
        elif text and self.shape.has_ghost:
            self._wake_ghost(new_row().with_field(field, text))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        """Return the heading of a column."""
        if orientation != Qt.Orientation.Horizontal or role != _Role.DisplayRole:
            return None
        return ("", self.tr("Name"), self.tr("Value"), self.tr("Description"))[section]

    # Inside.

    def _wake_ghost(self, row: KeyValueRow) -> None:
        """Let the ghost's place be a row: the new ghost is what gets inserted, so an open editor stays open."""
        ghost = len(self._rows)
        self.beginInsertRows(_NO_PARENT, ghost + 1, ghost + 1)
        self._rows.append(row)
        self.endInsertRows()
        self._row_changed(ghost)
        self.rows_edited.emit(self.rows())

    def _merge(self, incoming: list[KeyValueRow]) -> None:
        wanted = {row.id for row in incoming}
        for number in reversed(range(len(self._rows))):
            old = self._rows[number]
            if old.id not in wanted and not self._is_just_begun(old):
                self.beginRemoveRows(_NO_PARENT, number, number)
                del self._rows[number]
                self.endRemoveRows()
        for target, row in enumerate(incoming):
            if target < len(self._rows) and self._is_just_begun(self._rows[target]) and row.id != self._rows[target].id:
                self._shift(target, len(self._rows) - 1)
            place = next((n for n in range(target, len(self._rows)) if self._rows[n].id == row.id), None)
            if place is None:
                self.beginInsertRows(_NO_PARENT, target, target)
                self._rows.insert(target, row)
                self.endInsertRows()
                continue
            self._shift(place, target)
            self._take_over(target, row)

    def _is_just_begun(self, row: KeyValueRow) -> bool:
        """Say whether the person is writing this row and it was never seen from outside."""
        return self._held is not None and self._held[0] == row.id and row.id not in self._outside_ids

    def _take_over(self, number: int, row: KeyValueRow) -> None:
        old = self._rows[number]
        if self._held is not None and self._held[0] == row.id:
            field = self._held[1]
            row = row.with_field(field, old.field(field))
            if field == "value":
                row = replace(row, kind=old.kind)
        if not same_meaning(old, row):
            self._replace(number, row)

    def _shift(self, source: int, target: int) -> bool:
        if source == target:
            return False
        # Qt counts the place before the move: below itself that is one further.
        if not self.beginMoveRows(_NO_PARENT, source, source, _NO_PARENT, target + int(target > source)):
            return False
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()
        return True

    def _replace(self, number: int, row: KeyValueRow) -> None:
        self._rows[number] = row
        self._row_changed(number)

    def _row_changed(self, number: int) -> None:
        self.dataChanged.emit(self.index(number, 0), self.index(number, self.columnCount() - 1))
        if self.problems.has_rule() and len(self._rows) > 1:
            # Another row may be the other half of a pair of equal names.
            self.dataChanged.emit(self.index(0, Column.NAME), self.index(len(self._rows) - 1, Column.NAME))

    def _all_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, self.columnCount() - 1))
