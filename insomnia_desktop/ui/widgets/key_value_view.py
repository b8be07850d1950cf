"""The view of a key/value table: opens editors, keeps its rows tidy, and paints where a dragged row lands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QApplication, QFrame, QTableView, QWidget

from insomnia_desktop.ui.delegates import key_value_layout as layout
from insomnia_desktop.ui.delegates.key_value_delegate import KeyValueDelegate, TableState
from insomnia_desktop.ui.models.bulk_text import parse_pasted, to_bulk_text
from insomnia_desktop.ui.models.key_value_model import Column, KeyValueModel
from insomnia_desktop.ui.models.key_value_rows import new_row
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.widgets.chip_hover import ChipHover
from insomnia_desktop.ui.widgets.key_value_editor import CellEditor, Walk
from insomnia_desktop.ui.widgets.key_value_header import KeyValueHeader
from insomnia_desktop.ui.widgets.key_value_keys import KeyValueKeys
from insomnia_desktop.ui.widgets.key_value_menus import FileChooser, choose_file, kind_menu, row_menu, set_path
from insomnia_desktop.ui.widgets.key_value_pointer import KeyValuePointer

PrepareEditor: TypeAlias = Callable[[CellEditor, QModelIndex], None]
_NO_TRIGGER = QAbstractItemView.EditTrigger.NoEditTriggers
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class KeyValueView(QTableView):
    """A QTableView without grid, frame and headers of its own; `prepare` dresses each editor that opens."""

    def __init__(self, model: KeyValueModel, prepare: PrepareEditor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._prepare = prepare
        self._state = TableState()
        self._written: set[str] = set()
        self._shows_ring = False
        self.file_chooser: FileChooser = choose_file
        self._delegate = KeyValueDelegate(model, self._state, self._make_editor, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.header = KeyValueHeader(
            self, has_boxes=model.shape.has_boxes, has_descriptions=model.shape.has_descriptions
        )
        self.setHorizontalHeader(self.header)
        self._keys = KeyValueKeys(self, model, self)
        self._pointer = KeyValuePointer(self, model=model, delegate=self._delegate, state=self._state, actions=self)
        self.chips = ChipHover(self.viewport(), self._chip_at)
        self._tidying = QTimer(self)
        self._tidying.setSingleShot(True)
        self._tidying.setInterval(0)
        self._tidying.timeout.connect(self._tidy)
        self._set_up()

    def _set_up(self) -> None:
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AnyKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self._measure()
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self._rows.dataChanged.connect(self._show_note)
        self._rows.rows_edited.connect(self._note_written)
        self._rows.modelReset.connect(self._written.clear)
        switch().changed.connect(self._measure)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus_changed)

    def delegate(self) -> KeyValueDelegate:
        """Return the delegate of all columns."""
        return self._delegate

    def activate_cell(self, index: QModelIndex, point: QPoint | None = None) -> None:
        """Open the editor of a cell, the caret at a point of the viewport; a file is chosen in a dialog instead."""
        row = self._rows.row_at(index.row())
        if row is not None and row.kind == "file" and index.column() == Column.VALUE:
            self.file_chooser(self, row.value, partial(set_path, self._rows, row.id))
        elif index.column() == Column.BOX:
            self.toggle_row(index.row())
        else:
            self.edit_text(index)
            editor = self._delegate.editor()
            if point is not None and editor is not None:
                editor.deselect()
                editor.setCursorPosition(editor.cursorPositionAt(editor.mapFrom(self.viewport(), point)))

    def edit_text(self, index: QModelIndex) -> None:
        """Open the editor of a cell with its text selected; nothing happens where the cell is locked."""
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(index)
            self.edit(index)

    def end_editing(self) -> None:
        """Close the editor that is open; what was typed is already taken."""
        editor = self._delegate.editor()
        if editor is not None:
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def toggle_row(self, row: int) -> None:
        """Switch a row on or off."""
        found = self._rows.row_at(row)
        if found is not None and self._rows.shape.has_boxes:
            self._rows.change_row(replace(found, enabled=not found.enabled))

    def delete_row(self, row: int) -> None:
        """Delete a row and stay at its place."""
        column = self.currentIndex().column()
        if self._rows.remove_row(row):
            self.setCurrentIndex(self._rows.index(row, max(column, Column.NAME)))

    def move_row(self, row: int, step: int) -> None:
        """Move a row up or down; the current cell goes with it."""
        self._rows.move_row(row, row + step)
        self.scrollTo(self.currentIndex())

    def open_kind_menu(self, row: int) -> None:
        """Open the menu of kinds of a row under its place."""
        found = self._rows.row_at(row)
        width = self._delegate.kind_width()
        if found is None or not width or self._rows.read_only:
            return
        index = self._rows.index(row, Column.VALUE)
        rect = layout.kind_rect(self._delegate.field_rect(index, self.visualRect(index)), width)
        kind_menu(self, self._rows, found).popup(self.viewport().mapToGlobal(rect.bottomLeft()))

    def copy_row(self, row: int) -> None:
        """Copy a row as the line that bulk edit shows for it."""
        found = self._rows.row_at(row)
        if found is not None:
            QGuiApplication.clipboard().setText(to_bulk_text([found], kinds=self._rows.shape.value_kinds))

    def paste(self) -> None:
        """Paste several lines as rows, one line into the current cell."""
        text = QGuiApplication.clipboard().text()
        index = self.currentIndex()
        if parse_pasted(text) is not None and self._rows.shape.has_ghost:
            self._paste_rows(text)
        elif text and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._rows.setData(index, text.strip("\r\n"))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Open the menu of the row under the mouse, or of the current one by keyboard."""
        by_keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_keyboard else self.indexAt(event.pos())
        if self._rows.row_at(index.row()) is None or self._rows.read_only:
            return
        self.setCurrentIndex(index.siblingAtColumn(max(index.column(), Column.NAME)))
        choose = partial(self.activate_cell, index.siblingAtColumn(Column.VALUE))
        menu = row_menu(self, self._rows, index.row(), choose)
        place = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()) if by_keyboard else event.globalPos()
        if menu.actions():
            menu.popup(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        super().resizeEvent(event)
        self.header.share_out()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first cell, or at the last when coming backwards; the ring shows for the keyboard only."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEYBOARD:
            self._shows_ring = True
            ends = {Qt.FocusReason.TabFocusReason: Walk.NEXT, Qt.FocusReason.BacktabFocusReason: Walk.PREVIOUS}
            walk = ends.get(event.reason())
            if walk is not None or not self.currentIndex().isValid():
                first = self._keys.neighbour(QModelIndex(), walk or Walk.NEXT)
                if first is not None:
                    self.setCurrentIndex(first)
        elif event.reason() == Qt.FocusReason.MouseFocusReason:
            self._shows_ring = False
        self._sync_state()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the cells, and the line where a dragged row lands."""
        super().paintEvent(event)
        before = self._state.drop_before
        if before >= 0:
            painter = QPainter(self.viewport())
            y = max(0, self.rowViewportPosition(min(before, self._rows.rowCount() - 1)) - 1)
            if before >= self._rows.rowCount():
                y = self.rowViewportPosition(before - 1) + self.rowHeight(before - 1) - 1
            painter.fillRect(QRectF(0, y - 1, self.viewport().width(), 2), theme().color("accent"))

    def _make_editor(self, parent: QWidget, index: QModelIndex) -> CellEditor:
        padding = self._delegate.text_padding(index.column())
        editor = CellEditor(parent, padding=padding, is_plain=index.column() == Column.DESCRIPTION)
        editor.original = str(index.data(Qt.ItemDataRole.EditRole))
        editor.setAccessibleName(str(self._rows.headerData(index.column(), Qt.Orientation.Horizontal)))
        editor.set_paste_filter(partial(self._filter_paste, index.row(), index.column()))
        editor.lines_pasted.connect(self._paste_rows)
        editor.walked.connect(self._on_walked)
        self._prepare(editor, index)
        row = self._rows.row_at(index.row())
        if row is not None and index.column() == Column.VALUE:
            editor.set_note(self._rows.problems.of_value(row))
        return editor

    def _on_walked(self, walk: Walk) -> None:
        index, editor = self.currentIndex(), self._delegate.editor()
        if walk == Walk.REVERT and isinstance(editor, CellEditor):
            editor.setText(editor.original)
            self.commitData(editor)
        self._shows_ring = True
        self.end_editing()
        if walk == Walk.REVERT:
            self._sync_state()
            return
        target = self._keys.neighbour(index, walk)
        if target is not None:
            self.setCurrentIndex(target)
            row = self._rows.row_at(target.row())
            if not (row is not None and row.kind == "file" and target.column() == Column.VALUE):
                self.edit_text(target)
        elif walk != Walk.DOWN:
            self.focusNextPrevChild(walk == Walk.NEXT)

    def _filter_paste(self, row: int, column: int, text: str) -> str | None:
        """Say what of a pasted text goes into the cell; None where its lines become rows."""
        is_ghost = self._rows.row_at(row) is None
        if parse_pasted(text) is not None and self._rows.shape.has_ghost and (is_ghost or column == Column.NAME):
            return None
        if column == Column.VALUE:
            return text.strip("\r\n") if text.strip("\r\n").count("\n") == 0 else text
        return " ".join(text.split("\n")).replace("\r", "").strip()

    def _paste_rows(self, text: str) -> None:
        """Insert the lines of a text as rows after the current one, or in its place where nothing is written there."""
        parsed = parse_pasted(text)
        if parsed is None:
            return
        self.end_editing()
        place = self.currentIndex().row()
        row = self._rows.row_at(place)
        if row is None:
            place = len(self._rows.rows())
        elif row.is_empty:
            self._rows.remove_row(place)
        else:
            place += 1
        self._rows.add_rows([new_row(n, v, d, enabled=on) for on, n, v, d in parsed], at=place)
        self.setCurrentIndex(self._rows.index(place + len(parsed) - 1, Column.NAME))

    def _chip_at(self, point: QPoint) -> tuple[str, QRect] | None:
        index = self.indexAt(point)
        return self._delegate.chip_at(index, self.visualRect(index), point) if index.isValid() else None

    def _show_note(self) -> None:
        editor = self._delegate.editor()
        index = self.currentIndex()
        row = self._rows.row_at(index.row())
        if isinstance(editor, CellEditor) and row is not None and index.column() == Column.VALUE:
            editor.set_note(self._rows.problems.of_value(row))

    def _note_written(self) -> None:
        row = self._rows.row_at(self.currentIndex().row())
        if row is not None and self._delegate.editor() is not None:
            self._written.add(row.id)

    def _on_current_changed(self) -> None:
        self._sync_state()
        self._tidying.start()

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        self._sync_state()
        if self._written:
            self._tidying.start()

    def _tidy(self) -> None:
        """Drop rows that were emptied here, once the keyboard has left them."""
        has_focus = self.hasFocus() or self._delegate.editor() is not None
        here = self._rows.row_at(self.currentIndex().row()) if has_focus else None
        for number in reversed(range(len(self._rows.rows()))):
            row = self._rows.row_at(number)
            if row is None or row == here or row.id not in self._written:
                continue
            self._written.discard(row.id)
            if row.is_empty:
                self._rows.remove_row(number)

    def _sync_state(self) -> None:
        index, editor = self.currentIndex(), self._delegate.editor()
        has_focus = self.hasFocus() or editor is not None
        self._state.active_row = index.row() if has_focus and index.isValid() else -1
        shows_ring = self._shows_ring and self.hasFocus() and editor is None and index.isValid()
        self._state.ring = (index.row(), index.column()) if shows_ring else None
        self.viewport().update()

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(layout.ROW_HEIGHT))
        self.header.share_out()
        self.viewport().update()
