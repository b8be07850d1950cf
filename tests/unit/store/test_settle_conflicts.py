"""Settling is one step: one undo brings back what was before: store.commands.conflicts, store.ended_conflicts."""

from __future__ import annotations

import sqlite3
from typing import Any, Literal

import msgspec
import pytest

from insomnia_desktop.base.errors import Bug
from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.conflicts import Keep, SettleConflicts
from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash
from insomnia_desktop.store.commands.undo import Redo, Undo
from insomnia_desktop.store.queries.undo import undo_state
from tests.support.conflicts import SpoilConflict, add_conflict, open_conflicts, resolve
from tests.support.desk import Desk, refused
from tests.support.quarantine import Hold


@pytest.fixture
def workspace(desk: Desk) -> str:
    return desk.workspace("Shop")


def settle(desk: Desk, *choices: tuple[int, Keep]) -> None:
    desk.run(SettleConflicts(choices))


def everything(desk: Desk) -> tuple[Any, ...]:
    """All that a person can see, the keys that nobody knows, and the conflicts as they are stored."""
    reader = desk.store.reader()
    rests = reader.rows(
        "SELECT document.id, rest FROM content JOIN document USING (number) WHERE rest != '' AND deleted_at IS NULL"
    )
    conflicts = reader.rows(
        "SELECT number, document_id, workspace_id, CAST(path AS BLOB), CAST(base AS BLOB), CAST(mine AS BLOB),"
        " CAST(theirs AS BLOB), at FROM conflict ORDER BY number"
    )
    return desk.state(), rests, conflicts


def of_many_values(desk: Desk, workspace: str) -> tuple[str, list[int]]:
    """A request with conflicts of two fields, its place, a key that nobody knows, and one found twice."""
    folder = desk.folder(workspace)
    request = desk.request(workspace, "Mine", url="/mine", method="GET")
    here = desk.get(request)
    place = {"mine": [to_wire(workspace), here.sort_key], "theirs": [to_wire(folder), "V"]}
    return request, [
        add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs"),
        add_conflict(desk, request, ("method",), mine="GET", theirs="PUT"),
        add_conflict(desk, request, ("#place",), **place),
        add_conflict(desk, request, ("#rest", "later"), theirs={"a": 2}),
        add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs"),
    ]


@pytest.mark.parametrize(
    "kept",
    [
        ("theirs", "theirs", "theirs", "theirs"),
        ("theirs", "mine", "mine", "theirs"),
        ("mine", "mine", "mine", "mine"),
        ("both",),
    ],
)
def test_one_undo_brings_back_every_value_and_the_open_conflict(
    desk: Desk, workspace: str, kept: tuple[Keep, ...]
) -> None:
    _, numbers = of_many_values(desk, workspace)
    before = everything(desk)
    settle(desk, *zip(numbers, kept, strict=False))
    after = everything(desk)
    assert after[2] == []
    label = undo_state(desk.store.reader(), workspace).undo_label
    assert label is not None
    assert (label.action, label.kind, label.name) == ("settle", "request", "Mine")
    for _ in range(2):
        desk.run(Undo(workspace))
        assert everything(desk) == before
        desk.run(Redo(workspace))
        assert everything(desk) == after
    # It was one step: the next one is what was done before it.
    desk.run(Undo(workspace))
    desk.run(Undo(workspace))
    assert desk.names(workspace) == ["Folder"]


