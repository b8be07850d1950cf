"""Environments that cannot be changed: in quarantine or damaged; about widgets.held_bar, widgets.problem_page and
`viewmodels.held_environments`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Edit, Environment, Variable
from insomnia_desktop.ui.dialogs.environment_head import EnvironmentHead
from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog
from insomnia_desktop.ui.viewmodels.held_environments import HeldEnvironments
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.labels import Label
from tests.gui.dialogs.stage import Stage, part, unnamed
from tests.support.desk import refused
from tests.support.quarantine import Hold

NEWER = "Read only, as it was before. A newer version of the program wrote it. Update to see and edit it."
ROWS = [{"id": "row000000001", "enabled": True, "name": "base_url", "value": "https://staging"}]


class Held:
    """A workspace with an environment, which tests put into quarantine, and its editor."""

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, stage: Stage) -> None:
        self.session, self.workspace, self.stage = session, workspace, stage
        self.environments = session.services.environments
        self.id, made = self.environments.create(workspace.workspace_id, "Staging", "#445566")
        made.result()
        self.write(variables=ROWS)
        self.dialog: EnvironmentsDialog

    def write(self, **fields: object) -> None:
        edits = tuple(Edit((name,), value) for name, value in fields.items())  # type: ignore[arg-type]
        self.session.services.editing.patch(self.id, edits, token=99).result()

    def hold(self, reason: str = "newer_schema", held_id: str = "") -> None:
        """Let sync put it into quarantine; an empty reason ends that."""
        self.environments._access.submit(Hold(held_id or self.id, self.workspace.workspace_id, reason)).result()

    def open(self) -> EnvironmentsDialog:
        self.dialog = EnvironmentsDialog(self.session, self.workspace, self.stage.host)
        self.stage.open(self.dialog)
        self.dialog.view_model.show(self.id)
        return self.dialog

    def words(self) -> str:
        """Return what the bar says, empty where it is hidden."""
        return part(self.dialog, Label, "heldWords").text() if self.dialog.held.isVisible() else ""

    def menu(self) -> list[str]:
        menu = self.dialog.head.findChildren(QMenu)[0]
        return [action.text() for action in menu.actions() if action.isVisible() and not action.isSeparator()]

    def stored(self) -> Environment:
        return self.environments.get(self.id)


@pytest.fixture
def held(session: UiSession, workspace: WorkspaceViewModel, stage: Stage) -> Iterator[Held]:
    made = Held(session, workspace, stage)
    yield made
    made.dialog.view_model.flush()


def test_it_is_shown_as_it_was_with_the_reason_and_nothing_can_be_changed(held: Held) -> None:
    held.hold()
    dialog = held.open()
    assert held.words() == NEWER
    assert [row.name for row in dialog.table.rows()] == ["base_url"]
    assert dialog.table.model.read_only
    assert dialog.editor.code.isReadOnly()
    assert dialog.note.text() == ""
    assert held.menu() == ["Make it the active one", "Duplicate"]
    assert "read only" in dialog.list.row(held.id).accessibleName()
    model = dialog.view_model
    model.rename("Other")
    model.recolor("#000000")
    model.set_variables(())
    model.delete()
    dialog.head.edit_name()
    model.flush()
    dialog._show_view("json")
    assert held.words() == NEWER
    assert unnamed(dialog) == []
    assert (held.stored().name, held.stored().color, len(held.stored().variables)) == ("Staging", "#445566", 1)


@pytest.mark.parametrize("reason", ["undecryptable", "malformed", "type_changed"])
def test_every_reason_has_its_sentence(held: Held, reason: str) -> None:
    held.hold(reason)
    held.open()
    assert held.words().startswith("Read only, as it was before. ")
    assert reason not in held.words()


def test_it_comes_and_goes_while_it_is_shown(held: Held, qtbot: QtBot) -> None:
    dialog = held.open()
    assert held.words() == ""
    assert not dialog.table.model.read_only
    dialog.view_model.set_variables((Variable(id="row000000002", name="typed", value="1"),))
    held.hold()
    qtbot.waitUntil(lambda: held.words() == NEWER)
    assert dialog.table.model.read_only
    assert [row.name for row in dialog.table.rows()] == ["typed"]
    held.hold("")
    qtbot.waitUntil(lambda: held.words() == "")
    assert not dialog.table.model.read_only
    assert dialog.note.text() == "Changes are kept as you type."
    assert "Rename" in held.menu()


def test_the_base_environment_can_be_held_too(held: Held) -> None:
    held.hold(held_id=held.environments.base_id(held.workspace.workspace_id))
    dialog = held.open()
    assert held.words() == ""
    dialog.view_model.show(dialog.view_model.environments[0].id)
    assert held.words() == NEWER
    assert held.menu() == ["Duplicate"]


def test_one_that_cannot_be_read_has_its_name_and_the_sentence_that_requests_get(held: Held, qtbot: QtBot) -> None:
    dialog = held.open()
    held.write(variables="no list")
    qtbot.waitUntil(dialog.problem_page.isVisible)
    assert dialog.view_model.shown.name == "Staging"
    assert dialog.problem_page.title.text() == "This cannot be shown"
    assert "variables" in dialog.problem_page.accessibleName()
    assert not dialog.pages.isVisible()
    assert held.words() == ""
    assert held.menu() == ["Make it the active one", "Delete"]
    dialog.view_model.set_variables(())
    dialog.view_model.flush()
    with refused("document.invalid"):
        held.stored()
    dialog.view_model.delete()
    qtbot.waitUntil(lambda: len(dialog.view_model.environments) == 1)
    assert not dialog.problem_page.isVisible()
    assert dialog.pages.isVisible()


def test_what_is_held_cannot_be_kept_on_this_device_alone(held: Held, session: UiSession) -> None:
    held.hold()
    dialog = held.open()
    privacy = dialog.view_model.privacy
    assert privacy.of(held.id, is_base=False, is_held=True) is None
    failed: list[str] = []
    session.bridge.failed.connect(lambda error: failed.append(error.code))
    privacy.keep_here(held.stored())
    held.stage.qtbot.waitUntil(lambda: bool(failed))
    assert failed == ["document.quarantined"]
    assert held.stored().name == "Staging"


def test_what_is_known_is_told_until_it_is_read_again(held: Held) -> None:
    held.open()
    known = HeldEnvironments(held.environments, held.workspace.workspace_id)
    assert [each.name for each in known.read()][1:] == ["Staging"]
    held.hold()
    assert known.is_out_of_date()
    assert not known.is_held(held.id)
    known.read()
    assert not known.is_out_of_date()
    assert known.is_held(held.id)
    assert not known.may_be_deleted(held.id)
    assert known.problem(held.id) is None


def test_a_head_without_a_deed_has_no_menu(qtbot: QtBot) -> None:
    head = EnvironmentHead()
    qtbot.addWidget(head)
    head.show_environment("env", "Base", "", is_base=True, is_active=False, is_held=True, is_readable=False)
    assert not head._arrow.isVisibleTo(head)
    assert not head._views.isVisibleTo(head)
