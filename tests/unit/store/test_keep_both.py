"""Keeping both sides of a conflict: store.commands.conflicts, store.conflict_rows."""

from __future__ import annotations

from typing import Any

import pytest

from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.model import Document
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.commands.undo import Undo
from insomnia_desktop.store.conflict_rows import copies_of, why_not_both
from insomnia_desktop.store.queries import documents as queries
from tests.support.conflicts import add_conflict, open_conflicts, resolve
from tests.support.desk import Desk, refused


@pytest.fixture
def workspace(desk: Desk) -> str:
    return desk.workspace("Shop")


def children(desk: Desk, parent_id: str) -> dict[str, Document]:
    return {row.name: desk.get(row.id) for row in queries.children(desk.store.reader(), parent_id)}


def test_one_copy_gets_all_of_theirs_and_every_conflict_ends(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, "Mine", url="/mine", method="POST")
    first = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    add_conflict(desk, request, ("method",), mine="POST")
    resolve(desk, first, "both")
    assert open_conflicts(desk) == []
    made = children(desk, workspace)
    assert list(made) == ["Mine", "Mine (theirs)"]
    assert (made["Mine"].fields["url"], made["Mine"].fields["method"]) == ("/mine", "POST")
    assert made["Mine (theirs)"].fields["url"] == "/theirs"
    assert "method" not in made["Mine (theirs)"].fields
    with refused("sync.conflict_not_found"):
        resolve(desk, first, "both")
    desk.run(Undo(workspace))
    assert desk.names(workspace) == ["Mine"]


@pytest.mark.parametrize(
    ("theirs", "name"), [("Theirs", "Theirs"), ("", "Mine (theirs)"), (7, "Mine (theirs)"), ("Mine", "Mine (theirs)")]
)
def test_a_name_of_theirs_is_the_name_of_the_copy(desk: Desk, workspace: str, theirs: Any, name: str) -> None:
    request = desk.request(workspace, "Mine", url="/mine")
    add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    resolve(desk, add_conflict(desk, request, ("name",), mine="Mine", theirs=theirs), "both")
    assert desk.names(workspace) == ["Mine", name]


def test_the_copy_stands_where_theirs_stood(desk: Desk, workspace: str) -> None:
    folder, gone = desk.folder(workspace, "Folder"), desk.folder(workspace, "Gone")
    for target in (folder, gone):
        request = desk.request(workspace, "Mine", url="/mine")
        sides = {"mine": [to_wire(workspace), "V"], "theirs": [to_wire(target), "V"]}
        add_conflict(desk, request, ("#place",), **sides)
        number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
        if target == gone:
            desk.run(DeleteDocuments((gone,)))
        resolve(desk, number, "both")
    assert desk.names(folder) == ["Mine (theirs)"]
    # Where it would stand is in the trash: then it stands beside mine.
    assert desk.names(workspace) == ["Folder", "Mine", "Mine", "Mine (theirs)"]


def test_one_and_true_are_two_others(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, "Mine")
    for theirs in (1, True, 1):
        number = add_conflict(desk, request, ("x",), mine="m", theirs=theirs)
    resolve(desk, number, "both")
    found = {name: repr(document.fields.get("x")) for name, document in children(desk, workspace).items()}
    assert found == {"Mine": "None", "Mine (theirs)": "1", "Mine (theirs 2)": "True"}


def test_of_one_value_with_two_others_two_copies_are_made(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, "Mine", url="/mine")
    for theirs in ("/one", "/two", "/one"):
        number = add_conflict(desk, request, ("url",), mine="/mine", theirs=theirs)
    add_conflict(desk, request, ("method",), mine="GET", theirs="PUT")
    resolve(desk, number, "both")
    assert open_conflicts(desk) == []
    told = {name: (each.fields["url"], each.fields["method"]) for name, each in children(desk, workspace).items()}
    assert told == {
        "Mine": ("/mine", "GET"), "Mine (theirs)": ("/one", "PUT"), "Mine (theirs 2)": ("/two", "GET"),
    }  # fmt: skip


