"""The rows of a list of two lines each, under headings: versions, documents, conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

ENTRY_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class ListEntry(msgspec.Struct, frozen=True):
    """One row; without a `key` it is a heading.

    `method` is that of a request, `icon` a name of an icon for what is none; `tag` a word in a tinted pill beside the
    title; `right` stands at the right edge. A `faint` one has less to offer than the others.
    """

    key: str = ""
    title: str = ""
    sub: str = ""
    right: str = ""
    method: str = ""
    icon: str = ""
    tag: str = ""
    faint: bool = False
    dot: bool = False

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        return ", ".join(part for part in (self.method, self.title, self.tag, self.sub, self.right) if part)


class ListEntries(QAbstractListModel):
    """Entries in the order in which they are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[ListEntry] = []

    def set_entries(self, entries: Sequence[ListEntry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entries(self) -> list[ListEntry]:
        """Return all of them."""
        return list(self._entries)

    def row_of(self, key: str) -> int:
        """Return the row of a key, or -1."""
        return next((row for row, entry in enumerate(self._entries) if entry.key == key and key), -1)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry.spoken
        return entry if role == ENTRY_ROLE else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A heading cannot be chosen."""
        if not index.isValid() or not self._entries[index.row()].key:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