def test_a_choice_that_cannot_be_leaves_everything_as_it_is(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine", body={"type": "form", "rows": []})
    first = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    second = add_conflict(desk, request, ("body", "text"), mine="mine", theirs="theirs")
    before = everything(desk)
    with refused("sync.cannot_use_side"):
        settle(desk, (first, "theirs"), (second, "theirs"))
    assert everything(desk) == before


def test_conflicts_of_two_documents_are_two_steps(desk: Desk, workspace: str) -> None:
    numbers = [add_conflict(desk, desk.request(workspace), ("url",), theirs="/theirs") for _ in range(2)]
    with pytest.raises(Bug):
        settle(desk, (numbers[0], "mine"), (numbers[1], "mine"))
    assert open_conflicts(desk) == numbers


def test_one_that_an_earlier_choice_ended_is_no_choice(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine")
    numbers = [add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs") for _ in range(2)]
    settle(desk, (numbers[0], "theirs"), (numbers[1], "mine"))
    assert desk.fields(request)["url"] == "/theirs"
    assert open_conflicts(desk) == []


@pytest.mark.parametrize("column", ["path", "base", "mine", "theirs"])
def test_one_that_cannot_be_read_comes_back_as_it_was(
    desk: Desk, workspace: str, column: Literal["path", "base", "mine", "theirs"]
) -> None:
    number = add_conflict(desk, desk.request(workspace), ("url",), mine="/mine", theirs="/theirs")
    desk.run(SpoilConflict(number, column, b'"\xff\x00'))
    before = everything(desk)
    resolve(desk, number, "mine")
    assert open_conflicts(desk) == []
    desk.run(Undo(workspace))
    assert everything(desk) == before
    desk.run(Redo(workspace))
    assert open_conflicts(desk) == []


def test_opened_again_it_has_its_number_and_redo_ends_no_other(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace, url="/mine")
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    resolve(desk, number, "theirs")
    other = add_conflict(desk, request, ("method",), theirs="PUT")
    desk.run(Undo(workspace))
    assert open_conflicts(desk) == [number, other]
    desk.run(ForgetConflicts(number))
    desk.run(Redo(workspace))
    assert desk.fields(request)["url"] == "/theirs"
    assert open_conflicts(desk) == [other]


class ForgetConflicts(msgspec.Struct, frozen=True):
    """Deletes the conflicts up to a number, as their time does."""

    until: int

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Delete."""
        connection.execute("DELETE FROM conflict WHERE number <= ?", (self.until,))
        return []


def test_of_what_is_gone_for_good_nothing_is_opened(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace)
    resolve(desk, add_conflict(desk, request, ("url",), theirs="/theirs"), "mine")
    desk.run(DeleteDocuments((request,)))
    desk.run(PurgeTrash(0))
    desk.run(Undo(workspace))
    assert open_conflicts(desk) == []


def test_a_workspace_goes_back_to_its_own_place(desk: Desk, workspace: str) -> None:
    own = desk.get(workspace).sort_key
    names = add_conflict(desk, workspace, ("name",), mine="Shop", theirs="Store")
    place = add_conflict(desk, workspace, ("#place",), mine=[None, own], theirs=[None, own + "x"])
    before = everything(desk)
    settle(desk, (names, "theirs"), (place, "theirs"))
    assert (desk.get(workspace).sort_key, desk.fields(workspace)["name"]) == (own + "x", "Store")
    desk.run(Undo(workspace))
    assert everything(desk) == before


def test_keys_that_nobody_knows_are_not_brought_back_into_what_is_held(desk: Desk, workspace: str) -> None:
    request = desk.request(workspace)
    resolve(desk, add_conflict(desk, request, ("#rest", "later"), theirs=1), "theirs")
    desk.run(Hold(request, workspace))
    before = everything(desk)
    with refused("document.quarantined"):
        desk.run(Undo(workspace))
    assert everything(desk) == before


class Damage(msgspec.Struct, frozen=True):
    """Writes over the text of a document, as a bad disk does."""

    id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write."""
        connection.execute("UPDATE content SET fields = '{' WHERE id = ?", (self.id,))
        return []


def test_a_step_that_cannot_be_taken_back_whole_is_not_taken_back_in_part(desk: Desk, workspace: str) -> None:
    request, numbers = of_many_values(desk, workspace)
    settle(desk, (numbers[0], "theirs"), (numbers[2], "theirs"))
    moved = desk.get(request).parent_id
    desk.run(Damage(request))
    number = desk.run(Undo(workspace)).number
    ((parent_id,),) = desk.store.reader().rows("SELECT parent_id FROM document WHERE id = ?", (request,))
    assert parent_id == moved
    assert desk.set(workspace, name="Later").number > number
