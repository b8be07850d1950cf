"""What is active in the window; also insomnia_desktop.ui.viewmodels.session."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Edit
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    return WorkspaceViewModel(session)


def add_environment(session: UiSession, workspace: WorkspaceViewModel, name: str, **values: object) -> str:
    environment_id, future = session.services.environments.create(workspace.workspace_id, name, "#ff7a82")
    future.result()
    rows = [{"id": key, "enabled": True, "name": key, "value": value} for key, value in values.items()]
    session.services.editing.patch(environment_id, (Edit(("variables",), rows),)).result()
    return environment_id


def test_a_fresh_store_has_one_workspace(workspace: WorkspaceViewModel) -> None:
    assert workspace.workspace_name == "My workspace"
    assert workspace.request_id is None
    assert workspace.environment_id is None
    assert [each.name for each in workspace.environments()] == ["Base environment"]
    assert workspace.cookie_count() == 0


def test_variables_say_value_and_source(session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot) -> None:
    base = workspace.environments()[0]
    rows = [{"id": "1", "enabled": True, "name": "host", "value": "a"}, {"id": "2", "name": "n", "value": {"x": 1}}]
    session.services.editing.patch(base.id, (Edit(("variables",), rows),)).result()
    staging = add_environment(session, workspace, "Staging", host="b")
    workspace.activate_environment(staging)
    qtbot.waitUntil(lambda: workspace.variable_state("host").value == "b")
    state = workspace.variable_state("host")
    assert state.known
    assert state.source == "from Staging, overrides Base environment"
    assert state.color == "#ff7a82"
    assert workspace.variable_state("n").value == '{"x": 1}'
    assert workspace.variable_state("n").source == "from Base environment"
    assert not workspace.variable_state("unknown").known
    assert workspace.variable_names() == ["host", "n"]


def test_the_open_request_is_remembered_and_closed_with_its_deletion(
    session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    documents = session.services.documents
    folder, made = documents.create_folder(workspace.workspace_id, None)
    made.result()
    request, made = documents.create_request(workspace.workspace_id, folder)
    made.result()
    workspace.open_request(request)
    assert workspace.recent() == [request]
    assert WorkspaceViewModel(session).request_id == request
    with qtbot.waitSignal(workspace.request_changed):
        documents.delete([folder])
    assert workspace.request_id is None


def test_switching_workspaces_switches_everything(
    session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    first = workspace.workspace_id
    other, made = session.services.workspaces.create("Other")
    made.result()
    with qtbot.waitSignals([workspace.workspace_changed, workspace.environment_changed, workspace.cookies_changed]):
        workspace.use_workspace(other)
    assert workspace.workspace_name == "Other"
    assert session.services.workspaces.last_used() == other
    with qtbot.waitSignal(workspace.workspace_changed):
        session.services.workspaces.delete(other)
    assert workspace.workspace_id == first


def test_a_rename_is_told(session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(workspace.workspaces_changed):
        session.services.workspaces.rename(workspace.workspace_id, "Shop API")
    assert workspace.workspace_name == "Shop API"
