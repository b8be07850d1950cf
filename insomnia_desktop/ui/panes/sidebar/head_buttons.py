"""The painted buttons at the head of the sidebar: workspace, environment, cookies."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.theme.fonts import px, ui_font
from insomnia_desktop.ui.theme.icons import paint_icon
from insomnia_desktop.ui.widgets.badge import badge_width, paint_badge
from insomnia_desktop.ui.widgets.buttons import ARROW_GAP, ARROW_SIZE, QuietButton

TILE = 24
DOT = 8


class WorkspaceButton(QuietButton):
    """The first letter in a tile, the name of the workspace, and the arrow of its menu at the right edge."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setObjectName("workspaceButton")
        self.set_measures(height=36, padding=8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_name(self, name: str) -> None:
        """Show another workspace."""
        self.setText(name)
        self.setAccessibleName(self.tr("Workspace %s") % name)
        self.setToolTip(name)

    def sizeHint(self) -> QSize:
        """Take what width there is."""
        return QSize(px(120), px(36))

    def minimumSizeHint(self) -> QSize:
        """The name may be elided."""
        return QSize(px(80), px(36))

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        tile = QRectF(px(8), round((rect.height() - px(TILE)) / 2), px(TILE), px(TILE))
        painting.fill_rounded(painter, tile, theme().color("accent_tint"))
        letter = next(iter(self.text().strip()), "?").upper()
        painting.draw_centered(painter, letter, rect=tile, font=ui_font(13, 700), token="accent_text")
        arrow = px(ARROW_SIZE)
        x = rect.right() - px(8) - arrow
        painting.draw_text(
            painter,
            self.text(),
            x=tile.right() + px(8),
            top=0,
            height=rect.height(),
            font=ui_font(14, 600),
            token="text",
            width=x - px(8) - tile.right() - px(8),
        )
        paint_icon(painter, "chevron_down", "dim", x=x, y=round((rect.height() - arrow) / 2), size=arrow)


class EnvironmentButton(QuietButton):
    """The dot and name of the active environment, and the arrow of its menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, arrow=True)
        self._color = QColor()
        self._shows_dot = False
        self.setObjectName("environmentButton")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_environment(self, name: str, color: str, *, active: bool) -> None:
        """Show another environment; without an active one there is no dot and the words are dim."""
        self._shows_dot = active
        self._color = QColor(color) if color else QColor()
        self.setText(name)
        self.set_dim(not active)
        self.setAccessibleName(self.tr("Environment %s") % name)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """The name may be elided."""
        return QSize(px(64), super().sizeHint().height())

    def _content_width(self) -> float:
        return super()._content_width() + (px(DOT) + px(8) if self._shows_dot else 0)

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        x = rect.x() + px(8)
        if self._shows_dot:
            color = self._color if self._color.isValid() else theme().color("dot_info")
            painting.fill_dot(painter, QPointF(x + px(DOT) / 2, rect.height() / 2), px(DOT), color)
            x += px(DOT) + px(8)
        arrow = px(ARROW_SIZE)
        room = rect.right() - px(8) - arrow - px(ARROW_GAP) - x
        x = painting.draw_text(
            painter,
            self.text(),
            x=x,
            top=0,
            height=rect.height(),
            font=ui_font(13, 400),
            token=self._text_token(),
            width=max(0.0, room + 1),
        )
        paint_icon(
            painter, "chevron_down", "dim", x=x + px(ARROW_GAP), y=round((rect.height() - arrow) / 2), size=arrow
        )


class CookiesButton(QuietButton):
    """The word Cookies and how many there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._count = 0
        self.setObjectName("cookiesButton")
        self.setText(self.tr("Cookies"))
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """Show another count; none for 0."""
        self._count = count
        self.set_dim(count == 0)
        self.setAccessibleName(self.tr("Cookies, %d") % count)
        self.updateGeometry()

    def _content_width(self) -> float:
        return super()._content_width() + (px(6) + badge_width(str(self._count)) if self._count else 0)

    def _paint_content(self, painter: QPainter, rect: QRectF) -> None:
        x = painting.draw_text(
            painter,
            self.text(),
            x=rect.x() + px(8),
            top=0,
            height=rect.height(),
            font=self._text_font(),
            token=self._text_token(),
        )
        if self._count:
            paint_badge(painter, str(self._count), x=x + px(6), middle=rect.height() / 2, fill="pressed", token="text")
