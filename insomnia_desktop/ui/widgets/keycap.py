"""Keys of a shortcut, drawn as small caps of a keyboard."""

from __future__ import annotations

import sys
from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.fonts import px, ui_font

HEIGHT = 20
PADDING = 5
GAP = 4
_MAC_NAMES = {"Ctrl": "⌘", "Shift": "⇧", "Alt": "⌥", "Meta": "⌃", "Return": "↩", "Enter": "↩"}
_NAMES = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Return": "Enter", "Escape": "Esc", "Delete": "Del"}


def keys_of(shortcut: str, *, mac: bool = sys.platform == "darwin") -> list[str]:
    """Return what stands on each cap of a portable shortcut such as "Ctrl+Shift+H"."""
    names = shortcut.split("+")
    if shortcut.endswith("++") or shortcut == "+":
        names = [*(name for name in names if name), "+"]
    known = {**_NAMES, **_MAC_NAMES} if mac else _NAMES
    return [known.get(name, name) for name in names]


def keycap_font() -> QFont:
    """Return the font on caps."""
    return ui_font(11, 500)


def keycaps_width(keys: list[str]) -> int:
    """Return how wide a row of caps is."""
    return sum(_cap_width(key) for key in keys) + px(GAP) * max(0, len(keys) - 1)


def paint_keycaps(painter: QPainter, keys: list[str], *, x: float, middle: float) -> float:
    """Draw a row of caps with its left edge at `x` around a middle line, and return its right edge."""
    for position, key in enumerate(keys):
        x += px(GAP) if position else 0
        rect = QRectF(x, round(middle - px(HEIGHT) / 2), _cap_width(key), px(HEIGHT))
        painting.frame_rounded(painter, rect, fill="raised", edge="border", radius=painting.SMALL_RADIUS)
        painting.draw_centered(painter, key, rect=rect, font=keycap_font(), token="dim")
        x = rect.right()
    return x


def _cap_width(key: str) -> int:
    return max(px(HEIGHT), ceil(painting.text_width(keycap_font(), key)) + 2 * px(PADDING))


class KeycapRow(QWidget):
    """A shortcut as a row of caps; screen readers hear the shortcut."""

    def __init__(self, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys_of(shortcut)
        self.setAccessibleName(shortcut)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_shortcut(self, shortcut: str) -> None:
        """Show other keys."""
        self._keys = keys_of(shortcut)
        self.setAccessibleName(shortcut)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the row."""
        return QSize(keycaps_width(self._keys), px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Caps are never cut."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the caps."""
        paint_keycaps(QPainter(self), self._keys, x=0, middle=self.height() / 2)
