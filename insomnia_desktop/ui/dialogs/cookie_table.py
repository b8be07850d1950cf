"""The table of the cookies of a jar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPainter, QResizeEvent
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

from insomnia_desktop.model import Cookie
from insomnia_desktop.ui.i18n.words import date_words, full_words
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon

ROW_HEIGHT: Final = 32
HEADING_HEIGHT: Final = 28
_SHARES: Final = (0.23, 0.17, 0.27, 0.09, 0.11, 0.13)
_LEAST: Final = 56
_EXPIRES: Final = 4
_ICON: Final = 16
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_SAME_SITE: Final = {"lax": "Lax", "strict": "Strict", "none": "None"}


class CookieRows(QAbstractTableModel):
    """One row for each cookie: domain, name, value, path, expiry, flags."""

    def __init__(self, is_expired: Callable[[Cookie], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_expired = is_expired
        self._cookies: list[Cookie] = []
        self._unstored: set[str] = set()

    def set_cookies(self, cookies: Sequence[Cookie], unstored: Sequence[str]) -> bool:
        """Show cookies; returns whether the rows are others than before, and not the same with other texts."""
        same = [each.id for each in self._cookies] == [each.id for each in cookies]
        self._unstored = set(unstored)
        if same:
            self._cookies = list(cookies)
            if cookies:
                self.dataChanged.emit(self.index(0, 0), self.index(len(cookies) - 1, len(_SHARES) - 1))
            return False
        self.beginResetModel()
        self._cookies = list(cookies)
        self.endResetModel()
        return True

    def cookie(self, row: int) -> Cookie:
        """Return the cookie of a row."""
        return self._cookies[row]

    def row_of(self, cookie_id: str | None) -> int:
        """Return the row of a cookie, or -1."""
        return next((row for row, each in enumerate(self._cookies) if each.id == cookie_id), -1)

    def is_unstored(self, row: int) -> bool:
        """Say whether what was typed for the cookie cannot be stored."""
        return self._cookies[row].id in self._unstored

    def is_expired(self, row: int) -> bool:
        """Say whether the cookie's time is over."""
        return self._is_expired(self._cookies[row])

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return the number of cookies."""
        return 0 if parent.isValid() else len(self._cookies)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_SHARES)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the words of a cell; a screen reader hears the heading with them."""
        if not index.isValid():
            return None
        cookie = self._cookies[index.row()]
        words = self._words(cookie)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            wrong = self.tr(", not stored yet") if cookie.id in self._unstored else ""
            return f"{self._headings()[index.column()]}: {words}{wrong}"
        if role == Qt.ItemDataRole.ToolTipRole:
            at = cookie.expires
            return full_words(at) if index.column() == _EXPIRES and at is not None and _is_sane(at) else words[:1000]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings()[section]
        return None

    def _headings(self) -> tuple[str, ...]:
        return (
            self.tr("Domain"),
            self.tr("Name"),
            self.tr("Value"),
            self.tr("Path"),
            self.tr("Expires"),
            self.tr("Flags"),
        )

    def _words(self, cookie: Cookie) -> tuple[str, ...]:
        flags = [
            words
            for words, on in (
                (self.tr("Secure"), cookie.secure),
                (self.tr("HttpOnly"), cookie.http_only),
                (_SAME_SITE.get(cookie.same_site, ""), bool(_SAME_SITE.get(cookie.same_site))),
            )
            if on
        ]
        domain = cookie.domain if cookie.host_only or not cookie.domain else f".{cookie.domain}"
        name = cookie.name or (self.tr("New cookie") if not cookie.value and not cookie.domain else "")
        return domain, name, cookie.value, cookie.path, self._expiry(cookie), ", ".join(flags)

    def _expiry(self, cookie: Cookie) -> str:
        if cookie.expires is None:
            return self.tr("Session")
        if self._is_expired(cookie):
            return self.tr("Expired")
        return date_words(cookie.expires) if _is_sane(cookie.expires) else self.tr("Never")


