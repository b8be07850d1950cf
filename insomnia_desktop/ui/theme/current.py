"""The theme that is in force: painting reads it, the switch sets it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from insomnia_desktop.ui.theme.tokens import Theme, load_theme

_in_force: list[Theme] = []


def theme() -> Theme:
    """Return the theme in force; that of the system as long as nothing was chosen. Threads: GUI."""
    if not _in_force:
        put_in_force(load_theme(name_of_system_theme()))
    return _in_force[0]


def put_in_force(wanted: Theme) -> None:
    """Make another theme the one that painting reads; only the switch does this, and it tells everybody."""
    _in_force[:] = [wanted]


def name_of_system_theme() -> str:
    """Return the name of the theme that the system asks for."""
    scheme = QGuiApplication.styleHints().colorScheme()
    return "dark" if scheme == Qt.ColorScheme.Dark else "light"
