"""A window's access to the program for tests of sync: doubles of account and sync, and what tests ask of them."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.fake_accounts import FakeAccounts
from tests.support.fake_syncing import FakeSyncing


class SyncStage:
    """Session, doubles and the view-models of one window."""

    def __init__(self, session: UiSession, accounts: FakeAccounts, syncing: FakeSyncing, qtbot: QtBot) -> None:
        self.session = session
        self.accounts = accounts
        self.syncing = syncing
        self.qtbot = qtbot
        self.workspace = WorkspaceViewModel(session)
        self.account = AccountViewModel(session)
        self._sync: SyncViewModel | None = None

    @property
    def sync(self) -> SyncViewModel:
        """The view-model of sync, made with the status as it is when it is asked for first."""
        if self._sync is None:
            self._sync = SyncViewModel(self.session, self.workspace, self.account)
        return self._sync

    def conflict_page(self, document_id: str) -> ConflictPage:
        """Show the page of the conflicts that the double knows of a document."""
        conflicts = ConflictsViewModel(self.session)
        page = ConflictPage(self.session, conflicts, document_id)
        conflicts.setParent(page)
        self.qtbot.addWidget(page)
        page.resize(1024, 760)
        page.show()
        self.qtbot.waitUntil(page.isActiveWindow)
        return page

    def close(self) -> None:
        """Stop listening."""
        self.account.close()
        self.close_sync()

    def close_sync(self) -> None:
        """Stop listening to sync, once."""
        sync, self._sync = self._sync, None
        if sync is not None:
            sync.close()

    def drain(self) -> None:
        """Wait until what was posted before has been delivered."""
        seen: list[bool] = []
        self.session.bridge.post(lambda: seen.append(True))
        self.qtbot.waitUntil(lambda: bool(seen))

    def request(self, name: str = "Create order") -> str:
        """Make a request and return its id."""
        request_id, future = self.session.services.documents.create_request(
            self.workspace.workspace_id, None, fields={"name": name, "method": "POST"}
        )
        future.result()
        self.drain()
        return request_id

    def move_away(self, request_id: str, name: str = "Payments") -> str:
        """Move a request into a new workspace and return the id of that."""
        workspace_id, made = self.session.services.workspaces.create(name)
        made.result()
        _, moved = self.session.services.documents.move_to_workspace([request_id], workspace_id)
        moved.result()
        self.drain()
        return workspace_id


def button(root: QWidget, name: str) -> QAbstractButton:
    """Return the one visible button of a name."""
    (found,) = [each for each in root.findChildren(QAbstractButton, name) if each.isVisible()]
    return found


def is_shown(root: QWidget, name: str) -> bool:
    """Say whether a part of that name is visible."""
    return any(each.isVisible() for each in root.findChildren(QWidget, name))


def words(root: QWidget) -> str:
    """Return every text that is to be seen in labels."""
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


def spoken(root: QWidget, kind: type[QWidget]) -> list[str]:
    """Return the accessible names of the visible parts of a kind."""
    return [each.accessibleName() for each in root.findChildren(kind) if each.isVisible()]
