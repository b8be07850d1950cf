"""The environments of a workspace while they are edited."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Environment, Variable, patch_between
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

AUTOSAVE_MS = 300
COLORS = ("dot_info", "dot_warning", "dot_danger", "dot_success", "accent", "notice")


class JsonMistake(ValueError):
    """A text that is no object of variables; `line` and `column` count from 1."""

    def __init__(self, text: str, line: int, column: int) -> None:
        super().__init__(text)
        self.line = line
        self.column = column


class EnvironmentViewModel(QObject):
    """Which environment is shown, and its draft; written 300 ms after the last key or at once on `flush`.

    Signals:
        list_changed(): environments came, went, or have other names, colours or counts.
        shown_changed(): another environment is shown.
        reloaded(): the shown one changed elsewhere.
    """

    list_changed = Signal()
    shown_changed = Signal()
    reloaded = Signal()

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._services = session.services
        self._workspace = workspace
        self._environments = self._services.environments.all(workspace.workspace_id)
        shown = workspace.environment_id or self._environments[0].id
        self._stored = next(each for each in self._environments if each.id == shown)
        self._draft = self._stored
        self._awaited = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.flush)
        session.feed.changed.connect(self._on_changed)

    @property
    def environments(self) -> list[Environment]:
        """The environments, the base one first."""
        return self._environments

    @property
    def shown(self) -> Environment:
        """The draft of the shown environment."""
        return self._draft

    @property
    def shows_base(self) -> bool:
        """Whether the base environment is shown."""
        return self._draft.id == self._environments[0].id

    @property
    def active_id(self) -> str | None:
        """The id of the active sub-environment."""
        return self._workspace.environment_id

    def inherited(self) -> list[Variable]:
        """Return the variables of the base environment that the shown one does not overwrite."""
        if self.shows_base:
            return []
        own = {row.name for row in self._draft.variables if row.enabled}
        return [row for row in self._environments[0].variables if row.enabled and row.name and row.name not in own]

    def show(self, environment_id: str) -> None:
        """Show another environment."""
        if environment_id == self._draft.id:
            return
        self.flush()
        found = next((each for each in self._environments if each.id == environment_id), None)
        if found is not None:
            self._stored = self._draft = found
            self.shown_changed.emit()

    def set_variables(self, variables: tuple[Variable, ...]) -> None:
        """Take over other variables."""
        self._edit(variables=variables)

    def set_json(self, text: str) -> None:
        """Take over the variables that a JSON object spells; raises JsonMistake and changes nothing if it is none."""
        self._edit(variables=variables_from_json(text, self._draft.variables))

    def rename(self, name: str) -> None:
        """Take over another name."""
        if name.strip():
            self._edit(name=name.strip())
            self.flush()

    def recolor(self, color: str) -> None:
        """Take over another colour, `#rrggbb` or empty."""
        self._edit(color=color)
        self.flush()

    def create(self, name: str, color: str) -> None:
        """Make a sub-environment and show it."""
        self._awaited, future = self._services.environments.create(self._workspace.workspace_id, name, color)
        self._session.bridge.watch(future, owner=self)

    def duplicate(self) -> None:
        """Copy the shown environment and show the copy."""
        self.flush()
        self._awaited, future = self._services.environments.duplicate(self._draft.id)
        self._session.bridge.watch(future, owner=self)

    def delete(self) -> None:
        """Move the shown sub-environment to the trash."""
        if not self.shows_base:
            self._timer.stop()
            self._session.bridge.watch(self._services.environments.delete(self._draft.id), owner=self)

    def activate(self, environment_id: str | None) -> None:
        """Make a sub-environment the active one, or none."""
        self._workspace.activate_environment(environment_id)
        self.list_changed.emit()

    @Slot()
    def flush(self) -> None:
        """Write the draft down now."""
        self._timer.stop()
        patch = patch_between(self._stored, self._draft)
        if patch:
            self._stored = self._draft
            future = self._services.editing.patch(
                self._draft.id, patch, coalesce=f"{self._draft.id}:{id(self)}", token=self._session.token
            )
            self._session.bridge.watch(future, owner=self)

    def _edit(self, **values: Any) -> None:
        changed = msgspec.structs.replace(self._draft, **values)
        if changed != self._draft:
            self._draft = changed
            self._environments = [changed if each.id == changed.id else each for each in self._environments]
            self._timer.start()
            self.list_changed.emit()

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        mine = [
            change
            for change in change_set.changes
            if change.kind == "environment" and change.workspace_id == self._workspace.workspace_id
        ]
        if not mine or (change_set.origin.kind == "window" and change_set.origin.token == self._session.token):
            return
        self._environments = self._services.environments.all(self._workspace.workspace_id)
        fresh = next((each for each in self._environments if each.id == self._draft.id), None)
        if fresh is None:
            self._timer.stop()
            self._stored = self._draft = self._environments[0]
            self.shown_changed.emit()
        elif self._stored == self._draft and fresh != self._draft:
            self._stored = self._draft = fresh
            self.reloaded.emit()
        self.list_changed.emit()
        if any(change.id == self._awaited for change in mine):
            self.show(self._awaited)


def variables_to_json(variables: tuple[Variable, ...]) -> str:
    """Return the enabled variables as one JSON object, laid out; of two with one name the later counts."""
    values = {row.name: row.value for row in variables if row.enabled and row.name}
    return json.dumps(values, ensure_ascii=False, indent=2)


def variables_from_json(text: str, before: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Return the rows that a JSON object spells: known names keep id, place and description, switched-off rows stay.

    Raises JsonMistake.
    """
    values = _object(text)
    rows: list[Variable] = []
    for row in before:
        if not row.enabled or not row.name:
            rows.append(row)
        elif row.name in values:
            rows.append(msgspec.structs.replace(row, value=values.pop(row.name)))
    rows += [Variable(id=new_row_id(), name=name, value=value) for name, value in values.items()]
    return tuple(rows)


def _object(text: str) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        value = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise JsonMistake(error.msg, error.lineno, error.colno) from None
    except (ValueError, RecursionError) as error:
        raise JsonMistake(str(error), 1, 1) from None
    if not isinstance(value, dict):
        raise JsonMistake("an object of names and values is needed", 1, 1)
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON value")
