"""The list of environments at the left of their dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QScrollArea, QVBoxLayout, QWidget

from insomnia_desktop.model import Environment
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, tabular, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.focus_ring import FocusRing
from insomnia_desktop.ui.widgets.labels import Label

ROW = 30


class _Row(QAbstractButton):
    """One environment: dot or braces, name, count, and a tick on the active one."""

    def __init__(self, environment: Environment, *, is_base: bool, is_active: bool) -> None:
        super().__init__()
        self._color = environment.color
        self._is_base = is_base
        self._is_active = is_active
        self._count = sum(1 for row in environment.variables if row.name)
        self._ring = FocusRing(self)
        self.setText(environment.name)
        self.setAccessibleName(f"{environment.name}, {self._count}")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return the size of a row."""
        return QSize(px(200), px(ROW))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring if the keyboard brought the focus."""
        super().focusInEvent(event)
        self._ring.enter(event.reason())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the ring."""
        super().focusOutEvent(event)
        self._ring.leave()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painting.fill_rounded(painter, rect, theme().color("sel" if self.isChecked() else "hover"))
        self._ring.paint(painter, rect)
        middle = rect.height() / 2
        if self._is_base:
            paint_icon(painter, "braces", "dim", x=px(8), y=round(middle - px(8)), size=px(16))
        else:
            color = QColor(self._color) if self._color else theme().color("dot_info")
            painting.fill_dot(painter, QPointF(px(16), middle), px(8), color)
        right = rect.right() - px(8)
        if self._is_active:
            paint_icon(painter, "check", "accent_text", x=right - px(16), y=round(middle - px(8)), size=px(16))
        else:
            font = tabular(ui_font(12))
            width = painting.text_width(font, str(self._count))
            painting.draw_text(
                painter, str(self._count), x=right - width, top=0, height=rect.height(), font=font, token="dim"
            )
        painting.draw_text(
            painter,
            self.text(),
            x=px(32),
            top=0,
            height=rect.height(),
            font=ui_font(13, 500 if self.isChecked() else 400),
            token="text",
            width=right - px(24) - px(32),
        )


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
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._group = QButtonGroup(self)

    def show_environments(self, environments: Sequence[Environment], shown_id: str, active_id: str | None) -> None:
        """Show the rows anew."""
        inner = QWidget()
        inner.setObjectName("environmentListRows")
        column = QVBoxLayout(inner)
        column.setContentsMargins(px(8), px(8), px(8), px(8))
        column.setSpacing(px(2))
        self._group = QButtonGroup(inner)
        for at, environment in enumerate(environments):
            if at == 1:
                heading = Label(self.tr("One of these is active"), rank="dim", size=12)
                heading.setContentsMargins(px(8), px(8), 0, px(6))
                column.addWidget(heading)
            row = _Row(environment, is_base=at == 0, is_active=environment.id == active_id)
            row.setChecked(environment.id == shown_id)
            row.clicked.connect(lambda _checked=False, each=environment.id: self.chosen.emit(each))
            self._group.addButton(row)
            column.addWidget(row)
        column.addStretch(1)
        self.setWidget(inner)
