"""Paints the lines of the quick switch: method, name with the hits marked, folder at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from insomnia_desktop.ui.delegates.request_delegate import method_tag, method_token
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon

ENTRY_ROLE = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 36
HEADING_HEIGHT = 32
_NAME_AT = 56
_Index = QModelIndex | QPersistentModelIndex


class EntryDelegate(QStyledItemDelegate):
    """A row is an entry (ENTRY_ROLE) or, without one, the heading of a section."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the height of a row or a heading."""
        return QSize(px(200), px(ROW_HEIGHT if index.data(ENTRY_ROLE) is not None else HEADING_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one row."""
        entry = index.data(ENTRY_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if entry is None:
            painting.draw_text(
                painter,
                str(index.data()),
                x=rect.x() + px(16),
                top=rect.y() + px(4),
                height=rect.height() - px(4),
                font=ui_font(12, 600),
                token="dim",
            )
        else:
            if option.state & QStyle.StateFlag.State_Selected:
                ground = rect.adjusted(px(8), 0, -px(8), 0)
                painting.fill_rounded(painter, ground, theme().color("sel_w"))
            self._paint_entry(painter, rect, entry)
        painter.restore()

    def _paint_entry(self, painter: QPainter, rect: QRectF, entry: object) -> None:
        method = str(getattr(entry, "method", ""))
        name = str(getattr(entry, "name", ""))
        detail = str(getattr(entry, "detail", ""))
        if method:
            painting.draw_text(
                painter,
                method_tag(method),
                x=rect.x() + px(16),
                top=rect.y(),
                height=rect.height(),
                font=mono_font(11, 700),
                token=method_token(method),
            )
        else:
            y = round(rect.y() + (rect.height() - px(16)) / 2)
            paint_icon(painter, "folder", "dim", x=rect.x() + px(20), y=y, size=px(16))
        right = rect.right() - px(16)
        if detail:
            font = ui_font(12)
            width = min(painting.text_width(font, detail), rect.width() / 2.5)
            painting.draw_text(
                painter,
                detail,
                x=right - width,
                top=rect.y(),
                height=rect.height(),
                font=font,
                token="dim",
                width=width + 1,
            )
            right -= width + px(16)
        self._paint_name(painter, rect, name, getattr(entry, "spans", ()), right)

    def _paint_name(
        self, painter: QPainter, rect: QRectF, name: str, spans: tuple[tuple[int, int], ...], right: float
    ) -> None:
        x = rect.x() + px(_NAME_AT)
        position = 0
        pieces: list[tuple[str, bool]] = []
        for start, length in spans:
            pieces += [(name[position:start], False), (name[start : start + length], True)]
            position = start + length
        pieces.append((name[position:], False))
        for text, is_hit in pieces:
            font = ui_font(13, 600 if is_hit else 400)
            if text and x < right:
                fits = painting.text_width(font, text) <= right - x
                end = painting.draw_text(
                    painter,
                    text,
                    x=x,
                    top=rect.y(),
                    height=rect.height(),
                    font=font,
                    token="accent_text" if is_hit else "text",
                    width=right - x,
                )
                # What follows a piece that was cut has no place.
                x = end if fits else right
