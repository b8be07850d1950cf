"""Where the window stood and how it was divided, kept on this device."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.services.preferences import Preferences
from insomnia_desktop.ui.window.pane_layout import PaneLayout

_KEY = "window"
FIRST_SIZE = (1280, 800)
LEAST_SIZE = (640, 480)
_STILL_SEEN = 80


def restore(window: QMainWindow, layout: PaneLayout, preferences: Preferences) -> None:
    """Give the window its remembered place if that is still on a screen, else its first size."""
    window.setMinimumSize(*LEAST_SIZE)
    window.resize(*FIRST_SIZE)
    state = preferences.local(_KEY)
    if not isinstance(state, dict):
        return
    place = state.get("place")
    if isinstance(place, list) and len(place) == 4 and all(isinstance(number, int) for number in place):
        rect = QRect(*(int(str(number)) for number in place))
        if any(_seen(rect, screen.availableGeometry()) for screen in QGuiApplication.screens()):
            window.setGeometry(rect)
    panes = state.get("panes")
    if isinstance(panes, dict):
        layout.restore(panes)
    if state.get("maximized") is True:
        window.showMaximized()


def remember(window: QMainWindow, layout: PaneLayout, preferences: Preferences) -> None:
    """Write down the place of the window and its division."""
    rect = window.normalGeometry() if window.isMaximized() else window.geometry()
    place: list[JsonValue] = [rect.x(), rect.y(), rect.width(), rect.height()]
    preferences.set_local(_KEY, {"place": place, "maximized": window.isMaximized(), "panes": layout.state()})


def _seen(rect: QRect, screen: QRect) -> bool:
    shown = rect.intersected(screen)
    return shown.width() >= _STILL_SEEN and shown.height() >= _STILL_SEEN
