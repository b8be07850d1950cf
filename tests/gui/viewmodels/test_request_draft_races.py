"""Drafts while others write: deletions, failing writes, writes on their way, and what cannot be read."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.model import Edit, Request, Row
from insomnia_desktop.store.changes import Change, ChangeSet, Origin
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.ui.viewmodels.request_view_model import RequestViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.support.small_disk import set_disk_full


@dataclass(frozen=True)
class _Gate:
    """Keeps the writer busy until it is opened."""

    opened: threading.Event = field(default_factory=threading.Event)

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        assert self.opened.wait(10)
        return []


LARGE = "x" * 1_000_000


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    view_model = WorkspaceViewModel(session)
    view_model.open_request(add(session, view_model, "R"))
    return view_model


@pytest.fixture
def draft(session: UiSession, workspace: WorkspaceViewModel) -> Iterator[RequestViewModel]:
    view_model = RequestViewModel(session, workspace)
    yield view_model
    view_model.deleteLater()


@pytest.fixture
def failures(session: UiSession) -> list[str]:
    codes: list[str] = []

    def note(error: AppError) -> None:
        codes.append(error.code)

    session.bridge.failed.connect(note)
    return codes


def add(session: UiSession, workspace: WorkspaceViewModel, name: str) -> str:
    request_id, made = session.services.documents.create_request(workspace.workspace_id, None, name=name)
    made.result(20)
    return request_id


def stored(session: UiSession, request_id: str | None) -> Request:
    typed = session.services.documents.view(request_id or "")
    assert isinstance(typed, Request)
    return typed


def shown(draft: RequestViewModel) -> Request:
    assert draft.request is not None
    return draft.request


def write(session: UiSession, request_id: str | None, field: str, value: object) -> None:
    """Write as another process would: with a token that is not this window's."""
    session.services.editing.patch(request_id or "", (Edit((field,), value),), token=99).result(20)


def test_a_request_that_is_deleted_under_the_draft_closes_and_what_is_not_written_is_told(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, failures: list[str], qtbot: QtBot
) -> None:
    request_id = workspace.request_id or ""
    draft.set_url("http://typed.example")
    session.services.documents.delete([request_id]).result(20)
    qtbot.waitUntil(lambda: draft.request is None)
    qtbot.waitUntil(lambda: failures == ["document.not_found"])
    assert workspace.request_id is None
    assert draft.problem is None


def test_a_deed_that_asks_for_drafts_has_them_written_first(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, failures: list[str], qtbot: QtBot
) -> None:
    request_id = workspace.request_id or ""
    draft.set_url("http://typed.example")
    workspace.drafts_wanted.emit()
    session.services.documents.delete([request_id]).result(20)
    qtbot.waitUntil(lambda: draft.request is None)
    session.services.documents.restore([request_id]).result(20)
    assert stored(session, request_id).url == "http://typed.example"
    assert failures == []


def test_switching_while_an_autosave_waits_keeps_each_request_its_own(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel
) -> None:
    first, second = workspace.request_id, add(session, workspace, "Second")
    draft.set_url("http://first.example")
    workspace.open_request(second)
    assert shown(draft).url == ""
    draft.set_url("http://second.example")
    workspace.open_request(first)
    written = draft.flush()
    if written is not None:
        written.result(20)
    assert stored(session, second).url == "http://second.example"
    assert stored(session, first).url == "http://first.example"


