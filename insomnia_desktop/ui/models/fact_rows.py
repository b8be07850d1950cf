"""Rows of texts under headings, each row with the thing that it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
T = TypeVar("T")


class FactColumn(msgspec.Struct, frozen=True):
    """A column; `width` in px at 100 % at least, 0 for what is left; `mono` in the font of code, `right` for numbers.

    `middle` elides in the middle, where beginning and end say most. The colour of a row that stands out is shown where
    the column `marks`.
    """

    heading: str
    width: int = 0
    mono: bool = False
    right: bool = False
    dim: bool = False
    marks: bool = False
    middle: bool = False


class FactRow(msgspec.Struct, Generic[T], frozen=True):
    """The texts of one row, and the thing; `token` is the colour of a row that stands out, "" for none."""

    texts: tuple[str, ...]
    thing: T
    token: str = ""


class FactRows(QAbstractTableModel):
    """Read only; a screen reader hears the heading with each text."""

    def __init__(self, columns: Sequence[FactColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._rows: list[FactRow[Any]] = []

    def set_rows(self, rows: Sequence[FactRow[Any]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rows(self) -> list[FactRow[Any]]:
        """Return all rows."""
        return list(self._rows)

    def row_at(self, number: int) -> FactRow[Any] | None:
        """Return one row, or None where there is none."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell."""
        if not index.isValid():
            return None
        text = self._rows[index.row()].texts[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()].heading}: {text}"
        return text if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.columns[section].heading
        return None
