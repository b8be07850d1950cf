"""How sync stands, as footer, tree and sync panel show it, and the deeds that they ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels import footer_states
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel, Footer
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import CHOOSE_WORKSPACES, report_words
from insomnia_desktop.ui.viewmodels.synced_workspaces import SyncedWorkspaces
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

if TYPE_CHECKING:
    from insomnia_desktop.services.sync_views import (
        AttentionItem,
        BackupReport,
        ConnectionLogRow,
        SyncService,
        SyncStatus,
    )

# Reading how sync stands takes some queries: not for every row of a pull.
_LEAST_BETWEEN_MS = 100


class SyncViewModel(QObject):
    """Sync of the active workspace, and of the account.

    Signals:
        status_changed(): state, progress, attention or the last backup is another.
        unsaved_changed(): other documents are not backed up yet.
        told(words): a fact for a toast: a backup ended, a deed failed.
        conflict_found(AttentionItem): a document came to be in conflict that was not before.
        arrived(ids): workspaces came from the account, counted together until the round ends that brings them.
    """

    status_changed = Signal()
    unsaved_changed = Signal()
    told = Signal(str)
    conflict_found = Signal(object)
    arrived = Signal(object)

    def __init__(
        self,
        session: UiSession,
        workspace: WorkspaceViewModel,
        account: AccountViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._workspace = workspace
        self._account = account
        self._sync: SyncService = session.services.syncing
        self._status = self._sync.status_of(workspace.workspace_id)
        self._unsaved = self._sync.unsaved(workspace.workspace_id)
        self._known_conflicts = self._conflict_ids()
        self._arrivals: list[str] = []
        self._arrivals_told = 0
        self._backup_before = self._status.last_backup
        self._backup = RunningDeed(session, self)
        self.workspaces = SyncedWorkspaces(session, self)
        self.workspaces.changed.connect(self.refresh)
        self.workspaces.failed.connect(self.told)
        self._is_posted = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_LEAST_BETWEEN_MS)
        self._is_wanted = False
        self._pause.timeout.connect(self._on_pause_over)
        self._unsubscribe = self._sync.subscribe(self._on_told)
        self._backup.running_changed.connect(lambda _running: self.status_changed.emit())
        workspace.workspace_changed.connect(self.refresh)
        account.status_changed.connect(self.refresh)
        session.feed.changed.connect(self._on_documents)

    @property
    def status(self) -> SyncStatus:
        """How sync of the active workspace stands."""
        return self._status

    @property
    def unsaved(self) -> frozenset[str]:
        """The ids of the documents of the active workspace that are not backed up yet."""
        return self._unsaved

    @property
    def is_backing_up(self) -> bool:
        """Whether a backup that was asked for here is running."""
        return self._backup.is_running

    @property
    def footer(self) -> Footer:
        """What the footer of the sidebar shows."""
        return footer_states.sync_footer(
            self._account.status, self._status, self._session.clock.now_ms(), may_cancel=self.is_backing_up
        )

    @property
    def fraction(self) -> float | None:
        """How much of the running backup is done, 0 to 1, or None where nobody knows."""
        return footer_states.fraction_of(self._status)

    @property
    def asks_for_workspaces(self) -> bool:
        """Whether it is to be chosen which workspaces of this device are added to the account."""
        return self._account.is_open and any(item.code == CHOOSE_WORKSPACES for item in self._status.attention)

    def attention(self) -> list[AttentionItem]:
        """Return what needs a look, but for conflicts."""
        return [item for item in self._status.attention if item.code != "conflict"]

    def connections(self) -> tuple[ConnectionLogRow, ...]:
        """Return the requests made to the server, newest first."""
        return tuple(sorted(self._sync.connection_log(), key=lambda row: row.at, reverse=True))

    def close(self) -> None:
        """Stop listening, and stop what was begun for the window alone."""
        self._unsubscribe()
        self._pause.stop()
        self._backup.cancel()

    @Slot()
    def backup_now(self) -> None:
        """Send and fetch everything and compare the digests; `told` says how it ended."""
        self._backup.start(
            lambda _: self._sync.backup_now(),
            self._on_backed_up,
            self._on_failed,
            cancelled=lambda: self.told.emit(self.tr("Backup cancelled. What is stored stays stored.")),
        )

    @Slot()
    def cancel_backup(self) -> None:
        """Stop the backup where it stands."""
        self._backup.cancel()

    def dismiss(self, attention_id: int) -> None:
        """Take a notice away."""
        self._session.bridge.watch(self._sync.dismiss(attention_id), lambda _: self.refresh(), owner=self)

    @Slot()
    def refresh(self) -> None:
        """Read anew how sync stands."""
        status = self._sync.status_of(self._workspace.workspace_id)
        self._refresh_unsaved()
        self._tell_arrivals(status)
        if status != self._status:
            modes_differ = status.state != self._status.state
            self._status = status
            self._tell_conflicts()
            self.status_changed.emit()
            if modes_differ:
                self.workspaces.changed.emit()

    def _on_told(self, _status: SyncStatus) -> None:
        # On the worker thread, for each document of a pull: one is on its way at a time.
        if not self._is_posted:
            self._is_posted = True
            self._session.bridge.post(self._refresh_soon)

    def _refresh_soon(self) -> None:
        """Read anew at once, or as soon as the last time is long enough ago."""
        if not shiboken6.isValid(self):
            return
        self._is_posted = False
        self._is_wanted = True
        if not self._pause.isActive():
            self._on_pause_over()

    @Slot()
    def _on_pause_over(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._pause.start()
            self.refresh()

    def _refresh_unsaved(self) -> None:
        unsaved = self._sync.unsaved(self._workspace.workspace_id)
        if unsaved != self._unsaved:
            self._unsaved = unsaved
            self.unsaved_changed.emit()

    def _conflict_ids(self) -> set[str]:
        return {item.resource_id for item in self._status.attention if item.code == "conflict"}

    def _tell_conflicts(self) -> None:
        known, self._known_conflicts = self._known_conflicts, self._conflict_ids()
        for item in self._status.attention:
            if item.code == "conflict" and item.resource_id not in known:
                self.conflict_found.emit(item)

    def _tell_arrivals(self, status: SyncStatus) -> None:
        if len(self._arrivals) > self._arrivals_told:
            self._arrivals_told = len(self._arrivals)
            self.arrived.emit(tuple(self._arrivals))
        if status.last_backup != self._backup_before:
            self._backup_before = status.last_backup
            self._arrivals, self._arrivals_told = [], 0

    @Slot(object)
    def _on_documents(self, change_set: ChangeSet) -> None:
        if change_set.origin.kind == "sync":
            made = (each for each in change_set.changes if (each.kind, each.action) == ("workspace", "created"))
            self._arrivals += [each.id for each in made]
        self._refresh_soon()

    def _on_backed_up(self, report: BackupReport) -> None:
        self.refresh()
        self.told.emit(report_words(report))

    def _on_failed(self, error: AppError) -> None:
        self.refresh()
        words = sentence(error)
        self.told.emit(f"{words.text} {words.hint}".strip())
