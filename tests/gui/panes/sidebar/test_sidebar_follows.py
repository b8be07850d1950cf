"""The sidebar while rows change under it: resets, undo, other processes, drops, and keys while a name is typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.model import Edit
from insomnia_desktop.ui.delegates.request_delegate import NameEditor
from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.spoken import nameless_controls


class Stage:
    """A sidebar on real services."""

    def __init__(self, session: UiSession, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        self.workspace = WorkspaceViewModel(session)
        self.sidebar = Sidebar(session, self.workspace)
        self.model = self.sidebar.view_model.model
        self.tree = self.sidebar.tree
        self.failures: list[str] = []
        # Qt does not own what a drag carries until it is a real one.
        self.kept: QMimeData | None = None
        session.bridge.failed.connect(self._on_failed)
        qtbot.addWidget(self.sidebar)
        self.sidebar.resize(256, 600)
        self.sidebar.show()
        qtbot.waitExposed(self.sidebar)

    def add(self, name: str, parent: str | None = None) -> str:
        make = self.session.services.documents.create_request
        row_id, made = make(self.workspace.workspace_id, parent, name=name)
        return self._appeared(row_id, made.result(20))

    def add_folder(self, name: str, parent: str | None = None) -> str:
        row_id, made = self.session.services.documents.create_folder(self.workspace.workspace_id, parent, name=name)
        return self._appeared(row_id, made.result(20))

    def names(self, parent: QModelIndex | None = None) -> list[str]:
        at = parent or QModelIndex()
        return [self.model.index(row, 0, at).data() for row in range(self.model.rowCount(at))]

    def is_open(self, folder_id: str) -> bool:
        return self.tree.isExpanded(self.model.index_of(folder_id))

    def undo(self) -> None:
        self.session.services.editing.undo(self.workspace.workspace_id).result(20)

    def _appeared(self, row_id: str, _: object) -> str:
        self.qtbot.waitUntil(lambda: self.model.tree.handle(row_id) is not None)
        return row_id

    def _on_failed(self, error: AppError) -> None:
        self.failures.append(error.code)


@pytest.fixture
def stage(session: UiSession, qtbot: QtBot) -> Stage:
    return Stage(session, qtbot)


def test_folders_and_selection_outlive_a_reset(stage: Stage, qtbot: QtBot) -> None:
    one, other = stage.add_folder("One"), stage.add_folder("Other")
    only, beside = stage.add("only", one), stage.add("beside")
    for folder in (one, other):
        stage.tree.expand(stage.model.index_of(folder))
    stage.tree.select(only)
    flags = QItemSelectionModel.SelectionFlag.Select
    stage.tree.selectionModel().select(stage.model.index_of(beside), flags)
    # The last request leaves its folder: grey rows come and go, which the model tells as a reset.
    stage.session.services.documents.move([only], other).result(20)
    qtbot.waitUntil(lambda: stage.names(stage.model.index_of(other)) == ["only"])
    assert stage.is_open(one)
    assert stage.is_open(other)
    assert stage.tree.selected_ids() == [only, beside]
    assert stage.tree.current_id() == only


def test_a_folder_closed_over_the_open_request_stays_closed(stage: Stage, qtbot: QtBot) -> None:
    folder = stage.add_folder("Folder")
    inside = stage.add("inside", folder)
    stage.workspace.open_request(inside)
    stage.tree.select(inside)
    stage.tree.collapse(stage.model.index_of(folder))
    with qtbot.waitSignal(stage.model.modelReset):
        stage.model.load(stage.session.services.documents.tree(stage.workspace.workspace_id))
    assert not stage.is_open(folder)


def test_undo_of_a_rename_and_of_a_deletion_show_in_the_tree(stage: Stage, qtbot: QtBot) -> None:
    row_id = stage.add("before")
    stage.sidebar.view_model.rename(row_id, "after")
    qtbot.waitUntil(lambda: stage.names() == ["after"])
    stage.undo()
    qtbot.waitUntil(lambda: stage.names() == ["before"])
    stage.sidebar.view_model.delete([row_id])
    qtbot.waitUntil(lambda: stage.model.tree.handle(row_id) is None)
    stage.undo()
    qtbot.waitUntil(lambda: stage.names() == ["before"])


def test_a_row_that_another_process_deleted_is_told_not_crashed_over(stage: Stage, qtbot: QtBot) -> None:
    row_id = stage.add("gone")
    stage.session.services.documents.delete([row_id]).result(20)
    # The row is still drawn: the news is not here yet.
    assert stage.names() == ["gone"]
    stage.sidebar.view_model.rename(row_id, "x")
    stage.sidebar.view_model.duplicate(row_id)
    assert stage.sidebar.view_model.address_of(row_id) is None
    assert stage.failures == ["document.not_found"] * 3


def test_opening_all_folders_is_remembered(stage: Stage) -> None:
    outer = stage.add_folder("Outer")
    inner = stage.add_folder("Inner", outer)
    stage.tree.open_all()
    assert stage.sidebar.view_model.expanded == {outer, inner}
    assert stage.is_open(inner)
    stage.tree.close_all()
    assert stage.sidebar.view_model.expanded == frozenset()
    assert not stage.is_open(outer)


def test_del_in_the_field_of_a_name_deletes_a_letter_not_the_row(stage: Stage, qtbot: QtBot) -> None:
    row_id = stage.add("name")
    stage.sidebar.activateWindow()
    stage.sidebar.focus_tree()
    stage.tree.select(row_id)
    stage.sidebar.rename_current()
    editor = stage.tree.findChild(NameEditor)
    assert editor is not None
    editor.setCursorPosition(0)
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    assert editor.text() == "ame"
    editor.setCursorPosition(3)
    # Nothing is behind the caret any more, and still the key is the field's.
    qtbot.keyClick(editor, Qt.Key.Key_Delete)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stage.names() == ["ame"])
    assert stage.session.services.documents.get(row_id) is not None


def test_several_rows_are_dropped_in_the_order_in_which_they_stand(stage: Stage, qtbot: QtBot) -> None:
    rows = [stage.add(name) for name in "abcd"]
    folder = stage.add_folder("Folder")
    selected = [stage.model.index_of(rows[at]) for at in (2, 0, 3)]
    carried = stage.model.mimeData(selected)
    target = stage.model.index_of(folder)
    assert stage.model.canDropMimeData(carried, Qt.DropAction.MoveAction, -1, -1, target)
    stage.model.dropMimeData(carried, Qt.DropAction.MoveAction, -1, -1, target)
    qtbot.waitUntil(lambda: stage.names(stage.model.index_of(folder)) == ["a", "c", "d"])
    stage.undo()
    qtbot.waitUntil(lambda: stage.names() == ["a", "b", "c", "d", "Folder"])


def drag(stage: Stage, ids: list[str], over: str, *, height: float) -> QDropEvent:
    """Hold rows over another one, at a share of its height, and return the event that would drop them there."""
    carried = stage.model.mimeData([stage.model.index_of(each) for each in ids])
    rect = stage.tree.visualRect(stage.model.index_of(over))
    place = QPoint(rect.x() + 40, rect.y() + round((rect.height() - 1) * height))
    held = (carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QApplication.sendEvent(stage.tree.viewport(), kind(place, Qt.DropAction.MoveAction, *held))
    stage.kept = carried
    return QDropEvent(QPointF(place), Qt.DropAction.MoveAction, *held)


def test_the_place_to_drop_is_before_in_or_behind_what_the_pointer_is_over(stage: Stage, qtbot: QtBot) -> None:
    folder, moved = stage.add_folder("Folder"), stage.add("moved")
    place = QAbstractItemView.DropIndicatorPosition
    for height, wanted in ((0.0, place.AboveItem), (1.0, place.BelowItem), (0.5, place.OnItem)):
        drop = drag(stage, [moved], folder, height=height)
        assert stage.tree.dropIndicatorPosition() == wanted
    QApplication.sendEvent(stage.tree.viewport(), drop)
    qtbot.waitUntil(lambda: stage.names() == ["Folder"])


@pytest.mark.parametrize("is_open", [True, False])
def test_under_the_name_of_an_open_folder_lies_its_first_place(stage: Stage, qtbot: QtBot, is_open: bool) -> None:
    folder = stage.add_folder("Folder")
    stage.add("inside", folder)
    moved, _ = stage.add("moved"), stage.add("last")
    stage.tree.setExpanded(stage.model.index_of(folder), is_open)
    QApplication.sendEvent(stage.tree.viewport(), drag(stage, [moved], folder, height=1.0))
    inside = ["moved", "inside"] if is_open else ["inside"]
    outside = ["Folder", "last"] if is_open else ["Folder", "moved", "last"]
    qtbot.waitUntil(lambda: stage.names(stage.model.index_of(folder)) == inside)
    qtbot.waitUntil(lambda: stage.names() == outside)
    assert stage.tree.state() == QAbstractItemView.State.NoState


def test_after_a_drag_the_open_request_is_selected_again(stage: Stage) -> None:
    first, second = stage.add("first"), stage.add("second")
    stage.workspace.open_request(first)
    # The press that begins a drag selects the row, and only letting go of it where it is would open it.
    stage.tree.select(second)
    stage.tree.drag_ended.emit()
    assert stage.tree.selected_ids() == [first]


def test_an_active_environment_that_is_deleted_is_none(stage: Stage, qtbot: QtBot) -> None:
    environments = stage.session.services.environments
    environment_id, made = environments.create(stage.workspace.workspace_id, "Staging")
    made.result(20)
    stage.workspace.activate_environment(environment_id)
    assert stage.sidebar.environment_button.text() == "Staging"
    environments.delete(environment_id).result(20)
    qtbot.waitUntil(lambda: stage.sidebar.environment_button.text() == "No environment")
    assert stage.workspace.environment_id is None
    assert not stage.workspace.variable_state("anything").known


def test_an_environment_that_cannot_be_read_is_told_and_the_sidebar_stays(stage: Stage, qtbot: QtBot) -> None:
    base = stage.workspace.environments()[0]
    stage.session.services.editing.patch(base.id, (Edit(("variables",), "no list"),)).result(20)
    qtbot.waitUntil(lambda: "document.invalid" in stage.failures)
    assert stage.sidebar.environment_button.text() == "No environment"
    assert stage.workspace.variable_names() == []
    fresh = Sidebar(stage.session, WorkspaceViewModel(stage.session))
    qtbot.addWidget(fresh)
    assert fresh.environment_button.text() == "No environment"


def test_every_control_has_an_accessible_name(stage: Stage) -> None:
    folder = stage.add_folder("Folder")
    stage.tree.expand(stage.model.index_of(folder))
    assert nameless_controls(stage.sidebar) == set()
