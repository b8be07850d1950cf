"""How the style draws menus and tips: rounded, with one column for icons and ticks, and quiet shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionMenuItem

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.current import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon

ROW_HEIGHT = 28
SEPARATOR_HEIGHT = 9
SIDE = 8
ICON = 16
ARROW = 14
GAP = 8
SHORTCUT_GAP = 24


def item_size(option: QStyleOptionMenuItem, contents: QSize) -> QSize:
    """Return the size of an entry whose words need `contents`; the menu itself adds the room of shortcuts."""
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
        return QSize(px(SIDE) * 2, px(SEPARATOR_HEIGHT))
    width = contents.width() + 2 * px(SIDE) + _column_width(option)
    if "\t" in option.text:
        width += px(SHORTCUT_GAP)
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.SubMenu:
        width += px(GAP) + px(ARROW)
    return QSize(width, px(ROW_HEIGHT))


def paint_item(painter: QPainter, option: QStyleOptionMenuItem) -> None:
    """Draw one entry: ground under the pointer, icon or tick, words, shortcut or arrow."""
    rect = QRectF(option.rect)
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.Separator:
        line = QRectF(rect.x() + px(SIDE), rect.y() + rect.height() // 2, rect.width() - 2 * px(SIDE), 1)
        painter.fillRect(line, theme().color("border"))
        return
    enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
    if enabled and option.state & QStyle.StateFlag.State_Selected:
        painting.fill_rounded(painter, rect, theme().color("pressed"), radius=painting.SMALL_RADIUS)
    _paint_sign(painter, option, rect, enabled=enabled)
    words, _, shortcut = option.text.partition("\t")
    right = rect.right() - px(SIDE)
    if option.menuItemType == QStyleOptionMenuItem.MenuItemType.SubMenu:
        right -= px(ARROW)
        y = round(rect.y() + (rect.height() - px(ARROW)) / 2)
        paint_icon(painter, "chevron_right", "dim" if enabled else "faint", x=round(right), y=y, size=px(ARROW))
    if shortcut:
        font = ui_font(12)
        right -= painting.text_width(font, shortcut)
        token = "dim" if enabled else "faint"
        painting.draw_text(painter, shortcut, x=right, top=rect.y(), height=rect.height(), font=font, token=token)
    painting.draw_text(
        painter,
        _without_mnemonic(words),
        x=rect.x() + px(SIDE) + _column_width(option),
        top=rect.y(),
        height=rect.height(),
        font=_words_font(option),
        token="text" if enabled else "faint",
    )


def paint_panel(painter: QPainter, rect: QRectF, *, radius: float = painting.LARGE_RADIUS) -> None:
    """Draw the ground of a menu or tip."""
    painting.frame_rounded(painter, rect, fill="floating", edge="border", radius=radius)


def _words_font(option: QStyleOptionMenuItem) -> QFont:
    """Return our font, in the weight of a default entry where the menu has one."""
    is_default = option.menuItemType == QStyleOptionMenuItem.MenuItemType.DefaultItem
    return ui_font(13, 600 if is_default else 400)


def _column_width(option: QStyleOptionMenuItem) -> int:
    has_signs = option.menuHasCheckableItems or option.maxIconWidth > 0
    return px(ICON) + px(GAP) if has_signs else 0


def _paint_sign(painter: QPainter, option: QStyleOptionMenuItem, rect: QRectF, *, enabled: bool) -> None:
    size = px(ICON)
    x, y = round(rect.x() + px(SIDE)), round(rect.y() + (rect.height() - size) / 2)
    checkable = option.checkType != QStyleOptionMenuItem.CheckType.NotCheckable
    if checkable and option.checked:
        paint_icon(painter, "check", "accent_text" if enabled else "faint", x=x, y=y, size=size)
    elif not option.icon.isNull():
        mode = QIcon.Mode.Normal if enabled else QIcon.Mode.Disabled
        option.icon.paint(painter, x, y, size, size, Qt.AlignmentFlag.AlignCenter, mode)


def _without_mnemonic(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
