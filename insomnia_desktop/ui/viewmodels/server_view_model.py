"""What the server holds of a workspace, row by row, beside what it means here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.ui.viewmodels.latest_deed import LatestDeed
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.services.sync_views import ServerRevision, ServerRow, SyncService, WorkspaceSync


class ServerViewModel(QObject):
    """Asks the server for its rows of one workspace at a time.

    Signals:
        rows_changed(): other rows are known, or why there are none.
        revision_changed(): what else the server tells of the row that was asked for is known.
        fingerprint_changed(): the fingerprint of the workspace's key is known.
        running_changed(): an answer of the server is awaited, or no longer.
    """

    rows_changed = Signal()
    revision_changed = Signal()
    fingerprint_changed = Signal()
    running_changed = Signal()

    def __init__(self, session: UiSession, workspace_id: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sync: SyncService = session.services.syncing
        self._documents = session.services.documents
        synced = [each.workspace_id for each in self.workspaces()]
        self._workspace_id = workspace_id if workspace_id in synced or not synced else synced[0]
        self._rows: tuple[ServerRow, ...] | None = None
        self._fingerprint = ""
        self._problem = ""
        self._revisions: dict[str, ServerRevision] = {}
        self._moved: dict[str, str] = {}
        self._telling = LatestDeed(session, self)
        self._asking = LatestDeed(session, self)
        self._naming = LatestDeed(session, self)
        self._asking.running_changed.connect(lambda _running: self.running_changed.emit())

    @property
    def rows(self) -> tuple[ServerRow, ...] | None:
        """The rows as the server holds them; None before it told them."""
        return self._rows

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the key that all of it is sealed with, "" before it is known."""
        return self._fingerprint

    def moved_to(self, row: ServerRow) -> str | None:
        """Return the workspace that what is deleted here was moved to, "" for one that is here no more.

        None: it was deleted, or nothing is known of a move.
        """
        return self._moved.get(row.resource_id) if row.deleted else None

    def revision_of(self, row: ServerRow) -> ServerRevision | None:
        """Return what else the server tells of a row; None before it told that."""
        return self._revisions.get(row.resource_id)

    def ask_revision(self, row: ServerRow) -> None:
        """Ask by which device a row is, and when the server took it; `revision_changed` tells it."""
        if self.revision_of(row) is not None:
            self._telling.cancel()
            return
        self._telling.ask(
            lambda: self._sync.server_revision(self._workspace_id, row),
            lambda revision: self._on_revision(row.resource_id, revision),
            self._on_failed,
        )

    @property
    def problem(self) -> str:
        """Why the rows are not known, in a sentence."""
        return self._problem

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._asking.is_running

    @property
    def workspace_id(self) -> str:
        """The workspace whose rows are shown."""
        return self._workspace_id

    def workspaces(self) -> list[WorkspaceSync]:
        """Return the workspaces that the server holds something of."""
        return [each for each in self._sync.workspaces() if each.mode == "synced"]

    def show_workspace(self, workspace_id: str) -> None:
        """Show the rows of another workspace."""
        if workspace_id != self._workspace_id:
            self._workspace_id = workspace_id
            self.load()

    def load(self) -> None:
        """Ask the server."""
        self._rows, self._fingerprint, self._problem = None, "", ""
        self._revisions.clear()
        self._telling.cancel()
        self.rows_changed.emit()
        self.fingerprint_changed.emit()
        if not self.workspaces():
            self._asking.cancel()
            return
        wanted = self._workspace_id
        self._asking.ask(lambda: self._sync.server_rows(wanted), self._on_rows, self._on_failed)
        self._naming.ask(lambda: self._sync.fingerprint(wanted), self._on_fingerprint, self._on_failed)

    def _on_rows(self, rows: tuple[ServerRow, ...]) -> None:
        self._rows = rows
        moved = self._documents.moved_away(self._workspace_id)
        self._moved = {to_wire(document_id): name for document_id, name in moved.items()}
        self.rows_changed.emit()

    def _on_revision(self, resource_id: str, revision: ServerRevision) -> None:
        self._revisions[resource_id] = revision
        self.revision_changed.emit()

    def _on_fingerprint(self, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self.fingerprint_changed.emit()

    def _on_failed(self, error: AppError) -> None:
        self._problem = one_line(error)
        self.rows_changed.emit()
