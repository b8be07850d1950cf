"""Which workspace, request and environment are active, and what their variables mean."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Environment
from insomnia_desktop.store.changes import Change, ChangeSet
from insomnia_desktop.templating import Scope, scope_of
from insomnia_desktop.ui.models.variable_state import VariableState
from insomnia_desktop.ui.viewmodels.session import UiSession

_RECENT = 20
_LONGEST_VALUE = 2000
_Answer = TypeVar("_Answer")


class WorkspaceViewModel(QObject):
    """What is active in one window; panes are given it and do not know each other.

    Signals:
        workspace_changed(): another workspace is active.
        workspaces_changed(): a workspace was made, renamed or deleted.
        request_changed(): another request is open, or none.
        environment_changed(): the active environment is another one, or one of the workspace changed.
        cookies_changed(): the cookie jar of the workspace changed.
        drafts_wanted(): what is typed and not written yet is to be written now: its document is about to be copied,
            read or deleted.
    """

    workspace_changed = Signal()
    workspaces_changed = Signal()
    request_changed = Signal()
    environment_changed = Signal()
    cookies_changed = Signal()
    drafts_wanted = Signal()

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._services = session.services
        self._workspace_id = self._services.workspaces.last_used()
        self._request_id = self._remembered_request()
        # The open request that went to the trash: it is open again when that is taken back.
        self._closed_id: str | None = None
        self._recent: deque[str] = deque(maxlen=_RECENT)
        self._scope: Scope | None = None
        self._environments: list[Environment] | None = None
        session.feed.changed.connect(self._on_changed)

    @property
    def workspace_id(self) -> str:
        """The id of the active workspace."""
        return self._workspace_id

    @property
    def workspace_name(self) -> str:
        """The name of the active workspace."""
        row = self._services.documents.row(self._workspace_id)
        return row.name if row is not None else ""

    @property
    def request_id(self) -> str | None:
        """The id of the open request, or None."""
        return self._request_id

    @property
    def environment_id(self) -> str | None:
        """The id of the active sub-environment, or None."""
        return self._services.environments.active(self._workspace_id)

    def use_workspace(self, workspace_id: str) -> None:
        """Make a workspace the active one and open the request that was last open in it."""
        if workspace_id == self._workspace_id:
            return
        self._workspace_id = workspace_id
        self._services.workspaces.use(workspace_id)
        self._forget()
        self._closed_id = None
        self._request_id = self._remembered_request()
        self.workspace_changed.emit()
        self.environment_changed.emit()
        self.cookies_changed.emit()
        self.request_changed.emit()

    def open_request(self, request_id: str | None) -> None:
        """Open a request of the active workspace, or none."""
        if request_id == self._request_id:
            return
        self._request_id = request_id
        if request_id is not None:
            self._remember(request_id)
        self._services.preferences.set_local(f"open_request:{self._workspace_id}", request_id)
        self.request_changed.emit()

    def leave_closed(self) -> None:
        """Let the open request that went to the trash stay closed when it comes back: a page is over it."""
        self._closed_id = None

    def open_next_time(self, workspace_id: str, request_id: str) -> None:
        """Let another workspace begin with a request when it is used next."""
        self._services.preferences.set_local(f"open_request:{workspace_id}", request_id)

    def recent(self) -> list[str]:
        """Return the ids of the requests opened last, newest first."""
        return list(self._recent)

    def activate_environment(self, environment_id: str | None) -> None:
        """Make a sub-environment the active one, or none."""
        written = self._services.environments.activate(self._workspace_id, environment_id)
        self._session.bridge.watch(written, owner=self)
        self._forget()
        self.environment_changed.emit()

    def environments(self) -> list[Environment]:
        """Return the environments of the workspace that can be read, the base environment first; none without that."""
        if self._environments is None:
            none: list[Environment] = []
            self._environments = self._ask(lambda: self._services.environments.all(self._workspace_id), none)
            if self._environments:
                for error in self._services.environments.unreadable(self._workspace_id).values():
                    self._tell(error)
        return self._environments

    def scope(self) -> Scope:
        """Return the variables that are valid now; none where an environment cannot be read."""
        if self._scope is None:
            self._scope = self._ask(lambda: self._services.environments.scope(self._workspace_id), scope_of(None, None))
        return self._scope

    def variable_names(self) -> list[str]:
        """Return the names of the variables that are valid now."""
        return sorted(self.scope().values)

    def variable_state(self, name: str) -> VariableState:
        """Return what a chip shows for a variable: whether it is known, its value and where that stands."""
        scope = self.scope()
        if name not in scope.values:
            return VariableState(known=False)
        found = scope.values[name]
        value = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        environments = self.environments()
        source = next((each for each in environments if each.id == scope.origins.get(name)), None)
        if source is None:
            return VariableState(known=True, value=value[:_LONGEST_VALUE])
        base = environments[0]
        overrides = source is not base and any(row.enabled and row.name == name for row in base.variables)
        words = (
            self.tr("from %s, overrides %s") % (source.name, base.name)
            if overrides
            else self.tr("from %s") % source.name
        )
        return VariableState(known=True, value=value[:_LONGEST_VALUE], source=words, color=source.color)

    def cookie_count(self) -> int:
        """Return how many cookies the workspace's jar holds; 0 where it cannot be read."""
        return self._ask(lambda: len(self._services.cookie_jars.jar(self._workspace_id).cookies), 0)

    def _ask(self, call: Callable[[], _Answer], otherwise: _Answer) -> _Answer:
        # A newer version may have written what this one cannot read: it is said, and the window stays usable.
        try:
            return call()
        except KnownError as error:
            self._tell(error)
            return otherwise

    def _tell(self, error: KnownError) -> None:
        self._session.bridge.post(partial(self._session.bridge.failed.emit, error))

    def _forget(self) -> None:
        self._scope = None
        self._environments = None

    def _remember(self, request_id: str) -> None:
        if request_id in self._recent:
            self._recent.remove(request_id)
        self._recent.appendleft(request_id)

    def _remembered_request(self) -> str | None:
        remembered = self._services.preferences.local(f"open_request:{self._workspace_id}")
        if isinstance(remembered, str) and self._services.documents.row(remembered) is not None:
            return remembered
        return None

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        kinds = set()
        for change in change_set.changes:
            if change.kind == "workspace":
                self._on_workspace(change)
            elif change.workspace_id == self._workspace_id:
                kinds.add(change.kind)
                if change.kind in ("request", "folder"):
                    if change.action in ("deleted", "purged"):
                        self._close_deleted()
                    elif change.action == "restored":
                        self._open_restored()
        if "environment" in kinds:
            self._forget()
            self.environment_changed.emit()
        if "cookie_jar" in kinds:
            self.cookies_changed.emit()

    def _on_workspace(self, change: Change) -> None:
        if change.id == self._workspace_id and change.action in ("deleted", "purged"):
            self.use_workspace(self._services.workspaces.ensure_one())
        self.workspaces_changed.emit()

    def _close_deleted(self) -> None:
        # A folder's deletion is one change for its root, so the store is asked whether the open request lives.
        if self._request_id is not None and self._services.documents.row(self._request_id) is None:
            self._closed_id = self._request_id
            self.open_request(None)

    def _open_restored(self) -> None:
        closed_id = self._closed_id
        if closed_id is None or self._request_id is not None:
            return
        if self._services.documents.row(closed_id) is not None:
            self._closed_id = None
            self.open_request(closed_id)
