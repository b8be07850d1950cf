"""The sync panel: state and Backup now over its pages, from the overview to the log of connections."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from insomnia_desktop.services.sync_views import SyncState
from insomnia_desktop.ui.panes.sync.conflicts_tab import ConflictsTab
from insomnia_desktop.ui.panes.sync.devices_tab import DevicesTab
from insomnia_desktop.ui.panes.sync.history_tab import HistoryTab
from insomnia_desktop.ui.panes.sync.log_tab import LogTab
from insomnia_desktop.ui.panes.sync.overview_tab import OverviewTab
from insomnia_desktop.ui.panes.sync.server_tab import ServerTab
from insomnia_desktop.ui.panes.sync.sync_rows import column_of
from insomnia_desktop.ui.viewmodels import footer_states
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel
from insomnia_desktop.ui.viewmodels.server_view_model import ServerViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import DefaultButton, IconButton, PrimaryButton
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.progress_line import ProgressLine
from insomnia_desktop.ui.widgets.status_dot import StatusDot
from insomnia_desktop.ui.widgets.tab_bar import Tab, TabBar

OVERVIEW, DEVICES, HISTORY, CONFLICTS, SERVER, LOG = "overview", "devices", "history", "conflicts", "server", "log"


class PanelParts(msgspec.Struct, frozen=True):
    """What the panel works on."""

    session: UiSession
    workspace: WorkspaceViewModel
    account: AccountViewModel
    sync: SyncViewModel
    conflicts: ConflictsViewModel


class SyncPanel(Surface):
    """A page over request and response; Escape and the cross go back. A page of it is made when it is opened.

    Signals:
        closed(): it is to go.
        account_wanted(), sign_out_wanted(), revoke_wanted(DeviceView), workspaces_wanted(): a page or dialog is wanted.
        history_wanted(document_id, name), conflict_wanted(document_id): a page is wanted.
        document_wanted(document_id): a document is to be seen.
        mode_wanted(WorkspaceSync, mode): a workspace is to be synced, or no longer.
        notice_requested(text, action_text, call): a fact to be shown.
    """

    closed = Signal()
    account_wanted = Signal()
    sign_out_wanted = Signal()
    revoke_wanted = Signal(object)
    workspaces_wanted = Signal()
    history_wanted = Signal(str, str)
    conflict_wanted = Signal(str)
    document_wanted = Signal(str)
    restored = Signal(str, str)
    mode_wanted = Signal(object, str)
    notice_requested = Signal(str, str, object)

    def __init__(self, parts: PanelParts, *, tab: str = OVERVIEW, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setObjectName("syncPanel")
        self.setAccessibleName(self.tr("Sync"))
        self._parts = parts
        self._state_before = SyncState.UP_TO_DATE
        self._made: dict[str, QWidget] = {}
        self._make: dict[str, Callable[[], QWidget]] = {
            OVERVIEW: self._make_overview,
            DEVICES: self._make_devices,
            HISTORY: self._make_history,
            CONFLICTS: self._make_conflicts,
            SERVER: self._make_server,
            LOG: lambda: LogTab(parts.session, parts.sync),
        }
        self.tabs = TabBar(more_tip=self.tr("More"))
        self.tabs.setObjectName("syncTabs")
        self.tabs.setAccessibleName(self.tr("Pages of sync"))
        self.tabs.set_tabs(
            [
                Tab(OVERVIEW, self.tr("Overview")),
                Tab(DEVICES, self.tr("Devices")),
                Tab(HISTORY, self.tr("History")),
                Tab(CONFLICTS, self.tr("Conflicts")),
                Tab(SERVER, self.tr("What the server sees")),
                Tab(LOG, self.tr("Log")),
            ]
        )
        self._pages = QStackedWidget()
        head = self._head()
        self._progress = ProgressLine(head)
        second = Bar(40, left=8)
        second.add(self.tabs, stretch=1)
        column = column_of(self)
        column.addWidget(head)
        column.addWidget(second)
        column.addWidget(self._pages, 1)
        self.tabs.current_changed.connect(self.show_tab)
        parts.sync.status_changed.connect(self._show_status)
        parts.conflicts.documents_changed.connect(self._show_counts)
        parts.account.devices_changed.connect(self._show_counts)
        self._show_status()
        self._show_counts()
        self.show_tab(tab)

    @property
    def tab(self) -> str:
        """The page that is shown."""
        return self.tabs.current()

    def focus_first(self) -> None:
        """Put the focus into the tabs: arrow keys walk the pages."""
        self.tabs.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def show_tab(self, key: str) -> None:
        """Show a page of the panel."""
        if key not in self._made:
            self._made[key] = self._make[key]()
            self._pages.addWidget(self._made[key])
        self.tabs.set_current(key)
        self._pages.setCurrentWidget(self._made[key])

    def page(self, key: str) -> QWidget | None:
        """Return a page that was opened."""
        return self._made.get(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _head(self) -> Bar:
        head = Bar(48)
        self._dot = StatusDot("faint")
        self._state = Label("", rank="dim", figures=True)
        self._server = Label("", rank="dim", size=12, mono=True, elide=Qt.TextElideMode.ElideMiddle)
        self.backup_button = PrimaryButton(self.tr("Backup now"))
        self.backup_button.setObjectName("panelBackupButton")
        self.backup_button.setToolTip(self.tr("Backup now (Ctrl+Shift+S)"))
        self.backup_button.clicked.connect(self._parts.sync.backup_now)
        self.cancel_button = DefaultButton(self.tr("Cancel"))
        self.cancel_button.setObjectName("panelCancelButton")
        self.cancel_button.set_measures(height=32)
        self.cancel_button.clicked.connect(self._parts.sync.cancel_backup)
        close = IconButton("close", self.tr("Close (Esc)"), name=self.tr("Close"))
        close.setObjectName("closePageButton")
        close.clicked.connect(self.closed)
        head.add(Label(self.tr("Sync"), size=14, weight=600))
        head.add_space(8)
        head.add(self._dot)
        head.add(self._state)
        head.add(Label("·", rank="dim"))
        head.add(self._server, stretch=1)
        for button in (self.backup_button, self.cancel_button, close):
            head.add(button)
        return head

    @Slot()
    def _ask_again(self, state: SyncState) -> None:
        """Ask for the devices that could not be told while the server was away, once it is back."""
        account, before, self._state_before = self._parts.account, self._state_before, state
        back = state == SyncState.UP_TO_DATE != before
        if back and account.is_open and account.devices is None and account.devices_problem:
            account.load_devices()

    def _show_status(self) -> None:
        sync, now = self._parts.sync, self._parts.session.clock.now_ms()
        status = sync.status
        self._ask_again(status.state)
        running = sync.is_backing_up or status.backing_up is not None
        self._dot.set_token("accent" if running else footer_states.state_token(status))
        words = footer_states.progress_words(status) if running else footer_states.state_words(status, now)
        self._state.setText(words)
        self._server.setText(self._parts.account.server)
        self.backup_button.setVisible(not sync.is_backing_up)
        self.cancel_button.setVisible(sync.is_backing_up)
        if running:
            self._progress.start(sync.fraction)
        else:
            self._progress.stop()
        self._parts.conflicts.refresh()

    @Slot()
    def _show_counts(self) -> None:
        self.tabs.update_tab(CONFLICTS, badge=len(self._parts.conflicts.documents))
        self.tabs.update_tab(DEVICES, badge=len(self._parts.account.devices or ()))

    def _make_overview(self) -> QWidget:
        parts = self._parts
        made = OverviewTab(parts.session, parts.sync, parts.account, parts.conflicts)
        made.conflict_wanted.connect(self.conflict_wanted)
        made.workspaces_wanted.connect(self.workspaces_wanted)
        made.tab_wanted.connect(self.show_tab)
        made.document_wanted.connect(self.document_wanted)
        made.mode_wanted.connect(self.mode_wanted)
        return made

    def _make_devices(self) -> QWidget:
        made = DevicesTab(self._parts.session, self._parts.account)
        made.revoke_wanted.connect(self.revoke_wanted)
        made.account_wanted.connect(self.account_wanted)
        made.sign_out_wanted.connect(self.sign_out_wanted)
        return made

    def _make_history(self) -> QWidget:
        made = HistoryTab(self._parts.session, self._parts.workspace)
        made.history_wanted.connect(self.history_wanted)
        made.restored.connect(self.restored)
        made.notice_requested.connect(self.notice_requested)
        return made

    def _make_conflicts(self) -> QWidget:
        made = ConflictsTab(self._parts.session, self._parts.conflicts)
        made.conflict_wanted.connect(self.conflict_wanted)
        return made

    def _make_server(self) -> QWidget:
        server = ServerViewModel(self._parts.session, self._parts.workspace.workspace_id, self)
        made = ServerTab(server)
        server.load()
        return made
