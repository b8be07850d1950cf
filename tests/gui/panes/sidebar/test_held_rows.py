"""Rows that have to stay as they are: viewmodels.held_rows, and what panes.sidebar.sidebar_menus offers for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.delegates.request_delegate import NameEditor
from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.quarantine import Hold

NEWER = "Read only: a newer version of the program wrote it"


class Rows:
    """A sidebar with a folder that holds a request, which tests hold, and a request beside it."""

    def __init__(self, session: UiSession, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        self.workspace = WorkspaceViewModel(session)
        documents, workspace_id = session.services.documents, self.workspace.workspace_id
        session.services.workspaces.create("Other")[1].result()
        self.folder, made = documents.create_folder(workspace_id, None, name="Orders")
        made.result()
        self.held, made = documents.create_request(workspace_id, self.folder, name="R & D")
        made.result()
        self.free, made = documents.create_request(workspace_id, None, name="Health")
        made.result()
        self.sidebar = Sidebar(session, self.workspace)
        qtbot.addWidget(self.sidebar)
        self.sidebar.resize(256, 600)
        self.sidebar.show()
        qtbot.waitExposed(self.sidebar)
        self.sidebar.tree.expandAll()

    def hold(self, document_id: str, reason: str = "newer_schema") -> None:
        access = self.session.services.documents._access
        access.submit(Hold(document_id, self.workspace.workspace_id, reason)).result()

    def menu(self, *ids: str) -> dict[str, QAction]:
        """Return the entries of the menu for some rows, by their words."""
        tree, model = self.sidebar.tree, self.sidebar.view_model.model
        tree.clearSelection()
        for row_id in ids:
            flag = tree.selectionModel().SelectionFlag
            tree.selectionModel().setCurrentIndex(model.index_of(row_id), flag.Select)
        menu = self.sidebar._menus.for_rows(tree)
        return {action.text().split("\t")[0]: action for action in menu.actions() if not action.isSeparator()}

    def off(self, *ids: str) -> list[str]:
        """Return the entries that are switched off."""
        return [text for text, action in self.menu(*ids).items() if not action.isEnabled()]


@pytest.fixture
def rows(session: UiSession, qtbot: QtBot) -> Iterator[Rows]:
    made = Rows(session, qtbot)
    yield made
    made.sidebar.view_model.remember()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("newer_schema", NEWER),
        ("undecryptable", "Read only: it cannot be opened with your keys"),
        ("malformed", "Read only: what came is no sound document"),
        ("type_changed", "Read only: another device made another kind of it"),
        ("of the future", "Read only"),
    ],
)
def test_what_a_held_request_cannot_is_switched_off_and_says_why(rows: Rows, reason: str, words: str) -> None:
    rows.hold(rows.held, reason)
    assert rows.off(rows.held) == [words, "Rename", "Move to workspace", "Delete"]
    menu = rows.menu(rows.held)
    assert [menu[text].toolTip() for text in ("Rename", "Move to workspace", "Delete")] == [words] * 3
    assert menu["Delete"].parent().toolTipsVisible()
    for text in ("Open", "Copy address", "Duplicate"):
        assert menu[text].isEnabled()


def test_a_folder_that_holds_it_stays_but_may_be_renamed(rows: Rows) -> None:
    rows.hold(rows.held)
    assert rows.off(rows.folder) == ["“R && D” in it is read only", "Move to workspace", "Delete"]
    rows.hold(rows.held, "")
    rows.hold(rows.folder)
    assert rows.off(rows.folder) == [NEWER, "Rename", "Move to workspace", "Delete"]
    assert rows.off(rows.held) == []


def test_of_several_rows_one_is_enough(rows: Rows) -> None:
    rows.hold(rows.held)
    assert rows.off(rows.free) == []
    assert rows.off(rows.held, rows.free) == ["“R && D” is read only", "Move to workspace", "Delete 2 items"]


def test_nothing_is_switched_off_where_nothing_is_held(rows: Rows) -> None:
    for ids in ((rows.held,), (rows.folder,), (rows.folder, rows.free)):
        assert rows.off(*ids) == []


def test_no_name_is_typed_that_would_be_refused(rows: Rows) -> None:
    tree, model = rows.sidebar.tree, rows.sidebar.view_model.model
    rows.hold(rows.held)
    tree.select(rows.held)
    with rows.qtbot.waitSignal(rows.sidebar.notice_requested) as told:
        rows.sidebar.rename_current()
    assert told.args[0] == f"{NEWER}."
    place = QPoint(
        tree.visualRect(model.index_of(rows.held)).left() + 60, tree.visualRect(tree.currentIndex()).center().y()
    )
    with rows.qtbot.waitSignal(rows.sidebar.notice_requested):
        rows.qtbot.mouseDClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert tree.findChild(NameEditor) is None
    tree.select(rows.free)
    rows.sidebar.rename_current()
    assert tree.findChild(NameEditor) is not None
    rows.qtbot.keyClick(tree.findChild(NameEditor), Qt.Key.Key_Escape)
    QApplication.sendPostedEvents()


def test_the_move_by_keyboard_says_why_not(rows: Rows) -> None:
    rows.hold(rows.held)
    rows.sidebar.tree.select(rows.folder)
    with rows.qtbot.waitSignal(rows.sidebar.notice_requested) as told:
        rows.sidebar.open_move_menu()
    assert told.args[0] == "“R & D” in it is read only."
