"""Where things stand in the cells of a key/value table: painting, clicking and editing ask the same functions."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics

from insomnia_desktop.ui.theme.fonts import px, ui_font

ROW_HEIGHT = 32
HEADING_HEIGHT = 28
BOX_COLUMN = 40
TRASH_WIDTH = 36
_BOX = 16
_NAME_PADDING = 8
_CELL_PADDING = 7
_BARE_NAME_PADDING = 16
_ARROW = 14
_GAP = 2
_BUTTON = 28


def box_rect(cell: QRect) -> QRect:
    """Return where the box of a row stands in its cell: 16 from the left of the table."""
    side = px(_BOX)
    return QRect(cell.left() + px(16), cell.top() + (cell.height() - 1 - side) // 2, side, side)


def text_padding(*, is_name: bool, has_boxes: bool) -> int:
    """Return the room left of a cell's text."""
    if not is_name:
        return px(_CELL_PADDING)
    return px(_NAME_PADDING if has_boxes else _BARE_NAME_PADDING)


def field_rect(cell: QRect, *, is_last: bool, has_trash: bool, kind_width: int) -> QRect:
    """Return the part of a cell that its editor covers: without the lines at its right and bottom, and what stands
    at its right: the menu of kinds, the trash."""
    right = kind_width + (px(TRASH_WIDTH) if is_last and has_trash else 1)
    return cell.adjusted(0, 0, -right, -1)


def trash_rect(cell: QRect) -> QRect:
    """Return the button of 28 px in the room that is reserved for it at the end of the last cell."""
    side = px(_BUTTON)
    center = cell.right() + 1 - px(TRASH_WIDTH // 2 + 2)
    return QRect(center - side // 2, cell.top() + (cell.height() - 1 - side) // 2, side, side)


def kind_width(labels: tuple[str, ...]) -> int:
    """Return how wide the menu of kinds is: that of its widest word, so that nothing moves."""
    metrics = QFontMetrics(ui_font(12))
    return max(metrics.horizontalAdvance(label) for label in labels) + px(_GAP + _ARROW + 8 + 8)


def kind_rect(field: QRect, width: int) -> QRect:
    """Return where the menu of kinds stands: right of the field."""
    return QRect(field.right() + 1, field.top(), width, field.height())
