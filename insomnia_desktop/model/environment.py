"""Environments: named sets of variables."""

from __future__ import annotations

from typing import Any

import msgspec


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """One variable; `value` is any JSON value."""

    id: str
    enabled: bool = True
    name: str = ""
    value: Any = ""
    description: str = ""


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """The base environment of a workspace or a sub-environment; `color` is `#rrggbb` or empty."""

    id: str
    parent_id: str | None
    sort_key: str
    name: str = ""
    color: str = ""
    variables: tuple[Variable, ...] = ()
