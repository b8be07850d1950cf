"""What has no parent on this device, in the sidebar: shown under "Recovered", taken out of it, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.models.request_tree_model import COUNT_ROLE
from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.lost_parents import NOWHERE, LoseParent


class Lost:
    """A sidebar with a folder, and two requests whose folder is not here."""

    def __init__(self, session: UiSession, qtbot: QtBot) -> None:
        self.services, self.qtbot = session.services, qtbot
        self.workspace = WorkspaceViewModel(session)
        self.sidebar = Sidebar(session, self.workspace)
        self.model, self.tree = self.sidebar.view_model.model, self.sidebar.tree
        qtbot.addWidget(self.sidebar)
        self.sidebar.resize(256, 600)
        self.sidebar.show()
        documents, workspace_id = self.services.documents, self.workspace.workspace_id
        self.folder, made = documents.create_folder(workspace_id, None, name="Orders")
        made.result()
        self.first, made = documents.create_request(workspace_id, None, name="first")
        made.result()
        self.second, made = documents.create_request(workspace_id, None, name="second")
        made.result()
        for each in (self.first, self.second):
            documents._access.submit(LoseParent(each)).result()
        self.until(lambda: self.names(self.recovered()) == ["first", "second"])

    def until(self, fact: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(fact)

    def recovered(self) -> QModelIndex:
        return self.model.recovered_index()

    def names(self, parent: QModelIndex | None = None) -> list[str]:
        at = parent or QModelIndex()
        return [self.model.index(row, 0, at).data() for row in range(self.model.rowCount(at))]

    def parent_of(self, document_id: str) -> str | None:
        row = self.services.documents.row(document_id)
        return row.parent_id if row is not None else None


@pytest.fixture
def lost(session: UiSession, qtbot: QtBot) -> Lost:
    return Lost(session, qtbot)


def test_it_stands_last_and_open_and_nothing_was_written(lost: Lost) -> None:
    assert lost.names() == ["Orders", "Recovered"]
    assert lost.tree.isExpanded(lost.recovered())
    assert lost.recovered().data(COUNT_ROLE) == 2
    assert lost.parent_of(lost.first) == lost.parent_of(lost.second) == NOWHERE


def test_what_it_holds_opens_like_any_request(lost: Lost, qtbot: QtBot) -> None:
    place = lost.tree.visualRect(lost.model.index_of(lost.second)).center()
    qtbot.mouseClick(lost.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lost.workspace.request_id == lost.second


def test_dragged_out_it_has_a_parent_and_the_empty_row_goes(lost: Lost) -> None:
    for each in (lost.first, lost.second):
        carried = lost.model.mimeData([lost.model.index_of(each)])
        target = lost.model.index_of(lost.folder)
        lost.model.dropMimeData(carried, Qt.DropAction.MoveAction, -1, 0, target)
        lost.until(lambda each=each: lost.parent_of(each) == lost.folder)  # type: ignore[misc]
    lost.until(lambda: lost.names() == ["Orders"])
    assert lost.names(lost.model.index_of(lost.folder)) == ["first", "second"]
    lost.services.editing.undo(lost.workspace.workspace_id).result()
    lost.until(lambda: lost.names(lost.recovered()) == ["second"])


def test_the_menu_takes_out_what_is_selected(lost: Lost) -> None:
    lost.tree.select(lost.first)
    lost.tree.selectionModel().select(lost.model.index_of(lost.second), lost.tree.selectionModel().SelectionFlag.Select)
    menu = lost.sidebar._menus.for_rows(lost.tree)
    next(action for action in menu.actions() if action.text() == "Move to the top level").trigger()
    lost.until(lambda: lost.names() == ["Orders", "first", "second"])
    assert lost.parent_of(lost.first) == lost.workspace.workspace_id
    menu.deleteLater()
    lost.tree.select(lost.first)
    ordinary = lost.sidebar._menus.for_rows(lost.tree)
    assert "Move to the top level" not in [action.text() for action in ordinary.actions()]
    ordinary.deleteLater()


def test_it_cannot_be_renamed_deleted_or_dragged_and_closes_and_opens_by_keyboard(lost: Lost, qtbot: QtBot) -> None:
    lost.tree.setFocus()
    lost.tree.setCurrentIndex(lost.recovered())
    assert lost.tree.selected_ids() == []
    qtbot.keyClick(lost.tree, Qt.Key.Key_F2)
    qtbot.keyClick(lost.tree, Qt.Key.Key_Delete)
    assert lost.tree.state() != QAbstractItemView.State.EditingState
    assert not lost.recovered().flags() & Qt.ItemFlag.ItemIsDragEnabled
    qtbot.keyClick(lost.tree, Qt.Key.Key_Return)
    assert not lost.tree.isExpanded(lost.recovered())
    lost.sidebar.view_model._load()
    assert not lost.tree.isExpanded(lost.recovered())
    qtbot.keyClick(lost.tree, Qt.Key.Key_Return)
    assert lost.tree.isExpanded(lost.recovered())
    assert lost.names(lost.recovered()) == ["first", "second"]


def test_a_folder_that_comes_takes_its_own(lost: Lost) -> None:
    lost.tree.open_all()
    assert lost.sidebar.view_model.expanded == {lost.folder}
    lost.services.documents.move([lost.first], lost.folder).result()
    lost.until(lambda: lost.names(lost.recovered()) == ["second"])
    lost.services.documents.delete([lost.second]).result()
    lost.until(lambda: lost.names() == ["Orders"])
