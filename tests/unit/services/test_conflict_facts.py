"""Conflicts in words, and what stands here now: services.conflict_facts, services.conflict_sides."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec
import pytest

from insomnia_desktop.base.ids import to_base64url, to_wire
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.conflict_facts import UNREADABLE, both_refused, conflict_rows, copies_made
from insomnia_desktop.services.conflict_sides import newest_sides
from insomnia_desktop.services.sync_views import ConflictRow
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.documents import DeleteDocuments, MoveDocuments
from insomnia_desktop.store.commands.undo import Undo
from insomnia_desktop.store.queries import sync as queries
from tests.support.conflicts import SpoilConflict, add_conflict
from tests.support.desk import Desk


@pytest.fixture
def desk(services: Services) -> Desk:
    return Desk(services.store)


@pytest.fixture
def workspace(desk: Desk) -> str:
    return desk.workspace("Shop")


def told(desk: Desk) -> tuple[ConflictRow, ...]:
    return conflict_rows(desk.store.reader())


@pytest.mark.parametrize(
    ("now", "mine", "found"),
    [("/mine", "/mine", None), ("/theirs", "/mine", None), ("/edited", "/edited", "/mine"), (7, "7", "/mine")],
)
def test_mine_is_what_stands_where_mine_is_kept(
    desk: Desk, workspace: str, now: Any, mine: str, found: str | None
) -> None:
    request = desk.request(workspace, url=now)
    add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    (row,) = told(desk)
    assert (row.field, row.base.present, row.mine.text, row.theirs.text) == ("Address", False, mine, "/theirs")
    assert (None if row.found is None else row.found.text) == found


def test_a_value_that_was_removed_since_is_none(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, headers=[])
    add_conflict(desk, request, ("headers", "@a", "value"), mine="m", theirs="t")
    (row,) = told(desk)
    assert not row.mine.present
    assert row.found is not None
    assert row.found.text == "m"


def test_conflicts_of_what_is_in_the_trash_wait_there(desk: Desk, workspace: str) -> None:
    folder = desk.folder(workspace)
    request = desk.request(folder, url="/mine")
    add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    desk.run(DeleteDocuments((folder,)))
    assert told(desk) == ()
    desk.run(Undo(workspace))
    assert [row.resource_id for row in told(desk)] == [request]


def test_what_was_found_twice_is_told_once(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine")
    for mine, theirs in (("/mine", "/a"), ("/before", "/a"), ("/mine", "/b")):
        add_conflict(desk, request, ("url",), mine=mine, theirs=theirs)
    assert [row.theirs.text for row in told(desk)] == ["/a", "/b"]
    assert copies_made(told(desk)) == 2
    assert both_refused("request", told(desk)) is None
    assert both_refused("cookie_jar", told(desk)) == "cookie_jar"


class Damage(msgspec.Struct, frozen=True):
    """Writes over the text of a document, as a bad disk does."""

    id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write."""
        connection.execute("UPDATE content SET fields = '{' WHERE id = ?", (self.id,))
        return []


def test_a_damaged_document_hides_no_conflict(desk: Desk, workspace: str) -> None:
    requests = [desk.request(workspace, url="/now") for _ in range(2)]
    for request in requests:
        add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    desk.run(Damage(requests[0]))
    assert [(row.resource_id, row.mine.text) for row in told(desk)] == [(requests[0], "/mine"), (requests[1], "/now")]


