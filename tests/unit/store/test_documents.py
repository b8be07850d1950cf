"""Commands and queries of documents.

About store.commands.documents, store.commands.copies, store.queries.documents, store.document_rows, store.trash_rows,
store.placing and store.codec.
"""

from __future__ import annotations

from insomnia_desktop.base.ids import new_id, singleton_id
from insomnia_desktop.model import Document, Edit, Environment, Request, view
from insomnia_desktop.store.commands.documents import (
    CreateDocument,
    CreateWorkspace,
    DeleteDocuments,
    DuplicateDocument,
    MoveDocuments,
    PatchDocument,
    PurgeTrash,
    RestoreDocuments,
)
from insomnia_desktop.store.commands.responses import AddResponse
from insomnia_desktop.store.placing import keys_between
from insomnia_desktop.store.queries import documents as queries
from insomnia_desktop.store.queries import responses as response_queries
from tests.support.clock import FixedClock
from tests.support.desk import Desk, refused
from tests.support.filled_store import request_document, workspace_document
from tests.support.responses import response_of

DAY = 86_400_000


def test_a_new_workspace_has_the_singletons_of_its_seed(desk: Desk) -> None:
    document = workspace_document("Mine")
    changes = desk.run(CreateWorkspace(document)).changes
    seed = document.fields["seed"]
    base, jar = singleton_id(seed, "base_environment"), singleton_id(seed, "cookie_jar")
    assert [(change.action, change.kind, change.id) for change in changes] == [
        ("created", "workspace", document.id),
        ("created", "environment", base),
        ("created", "cookie_jar", jar),
    ]
    reader = desk.store.reader()
    assert [row.name for row in queries.workspaces(reader)] == ["Mine"]
    assert [each.id for each in queries.environments(reader, document.id)] == [base]
    assert desk.get(jar).parent_id == document.id
    with refused("document.exists"):
        desk.run(CreateWorkspace(document))


def test_the_first_workspace_is_made_once(desk: Desk) -> None:
    assert len(desk.run(CreateWorkspace(workspace_document("One"), only_first=True)).changes) == 3
    assert desk.run(CreateWorkspace(workspace_document("Two"), only_first=True)).changes == ()
    assert [row.name for row in queries.workspaces(desk.store.reader())] == ["One"]


def test_a_document_comes_back_as_it_was_stored_unknown_fields_included(desk: Desk, workspace_id: str) -> None:
    fields = {
        "name": "Ünïcode 🜁",
        "method": "get",
        "url": "/a/../b",
        "later": {"deep": [1, 2.5, None, True, {"id": "x", "more": 2}]},
        "body": {"type": "from-the-future", "x": [1]},
    }
    document = Document(
        id=new_id("request"),
        kind="request",
        workspace_id=workspace_id,
        parent_id=workspace_id,
        sort_key="V",
        schema=7,
        fields=fields,
    )
    desk.run(CreateDocument(document))
    desk.set(document.id, name="Other")
    stored = desk.get(document.id)
    assert stored.fields == {**fields, "name": "Other"}
    assert stored.schema == 7
    assert isinstance(view(stored), Request)


def test_numbers_and_texts_that_json_libraries_spoil_survive(desk: Desk, workspace_id: str) -> None:
    huge = 123456789012345678901234567890
    request_id = desk.request(workspace_id, huge=huge, small=-(2**70), zero=0.0, text="\x00\u2028")
    desk.set(request_id, name="a\ud800b", other=huge + 1)
    fields = desk.fields(request_id)
    assert fields["huge"] == huge
    assert fields["other"] == huge + 1
    assert fields["small"] == -(2**70)
    assert isinstance(fields["zero"], float)
    assert fields["text"] == "\x00\u2028"
    # Half a surrogate pair has no place in UTF-8.
    assert fields["name"] == "a\ufffdb"
    assert desk.names(workspace_id) == ["a\ufffdb"]


