"""insomnia_desktop.services.documents, editing and searching: the tree, edits, undo, trash, search on a real store."""

from __future__ import annotations

import msgspec
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Request, TextBody, TreeIndex, fields_of, patch_between, view_as
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import ChangeSet, Origin

_SECONDS = 20


def _make(services: Services, workspace_id: str, name: str, parent_id: str | None = None) -> str:
    request_id, created = services.documents.create_request(workspace_id, parent_id, name=name)
    created.result(_SECONDS)
    return request_id


def _names(services: Services, workspace_id: str) -> list[str]:
    tree = TreeIndex(services.documents.tree(workspace_id))
    return [tree.row(handle).name for handle in tree.descendants(0)]


def test_requests_stand_where_they_were_made(services: Services, workspace_id: str) -> None:
    first = _make(services, workspace_id, "first")
    _make(services, workspace_id, "last")
    folder_id, created = services.documents.create_folder(workspace_id, None, name="folder", after_id=first)
    created.result(_SECONDS)
    _make(services, workspace_id, "inside", folder_id)
    services.documents.create_request(workspace_id, None, name="second", after_id=first)[1].result(_SECONDS)
    services.documents.create_request(workspace_id, None, name="behind nothing", after_id="req_gone")[1].result(
        _SECONDS
    )
    assert _names(services, workspace_id) == ["first", "second", "folder", "inside", "last", "behind nothing"]


def test_fields_given_at_the_start_are_in_the_request(services: Services, workspace_id: str) -> None:
    view = Request(id="", parent_id=None, sort_key="", method="PUT", url="http://a.example", body=TextBody(text="{}"))
    fields = fields_of(view)
    del fields["name"]
    request_id, created = services.documents.create_request(workspace_id, None, name="Named", fields=fields)
    created.result(_SECONDS)
    stored = services.documents.view(request_id)
    assert isinstance(stored, Request)
    assert (stored.name, stored.method, stored.body) == ("Named", "PUT", TextBody(text="{}"))


def test_renaming_moving_and_duplicating(services: Services, workspace_id: str) -> None:
    one, two = _make(services, workspace_id, "one"), _make(services, workspace_id, "two")
    services.documents.rename(one, "uno").result(_SECONDS)
    services.documents.move([two], workspace_id, before_id=one).result(_SECONDS)
    assert _names(services, workspace_id) == ["two", "uno"]
    copy_id, copied = services.documents.duplicate(two)
    copied.result(_SECONDS)
    copy = services.documents.get(copy_id)
    assert copy is not None
    assert copy.name != "two"
    assert _names(services, workspace_id) == ["two", copy.name, "uno"]


def test_moving_into_another_workspace_gives_new_ids_and_can_be_taken_back(
    services: Services, workspace_id: str
) -> None:
    one, two = _make(services, workspace_id, "one"), _make(services, workspace_id, "two")
    other_id, made = services.workspaces.create("Other")
    made.result(_SECONDS)
    ids, moved = services.documents.move_to_workspace([two, one], other_id)
    moved.result(_SECONDS)
    found = [services.documents.get(each) for each in ids]
    assert [(each.fields["name"], each.workspace_id) for each in found if each] == [
        ("two", other_id),
        ("one", other_id),
    ]
    assert _names(services, workspace_id) == []
    services.editing.undo(workspace_id).result(_SECONDS)
    assert _names(services, workspace_id) == ["one", "two"]
    assert _names(services, other_id) == []


def test_what_is_deleted_is_in_the_trash_until_it_is_restored_or_emptied(services: Services, workspace_id: str) -> None:
    folder_id, created = services.documents.create_folder(workspace_id, None, name="folder")
    created.result(_SECONDS)
    inside = _make(services, workspace_id, "inside", folder_id)
    services.documents.delete([folder_id]).result(_SECONDS)
    assert services.documents.get(inside) is None
    assert [(row.id, row.kind) for row in services.documents.trash(workspace_id)] == [(folder_id, "folder")]
    services.documents.restore([folder_id]).result(_SECONDS)
    assert _names(services, workspace_id) == ["folder", "inside"]
    services.documents.delete([folder_id]).result(_SECONDS)
    services.storage.empty_trash().result(_SECONDS)
    assert services.documents.trash(workspace_id) == []


def test_an_edit_carries_the_token_of_its_editor_and_can_be_taken_back(services: Services, workspace_id: str) -> None:
    request_id = _make(services, workspace_id, "one")
    changes: list[ChangeSet] = []
    end = services.subscribe(changes.append)
    before = services.documents.view(request_id)
    assert isinstance(before, Request)
    for url in ("h", "ht", "http://a.example"):
        after = msgspec.structs.replace(before, url=url)
        services.editing.patch(request_id, patch_between(before, after), coalesce="url:1", token=7).result(_SECONDS)
    assert {each.origin for each in changes} == {Origin("window", 7)}
    services.editing.undo(workspace_id).result(_SECONDS)
    document = services.documents.get(request_id)
    assert document is not None
    assert view_as(document, Request).url == ""
    assert services.editing.undo_state(workspace_id).redo_label is not None
    services.editing.redo(workspace_id).result(_SECONDS)
    again = services.documents.view(request_id)
    assert isinstance(again, Request)
    assert again.url == "http://a.example"
    assert changes[-1].origin.kind == "undo"
    end()


def test_search_finds_by_name_and_address(services: Services, workspace_id: str) -> None:
    request_id = _make(services, workspace_id, "Create order")
    _make(services, workspace_id, "Other")
    assert [hit.id for hit in services.searching.search("create", workspace_id)] == [request_id]
    assert [hit.id for hit in services.searching.search("ord")] == [request_id]
    assert services.searching.search("nothing like it") == []


def test_what_is_gone_is_told_with_its_id(services: Services, workspace_id: str) -> None:
    request_id = _make(services, workspace_id, "one")
    services.documents.delete([request_id]).result(_SECONDS)
    for call in (
        lambda: services.documents.view(request_id),
        lambda: services.documents.rename(request_id, "x"),
        lambda: services.documents.duplicate(request_id),
    ):
        with pytest.raises(KnownError) as caught:
            call()
        assert caught.value.code == "document.not_found"
    with pytest.raises(KnownError):
        services.editing.patch(request_id, patch_between(_blank(request_id), _blank(request_id, "x"))).result(_SECONDS)


def _blank(request_id: str, name: str = "") -> Request:
    return Request(id=request_id, parent_id=None, sort_key="", name=name)
