"""What the window's actions do: they ask the panes, open the dialogs, and apply the preferences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from insomnia_desktop.model.settings import SETTINGS
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.window.dialog_openers import DialogOpeners
from insomnia_desktop.ui.window.window_parts import WindowParts

if TYPE_CHECKING:
    from insomnia_desktop.ui.panes.request.request_pane import RequestPane
    from insomnia_desktop.ui.panes.response.response_pane import ResponsePane

_ZOOM_STEP = 10


class WindowCommands(QObject):
    """The deeds behind the actions of one window."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__(parts.host)
        self._parts = parts
        self._session = parts.session
        self._preferences = parts.session.services.preferences
        self.dialogs = DialogOpeners(parts)
        self.dialogs.request_chosen.connect(self._on_request_chosen)
        self._connect_actions()

    def _connect_actions(self) -> None:
        """Give every action its deed."""
        parts, dialogs = self._parts, self.dialogs
        sidebar = parts.sidebar
        deeds: dict[str, Callable[[], object]] = {
            "new_request": sidebar.new_request,
            "new_folder": sidebar.new_folder,
            "quick_switch": dialogs.quick_switch,
            "recent": self.open_recent,
            "workspace_settings": dialogs.workspace_settings,
            "trash": dialogs.trash,
            "preferences": dialogs.preferences,
            "quit": parts.host.close,
            "undo": self.undo,
            "redo": self.redo,
            "duplicate": sidebar.duplicate_current,
            "rename": sidebar.rename_current,
            "move": sidebar.open_move_menu,
            "delete": sidebar.delete_selected,
            "find": self.find,
            "beautify": self._on_request_pane(lambda pane: pane.beautify()),
            "send": self.send,
            "cancel": self._on_response_pane(lambda pane: pane.cancel()),
            "address": self.focus_address,
            "method": self._on_request_pane(lambda pane: pane.open_method_menu()),
            "environments": dialogs.environments,
            "switch_environment": sidebar.open_environment_menu,
            "cookies": dialogs.cookies,
            "response": self._on_response_pane(lambda pane: pane.focus_response()),
            "response_history": self._on_response_pane(lambda pane: pane.open_history_menu()),
            "filter": self.filter_sidebar,
            "sidebar": parts.panes.toggle_sidebar,
            "layout": self.switch_layout,
            "zoom_in": lambda: self._zoom(_ZOOM_STEP),
            "zoom_out": lambda: self._zoom(-_ZOOM_STEP),
            "zoom_reset": lambda: self._zoom(0),
            "help": dialogs.shortcuts,
            "about": dialogs.about,
        }
        for name, deed in deeds.items():
            parts.actions.on(name, deed)

    def _on_request_pane(self, deed: Callable[[RequestPane], object]) -> Callable[[], object]:
        # Without an open request the pane is not shown, and may not even be made.
        def do() -> None:
            if self._parts.workspace.request_id is not None:
                deed(self._parts.bench.request_pane)

        return do

    def _on_response_pane(self, deed: Callable[[ResponsePane], object]) -> Callable[[], object]:
        def do() -> None:
            if self._parts.workspace.request_id is not None:
                deed(self._parts.bench.response_pane)

        return do

    def _flush(self) -> None:
        if self._parts.bench.is_made:
            self._parts.bench.request_pane.flush()

    @Slot()
    def focus_address(self) -> None:
        """Put the caret into the address of the open request."""
        if self._parts.workspace.request_id is not None:
            self._parts.bench.request_pane.focus_address()

    @Slot()
    def send(self) -> None:
        """Write down the draft and send the open request."""
        request_id = self._parts.workspace.request_id
        if request_id is None:
            return
        written = self._parts.bench.request_pane.flush()
        send = self._parts.bench.response_pane.send
        if written is None:
            send(request_id)
        else:
            self._session.bridge.watch(written, lambda _: send(request_id), owner=self)

    def undo(self) -> None:
        """Take back the newest edit of the workspace and say which it was."""
        self._flush()
        workspace_id = self._parts.workspace.workspace_id
        words = self._session.services.editing.undo_words(workspace_id)
        self._session.bridge.watch(
            self._session.services.editing.undo(workspace_id),
            lambda done: self._say(self.tr("Undone: %s"), words, done),
            owner=self,
        )

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._flush()
        workspace_id = self._parts.workspace.workspace_id
        words = self._session.services.editing.redo_words(workspace_id)
        self._session.bridge.watch(
            self._session.services.editing.redo(workspace_id),
            lambda done: self._say(self.tr("Done again: %s"), words, done),
            owner=self,
        )

    def find(self) -> None:
        """Find in the pane that has the focus; the response is meant elsewhere."""
        bench = self._parts.bench
        if self._parts.workspace.request_id is None:
            return
        focus = QApplication.focusWidget()
        if isinstance(focus, QWidget) and bench.request_pane.isAncestorOf(focus):
            bench.request_pane.open_find()
        else:
            bench.response_pane.open_find()

    def filter_sidebar(self) -> None:
        """Show the sidebar and put the caret into its filter."""
        self._parts.sidebar.setVisible(True)
        self._parts.sidebar.focus_filter()

    def switch_layout(self) -> None:
        """Put the response right of the request, or under it, for good."""
        panes = self._parts.panes
        wanted = "right" if panes.is_below() else "below"
        # What the room asks for anyway is no choice: the layout goes on following it.
        self._preferences.set("appearance.layout", "auto" if wanted == panes.natural() else wanted)
        self.apply_preferences()

    def open_recent(self) -> None:
        """Go back to the request that was open before."""
        recent = [each for each in self._parts.workspace.recent() if each != self._parts.workspace.request_id]
        if recent:
            self._parts.workspace.open_request(recent[0])

    @Slot()
    def paste_curl(self) -> None:
        """Make a request from the curl line on the clipboard."""
        pasted = self._session.services.importing.pasted_request(QGuiApplication.clipboard().text())
        if pasted is None:
            self._parts.show_notice(self.tr("The clipboard holds no curl line. Copy one first."))
            return
        workspace = self._parts.workspace
        request_id, future = self._session.services.documents.create_request(
            workspace.workspace_id, None, fields=pasted.fields
        )
        self._session.bridge.watch(future, lambda _: workspace.open_request(request_id), owner=self)

    def apply_preferences(self) -> None:
        """Bring theme, zoom, fonts, layout and menu bar in step with the settings."""
        get = self._preferences.get
        dress = switch()
        dress.set_mono_family(get("appearance.mono_font"))
        dress.set_zoom(get("appearance.zoom"))
        if dress.choice() != get("appearance.theme"):
            dress.choose(get("appearance.theme"))
        self._parts.panes.set_choice(get("appearance.layout"))
        self._parts.menu_bar.set_always(get("appearance.menu_bar") == "always")

    @Slot(object)
    def on_changed(self, change_set: ChangeSet) -> None:
        """Apply settings that were changed, here or by another process."""
        if any(change.kind == "setting" and change.id.startswith("appearance.") for change in change_set.changes):
            self.apply_preferences()

    @Slot(str, bool)
    def _on_request_chosen(self, request_id: str, send: bool) -> None:
        self._parts.workspace.open_request(request_id)
        self._parts.sidebar.reveal(request_id)
        if send:
            self.send()

    def _zoom(self, step: int) -> None:
        setting = SETTINGS["appearance.zoom"]
        wanted = self._preferences.get("appearance.zoom") + step if step else setting.default
        self._preferences.set("appearance.zoom", max(setting.minimum, min(setting.maximum, wanted)))
        self.apply_preferences()

    def _say(self, pattern: str, words: str, change_set: ChangeSet) -> None:
        if words and change_set.changes:
            self._parts.show_notice(pattern % words)
