"""Paints the rows of the request tree and edits their names."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from insomnia_desktop.ui.models.request_tree_model import (
    COUNT_ROLE,
    KIND_ROLE,
    METHOD_ROLE,
    PLACEHOLDER_ROLE,
    UNSAVED_ROLE,
    VIEW_ONLY_ROLE,
)
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular, ui_font

ROW_HEIGHT = 28
METHOD_WIDTH = 40
RIGHT_EDGE = 20
UNSAVED_DOT = 6
ARROW_ROOM = 16
_SHORT = {"DELETE": "DEL", "OPTIONS": "OPTN", "PATCH": "PTCH"}
_TOKENS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
_Index = QModelIndex | QPersistentModelIndex


def method_tag(method: str) -> str:
    """Return the at most four letters that stand for a method in a list."""
    return _SHORT.get(method.upper(), method.upper()[:4])


def method_token(method: str) -> str:
    """Return the colour token of a method."""
    return f"method.{method.lower()}" if method.upper() in _TOKENS else "method.other"


class NameEditor(QLineEdit):
    """The field in which a name is typed over its row: 2 px ring, text where the name stood."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self.setFont(ui_font(13, 400))
        self.setTextMargins(px(5), 0, px(5), 0)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setObjectName("nameEditor")
        self.setAccessibleName(self.tr("Name"))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field and then the text."""
        painter = QPainter(self)
        painting.ring(painter, QRectF(self.rect()), fill="window", radius=painting.SMALL_RADIUS)
        painter.end()
        super().paintEvent(event)


class RequestDelegate(QStyledItemDelegate):
    """Folder: name in 500 and, closed, how many requests it holds. Request: method tag and name."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row; its ground is drawn by the view."""
        rect = QRectF(option.rect)
        view = option.widget
        assert isinstance(view, QTreeView)
        selected = view.selectionModel().isSelected(index)
        right = float(view.viewport().width() - px(RIGHT_EDGE))
        # Names of folders, and requests that stand beside folders on the top level, leave room for the arrow.
        left = rect.x() + (px(ARROW_ROOM) if _leaves_room(index) else 0)
        painter.save()
        if index.data(UNSAVED_ROLE):
            center = QPointF(right - px(UNSAVED_DOT) / 2, rect.center().y() + 0.5)
            painting.fill_dot(painter, center, px(UNSAVED_DOT), theme().color("accent"))
            right -= px(UNSAVED_DOT) + px(8)
        if index.data(PLACEHOLDER_ROLE):
            self._text(painter, str(index.data()), rect, rect.x(), right, weight=400, token="faint")
        elif index.data(KIND_ROLE) == "folder":
            count = index.data(COUNT_ROLE)
            if count and not view.isExpanded(index):
                right = self._count(painter, str(count), rect, right)
            token = "dim" if index.data(VIEW_ONLY_ROLE) else "text"
            self._text(painter, str(index.data()), rect, left, right, weight=500, token=token)
        else:
            method = str(index.data(METHOD_ROLE))
            font = mono_font(11, 700)
            painting.draw_text(
                painter,
                method_tag(method),
                x=left,
                top=rect.y(),
                height=rect.height(),
                font=font,
                token=method_token(method),
            )
            weight = 500 if selected else 400
            self._text(painter, str(index.data()), rect, left + px(METHOD_WIDTH), right, weight=weight, token="text")
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row; the width does not count."""
        return QSize(px(160), px(ROW_HEIGHT))

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        """Make the field for the name."""
        return NameEditor(parent)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Fill in the name, selected."""
        assert isinstance(editor, NameEditor)
        if not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        """Lay the field over the name."""
        rect: QRect = option.rect
        shift = 0 if index.data(KIND_ROLE) == "folder" else px(METHOD_WIDTH)
        view = editor.parentWidget()
        right = (view.width() if view is not None else rect.right()) - px(12)
        left = rect.x() + shift + (px(ARROW_ROOM) if _leaves_room(index) else 0) - px(7)
        editor.setGeometry(left, rect.y() + px(2), right - left, rect.height() - 2 * px(2))

    def _count(self, painter: QPainter, text: str, rect: QRectF, right: float) -> float:
        font = tabular(ui_font(11, 500))
        x = right - painting.text_width(font, text)
        painting.draw_text(painter, text, x=x, top=rect.y(), height=rect.height(), font=font, token="dim")
        return x - px(8)

    def _text(
        self, painter: QPainter, text: str, rect: QRectF, x: float, right: float, *, weight: int, token: str
    ) -> None:
        # `faint` does not reach its contrast on a hovered row, `dim` does (rule of the tokens).
        painting.draw_text(
            painter,
            text,
            x=x,
            top=rect.y(),
            height=rect.height(),
            font=ui_font(13, weight),
            token=token,
            width=max(0.0, right - x),
        )


def _leaves_room(index: _Index) -> bool:
    return index.data(KIND_ROLE) == "folder" or (not index.parent().isValid() and not index.data(PLACEHOLDER_ROLE))


def row_ground(painter: QPainter, rect: QRectF, *, selected: bool, hovered: bool) -> None:
    """Draw the rounded ground of a selected or hovered row."""
    if selected:
        painting.fill_rounded(painter, rect, theme().color("sel"))
    elif hovered:
        painting.fill_rounded(painter, rect, theme().color("hover"))
