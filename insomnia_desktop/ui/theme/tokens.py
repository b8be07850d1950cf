"""The colours of one theme, by meaning, as read from `resources/themes`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache

from PySide6.QtGui import QColor

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.paths import resource_path

THEME_NAMES = ("dark", "light")
FAMILIES = ("method", "syntax")


@dataclass(frozen=True, slots=True)
class Theme:
    """The named colours of one theme; families are written with a dot (`method.get`, `syntax.string`)."""

    name: str
    is_dark: bool
    colors: dict[str, str]
    _made: dict[str, QColor] = field(default_factory=dict, compare=False, repr=False)

    def color(self, token: str) -> QColor:
        """Return the colour of a token; never change it, it is shared. Raises Bug for an unknown name."""
        made = self._made.get(token)
        if made is None:
            made = self._made[token] = QColor(self.hex(token))
        return made

    def hex(self, token: str) -> str:
        """Return the colour as `#rrggbb` (or `#aarrggbb` where the theme file has it so)."""
        try:
            return self.colors[token]
        except KeyError:
            raise Bug("theme.unknown_token", token=token, theme=self.name) from None

    def method(self, method: str) -> QColor:
        """Return the colour of an HTTP method; those without their own share one."""
        token = f"method.{method.lower()}"
        return self.color(token if token in self.colors else "method.other")


@cache
def load_theme(name: str) -> Theme:
    """Read one theme file, once; raises Bug for a name that is not one of `THEME_NAMES`."""
    if name not in THEME_NAMES:
        raise Bug("theme.unknown_name", name=name)
    document = tomllib.loads(resource_path("themes", f"{name}.toml").read_text("utf-8"))
    colors = dict(document["colors"])
    for family in FAMILIES:
        colors.update({f"{family}.{key}": value for key, value in document[family].items()})
    return Theme(name=document["name"], is_dark=document["is_dark"], colors=colors)
