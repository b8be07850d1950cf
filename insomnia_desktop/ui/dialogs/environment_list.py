"""The list of environments at the left of their dialog."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QButtonGroup, QScrollArea, QVBoxLayout

from insomnia_desktop.model import Environment
from insomnia_desktop.ui.dialogs.side_row import SideRow
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, tabular, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.bars import Surface
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel


class EnvironmentRow(SideRow):
    """One environment: dot or braces, name, and a count, a tick on the active one, a warning on a text to mend and on
    one that cannot be changed.

    A lock marks one that is on this device alone.
    """

    def __init__(self, environment_id: str, *, is_base: bool) -> None:
        super().__init__("")
        self.environment_id = environment_id
        self._is_base = is_base
        self._shown: tuple[object, ...] = ()
        self._color = ""
        self._count = 0
        self._is_active = False
        self._is_wrong = False
        self._is_private = False
        self._is_held = False

    def show_environment(
        self,
        environment: Environment,
        *,
        is_active: bool,
        is_wrong: bool,
        is_private: bool = False,
        is_held: bool = False,
    ) -> None:
        """Show name, colour, count and state."""
        count = sum(1 for row in environment.variables if row.enabled and row.name)
        shown = (environment.name, environment.color, count, is_active, is_wrong, is_private, is_held)
        if shown == self._shown:
            return
        self._shown = shown
        self._color, self._count, self._is_active, self._is_wrong = environment.color, count, is_active, is_wrong
        self._is_private, self._is_held = is_private, is_held
        self.setText(environment.name)
        words = [environment.name, self.tr("%d variables") % count]
        words += [self.tr("active")] if is_active else []
        words += [self.tr("only on this device")] if is_private else []
        words += [self.tr("JSON text not stored")] if is_wrong else []
        words += [self.tr("read only")] if is_held else []
        self.setAccessibleName(", ".join(words))
        self.setToolTip(environment.name if len(environment.name) > 24 else "")
        self.update()

    def _paint_sides(self, painter: QPainter, rect: QRectF) -> tuple[float, float]:
        middle = rect.height() / 2
        icon_y = round(middle - px(8))
        if self._is_base:
            paint_icon(painter, "braces", "dim", x=px(8), y=icon_y, size=px(16))
        else:
            color = QColor(self._color) if QColor(self._color).isValid() else theme().color("faint")
            painting.fill_dot(painter, QPointF(px(16), middle), px(8), color)
        right = rect.right() - px(8)
        if self._is_wrong or self._is_held or self._is_active:
            name, token = ("warning", "danger") if self._is_wrong else ("check", "accent_text")
            if self._is_held and not self._is_wrong:
                name, token = "warning", "warning"
            paint_icon(painter, name, token, x=right - px(16), y=icon_y, size=px(16))
            return px(32), right - px(24)
        if self._is_private:
            paint_icon(painter, "lock", "dim", x=right - px(16), y=icon_y, size=px(16))
            return px(32), right - px(24)
        font, words = tabular(ui_font(12)), str(self._count)
        x = right - px(4) - painting.text_width(font, words)
        painting.draw_text(painter, words, x=x, top=0, height=rect.height(), font=font, token="dim")
        return px(32), x - px(8)


class EnvironmentList(QScrollArea):
    """The base environment, and under a heading those of which one is active.

    Signals:
        chosen(id): an environment is to be shown.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("environmentList")
        self.setAccessibleName(self.tr("Environments"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._group = QButtonGroup(self)
        self._rows: dict[str, EnvironmentRow] = {}
        self._focus_next = False

    def show_environments(
        self,
        environments: Sequence[Environment],
        shown_id: str,
        active_id: str | None,
        *,
        wrong: Collection[str] = (),
        private: Collection[str] = (),
        held: Collection[str] = (),
    ) -> None:
        """Show the rows; those of the same environments stay the same widgets and keep the focus."""
        if list(self._rows) != [each.id for each in environments]:
            self._build(environments)
        for each in environments:
            row = self._rows[each.id]
            row.show_environment(
                each,
                is_active=each.id == active_id,
                is_wrong=each.id in wrong,
                is_private=each.id in private,
                is_held=each.id in held,
            )
            if each.id == shown_id and not row.isChecked():
                row.setChecked(True)
                self.ensureWidgetVisible(row)
                if self._focus_next:
                    self._focus_next = False
                    row.setFocus()

    def row(self, environment_id: str) -> EnvironmentRow:
        """Return the row of an environment."""
        return self._rows[environment_id]

    def _build(self, environments: Sequence[Environment]) -> None:
        had_focus = any(row.hasFocus() for row in self._rows.values())
        for old in self._rows.values():
            self._group.removeButton(old)
        inner = Surface("sidebar")
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(8), px(9), px(8), px(8))
        column.setSpacing(px(2))
        self._rows = {}
        for at, environment in enumerate(environments):
            if at == 1:
                heading = Label(self.tr("One of these is active"), rank="dim", size=12)
                heading.setContentsMargins(px(8), px(10), 0, px(6))
                column.addWidget(heading)
            row = EnvironmentRow(environment.id, is_base=at == 0)
            row.clicked.connect(lambda _checked=False, each=environment.id: self.chosen.emit(each))
            self._group.addButton(row)
            self._rows[environment.id] = row
            column.addWidget(row)
        if len(environments) == 1:
            note = self.tr("Add an environment for each place your API runs at: local, staging, production.")
            empty = WrappedLabel(note, rank="dim", size=12)
            empty.setContentsMargins(px(8), px(10), px(8), 0)
            column.addWidget(empty)
        column.addStretch(1)
        self.setWidget(inner)
        self._focus_next = had_focus