@pytest.mark.parametrize("stored", [b"{", b'"\xff"', b"", b"[]", b'["url", 1]'])
@pytest.mark.parametrize("column", ["path", "mine", "theirs"])
def test_a_conflict_that_cannot_be_read_is_told_and_hides_no_other(
    desk: Desk, workspace: str, column: Any, stored: bytes
) -> None:
    first, second = (desk.request(workspace, url="/now") for _ in range(2))
    numbers = [add_conflict(desk, each, ("url",), mine="/mine", theirs="/theirs") for each in (first, second, first)]
    desk.run(SpoilConflict(numbers[0], column, stored if column == "path" else b"{" + stored))
    damaged, other, sound = told(desk)
    assert (damaged.id, damaged.resource_id, damaged.unreadable) == (numbers[0], first, True)
    assert damaged.field == (UNREADABLE if column == "path" else "Address")
    if column != "path":
        side = damaged.mine if column == "mine" else damaged.theirs
        assert side.text == UNREADABLE
        assert side.value.startswith("{")
    assert [(row.mine.text, row.theirs.text, row.unreadable) for row in (other, sound)] == [
        ("/now", "/theirs", False)
    ] * 2
    # It neither makes a copy nor keeps the others from one, and says nothing of a version.
    assert (copies_made((damaged, sound)), both_refused("request", (damaged, sound))) == (1, None)
    stored_rows = queries.conflicts(desk.store.reader())
    known = [each.theirs for each in newest_sides(stored_rows, first)]
    # For a version of theirs mine is not asked.
    assert known == ["/theirs"] * (2 if column == "mine" else 1)


def test_without_what_both_had_before_a_side_can_still_be_chosen(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine")
    desk.run(SpoilConflict(add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs"), "base", b"{"))
    (row,) = told(desk)
    assert (row.base.text, row.mine.text, row.theirs.text) == (UNREADABLE, "/mine", "/theirs")
    assert not row.unreadable


def place(desk: Desk, parent_id: str, sort_key: str = "V") -> list[Any]:
    return [to_wire(parent_id), sort_key]


def test_places_are_told_by_the_names_of_folders(desk: Desk, workspace: str) -> None:
    orders, gone = desk.folder(workspace, "Orders"), desk.folder(workspace, "Gone")
    request = desk.request(workspace)
    mine = place(desk, workspace, desk.get(request).sort_key)
    for theirs in (place(desk, orders), place(desk, gone), [to_base64url(bytes(16)), "V"], 3):
        add_conflict(desk, request, ("#place",), mine=mine, theirs=theirs)
    desk.run(DeleteDocuments((gone,)))
    lost = "In a folder that is not here any more"
    assert [row.theirs.text for row in told(desk)] == ["In “Orders”", lost, lost, "3"]
    assert {(row.field, row.mine.text, row.base.present) for row in told(desk)} == {
        ("Place", "On the top level", False)
    }
    desk.run(MoveDocuments((request,), orders))
    # What stands there now is what mine is.
    assert told(desk)[1].mine.text == "In “Orders”"


def test_an_order_is_told_by_what_stands_behind(desk: Desk, workspace: str) -> None:
    first, request = desk.request(workspace, "First"), desk.request(workspace, "Moved")
    mine = place(desk, workspace, desk.get(request).sort_key)
    add_conflict(desk, request, ("#place",), mine=mine, theirs=place(desk, workspace, "0"))
    (row,) = told(desk)
    assert (row.mine.text, row.theirs.text) == ("On the top level, at the end", "On the top level, before “First”")
    assert desk.get(first).sort_key > "0"


@pytest.mark.parametrize("kind", ["workspace", "environment"])
def test_the_order_of_other_lists_is_told_too(desk: Desk, workspace: str, kind: str) -> None:
    if kind == "workspace":
        document_id, parent = workspace, None
    else:
        ((document_id,),) = desk.store.reader().rows("SELECT id FROM document WHERE kind = 'environment'")
        parent = to_wire(workspace)
    own = desk.get(document_id).sort_key
    add_conflict(desk, document_id, ("#place",), mine=[parent, own], theirs=[parent, "z"])
    (row,) = told(desk)
    assert row.theirs.text == f"Among the {kind}s, at the end"


def test_what_only_a_newer_program_knows_has_its_own_name(desk: Desk, workspace: str) -> None:
    add_conflict(desk, desk.request(workspace), ("#rest", "\\@later"), mine=1, theirs=2)
    (row,) = told(desk)
    assert (row.field, row.mine.text, row.theirs.text) == ("Unknown field @later", "1", "2")
