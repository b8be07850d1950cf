"""Which workspaces are synced and which are only on this device, and the deeds that change it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QObject, Signal

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import workspace_words

if TYPE_CHECKING:
    from insomnia_desktop.services.sync_views import ProposedWorkspace, SyncService, WorkspaceSync

_NAMED: Final = 3


def synced(session: UiSession, workspace_id: str) -> WorkspaceSync | None:
    """Return how a workspace is synced, None where it is on this device alone."""
    found = (each for each in session.services.syncing.workspaces() if each.workspace_id == workspace_id)
    return next((each for each in found if each.mode == "synced"), None)


class SyncedWorkspaces(QObject):
    """The workspaces of this device, as sync has them; one deed on them runs at a time.

    Signals:
        changed(): another workspace is synced, or none; also where a deed failed, so that switches go back.
        failed(words): a deed failed.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sync: SyncService = session.services.syncing
        self.deed = RunningDeed(session, self)

    def all(self) -> tuple[WorkspaceSync, ...]:
        """Return how each workspace is synced."""
        return self._sync.workspaces()

    def proposed(self) -> tuple[ProposedWorkspace, ...]:
        """Return the workspaces of this device that could be added to the account."""
        return self._sync.proposed_workspaces()

    def held(self) -> tuple[WorkspaceSync, ...]:
        """Return the workspaces that the account holds, as far as they have come."""
        return tuple(each for each in self._sync.workspaces() if each.mode == "synced" and each.group_id)

    def arrival_words(self, workspace_ids: Sequence[str]) -> str:
        """Return that workspaces came from the account, with the names of the first ones."""
        rows = [self._session.services.documents.row(each) for each in workspace_ids]
        names = [self.tr("“%s”") % row.name for row in rows if row is not None]
        if not names:
            return ""
        shown, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
        listed = self.tr("%s and %d more") % (shown, more) if more > 0 else shown
        return self.tr("%s came from your account: %s.") % (workspace_words(len(names)), listed)

    def set_mode(self, workspace_id: str, mode: Literal["on", "off"]) -> None:
        """Sync a workspace from now on, or no longer."""
        self.deed.start(lambda _: self._sync.set_mode(workspace_id, mode), self._on_done, self._on_failed)

    def remove_from_server(self, workspace_id: str) -> None:
        """Stop syncing a workspace, and have the server forget it; it stays on this device."""
        self.deed.start(lambda _: self._sync.remove_from_server(workspace_id), self._on_done, self._on_failed)

    def choose_first(self, workspace_ids: Sequence[str]) -> None:
        """Say which workspaces of this device are added to the account."""
        self.deed.start(lambda _: self._sync.choose_first(workspace_ids), self._on_done, self._on_failed)

    def _on_done(self, _none: None) -> None:
        self.changed.emit()

    def _on_failed(self, error: AppError) -> None:
        self.failed.emit(one_line(error))
        self.changed.emit()
