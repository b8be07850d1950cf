"""Keeping one side of a conflict, whatever happened since: store.commands.conflicts, store.conflict_rows."""

from __future__ import annotations

from typing import Any, Literal

import pytest

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.base.ids import new_id, to_wire
from insomnia_desktop.model.patch import ABSENT
from insomnia_desktop.services.conflict_facts import conflict_rows
from insomnia_desktop.store.commands.documents import DeleteDocuments, MoveDocuments, PurgeTrash
from insomnia_desktop.store.commands.moves import MoveToWorkspace
from insomnia_desktop.store.commands.undo import Undo
from tests.support.conflicts import add_conflict, open_conflicts, resolve
from tests.support.desk import Desk, refused

Side = Literal["mine", "theirs"]


@pytest.fixture
def workspace(desk: Desk) -> str:
    return desk.workspace("Shop")


@pytest.mark.parametrize(
    ("now", "keep", "kept"),
    [
        ("/mine", "mine", "/mine"),
        ("/mine", "theirs", "/theirs"),
        ("/edited", "mine", "/edited"),
        ("/edited", "theirs", "/theirs"),
        # Deleted here and edited there: theirs is the document, and mine is nowhere else.
        ("/theirs", "mine", "/mine"),
        ("/theirs", "theirs", "/theirs"),
    ],
)
def test_a_side_stands_and_undo_opens_the_conflict_again(
    desk: Desk, workspace: str, now: str, keep: Side, kept: str
) -> None:
    request = desk.request(workspace, url=now)
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    resolve(desk, number, keep)
    assert desk.fields(request)["url"] == kept
    assert open_conflicts(desk) == []
    desk.run(Undo(workspace))
    assert desk.fields(request)["url"] == now
    assert open_conflicts(desk) == [number]


