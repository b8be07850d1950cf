"""What the quick switch finds, and in which order."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.json_value import JsonValue
from insomnia_desktop.ui.viewmodels.quick_switch_view_model import MOST, QuickSwitchViewModel, match_spans
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel


@pytest.fixture
def workspace(session: UiSession) -> WorkspaceViewModel:
    return WorkspaceViewModel(session)


def add(
    session: UiSession, workspace: WorkspaceViewModel, name: str, parent: str | None = None, **fields: JsonValue
) -> str:
    values: dict[str, JsonValue] = {"name": name, **fields}
    request_id, made = session.services.documents.create_request(workspace.workspace_id, parent, fields=values)
    made.result()
    return request_id


def names(session: UiSession, workspace: WorkspaceViewModel, text: str) -> list[tuple[str, str]]:
    return [(entry.section, entry.name) for entry in QuickSwitchViewModel(session, workspace).entries(text)]


def test_beginnings_come_before_words_runs_and_letters(session: UiSession, workspace: WorkspaceViewModel) -> None:
    for name in ("Reorder", "Cancel order", "Orders", "On red earth", "Nothing"):
        add(session, workspace, name)
    found = [name for _, name in names(session, workspace, "ord")]
    assert found == ["Orders", "Cancel order", "Reorder", "On red earth"]
    assert [name for _, name in names(session, workspace, "earth")] == ["On red earth"]
    assert names(session, workspace, "zzz") == []


def test_hits_are_marked_where_they_stand(session: UiSession, workspace: WorkspaceViewModel) -> None:
    add(session, workspace, "Cancel Order")
    (entry,) = QuickSwitchViewModel(session, workspace).entries("  order ")
    assert entry.spans == ((7, 5),)


def test_folders_stand_at_the_right(session: UiSession, workspace: WorkspaceViewModel) -> None:
    documents = session.services.documents
    outer, made = documents.create_folder(workspace.workspace_id, None, name="Shop")
    made.result()
    inner, made = documents.create_folder(workspace.workspace_id, outer, name="Orders")
    made.result()
    add(session, workspace, "List", inner, method="PUT")
    (entry,) = QuickSwitchViewModel(session, workspace).entries("list")
    assert (entry.detail, entry.method) == ("Shop / Orders", "PUT")


def test_addresses_and_bodies_are_searched_too(session: UiSession, workspace: WorkspaceViewModel, qtbot: QtBot) -> None:
    add(session, workspace, "First", url="https://a.example/Invoices")
    add(session, workspace, "Second", body={"type": "text", "text": "jasmine tea"})
    assert names(session, workspace, "invoices") == [("found", "First")]
    # Bodies are indexed when nothing else is to be written.
    qtbot.waitUntil(lambda: names(session, workspace, "jasmine") == [("found", "Second")])
    (entry,) = QuickSwitchViewModel(session, workspace).entries("jasmine")
    assert entry.detail == "jasmine tea"


def test_without_a_text_the_last_opened_come_first(session: UiSession, workspace: WorkspaceViewModel) -> None:
    ids = [add(session, workspace, name) for name in ("A", "B", "C")]
    for each in (ids[2], ids[0], ids[1]):
        workspace.open_request(each)
    assert names(session, workspace, "") == [
        ("recent", "A"), ("recent", "C"), ("requests", "B"),
    ]  # fmt: skip


def test_other_workspaces_are_listed(session: UiSession, workspace: WorkspaceViewModel) -> None:
    session.services.workspaces.create("Order archive")[1].result()
    view_model = QuickSwitchViewModel(session, workspace)
    assert [(entry.section, entry.name) for entry in view_model.entries("arch")] == [("workspaces", "Order archive")]
    assert view_model.total == 1


def test_no_more_than_fits_is_made(session: UiSession, workspace: WorkspaceViewModel) -> None:
    for number in range(MOST + 20):
        add(session, workspace, f"Order {number}", url="http://order")
    view_model = QuickSwitchViewModel(session, workspace)
    assert len(view_model.entries("order")) == len(view_model.entries("")) == MOST
    assert view_model.entries("order 7")[0].name == "Order 7"
    assert view_model.total == MOST + 20


@pytest.mark.parametrize(
    ("text", "query", "spans"),
    [
        ("Orders", "ord", ((0, 3),)),
        ("Straße", "strasse", None),
        ("a.b*c", ".*", ((1, 1), (3, 1))),
        ("İstanbul", "tan", ((3, 3),)),
        ("ab", "ba", None),
    ],
)
def test_spans_fit_the_text(text: str, query: str, spans: tuple[tuple[int, int], ...] | None) -> None:
    match = match_spans(text, query)
    assert (None if match is None else match[1]) == spans
