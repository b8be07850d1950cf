"""A table to read, select and copy; its columns are as wide as their figures, one takes what is left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from insomnia_desktop.ui.models.fact_rows import FactColumn, FactRow, FactRows
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular, ui_font
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

ROW_HEIGHT: Final = 28
HEADING_HEIGHT: Final = 28
_EDGE: Final = 16
_PADDING: Final = 8
_MEASURED: Final = 3
_LEAST: Final = 40
_LEAST_REST: Final = 88

Index = QModelIndex | QPersistentModelIndex


def _font(column: FactColumn) -> QFont:
    return mono_font(12) if column.mono else tabular(ui_font(13))


def _heading_font() -> QFont:
    return ui_font(12, 500)


class _Cells(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(_LEAST), px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = option.widget
        assert isinstance(view, FactTable)
        column = view.rows_model.columns[index.column()]
        row = view.rows_model.row_at(index.row())
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme().color("sel_w"))
        left, width = view.room(index.column(), rect)
        text = str(index.data() or "")
        font = _font(column)
        if column.middle:
            text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        x = left + max(0.0, width - painting.text_width(font, text)) if column.right else left
        own = "dim" if column.dim else "text"
        token = row.token if row is not None and row.token and column.marks else own
        painting.draw_text(
            painter, text, x=x, top=rect.top(), height=rect.height() - 1, font=font, token=token, width=width + 1
        )
        painting.hairline(painter, rect.left(), rect.bottom(), length=rect.width())
        painter.restore()


class _Headings(QHeaderView):
    def __init__(self, parent: FactTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = parent
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setMinimumSectionSize(px(_LEAST))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(HEADING_HEIGHT))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        column = self._table.rows_model.columns[logicalIndex]
        painter.save()
        painter.fillRect(rect, theme().color("window"))
        left, width = self._table.room(logicalIndex, rect)
        font = _heading_font()
        x = left + max(0.0, width - painting.text_width(font, column.heading)) if column.right else left
        painting.draw_text(
            painter, column.heading, x=x, top=rect.top(), height=rect.height() - 1, font=font, token="dim", width=width
        )
        painting.hairline(painter, rect.left(), rect.bottom(), length=rect.width())
        painter.restore()


class FactTable(QTableView):
    """Rows are chosen as a whole; Ctrl+C copies the chosen ones, with a tab between the texts.

    Signals:
        chosen(thing): another row is the current one.
    """

    chosen = Signal(object)

    def __init__(self, columns: Sequence[FactColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows_model = FactRows(columns, self)
        self._ring = FocusRing(self)
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
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self._measure()
        switch().changed.connect(self._measure)

    def room(self, column: int, rect: QRect) -> tuple[int, int]:
        """Return where the text of a cell begins, and how wide it may be: 16 px at both edges, 8 between columns."""
        first, last = column == 0, column == len(self.rows_model.columns) - 1
        left = rect.left() + px(_EDGE if first else _PADDING)
        return left, rect.right() + 1 - px(_EDGE if last else _PADDING) - left

    def show_rows(self, rows: Sequence[FactRow[Any]]) -> None:
        """Show other rows; the current one stays where it was."""
        kept = self.currentIndex().row()
        self.rows_model.set_rows(rows)
        self._share_out()
        if 0 <= kept < len(rows):
            self.selectRow(kept)

    def current_thing(self) -> object:
        """Return the thing of the current row, or None."""
        row = self.rows_model.row_at(self.currentIndex().row())
        return row.thing if row is not None else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the column without a width what is left."""
        super().resizeEvent(event)
        self._share_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy the chosen rows."""
        self._ring.show_from_now()
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus, and have a current row."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())
        if not self.currentIndex().isValid():
            self.selectRow(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()
        self.viewport().update()

    def paintEvent(self, event: Any) -> None:
        """Draw the rows, and the ring over them."""
        super().paintEvent(event)
        if self._ring.is_shown():
            rect = self.visualRect(self.currentIndex())
            if rect.isValid():
                whole = QRectF(0, rect.top(), self.viewport().width(), rect.height())
                painting.ring(QPainter(self.viewport()), whole, radius=painting.SMALL_RADIUS)

    def _copy(self) -> None:
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = self.rows_model.rows()
        QGuiApplication.clipboard().setText("\n".join("\t".join(rows[number].texts) for number in chosen))

    def _share_out(self) -> None:
        columns = self.rows_model.columns
        widths = [self._fitting(number) if column.width else 0 for number, column in enumerate(columns)]
        rest = max(px(_LEAST_REST), self.viewport().width() - sum(widths))
        for number, width in enumerate(widths):
            self.setColumnWidth(number, width or rest)

    def _fitting(self, number: int) -> int:
        """Return the width of a column that has one: its own, or that of its longest texts."""
        column = self.rows_model.columns[number]
        longest = sorted({row.texts[number] for row in self.rows_model.rows()}, key=len)[-_MEASURED:]
        beside = px(_PADDING) + px(_EDGE if number in (0, len(self.rows_model.columns) - 1) else _PADDING)
        widths = [painting.text_width(_font(column), text) for text in longest]
        widths.append(painting.text_width(_heading_font(), column.heading))
        return max(px(column.width), math.ceil(max(widths)) + 1 + beside)

    @Slot(QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        row = self.rows_model.row_at(index.row())
        if row is not None:
            self.chosen.emit(row.thing)

    @Slot()
    def _measure(self) -> None:
        quiet = self.palette()
        quiet.setColor(QPalette.ColorRole.Base, theme().color("window"))
        self.setPalette(quiet)
        self.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(px(HEADING_HEIGHT))
        self._share_out()
        self.viewport().update()