def test_two_others_of_one_value_are_two_conflicts(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine")
    first, second = (add_conflict(desk, request, ("url",), mine="/mine", theirs=each) for each in ("/one", "/two"))
    resolve(desk, first, "theirs")
    assert open_conflicts(desk) == [second]
    resolve(desk, second, "mine")
    assert desk.fields(request)["url"] == "/one"


@pytest.mark.parametrize(("now", "left"), [("/mine", ["third"]), ("/a", ["second", "third"])])
def test_what_was_found_twice_is_over_at_once(desk: Desk, workspace: str, now: str, left: list[str]) -> None:
    """Unless theirs stands: then each mine may be nowhere else."""
    request = desk.request(workspace, url=now)
    sides = {"first": ("/mine", "/a"), "second": ("/before", "/a"), "third": ("/mine", "/b")}
    numbers = {
        name: add_conflict(desk, request, ("url",), mine=mine, theirs=theirs) for name, (mine, theirs) in sides.items()
    }
    resolve(desk, numbers["first"], "theirs")
    assert open_conflicts(desk) == [numbers[name] for name in left]


@pytest.mark.parametrize(
    ("sides", "now"),
    [
        ((("m", 1), ("m", True)), "m"),
        ((("m", {"a": [1]}), ("m", {"a": [1.0]})), "m"),
        # Theirs stands, so that each mine may be nowhere else.
        (((0, "t"), (False, "t")), "t"),
        (((None, "t"), (ABSENT, "t")), "t"),
    ],
)
def test_what_json_tells_apart_is_not_the_same(
    desk: Desk, workspace: str, sides: tuple[tuple[Any, Any], ...], now: Any
) -> None:
    request = desk.request(workspace, x=now)
    first, second = (add_conflict(desk, request, ("x",), mine=mine, theirs=theirs) for mine, theirs in sides)
    add_conflict(desk, request, ("x",), mine=sides[0][0], theirs=sides[0][1])
    resolve(desk, first, "mine")
    assert open_conflicts(desk) == [second]


def test_theirs_of_what_is_in_the_trash_waits_there(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine")
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    desk.run(DeleteDocuments((request,)))
    with refused("sync.cannot_use_side"):
        resolve(desk, number, "theirs")
    assert open_conflicts(desk) == [number]
    desk.run(Undo(workspace))
    resolve(desk, number, "theirs")
    assert desk.fields(request)["url"] == "/theirs"


def test_what_is_gone_for_good_has_no_theirs_but_an_end(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine")
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    desk.run(DeleteDocuments((request,)))
    desk.run(PurgeTrash(0))
    with pytest.raises(AppError) as caught:
        resolve(desk, number, "theirs")
    assert (caught.value.code, caught.value.params["reason"]) == ("sync.cannot_use_side", "gone")
    resolve(desk, number, "mine")
    assert open_conflicts(desk) == []


def test_a_conflict_goes_along_to_another_workspace_and_back(desk: Desk, workspace: str) -> None:
    folder = desk.folder(workspace)
    request = desk.request(folder, url="/mine")
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    placed(desk, request, workspace)
    moved, other = new_id("folder"), desk.workspace("Other")
    desk.run(MoveToWorkspace(((folder, moved),), other))
    found = conflict_rows(desk.store.reader())
    assert [(row.workspace_id, row.field, row.theirs.text) for row in found] == [(other, "Address", "/theirs")]
    resolve(desk, found[0].id, "theirs")
    assert desk.fields(found[0].resource_id)["url"] == "/theirs"
    desk.run(Undo(workspace))
    assert [row.id for row in conflict_rows(desk.store.reader())] == [number, number + 1]


def placed(desk: Desk, document_id: str, theirs: str) -> int:
    here = desk.get(document_id)
    assert here.parent_id is not None
    sides = {"mine": [to_wire(here.parent_id), here.sort_key], "theirs": [to_wire(theirs), "V"]}
    return add_conflict(desk, document_id, ("#place",), **sides)


def test_theirs_of_a_place_moves_and_undo_moves_back(desk: Desk, workspace: str) -> None:
    folder, request = desk.folder(workspace), desk.request(workspace)
    resolve(desk, placed(desk, request, folder), "theirs")
    assert desk.names(folder) == ["Request"]
    desk.run(Undo(workspace))
    assert desk.names(folder) == []


def test_a_move_made_since_stays_where_mine_is_kept(desk: Desk, workspace: str) -> None:
    folder, other, request = desk.folder(workspace), desk.folder(workspace), desk.request(workspace)
    number = placed(desk, request, folder)
    desk.run(MoveDocuments((request,), other))
    resolve(desk, number, "mine")
    assert desk.names(other) == ["Request"]


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_place_that_cannot_be_taken_is_refused_and_the_conflict_stays(
    desk: Desk, workspace: str, is_gone: bool
) -> None:
    folder = desk.folder(workspace, "Folder")
    moved = desk.request(workspace) if is_gone else desk.folder(workspace, "Outer")
    number = placed(desk, moved, folder)
    if is_gone:
        desk.run(DeleteDocuments((folder,)))
    else:
        desk.run(MoveDocuments((folder,), moved))
    with refused("sync.cannot_use_side"):
        resolve(desk, number, "theirs")
    assert open_conflicts(desk) == [number]
    assert desk.get(moved).parent_id == workspace


def test_a_workspace_takes_their_place_in_the_list(desk: Desk, workspace: str) -> None:
    own = desk.get(workspace).sort_key
    resolve(desk, add_conflict(desk, workspace, ("#place",), mine=[None, own], theirs=[None, own + "x"]), "theirs")
    assert desk.get(workspace).sort_key == own + "x"


def test_what_only_a_newer_program_knows_becomes_theirs(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace)
    before = revision(desk, request)
    resolve(desk, add_conflict(desk, request, ("#rest", "later"), mine=1, theirs={"a": 2}), "theirs")
    assert rest(desk, request) == '{"later":{"a":2}}'
    # It is an edit that is sent.
    assert revision(desk, request) == before + 1
    resolve(desk, add_conflict(desk, request, ("#rest", "later"), mine=1), "theirs")
    assert rest(desk, request) == ""


def rest(desk: Desk, document_id: str) -> str:
    ((text,),) = desk.store.reader().rows("SELECT rest FROM content WHERE id = ?", (document_id,))
    return str(text)


def revision(desk: Desk, document_id: str) -> int:
    ((number,),) = desk.store.reader().rows("SELECT local_rev FROM document WHERE id = ?", (document_id,))
    return int(number)


@pytest.mark.parametrize("keep", ["theirs", "both"])
@pytest.mark.parametrize(
    ("path", "now"),
    [
        (("body", "text"), {"type": "form", "rows": []}),
        (("body", "text"), None),
        (("authentication", "password"), {"type": "bearer", "token": "x"}),
    ],
)
def test_a_value_that_the_type_chosen_since_has_not_is_refused(
    desk: Desk, workspace: str, path: tuple[str, str], now: Any, keep: Any
) -> None:
    request = desk.request(workspace, **({path[0]: now} if now else {}))
    number = add_conflict(desk, request, path, mine="mine", theirs="theirs")
    before = desk.state()
    with refused("sync.cannot_use_side"):
        resolve(desk, number, keep)
    assert open_conflicts(desk) == [number]
    assert desk.state() == before


def test_what_no_type_knows_is_taken_as_it_came(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, body={"type": "text", "text": "a", "later": 1}, authentication={"type": "new"})
    resolve(desk, add_conflict(desk, request, ("body", "later"), mine=1, theirs=2), "theirs")
    resolve(desk, add_conflict(desk, request, ("authentication", "token"), theirs="t"), "theirs")
    assert desk.fields(request)["body"]["later"] == 2
    assert desk.fields(request)["authentication"] == {"type": "new", "token": "t"}


def test_a_row_that_was_removed_since_comes_back_with_theirs(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, headers=[])
    resolve(desk, add_conflict(desk, request, ("headers", "@a", "value"), mine="m", theirs="t"), "theirs")
    assert desk.fields(request)["headers"] == [{"id": "a", "value": "t"}]


@pytest.mark.parametrize("text", ["x" * 2_000_000, "\x00\x1b[2J\u202e\U0001f600\r\n\x7f", "a\n" * 50_000])
def test_every_text_is_taken_whole(desk: Desk, workspace: str, text: str) -> None:
    request = desk.request(workspace, description="mine")
    resolve(desk, add_conflict(desk, request, ("description",), mine="mine", theirs=text), "theirs")
    assert desk.fields(request)["description"] == text
