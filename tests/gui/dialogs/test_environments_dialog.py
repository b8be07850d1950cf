"""The environment editor by keyboard and mouse; also `dialogs.environment_head`, `environment_list`,
`inherited_variables`, `variables_editor`, `side_row` and `wide_dialog`.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Environment, Variable, patch_between
from insomnia_desktop.ui.dialogs.environment_head import NameEdit
from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog, shown_variables, stored_variables
from insomnia_desktop.ui.models.key_value_model import Column
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.labels import Label
from tests.gui.dialogs.stage import Stage, part, unnamed

BROKEN = '{"a": 1,\n "b": }'


def variable(name: str, value: object = "v") -> Variable:
    return Variable(id=f"r{name:_<11}", name=name, value=value)


@pytest.fixture
def staging(session: UiSession, workspace: WorkspaceViewModel) -> str:
    environments = session.services.environments
    write(session, environments.base_id(workspace.workspace_id), variable("base_url"), variable("sku", 5))
    environments.create(workspace.workspace_id, "Local", "#112233")[1].result()
    staging_id, made = environments.create(workspace.workspace_id, "Staging", "#445566")
    made.result()
    write(session, staging_id, variable("base_url", "https://staging"))
    workspace.activate_environment(staging_id)
    return staging_id


@pytest.fixture
def dialog(
    session: UiSession, workspace: WorkspaceViewModel, staging: str, stage: Stage
) -> Iterator[EnvironmentsDialog]:
    made = EnvironmentsDialog(session, workspace, stage.host)
    stage.open(made)
    yield made
    made.view_model.flush()


def stored(session: UiSession, environment_id: str) -> Environment:
    typed = session.services.documents.view(environment_id)
    assert isinstance(typed, Environment)
    return typed


def write(session: UiSession, environment_id: str, *variables: Variable) -> None:
    before = stored(session, environment_id)
    patch = patch_between(before, msgspec.structs.replace(before, variables=variables))
    session.services.editing.patch(environment_id, patch, token=99).result()


def note(dialog: EnvironmentsDialog) -> str:
    return dialog.note.text()


def type_json(dialog: EnvironmentsDialog, text: str) -> None:
    dialog.editor.code.selectAll()
    dialog.editor.code.insertPlainText(text)


def test_it_opens_at_the_active_environment(dialog: EnvironmentsDialog, staging: str, stage: Stage) -> None:
    assert dialog.list.row(staging).isChecked()
    assert dialog.list.row(staging).hasFocus()
    assert "active" in dialog.list.row(staging).accessibleName()
    assert part(dialog, Label, "environmentName").text() == "Staging"
    assert [row.name for row in dialog.table.rows()] == ["base_url"]
    assert dialog.inherited.isVisible()
    assert dialog.height() <= stage.host.height()
    assert stage.scrim.isVisible()


def test_everything_the_keyboard_reaches_has_a_name(dialog: EnvironmentsDialog) -> None:
    assert unnamed(dialog) == []
    names = ("newEnvironmentButton", "environmentMenuButton", "variablesTable", "environmentList", "doneButton")
    assert all(dialog.findChild(QWidget, name) is not None for name in names)


def test_arrow_keys_walk_the_list_and_keep_the_focus(
    dialog: EnvironmentsDialog, staging: str, session: UiSession, qtbot: QtBot
) -> None:
    qtbot.keyClick(dialog.list.row(staging), Qt.Key.Key_Up)
    assert dialog.view_model.shown.name == "Local"
    local = dialog.list.row(dialog.view_model.shown.id)
    assert local.hasFocus()
    write(session, staging, variable("x"))
    qtbot.waitUntil(lambda: "1" in dialog.list.row(staging).accessibleName())
    assert local.hasFocus()


def test_typing_in_a_cell_is_stored(dialog: EnvironmentsDialog, session: UiSession, staging: str, qtbot: QtBot) -> None:
    view = dialog.table.view
    view.setFocus()
    view.edit_text(dialog.table.model.index(0, Column.VALUE))
    editor = view.delegate().editor()
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "http://new")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: stored(session, staging).variables[0].value == "http://new")


def test_done_stores_what_was_typed_just_now(
    dialog: EnvironmentsDialog, session: UiSession, staging: str, stage: Stage
) -> None:
    dialog.view_model.set_variables((variable("late"),))
    dialog.done_button.click()
    assert not dialog.isVisible()
    assert not stage.scrim.isVisible()
    session.services.editing.patch(staging, ()).result()
    assert stored(session, staging).variables == (variable("late"),)


def test_escape_closes(dialog: EnvironmentsDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_f2_renames_and_escape_leaves_the_name(dialog: EnvironmentsDialog, qtbot: QtBot) -> None:
    edit = part(dialog, NameEdit, "environmentNameEdit")
    dialog.head.edit_name()
    qtbot.keyClicks(edit, "Nope")
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.view_model.shown.name == "Staging"
    dialog.head.edit_name()
    qtbot.keyClicks(edit, "QA")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert dialog.view_model.shown.name == "QA"
    assert part(dialog, Label, "environmentName").text() == "QA"


def test_a_new_environment_is_shown_and_named(dialog: EnvironmentsDialog, qtbot: QtBot) -> None:
    part(dialog, QAbstractButton, "newEnvironmentButton").click()
    edit = part(dialog, NameEdit, "environmentNameEdit")
    qtbot.waitUntil(edit.isVisible)
    qtbot.keyClicks(edit, "Production")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert [each.name for each in dialog.view_model.environments][-1] == "Production"
    assert dialog.view_model.shown.color


def test_the_menu_fits_what_is_shown(dialog: EnvironmentsDialog, qtbot: QtBot) -> None:
    menu = dialog.head.findChild(QMenu)
    assert menu is not None
    shown = [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]
    assert shown == ["Make it inactive", "Rename", "Colour", "Duplicate", "Delete"]
    dialog.view_model.show(dialog.view_model.environments[0].id)
    shown = [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]
    assert shown == ["Rename", "Duplicate"]


def test_a_deleted_environment_can_be_brought_back(dialog: EnvironmentsDialog, staging: str, qtbot: QtBot) -> None:
    dialog.head.delete_requested.emit()
    qtbot.waitUntil(dialog.toast.isVisible)
    assert dialog.toast.text() == "Deleted “Staging”"
    assert dialog.view_model.shows_base
    dialog.toast.findChildren(QAbstractButton)[0].click()
    qtbot.waitUntil(lambda: dialog.view_model.shown.id == staging)
    assert dialog.list.row(staging).isChecked()


def test_json_and_table_are_two_views_of_the_same(
    dialog: EnvironmentsDialog, session: UiSession, staging: str, qtbot: QtBot
) -> None:
    dialog.head.view_chosen.emit("json")
    assert dialog.editor.code.text() == '{\n  "base_url": "https://staging"\n}'
    type_json(dialog, '{"base_url": 1, "list": [1, 2]}')
    qtbot.waitUntil(lambda: len(stored(session, staging).variables) == 2)
    dialog.head.view_chosen.emit("table")
    assert [(row.name, row.value, row.kind) for row in dialog.table.rows()] == [
        ("base_url", "1", "json"), ("list", "[1,2]", "json"),
    ]  # fmt: skip


def test_a_json_mistake_is_said_with_its_place_and_nothing_is_lost(
    dialog: EnvironmentsDialog, session: UiSession, staging: str
) -> None:
    dialog.head.view_chosen.emit("json")
    type_json(dialog, BROKEN)
    assert dialog.editor.problem() == "Line 2, column 7: Value missing. Not stored yet."
    assert "not stored" in dialog.list.row(staging).accessibleName()
    dialog.head.view_chosen.emit("table")
    assert dialog.kept.isVisible()
    assert [row.name for row in dialog.table.rows()] == ["base_url"]
    dialog.view_model.show(dialog.view_model.environments[0].id)
    assert not dialog.kept.isVisible()
    dialog.view_model.show(staging)
    part(dialog, QAbstractButton, "mendJsonButton").click()
    assert dialog.editor.code.text() == BROKEN
    cursor = dialog.editor.code.textCursor()
    assert (cursor.blockNumber(), cursor.columnNumber()) == (1, 6)
    type_json(dialog, '{"b": 2}')
    assert dialog.editor.problem() == ""
    assert [each.name for each in dialog.view_model.shown.variables] == ["b"]


def test_a_kept_text_is_dropped_on_wish(dialog: EnvironmentsDialog) -> None:
    dialog.head.view_chosen.emit("json")
    type_json(dialog, BROKEN)
    dialog.head.view_chosen.emit("table")
    part(dialog, QAbstractButton, "dropJsonButton").click()
    assert not dialog.kept.isVisible()
    assert dialog.editor.code.text() == '{\n  "base_url": "https://staging"\n}'


def test_closing_with_a_text_to_mend_says_so_once(dialog: EnvironmentsDialog, staging: str) -> None:
    dialog.head.view_chosen.emit("json")
    type_json(dialog, BROKEN)
    dialog.view_model.show(dialog.view_model.environments[0].id)
    dialog.reject()
    assert dialog.isVisible()
    assert "Mend the JSON" in note(dialog)
    assert dialog.view_model.shown.id == staging
    assert dialog.editor.code.text() == BROKEN
    dialog.reject()
    assert not dialog.isVisible()


def test_what_others_write_is_shown(
    dialog: EnvironmentsDialog, session: UiSession, staging: str, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    write(session, staging, variable("theirs", 1))
    qtbot.waitUntil(lambda: [row.name for row in dialog.table.rows()] == ["theirs"])
    session.services.environments.rename(staging, "Other").result()
    qtbot.waitUntil(lambda: part(dialog, Label, "environmentName").text() == "Other")


def test_the_dialog_goes_with_its_workspace(
    dialog: EnvironmentsDialog, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    type_json(dialog, BROKEN)
    session.services.workspaces.delete(workspace.workspace_id).result()
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_500_variables_scroll_to_where_the_keyboard_is(
    dialog: EnvironmentsDialog, session: UiSession, staging: str, qtbot: QtBot
) -> None:
    write(session, staging, *(variable(f"v{number:03}", "x" * 5000) for number in range(500)))
    qtbot.waitUntil(lambda: len(dialog.table.rows()) == 500)
    bar = dialog.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 10_000)
    dialog.table.view.setFocus()
    dialog.table.view.setCurrentIndex(dialog.table.model.index(499, Column.NAME))
    assert bar.value() > 10_000


def test_chips_know_what_is_valid_in_the_shown_environment(dialog: EnvironmentsDialog) -> None:
    resolve = dialog.table.view.delegate().resolver
    assert resolve("base_url").value == "https://staging"
    assert resolve("sku").source == "from Base environment"
    assert not resolve("unknown").known
    dialog.view_model.show(dialog.view_model.environments[0].id)
    assert dialog.table.view.delegate().resolver("base_url").value == "v"
    assert not dialog.inherited.isVisible()


def test_a_name_that_stands_twice_is_marked(dialog: EnvironmentsDialog) -> None:
    rows = shown_variables((variable("a"), msgspec.structs.replace(variable("a", 2), id="other_______")))
    dialog.table.set_rows(rows)
    assert dialog.table.model.problems.of_name(rows[0])
    assert not dialog.table.model.problems.of_name(rows[1])


def test_values_of_every_type_survive_the_table() -> None:
    values = ("text", "12", 12, 1.5, True, None, [1, {"a": None}], {})
    variables = tuple(Variable(id=f"{at:012}", name=f"n{at}", value=value) for at, value in enumerate(values))
    assert stored_variables(shown_variables(variables)) == variables


def test_very_long_names_and_one_environment_fit(
    session: UiSession, workspace: WorkspaceViewModel, stage: Stage, qtbot: QtBot
) -> None:
    base = session.services.environments.base_id(workspace.workspace_id)
    session.services.environments.rename(base, "A very long name " * 30).result()
    dialog = EnvironmentsDialog(session, workspace, stage.host)
    stage.open(dialog)
    assert dialog.width() <= stage.host.width()
    assert part(dialog, QWidget, "environmentViews").visibleRegion().boundingRect().width() > 50
    dialog.reject()


@pytest.mark.parametrize("zoom", [100, 150])
def test_both_themes_and_zooms_can_be_drawn(dialog: EnvironmentsDialog, zoom: int) -> None:
    for name in ("dark", "light"):
        switch().choose("dark" if name == "dark" else "light")
        switch().set_zoom(zoom)
        assert not dialog.grab().isNull()
        assert dialog.width() <= 900


def test_shortcuts_of_the_dialog(dialog: EnvironmentsDialog, qtbot: QtBot) -> None:
    dialog.activateWindow()
    row = dialog.list.row(dialog.view_model.shown.id)
    qtbot.keyClick(row, Qt.Key.Key_F2)
    edit = part(dialog, NameEdit, "environmentNameEdit")
    qtbot.waitUntil(edit.isVisible)
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    qtbot.keyClick(row, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(dialog.view_model.environments) == 4)