class _Cells(QStyledItemDelegate):
    def __init__(self, view: CookieTable) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(_LEAST), px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        rows = self._view.rows_model
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme().color("sel_w"))
        left = px(16 if index.column() == 0 else 8)
        if index.column() == 0 and rows.is_unstored(index.row()):
            y = rect.top() + (rect.height() - px(_ICON)) // 2
            paint_icon(painter, "warning", "danger", x=rect.left() + left, y=y, size=px(_ICON))
            left += px(_ICON + 6)
        # `faint` does not reach its contrast on a selected row, `dim` does.
        token = "dim" if index.column() >= _EXPIRES or rows.is_expired(index.row()) else "text"
        painting.draw_text(
            painter,
            str(index.data() or "").replace("\n", " ")[:2000],
            x=rect.left() + left,
            top=rect.top(),
            height=rect.height() - 1,
            font=tabular(ui_font(12)) if index.column() >= _EXPIRES else mono_font(13),
            token=token,
            width=max(0, rect.width() - left - px(8)),
        )
        painting.hairline(painter, rect.left(), rect.bottom(), length=rect.width())
        if index.column() < len(_SHARES) - 1:
            painting.hairline(painter, rect.right(), rect.top(), length=rect.height(), upright=True)
        if state & QStyle.StateFlag.State_HasFocus and self._view.shows_ring:
            painting.ring(painter, QRectF(rect.adjusted(0, 0, -1, -1)), radius=painting.SMALL_RADIUS)
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
        left = px(16 if logicalIndex == 0 else 8)
        words = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        painting.draw_text(
            painter,
            words,
            x=rect.left() + left,
            top=rect.top(),
            height=rect.height() - 1,
            font=ui_font(12),
            token="dim",
            width=max(0, rect.width() - left),
        )
        painting.hairline(painter, rect.left(), rect.bottom(), length=rect.width())
        painter.restore()


class CookieTable(QTableView):
    """Cookies in rows; the current one is shown in the form, several can be selected and deleted.

    Signals:
        chosen(id): another row is the current one.
        edit_requested(): Enter or a double click on a row.
        delete_requested(list of ids): Del, or the menu.
    """

    chosen = Signal(str)
    edit_requested = Signal()
    delete_requested = Signal(list)

    def __init__(self, is_expired: Callable[[Cookie], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cookieTable")
        self.setAccessibleName(self.tr("Cookies"))
        self.rows_model = CookieRows(is_expired, self)
        self.shows_ring = False
        self._following = False
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
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._measure()
        switch().changed.connect(self._measure)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(self.edit_requested)

    def show_cookies(self, cookies: Sequence[Cookie], unstored: Sequence[str], shown_id: str | None) -> None:
        """Show cookies, the shown one as the current row; emits nothing."""
        self._following = True
        changed = self.rows_model.set_cookies(cookies, unstored)
        row = self.rows_model.row_of(shown_id)
        if changed or row != self.currentIndex().row():
            column = max(0, self.currentIndex().column())
            if row >= 0:
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().setCurrentIndex(
                    self.rows_model.index(row, column), flags.ClearAndSelect | flags.Rows
                )
                self.scrollTo(self.currentIndex())
            else:
                self.selectionModel().clear()
        self._following = False

    def selected_ids(self) -> list[str]:
        """Return the ids of the selected rows, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.rows_model.cookie(row).id for row in rows]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the columns their shares."""
        super().resizeEvent(event)
        self._share_out()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring where the keyboard came."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEYBOARD:
            self.shows_ring = True
        elif event.reason() == Qt.FocusReason.MouseFocusReason:
            self.shows_ring = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and edit by keyboard."""
        key = event.key()
        self.shows_ring = True
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.selected_ids():
            self.delete_requested.emit(self.selected_ids())
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self.currentIndex().isValid():
            self.edit_requested.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to delete the selected rows."""
        if self.selected_ids():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction(self.tr("Edit"), self.edit_requested.emit)
            menu.addAction(self.tr("Delete"), lambda: self.delete_requested.emit(self.selected_ids()))
            menu.popup(event.globalPos())

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._following:
            self.chosen.emit(self.rows_model.cookie(current.row()).id)

    def _share_out(self) -> None:
        room = self.viewport().width()
        for column, share in enumerate(_SHARES[:-1]):
            self.setColumnWidth(column, max(px(_LEAST), round(room * share)))

    @Slot()
    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(ROW_HEIGHT))
        self.horizontalHeader().setFixedHeight(px(HEADING_HEIGHT))
        self._share_out()
        self.viewport().update()


def _is_sane(at: int) -> bool:
    """Say whether a time in ms since 1970 is one that calendars can show."""
    return 0 <= at < 253_402_300_800_000
