"""The tree view of folders and requests: how it is drawn, and what its keys and mouse do."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyleOptionViewItem, QTreeView, QWidget

from insomnia_desktop.ui.delegates.request_delegate import RequestDelegate, row_ground
from insomnia_desktop.ui.models.request_tree_model import ID_ROLE, KIND_ROLE, PLACEHOLDER_ROLE, RequestTreeModel
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.focus_ring import FocusRing

INDENT = 16
ARROW = 14
# Rows that a filter opens at once, more than a screen holds, and in each turn after that.
_SEEN_ROWS = 120
_ROWS_AT_ONCE = 60
_Index = QModelIndex | QPersistentModelIndex


class RequestTree(QTreeView):
    """The tree; it knows rows and ids, and says what a person wants.

    Signals:
        opened(id): a request is to be opened.
        add_requested(folder_id): the grey row of an empty folder was clicked; empty is the workspace.
        rename_requested(id): the name of a row is to be typed, if it may be: by `edit_name`.
        delete_requested(), menu_requested(point): about the selected rows; the point is global.
        drag_ended(): rows were dragged, and dropped or not; the press has selected them.
        all_toggled(open): all folders were opened or closed; `expanded` and `collapsed` do not tell it.
    """

    opened = Signal(str)
    add_requested = Signal(str)
    rename_requested = Signal(str)
    delete_requested = Signal()
    menu_requested = Signal(QPoint)
    drag_ended = Signal()
    all_toggled = Signal(bool)

    def __init__(self, model: RequestTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("requestTree")
        self.setAccessibleName(self.tr("Requests"))
        self._rows = model
        self._ring = FocusRing(self)
        self._kept: tuple[list[str], str | None, int] = ([], None, 0)
        self._to_open: Iterator[tuple[QModelIndex, int]] = iter(())
        self._opening = QTimer(self)
        self._opening.setInterval(0)
        self._opening.timeout.connect(self._open_more)
        # Asked for a widget that Qt made itself, the binding loads the classes of all widgets there are: so we make it.
        self.setViewport(QWidget())
        self.setModel(model)
        self.setItemDelegate(RequestDelegate(self))
        self.setHeaderHidden(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.viewport().setAutoFillBackground(False)
        self._measure()
        switch().changed.connect(self._measure)
        model.modelAboutToBeReset.connect(self._keep_rows)

    def selected_ids(self) -> list[str]:
        """Return the ids of the selected rows from top to bottom."""
        rows = sorted(self.selectedIndexes(), key=lambda index: self.visualRect(index).top())
        return [row_id for row_id in map(self._rows.id_at, rows) if row_id is not None]

    def current_id(self) -> str | None:
        """Return the id of the current row."""
        return self._rows.id_at(self.currentIndex())

    def select(self, row_id: str, *, edit: bool = False) -> None:
        """Make a row the only selected one, show it, and let its name be typed if asked."""
        index = self._rows.index_of(row_id)
        if not index.isValid():
            return
        self.expand_to(index)
        # Not `setCurrentIndex`: that asks which keys are held, and Ctrl+N would add to the selection.
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(index)
        if edit:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self.edit(index)

    def expand_to(self, index: QModelIndex) -> None:
        """Open the folders above a row."""
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()

    def edit_name(self, row_id: str) -> None:
        """Let the name of a row be typed."""
        self.edit(self._rows.index_of(row_id))

    def rename_current(self) -> None:
        """Ask for the name of the current row to be typed."""
        self._rename(self.currentIndex())

    def open_all(self) -> None:
        """Open all folders."""
        self.expandAll()
        self.all_toggled.emit(True)

    def open_found(self) -> None:
        """Open the folders that a filter left: what is seen of them now, the rest while nothing else is to be done."""
        self._to_open = self._rows.folders()
        self._open_next(_SEEN_ROWS)

    def close_all(self) -> None:
        """Close all folders."""
        self.collapseAll()
        self.all_toggled.emit(False)

    def select_again(self) -> bool:
        """Select after a reset what was selected before it, opening nothing; say whether any of it is still there."""
        ids, current_id, top = self._kept
        chosen = QItemSelection()
        for index in filter(QModelIndex.isValid, map(self._rows.index_of, ids)):
            chosen.select(index, index)
        current = self._rows.index_of(current_id) if current_id is not None else QModelIndex()
        selection = self.selectionModel()
        if current.isValid():
            # By itself the view would scroll to the row, and for that open the folders above it.
            self.setAutoScroll(False)
            selection.setCurrentIndex(current, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.setAutoScroll(True)
        selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.verticalScrollBar().setValue(top)
        return not chosen.isEmpty()

    # Qt

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw the ground under branch, indent and row alike, then the row."""
        rect: QRect = option.rect
        ground = QRectF(px(8), rect.y(), self.viewport().width() - 2 * px(8), rect.height())
        selected = self.selectionModel().isSelected(index)
        hovered = self.viewport().underMouse() and rect.contains(self._pointer())
        row_ground(painter, ground, selected=selected, hovered=hovered)
        if index == self.currentIndex() and self._ring.is_shown():
            painting.ring(painter, ground)
        super().drawRow(painter, option, index)

    def drawBranches(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        """Draw our own arrow before a folder."""
        if index.data(KIND_ROLE) != "folder":
            return
        name = "chevron_down" if self.isExpanded(index) else "chevron_right"
        size = px(ARROW)
        x = rect.right() + 1 - px(2)
        paint_icon(painter, name, "dim", x=x, y=round(rect.y() + (rect.height() - size) / 2), size=size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and over them the line where dragged rows would go."""
        super().paintEvent(event)
        if self.state() == QAbstractItemView.State.DraggingState:
            self._paint_drop_place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Del deletes; the rest is the tree's own."""
        self._ring.show_from_now()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open_or_toggle(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.delete_requested.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """One click opens a request, opens or closes a folder, or starts a request at the grey row."""
        index = self.indexAt(event.position().toPoint())
        dragged = self.state() == QAbstractItemView.State.DraggingState
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers() and index.isValid() and not dragged:
            in_arrow = event.position().x() < self.visualRect(index).x()
            if not (in_arrow and index.data(KIND_ROLE) == "folder"):
                self._open_or_toggle(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double click renames."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and self._rows.id_at(index) is not None:
            if index.data(KIND_ROLE) == "folder":
                self.setExpanded(index, not self.isExpanded(index))  # what the first click of the two did
            self._rename(index)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the selected rows, and say when that is over."""
        super().startDrag(actions)
        self.drag_ended.emit()

    def dropEvent(self, event: QDropEvent) -> None:
        """Under the name of an open folder lies its first place, not the one behind the folder."""
        index = self.indexAt(event.position().toPoint())
        if self._is_under_open_folder(index):
            event.setDropAction(Qt.DropAction.IgnoreAction)
            self._rows.dropMimeData(event.mimeData(), Qt.DropAction.MoveAction, 0, 0, index)
            event.accept()
            self.stopAutoScroll()
            self.setState(QAbstractItemView.State.NoState)
            self.viewport().update()
        else:
            super().dropEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selected rows."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            place = self.visualRect(self.currentIndex()).bottomLeft()
            self.menu_requested.emit(self.viewport().mapToGlobal(place))
        else:
            self.menu_requested.emit(event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus, and have a current row."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()
        self.viewport().update()

    # Own

    @Slot()
    def _keep_rows(self) -> None:
        self._opening.stop()
        # By this role the row "Recovered" has an id too.
        ids = [row_id for row_id in (index.data(ID_ROLE) for index in self.selectedIndexes()) if row_id is not None]
        self._kept = (ids, self.currentIndex().data(ID_ROLE), self.verticalScrollBar().value())

    @Slot()
    def _open_more(self) -> None:
        self._open_next(_ROWS_AT_ONCE)

    def _open_next(self, rows: int) -> None:
        """Open folders until so many rows came to be seen, and go on with it later."""
        for index, count in self._to_open:
            self.expand(index)
            rows -= count
            if rows <= 0:
                self._opening.start()
                return
        self._opening.stop()

    def _rename(self, index: QModelIndex) -> None:
        row_id = self._rows.id_at(index)
        if row_id is not None:
            self.rename_requested.emit(row_id)

    def _open_or_toggle(self, index: QModelIndex) -> None:
        if index.data(PLACEHOLDER_ROLE):
            self.add_requested.emit(self._rows.folder_at(index) or "")
        elif index.data(KIND_ROLE) == "folder":
            self.setExpanded(index, not self.isExpanded(index))
        elif (row_id := self._rows.id_at(index)) is not None:
            self.opened.emit(row_id)

    def _is_under_open_folder(self, index: QModelIndex) -> bool:
        """Say whether what is dragged is held between an open folder and the first of its rows."""
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        return below and index.data(KIND_ROLE) == "folder" and self.isExpanded(index)

    def _paint_drop_place(self) -> None:
        pointer = self._pointer()
        index = self.indexAt(pointer)
        painter = QPainter(self.viewport())
        right = self.viewport().width() - px(8)
        if not index.isValid():
            return
        rect = self.visualRect(index)
        place = self.dropIndicatorPosition()
        if place == QAbstractItemView.DropIndicatorPosition.OnItem:
            painting.ring(painter, QRectF(px(8), rect.y(), right - px(8), rect.height()))
            return
        y = rect.top() if place == QAbstractItemView.DropIndicatorPosition.AboveItem else rect.bottom() + 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), 2))
        x = rect.x() + (self.indentation() if self._is_under_open_folder(index) else 0)
        center = QPointF(x - px(4), y)
        painter.drawLine(center + QPointF(px(3), 0), QPointF(right, y))
        painter.drawEllipse(center, px(3), px(3))

    def _pointer(self) -> QPoint:
        return self.viewport().mapFromGlobal(self.cursor().pos())

    def _measure(self) -> None:
        # Ground and selection are drawn in drawRow, under branch and indent alike: the style must add nothing.
        quiet = self.palette()
        for role in (QPalette.ColorRole.Highlight, QPalette.ColorRole.Base, QPalette.ColorRole.AlternateBase):
            quiet.setColor(role, Qt.GlobalColor.transparent)
        self.setPalette(quiet)
        self.setIndentation(px(INDENT))
        self.scheduleDelayedItemsLayout()
        self.viewport().update()
