"""The flat names that a text may use, and which environment each comes from."""

from __future__ import annotations

from typing import Any

import msgspec

from insomnia_desktop.model.environment import Environment


class Scope(msgspec.Struct, frozen=True):
    """Values by name, and the id of the environment that each value comes from."""

    values: dict[str, Any] = msgspec.field(default_factory=dict)
    origins: dict[str, str] = msgspec.field(default_factory=dict)


def scope_of(base: Environment | None, sub: Environment | None) -> Scope:
    """Return what is in force: the variables of the base environment, and those of the sub-environment over them.

    Disabled rows and rows without a name do not count; of two rows with one name the later counts.
    """
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for environment in (base, sub):
        for variable in environment.variables if environment is not None else ():
            if variable.enabled and variable.name:
                values[variable.name] = variable.value
                origins[variable.name] = environment.id if environment is not None else ""
    return Scope(values, origins)
