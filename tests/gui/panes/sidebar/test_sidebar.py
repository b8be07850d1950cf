"""The sidebar by mouse and keyboard; also insomnia_desktop.ui.panes.sidebar.request_tree,
insomnia_desktop.ui.panes.sidebar.sidebar_menus, insomnia_desktop.ui.panes.sidebar.head_buttons and
insomnia_desktop.ui.delegates.request_delegate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.delegates.request_delegate import NameEditor, method_tag, method_token
from insomnia_desktop.ui.panes.sidebar.move_menu import MoveMenu
from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    return WorkspaceViewModel(session)


@pytest.fixture
def sidebar(session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot) -> Iterator[Sidebar]:
    made = Sidebar(session, workspace)
    qtbot.addWidget(made)
    made.resize(256, 600)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.view_model.remember()


@pytest.fixture
def add(session: UiSession, workspace: WorkspaceViewModel, sidebar: Sidebar, qtbot: QtBot) -> Callable[..., str]:
    def add_row(name: str, parent: str | None = None, *, folder: bool = False, method: str = "GET") -> str:
        documents = session.services.documents
        if folder:
            row_id, made = documents.create_folder(workspace.workspace_id, parent, name=name)
        else:
            fields = {"name": name, "method": method, "url": f"http://{name}.example"}
            row_id, made = documents.create_request(workspace.workspace_id, parent, fields=fields)
        made.result()
        qtbot.waitUntil(lambda: sidebar.view_model.model.tree.handle(row_id) is not None)
        return row_id

    return add_row


def click(sidebar: Sidebar, row_id: str, qtbot: QtBot, modifier: Qt.KeyboardModifier | None = None) -> None:
    rect = sidebar.tree.visualRect(sidebar.view_model.model.index_of(row_id))
    place = QPoint(rect.left() + 60, rect.center().y())
    qtbot.mouseClick(
        sidebar.tree.viewport(), Qt.MouseButton.LeftButton, modifier or Qt.KeyboardModifier.NoModifier, place
    )


def texts(menu: QMenu) -> list[str]:
    return [action.text().split("\t")[0] for action in menu.actions() if not action.isSeparator()]


def action_of(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().split("\t")[0] == text)


def test_the_parts_have_their_names(sidebar: Sidebar) -> None:
    for name in (
        "workspaceButton", "environmentButton", "cookiesButton", "sidebarFilter", "newButton", "requestTree",
        "syncStatus",
    ):  # fmt: skip
        part = sidebar.findChild(QWidget, name)
        assert part is not None, name
        assert part.accessibleName(), name
    assert sidebar.sync_status.text() == "On this device"
    assert sidebar.workspace_button.text() == "My workspace"
    assert sidebar.environment_button.text() == "No environment"


def test_a_click_opens_a_request(
    sidebar: Sidebar, workspace: WorkspaceViewModel, add: Callable[..., str], qtbot: QtBot
) -> None:
    add("one")
    two = add("two")
    click(sidebar, two, qtbot)
    assert workspace.request_id == two
    assert sidebar.tree.selected_ids() == [two]


def test_a_click_opens_and_closes_a_folder(sidebar: Sidebar, add: Callable[..., str], qtbot: QtBot) -> None:
    folder = add("Orders", folder=True)
    add("list", folder)
    index = sidebar.view_model.model.index_of(folder)
    click(sidebar, folder, qtbot)
    assert sidebar.tree.isExpanded(index)
    assert folder in sidebar.view_model.expanded
    click(sidebar, folder, qtbot)
    assert not sidebar.tree.isExpanded(index)
    assert folder not in sidebar.view_model.expanded


def test_the_grey_row_makes_a_request_in_its_folder(
    sidebar: Sidebar, workspace: WorkspaceViewModel, add: Callable[..., str], session: UiSession, qtbot: QtBot
) -> None:
    folder = add("Empty", folder=True)
    index = sidebar.view_model.model.index_of(folder)
    sidebar.tree.expand(index)
    rect = sidebar.tree.visualRect(sidebar.view_model.model.index(0, 0, index))
    with qtbot.waitSignal(workspace.request_changed):
        qtbot.mouseClick(sidebar.tree.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    document = session.services.documents.get(workspace.request_id or "")
    assert document is not None
    assert document.parent_id == folder


def test_keys_walk_open_rename_and_delete(
    sidebar: Sidebar, workspace: WorkspaceViewModel, add: Callable[..., str], session: UiSession, qtbot: QtBot
) -> None:
    one, two = add("one"), add("two")
    sidebar.focus_tree()
    sidebar.tree.select(one)
    qtbot.keyClick(sidebar.tree, Qt.Key.Key_Down)
    qtbot.keyClick(sidebar.tree, Qt.Key.Key_Return)
    assert workspace.request_id == two
    sidebar.rename_current()
    editor = sidebar.tree.findChild(NameEditor)
    assert editor is not None
    assert editor.selectedText() == "two"
    editor.setText("second")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sidebar.view_model.model.index_of(two).data() == "second")
    notices: list[tuple[str, str, Callable[[], None]]] = []
    sidebar.notice_requested.connect(lambda text, deed, call: notices.append((text, deed, call)))
    sidebar.tree.select(two)
    qtbot.keyClick(sidebar.tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: bool(notices))
    assert notices[0][:2] == ("Deleted “second”", "Undo")
    assert workspace.request_id is None
    notices[0][2]()
    qtbot.waitUntil(lambda: session.services.documents.get(two) is not None)


def test_several_rows_are_deleted_at_once(sidebar: Sidebar, add: Callable[..., str], qtbot: QtBot) -> None:
    one, two, three = add("one"), add("two"), add("three")
    click(sidebar, one, qtbot)
    click(sidebar, three, qtbot, Qt.KeyboardModifier.ShiftModifier)
    assert sidebar.tree.selected_ids() == [one, two, three]
    menu = sidebar._menus.for_rows(sidebar.tree)
    assert texts(menu) == ["Delete 3 items"]
    action_of(menu, "Delete 3 items").trigger()
    qtbot.waitUntil(lambda: len(sidebar.view_model.model.tree) == 0)
    menu.deleteLater()


def test_the_menu_of_a_request(sidebar: Sidebar, add: Callable[..., str], qtbot: QtBot) -> None:
    one = add("one")
    sidebar.tree.select(one)
    menu = sidebar._menus.for_rows(sidebar.tree)
    assert texts(menu) == ["Open", "Copy address", "Rename", "Duplicate", "Delete"]
    action_of(menu, "Copy address").trigger()
    assert QGuiApplication.clipboard().text() == "http://one.example"
    action_of(menu, "Duplicate").trigger()
    qtbot.waitUntil(lambda: len(sidebar.view_model.model.tree) == 2)
    menu.deleteLater()


def test_rows_are_moved_to_another_workspace_by_their_menu(
    sidebar: Sidebar, workspace: WorkspaceViewModel, add: Callable[..., str], session: UiSession, qtbot: QtBot
) -> None:
    one, two = add("one"), add("two")
    other_id, made = session.services.workspaces.create("R & D")
    made.result()
    notices: list[str] = []
    sidebar.notice_requested.connect(lambda text, deed, _: notices.append(f"{text} {deed}"))
    sidebar.tree.select(one)
    click(sidebar, two, qtbot, Qt.KeyboardModifier.ControlModifier)
    menu = sidebar._menus.for_rows(sidebar.tree)
    assert texts(menu) == ["Move to workspace", "Delete 2 items"]
    moving = action_of(menu, "Move to workspace").menu()
    assert isinstance(moving, QMenu)
    moving.aboutToShow.emit()
    assert texts(moving) == ["R && D"]
    moving.actions()[0].trigger()
    qtbot.waitUntil(lambda: bool(notices))
    assert notices == ["Moved 2 items to “R & D” Undo"]
    assert {row.name for row in session.services.documents.tree(other_id)} == {"one", "two"}
    qtbot.waitUntil(lambda: len(sidebar.view_model.model.tree) == 0)
    menu.deleteLater()


def test_moving_by_keyboard_opens_the_menu_at_the_row_or_says_why_not(
    sidebar: Sidebar, add: Callable[..., str], session: UiSession, qtbot: QtBot
) -> None:
    notices: list[str] = []
    sidebar.notice_requested.connect(lambda text, deed, _: notices.append(text))
    sidebar.open_move_menu()
    one = add("one")
    sidebar.tree.select(one)
    sidebar.open_move_menu()
    assert notices == ["Select what is to be moved first.", "There is no other workspace to move to."]
    session.services.workspaces.create("Other")[1].result()
    sidebar.open_move_menu()
    menu = sidebar.tree.findChild(MoveMenu)
    assert menu is not None
    assert menu.isVisible()
    qtbot.keyClick(menu, Qt.Key.Key_Down)
    qtbot.keyClick(menu, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(sidebar.view_model.model.tree) == 0)


def test_the_filter_opens_folders_and_lets_go(sidebar: Sidebar, add: Callable[..., str], qtbot: QtBot) -> None:
    folder = add("Orders", folder=True)
    add("list", folder)
    add("other")
    sidebar.focus_filter()
    qtbot.keyClicks(sidebar.filter_field, "lis")
    qtbot.waitUntil(lambda: sidebar.view_model.model.tree.filter.active)
    assert sidebar.tree.isExpanded(sidebar.view_model.model.index_of(folder))
    assert sidebar.view_model.model.rowCount() == 1
    qtbot.keyClick(sidebar.filter_field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not sidebar.view_model.model.tree.filter.active)
    assert sidebar.view_model.model.rowCount() == 2


def test_a_new_request_stands_behind_the_current_one(sidebar: Sidebar, add: Callable[..., str], qtbot: QtBot) -> None:
    folder = add("Orders", folder=True)
    first = add("first", folder)
    add("last", folder)
    sidebar.tree.select(first)
    with qtbot.waitSignal(sidebar.view_model.chosen):
        sidebar.new_request()
    tree = sidebar.view_model.model.tree
    assert [tree.row(handle).name for handle in tree.descendants(tree.handle(folder) or 0)] == [
        "first", "New request", "last",
    ]  # fmt: skip


def test_the_environment_menu(
    sidebar: Sidebar, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    environment_id, made = session.services.environments.create(workspace.workspace_id, "Staging", "#ffb347")
    made.result()
    qtbot.waitUntil(lambda: len(workspace.environments()) == 2)
    menu = sidebar._menus.environments
    menu.aboutToShow.emit()
    assert texts(menu) == ["No environment", "Staging", "Edit environments…"]
    action_of(menu, "Staging").trigger()
    assert workspace.environment_id == environment_id
    assert sidebar.environment_button.text() == "Staging"
    with qtbot.waitSignal(sidebar.environments_requested):
        action_of(menu, "Edit environments…").trigger()


def test_the_workspace_menu(sidebar: Sidebar, workspace: WorkspaceViewModel, qtbot: QtBot) -> None:
    menu = sidebar._menus.workspaces
    menu.aboutToShow.emit()
    assert texts(menu)[0] == "My workspace"
    with qtbot.waitSignals([sidebar.workspace_settings_requested, workspace.workspace_changed]):
        action_of(menu, "New workspace").trigger()
    assert sidebar.workspace_button.text() == "New workspace"
    menu.aboutToShow.emit()
    assert texts(menu)[:2] == ["My workspace", "New workspace"]
    for text, wish in (("Trash…", sidebar.trash_requested), ("Preferences…", sidebar.preferences_requested)):
        with qtbot.waitSignal(wish):
            action_of(menu, text).trigger()
    with qtbot.waitSignal(workspace.workspace_changed):
        action_of(menu, "Duplicate this workspace").trigger()
    assert sidebar.workspace_button.text() == "New workspace copy"


def test_it_draws_itself_in_every_state(sidebar: Sidebar, add: Callable[..., str], qtbot: QtBot) -> None:
    folder = add("Orders", folder=True)
    add("a very long name that does not fit into the sidebar at all", folder, method="PROPFIND")
    closed = sidebar.grab().toImage()
    sidebar.tree.expandAll()
    opened = sidebar.grab().toImage()
    assert closed != opened


@pytest.mark.parametrize(
    ("method", "tag", "token"),
    [("GET", "GET", "method.get"), ("delete", "DEL", "method.delete"), ("OPTIONS", "OPTN", "method.other"),
     ("PATCH", "PTCH", "method.patch"), ("PROPFIND", "PROP", "method.other")],
)  # fmt: skip
def test_methods_have_short_tags(method: str, tag: str, token: str) -> None:
    assert (method_tag(method), method_token(method)) == (tag, token)
