"""Paints the rows of a list of two lines each: method or icon, title with a tag, sub-line, and a word at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from insomnia_desktop.ui.delegates.request_delegate import method_tag, method_token
from insomnia_desktop.ui.models.list_entries import ENTRY_ROLE, ListEntry
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, tabular, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon

ROW_HEIGHT, ONE_LINE, HEADING_HEIGHT = 52, 32, 40
GROUND_EDGE, TEXT_EDGE, METHOD_WIDTH = 8, 16, 40
_GROUND_INSET = 2
_LINE_ONE, _LINE_TWO, _LINE_HEIGHT, _SUB_HEIGHT = 6, 26, 20, 18
_TAG_HEIGHT, _TAG_PADDING, _GAP = 16, 6, 8
_Index = QModelIndex | QPersistentModelIndex


class ListEntryDelegate(QStyledItemDelegate):
    """A row of 52, or of 32 where it has no sub-line; a heading of 40."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row; the width does not count."""
        entry = index.data(ENTRY_ROLE)
        height = HEADING_HEIGHT if not entry.key else ROW_HEIGHT if entry.sub else ONE_LINE
        return QSize(px(160), px(height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        entry: ListEntry = index.data(ENTRY_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if entry.key:
            self._paint_ground(painter, option, rect)
            self._paint_entry(painter, rect, entry)
        else:
            painting.draw_text(
                painter,
                entry.title,
                x=rect.x() + px(TEXT_EDGE),
                top=rect.y() + px(8),
                height=px(32),
                font=ui_font(12, 500),
                token="dim",
            )
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF) -> None:
        inset = px(_GROUND_INSET) if rect.height() > px(ONE_LINE) else 0
        ground = rect.adjusted(px(GROUND_EDGE), inset, -px(GROUND_EDGE), -inset)
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painting.fill_rounded(painter, ground, theme().color("sel_w"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painting.fill_rounded(painter, ground, theme().color("hover"))
        view = option.widget
        if state & QStyle.StateFlag.State_HasFocus and getattr(view, "shows_ring", False):
            painting.ring(painter, ground)

    def _paint_entry(self, painter: QPainter, rect: QRectF, entry: ListEntry) -> None:
        two = bool(entry.sub)
        top = rect.y() + (px(_LINE_ONE) if two else 0)
        height = px(_LINE_HEIGHT) if two else rect.height()
        left, right = rect.x() + px(TEXT_EDGE), rect.right() - px(TEXT_EDGE)
        left = self._paint_sign(painter, entry, left, top, height)
        if entry.right:
            font = tabular(ui_font(12))
            x = right - painting.text_width(font, entry.right)
            painting.draw_text(painter, entry.right, x=x, top=top, height=height, font=font, token="dim")
            right = x - px(_GAP)
        title_right = right - (self._tag_width(entry.tag) + px(_GAP) if entry.tag else 0)
        end = painting.draw_text(
            painter,
            entry.title,
            x=left,
            top=top,
            height=height,
            font=ui_font(13, 500 if two else 400),
            token="dim" if entry.faint else "text",
            width=max(0.0, title_right - left),
        )
        if entry.tag:
            self._paint_tag(painter, entry.tag, min(end, title_right) + px(_GAP), top + height / 2)
        if two:
            self._paint_sub(painter, rect, entry, left)

    def _paint_sub(self, painter: QPainter, rect: QRectF, entry: ListEntry, left: float) -> None:
        top = rect.y() + px(_LINE_TWO)
        if entry.dot:
            center = QPointF(left + px(4), top + px(_SUB_HEIGHT) / 2)
            painting.fill_dot(painter, center, px(8), theme().color("dot_warning"))
            left += px(8) + px(_GAP)
        painting.draw_text(
            painter,
            entry.sub,
            x=left,
            top=top,
            height=px(_SUB_HEIGHT),
            font=ui_font(12),
            token="dim",
            width=max(0.0, rect.right() - px(TEXT_EDGE) - left),
        )

    def _paint_sign(self, painter: QPainter, entry: ListEntry, left: float, top: float, height: float) -> float:
        """Draw method or icon, and return where the words begin."""
        if entry.method:
            font, token = mono_font(11, 700), method_token(entry.method)
            painting.draw_text(
                painter, method_tag(entry.method), x=left, top=top, height=height, font=font, token=token
            )
            return left + px(METHOD_WIDTH)
        if entry.icon:
            y = round(top + (height - px(16)) / 2)
            paint_icon(painter, entry.icon, "dim", x=left, y=y, size=px(16))
            return left + px(METHOD_WIDTH)
        return left

    def _tag_width(self, tag: str) -> float:
        return painting.text_width(ui_font(11, 500), tag) + 2 * px(_TAG_PADDING)

    def _paint_tag(self, painter: QPainter, tag: str, x: float, middle: float) -> None:
        rect = QRectF(x, round(middle - px(_TAG_HEIGHT) / 2), self._tag_width(tag), px(_TAG_HEIGHT))
        painting.fill_rounded(painter, rect, theme().color("accent_tint"), radius=8)
        painting.draw_centered(painter, tag, rect=rect, font=ui_font(11, 500), token="accent_text")
