"""What the mouse does in a key/value table: hover, boxes, trash, menus, opening editors, dragging rows."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QTableView

from insomnia_desktop.ui.delegates import key_value_layout as layout
from insomnia_desktop.ui.delegates.key_value_delegate import NOWHERE, KeyValueDelegate, TableState
from insomnia_desktop.ui.models.key_value_model import Column, KeyValueModel


class RowActions(Protocol):
    """What a click can ask the view for."""

    def activate_cell(self, index: QModelIndex, point: QPoint | None) -> None:
        """Open the editor of a cell, with the caret at a point of the viewport, or what stands for it."""

    def toggle_row(self, row: int) -> None:
        """Switch a row on or off."""

    def delete_row(self, row: int) -> None:
        """Delete a row."""

    def open_kind_menu(self, row: int) -> None:
        """Open the menu of kinds of a row."""


class KeyValuePointer(QObject):
    """Takes the left button and the movement of the mouse over the viewport of one table."""

    def __init__(
        self,
        view: QTableView,
        *,
        model: KeyValueModel,
        delegate: KeyValueDelegate,
        state: TableState,
        actions: RowActions,
    ) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._delegate = delegate
        self._actions = actions
        self._state = state
        self._pressed: QPersistentModelIndex | None = None
        self._pressed_at = NOWHERE
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what belongs to the mouse."""
        kind = event.type()
        if kind == QEvent.Type.Leave:
            self._move_to(NOWHERE)
        elif isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseMove:
                self._on_move(event)
                return True
            if event.button() == Qt.MouseButton.LeftButton:
                if kind == QEvent.Type.MouseButtonPress:
                    self._on_press(event)
                    return True
                if kind == QEvent.Type.MouseButtonRelease:
                    self._on_release(event)
                    return True
                if kind == QEvent.Type.MouseButtonDblClick:
                    return True
        return False

    def _on_press(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self._view.indexAt(point)
        self._view.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pressed = QPersistentModelIndex(index) if index.isValid() else None
        self._pressed_at = point
        self._move_to(point)
        if index.isValid():
            self._view.setCurrentIndex(index)

    def _on_move(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag_to(point)
        self._move_to(point)

    def _on_release(self, event: QMouseEvent) -> None:
        pressed, target = self._pressed, self._state.drop_before
        self._pressed, self._state.drop_before = None, -1
        if pressed is None or not pressed.isValid():
            return
        row = pressed.row()
        if target >= 0:
            self._model.move_row(row, target - int(target > row))
            self._view.viewport().update()
            return
        point = event.position().toPoint()
        index = self._model.index(row, pressed.column())
        if self._view.indexAt(point) == index:
            self._click(index, point)

    def _click(self, index: QModelIndex, point: QPoint) -> None:
        cell = self._view.visualRect(index)
        row = self._model.row_at(index.row())
        if index.column() == Column.BOX:
            self._actions.toggle_row(index.row())
        elif row is not None and self._is_on_trash(index, cell, point):
            self._actions.delete_row(index.row())
        elif row is not None and self._is_on_kind(index, cell, point):
            self._actions.open_kind_menu(index.row())
        else:
            self._actions.activate_cell(index, point)

    def _is_on_trash(self, index: QModelIndex, cell: QRect, point: QPoint) -> bool:
        is_last = index.column() == self._model.columnCount() - 1
        return is_last and self._model.shape.has_ghost and layout.trash_rect(cell).contains(point)

    def _is_on_kind(self, index: QModelIndex, cell: QRect, point: QPoint) -> bool:
        width = self._delegate.kind_width()
        if not width or index.column() != Column.VALUE:
            return False
        return layout.kind_rect(self._delegate.field_rect(index, cell), width).contains(point)

    def _drag_to(self, point: QPoint) -> None:
        assert self._pressed is not None
        if not self._pressed.isValid() or self._model.row_at(self._pressed.row()) is None:
            return
        far = abs(point.y() - self._pressed_at.y()) >= QApplication.startDragDistance()
        if self._state.drop_before < 0 and not (far and self._model.shape.has_ghost):
            return
        count = len(self._model.rows())
        row = self._view.rowAt(point.y())
        if row < 0 or row >= count:
            self._state.drop_before = 0 if point.y() < 0 else count
        else:
            middle = self._view.rowViewportPosition(row) + self._view.rowHeight(row) / 2
            self._state.drop_before = row + int(point.y() > middle)
        self._view.scrollTo(self._model.index(min(self._state.drop_before, count - 1), Column.NAME))

    def _move_to(self, point: QPoint) -> None:
        is_free = point != NOWHERE and self._state.drop_before < 0
        row = self._view.rowAt(point.y()) if is_free else -1
        if (point, row) != (self._state.mouse, self._state.hovered_row):
            self._state.mouse, self._state.hovered_row = point, row
            self._view.viewport().update()

    def _on_scrolled(self) -> None:
        self._move_to(self._state.mouse)
