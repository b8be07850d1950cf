"""The variables that are valid too, from the base environment; read only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.model import Variable
from insomnia_desktop.ui.delegates.chip_painting import paint_template_text
from insomnia_desktop.ui.models.key_value_rows import compact_json
from insomnia_desktop.ui.models.variable_state import VariableResolver, all_known
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.widgets.labels import Label

ROW = 32
_NAME_AT = 48
_PADDING = 8


class InheritedVariables(QWidget):
    """A heading, and name, value and source of each variable, in the columns of the table above."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inheritedVariables")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        heading = QHBoxLayout()
        heading.setContentsMargins(px(16), px(24), px(16), px(8))
        heading.setSpacing(px(8))
        heading.addWidget(Label(self.tr("Also valid here"), weight=600))
        heading.addWidget(Label(self.tr("overwritten when the same name stands above"), rank="dim", size=12))
        heading.addStretch(1)
        self._rows = _Rows()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(heading)
        column.addWidget(self._rows)

    def show_variables(self, variables: Sequence[Variable], source: str, resolver: VariableResolver) -> None:
        """Show variables of a source; without any the whole part is hidden."""
        self.setVisible(bool(variables))
        self._rows.show_variables(list(variables), source, resolver)

    def set_columns(self, value_at: int, source_at: int) -> None:
        """Set where the columns of values and sources begin."""
        self._rows.set_columns(value_at, source_at)


class _Rows(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._variables: list[Variable] = []
        self._source = ""
        self._resolver: VariableResolver = all_known
        self._columns = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_variables(self, variables: list[Variable], source: str, resolver: VariableResolver) -> None:
        changed = len(variables) != len(self._variables)
        self._variables, self._source, self._resolver = variables, source, resolver
        self.setAccessibleName(f"{source}: {', '.join(row.name for row in variables)}")
        if changed:
            self.updateGeometry()
        self.update()

    def set_columns(self, value_at: int, source_at: int) -> None:
        self._columns = (value_at, source_at)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(480), px(ROW) * len(self._variables) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = px(ROW)
        painting.hairline(painter, 0, 0, length=self.width())
        first, last = event.rect().top() // height, event.rect().bottom() // height
        for at in range(max(0, first - 1), min(len(self._variables), last + 1)):
            self._paint_row(painter, self._variables[at], at * height + 1, height)

    def _paint_row(self, painter: QPainter, row: Variable, top: int, height: int) -> None:
        value_at, source_at = self._columns
        value = row.value if isinstance(row.value, str) else compact_json(row.value)
        name_at = px(_NAME_AT)
        right = value_at - name_at - px(_PADDING)
        painting.draw_text(
            painter, row.name, x=name_at, top=top, height=height - 1, font=mono_font(13), token="text", width=right
        )
        room = QRectF(value_at + px(_PADDING) - 1, top, source_at - value_at - 2 * px(_PADDING), height - 1)
        paint_template_text(painter, room, value, font=mono_font(13), token="text", resolver=self._resolver)
        painting.draw_text(
            painter,
            self._source,
            x=source_at + px(_PADDING) - 1,
            top=top,
            height=height - 1,
            font=ui_font(12),
            token="dim",
            width=max(0, self.width() - source_at - 2 * px(_PADDING)),
        )
        painting.hairline(painter, 0, top + height - 1, length=self.width())
        for x in (value_at, source_at):
            painting.hairline(painter, x - 1, top, length=height, upright=True)