def test_where_theirs_stands_already_the_copy_gets_mine(desk: Desk, workspace: str) -> None:
    """Deleted here and edited there: theirs is the document, and mine was never sent."""
    request = desk.request(workspace, "Name", url="/theirs")
    resolve(desk, add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs"), "both")
    told = {name: each.fields["url"] for name, each in children(desk, workspace).items()}
    assert told == {"Name": "/theirs", "Name (mine)": "/mine"}


def test_what_only_a_newer_program_knows_goes_into_the_copy(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, "Mine")
    resolve(desk, add_conflict(desk, request, ("#rest", "later"), mine=[1], theirs=[2]), "both")
    copy = children(desk, workspace)["Mine (theirs)"]
    assert rests(desk) == {copy.id: '{"later":[2]}'}


def rests(desk: Desk) -> dict[str, str]:
    return dict(desk.store.reader().rows("SELECT id, rest FROM content WHERE rest != ''"))


def test_a_workspace_and_its_cookie_jar_are_not_doubled(desk: Desk, workspace: str) -> None:
    (jar,) = desk.store.reader().rows("SELECT id FROM document WHERE kind = 'cookie_jar'")
    for document_id in (workspace, jar[0]):
        number = add_conflict(desk, document_id, ("name",), mine="Mine", theirs="Theirs")
        before = desk.state()
        with refused("sync.cannot_keep_both"):
            resolve(desk, number, "both")
        assert number in open_conflicts(desk)
        assert desk.state() == before
        resolve(desk, number, "theirs")
        assert desk.fields(document_id)["name"] == "Theirs"


def test_a_place_alone_makes_no_copy_and_the_conflict_stays(desk: Desk, workspace: str) -> None:
    folder = desk.folder(workspace)
    request = desk.request(workspace, "Mine")
    sides = {"mine": [to_wire(workspace), "V"], "theirs": [to_wire(folder), "V"]}
    number = add_conflict(desk, request, ("#place",), **sides)
    with refused("sync.cannot_keep_both"):
        resolve(desk, number, "both")
    assert open_conflicts(desk) == [number]
    assert desk.names(workspace) == ["Folder", "Mine"]


def test_of_a_deleted_document_nothing_is_copied_and_the_conflict_stays(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, "Mine", url="/mine")
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    desk.run(DeleteDocuments((request,)))
    with refused("sync.cannot_use_side"):
        resolve(desk, number, "both")
    desk.run(Undo(workspace))
    resolve(desk, number, "both")
    assert desk.names(workspace) == ["Mine", "Mine (theirs)"]


def test_an_environment_is_copied_beside_the_others(desk: Desk, workspace: str) -> None:
    (base,) = desk.store.reader().rows("SELECT id FROM document WHERE kind = 'environment'")
    variables = [{"id": "a", "name": "host", "value": "mine"}]
    desk.set(base[0], variables=variables)
    resolve(desk, add_conflict(desk, base[0], ("variables", "@a", "value"), mine="mine", theirs="theirs"), "both")
    found = [desk.fields(row[0]) for row in desk.store.reader().rows("SELECT id FROM document ORDER BY number")]
    assert (found[-1]["name"], found[-1]["variables"][0]["value"]) == ("Base environment (theirs)", "theirs")
    assert desk.fields(base[0])["variables"] == variables


def test_which_kinds_and_places_make_no_copy() -> None:
    assert why_not_both("request", [("#place",), ("name",)]) is None
    assert why_not_both("folder", [("#place",)]) == "place"
    assert why_not_both("cookie_jar", [("cookies", "@a", "value")]) == "cookie_jar"
    assert why_not_both("workspace", [("description",)]) == "workspace"


def test_a_value_within_another_one_is_no_part_of_its_copy() -> None:
    assert copies_of([("headers",), ("headers", "@a"), ("#place",), ("url",)]) == [[0, 2, 3], [1]]
    assert copies_of([("#place",)]) == []
