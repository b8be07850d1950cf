"""What is known of a variable when its chip is painted."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec


class VariableState(msgspec.Struct, frozen=True):
    """Whether a name is known here, its value, and in words where that comes from.

    `source` is a whole phrase for the hover card ("from Staging, overrides Base environment"). `color` is the colour of
    its environment: `#rrggbb`, a token of the theme, or empty for none.
    """

    known: bool
    value: str = ""
    source: str = ""
    color: str = ""


VariableResolver: TypeAlias = Callable[[str], VariableState]


def all_known(name: str) -> VariableState:
    """Take every name for known: what chips show until a scope is given."""
    return VariableState(known=True, value="", source="", color="")