def test_what_others_write_while_a_write_is_on_its_way_hides_nothing_typed(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    draft.set_url("http://typed.example")
    written = draft.flush()
    assert written is not None
    # What another process wrote is told before our own write is known to be done.
    session.feed.changed.emit(change_of(workspace.request_id or "", workspace.workspace_id))
    assert shown(draft).url == "http://typed.example"
    write(session, workspace.request_id, "method", "PUT")
    qtbot.waitUntil(lambda: shown(draft).method == "PUT")
    assert shown(draft).url == "http://typed.example"


def change_of(request_id: str, workspace_id: str) -> ChangeSet:
    change = Change("updated", "request", request_id, workspace_id, frozenset({"url"}))
    return ChangeSet(1, Origin("other_process"), (change,))


def test_flush_waits_for_what_is_already_on_its_way(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("window"))
    draft.set_method("PUT")
    on_its_way = draft.flush()
    gate.opened.set()
    assert on_its_way is not None
    on_its_way.result(20)
    assert stored(session, workspace.request_id).method == "PUT"
    qtbot.waitUntil(lambda: draft.flush() is None)


def test_a_full_disk_loses_nothing_typed(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, failures: list[str], qtbot: QtBot
) -> None:
    first, second = workspace.request_id, add(session, workspace, "Second")
    set_disk_full(session.services.store, True)
    draft.set_description(LARGE)
    draft.flush()
    qtbot.waitUntil(lambda: failures == ["store.disk_full"])
    assert shown(draft).description == LARGE
    workspace.open_request(second)
    qtbot.waitUntil(lambda: failures == ["store.disk_full"] * 2)
    assert shown(draft).description == ""
    set_disk_full(session.services.store, False)
    workspace.open_request(first)
    assert shown(draft).description == LARGE
    qtbot.waitUntil(lambda: stored(session, first).description == LARGE)


def test_a_request_that_cannot_be_read_is_a_problem_until_it_can(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, failures: list[str], qtbot: QtBot
) -> None:
    broken = add(session, workspace, "Broken")
    write(session, broken, "headers", "no list")
    draft.set_url("http://first.example")
    with qtbot.waitSignal(draft.opened):
        workspace.open_request(broken)
    assert draft.request is None
    assert draft.problem is not None
    assert (draft.problem.code, draft.problem.params["field"]) == ("document.invalid", "headers")
    draft.set_url("goes nowhere")
    draft.flush()
    write(session, broken, "headers", [])
    qtbot.waitUntil(lambda: draft.request is not None)
    assert draft.problem is None
    assert shown(draft).url == ""
    write(session, broken, "parameters", 5)
    qtbot.waitUntil(lambda: draft.problem is not None)
    assert draft.request is None
    assert failures == []


def test_cells_boxes_and_methods_are_steps_of_their_own(
    draft: RequestViewModel, session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot
) -> None:
    for text in ("a", "ac", "acc"):
        draft.set_headers((Row(id="1", name=text),))
        draft.flush()
    draft.set_headers((Row(id="1", name="acc", value="x"),))
    draft.set_headers((Row(id="1", name="acc", value="x", enabled=False),))
    draft.set_method("PUT")
    draft.set_method("DELETE")
    draft.flush()
    expected = [
        ("PUT", (Row(id="1", name="acc", value="x", enabled=False),)),
        ("GET", (Row(id="1", name="acc", value="x", enabled=False),)),
        ("GET", (Row(id="1", name="acc", value="x"),)),
        ("GET", (Row(id="1", name="acc"),)),
        ("GET", ()),
    ]
    for method, headers in expected:
        session.services.editing.undo(workspace.workspace_id).result(20)
        qtbot.waitUntil(lambda m=method, h=headers: (shown(draft).method, shown(draft).headers) == (m, h))


def test_a_request_opened_again_before_its_edit_is_stored_shows_the_edit(
    session: UiSession, workspace: WorkspaceViewModel, draft: RequestViewModel, qtbot: QtBot
) -> None:
    first, other = workspace.request_id, add(session, workspace, "Other")
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    draft.set_url("http://typed.example")
    workspace.open_request(other)
    workspace.open_request(first)
    assert stored(session, first).url == ""
    assert shown(draft).url == "http://typed.example"
    draft.set_description("typed behind it")
    gate.opened.set()
    qtbot.waitUntil(lambda: draft.flush() is None)
    assert (stored(session, first).url, stored(session, first).description) == (
        "http://typed.example",
        "typed behind it",
    )
    assert shown(draft) == stored(session, first)


def test_what_others_wrote_is_seen_behind_an_edit_that_was_on_its_way_when_the_request_was_opened_again(
    session: UiSession, workspace: WorkspaceViewModel, draft: RequestViewModel, qtbot: QtBot
) -> None:
    first, other = workspace.request_id, add(session, workspace, "Other")
    gate = _Gate()
    session.services.store.submit(gate, origin=Origin("test"))
    draft.set_url("http://typed.example")
    workspace.open_request(other)
    written = session.services.editing.patch(first or "", (Edit(("name",), "Theirs"),), token=99)
    workspace.open_request(first)
    gate.opened.set()
    written.result(20)
    qtbot.waitUntil(lambda: shown(draft).name == "Theirs")
    assert shown(draft).url == "http://typed.example"
