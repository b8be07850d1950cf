"""What the keyboard does in a key/value table: walking cells, and the deeds on rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView

from insomnia_desktop.ui.models.key_value_model import Column, KeyValueModel
from insomnia_desktop.ui.widgets.key_value_editor import Walk

_STEPS = {Walk.NEXT: 1, Walk.PREVIOUS: -1}


class KeyActions(Protocol):
    """What a key can ask the view for."""

    def activate_cell(self, index: QModelIndex) -> None:
        """Open the editor of a cell, or what stands for it."""

    def edit_text(self, index: QModelIndex) -> None:
        """Open the editor of a cell, also where a dialog would stand for it."""

    def toggle_row(self, row: int) -> None:
        """Switch a row on or off."""

    def delete_row(self, row: int) -> None:
        """Delete a row."""

    def move_row(self, row: int, step: int) -> None:
        """Move a row up or down."""

    def open_kind_menu(self, row: int) -> None:
        """Open the menu of kinds of a row."""

    def paste(self) -> None:
        """Paste rows or a text."""

    def copy_row(self, row: int) -> None:
        """Copy a row as text."""


class KeyValueKeys(QObject):
    """Filters the keys of one view.

    Arrows move and typing edits, as in any Qt table. Tab and Shift+Tab walk the cells and leave the table at its ends;
    Enter and F2 edit; Space switches the row; Delete deletes it; Alt+Up and Alt+Down move it; F4 opens its kinds.
    """

    def __init__(self, view: QTableView, model: KeyValueModel, actions: KeyActions) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._actions = actions
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that mean something here."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        deed = self._deed(event)
        if deed is None:
            return False
        deed()
        return True

    def neighbour(self, index: QModelIndex, walk: Walk) -> QModelIndex | None:
        """Return the cell that a step leads to from a cell (or from outside), None where it leads out of the table."""
        if walk == Walk.DOWN:
            below = index.siblingAtRow(index.row() + 1)
            return below if below.isValid() else None
        columns = range(Column.NAME, self._model.columnCount())
        cells = [(row, column) for row in range(self._model.rowCount()) for column in columns]
        step = _STEPS[walk]
        if not index.isValid():
            start = 0 if step > 0 else len(cells) - 1
        else:
            here = index.row() * len(columns) + max(0, index.column() - Column.NAME)
            start = here if index.column() == Column.BOX and step > 0 else here + step
        for place in range(start, len(cells) if step > 0 else -1, step):
            found = self._model.index(*cells[place])
            if found.flags() & Qt.ItemFlag.ItemIsEditable:
                return found
        return None

    def _deed(self, event: QKeyEvent) -> Callable[[], None] | None:
        key = Qt.Key(event.key())
        index = self._view.currentIndex()
        row, actions = index.row(), self._actions
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            target = self.neighbour(index, Walk.NEXT if key == Qt.Key.Key_Tab else Walk.PREVIOUS)
            if target is None or modifiers & Qt.KeyboardModifier.ControlModifier:
                return None
            return partial(self._view.setCurrentIndex, target)
        if not index.isValid():
            return None
        if event.matches(QKeySequence.StandardKey.Paste):
            return actions.paste
        if event.matches(QKeySequence.StandardKey.Copy):
            return partial(actions.copy_row, row)
        if modifiers == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            return partial(actions.move_row, row, -1 if key == Qt.Key.Key_Up else 1)
        if modifiers:
            return None
        return {
            Qt.Key.Key_Return: partial(actions.activate_cell, index),
            Qt.Key.Key_Enter: partial(actions.activate_cell, index),
            Qt.Key.Key_F2: partial(actions.edit_text, index),
            Qt.Key.Key_F4: partial(actions.open_kind_menu, row),
            Qt.Key.Key_Space: partial(actions.toggle_row, row),
            Qt.Key.Key_Delete: partial(actions.delete_row, row),
        }.get(key)
