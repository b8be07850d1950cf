"""The small dialogs; `dialogs.plain_dialog`, `workspace_dialog`, `trash_dialog`, `problem_dialog`, `password_dialog`,
`shortcuts_dialog` and `about_dialog`.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QDialog, QScrollArea
from pytestqt.qtbot import QtBot

from insomnia_desktop import __version__
from insomnia_desktop.model import Edit, Workspace
from insomnia_desktop.ui.dialogs.about_dialog import AboutDialog
from insomnia_desktop.ui.dialogs.password_dialog import PasswordDialog
from insomnia_desktop.ui.dialogs.problem_dialog import ProblemDialog
from insomnia_desktop.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from insomnia_desktop.ui.dialogs.trash_dialog import TrashDialog
from insomnia_desktop.ui.dialogs.workspace_dialog import WorkspaceDialog
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.buttons import PrimaryButton
from insomnia_desktop.ui.widgets.code_editor import CodeEditor
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
from tests.gui.dialogs.stage import Stage, part, unnamed

ROWS = [(f"Deed {number}", "Ctrl+Shift+N") for number in range(31)]


def words(dialog: QDialog) -> str:
    plain = [label.text() for label in dialog.findChildren(Label)]
    return " ".join(plain + [label.plain_text() for label in dialog.findChildren(WrappedLabel)])


def workspace_of(session: UiSession, workspace_id: str) -> Workspace:
    typed = session.services.documents.view(workspace_id)
    assert isinstance(typed, Workspace)
    return typed


@pytest.mark.parametrize("kind", ["workspace", "trash", "about", "problem", "password", "shortcuts"])
def test_small_dialogs_fit_a_small_window_and_close_by_escape(
    kind: str, session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    for zoom in (100, 150):
        switch().set_zoom(zoom)
        made: dict[str, QDialog] = {
            "workspace": WorkspaceDialog(session, workspace, stage.host),
            "trash": TrashDialog(session, workspace, stage.host),
            "about": AboutDialog(stage.host),
            "problem": ProblemDialog("Title", "Text " * 30, "Hint", [("A long deed " * 4, print)] * 3, stage.host),
            "password": PasswordDialog("Which password?", stage.host),
            "shortcuts": ShortcutsDialog(ROWS, stage.host),
        }
        dialog = made[kind]
        stage.open(dialog)
        assert unnamed(dialog) == []
        assert dialog.objectName()
        assert dialog.accessibleName()
        assert dialog.width() <= stage.host.width()
        switch().choose("dark")
        assert not dialog.grab().isNull()
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()


def test_enter_means_the_primary_button(stage: Stage, qtbot: QtBot) -> None:
    dialog = AboutDialog(stage.host)
    stage.open(dialog)
    primary = dialog.findChild(PrimaryButton)
    assert primary is not None
    assert primary.isDefault()
    dialog.setFocus()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_about_says_the_version_and_copies_it(stage: Stage) -> None:
    dialog = AboutDialog(stage.host)
    assert f"Insomnia Desktop {__version__}" in words(dialog)
    part(dialog, QAbstractButton, "copyVersionsButton").click()
    assert __version__ in QGuiApplication.clipboard().text()
    assert "Qt" in QGuiApplication.clipboard().text()


def test_a_password_is_handed_over_by_enter(stage: Stage, qtbot: QtBot) -> None:
    dialog = PasswordDialog("Which?", stage.host)
    stage.open(dialog)
    field = part(dialog, LineField, "passwordEdit")
    assert field.hasFocus()
    qtbot.keyClicks(field, "secret")
    assert field.displayText() != "secret"
    with qtbot.waitSignal(dialog.entered) as blocker:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert blocker.args == ["secret"]


def test_a_cancelled_password_is_none(stage: Stage, qtbot: QtBot) -> None:
    dialog = PasswordDialog("Which?", stage.host)
    stage.open(dialog)
    with qtbot.assertNotEmitted(dialog.entered):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected


def test_a_problem_offers_its_deeds(stage: Stage) -> None:
    done: list[str] = []
    dialog = ProblemDialog(
        "Damaged", "The file is damaged.", "Choose.",
        [("Restore", lambda: done.append("restore")), ("Save", lambda: done.append("save"))], stage.host,
    )  # fmt: skip
    stage.open(dialog)
    buttons = {button.text(): button for button in dialog.findChildren(QAbstractButton)}
    assert list(buttons) == ["Restore", "Save", "Close"]
    assert buttons["Restore"].hasFocus()
    buttons["Save"].click()
    assert done == ["save"]
    assert not dialog.isVisible()


def test_shortcuts_can_all_be_reached(stage: Stage) -> None:
    dialog = ShortcutsDialog(ROWS, stage.host)
    stage.open(dialog)
    assert all(name in words(dialog) for name, _ in ROWS)
    area = part(dialog, QScrollArea, "shortcutsArea")
    assert area.height() + area.verticalScrollBar().maximum() >= 16 * 28
    assert dialog.height() <= stage.host.height()


def test_name_and_description_of_a_workspace_are_stored_as_typed(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    dialog = WorkspaceDialog(session, workspace, stage.host)
    stage.open(dialog)
    name = part(dialog, LineField, "workspaceNameEdit")
    assert name.hasFocus()
    qtbot.keyClicks(name, "Shop")
    qtbot.waitUntil(lambda: workspace_of(session, workspace.workspace_id).name == "Shop")
    part(dialog, CodeEditor, "workspaceDescriptionEdit").insertPlainText("# Hello")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: workspace_of(session, workspace.workspace_id).description == "# Hello")


def test_an_empty_name_of_a_workspace_changes_nothing(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    dialog = WorkspaceDialog(session, workspace, stage.host)
    stage.open(dialog)
    qtbot.keyClick(part(dialog, LineField, "workspaceNameEdit"), Qt.Key.Key_Delete)
    part(dialog, QAbstractButton, "doneButton").click()
    session.services.editing.patch(workspace.workspace_id, ()).result()
    assert workspace_of(session, workspace.workspace_id).name == "My workspace"


def test_a_workspace_renamed_elsewhere_is_shown(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    dialog = WorkspaceDialog(session, workspace, stage.host)
    stage.open(dialog)
    part(dialog, CodeEditor, "workspaceDescriptionEdit").insertPlainText("mine")
    session.services.editing.patch(workspace.workspace_id, (Edit(("name",), "Theirs"),), token=99).result()
    qtbot.waitUntil(lambda: part(dialog, LineField, "workspaceNameEdit").text() == "Theirs")
    dialog.accept()
    qtbot.waitUntil(lambda: workspace_of(session, workspace.workspace_id).description == "mine")
    assert workspace_of(session, workspace.workspace_id).name == "Theirs"


def test_a_workspace_changed_elsewhere_under_its_name_keeps_the_name_selected(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    """Sync touches a workspace just made while its name is asked; the first key still replaces the name."""
    dialog = WorkspaceDialog(session, workspace, stage.host)
    stage.open(dialog)
    name, editor = part(dialog, LineField, "workspaceNameEdit"), part(dialog, CodeEditor, "workspaceDescriptionEdit")
    session.services.editing.patch(workspace.workspace_id, (Edit(("description",), "Theirs"),), token=99).result()
    qtbot.waitUntil(lambda: editor.toPlainText() == "Theirs")
    assert name.selectedText() == name.text() != ""
    qtbot.keyClicks(name, "Shop")
    assert name.text() == "Shop"
    dialog.accept()
    qtbot.waitUntil(lambda: workspace_of(session, workspace.workspace_id).name == "Shop")


def test_a_workspace_is_deleted_after_a_question(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    before = workspace.workspace_id
    dialog = WorkspaceDialog(session, workspace, stage.host)
    stage.open(dialog)
    really = part(dialog, QAbstractButton, "deleteWorkspaceButton")
    assert not really.isVisible()
    part(dialog, QAbstractButton, "askDeleteWorkspaceButton").click()
    assert "trash" in words(dialog)
    really.click()
    qtbot.waitUntil(lambda: workspace.workspace_id != before)
    assert not dialog.isVisible()


def test_a_copy_of_a_workspace_is_opened(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    before = workspace.workspace_id
    dialog = WorkspaceDialog(session, workspace, stage.host)
    stage.open(dialog)
    part(dialog, QAbstractButton, "duplicateWorkspaceButton").click()
    qtbot.waitUntil(lambda: workspace.workspace_id != before)
    assert len(session.services.workspaces.all()) == 2


def test_deleted_things_come_back_from_the_trash(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    documents = session.services.documents
    folder, made = documents.create_folder(workspace.workspace_id, None, name="Folder")
    made.result()
    documents.create_request(workspace.workspace_id, folder, name="Inside")[1].result()
    other, made = session.services.workspaces.create("Other")
    made.result()
    documents.delete([folder]).result()
    session.services.workspaces.delete(other).result()
    dialog = TrashDialog(session, workspace, stage.host)
    stage.open(dialog)
    shown = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert sorted(shown) == ["Folder, with 1 more", "Other, a workspace"]
    assert "30 days" in words(dialog)
    dialog.list.selectAll()
    assert dialog.restore_button.text() == "Restore 2"
    dialog.restore_button.click()
    qtbot.waitUntil(lambda: dialog.list.count() == 0)
    assert {row.name for row in documents.tree(workspace.workspace_id)} == {"Folder", "Inside"}
    assert len(session.services.workspaces.all()) == 2
    assert "The trash is empty." in words(dialog)
    assert not dialog.restore_button.isVisible()


def test_the_trash_says_what_was_moved_into_another_workspace(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage
) -> None:
    documents = session.services.documents
    request, made = documents.create_request(workspace.workspace_id, None, name="Capture")
    made.result()
    other, made = session.services.workspaces.create("Payments")
    made.result()
    documents.move_to_workspace([request], other)[1].result()
    dialog = TrashDialog(session, workspace, stage.host)
    stage.open(dialog)
    assert dialog.list.item(0).text() == "Capture, moved to “Payments”"


def test_what_is_deleted_meanwhile_appears_in_the_trash(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    request, made = session.services.documents.create_request(workspace.workspace_id, None, name="R")
    made.result()
    dialog = TrashDialog(session, workspace, stage.host)
    stage.open(dialog)
    assert dialog.list.count() == 0
    session.services.documents.delete([request]).result()
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.list.count() == 0)
