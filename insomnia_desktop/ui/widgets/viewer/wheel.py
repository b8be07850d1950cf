"""What a turn of the wheel or a stroke on a touch pad scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollBar

from insomnia_desktop.ui.widgets.viewer.page import Page

_NOTCH = 120


class Wheel:
    """Scrolls by pixels where the device gives them, else by lines; with Shift, or a sideways stroke, across."""

    def __init__(self) -> None:
        """Begin with no part of a notch turned."""
        self._rest = 0

    def scroll(self, event: QWheelEvent, page: Page, across: QScrollBar) -> bool:
        """Scroll; False when the turn means something else (with Ctrl: zoom)."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        pixels, angle = event.pixelDelta(), event.angleDelta()
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        sideways = angle.y() if shifted and not angle.x() else angle.x()
        if shifted or abs(angle.x()) > abs(angle.y()):
            across.setValue(across.value() - ((pixels.y() if shifted else pixels.x()) or sideways // 2))
            page.left = across.value()
        elif pixels.y():
            page.scroll_pixels(-pixels.y())
        else:
            self._rest += angle.y() * QApplication.wheelScrollLines()
            lines = int(self._rest / _NOTCH)
            self._rest -= lines * _NOTCH
            page.scroll_lines(-lines)
        return True
