"""Our own SVG icons, recoloured from a token and rendered at size x device pixel ratio."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.paths import resource_path
from insomnia_desktop.ui.theme.current import theme
from insomnia_desktop.ui.theme.tokens import Theme

# Of a drawing on the grid of 16.
LARGE_STROKE = 1.25


def icon_pixmap(name: str, token: str = "dim", size: int = 16, ratio: float = 1.0) -> QPixmap:
    """Return an icon in the colour of a token; `size` in logical pixels, 24 and more get the thinner stroke."""
    return _rendered(name, theme(), token, size=size, ratio=ratio)


def paint_icon(painter: QPainter, name: str, token: str, *, x: float, y: float, size: int = 16) -> None:
    """Draw an icon with its top left at a logical point, sharp at the painter's device pixel ratio."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(QPointF(x, y), icon_pixmap(name, token, size, ratio))


def icon(name: str, token: str = "dim", size: int = 16) -> QIcon:
    """Return an icon for an action or menu; it is grey (`faint`) when disabled and has no life of its own.

    It keeps the colour of the theme it was made in: make it anew on `switch().changed`.
    """
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        made.addPixmap(icon_pixmap(name, token, size, ratio), QIcon.Mode.Normal)
        made.addPixmap(icon_pixmap(name, "faint", size, ratio), QIcon.Mode.Disabled)
    return made


@cache
def _drawing(name: str) -> str:
    try:
        return resource_path("icons", f"{name}.svg").read_text("utf-8")
    except FileNotFoundError:
        raise Bug("theme.unknown_icon", name=name) from None


_pixmaps: dict[tuple[str, str, str, int, float], QPixmap] = {}


def _rendered(name: str, colors: Theme, token: str, *, size: int, ratio: float) -> QPixmap:
    key = (name, colors.name, token, size, ratio)
    made = _pixmaps.get(key)
    if made is None:
        from PySide6.QtSvg import QSvgRenderer  # imported here: the window shows before its first icon is drawn

        source = _drawing(name).replace("currentColor", colors.hex(token))
        if size >= 24:
            source = source.replace('stroke-width="1.5"', f'stroke-width="{LARGE_STROKE}"')
        pixels = round(size * ratio)
        made = QPixmap(pixels, pixels)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(QByteArray(source.encode())).render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        made.setDevicePixelRatio(ratio)
        _pixmaps[key] = made
    return made
