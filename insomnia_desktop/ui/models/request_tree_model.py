"""The Qt face of the tree index: one column, whole numbers as ids, drag and drop by ids of documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from insomnia_desktop.model.tree_index import RECOVERED_ID, ROOT, TreeIndex, TreeRow

MIME_TYPE = "application/x-insomnia-desktop-documents"
ID_ROLE = Qt.ItemDataRole.UserRole
KIND_ROLE = ID_ROLE + 1
METHOD_ROLE = ID_ROLE + 2
COUNT_ROLE = ID_ROLE + 3
PLACEHOLDER_ROLE = ID_ROLE + 4
UNSAVED_ROLE = ID_ROLE + 5
VIEW_ONLY_ROLE = ID_ROLE + 6
RESET_ABOVE = 500

# The grey row of an empty folder is known by the folder's handle and this bit.
_PLACEHOLDER = 1 << 30
# Put together once: Qt asks for the flags of every row it lays out.
_Flag = Qt.ItemFlag
_ROOT_FLAGS = _Flag.ItemIsDropEnabled
_PLACEHOLDER_FLAGS = _Flag.ItemIsEnabled | _Flag.ItemNeverHasChildren
_ROW_FLAGS = _Flag.ItemIsEnabled | _Flag.ItemIsSelectable | _Flag.ItemIsEditable | _Flag.ItemIsDragEnabled
_FOLDER_FLAGS = _ROW_FLAGS | _Flag.ItemIsDropEnabled
_RECOVERED_FLAGS = _Flag.ItemIsEnabled | _Flag.ItemIsSelectable
_REQUEST_FLAGS = _ROW_FLAGS | _Flag.ItemNeverHasChildren
_Index = QModelIndex | QPersistentModelIndex


class RequestTreeModel(QAbstractItemModel):
    """Shows a TreeIndex; an empty folder, and an empty tree, show one grey row that starts a request.

    What has no parent here stands under a last row "Recovered", which is no document: it has no id, and only opens and
    closes; what it holds can be dragged out of it.

    It writes nothing: renames and moves are wishes, and rows change when the ChangeSet arrives. Threads: GUI.

    Signals:
        rename_requested(id, name): a name was typed over a row.
        move_requested(ids, parent_id, before_id): rows were dropped; an empty parent is the workspace, an empty
            `before_id` the end.
    """

    rename_requested = Signal(str, str)
    move_requested = Signal(list, str, str)

    def __init__(self, add_text: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tree = TreeIndex()
        self._add_text = add_text
        self._filter = ""
        self._unsaved: frozenset[str] = frozenset()

    @property
    def tree(self) -> TreeIndex:
        """The rows; read only."""
        return self._tree

    def load(self, rows: Iterable[TreeRow], workspace_id: str | None = None) -> None:
        """Show other rows; without the id of their workspace those with an unknown parent stand on the top level."""
        self.beginResetModel()
        self._tree = TreeIndex(rows, root_id=workspace_id, recovered=self.tr("Recovered"))
        self._tree.filter.apply(self._filter)
        self.endResetModel()

    def set_filter(self, text: str) -> None:
        """Show only what matches, as TreeFilter says."""
        self._filter = text
        self.beginResetModel()
        self._tree.filter.apply(text)
        self.endResetModel()

    def set_unsaved(self, ids: frozenset[str]) -> None:
        """Mark the rows whose edits are not backed up yet."""
        changed = self._unsaved ^ ids
        self._unsaved = ids
        for index in filter(QModelIndex.isValid, map(self.index_of, changed)):
            self.dataChanged.emit(index, index, [UNSAVED_ROLE])

    def put(self, rows: Sequence[TreeRow]) -> None:
        """Insert, move or update rows one by one; many at once, or rows under a filter, are one reset."""
        if len(rows) > RESET_ABOVE or self._tree.filter.active:
            self._reset(partial(self._put_all, rows))
            return
        for at, row in enumerate(rows):
            if self._is_lost_or_found(row):
                # The row "Recovered" may come or go with it, which Qt cannot be told as one move.
                self._reset(partial(self._put_all, rows[at:]))
                return
            self._put_one(row)

    def remove(self, ids: Iterable[str]) -> None:
        """Take out rows and what stands under them; many at once, or rows under a filter, are one reset."""
        gone = [row_id for row_id in ids if self._tree.handle(row_id) is not None]
        from_recovered = any(self._tree.is_recovered(self._tree.parent(self._tree.handle(each) or 0)) for each in gone)
        if gone and (len(gone) > RESET_ABOVE or self._tree.filter.active or from_recovered):
            self._reset(lambda: self._remove_all(gone))
            return
        for row_id in gone:
            handle = self._tree.handle(row_id)
            if handle is None:
                continue  # it stood under one that went before it
            parent, position = self._tree.parent(handle), self._tree.position(handle)
            self.beginRemoveRows(self._index_of_handle(parent), position, position)
            # Qt is told of one row less and then of the grey row; between the two the folder shows nothing.
            self._hidden_placeholder = parent
            self._tree.remove(row_id)
            self.endRemoveRows()
            self._show_placeholder(parent)

    def index_of(self, row_id: str) -> QModelIndex:
        """Return the index of an id; invalid if it is not shown."""
        handle = self._tree.handle(row_id)
        if handle is None or handle not in self._tree.children(self._tree.parent(handle)):
            return QModelIndex()
        return self._index_of_handle(handle)

    def id_at(self, index: _Index) -> str | None:
        """Return the id of a row, or None for the grey row, the row "Recovered" and the root."""
        handle = self._handle(index)
        if handle is None or handle == ROOT or self._tree.is_recovered(handle):
            return None
        return self._tree.row(handle).id

    def recovered_index(self) -> QModelIndex:
        """Return the index of the row "Recovered"; invalid while there is none."""
        return self.index_of(RECOVERED_ID)

    def folder_at(self, index: _Index) -> str | None:
        """Return the folder in which something new belongs when a row is current; None is the workspace itself."""
        if index.isValid() and index.internalId() & _PLACEHOLDER:
            handle = index.internalId() & ~_PLACEHOLDER
        else:
            handle = self._handle(index) or ROOT
            if handle != ROOT and self._tree.row(handle).kind != "folder":
                handle = self._tree.parent(handle)
        return self._tree.row(handle).id if handle != ROOT and not self._tree.is_recovered(handle) else None

    def folders(self) -> Iterator[tuple[QModelIndex, int]]:
        """Yield the shown folders from top to bottom, each with how many rows it opens to; not across a reset."""
        waiting = list(enumerate(self._tree.children(ROOT)))[::-1]
        while waiting:
            position, handle = waiting.pop()
            if self._tree.row(handle).kind == "folder":
                children = self._tree.children(handle)
                yield self.createIndex(position, 0, handle), len(children)
                waiting += list(enumerate(children))[::-1]

    # Qt

    def index(self, row: int, column: int, parent: _Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        """Return the index of a child."""
        handle = self._handle(parent)
        if handle is None or column != 0 or row < 0:
            return QModelIndex()
        children = self._tree.children(handle)
        if row < len(children):
            return self.createIndex(row, 0, children[row])
        if row == 0 and self._has_placeholder(handle):
            return self.createIndex(0, 0, handle | _PLACEHOLDER)
        return QModelIndex()

    def parent(self, index: _Index = QModelIndex()) -> QModelIndex:  # type: ignore[override]  # noqa: B008
        """Return the index of the folder that a row stands in."""
        if not index.isValid():
            return QModelIndex()
        internal = index.internalId()
        if internal & _PLACEHOLDER:
            return self._index_of_handle(internal & ~_PLACEHOLDER)
        return self._index_of_handle(self._tree.parent(internal))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many rows stand under a folder, the grey one included."""
        handle = self._handle(parent)
        if handle is None or parent.column() > 0:
            return 0
        return len(self._tree.children(handle)) or (1 if self._has_placeholder(handle) else 0)

    def hasChildren(self, parent: _Index = QModelIndex()) -> bool:  # noqa: B008
        """Say whether there are rows under a folder; the view asks it of every folder it lays out."""
        handle = self._handle(parent)
        if handle is None:
            return False
        return (self._tree.has_children(handle) if handle != ROOT else bool(self._tree.children(ROOT))) or (
            self._has_placeholder(handle)
        )

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return 1."""
        return 1

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a row shows."""
        if not index.isValid():
            return None
        if index.internalId() & _PLACEHOLDER:
            return {Qt.ItemDataRole.DisplayRole: self._add_text, PLACEHOLDER_ROLE: True}.get(role)
        handle = index.internalId()
        row = self._tree.row(handle)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.name
        if role == ID_ROLE:
            return row.id
        if role == KIND_ROLE:
            return row.kind
        if role == METHOD_ROLE:
            return row.method
        if role == COUNT_ROLE:
            return self._tree.count_requests(handle) if row.kind == "folder" else 0
        if role == UNSAVED_ROLE:
            return row.id in self._unsaved
        if role == VIEW_ONLY_ROLE:
            return row.id == RECOVERED_ID
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            words = self.tr("What these stood in is not on this device. Drag them to where they belong.")
            return words if row.id == RECOVERED_ID else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            spoken = row.name if row.kind == "folder" else f"{row.method} {row.name}"
            return self.tr("%s, not backed up") % spoken if row.id in self._unsaved else spoken
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Wish for another name; the row changes when it is written."""
        row_id = self.id_at(index)
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or row_id is None or not name:
            return False
        if name != index.data(Qt.ItemDataRole.EditRole):
            self.rename_requested.emit(row_id, name)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Say what can be done with a row."""
        if not index.isValid():
            return _ROOT_FLAGS
        internal = index.internalId()
        if internal & _PLACEHOLDER:
            return _PLACEHOLDER_FLAGS
        if self._tree.is_recovered(internal):
            return _RECOVERED_FLAGS
        return _FOLDER_FLAGS if self._tree.row(internal).kind == "folder" else _REQUEST_FLAGS

    def mimeTypes(self) -> list[str]:
        """Return our own type alone."""
        return [MIME_TYPE]

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows are moved."""
        return Qt.DropAction.MoveAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """Carry the ids of the rows from top to bottom, in whatever order they were selected."""
        handles = {handle for handle in map(self._handle, indexes) if handle is not None and handle != ROOT}
        ids = [self._tree.row(each).id for each in sorted(handles, key=self._way) if not self._tree.is_recovered(each)]
        carried = QMimeData()
        carried.setData(MIME_TYPE, json.dumps(ids).encode())
        return carried

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Refuse a folder into itself, and anything into the row "Recovered"."""
        if self._tree.is_recovered(self._handle(parent) or ROOT):
            return False
        target = self.folder_at(parent) if parent.isValid() else None
        ids = _carried_ids(data)
        return bool(ids) and not self._tree.filter.active and all(self._tree.may_move(row_id, target) for row_id in ids)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index) -> bool:
        """Wish for a move; the rows move when it is written, so the view must not take them out itself."""
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        ids = _carried_ids(data)
        handle = self._handle(parent)
        siblings = self._tree.children(handle) if handle is not None else []
        following = [self._tree.row(each).id for each in siblings[row:]] if row >= 0 else []
        before = next((each for each in following if each not in ids and each != RECOVERED_ID), "")
        self.move_requested.emit(ids, self.folder_at(parent) or "" if parent.isValid() else "", before)
        return False

    # Own

    _hidden_placeholder: int | None = None

    def _put_one(self, row: TreeRow) -> None:
        tree = self._tree
        handle = tree.handle(row.id)
        new_parent, new_position = tree.place_of(row)
        if any(tree.row(child).parent_id == row.id for child in tree.children(ROOT)):
            self._reset(lambda: tree.put(row))  # it may take in rows that stood under the root without it
            return
        if handle is None:
            self._drop_placeholder(new_parent)
            self.beginInsertRows(self._index_of_handle(new_parent), new_position, new_position)
            tree.put(row)
            self._hidden_placeholder = None
            self.endInsertRows()
            return
        old_parent, old_position = tree.parent(handle), tree.position(handle)
        if (old_parent, old_position) == (new_parent, new_position):
            tree.put(row)
            changed = self._index_of_handle(handle)
            self.dataChanged.emit(changed, changed)
            return
        self._reset_or_move(row, old_parent, old_position, new_parent, new_position)

    def _is_lost_or_found(self, row: TreeRow) -> bool:
        """Say whether a row, or one that it takes in, comes under the row "Recovered" or leaves it."""
        tree, handle = self._tree, self._tree.handle(row.id)
        was_lost = handle is not None and tree.is_recovered(tree.parent(handle))
        if was_lost != tree.is_recovered(tree.place_of(row)[0]):
            return True
        at = tree.handle(RECOVERED_ID)
        return at is not None and any(tree.row(child).parent_id == row.id for child in tree.children(at))

    def _reset_or_move(self, row: TreeRow, old_parent: int, old: int, new_parent: int, new: int) -> None:
        tree = self._tree
        if new_parent != old_parent and (not tree.children(new_parent) or len(tree.children(old_parent)) == 1):
            self._reset(lambda: tree.put(row))  # a grey row comes or goes together with the move
            return
        # Qt counts the target among the rows as they stand before the move.
        target = new + 1 if new_parent == old_parent and new > old else new
        self.beginMoveRows(self._index_of_handle(old_parent), old, old, self._index_of_handle(new_parent), target)
        handle = tree.put(row)
        self.endMoveRows()
        changed = self._index_of_handle(handle)
        self.dataChanged.emit(changed, changed)

    def _put_all(self, rows: Iterable[TreeRow]) -> None:
        for row in rows:
            self._tree.put(row)

    def _remove_all(self, ids: Iterable[str]) -> None:
        for row_id in ids:
            self._tree.remove(row_id)

    def _reset(self, change: Callable[[], object]) -> None:
        self.beginResetModel()
        change()
        self._tree.filter.apply(self._filter)
        self.endResetModel()

    def _drop_placeholder(self, handle: int) -> None:
        if self._has_placeholder(handle):
            self.beginRemoveRows(self._index_of_handle(handle), 0, 0)
            self._hidden_placeholder = handle
            self.endRemoveRows()

    def _show_placeholder(self, handle: int) -> None:
        if self._tree.children(handle):
            self._hidden_placeholder = None
            return
        self.beginInsertRows(self._index_of_handle(handle), 0, 0)
        self._hidden_placeholder = None
        self.endInsertRows()

    def _has_placeholder(self, handle: int) -> bool:
        if self._tree.filter.active or self._tree.children(handle) or handle == self._hidden_placeholder:
            return False
        return handle == ROOT or self._tree.row(handle).kind == "folder"

    def _way(self, handle: int) -> tuple[int, ...]:
        """Return the positions that lead to a row from the root: rows sorted by it stand from top to bottom."""
        return tuple(self._tree.position(each) for each in reversed([handle, *self._tree.ancestors(handle)]))

    def _handle(self, index: _Index) -> int | None:
        if not index.isValid():
            return ROOT
        internal = index.internalId()
        return None if internal & _PLACEHOLDER else internal

    def _index_of_handle(self, handle: int) -> QModelIndex:
        if handle == ROOT:
            return QModelIndex()
        return self.createIndex(self._tree.position(handle), 0, handle)


def _carried_ids(data: QMimeData) -> list[str]:
    if not data.hasFormat(MIME_TYPE):
        return []
    try:
        ids = json.loads(bytes(data.data(MIME_TYPE).data()))
    except ValueError:
        return []
    return [row_id for row_id in ids if isinstance(row_id, str)] if isinstance(ids, list) else []
