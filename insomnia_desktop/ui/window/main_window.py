"""The main window: lays out the panes and connects their wishes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QMainWindow

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.scrim import Scrim
from insomnia_desktop.ui.widgets.toast import Toast
from insomnia_desktop.ui.window import window_state
from insomnia_desktop.ui.window.account_openers import AccountOpeners
from insomnia_desktop.ui.window.actions import Actions
from insomnia_desktop.ui.window.begin_page import BeginPage
from insomnia_desktop.ui.window.bench import Bench
from insomnia_desktop.ui.window.commands import WindowCommands
from insomnia_desktop.ui.window.held_keys import HeldKeys
from insomnia_desktop.ui.window.menus import MenuBar
from insomnia_desktop.ui.window.pane_layout import PaneLayout
from insomnia_desktop.ui.window.sync_openers import SyncOpeners
from insomnia_desktop.ui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from insomnia_desktop.ui.panes.request.request_pane import RequestPane
    from insomnia_desktop.ui.panes.response.response_pane import ResponsePane

_FIRST_SHORTCUTS = (
    "new_request", "quick_switch", "environments", "cookies", "send", "address", "sidebar", "help",
)  # fmt: skip


class MainWindow(QMainWindow):
    """Sidebar, request and response of one workspace.

    Signals:
        closed(): everything was written down and the window is closing.
    """

    closed = Signal()

    def __init__(self, session: UiSession) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.session = session
        self.workspace = WorkspaceViewModel(session, self)
        self.actions_by_name = Actions(self)
        self.sidebar = Sidebar(session, self.workspace)
        self.bench = Bench(session, self.workspace, self)
        self.begin_page = BeginPage(self.actions_by_name.rows_of(_FIRST_SHORTCUTS))
        self.panes = PaneLayout(self.sidebar, self.begin_page)
        self.setCentralWidget(self.panes)
        self.menu_bar = MenuBar(self.actions_by_name)
        self.setMenuBar(self.menu_bar)
        self.menu_bar.watch_keys(self)
        self.scrim = Scrim(self)
        self.toast = Toast(self, close_tip=self.tr("Close"))
        parts = WindowParts(
            host=self,
            session=session,
            workspace=self.workspace,
            sidebar=self.sidebar,
            bench=self.bench,
            panes=self.panes,
            menu_bar=self.menu_bar,
            actions=self.actions_by_name,
            open_dialog=self.open_dialog,
            show_notice=self.show_notice,
            dismiss_question=self.toast.dismiss_question,
        )
        self.commands = WindowCommands(parts)
        self.account = AccountOpeners(parts, self.begin_page)
        self.held_keys = HeldKeys(self)
        self.sync = SyncOpeners(parts, self.account)
        self._closing = False
        window_state.restore(self, self.panes, session.services.preferences)
        self.commands.apply_preferences()
        self._connect()
        self._on_workspace()
        if self.workspace.request_id is None:
            self._on_request()
        self.sidebar.tree.setFocus()

    def open_dialog(self, dialog: QDialog) -> None:
        """Open a dialog over the dimmed window."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.scrim.open_dialog(dialog)

    @Slot(str, str, object)
    def show_notice(
        self, text: str, action_text: str = "", call: Callable[[], None] | None = None, *, asks: bool = False
    ) -> None:
        """Show a fact, with what can be done about it; `asks` where that is wanted of the person."""
        self.toast.show_message(text, action_text or None, call, asks=asks)

    @Slot(object)
    def show_error(self, error: AppError) -> None:
        """Show one sentence about an error that no pane shows itself."""
        words = sentence(error)
        self.toast.show_message(" ".join(part for part in (words.text or words.title, words.hint) if part))

    @Slot()
    def raise_to_front(self) -> None:
        """Show the window before the others: a second start asks for it."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write down drafts and the window's place, then close."""
        if not self._closing:
            self._closing = True
            if self.bench.is_made:
                self.bench.request_pane.flush()
            self.sidebar.remember()
            self.sync.close()
            self.account.close()
            window_state.remember(self, self.panes, self.session.services.preferences)
            self.closed.emit()
        event.accept()

    def _connect(self) -> None:
        dialogs = self.commands.dialogs
        self.sidebar.notice_requested.connect(self.show_notice)
        self.sidebar.environments_requested.connect(dialogs.environments)
        self.sidebar.cookies_requested.connect(dialogs.cookies)
        self.sidebar.workspace_settings_requested.connect(dialogs.workspace_settings)
        self.sidebar.preferences_requested.connect(dialogs.preferences)
        self.sidebar.trash_requested.connect(dialogs.trash)
        self.sidebar.request_made.connect(self.commands.focus_address)
        rows = self.sidebar.view_model
        rows.row_wanted.connect(self.held_keys.hold)
        rows.row_ready.connect(self.held_keys.release)
        rows.row_failed.connect(self.held_keys.drop)
        self.bench.made.connect(self._on_bench_made)
        self.panes.first_painted.connect(self._on_request)
        self.begin_page.new_request_requested.connect(self.sidebar.new_request)
        self.begin_page.paste_requested.connect(self.commands.paste_curl)
        self.workspace.request_changed.connect(self._on_request)
        self.workspace.workspace_changed.connect(self._on_workspace)
        self.workspace.workspaces_changed.connect(self._on_workspace)
        self.session.bridge.failed.connect(self.show_error)
        self.session.feed.changed.connect(self.commands.on_changed)
        switch().changed.connect(self.update)

    @Slot(object, object)
    def _on_bench_made(self, request: RequestPane, response: ResponsePane) -> None:
        self.panes.add_panes(request, response)
        for pane in (request, response):
            pane.notice_requested.connect(self.show_notice)
            pane.environments_requested.connect(self.commands.dialogs.environments)
            pane.send_requested.connect(self.commands.send)
        response.preferences_requested.connect(self.commands.dialogs.preferences)
        request.cancel_requested.connect(response.cancel)
        response.sending_changed.connect(request.set_sending)
        response.certificate_password_requested.connect(self.commands.dialogs.certificate_password)

    @Slot()
    def _on_request(self) -> None:
        shown = self.workspace.request_id is not None
        if shown and not self.bench.is_made:
            self.bench.make()
        self.panes.show_request(shown)

    @Slot()
    def _on_workspace(self) -> None:
        self.setWindowTitle(self.tr("%s – Insomnia Desktop") % self.workspace.workspace_name)