def test_creating_refuses_what_would_not_hold_together(desk: Desk, workspace_id: str) -> None:
    other = desk.workspace("Other")
    request_id = desk.request(workspace_id)
    with refused("document.parent_not_found"):
        desk.run(CreateDocument(request_document(workspace_id, new_id("folder"))))
    with refused("document.other_workspace"):
        desk.run(CreateDocument(request_document(workspace_id, other)))
    with refused("document.misplaced"):
        desk.run(CreateDocument(request_document(workspace_id, request_id)))
    desk.run(DeleteDocuments([request_id]))
    document = request_document(workspace_id, workspace_id)
    with refused("document.exists"):
        desk.run(CreateDocument(Document(**{**_as_dict(document), "id": request_id})))


def test_an_edit_counts_and_says_which_fields(desk: Desk, workspace_id: str, clock: FixedClock) -> None:
    request_id = desk.request(workspace_id)
    clock.advance(5)
    changed = desk.run(PatchDocument(request_id, (Edit(("url",), "http://x"), Edit(("headers", "@h1"), {"name": "A"}))))
    assert changed.changes[0].parts == {"url", "headers"}
    assert desk.get(request_id).modified == clock.now_ms()
    revisions = "SELECT local_rev, synced_rev, change FROM document WHERE id = ?"
    assert desk.store.reader().row(revisions, (request_id,)) == (2, 0, changed.number)
    row = queries.children(desk.store.reader(), workspace_id)[0]
    assert row.url == "http://x"
    same = desk.run(PatchDocument(request_id, (Edit(("url",), "http://x"),)))
    assert same.changes == ()
    assert desk.store.reader().row(revisions, (request_id,)) == (2, 0, changed.number)
    with refused("document.not_found"):
        desk.set(new_id("request"), name="x")


def test_moving_orders_and_nests(desk: Desk, workspace_id: str) -> None:
    folder = desk.folder(workspace_id, "F")
    a, b, c = (desk.request(workspace_id, name) for name in "abc")
    desk.run(MoveDocuments([c], workspace_id, before_id=a))
    assert desk.names(workspace_id) == ["F", "c", "a", "b"]
    desk.run(MoveDocuments([folder, c], workspace_id, after_id=a))
    assert desk.names(workspace_id) == ["a", "F", "c", "b"]
    changes = desk.run(MoveDocuments([b, a], folder)).changes
    assert desk.names(folder) == ["b", "a"]
    assert desk.names(workspace_id) == ["F", "c"]
    assert all("parent" in change.parts for change in changes if change.kind == "request")
    # The one to stand beside is gone: the end is as good as any place.
    desk.run(MoveDocuments([a], workspace_id, before_id=new_id("request")))
    assert desk.names(workspace_id) == ["F", "c", "a"]
    nested = desk.folder(folder, "N")
    with refused("document.cycle"):
        desk.run(MoveDocuments([folder], nested))
    with refused("document.cycle"):
        desk.run(MoveDocuments([folder], folder))
    with refused("document.other_workspace"):
        desk.run(MoveDocuments([a], desk.workspace("Other")))
    with refused("document.not_found"):
        desk.run(MoveDocuments([new_id("request")], workspace_id))


def test_workspaces_can_be_put_in_another_order(desk: Desk) -> None:
    first, second = desk.workspace("1"), desk.workspace("2")
    # Both were made with one order key, as two devices may.
    desk.run(MoveDocuments([second], None, before_id=first))
    assert [row.name for row in queries.workspaces(desk.store.reader())] == ["2", "1"]


def test_siblings_get_new_keys_where_there_is_no_room(desk: Desk, workspace_id: str) -> None:
    for name in "abc":
        document = request_document(workspace_id, workspace_id, sort_key="V")
        desk.run(CreateDocument(Document(**{**_as_dict(document), "fields": {"name": name}})))
    by_name = {row.name: row.id for row in queries.children(desk.store.reader(), workspace_id)}
    order = desk.names(workspace_id)
    moved, rest = order[-1], order[:-1]
    desk.run(MoveDocuments([by_name[moved]], workspace_id, before_id=by_name[rest[1]]))
    assert desk.names(workspace_id) == [rest[0], moved, rest[1]]
    keys = [row.sort_key for row in queries.children(desk.store.reader(), workspace_id)]
    assert len(set(keys)) == 3


