"""Paints the rows of a key/value table and opens the editors of their cells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from insomnia_desktop.ui.delegates import key_value_layout as layout
from insomnia_desktop.ui.delegates.chip_painting import chip_at
from insomnia_desktop.ui.delegates.key_value_painting import CellLook, KeyValuePainter
from insomnia_desktop.ui.models.key_value_model import FIELDS, Column, KeyValueModel
from insomnia_desktop.ui.models.variable_state import VariableResolver, all_known
from insomnia_desktop.ui.theme.fonts import mono_font, px

_Index: TypeAlias = QModelIndex | QPersistentModelIndex
EditorFactory: TypeAlias = Callable[[QWidget, QModelIndex], QLineEdit]


NOWHERE = QPoint(-1, -1)


@dataclass(slots=True)
class TableState:
    """What mouse and keyboard are doing right now; the view writes it, the delegate paints by it.

    Rows are -1 for none. `ring` is the cell with the focus ring, `drop_before` the row that a dragged one lands before.
    """

    hovered_row: int = -1
    mouse: QPoint = NOWHERE
    active_row: int = -1
    ring: tuple[int, int] | None = None
    drop_before: int = -1


class KeyValueDelegate(QStyledItemDelegate):
    """One for all columns of a table.

    An editor commits with every key, so that what is typed is saved as it is typed; the keys that walk the cells belong
    to the editor, since its list of suggestions goes first.
    """

    def __init__(self, model: KeyValueModel, state: TableState, make_editor: EditorFactory, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._state = state
        self._make_editor = make_editor
        self._painter = KeyValuePainter(model)
        self._editor: QLineEdit | None = None
        self.resolver: VariableResolver = all_known

    def kind_width(self) -> int:
        """Return the width of the menu of kinds in the value column; 0 where the table knows one kind only."""
        return self._painter.kind_width()

    def field_rect(self, index: _Index, cell: QRect) -> QRect:
        """Return the part of a cell in which its text stands and its editor opens."""
        is_last = index.column() == self._model.columnCount() - 1
        kinds = self.kind_width() if index.column() == Column.VALUE else 0
        return layout.field_rect(cell, is_last=is_last, has_trash=self._model.shape.has_ghost, kind_width=kinds)

    def text_padding(self, column: int) -> int:
        """Return the room left of the text in a column."""
        return layout.text_padding(is_name=column == Column.NAME, has_boxes=self._model.shape.has_boxes)

    def chip_at(self, index: _Index, cell: QRect, point: QPoint) -> tuple[str, QRect] | None:
        """Return the variable whose chip stands at a point of a cell, and its rectangle."""
        row = self._model.row_at(index.row())
        if row is None or not row.enabled or index.column() not in (Column.NAME, Column.VALUE):
            return None
        text = row.field(FIELDS[index.column()])
        left = cell.left() + self.text_padding(index.column())
        found = chip_at(text, mono_font(13), point.x() - left)
        if found is None:
            return None
        name, start, end = found
        return name, QRect(left + round(start), cell.top(), round(end - start), cell.height())

    def editor(self) -> QLineEdit | None:
        """Return the editor that is open, if any."""
        return self._editor

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one cell with its part of the row's ground and lines."""
        cell: QRect = option.rect
        place = self._model.index(index.row(), index.column())
        row = index.row()
        look = CellLook(
            cell=cell,
            field=self.field_rect(index, cell),
            padding=self.text_padding(index.column()),
            is_hovered=self._state.hovered_row == row,
            is_active=self._state.active_row == row,
            has_ring=self._state.ring == (row, index.column()),
            is_last=index.column() == self._model.columnCount() - 1,
            mouse=self._state.mouse,
        )
        painter.save()
        self._painter.paint(painter, look, place, self.resolver)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row."""
        return QSize(px(64), px(layout.ROW_HEIGHT))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Open the editor of a cell and protect the cell from changes from outside."""
        place = self._model.index(index.row(), index.column())
        editor = self._make_editor(parent, place)
        editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
        editor.textEdited.connect(self._commit)
        self._editor = editor
        self._hold(place)
        return editor

    def destroyEditor(self, editor: QWidget, index: _Index) -> None:
        """Close the editor of a cell."""
        if editor is self._editor:
            self._editor = None
            self._model.release()
        super().destroyEditor(editor, index)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Show the text of the cell, with the caret where it is; nothing happens where it is that already."""
        text = str(index.data(Qt.ItemDataRole.EditRole))
        if isinstance(editor, QLineEdit) and editor.text() != text:
            caret = editor.cursorPosition()
            editor.setText(text)
            editor.setCursorPosition(caret)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Take the text of the editor over, if it is another one."""
        if isinstance(editor, QLineEdit) and editor.text() != index.data(Qt.ItemDataRole.EditRole):
            place = self._model.index(index.row(), index.column())
            model.setData(place, editor.text())
            self._hold(place)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Give the editor the cell without its lines."""
        editor.setGeometry(self.field_rect(index, option.rect))

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Let the editor have its keys; the loss of focus closes it as usual."""
        if event.type() == QEvent.Type.KeyPress:
            return False
        return super().eventFilter(editor, event)

    def _commit(self) -> None:
        if self._editor is not None:
            self.commitData.emit(self._editor)

    def _hold(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row is not None and self._editor is not None:
            self._model.hold(row.id, FIELDS[index.column()])
