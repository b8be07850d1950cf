"""Joins the QSS templates of `resources/styles` and fills in the colours of a theme."""

from __future__ import annotations

import re
from functools import cache

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.paths import resource_path
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.theme.tokens import Theme

_PLACE = re.compile(r"\{\{\s*(px\s+)?([a-z0-9_.]+)\s*\}\}")
_SHEETS = ("00_base.qss", "10_controls.qss", "20_views.qss")


def stylesheet_of(colors: Theme) -> str:
    """Return the sheet of the application: `{{token}}` becomes a colour, `{{px 8}}` a measure at the zoom.

    Raises Bug for a token that the theme does not have.
    """
    return _PLACE.sub(lambda place: _value(colors, place), _templates())


def _value(colors: Theme, place: re.Match[str]) -> str:
    scaled, name = place.groups()
    if not scaled:
        return colors.hex(name)
    try:
        return f"{px(float(name))}px"
    except ValueError:
        raise Bug("theme.bad_measure", text=name) from None


@cache
def _templates() -> str:
    return "\n".join(resource_path("styles", name).read_text("utf-8") for name in _SHEETS)
