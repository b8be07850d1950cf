"""The variables that are valid too, from the base environment; read only."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from insomnia_desktop.model import Variable
from insomnia_desktop.ui.models.key_value_rows import compact_json
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import mono_font, px, ui_font
from insomnia_desktop.ui.widgets.labels import Label

ROW = 32
_MOST = 200


class InheritedVariables(QWidget):
    """A heading, and name, value and source of each variable."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inheritedVariables")
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

    def show_variables(self, variables: Sequence[Variable], source: str) -> None:
        """Show variables of a source; without any the whole part is hidden."""
        self.setVisible(bool(variables))
        self._rows.show_variables(list(variables)[:_MOST], source)


class _Rows(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._variables: list[Variable] = []
        self._source = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_variables(self, variables: list[Variable], source: str) -> None:
        self._variables = variables
        self._source = source
        names = ", ".join(row.name for row in variables)
        self.setAccessibleName(f"{source}: {names}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(480), px(ROW) * len(self._variables) + 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height = px(ROW)
        name_at, value_at = px(48), round(self.width() * 0.28)
        source_at = round(self.width() * 0.72)
        painting.hairline(painter, 0, 0, length=self.width())
        for at, row in enumerate(self._variables):
            top = at * height
            value = row.value if isinstance(row.value, str) else compact_json(row.value)
            for x, text, font, right in (
                (name_at, row.name, mono_font(13), value_at),
                (value_at + px(8), value, mono_font(13), source_at),
                (source_at + px(8), self._source, ui_font(12), self.width()),
            ):
                painting.draw_text(
                    painter,
                    text,
                    x=x,
                    top=QRectF(0, top, 1, height).top(),
                    height=height,
                    font=font,
                    token="dim" if font.pixelSize() == px(12) else "text",
                    width=right - x - px(8),
                )
            painting.hairline(painter, 0, top + height - 1, length=self.width())
            for x in (value_at, source_at):
                painting.hairline(painter, x, top, length=height, upright=True)
