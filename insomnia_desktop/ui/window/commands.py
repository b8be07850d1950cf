"""What the window's actions do: they ask the panes, open the dialogs, and apply the preferences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from insomnia_desktop.model.settings import SETTINGS
from insomnia_desktop.services.undo_words import undo_words
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.window.actions import Actions

if TYPE_CHECKING:
    from insomnia_desktop.store.undo_rows import UndoLabel
    from insomnia_desktop.ui.window.main_window import MainWindow

_ZOOM_STEP = 10


class WindowCommands(QObject):
    """The deeds behind the actions of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._preferences = window.session.services.preferences

    def connect_actions(self, actions: Actions) -> None:
        """Give every action its deed."""
        window = self._window
        sidebar, request, response = window.sidebar, window.request_pane, window.response_pane
        deeds: dict[str, Callable[[], object]] = {
            "new_request": sidebar.new_request,
            "new_folder": sidebar.new_folder,
            "quick_switch": self.open_quick_switch,
            "recent": self.open_recent,
            "workspace_settings": self.open_workspace_settings,
            "trash": self.open_trash,
            "preferences": self.open_preferences,
            "quit": window.close,
            "undo": self.undo,
            "redo": self.redo,
            "duplicate": sidebar.duplicate_current,
            "rename": sidebar.rename_current,
            "delete": sidebar.delete_selected,
            "find": self.find,
            "beautify": request.beautify,
            "send": self.send,
            "cancel": response.cancel,
            "address": request.focus_address,
            "method": request.open_method_menu,
            "environments": self.open_environments,
            "switch_environment": sidebar.open_environment_menu,
            "cookies": self.open_cookies,
            "response": response.focus_response,
            "history": response.open_history_menu,
            "filter": self.filter_sidebar,
            "sidebar": window.panes.toggle_sidebar,
            "layout": self.switch_layout,
            "zoom_in": lambda: self._zoom(_ZOOM_STEP),
            "zoom_out": lambda: self._zoom(-_ZOOM_STEP),
            "zoom_reset": lambda: self._zoom(0),
            "help": self.open_shortcuts,
            "about": self.open_about,
        }
        for name, deed in deeds.items():
            actions.on(name, deed)

    @Slot()
    def send(self) -> None:
        """Write down the draft and send the open request."""
        request_id = self._window.workspace.request_id
        if request_id is None:
            return
        written = self._window.request_pane.flush()
        send = self._window.response_pane.send
        if written is None:
            send(request_id)
        else:
            self._session.bridge.watch(written, lambda _: send(request_id), owner=self)

    def undo(self) -> None:
        """Take back the newest edit of the workspace and say which it was."""
        self._window.request_pane.flush()
        workspace_id = self._window.workspace.workspace_id
        label = self._session.services.editing.undo_state(workspace_id).undo_label
        self._session.bridge.watch(
            self._session.services.editing.undo(workspace_id),
            lambda done: self._say(self.tr("Undone: %s"), label, done),
            owner=self,
        )

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._window.request_pane.flush()
        workspace_id = self._window.workspace.workspace_id
        label = self._session.services.editing.undo_state(workspace_id).redo_label
        self._session.bridge.watch(
            self._session.services.editing.redo(workspace_id),
            lambda done: self._say(self.tr("Done again: %s"), label, done),
            owner=self,
        )

    def find(self) -> None:
        """Find in the pane that has the focus; the response is meant elsewhere."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QWidget) and self._window.request_pane.isAncestorOf(focus):
            self._window.request_pane.open_find()
        else:
            self._window.response_pane.open_find()

    def filter_sidebar(self) -> None:
        """Show the sidebar and put the caret into its filter."""
        self._window.sidebar.setVisible(True)
        self._window.sidebar.focus_filter()

    def switch_layout(self) -> None:
        """Put the response right of the request, or under it, for good."""
        self._preferences.set("appearance.layout", "right" if self._window.panes.is_below() else "below")
        self.apply_preferences()

    def open_recent(self) -> None:
        """Go back to the request that was open before."""
        recent = [each for each in self._window.workspace.recent() if each != self._window.workspace.request_id]
        if recent:
            self._window.workspace.open_request(recent[0])

    @Slot()
    def paste_curl(self) -> None:
        """Make a request from the curl line on the clipboard."""
        pasted = self._session.services.importing.pasted_request(QGuiApplication.clipboard().text())
        if pasted is None:
            self._window.show_notice(self.tr("The clipboard holds no curl line. Copy one first."))
            return
        workspace = self._window.workspace
        request_id, future = self._session.services.documents.create_request(
            workspace.workspace_id, None, fields=pasted.fields
        )
        self._session.bridge.watch(future, lambda _: workspace.open_request(request_id), owner=self)

    def open_quick_switch(self) -> None:
        """Open the list of all requests."""
        from insomnia_desktop.ui.dialogs.quick_switch import QuickSwitch

        panel = QuickSwitch(self._session, self._window.workspace, self._window)
        panel.request_chosen.connect(self._on_request_chosen)
        panel.workspace_chosen.connect(self._window.workspace.use_workspace)
        panel.open_panel()

    @Slot()
    def open_environments(self) -> None:
        """Open the environment editor."""
        from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog

        self._window.request_pane.flush()
        self._window.open_dialog(EnvironmentsDialog(self._session, self._window.workspace, self._window))

    @Slot()
    def open_cookies(self) -> None:
        """Open the cookie editor."""
        from insomnia_desktop.ui.dialogs.cookies_dialog import CookiesDialog

        self._window.open_dialog(CookiesDialog(self._session, self._window.workspace, self._window))

    @Slot()
    @Slot(str)
    def open_preferences(self, page: str = "") -> None:
        """Open the preferences, at a page if one is named."""
        from insomnia_desktop.ui.dialogs.preferences_dialog import PreferencesDialog

        self._window.open_dialog(PreferencesDialog(self._session, self._window, page=page))

    @Slot()
    def open_workspace_settings(self) -> None:
        """Open the settings of the workspace."""
        from insomnia_desktop.ui.dialogs.workspace_dialog import WorkspaceDialog

        self._window.open_dialog(WorkspaceDialog(self._session, self._window.workspace, self._window))

    @Slot()
    def open_trash(self) -> None:
        """Open the trash."""
        from insomnia_desktop.ui.dialogs.trash_dialog import TrashDialog

        self._window.open_dialog(TrashDialog(self._session, self._window.workspace, self._window))

    def open_shortcuts(self) -> None:
        """Open the list of shortcuts."""
        from insomnia_desktop.ui.dialogs.shortcuts_dialog import ShortcutsDialog

        self._window.open_dialog(ShortcutsDialog(list(self._window.actions_by_name.rows()), self._window))

    def open_about(self) -> None:
        """Open what this program is."""
        from insomnia_desktop.ui.dialogs.about_dialog import AboutDialog

        self._window.open_dialog(AboutDialog(self._window))

    def apply_preferences(self) -> None:
        """Bring theme, zoom, fonts, layout and menu bar in step with the settings."""
        get = self._preferences.get
        dress = switch()
        dress.set_mono_family(get("appearance.mono_font"))
        dress.set_zoom(get("appearance.zoom"))
        if dress.choice() != get("appearance.theme"):
            dress.choose(get("appearance.theme"))
        self._window.panes.set_choice(get("appearance.layout"))
        self._window.menu_bar.set_always(get("appearance.menu_bar") == "always")

    @Slot(object)
    def on_changed(self, change_set: ChangeSet) -> None:
        """Apply settings that were changed, here or by another process."""
        if any(change.kind == "setting" and change.id.startswith("appearance.") for change in change_set.changes):
            self.apply_preferences()

    @Slot(str, bool)
    def _on_request_chosen(self, request_id: str, send: bool) -> None:
        self._window.request_pane.flush()
        self._window.workspace.open_request(request_id)
        self._window.sidebar.reveal(request_id)
        if send:
            self.send()

    def _zoom(self, step: int) -> None:
        setting = SETTINGS["appearance.zoom"]
        wanted = self._preferences.get("appearance.zoom") + step if step else setting.default
        self._preferences.set("appearance.zoom", max(setting.minimum, min(setting.maximum, wanted)))
        self.apply_preferences()

    def _say(self, pattern: str, label: UndoLabel | None, change_set: ChangeSet) -> None:
        if label is not None and change_set.changes:
            self._window.show_notice(pattern % undo_words(label))
