"""What the deeds of a window work on."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from PySide6.QtWidgets import QDialog, QWidget

from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.window.actions import Actions
from insomnia_desktop.ui.window.bench import Bench
from insomnia_desktop.ui.window.menus import MenuBar
from insomnia_desktop.ui.window.pane_layout import PaneLayout


class WindowParts(msgspec.Struct, frozen=True):
    """The parts of one window; `host` is the window as a widget."""

    host: QWidget
    session: UiSession
    workspace: WorkspaceViewModel
    sidebar: Sidebar
    bench: Bench
    panes: PaneLayout
    menu_bar: MenuBar
    actions: Actions
    open_dialog: Callable[[QDialog], None]
    show_notice: Callable[..., None]
    dismiss_question: Callable[[], None]
