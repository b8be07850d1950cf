"""A table to read, select and copy: headers of a response, and the cookies it sets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font

ROW_HEIGHT: Final = 32
HEADING_HEIGHT: Final = 28
_LEFT: Final = 16
_PADDING: Final = 8
_LEAST: Final = 72

Index = QModelIndex | QPersistentModelIndex
Rows = Sequence[tuple[str, ...]]
_NOWHERE = QModelIndex()


class ReadOnlyRows(QAbstractTableModel):
    """Rows of texts under headings."""

    def __init__(self, headings: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headings = headings
        self._rows: list[tuple[str, ...]] = []

    def set_rows(self, rows: Rows) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rows(self) -> list[tuple[str, ...]]:
        """Return all rows."""
        return list(self._rows)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell; a screen reader hears the heading with it."""
        if not index.isValid():
            return None
        text = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._headings[index.column()]}: {text}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        return None


class _Cells(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(_LEAST), px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme().color("sel_w"))
        left = px(_LEFT if index.column() == 0 else _PADDING)
        painting.draw_text(
            painter,
            str(index.data() or "").replace("\n", " "),
            x=rect.left() + left,
            top=rect.top(),
            height=rect.height() - 1,
            font=mono_font(13),
            token="text" if index.column() < 2 else "dim",
            width=rect.width() - left - px(_PADDING),
        )
        painting.hairline(painter, rect.left(), rect.bottom(), length=rect.width())
        if index.column() < index.model().columnCount() - 1:
            painting.hairline(painter, rect.right(), rect.top(), length=rect.height(), upright=True)
        view = option.widget
        if state & QStyle.StateFlag.State_HasFocus and isinstance(view, ResponseTable) and view.shows_ring:
            painting.ring(painter, QRectF(rect.adjusted(0, 0, -1, -1)), radius=4)
        painter.restore()


class _Headings(QHeaderView):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setStretchLastSection(True)
        self.setMinimumSectionSize(px(_LEAST))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(HEADING_HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        painter.save()
        painter.fillRect(rect, theme().color("window"))
        left = px(_LEFT if logicalIndex == 0 else _PADDING)
        words = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        painting.draw_text(
            painter,
            words,
            x=rect.left() + left,
            top=rect.top(),
            height=rect.height() - 1,
            font=ui_font(12),
            token="dim",
            width=rect.width() - left,
        )
        painting.hairline(painter, rect.left(), rect.bottom(), length=rect.width())
        painter.restore()


class ResponseTable(QTableView):
    """Rows that are selected as a whole and copied as "name: value" lines, or cell by cell from the menu."""

    def __init__(self, headings: tuple[str, ...], shares: tuple[float, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = ReadOnlyRows(headings, self)
        self._shares = shares
        self._is_shared = False
        self.shows_ring = False
        self.setModel(self.rows_model)
        self.setItemDelegate(_Cells(self))
        self.setHorizontalHeader(_Headings(self))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._measure()
        switch().changed.connect(self._measure)

    def show_rows(self, rows: Rows) -> None:
        """Show other rows."""
        self.rows_model.set_rows(rows)

    def as_text(self) -> str:
        """Return all rows as lines."""
        return "\n".join(_line(row) for row in self.rows_model.rows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns their shares until the person drags one."""
        super().resizeEvent(event)
        self._share_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the selected rows."""
        self.shows_ring = True
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy_rows()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer copying the cell, the selected rows, or all."""
        index = self.indexAt(event.pos())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if index.isValid():
            text = str(index.data() or "")
            words = self.tr("Copy %s") % str(self.rows_model.headerData(index.column(), Qt.Orientation.Horizontal))
            menu.addAction(words, lambda: QGuiApplication.clipboard().setText(text))
            menu.addAction(self.tr("Copy row"), self._copy_rows)
        menu.addAction(self.tr("Copy all"), lambda: QGuiApplication.clipboard().setText(self.as_text()))
        menu.popup(event.globalPos())

    def _copy_rows(self) -> None:
        rows = self.rows_model.rows()
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        QGuiApplication.clipboard().setText("\n".join(_line(rows[number]) for number in chosen))

    def _share_out(self) -> None:
        room = max(self.viewport().width(), round(sum(1 for _ in self._shares) * px(_LEAST) * 1.25))
        for column, share in enumerate(self._shares[:-1]):
            self.setColumnWidth(column, max(px(_LEAST), round(room * share)))

    @Slot()
    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(px(HEADING_HEIGHT))
        self.viewport().update()


def _line(row: tuple[str, ...]) -> str:
    name, value, *rest = row
    return "; ".join([f"{name}: {value}", *(part for part in rest if part)])
