"""Shows value and source of the chip under the mouse, for any widget that paints chips."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from insomnia_desktop.ui.models.variable_state import VariableResolver, all_known
from insomnia_desktop.ui.widgets.hover_card import HoverCard

ChipAt = Callable[[QPoint], tuple[str, QRect] | None]

_CLOSERS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.Leave,
    QEvent.Type.Hide,
    QEvent.Type.FocusOut,
}


class ChipHover(QObject):
    """Filters the events of one widget: opens a card where a tool tip would come, closes it with the mouse gone.

    `chip_at` says which variable stands at a point of the widget, and in which rectangle.
    """

    def __init__(self, widget: QWidget, chip_at: ChipAt) -> None:
        super().__init__(widget)
        self._widget = widget
        self._chip_at = chip_at
        self._card: HoverCard | None = None
        self.resolver: VariableResolver = all_known
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take tool tip events over a chip; let everything else pass."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._show(event.pos())
        if event.type() in _CLOSERS or (
            isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseMove
            and self._chip_at(event.position().toPoint()) is None
        ):
            self.close()
        return False

    def close(self) -> None:
        """Close the card."""
        if self._card is not None:
            self._card.hide()

    def card(self) -> HoverCard | None:
        """Return the card once there was one."""
        return self._card

    def _show(self, position: QPoint) -> bool:
        found = self._chip_at(position)
        if found is None:
            return False
        name, rect = found
        if self._card is None:
            self._card = HoverCard(self._widget)
            # Once shown it is a child of the window, which outlives a cell editor.
            self._widget.destroyed.connect(self._card.deleteLater)
        self._card.show_state(name, self.resolver(name), QRect(self._widget.mapToGlobal(rect.topLeft()), rect.size()))
        return True
