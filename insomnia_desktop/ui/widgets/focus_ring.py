"""Decides when a focus ring is shown: only after the focus came by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.theme import painting

_BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
# The focus comes back to a widget that had it: whether it shows a ring was decided before.
_COMES_BACK = (
    Qt.FocusReason.ActiveWindowFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.MenuBarFocusReason,
)


class FocusRing:
    """Belongs to one widget, which calls `enter` and `leave` from its focus events and `paint` when it paints."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget
        self._by_keyboard = False

    def enter(self, reason: Qt.FocusReason) -> None:
        """Note why the focus came."""
        if reason not in _COMES_BACK:
            self._by_keyboard = reason in _BY_KEYBOARD
        self._widget.update()

    def leave(self) -> None:
        """Note that the focus went."""
        self._widget.update()

    def show_from_now(self) -> None:
        """Show the ring although the focus came otherwise: the person began to use the keyboard in the widget."""
        self._by_keyboard = True
        self._widget.update()

    def is_shown(self) -> bool:
        """Return whether the ring is to be drawn now."""
        return self._by_keyboard and self._widget.hasFocus()

    def paint_frame(
        self,
        painter: QPainter,
        rect: QRectF,
        *,
        fill: str,
        edge: str = "border",
        radius: float = painting.RADIUS,
        pen: float = 1.0,
    ) -> None:
        """Draw a box: with the ring as its edge if that is shown, else with its own."""
        if not self.paint(painter, rect, radius=radius, fill=fill):
            painting.frame_rounded(painter, rect, fill=fill, edge=edge, radius=radius, pen=pen)

    def paint(self, painter: QPainter, rect: QRectF, *, radius: float = painting.RADIUS, fill: str = "") -> bool:
        """Draw the ring inside a rectangle if it is shown, and return whether it was."""
        if self.is_shown():
            painting.ring(painter, rect, radius=radius, fill=fill)
            return True
        return False