def test_keys_are_spread_only_where_they_must_be() -> None:
    siblings = [("a", "A"), ("b", "B"), ("c", "C")]
    assert set(keys_between(siblings, ["x"], after_id="a")) == {"x"}
    assert set(keys_between(siblings, ["c"], before_id="a")) == {"c"}
    crowded = [("a", "A"), ("b", "A")]
    keys = keys_between(crowded, ["x"], before_id="b")
    order = sorted([*keys, *{"a", "b"} - keys.keys()], key=lambda each: keys.get(each, "A"))
    assert order == ["a", "x", "b"]


def test_a_copy_has_everything_and_stands_behind_the_original(desk: Desk, workspace_id: str) -> None:
    folder = desk.folder(workspace_id, "F")
    desk.request(folder, "a", unknown=[1])
    desk.request(desk.folder(folder, "N"), "b")
    desk.folder(workspace_id, "Z")
    copy = new_id("folder")
    changes = desk.run(DuplicateDocument(folder, copy)).changes
    assert [change.action for change in changes if change.kind != "undo"] == ["created"] * 4
    assert desk.names(workspace_id) == ["F", "F copy", "Z"]
    assert desk.names(copy) == ["a", "N"]
    copied = queries.children(desk.store.reader(), copy)
    assert desk.fields(copied[0].id)["unknown"] == [1]
    assert desk.names(copied[1].id) == ["b"]
    desk.run(DuplicateDocument(folder, new_id("folder")))
    assert desk.names(workspace_id) == ["F", "F copy 2", "F copy", "Z"]


def test_a_copied_workspace_has_its_own_seed_and_singletons(desk: Desk, workspace_id: str) -> None:
    seed = desk.fields(workspace_id)["seed"]
    desk.set(singleton_id(seed, "base_environment"), variables=[{"id": "v", "name": "n", "value": 1}])
    desk.request(desk.folder(workspace_id, "F"), "a")
    copy = new_id("workspace")
    desk.run(DuplicateDocument(workspace_id, copy))
    new_seed = desk.fields(copy)["seed"]
    assert new_seed != seed
    base = view(desk.get(singleton_id(new_seed, "base_environment")))
    assert isinstance(base, Environment)
    assert base.variables[0].value == 1
    assert desk.get(singleton_id(new_seed, "cookie_jar")).workspace_id == copy
    assert desk.names(copy) == ["F"]
    assert desk.fields(copy)["name"] == "Workspace copy"
    rows = queries.tree_rows(desk.store.reader(), copy)
    assert {desk.get(row.id).workspace_id for row in rows} == {copy}


def test_a_deleted_folder_lies_in_the_trash_as_one(desk: Desk, workspace_id: str, clock: FixedClock) -> None:
    folder = desk.folder(workspace_id, "F")
    inside = desk.request(desk.folder(folder, "N"), "a")
    before = desk.state()
    changes = desk.run(DeleteDocuments([inside, folder])).changes
    assert [(change.action, change.id) for change in changes if change.kind != "undo"] == [("deleted", folder)]
    reader = desk.store.reader()
    assert queries.tree_rows(reader, workspace_id) == []
    assert queries.document(reader, inside) is None
    (row,) = queries.trash(reader, workspace_id)
    assert (row.id, row.name, row.count, row.deleted_at) == (folder, "F", 3, clock.now_ms())
    restored = desk.run(RestoreDocuments([folder])).changes
    assert [(change.action, change.id) for change in restored if change.kind != "undo"] == [("restored", folder)]
    assert desk.state() == before
    assert queries.trash(reader, workspace_id) == []
    with refused("document.not_found"):
        desk.run(DeleteDocuments([new_id("folder")]))


