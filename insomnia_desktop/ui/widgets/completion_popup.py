"""A list of suggestions under a caret; the focus stays where the person types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from insomnia_desktop.ui.theme.active import switch, theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font

_ROW_HEIGHT = 28
_MOST_ROWS = 8
_LEAST_WIDTH, _MOST_WIDTH = 160, 480
_PADDING = 4
_TEXT_PADDING = 8
_COLUMN_GAP = 24
_RADIUS = 8
_ACCEPT_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: _MOST_ROWS,
    Qt.Key.Key_PageUp: -_MOST_ROWS,
}
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Completion:
    """One suggestion: `text` is what gets written, `detail` stands beside it in the second rank."""

    text: str
    detail: str = ""


class _Suggestions(QAbstractListModel):
    """The suggestions as a list model, so that screen readers can read them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: tuple[Completion, ...] = ()

    def show_items(self, items: Sequence[Completion]) -> None:
        self.beginResetModel()
        self.items = tuple(items)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.items[index.row()].text
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self.items[index.row()].detail
        return None


class _RowDelegate(QStyledItemDelegate):
    """Paints a suggestion: text in mono, detail at the right in the second rank."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(_LEAST_WIDTH), px(_ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Suggestions)
        view = self.parent()
        assert isinstance(view, QListView)
        item = model.items[index.row()]
        rect: QRect = option.rect
        painter.save()
        if view.currentIndex() == index:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("pressed"))
            painter.drawRoundedRect(rect, px(4), px(4))
        inner = rect.adjusted(px(_TEXT_PADDING), 0, -px(_TEXT_PADDING), 0)
        detail_font = ui_font(12)
        wanted = detail_width = 0
        if item.detail:
            wanted = QFontMetrics(detail_font).horizontalAdvance(item.detail)
            text_width = QFontMetrics(mono_font(13)).horizontalAdvance(item.text)
            detail_width = max(0, min(wanted, inner.width() - text_width - px(_COLUMN_GAP)))
        if detail_width and (detail_width == wanted or detail_width > px(_COLUMN_GAP)):
            detail = QFontMetrics(detail_font).elidedText(item.detail, Qt.TextElideMode.ElideRight, detail_width)
            painter.setFont(detail_font)
            painter.setPen(theme().color("dim"))
            painter.drawText(inner, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, detail)
            inner.setRight(inner.right() - detail_width - px(_COLUMN_GAP) + 1)
        painter.setFont(mono_font(13))
        painter.setPen(theme().color("text"))
        text = QFontMetrics(painter.font()).elidedText(item.text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class CompletionPopup(QFrame):
    """A list of suggestions that lies over the window of the widget it serves and never takes the focus.

    The owner calls `offer` whenever what stands before the caret changes, and gives each key press to `handle_key`
    first. It closes by itself when the owner loses the focus or is hidden.

    Signals:
        chosen(str): the text of the suggestion that was taken, by Enter, Tab or the mouse.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._owner = parent
        self.setObjectName("completionPopup")
        self.setAccessibleName(self.tr("Suggestions"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._model = _Suggestions(self)
        self._list = QListView(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_RowDelegate(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.viewport().setAutoFillBackground(False)
        self._list.clicked.connect(self._take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(_PADDING), px(_PADDING), px(_PADDING), px(_PADDING))
        layout.addWidget(self._list)
        parent.installEventFilter(self)
        # Once shown it is a child of the window, which outlives a cell editor.
        parent.destroyed.connect(self.deleteLater)
        switch().changed.connect(self.update)
        self.hide()

    def offer(self, anchor: QRect, items: Sequence[Completion], *, preselect: bool = True) -> None:
        """Show suggestions under a caret, or close when there are none.

        `anchor` is the rectangle of the caret in the coordinates of the widget given as parent. With `preselect` the
        first suggestion is current, so that Enter takes it; without, Enter stays with the owner until Down was pressed.
        """
        if not items:
            self.close_list()
            return
        kept = self.current() if self.isVisible() else None
        self._model.show_items(items)
        texts = [item.text for item in items]
        row = texts.index(kept) if kept in texts else 0 if preselect else -1
        self._list.setCurrentIndex(self._model.index(row) if row >= 0 else QModelIndex())
        self._place(anchor, items)
        self.show()
        self.raise_()

    def close_list(self) -> None:
        """Close without choosing."""
        self.hide()

    def current(self) -> str | None:
        """Return the text of the suggestion that Enter would take, if any."""
        index = self._list.currentIndex()
        return self._model.items[index.row()].text if index.isValid() else None

    def texts(self) -> list[str]:
        """Return the suggestions that are shown, first to last; none while closed."""
        return [item.text for item in self._model.items] if self.isVisible() else []

    def handle_key(self, event: QKeyEvent) -> bool:
        """Take a key press of the owner; return whether it was for the list."""
        if not self.isVisible():
            return False
        key = Qt.Key(event.key())
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key == Qt.Key.Key_Escape:
            self.close_list()
            return True
        if not plain:
            return False
        if key in _MOVES:
            self._move(_MOVES[key])
            return True
        if key in _ACCEPT_KEYS and self._list.currentIndex().isValid():
            self._take(self._list.currentIndex())
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close with the owner."""
        if watched is self._owner and event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.close_list()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the panel: floating ground, rounded edge."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("border"), 1))
        painter.setBrush(theme().color("floating"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), px(_RADIUS), px(_RADIUS))

    def _take(self, index: QModelIndex) -> None:
        text = self._model.items[index.row()].text
        self.close_list()
        self.chosen.emit(text)

    def _move(self, step: int) -> None:
        count = len(self._model.items)
        index = self._list.currentIndex()
        if not index.isValid():
            row = 0 if step > 0 else count - 1
        elif abs(step) == 1:
            row = (index.row() + step) % count
        else:
            row = max(0, min(count - 1, index.row() + step))
        self._list.setCurrentIndex(self._model.index(row))

    def _place(self, anchor: QRect, items: Sequence[Completion]) -> None:
        """Stand under the caret, or over it where there is more room; never out of the window."""
        window = self._owner.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        text_metrics, detail_metrics = QFontMetrics(mono_font(13)), QFontMetrics(ui_font(12))
        widest = max(
            text_metrics.horizontalAdvance(item.text)
            + (detail_metrics.horizontalAdvance(item.detail) + px(_COLUMN_GAP) if item.detail else 0)
            for item in items
        )
        frame = 2 * px(_PADDING)
        width = widest + 2 * px(_TEXT_PADDING) + frame + px(12 if len(items) > _MOST_ROWS else 0)
        width = min(max(width, px(_LEAST_WIDTH)), px(_MOST_WIDTH), window.width())
        wanted = min(len(items), _MOST_ROWS) * px(_ROW_HEIGHT) + frame
        top_left = self._owner.mapTo(window, anchor.topLeft())
        gap = px(6)
        below = window.height() - (top_left.y() + anchor.height() + gap)
        above = top_left.y() - gap
        is_under = below >= wanted or below >= above
        least = px(_ROW_HEIGHT) + frame
        height = max(least, min(wanted, below if is_under else above))
        y = top_left.y() + anchor.height() + gap if is_under else top_left.y() - gap - height
        x = max(0, min(top_left.x() - px(_TEXT_PADDING) - px(_PADDING), window.width() - width))
        self.setGeometry(QRect(QPoint(x, y), QSize(width, height)))
