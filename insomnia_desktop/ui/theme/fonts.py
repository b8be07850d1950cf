"""Fonts and measures of the window: the system's font in our sizes, and one zoom over both."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

UI_FALLBACKS = ("Inter", "Segoe UI Variable Text", "Segoe UI", "Cantarell", "Ubuntu", "Noto Sans", "DejaVu Sans")
MONO_FAMILIES = (
    "JetBrains Mono",
    "SF Mono",
    "Menlo",
    "Cascadia Mono",
    "Consolas",
    "Noto Sans Mono",
    "DejaVu Sans Mono",
)
LEAST_ZOOM, MOST_ZOOM = 50, 300


@dataclass(slots=True)
class _Choice:
    zoom: int = 100
    mono_family: str = ""


_choice = _Choice()
_made: dict[tuple[str, float, int], QFont] = {}


def px(length: float) -> int:
    """Return a measure of the pictures in logical pixels at the zoom that is set.

    Use it for every height, width and padding that must grow with the text; hairlines stay 1.
    """
    return round(length * _choice.zoom / 100)


def zoom() -> int:
    """Return the zoom in per cent."""
    return _choice.zoom


def set_zoom(percent: int) -> None:
    """Set the zoom of fonts and `px`; the window calls `switch().set_zoom`, which tells everybody."""
    _choice.zoom = max(LEAST_ZOOM, min(MOST_ZOOM, percent))
    _made.clear()


def mono_family() -> str:
    """Return the font of code that was chosen, "" for none."""
    return _choice.mono_family


def set_mono_family(name: str) -> None:
    """Set the font of code; "" means the first present one of `MONO_FAMILIES`."""
    _choice.mono_family = name
    _mono_family.cache_clear()


def ui_font(size: float = 13, weight: int = 400) -> QFont:
    """Return the system's font in a size (px at 100 %) and weight (100 to 900).

    Our list is named only where the system names nothing: a second family would win over an alias like "Sans Serif".
    """
    system = QGuiApplication.font()
    key = (system.family(), size, weight)
    if key not in _made:
        font = QFont(system)
        if not font.family():
            font.setFamilies(list(UI_FALLBACKS))
        _made[key] = _sized(font, size, weight)
    return QFont(_made[key])


def mono_font(size: float = 13, weight: int = 400) -> QFont:
    """Return the font of code in a size (px at 100 %) and weight, without ligatures."""
    key = (f"code {_mono_family()}", size, weight)
    if key not in _made:
        font = QFont(_mono_family())
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
        font.setFeature(QFont.Tag("calt"), 0)
        _made[key] = _sized(font, size, weight)
    return QFont(_made[key])


def tabular(font: QFont) -> QFont:
    """Return the font with figures of equal width, for numbers that change or stand in columns."""
    made = QFont(font)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def _mono_family() -> str:
    wanted = (_choice.mono_family, *MONO_FAMILIES) if _choice.mono_family else MONO_FAMILIES
    for name in wanted:
        if QFontDatabase.hasFamily(name):
            return name
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()


def _sized(font: QFont, size: float, weight: int) -> QFont:
    font.setPixelSize(max(1, px(size)))
    font.setWeight(QFont.Weight(weight))
    return font