def test_what_is_restored_brings_its_folders_back_alone(desk: Desk, workspace_id: str) -> None:
    folder = desk.folder(workspace_id, "F")
    nested = desk.folder(folder, "N")
    a, b = desk.request(nested, "a"), desk.request(nested, "b")
    sibling = desk.request(folder, "c")
    desk.run(DeleteDocuments([folder]))
    changes = desk.run(RestoreDocuments([a])).changes
    assert [(change.action, change.id) for change in changes if change.kind != "undo"] == [("restored", folder)]
    assert {row.name for row in queries.tree_rows(desk.store.reader(), workspace_id)} == {"F", "N", "a"}
    # What stays in the trash is listed on its own, and can come back.
    assert {row.id for row in queries.trash(desk.store.reader(), workspace_id)} == {b, sibling}
    desk.run(RestoreDocuments([b, sibling]))
    assert desk.names(nested) == ["a", "b"]


def test_what_was_deleted_first_brings_its_later_deleted_folder_back_alone(desk: Desk, workspace_id: str) -> None:
    folder = desk.folder(workspace_id, "F")
    early, late = desk.request(folder, "early"), desk.request(folder, "late")
    desk.run(DeleteDocuments([early]))
    desk.run(DeleteDocuments([folder]))
    desk.run(RestoreDocuments([early]))
    assert desk.names(folder) == ["early"]
    assert [(row.id, row.count) for row in queries.trash(desk.store.reader(), workspace_id)] == [(late, 1)]


def test_what_was_deleted_before_its_folder_stays_in_the_trash(desk: Desk, workspace_id: str) -> None:
    folder = desk.folder(workspace_id, "F")
    early = desk.request(folder, "early")
    desk.run(DeleteDocuments([early]))
    desk.run(DeleteDocuments([folder]))
    desk.run(RestoreDocuments([folder]))
    assert desk.names(folder) == []
    assert [row.id for row in queries.trash(desk.store.reader(), workspace_id)] == [early]


def test_a_deleted_workspace_goes_and_comes_back_whole(desk: Desk, workspace_id: str) -> None:
    desk.request(workspace_id, "a")
    before = desk.state()
    changes = desk.run(DeleteDocuments([workspace_id])).changes
    assert [(change.action, change.kind) for change in changes] == [("deleted", "workspace")]
    assert desk.state() == {}
    assert [row.count for row in queries.trash(desk.store.reader(), None)] == [4]
    desk.run(RestoreDocuments([workspace_id]))
    assert desk.state() == before


def test_the_trash_is_emptied_by_age_with_responses_and_bodies(
    desk: Desk, workspace_id: str, clock: FixedClock
) -> None:
    old, young, kept = (desk.request(workspace_id, name) for name in ("old", "young", "kept"))
    path = desk.store.bodies.create(new_id("response"))
    path.write_bytes(b"body")
    response = response_of(desk.get(old), body_file=path.name)
    desk.run(AddResponse(response, keep=20))
    desk.run(DeleteDocuments([old]))
    clock.advance(20 * DAY)
    desk.run(DeleteDocuments([young]))
    clock.advance(10 * DAY)
    changes = desk.run(PurgeTrash(30 * DAY)).changes
    assert [(change.action, change.id) for change in changes] == [("purged", old)]
    assert [row.id for row in queries.trash(desk.store.reader(), workspace_id)] == [young]
    assert response_queries.response(desk.store.reader(), response.id) is None
    assert not path.exists()
    with refused("document.not_found"):
        desk.run(RestoreDocuments([old]))
    desk.run(PurgeTrash(0))
    assert queries.trash(desk.store.reader(), workspace_id) == []
    assert desk.names(workspace_id) == ["kept"]
    assert desk.get(kept).name == "kept"


def test_what_stood_in_a_purged_folder_comes_back_to_the_workspace(
    desk: Desk, workspace_id: str, clock: FixedClock
) -> None:
    folder = desk.folder(workspace_id, "F")
    inside = desk.request(folder, "a")
    desk.run(DeleteDocuments([inside]))
    # Somebody set the clock back: the folder counts as older in the trash than what it held.
    clock.advance(-10 * DAY)
    desk.run(DeleteDocuments([folder]))
    clock.advance(10 * DAY)
    desk.run(PurgeTrash(5 * DAY))
    changes = desk.run(RestoreDocuments([inside])).changes
    assert [(change.action, change.id) for change in changes if change.kind != "undo"] == [("restored", inside)]
    assert desk.names(workspace_id) == ["a"]


def _as_dict(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in document.__struct_fields__}
