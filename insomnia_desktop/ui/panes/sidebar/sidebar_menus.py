"""The menus of the sidebar: workspaces, environments, new things, and what can be done with rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from insomnia_desktop.services.account_views import AccountState
from insomnia_desktop.ui.panes.sidebar.move_menu import MoveMenu
from insomnia_desktop.ui.panes.sidebar.request_tree import RequestTree
from insomnia_desktop.ui.theme import painting
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sidebar_view_model import SidebarViewModel
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


class SidebarMenus(QObject):
    """Builds the menus; those of workspaces and environments are filled each time they open.

    Signals:
        new_request_requested(), new_folder_requested(), delete_requested(): deeds on the selected rows.
        environments_requested(), workspace_settings_requested(), preferences_requested(), trash_requested(): a dialog.
        sync_panel_requested(), account_requested(): a page about the account that is signed in.
        history_requested(id): the versions of a row are to be seen.
    """

    new_request_requested = Signal()
    new_folder_requested = Signal()
    delete_requested = Signal()
    environments_requested = Signal()
    workspace_settings_requested = Signal()
    preferences_requested = Signal()
    trash_requested = Signal()
    sync_panel_requested = Signal()
    account_requested = Signal()
    history_requested = Signal(str)

    def __init__(
        self, sidebar: QWidget, session: UiSession, workspace: WorkspaceViewModel, rows: SidebarViewModel
    ) -> None:
        super().__init__(sidebar)
        self._session = session
        self._workspace = workspace
        self._rows = rows
        self.workspaces = QMenu(sidebar)
        self.environments = QMenu(sidebar)
        self.new = QMenu(sidebar)
        _add(self.new, self.tr("New request"), self.new_request_requested.emit, "Ctrl+N")
        _add(self.new, self.tr("New folder"), self.new_folder_requested.emit, "Ctrl+Shift+N")
        self.workspaces.aboutToShow.connect(self._fill_workspaces)
        self.environments.aboutToShow.connect(self._fill_environments)

    def for_rows(self, tree: RequestTree) -> QMenu:
        """Return a menu for the selected rows; the caller opens it and lets go of it."""
        menu = QMenu(tree)
        ids = tree.selected_ids()
        if not ids:
            _add(menu, self.tr("New request"), self.new_request_requested.emit, "Ctrl+N")
            _add(menu, self.tr("New folder"), self.new_folder_requested.emit, "Ctrl+Shift+N")
        elif len(ids) == 1 and ids[0].startswith("fld_"):
            self._fill_folder(menu, tree, ids[0])
        elif len(ids) == 1:
            self._fill_request(menu, tree, ids[0])
        else:
            held = self._say_held(menu, self._why_kept(ids))
            self._fill_move(menu, ids, held)
            _hold(_add(menu, self.tr("Delete %d items") % len(ids), self.delete_requested.emit, "Del"), held)
        return menu

    def for_moving(self, tree: RequestTree) -> MoveMenu | None:
        """Return a menu of the workspaces that the selected rows can be moved to; None where there is none."""
        roots = self._rows.without_descendants(tree.selected_ids())
        return MoveMenu(self._rows.moves, roots, tree) if roots and self._rows.moves.is_possible() else None

    def _fill_folder(self, menu: QMenu, tree: RequestTree, folder_id: str) -> None:
        _add(menu, self.tr("New request here"), lambda: self._rows.new_request(folder_id))
        _add(menu, self.tr("New folder here"), lambda: self._rows.new_folder(folder_id))
        menu.addSeparator()
        _add(menu, self.tr("Open all folders"), tree.open_all)
        _add(menu, self.tr("Close all folders"), tree.close_all)
        menu.addSeparator()
        self._fill_common(menu, tree, folder_id)

    def _fill_request(self, menu: QMenu, tree: RequestTree, request_id: str) -> None:
        _add(menu, self.tr("Open"), lambda: self._workspace.open_request(request_id), "Enter")
        _add(menu, self.tr("Copy address"), lambda: self._copy_address(request_id))
        menu.addSeparator()
        self._fill_common(menu, tree, request_id)

    def _fill_common(self, menu: QMenu, tree: RequestTree, row_id: str) -> None:
        kept, unchanged = self._why_kept([row_id]), self._rows.held.why_unchanged(row_id)
        self._say_held(menu, kept)
        _hold(_add(menu, self.tr("Rename"), tree.rename_current, "F2"), unchanged)
        _add(menu, self.tr("Duplicate"), lambda: self._rows.duplicate(row_id), "Ctrl+D")
        if self._session.services.accounts.status().state == AccountState.SIGNED_IN:
            _add(menu, self.tr("History"), lambda: self.history_requested.emit(row_id), "Ctrl+Shift+H")
        self._fill_move(menu, [row_id], kept)
        menu.addSeparator()
        _hold(_add(menu, self.tr("Delete"), self.delete_requested.emit, "Del"), kept)

    def _fill_move(self, menu: QMenu, ids: Sequence[str], held: str) -> None:
        if self._rows.are_recovered(ids):
            _hold(_add(menu, self.tr("Move to the top level"), lambda: self._rows.put_back(ids)), held)
        # Where there is no other workspace there is nowhere to move to.
        if self._rows.moves.is_possible():
            moving = menu.addMenu(MoveMenu(self._rows.moves, self._rows.without_descendants(ids), menu))
            _hold(moving, held)

    def _why_kept(self, ids: Sequence[str]) -> str:
        return self._rows.held.why_kept(self._workspace.workspace_id, ids)

    def _say_held(self, menu: QMenu, words: str) -> str:
        """Say over the entries that are switched off why they are; return it, for their tips."""
        if words:
            menu.setToolTipsVisible(True)
            # A name in it is no mnemonic.
            menu.addAction(words.replace("&", "&&")).setEnabled(False)
        return words

    def _copy_address(self, request_id: str) -> None:
        address = self._rows.address_of(request_id)
        if address is not None:
            QGuiApplication.clipboard().setText(address)

    @Slot()
    def _fill_workspaces(self) -> None:
        menu = self.workspaces
        menu.clear()
        for row in self._session.services.workspaces.all():
            action = _add(menu, row.name, lambda row_id=row.id: self._workspace.use_workspace(row_id))  # type: ignore[misc]
            action.setCheckable(True)
            action.setChecked(row.id == self._workspace.workspace_id)
        menu.addSeparator()
        _add(menu, self.tr("New workspace"), self._new_workspace)
        _add(menu, self.tr("Duplicate this workspace"), self._duplicate_workspace)
        _add(menu, self.tr("Workspace settings…"), self.workspace_settings_requested.emit, "Ctrl+Shift+,")
        _add(menu, self.tr("Trash…"), self.trash_requested.emit)
        menu.addSeparator()
        if self._session.services.accounts.status().state == AccountState.SIGNED_IN:
            _add(menu, self.tr("Sync"), self.sync_panel_requested.emit, "Ctrl+Shift+Y")
            _add(menu, self.tr("Account"), self.account_requested.emit, "Ctrl+Shift+A")
        _add(menu, self.tr("Preferences…"), self.preferences_requested.emit, "Ctrl+,")

    def _new_workspace(self) -> None:
        workspace_id, future = self._session.services.workspaces.create(self.tr("New workspace"))
        self._session.bridge.watch(future, lambda _: self._open_settings_of(workspace_id), owner=self)

    def _duplicate_workspace(self) -> None:
        workspace_id, future = self._session.services.workspaces.duplicate(self._workspace.workspace_id)
        self._session.bridge.watch(future, lambda _: self._workspace.use_workspace(workspace_id), owner=self)

    def _open_settings_of(self, workspace_id: str) -> None:
        self._workspace.use_workspace(workspace_id)
        self.workspace_settings_requested.emit()

    @Slot()
    def _fill_environments(self) -> None:
        menu = self.environments
        menu.clear()
        active_id = self._workspace.environment_id
        none = _add(menu, self.tr("No environment"), lambda: self._workspace.activate_environment(None))
        none.setCheckable(True)
        none.setChecked(active_id is None)
        for environment in self._workspace.environments()[1:]:
            action = _add(
                menu,
                environment.name,
                lambda each=environment.id: self._workspace.activate_environment(each),  # type: ignore[misc]
            )
            action.setIcon(dot_icon(environment.color))
            action.setCheckable(True)
            action.setChecked(environment.id == active_id)
        menu.addSeparator()
        _add(menu, self.tr("Edit environments…"), self.environments_requested.emit, "Ctrl+E")


def dot_icon(color: str) -> QIcon:
    """Return a dot in the colour of an environment."""
    pixmap = QPixmap(32, 32)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    chosen = QColor(color) if color else theme().color("dot_info")
    painting.fill_dot(painter, QPointF(8, 8), 8, chosen)
    painter.end()
    return QIcon(pixmap)


def _add(menu: QMenu, text: str, call: Callable[[], object], keys: str = "") -> QAction:
    # The keys are shown only: the window's own action answers them, two would be ambiguous.
    action = menu.addAction(
        f"{text}\t{QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)}" if keys else text
    )
    action.triggered.connect(lambda _checked=False: call())
    return action


def _hold(action: QAction, why: str) -> None:
    """Switch an entry off, with the reason as its tip, unless that is empty."""
    if why:
        action.setEnabled(False)
        action.setToolTip(why)
