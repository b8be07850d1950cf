"""The draft of a request: autosave, undo steps, and what others write meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.model import Edit, FormBody, Request, Row, TextBody
from insomnia_desktop.ui.viewmodels.request_view_model import RequestViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    view_model = WorkspaceViewModel(session)
    request_id, made = session.services.documents.create_request(view_model.workspace_id, None, name="R")
    made.result()
    view_model.open_request(request_id)
    return view_model


@pytest.fixture
def draft(session: UiSession, workspace: WorkspaceViewModel) -> Iterator[RequestViewModel]:
    view_model = RequestViewModel(session, workspace)
    yield view_model
    view_model.deleteLater()


def stored(session: UiSession, workspace: WorkspaceViewModel) -> Request:
    typed = session.services.documents.view(workspace.request_id or "")
    assert isinstance(typed, Request)
    return typed


def flush(draft: RequestViewModel) -> None:
    future = draft.flush()
    # A deed that is a step of undo alone is written at once, and may be through already.
    if future is not None:
        future.result(20)


def test_typing_is_written_by_itself(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    draft.set_url("https://a.example")
    assert stored(session, workspace).url == ""
    qtbot.waitUntil(lambda: stored(session, workspace).url == "https://a.example")
    # What is committed can be read a moment before it is told.
    flush(draft)
    assert draft.flush() is None


def test_typing_in_one_field_is_one_step_of_undo(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    for text in ("h", "ht", "http://x"):
        draft.set_url(text)
        flush(draft)
    draft.end_typing()
    draft.set_url("http://y")
    flush(draft)
    draft.set_method("PUT")
    flush(draft)
    undo = session.services.editing.undo
    for url, method in (("http://y", "GET"), ("http://x", "GET"), ("", "GET")):
        undo(workspace.workspace_id).result()
        qtbot.waitUntil(lambda url=url, method=method: (draft.request.url, draft.request.method) == (url, method))
    assert stored(session, workspace).url == ""


def test_what_another_process_writes_joins_what_was_typed(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    draft.set_url("http://mine")
    session.services.editing.patch(workspace.request_id or "", (Edit(("method",), "DELETE"),)).result()
    qtbot.waitUntil(lambda: draft.request is not None and draft.request.method == "DELETE")
    assert draft.request is not None
    assert draft.request.url == "http://mine"
    flush(draft)
    assert (stored(session, workspace).method, stored(session, workspace).url) == ("DELETE", "http://mine")


def test_path_parameters_follow_the_address(draft: RequestViewModel) -> None:
    draft.set_url("http://a.example/:user/orders")
    assert draft.request is not None
    assert [row.name for row in draft.request.path_parameters] == ["user"]


def test_changing_the_type_of_the_body_keeps_rows(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel
) -> None:
    draft.set_body(FormBody(rows=(Row(id="a", name="n", value="v w"),)))
    draft.set_body_type("text", "text/plain")
    assert draft.request is not None
    assert draft.request.body == TextBody(media_type="text/plain", text="n=v+w")
    draft.set_body_type("none")
    draft.flush()
    session.services.editing.undo(workspace.workspace_id).result()
    assert stored(session, workspace).body == TextBody(media_type="text/plain", text="n=v+w")


def test_a_curl_line_is_taken_over_as_one_step(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel
) -> None:
    assert draft.take_pasted("curl -X PUT https://a.example/x -H 'X-A: b' -d 'hello'")
    assert not draft.take_pasted("https://a.example")
    assert not draft.take_pasted("curly")
    request = stored_after_flush(draft, session, workspace)
    assert (request.method, request.url) == ("PUT", "https://a.example/x")
    assert [(row.name, row.value) for row in request.headers if row.name == "X-A"] == [("X-A", "b")]
    session.services.editing.undo(workspace.workspace_id).result()
    assert stored(session, workspace).url == ""


def stored_after_flush(draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel) -> Request:
    draft.flush()
    session.services.editing.patch(workspace.request_id or "", ()).result()
    return stored(session, workspace)


def test_switching_writes_the_draft_first(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    first = workspace.request_id
    draft.set_description("docs")
    with qtbot.waitSignal(draft.opened):
        workspace.open_request(None)
    assert draft.request is None
    session.services.editing.patch(first or "", ()).result()
    typed = session.services.documents.view(first or "")
    assert isinstance(typed, Request)
    assert typed.description == "docs"


def test_the_preview_follows(draft: RequestViewModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(draft.preview_changed, check_params_cb=lambda preview: "x.example" in preview.url):
        draft.set_url("http://x.example/a")
