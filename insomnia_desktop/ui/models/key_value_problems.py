"""What is wrong with single cells of a key/value table, as one sentence each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject

from insomnia_desktop.ui.models.key_value_rows import KeyValueRow, ValueKind, json_problem

RowProblem: TypeAlias = Callable[[KeyValueRow], str | None]


class KeyValueProblems(QObject):
    """Judges names by the rule it is given, JSON by its grammar, files by whether they are there.

    Answers about values are kept, because painting asks for them: `forget` lets files be looked for again.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rule: RowProblem | None = None
        self._known: dict[tuple[ValueKind, str], str] = {}

    def set_rule(self, rule: RowProblem | None) -> None:
        """Set what judges the name of a row."""
        self._rule = rule

    def has_rule(self) -> bool:
        """Say whether names are judged at all."""
        return self._rule is not None

    def of_name(self, row: KeyValueRow) -> str:
        """Return what is wrong with the name of a row, or nothing."""
        return (self._rule(row) or "") if self._rule is not None else ""

    def of_value(self, row: KeyValueRow) -> str:
        """Return what is wrong with the value of a row: no JSON, or a file that is not there."""
        if row.kind == "text" or (row.kind == "file" and not row.value):
            return ""
        key = (row.kind, row.value)
        if key not in self._known:
            if len(self._known) > 1000:
                self._known.clear()
            self._known[key] = self._judge(row)
        return self._known[key]

    def forget(self) -> None:
        """Judge all values anew when next asked."""
        self._known.clear()

    def _judge(self, row: KeyValueRow) -> str:
        if row.kind == "file":
            # A path with variables is known only when it is sent.
            if "{{" in row.value or _is_file(row.value):
                return ""
            return self.tr("There is no file at %s").replace("%s", row.value)
        problem = json_problem(row.value)
        if problem is None:
            return ""
        return self.tr("%1, column %2").replace("%1", problem.message).replace("%2", str(problem.column))


def _is_file(path: str) -> bool:
    try:
        return Path(path).is_file()
    except (OSError, ValueError):  # too long, or with a NUL
        return False
