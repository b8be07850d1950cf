"""Which variables are valid in an environment, and where each stands."""

from __future__ import annotations

import json

from insomnia_desktop.model import Environment, Variable
from insomnia_desktop.ui.i18n.words import translate
from insomnia_desktop.ui.models.variable_state import VariableState

_LONGEST_VALUE = 2000


def inherited(base: Environment, shown: Environment) -> list[Variable]:
    """Return the variables of the base environment that the shown one does not overwrite."""
    if base.id == shown.id:
        return []
    own = {row.name for row in shown.variables if row.enabled}
    return [row for row in base.variables if row.enabled and row.name and row.name not in own]


def states(base: Environment, shown: Environment) -> dict[str, VariableState]:
    """Return what chips show for the variables that are valid in an environment, by name."""
    found: dict[str, VariableState] = {}
    for environment in (base, shown):
        for row in environment.variables:
            if row.enabled and row.name:
                found[row.name] = _state(row, environment, overrides=found.get(row.name), base=base)
    return found


def _state(row: Variable, source: Environment, *, overrides: VariableState | None, base: Environment) -> VariableState:
    text = row.value if isinstance(row.value, str) else json.dumps(row.value, ensure_ascii=False)
    if overrides is not None and source.id != base.id:
        words = translate("words", "from %s, overrides %s") % (source.name, base.name)
    else:
        words = translate("words", "from %s") % source.name
    return VariableState(known=True, value=text[:_LONGEST_VALUE], source=words, color=source.color)
