"""Sends and their responses without a widget: insomnia_desktop.ui.viewmodels.response_view_model and
insomnia_desktop.ui.viewmodels.response_body_view_model.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.ui.viewmodels.response_body_view_model import ResponseBodyViewModel
from insomnia_desktop.ui.viewmodels.response_view_model import ResponseViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.http_echo import EchoServer
from tests.support.ports import closed_port

_LONG = 20_000


@pytest.fixture
def server() -> Iterator[EchoServer]:
    with EchoServer() as serving:
        yield serving


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    return WorkspaceViewModel(session)


@pytest.fixture
def model(session: UiSession, workspace: WorkspaceViewModel, server: EchoServer) -> Iterator[ResponseViewModel]:
    view_model = ResponseViewModel(session, workspace)
    yield view_model
    server.release.set()
    for run in list(view_model._runs.values()):
        assert run.handle is not None
        run.handle.future.result(20)
    view_model.deleteLater()


def new_request(session: UiSession, workspace: WorkspaceViewModel, url: str) -> str:
    request_id, made = session.services.documents.create_request(
        workspace.workspace_id, None, name="R", fields={"url": url}
    )
    made.result(10)
    return request_id


def send(model: ResponseViewModel, request_id: str, qtbot: QtBot) -> None:
    model.send(request_id)
    qtbot.waitUntil(lambda: not model.is_sending(), timeout=_LONG)


def test_nothing_is_read_before_the_start(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, server.url)
    sent = session.services.sending.send(request_id, listener=lambda event: None).future.result(20)
    workspace.open_request(request_id)
    assert (model.response, model.history) == (None, [])
    model.start()
    assert model.response == sent
    assert [each.id for each in model.history] == [sent.id]


def test_a_send_ends_with_its_response_shown_and_at_the_top_of_the_history(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, f"{server.url}/status/404")
    workspace.open_request(request_id)
    send(model, request_id, qtbot)
    send(model, request_id, qtbot)
    assert model.response is not None
    assert (model.response.state, model.response.status) == ("ok", 404)
    assert [each.status for each in model.history] == [404, 404]
    assert model.history[0].id == model.response.id
    assert model.is_newest()


def test_an_older_response_is_shown_on_wish_and_the_newest_again_after_the_next_send(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, server.url)
    workspace.open_request(request_id)
    send(model, request_id, qtbot)
    first = model.history[0].id
    send(model, request_id, qtbot)
    model.choose(first)
    assert model.response is not None
    assert model.response.id == first
    assert not model.is_newest()
    last_good = model.last_good()
    assert last_good is not None
    assert last_good.id == model.history[0].id
    send(model, request_id, qtbot)
    assert model.is_newest()


def test_a_run_goes_on_while_another_request_is_open_and_is_shown_again_on_the_way_back(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    slow = new_request(session, workspace, f"{server.url}/slow")
    quick = new_request(session, workspace, server.url)
    told: list[bool] = []
    model.sending_changed.connect(told.append)
    workspace.open_request(slow)
    model.send(slow)
    qtbot.waitUntil(lambda: model.run is not None, timeout=_LONG)
    qtbot.waitUntil(lambda: model.run is not None and model.run.has_headers, timeout=_LONG)
    assert model.run is not None
    assert model.run.total == 1000
    workspace.open_request(quick)
    assert model.run is None
    assert not model.is_sending()
    send(model, quick, qtbot)
    assert model.response is not None
    assert model.response.request_id == quick
    workspace.open_request(slow)
    assert model.run is not None
    assert model.response is None
    assert told == [True, False, True]
    model.cancel()
    qtbot.waitUntil(lambda: not model.is_sending(), timeout=_LONG)
    assert told[-1] is False
    assert model.response is not None
    assert (model.response.state, model.response.status, model.response.size_wire) == ("cancelled", 200, 10)


def test_a_second_send_of_a_running_request_does_nothing(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, f"{server.url}/slow")
    workspace.open_request(request_id)
    model.send(request_id)
    model.send(request_id)
    qtbot.waitUntil(server.arrived.is_set, timeout=_LONG)
    model.cancel()
    qtbot.waitUntil(lambda: not model.is_sending(), timeout=_LONG)
    assert len(server.requests) == 1
    assert len(model.history) == 1


def test_a_failure_before_anything_is_sent_is_shown_but_in_no_history(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, "{{ nowhere }}")
    other = new_request(session, workspace, server.url)
    workspace.open_request(request_id)
    send(model, request_id, qtbot)
    assert model.response is not None
    assert model.response.error is not None
    assert model.response.error.code == "template.unknown_names"
    assert model.history == []
    workspace.open_request(other)
    assert model.response is None
    workspace.open_request(request_id)
    assert model.response is not None


def test_a_refused_connection_is_kept_and_the_last_good_response_is_known(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, "{{ base }}/")
    base, sub = session.services.environments.base_id(workspace.workspace_id), None
    assert sub is None
    from insomnia_desktop.model import Edit

    def point_to(url: str) -> None:
        rows = [{"id": "a", "enabled": True, "name": "base", "value": url}]
        session.services.editing.patch(base, (Edit(("variables",), rows),)).result(10)

    workspace.open_request(request_id)
    point_to(server.url)
    send(model, request_id, qtbot)
    good = model.history[0].id
    point_to(f"http://127.0.0.1:{closed_port()}")
    send(model, request_id, qtbot)
    assert [each.state for each in model.history] == ["failed", "ok"]
    last_good = model.last_good()
    assert last_good is not None
    assert last_good.id == good


def test_what_others_send_stands_in_the_history_and_moves_nothing(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, server.url)
    workspace.open_request(request_id)
    send(model, request_id, qtbot)
    shown = model.response
    session.services.sending.send(request_id, listener=lambda event: None).future.result(20)
    qtbot.waitUntil(lambda: len(model.history) == 2)
    assert model.response is shown
    assert not model.is_newest()


def test_deleting_the_shown_response_shows_the_next_and_clearing_shows_none(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel, server: EchoServer, qtbot: QtBot
) -> None:
    request_id = new_request(session, workspace, server.url)
    workspace.open_request(request_id)
    send(model, request_id, qtbot)
    send(model, request_id, qtbot)
    newest, older = (each.id for each in model.history)
    model.delete(newest)
    assert model.response is not None
    assert model.response.id == older
    qtbot.waitUntil(lambda: session.services.sending.response(newest) is None)
    model.clear_history()
    assert model.response is None
    qtbot.waitUntil(lambda: session.services.sending.history(request_id) == [])


def test_sending_a_request_that_is_gone_is_told_and_leaves_nothing_running(
    model: ResponseViewModel, session: UiSession, workspace: WorkspaceViewModel
) -> None:
    failures: list[AppError] = []
    session.bridge.failed.connect(failures.append)
    model.send("req_" + "0" * 32)
    assert [error.code for error in failures] == ["document.not_found"]
    assert not model.is_sending()


def test_a_pretty_copy_is_made_once_and_goes_with_the_response(
    model: ResponseViewModel,
    session: UiSession,
    workspace: WorkspaceViewModel,
    server: EchoServer,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    request_id = new_request(session, workspace, server.url)
    workspace.open_request(request_id)
    send(model, request_id, qtbot)
    bodies = ResponseBodyViewModel(session, model)
    bodies.open(model.response)
    made: list[Path | None] = []
    bodies.pretty_ready.connect(made.append)
    assert bodies.can_be_pretty("json")
    assert not bodies.can_be_pretty("html")
    bodies.ask_for_pretty()
    bodies.ask_for_pretty()
    qtbot.waitUntil(lambda: bool(made))
    bodies.ask_for_pretty()
    assert made[0] is not None
    assert made == [made[0], made[0]]
    assert made[0].read_text().startswith('{\n  "method": "GET"')
    target = tmp_path / "kept.json"
    with qtbot.waitSignal(bodies.saved):
        bodies.save(made[0], target)
    assert target.read_bytes() == made[0].read_bytes()
    bodies.open(None)
    assert not made[0].exists()
    assert bodies.path is None


def test_a_copy_that_cannot_be_written_is_told(
    model: ResponseViewModel, session: UiSession, tmp_path: Path, qtbot: QtBot
) -> None:
    source = tmp_path / "body"
    source.write_bytes(b"x")
    failures: list[AppError] = []
    session.bridge.failed.connect(failures.append)
    ResponseBodyViewModel(session, model).save(source, tmp_path / "no folder" / "kept")
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].code == "response.save_failed"
