"""The theme that is in force, and the switch that changes it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QToolTip

from insomnia_desktop.ui.theme import fonts
from insomnia_desktop.ui.theme.current import name_of_system_theme, put_in_force, theme
from insomnia_desktop.ui.theme.palette import palette_of
from insomnia_desktop.ui.theme.stylesheet import stylesheet_of
from insomnia_desktop.ui.theme.tokens import Theme, load_theme

if TYPE_CHECKING:
    from insomnia_desktop.ui.theme.style import AppStyle

__all__ = ["Choice", "ThemeSwitch", "switch", "theme"]

Choice = Literal["system", "light", "dark"]


class ThemeSwitch(QObject):
    """Chooses the theme, follows the system where told so, and dresses the application in it.

    Signals:
        changed: colours or sizes are others now; painted widgets call `update()`, and measure again if they kept sizes.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._choice: Choice = "system"
        self._style: AppStyle | None = None
        self._follows = False

    def theme(self) -> Theme:
        """Return the theme in force; that of the system as long as nothing was chosen."""
        return theme()

    def choice(self) -> Choice:
        """Return what was chosen, which may be to follow the system."""
        return self._choice

    def choose(self, choice: Choice, *, style_later: bool = False) -> None:
        """Set the theme and dress the application; call it once at the start, with an application alive.

        With `style_later` the application keeps the style it has until `take_style`: only menus and tips look
        different in ours, and it takes its time to load.
        """
        self._choice = choice
        self._tell_platform()
        if not style_later:
            self.take_style()
        self._dress(load_theme(self._wanted()))

    def take_style(self) -> None:
        """Give the application our style, if it does not have it yet."""
        app = QApplication.instance()
        if self._style is None and isinstance(app, QApplication):
            from insomnia_desktop.ui.theme.style import AppStyle

            self._style = AppStyle()
            app.setStyle(self._style)

    def set_zoom(self, percent: int) -> None:
        """Set the size of all text and measures in per cent and tell everybody."""
        if percent == fonts.zoom():
            return
        fonts.set_zoom(percent)
        self._dress(self.theme())

    def set_mono_family(self, name: str) -> None:
        """Set the font of code ("" = the first good one present) and tell everybody."""
        if name == fonts.mono_family():
            return
        fonts.set_mono_family(name)
        self._dress(self.theme())

    def _wanted(self) -> str:
        return name_of_system_theme() if self._choice == "system" else self._choice

    def _tell_platform(self) -> None:
        """Let title bars and native dialogs follow; some platforms ignore it, hence our own palette."""
        hints = QGuiApplication.styleHints()
        if not self._follows:
            hints.colorSchemeChanged.connect(self._on_scheme_changed)
            self._follows = True
        if self._choice == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self._choice == "dark" else Qt.ColorScheme.Light)

    def _dress(self, wanted: Theme) -> None:
        app = QApplication.instance()
        put_in_force(wanted)
        if isinstance(app, QApplication):
            app.setFont(fonts.ui_font())
            app.setPalette(palette_of(wanted))
            QToolTip.setPalette(palette_of(wanted))
            QToolTip.setFont(fonts.ui_font(12))
            app.setStyleSheet(stylesheet_of(wanted))
        self.changed.emit()

    @Slot()
    def _on_scheme_changed(self) -> None:
        if self._choice == "system" and self._wanted() != self.theme().name:
            self._dress(load_theme(self._wanted()))


@cache
def switch() -> ThemeSwitch:
    """Return the one switch of the process."""
    return ThemeSwitch()
