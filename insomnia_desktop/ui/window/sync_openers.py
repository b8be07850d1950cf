"""Opens the pages and dialogs of sync, and keeps footer, tree and menu in step with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtWidgets import QWidget

from insomnia_desktop.services.sync_views import AttentionItem, SyncState, WorkspaceSync
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.footer_states import CANCEL
from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel
from insomnia_desktop.ui.window.account_openers import AccountOpeners
from insomnia_desktop.ui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel

_OVERVIEW, _DEVICES, _CONFLICTS, _HISTORY = "overview", "devices", "conflicts", "history"
_PANEL = "syncPanel"


class SyncOpeners(QObject):
    """One method for each page; what lies over request and response is one page at a time.

    The page of the first sign-in opens by itself, once, when there is something to choose.
    """

    def __init__(self, parts: WindowParts, account: AccountOpeners) -> None:
        super().__init__(parts.host)
        self._parts = parts
        self._account = account
        self._asked = False
        self._conflicts: ConflictsViewModel | None = None
        self.view_model = SyncViewModel(parts.session, parts.workspace, account.view_model, self)
        footer = parts.sidebar.footer
        footer.panel_requested.connect(self.toggle_panel)
        footer.backup_requested.connect(self.view_model.backup_now)
        footer.cancel_requested.connect(self.view_model.cancel_backup)
        footer.sync_requested.connect(self.sync_workspace)
        parts.sidebar.history_requested.connect(self.open_history)
        parts.sidebar.sync_panel_requested.connect(self.open_panel)
        for name, deed in (
            ("backup_now", self.backup_now),
            ("sync_panel", self.open_panel),
            ("history", self.open_current_history),
        ):
            parts.actions.on(name, deed)
        self.view_model.status_changed.connect(self._on_status)
        self.view_model.unsaved_changed.connect(self._on_unsaved)
        self.view_model.told.connect(parts.show_notice)
        self.view_model.conflict_found.connect(self._on_conflict)
        self.view_model.arrived.connect(self._on_arrived)
        account.view_model.status_changed.connect(self._on_status)
        account.devices_wanted.connect(lambda: self.open_panel(_DEVICES))
        parts.host.installEventFilter(self)
        self._on_status()
        self._on_unsaved()

    def close(self) -> None:
        """Stop listening: the window closes."""
        self.view_model.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell sync whether the window is in front: it looks for news then."""
        if event.type() in (QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate):
            self._parts.session.services.syncing.set_focused(event.type() == QEvent.Type.WindowActivate)
        return False

    @Slot()
    def backup_now(self) -> None:
        """Back up now, or say why that cannot be."""
        if not self._account.view_model.is_open:
            self._offer_sign_in(self.tr("Sign in to back up."))
        else:
            self.view_model.backup_now()

    @Slot()
    def toggle_panel(self) -> None:
        """Show the sync panel, over whatever other page is there, or go back from it."""
        page = self._parts.panes.page()
        if page is not None and page.objectName() == _PANEL:
            self._go_back()
        else:
            self.open_panel()

    @Slot()
    def open_panel(self, tab: str = _OVERVIEW) -> None:
        """Show the sync panel at one of its pages."""
        from insomnia_desktop.ui.panes.sync.sync_panel import PanelParts, SyncPanel

        if not self._account.view_model.is_open:
            return
        parts = self._parts
        conflicts = self._conflicts_model()
        panel = SyncPanel(
            PanelParts(parts.session, parts.workspace, self._account.view_model, self.view_model, conflicts), tab=tab
        )
        panel.closed.connect(self._go_back)
        panel.account_wanted.connect(self._account.open_page)
        panel.sign_out_wanted.connect(self._account.sign_out)
        panel.revoke_wanted.connect(self._account.revoke)
        panel.workspaces_wanted.connect(self.open_first_sync)
        panel.history_wanted.connect(self._history_from_panel)
        panel.conflict_wanted.connect(self.open_conflict)
        panel.mode_wanted.connect(self._on_mode_wanted)
        panel.document_wanted.connect(self._show_document)
        panel.restored.connect(self._on_restored)
        panel.notice_requested.connect(self._parts.show_notice)
        self._show(panel)
        # The question about a conflict is among what the panel shows first.
        self._parts.dismiss_question()
        panel.focus_first()
        self._account.view_model.load_devices()

    @Slot()
    def open_first_sync(self) -> None:
        """Ask which workspaces of this device are added to the account."""
        from insomnia_desktop.ui.panes.sync.first_sync_page import FirstSyncPage

        page = FirstSyncPage(self.view_model, self._account.view_model.status.email)
        page.closed.connect(self._go_back)
        self._show(page)
        page.focus_first()

    @Slot(str)
    def open_conflict(self, document_id: str) -> None:
        """Show the values of a document that two devices changed."""
        from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage

        conflicts = self._conflicts_model()
        conflicts.refresh()
        if conflicts.document(document_id) is None:
            self.open_panel(_CONFLICTS)
            return
        page = ConflictPage(self._parts.session, conflicts, document_id)
        page.closed.connect(lambda: self.open_panel(_CONFLICTS if conflicts.documents else _OVERVIEW))
        page.list_wanted.connect(lambda: self.open_panel(_CONFLICTS))
        page.history_wanted.connect(lambda: self.open_history(document_id, back_to=_CONFLICTS))
        page.notice_requested.connect(self._parts.show_notice)
        self._show(page)
        self._parts.dismiss_question()
        page.focus_first()

    @Slot()
    def open_current_history(self) -> None:
        """Show the versions of the row that is chosen in the tree, or of the open request."""
        sidebar, workspace = self._parts.sidebar, self._parts.workspace
        chosen = sidebar.tree.current_id() if sidebar.tree.hasFocus() else None
        document_id = chosen or workspace.request_id
        if document_id is not None:
            self.open_history(document_id)
        elif self._account.view_model.is_open:
            self.open_panel(_HISTORY)
        else:
            self._offer_sign_in(self.tr("Sign in to have a history of every version."))

    @Slot(str)
    def open_history(self, document_id: str, name: str = "", *, back_to: str = "") -> None:
        """Show the versions of a document; `back_to` is the page of the panel it was asked for on."""
        from insomnia_desktop.ui.panes.sync.history_page import HistoryPage
        from insomnia_desktop.ui.viewmodels.history_view_model import HistoryViewModel

        if not self._account.view_model.is_open:
            self._offer_sign_in(self.tr("Sign in to have a history of every version."))
            return
        if self.view_model.status.state == SyncState.LOCAL_ONLY:
            text = self.tr("This workspace is only on this device, so there is no history of it.")
            self._parts.show_notice(text, self.tr("Sync it…"), self.sync_workspace)
            return
        self._parts.workspace.drafts_wanted.emit()
        self._parts.workspace.leave_closed()
        stored = self._parts.session.services.documents.get(document_id)
        history = HistoryViewModel(self._parts.session, document_id, sync=self.view_model)
        page = HistoryPage(self._parts.session, history, stored.name if stored is not None else name)
        history.setParent(page)
        page.closed.connect(lambda: self.open_panel(back_to) if back_to else self._go_back())
        page.notice_requested.connect(self._parts.show_notice)
        page.done.connect(self._on_history_done)
        self._show(page)
        page.focus_first()
        history.load()

    @Slot()
    def sync_workspace(self) -> None:
        """Ask whether the active workspace is to be synced."""
        self._ask_to_sync(self._parts.workspace.workspace_id, self._parts.workspace.workspace_name)

    @Slot()
    def _on_status(self) -> None:
        footer, model = self._parts.sidebar.footer, self.view_model
        footer.show_footer(model.footer)
        running = model.is_backing_up or model.status.backing_up is not None
        footer.show_progress(running and model.footer.deed == CANCEL, model.fraction)
        is_open = self._account.view_model.is_open
        for name in ("backup_now", "sync_panel"):
            self._parts.actions[name].setVisible(is_open)
        if self._conflicts is not None:
            self._conflicts.refresh()
        if not model.asks_for_workspaces:
            self._asked = False
        elif not self._asked and model.workspaces.proposed():
            self._asked = True
            self.open_first_sync()

    @Slot()
    def _on_unsaved(self) -> None:
        self._parts.sidebar.view_model.model.set_unsaved(self.view_model.unsaved)

    @Slot(object)
    def _on_conflict(self, item: AttentionItem) -> None:
        if self._parts.panes.page() is None:
            text = self.tr("“%s” was changed on two devices. Yours is shown.") % item.name
            self._parts.show_notice(text, self.tr("Choose…"), lambda: self.open_conflict(item.resource_id), asks=True)

    @Slot(object)
    def _on_arrived(self, workspace_ids: tuple[str, ...]) -> None:
        words = self.view_model.workspaces.arrival_words(workspace_ids)
        # Where nobody had touched the one of this device, one that came is open already.
        other = next((each for each in workspace_ids if each != self._parts.workspace.workspace_id), None)
        row = self._parts.session.services.documents.row(other) if other is not None else None
        if row is None:
            self._parts.show_notice(words)
            return
        action = self.tr("Open") if len(workspace_ids) == 1 else self.tr("Open “%s”") % row.name
        self._parts.show_notice(words, action, lambda: self._use(row.id))

    @Slot(object, str)
    def _on_mode_wanted(self, workspace: WorkspaceSync, mode: str) -> None:
        if mode == "on":
            self._ask_to_sync(workspace.workspace_id, workspace.name)
            return
        from insomnia_desktop.ui.dialogs.sync_dialogs import StopSyncingDialog

        dialog = StopSyncingDialog(workspace.name, self._parts.host)
        dialog.stop_chosen.connect(lambda remove: self._stop(workspace.workspace_id, remove=remove))
        dialog.rejected.connect(self.view_model.workspaces.changed)
        self._parts.open_dialog(dialog)

    def _ask_to_sync(self, workspace_id: str, name: str) -> None:
        from insomnia_desktop.ui.dialogs.sync_dialogs import SyncWorkspaceDialog

        dialog = SyncWorkspaceDialog(name, self._account.view_model.status.server, self._parts.host)
        dialog.sync_chosen.connect(lambda: self.view_model.workspaces.set_mode(workspace_id, "on"))
        dialog.rejected.connect(self.view_model.workspaces.changed)
        self._parts.open_dialog(dialog)

    def _stop(self, workspace_id: str, *, remove: bool) -> None:
        if remove:
            self.view_model.workspaces.remove_from_server(workspace_id)
        else:
            self.view_model.workspaces.set_mode(workspace_id, "off")

    def _history_from_panel(self, document_id: str, name: str) -> None:
        self.open_history(document_id, name, back_to=_HISTORY)

    def _conflicts_model(self) -> ConflictsViewModel:
        if self._conflicts is None:
            from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel

            self._conflicts = ConflictsViewModel(self._parts.session, self)
        return self._conflicts

    def _show_document(self, document_id: str) -> None:
        self.close_page()
        if document_id.startswith("req_"):
            self._parts.workspace.open_request(document_id)
        self._parts.sidebar.reveal(document_id)

    @Slot(str, str)
    def _on_restored(self, document_id: str, name: str) -> None:
        # Not the page's: it may be gone by then.
        text = self.tr("“%s” is restored.") % name
        self._parts.show_notice(text, self.tr("Open"), lambda: self._show_document(document_id))

    @Slot(str, str, object)
    def _on_history_done(self, words: str, document_id: str, edit: tuple[str, int] | None) -> None:
        if edit is None:
            self._parts.show_notice(words, self.tr("Show"), lambda: self._show_document(document_id))
        else:
            self._parts.show_notice(words, self.tr("Undo"), lambda: self._take_back(*edit))

    def _take_back(self, workspace_id: str, number: int) -> None:
        undone = self._parts.session.services.editing.undo_only(workspace_id, number)
        self._parts.session.bridge.watch(undone, self._on_taken_back, owner=self)

    def _on_taken_back(self, change_set: ChangeSet) -> None:
        if not change_set.changes:
            words = self.tr("Something was edited since; Ctrl+Z takes the steps back one by one.")
            self._parts.show_notice(words)

    def _use(self, workspace_id: str) -> None:
        self.close_page()
        self._parts.workspace.use_workspace(workspace_id)

    def _show(self, page: QWidget) -> None:
        self._parts.panes.show_page(page)
        self._parts.sidebar.footer.set_page_shown(page.objectName() == _PANEL)

    def close_page(self) -> None:
        """Take the page away."""
        self._account.close_page()

    @Slot()
    def _go_back(self) -> None:
        self.close_page()
        self._parts.sidebar.footer.status.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_sign_in(self, text: str) -> None:
        self._parts.show_notice(text, self.tr("Sign in"), self._account.sign_in)
