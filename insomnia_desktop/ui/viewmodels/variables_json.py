"""Variables as one JSON object, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QCoreApplication

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Variable
from insomnia_desktop.ui.models.key_value_rows import json_problem

if TYPE_CHECKING:
    from insomnia_desktop.ui.viewmodels.environment_view_model import EnvironmentViewModel

translate = QCoreApplication.translate


class JsonMistake(ValueError):
    """A text that is no object of variables; `line` and `column` count from 1."""

    def __init__(self, text: str, line: int, column: int) -> None:
        super().__init__(text)
        self.line = line
        self.column = column


def variables_to_json(variables: tuple[Variable, ...]) -> str:
    """Return the enabled variables as one JSON object, laid out; of two with one name the later counts."""
    values = {row.name: row.value for row in variables if row.enabled and row.name}
    return json.dumps(values, ensure_ascii=False, indent=2)


def variables_from_json(text: str, before: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Return the rows that a JSON object spells, in its order.

    Known names keep id and description; rows that are switched off or have no name stay behind the row they stood
    behind. Raises JsonMistake.
    """
    values = _object(text)
    known = {row.name: row for row in before if row.enabled and row.name}
    rows: list[Variable] = []
    for name, value in values.items():
        row = known.get(name)
        made = Variable(id=new_row_id(), name=name, value=value)
        rows.append(made if row is None else msgspec.structs.replace(row, value=value))
    place = -1
    for row in before:
        at = next((number for number, each in enumerate(rows) if each.id == row.id), None)
        if at is not None:
            place = at
        elif not (row.enabled and row.name):
            place += 1
            rows.insert(place, row)
    return tuple(rows)


class VariablesText:
    """The JSON text of the shown environment.

    A text that spells no variables is kept beside its environment until it is mended or dropped. Threads: GUI.
    """

    def __init__(self, view_model: EnvironmentViewModel) -> None:
        self._view_model = view_model
        self._texts: dict[str, str] = {}

    def text(self) -> str:
        """Return the shown variables as JSON, or what was typed for them and cannot be stored yet."""
        shown = self._view_model.shown
        return self._texts.get(shown.id, variables_to_json(shown.variables))

    def take(self, text: str) -> None:
        """Take over the variables that a text spells, or keep the text where it spells none."""
        shown = self._view_model.shown
        was_kept = self._texts.pop(shown.id, None) is not None
        try:
            variables = variables_from_json(text, shown.variables)
        except JsonMistake:
            self._texts[shown.id] = text
            if not was_kept:
                self._view_model.list_changed.emit()
            return
        if was_kept:
            self._view_model.list_changed.emit()
        self._view_model.set_variables(variables, step="json")

    def mistake(self) -> JsonMistake | None:
        """Return what is wrong with the text of the shown environment, or None."""
        text = self._texts.get(self._view_model.shown.id)
        if text is None:
            return None
        try:
            variables_from_json(text, ())
        except JsonMistake as mistake:
            return mistake
        return None

    def drop(self) -> None:
        """Forget the text of the shown environment that cannot be stored."""
        if self._texts.pop(self._view_model.shown.id, None) is not None:
            self._view_model.list_changed.emit()

    def kept(self) -> list[str]:
        """Return the ids of the environments whose text cannot be stored, in their order."""
        return [each.id for each in self._view_model.environments if each.id in self._texts]


def _object(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    problem = json_problem(text)
    if problem is not None:
        raise _mistake(problem.message, text, problem.column - 1)
    # The pairs of the whole are handed over last, after those of all objects inside.
    whole: list[tuple[str, Any]] = []

    def take(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        whole[:] = pairs
        return dict(pairs)

    value = json.loads(text, object_pairs_hook=take)
    if not isinstance(value, dict):
        words = translate("VariablesJson", "An object is needed: names and values between braces")
        raise _mistake(words, text, len(text) - len(text.lstrip()))
    names = [name for name, _ in whole]
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is not None:
        words = translate("VariablesJson", "The name “%s” stands twice") % twice
        raise _mistake(words, text, max(0, text.rfind(json.dumps(twice, ensure_ascii=False))))
    return value


def _mistake(words: str, text: str, position: int) -> JsonMistake:
    line = text.count("\n", 0, position) + 1
    return JsonMistake(words, line, position - text.rfind("\n", 0, position))
