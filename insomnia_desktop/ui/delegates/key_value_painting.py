"""How the cells of a key/value table look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from insomnia_desktop.ui.delegates import key_value_layout as layout
from insomnia_desktop.ui.delegates.chip_painting import paint_template_text
from insomnia_desktop.ui.models.key_value_model import FIELDS, Column, KeyValueModel
from insomnia_desktop.ui.models.key_value_rows import KeyValueRow, json_type
from insomnia_desktop.ui.models.variable_state import VariableResolver
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon

translate = QCoreApplication.translate

_ICON = 16
_ARROW = 14
_LEAST_MESSAGE = 48
_GAP = 12
_BOX_RADIUS = 4


@dataclass(frozen=True, slots=True)
class CellLook:
    """Where a cell is and what it has to do with mouse and keyboard right now."""

    cell: QRect
    field: QRect
    padding: int
    is_hovered: bool
    is_active: bool
    has_ring: bool
    is_last: bool
    mouse: QPoint

    @property
    def is_lifted(self) -> bool:
        """Say whether the row stands out and shows its trash."""
        return self.is_hovered or self.is_active


class KeyValuePainter:
    """Draws cells: ground, content, lines, then the ring over them."""

    def __init__(self, model: KeyValueModel) -> None:
        self._model = model

    def kind_width(self) -> int:
        """Return the width of the menu of kinds; 0 where there is no choice."""
        kinds = self._model.shape.value_kinds
        if len(kinds) < 2:
            return 0
        words = (*(kind_word(KeyValueRow("", kind=kind)) for kind in kinds), *_json_words() * ("json" in kinds))
        return layout.kind_width(words)

    def paint(self, painter: QPainter, look: CellLook, index: QModelIndex, resolver: VariableResolver) -> None:
        """Draw one cell."""
        row = self._model.row_at(index.row())
        is_ghost = row is None
        if look.is_lifted and not (is_ghost and not look.is_active):
            painter.fillRect(look.cell, theme().color("raised"))
        if index.column() == Column.BOX:
            self._box(painter, look, row)
        elif row is None:
            self._placeholder(painter, look, index.column())
        elif index.column() == Column.VALUE and row.kind == "file":
            self._file(painter, look, row)
        else:
            self._text(painter, look, row, column=index.column(), resolver=resolver)
        if row is not None and index.column() == Column.VALUE and self.kind_width():
            self._kind(painter, look, row)
        self._lines(painter, look, index)
        if row is not None and look.is_last and look.is_lifted and self._model.shape.has_ghost:
            self._trash(painter, look)
        if look.has_ring:
            inner = look.cell.adjusted(0, 0, 0, -1) if index.column() == Column.BOX else look.field
            painting.ring(painter, QRectF(inner), radius=_BOX_RADIUS)

    def _box(self, painter: QPainter, look: CellLook, row: KeyValueRow | None) -> None:
        if not self._model.shape.has_boxes:
            return
        rect = QRectF(layout.box_rect(look.cell))
        if self._model.read_only:
            # What cannot be pressed has no box (rule 2 of the pictures): a tick alone says that it is used.
            if row is not None and row.enabled:
                paint_icon(painter, "check_small", "dim", x=rect.x(), y=rect.y(), size=round(rect.width()))
        elif row is not None and row.enabled:
            painting.fill_rounded(painter, rect, theme().color("accent_fill"), radius=_BOX_RADIUS)
            paint_icon(painter, "check_small", "on_accent", x=rect.x(), y=rect.y(), size=round(rect.width()))
        else:
            edge = "hairline" if row is None else "border"
            painting.frame_rounded(painter, rect, fill="raised", edge=edge, radius=_BOX_RADIUS)

    def _placeholder(self, painter: QPainter, look: CellLook, column: int) -> None:
        word = str(self._model.headerData(column, Qt.Orientation.Horizontal) or "")
        painting.draw_text(
            painter,
            word,
            x=look.field.left() + look.padding,
            top=look.field.top(),
            height=look.field.height(),
            font=ui_font(13),
            token="faint",
            width=look.field.width() - 2 * look.padding,
        )

    def _text(
        self, painter: QPainter, look: CellLook, row: KeyValueRow, *, column: int, resolver: VariableResolver
    ) -> None:
        text = row.field(FIELDS[column])
        room = QRectF(look.field.adjusted(look.padding, 0, -px(4), 0))
        if column == Column.DESCRIPTION:
            token = "dim" if row.enabled else "faint"
            painting.draw_text(
                painter, text, x=room.x(), top=room.y(), height=room.height(), font=ui_font(13), token=token,
                width=room.width(),
            )  # fmt: skip
            return
        problem = self._model.problems.of_name(row) if column == Column.NAME else self._model.problems.of_value(row)
        font = mono_font(13)
        if problem and column == Column.NAME:
            room = self._warning(painter, room)
        elif problem:
            room = self._message(painter, room, problem, text_width=QFontMetricsF(font).horizontalAdvance(text[:200]))
        token = "danger" if problem else "text" if row.enabled else "faint"
        locked = column == Column.NAME and self._model.shape.is_name_locked
        is_plain = not row.enabled and self._model.shape.has_boxes
        paint_template_text(
            painter,
            room,
            text,
            font=font,
            token="dim" if locked and not problem else token,
            resolver=None if is_plain or locked else resolver,
        )

    def _warning(self, painter: QPainter, room: QRectF) -> QRectF:
        """Draw the sign of a bad name at the right of its cell; the sentence is its tool tip."""
        x = room.right() - px(_ICON)
        paint_icon(painter, "warning", "danger", x=x, y=_centered(room, px(_ICON)), size=px(_ICON))
        return room.adjusted(0, 0, -px(_ICON + 4), 0)

    def _message(self, painter: QPainter, room: QRectF, problem: str, *, text_width: float) -> QRectF:
        """Draw what is wrong with a value at the right of its cell, as far as text and cell leave room for it."""
        font = ui_font(12)
        wanted = painting.text_width(font, problem)
        width = min(wanted, max(room.width() - text_width - px(_GAP), room.width() / 2))
        if width < px(_LEAST_MESSAGE):
            return self._warning(painter, room)
        painting.draw_text(
            painter, problem, x=room.right() - width, top=room.y(), height=room.height(), font=font, token="danger",
            width=width + 0.5,
        )  # fmt: skip
        return room.adjusted(0, 0, -width - px(_GAP), 0)

    def _file(self, painter: QPainter, look: CellLook, row: KeyValueRow) -> None:
        """Draw the name of a chosen file, or the words that choose one."""
        room = QRectF(look.field.adjusted(look.padding, 0, -px(4), 0))
        problem = self._model.problems.of_value(row)
        token = "danger" if problem else "text" if row.enabled else "faint"
        icon_token = "danger" if problem else "dim" if row.enabled else "faint"
        icon = "warning" if problem else "file"
        paint_icon(painter, icon, icon_token, x=room.x(), y=_centered(room, px(_ICON)), size=px(_ICON))
        room.adjust(px(_ICON + 6), 0, 0, 0)
        name = PurePath(row.value).name or row.value
        painting.draw_text(
            painter,
            name or translate("KeyValueTable", "Choose file..."),
            x=room.x(),
            top=room.y(),
            height=room.height(),
            font=mono_font(13) if name else ui_font(13),
            token=token if name else "accent_text",
            width=room.width(),
        )

    def _kind(self, painter: QPainter, look: CellLook, row: KeyValueRow) -> None:
        rect = layout.kind_rect(look.field, self.kind_width())
        read_only = self._model.read_only
        if rect.contains(look.mouse) and look.is_hovered and not read_only:
            painting.fill_rounded(painter, QRectF(rect.adjusted(px(2), px(2), -px(2), -px(2))), theme().color("hover"))
        token = "dim" if row.enabled else "faint"
        word = kind_word(row)
        x = rect.right() + 1 - px(8 + _ARROW + 2) - painting.text_width(ui_font(12), word)
        painting.draw_text(painter, word, x=x, top=rect.top(), height=rect.height(), font=ui_font(12), token=token)
        y = _centered(QRectF(rect), px(_ARROW))
        if not read_only:
            paint_icon(painter, "chevron_down", token, x=rect.right() + 1 - px(8 + _ARROW), y=y, size=px(_ARROW))

    def _trash(self, painter: QPainter, look: CellLook) -> None:
        rect = layout.trash_rect(look.cell)
        if look.is_hovered and rect.contains(look.mouse):
            painting.fill_rounded(painter, QRectF(rect), theme().color("pressed"))
        side = px(_ICON)
        x, y = rect.center().x() + 1 - side // 2, rect.center().y() + 1 - side // 2
        paint_icon(painter, "trash", "dim", x=x, y=y, size=side)

    def _lines(self, painter: QPainter, look: CellLook, index: QModelIndex) -> None:
        cell = look.cell
        painting.hairline(painter, cell.left(), cell.bottom(), length=cell.width())
        if index.column() != Column.BOX and not look.is_last:
            painting.hairline(painter, cell.right(), cell.top(), length=cell.height(), upright=True)


def kind_word(row: KeyValueRow) -> str:
    """Return the word for the kind of a row's value; for JSON that is its type."""
    if row.kind == "file":
        return translate("KeyValueTable", "File")
    if row.kind == "text":
        return translate("KeyValueTable", "Text")
    return _type_words().get(json_type(row.value), translate("KeyValueTable", "JSON"))


def _type_words() -> dict[str, str]:
    return {
        "object": translate("KeyValueTable", "Object"),
        "list": translate("KeyValueTable", "List"),
        "string": translate("KeyValueTable", "String"),
        "number": translate("KeyValueTable", "Number"),
        "boolean": translate("KeyValueTable", "Boolean"),
        "null": translate("KeyValueTable", "Null"),
    }


def _json_words() -> tuple[str, ...]:
    return tuple(_type_words().values())


def _centered(room: QRectF, side: int) -> float:
    return float(round(room.y() + (room.height() - side) / 2))
