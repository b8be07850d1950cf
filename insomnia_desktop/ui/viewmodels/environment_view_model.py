"""The environments of a workspace while they are edited."""

from __future__ import annotations

from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.model import Document, Environment, Patch, Variable, fields_of, patch_between, view_as
from insomnia_desktop.model import patch as patches
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.environment_privacy import EnvironmentPrivacy
from insomnia_desktop.ui.viewmodels.held_environments import HeldEnvironments
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.undo_steps import rows_step
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

AUTOSAVE_MS = 300
COLORS = ("dot_info", "dot_warning", "dot_danger", "dot_success", "accent", "notice")


class EnvironmentViewModel(QObject):
    """Which environment is shown, and its draft; written 300 ms after the last key or at once on `flush`.

    `privacy` knows which are on this device alone, `held` which can be seen and not changed.

    Signals:
        list_changed(): environments came, went, or have other names, colours or counts.
        shown_changed(): another environment is shown.
        reloaded(): the shown one changed elsewhere.
        vanished(id, name): the shown one was deleted; another is shown now.
    """

    list_changed = Signal()
    shown_changed = Signal()
    reloaded = Signal()
    vanished = Signal(str, str)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._services = session.services
        self._workspace = workspace
        self._workspace_id = workspace.workspace_id
        self.held = HeldEnvironments(self._services.environments, self._workspace_id)
        self._environments = self.held.read()
        self.privacy = EnvironmentPrivacy(session, self._workspace_id, self._follow, self)
        shown = workspace.environment_id or self._environments[0].id
        self._stored = self._find(shown) or self._environments[0]
        self._draft = self._stored
        self._awaited = ""
        self._typing = 0
        self._step = ""
        self._writing = 0
        self._is_stale = False
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

    def show(self, environment_id: str) -> None:
        """Show another environment."""
        if environment_id == self._draft.id:
            return
        self.end_typing()
        found = self._find(environment_id)
        if found is not None:
            self._stored = self._draft = found
            self.shown_changed.emit()
            self.list_changed.emit()

    def set_variables(self, variables: tuple[Variable, ...], *, step: str | None = None) -> None:
        """Take over other variables.

        Edits with the same `step` in a row are one step of undo; without one, typing in one cell is.
        """
        wanted = rows_step("variables", self._draft.variables, variables) if step is None else step
        if not wanted or wanted != self._step:
            self.end_typing()
        self._step = wanted
        self._edit(variables=variables)

    def rename(self, name: str) -> None:
        """Take over another name; an empty one changes nothing."""
        if name.strip():
            self.end_typing()
            self._edit(name=name.strip())
            self.end_typing()

    def recolor(self, color: str) -> None:
        """Take over another colour, `#rrggbb` or empty."""
        self.end_typing()
        self._edit(color=color)
        self.end_typing()

    def create(self, name: str, color: str) -> None:
        """Make a sub-environment and show it."""
        self._awaited, future = self._services.environments.create(self._workspace_id, name, color)
        self._session.bridge.watch(future, owner=self)

    def duplicate(self) -> None:
        """Copy the shown environment and show the copy."""
        self.end_typing()
        self._awaited, future = self._services.environments.duplicate(self._draft.id)
        self._session.bridge.watch(future, owner=self)

    def delete(self) -> None:
        """Move the shown sub-environment to the trash."""
        if not self.shows_base and self.held.may_be_deleted(self._draft.id):
            self.end_typing()
            self._session.bridge.watch(self._services.environments.delete(self._draft.id), owner=self)

    def restore(self, environment_id: str) -> None:
        """Take an environment out of the trash and show it."""
        self._awaited = environment_id
        self._session.bridge.watch(self._services.documents.restore([environment_id]), owner=self)

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
            self._writing += 1
            coalesce = f"{self._draft.id}:{id(self)}:{self._typing}"
            future = self._services.editing.patch(self._draft.id, patch, coalesce=coalesce, token=self._session.token)
            self._session.bridge.watch(future, self._on_written, self._on_write_failed, owner=self)

    @Slot()
    def end_typing(self) -> None:
        """Write down what was typed and begin a new step of undo."""
        self.flush()
        self._typing += 1
        self._step = ""

    def _follow(self, environment_id: str) -> None:
        """Show an environment as soon as it is there."""
        self._awaited = environment_id

    def _find(self, environment_id: str) -> Environment | None:
        return next((each for each in self._environments if each.id == environment_id), None)

    def _edit(self, **values: Any) -> None:
        if self.held.is_held(self._draft.id):
            return
        changed = msgspec.structs.replace(self._draft, **values)
        if changed != self._draft:
            self._draft = changed
            self._environments = [changed if each.id == changed.id else each for each in self._environments]
            self._timer.start()
            self.list_changed.emit()

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        kinds = {change.kind for change in change_set.changes if change.workspace_id == self._workspace_id}
        if "environment" not in kinds and not ("sync" in kinds and self.held.is_out_of_date()):
            return
        # While own edits are on their way the store may be behind the draft: it is read when they have arrived.
        if self._writing:
            self._is_stale = True
        else:
            self._reload()

    def _on_written(self, _: ChangeSet) -> None:
        self._writing -= 1
        if self._is_stale and not self._writing:
            self._is_stale = False
            self._reload()

    def _on_write_failed(self, error: AppError) -> None:
        self._writing -= 1
        try:
            there = self._services.environments.all(self._workspace_id)
            fresh = next(each for each in there if each.id == self._draft.id)
        except (KnownError, StopIteration):
            self._reload()
        else:
            # The draft stays as it is and differs from what is stored, so the next flush tries again.
            self._stored = fresh
        self._session.bridge.failed.emit(error)

    def _reload(self) -> None:
        try:
            was_held = self.held.is_held(self._draft.id)
            self._environments = self.held.read()
            self.privacy.refresh()
        except KnownError:
            return  # The workspace is gone; the dialog closes on the workspace's own signal.
        fresh, before, followed = self._find(self._draft.id), self._draft, self._find(self._awaited)
        if fresh is None and followed is not None:
            # It goes on under another id: nothing vanished.
            self._timer.stop()
            self._stored = self._draft = followed
            self._awaited = ""
            self.shown_changed.emit()
        elif fresh is None:
            self._timer.stop()
            self._stored = self._draft = self._environments[0]
            self.shown_changed.emit()
            self.vanished.emit(before.id, before.name)
        else:
            # What was typed meanwhile stays: it is put on top of the fresh version.
            typed = patch_between(self._stored, self._draft)
            self._stored = fresh
            self._draft = _applied(fresh, typed) if typed else fresh
            self._environments = [self._draft if each.id == fresh.id else each for each in self._environments]
            if self.held.is_held(fresh.id) != was_held:
                self.shown_changed.emit()
            elif self._draft != before:
                self.reloaded.emit()
        self.list_changed.emit()
        if self._awaited and self._find(self._awaited) is not None:
            awaited, self._awaited = self._awaited, ""
            self.show(awaited)


def _applied(environment: Environment, typed: Patch) -> Environment:
    document = Document(
        id=environment.id,
        kind="environment",
        workspace_id="",
        parent_id=environment.parent_id,
        sort_key=environment.sort_key,
        fields=patches.apply(fields_of(environment), typed)[0],
    )
    return view_as(document, Environment)
