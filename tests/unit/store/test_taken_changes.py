"""What merges took is kept while their conflicts are open: store.taken_changes, services.conflict_views."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.services.conflict_facts import taken_fields
from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.store import taken_changes
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash
from insomnia_desktop.store.commands.undo import Undo
from insomnia_desktop.store.sync_rows import TakenChange
from tests.support.conflicts import add_conflict, resolve
from tests.support.desk import Desk


class KeepTaken(msgspec.Struct, frozen=True):
    """Writes what a merge at a moment took, as sync does."""

    document_id: str
    at: int
    changes: tuple[TakenChange, ...]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write."""
        taken_changes.keep(connection, self.document_id, self.at, self.changes)
        return []


class Overwrite(msgspec.Struct, frozen=True):
    """Writes other text over it, as a bad disk does."""

    document_id: str
    text: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write."""
        key = taken_changes.TAKEN_KEY + self.document_id
        connection.execute("UPDATE local SET value = ? WHERE key = ?", (self.text, key))
        return []


ACCEPT = TakenChange(("headers", "@a", "value"), "theirs")
METHOD = TakenChange(("method",), "mine")


def told(desk: Desk, request: str) -> list[tuple[str, str]]:
    return [(each.field, each.side) for each in taken_fields(desk.store.reader(), request)]


def test_it_is_told_in_words_as_long_as_the_conflict_is_open(desk: Desk) -> None:
    workspace = desk.workspace("Shop")
    request = desk.request(workspace, url="/mine", headers=[{"id": "a", "name": "Accept", "value": "x"}])
    number = add_conflict(desk, request, ("url",), mine="/mine", theirs="/theirs")
    # Two parts of one row are one field.
    changes = (ACCEPT, TakenChange(("headers", "@a"), "theirs"), METHOD)
    desk.run(KeepTaken(request, 1, changes))
    assert taken_fields(desk.store.reader(), request) == (
        TakenField("Header Accept", "theirs"), TakenField("Method", "mine"),
    )  # fmt: skip
    resolve(desk, number, "theirs")
    assert told(desk, request) == []
    desk.run(Undo(workspace))
    assert told(desk, request) == [("Header Accept", "theirs"), ("Method", "mine")]


def test_of_a_merge_whose_conflicts_are_over_nothing_is_told_and_the_next_one_lets_it_go(desk: Desk) -> None:
    request = desk.request(desk.workspace("Shop"))
    desk.run(KeepTaken(request, 0, (METHOD,)))
    add_conflict(desk, request, ("url",), theirs="/theirs")
    assert told(desk, request) == []
    desk.run(KeepTaken(request, 1, ()))
    assert taken_changes.of_document(desk.store.reader(), request) == ()
    desk.run(KeepTaken(request, 1, (METHOD,)))
    desk.run(KeepTaken(request, 2, (ACCEPT,)))
    assert [each.at for each in taken_changes.of_document(desk.store.reader(), request)] == [1, 2]
    assert told(desk, request) == [("Method", "mine")]


def test_what_cannot_be_read_is_nothing(desk: Desk) -> None:
    request = desk.request(desk.workspace("Shop"))
    add_conflict(desk, request, ("url",), theirs="/theirs")
    desk.run(KeepTaken(request, 1, (METHOD,)))
    for text in ("{", "[]", '[{"at":1}]'):
        desk.run(Overwrite(request, text))
        assert told(desk, request) == []
    desk.run(KeepTaken(request, 1, (METHOD,)))
    assert told(desk, request) == [("Method", "mine")]


def test_it_goes_with_its_document(desk: Desk) -> None:
    request = desk.request(desk.workspace("Shop"))
    desk.run(KeepTaken(request, 1, (METHOD,)))
    desk.run(DeleteDocuments((request,)))
    desk.run(PurgeTrash(0))
    assert taken_changes.of_document(desk.store.reader(), request) == ()
