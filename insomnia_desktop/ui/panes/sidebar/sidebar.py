"""The sidebar: workspace, environment, cookies, filter, tree, and the footer that says where the data is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.ui.panes.sidebar.head_buttons import CookiesButton, EnvironmentButton, WorkspaceButton
from insomnia_desktop.ui.panes.sidebar.request_tree import RequestTree
from insomnia_desktop.ui.panes.sidebar.sidebar_menus import SidebarMenus
from insomnia_desktop.ui.panes.sidebar.sync_footer import SyncFooter
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sidebar_view_model import SidebarViewModel
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import IconButton
from insomnia_desktop.ui.widgets.search_field import SearchField


class Sidebar(QWidget):
    """The left column.

    Signals:
        environments_requested(), cookies_requested(), workspace_settings_requested(), preferences_requested(),
        trash_requested(): a dialog is wanted.
        sync_panel_requested(), account_requested(): a page about the account that is signed in is wanted.
        notice_requested(text, action_text, call): a fact to be shown, with what can be done about it.
        history_requested(id): the versions of a row are to be seen.
        request_made(): a new request is there and open; its address is to be typed next.
    """

    environments_requested = Signal()
    cookies_requested = Signal()
    workspace_settings_requested = Signal()
    preferences_requested = Signal()
    trash_requested = Signal()
    sync_panel_requested = Signal()
    account_requested = Signal()
    notice_requested = Signal(str, str, object)
    history_requested = Signal(str)
    request_made = Signal()

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self._workspace = workspace
        self.view_model = SidebarViewModel(session, workspace, self)
        self.workspace_button = WorkspaceButton()
        self.environment_button = EnvironmentButton()
        self.cookies_button = CookiesButton()
        self.filter_field = SearchField(self.tr("Filter"), ground="sidebar")
        self.filter_field.setObjectName("sidebarFilter")
        self.filter_field.setAccessibleName(self.tr("Filter requests"))
        self.new_button = IconButton("plus", self.tr("New (Ctrl+N)"), name=self.tr("New"), arrow=True)
        self.new_button.setObjectName("newButton")
        self.new_button.set_measures(padding=2)
        self.tree = RequestTree(self.view_model.model)
        self.footer = SyncFooter()
        self.sync_status = self.footer.status
        self._recovered_open = True
        self._menus = SidebarMenus(self, session, workspace, self.view_model)
        self._lay_out()
        self._connect()
        self._on_workspace()
        self._on_environment()
        self._on_cookies()
        self._on_loaded()

    def focus_filter(self) -> None:
        """Put the caret into the filter."""
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_field.selectAll()

    def focus_tree(self) -> None:
        """Put the focus into the tree."""
        self.tree.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def new_request(self) -> None:
        """Make a request beside or inside the current row and open it."""
        index = self.tree.currentIndex()
        current = self.tree.current_id()
        after = current if current is not None and current.startswith("req_") else None
        self._clear_filter()
        self.view_model.new_request(self.view_model.model.folder_at(index) if index.isValid() else None, after)

    @Slot()
    def new_folder(self) -> None:
        """Make a folder beside the current row and let its name be typed."""
        index = self.tree.currentIndex()
        self._clear_filter()
        self.view_model.new_folder(self.view_model.model.folder_at(index) if index.isValid() else None)

    def rename_current(self) -> None:
        """Let the name of the current row be typed."""
        self.tree.rename_current()

    @Slot()
    def delete_selected(self) -> None:
        """Move the selected rows to the trash; a toast offers to take it back."""
        self.view_model.delete(self.tree.selected_ids())

    def duplicate_current(self) -> None:
        """Copy the current row, or the open request if there is none."""
        current = self.tree.current_id() or self._workspace.request_id
        if current is not None:
            self.view_model.duplicate(current)

    def open_environment_menu(self) -> None:
        """Open the menu of environments."""
        self._menus.environments.popup(self._below(self.environment_button))

    def open_workspace_menu(self) -> None:
        """Open the menu of workspaces."""
        self._menus.workspaces.popup(self._below(self.workspace_button))

    def open_move_menu(self) -> None:
        """Open the menu of the workspaces that the selected rows can be moved to, or say why there is none."""
        menu = self._menus.for_moving(self.tree)
        held = self.view_model.held.why_kept(self._workspace.workspace_id, self.tree.selected_ids())
        if held:
            self.notice_requested.emit(f"{held}.", "", None)
        elif menu is not None:
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            place = self.tree.visualRect(self.tree.currentIndex()).bottomLeft()
            menu.popup(self.tree.viewport().mapToGlobal(place))
        elif self.tree.selected_ids():
            self.notice_requested.emit(self.tr("There is no other workspace to move to."), "", None)
        else:
            self.notice_requested.emit(self.tr("Select what is to be moved first."), "", None)

    def reveal(self, row_id: str) -> None:
        """Select a row and open the folders above it."""
        if not self.view_model.model.index_of(row_id).isValid():
            self._clear_filter()
        self.tree.select(row_id)

    def remember(self) -> None:
        """Write down what is kept of the sidebar."""
        self.view_model.remember()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("sidebar"))

    def _lay_out(self) -> None:
        first = Bar(48, left=8)
        first.add(self.workspace_button, stretch=1)
        second = Bar(40, hairline="none", left=8)
        second.add(self.environment_button)
        second.add_stretch()
        second.add(self.cookies_button)
        # Its arrow stands under the one of the workspace.
        third = Bar(40, hairline="none", left=8, right=14)
        third.add(self.filter_field, stretch=1)
        third.add(self.new_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (first, second, third):
            column.addWidget(bar)
        column.addSpacing(6)
        column.addWidget(self.tree, 1)
        column.addWidget(self.footer)
        self.setTabOrder(self.filter_field, self.tree)

    def sizeHint(self) -> QSize:
        """Return the width at which no state of the footer is cut."""
        return QSize(self.footer.least_width(), super().sizeHint().height())

    def _connect(self) -> None:
        self.workspace_button.set_menu(self._menus.workspaces)
        self.environment_button.set_menu(self._menus.environments)
        self.new_button.set_menu(self._menus.new)
        menus = self._menus
        menus.new_request_requested.connect(self.new_request)
        menus.new_folder_requested.connect(self.new_folder)
        menus.delete_requested.connect(self.delete_selected)
        menus.environments_requested.connect(self.environments_requested)
        menus.workspace_settings_requested.connect(self.workspace_settings_requested)
        menus.preferences_requested.connect(self.preferences_requested)
        menus.trash_requested.connect(self.trash_requested)
        menus.sync_panel_requested.connect(self.sync_panel_requested)
        menus.account_requested.connect(self.account_requested)
        menus.history_requested.connect(self.history_requested)
        self.cookies_button.clicked.connect(self.cookies_requested)
        self.filter_field.text_changed.connect(self.view_model.set_filter)
        self.tree.opened.connect(self._workspace.open_request)
        self.tree.add_requested.connect(lambda folder_id: self.view_model.new_request(folder_id or None))
        self.tree.rename_requested.connect(self._on_rename)
        self.tree.delete_requested.connect(self.delete_selected)
        self.tree.menu_requested.connect(self._open_row_menu)
        # What is dragged is not opened: the selected row is the open request again.
        self.tree.drag_ended.connect(self._on_request)
        self.tree.expanded.connect(lambda index: self._note_expanded(index, True))
        self.tree.collapsed.connect(lambda index: self._note_expanded(index, False))
        self.tree.all_toggled.connect(self._note_all_expanded)
        # Connected after the tree's own: what is opened and selected is set once the view has forgotten all of it.
        self.view_model.model.modelReset.connect(self._on_loaded)
        self.view_model.chosen.connect(self._on_chosen)
        self.view_model.deleted.connect(self._on_deleted)
        self.view_model.request_made.connect(self.request_made)
        self.view_model.moves.moved.connect(self._on_moved)
        self.view_model.moves.said.connect(lambda text: self.notice_requested.emit(text, "", None))
        self._workspace.workspace_changed.connect(self._on_workspace)
        self._workspace.workspaces_changed.connect(self._on_workspace)
        self._workspace.environment_changed.connect(self._on_environment)
        self._workspace.cookies_changed.connect(self._on_cookies)
        self._workspace.request_changed.connect(self._on_request)

    def _below(self, button: QWidget) -> QPoint:
        return button.mapToGlobal(QPoint(0, button.height() + 4))

    @Slot(str)
    def _on_rename(self, row_id: str) -> None:
        why = self.view_model.held.why_unchanged(row_id)
        if why:
            self.notice_requested.emit(f"{why}.", "", None)
        else:
            self.tree.edit_name(row_id)

    def _clear_filter(self) -> None:
        if self.filter_field.text():
            self.filter_field.clear()
            self.view_model.set_filter("")

    @Slot(QPoint)
    def _open_row_menu(self, point: QPoint) -> None:
        menu = self._menus.for_rows(self.tree)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)

    def _note_expanded(self, index: QModelIndex, expanded: bool) -> None:
        if index == self.view_model.model.recovered_index():
            self._recovered_open = expanded
        folder_id = self.view_model.model.id_at(index)
        if folder_id is not None and not self.view_model.model.tree.filter.active:
            self.view_model.set_expanded(folder_id, expanded)

    @Slot(bool)
    def _note_all_expanded(self, expanded: bool) -> None:
        self._recovered_open = expanded
        self.view_model.set_all_expanded(expanded)

    @Slot()
    def _on_loaded(self) -> None:
        model = self.view_model.model
        if model.tree.filter.active:
            self.tree.open_found()
        else:
            for folder_id in self.view_model.expanded:
                index = model.index_of(folder_id)
                if index.isValid():
                    self.tree.expand(index)
            recovered = model.recovered_index()
            if self._recovered_open and recovered.isValid():
                self.tree.expand(recovered)
        if not self.tree.select_again():
            self._on_request()

    @Slot(str, bool)
    def _on_chosen(self, row_id: str, edit: bool) -> None:
        self.tree.select(row_id, edit=edit)
        if row_id.startswith("req_"):
            self._workspace.open_request(row_id)

    @Slot(str, list)
    def _on_deleted(self, text: str, ids: list[str]) -> None:
        self.notice_requested.emit(text, self.tr("Undo"), lambda: self.view_model.restore(ids))

    @Slot(str, object)
    def _on_moved(self, text: str, undo: Callable[[], None]) -> None:
        self.notice_requested.emit(text, self.tr("Undo"), undo)

    @Slot()
    def _on_workspace(self) -> None:
        self.workspace_button.set_name(self._workspace.workspace_name)

    @Slot()
    def _on_environment(self) -> None:
        active_id = self._workspace.environment_id
        active = next((each for each in self._workspace.environments() if each.id == active_id), None)
        if active is None:
            self.environment_button.set_environment(self.tr("No environment"), "", active=False)
        else:
            self.environment_button.set_environment(active.name, active.color, active=True)

    @Slot()
    def _on_cookies(self) -> None:
        self.cookies_button.set_count(self._workspace.cookie_count())

    @Slot()
    def _on_request(self) -> None:
        request_id = self._workspace.request_id
        if request_id is not None and request_id not in self.tree.selected_ids():
            self.tree.select(request_id)
