"""Keeping both sides of a conflict: store.commands.conflicts."""

from __future__ import annotations

import sqlite3

import msgspec
import pytest

from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.conflicts import ResolveConflict
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import documents as queries_of_documents
from insomnia_desktop.store.queries import sync as queries
from tests.support.desk import Desk, refused


class AddConflict(msgspec.Struct, frozen=True):
    """Writes a conflict as a merge would."""

    document_id: str
    workspace_id: str
    path: tuple[str, ...]
    theirs: str | None

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Insert it."""
        text = msgspec.json.encode(self.path).decode()
        theirs = None if self.theirs is None else msgspec.json.encode(self.theirs).decode()
        connection.execute(
            "INSERT INTO conflict (document_id, workspace_id, path, base, mine, theirs, at, change)"
            " VALUES (?, ?, ?, NULL, NULL, ?, 1, ?)",
            (self.document_id, self.workspace_id, text, theirs, context.number),
        )
        return [Change("updated", "sync", self.workspace_id, self.workspace_id)]


@pytest.fixture
def conflicted(desk: Desk) -> tuple[str, str]:
    """A request whose name, address and place two devices changed."""
    workspace_id = desk.workspace()
    request_id = desk.request(workspace_id, "Mine", url="/mine", method="POST")
    for path, theirs in ((("name",), "Theirs"), (("url",), "/theirs"), (("method",), None), (("#place",), "x")):
        desk.run(AddConflict(request_id, workspace_id, path, theirs))
    return workspace_id, request_id


def test_one_copy_gets_all_of_theirs_and_every_conflict_ends(desk: Desk, conflicted: tuple[str, str]) -> None:
    workspace_id, request_id = conflicted
    first = queries.conflicts(desk.store.reader())[-1]
    desk.run(ResolveConflict(first.id, "both"))
    assert queries.conflicts(desk.store.reader()) == []
    assert desk.names(workspace_id) == ["Mine", "Mine (theirs)"]
    copy_id = queries_of_documents.children(desk.store.reader(), workspace_id)[1].id
    mine, copy = desk.fields(request_id), desk.fields(copy_id)
    assert (mine["name"], mine["url"], mine["method"]) == ("Mine", "/mine", "POST")
    assert copy["url"] == "/theirs"
    assert "method" not in copy
    with refused("sync.conflict_not_found"):
        desk.run(ResolveConflict(first.id, "both"))


def test_of_a_deleted_document_nothing_is_copied(desk: Desk, conflicted: tuple[str, str]) -> None:
    _, request_id = conflicted
    first = queries.conflicts(desk.store.reader())[0]
    desk.run(DeleteDocuments((request_id,)))
    desk.run(ResolveConflict(first.id, "both"))
    assert queries.conflicts(desk.store.reader()) == []


def test_a_place_alone_makes_no_copy(desk: Desk) -> None:
    workspace_id = desk.workspace()
    request_id = desk.request(workspace_id, "Mine")
    desk.run(AddConflict(request_id, workspace_id, ("#place",), "x"))
    desk.run(ResolveConflict(queries.conflicts(desk.store.reader())[0].id, "both"))
    assert desk.names(workspace_id) == ["Mine"]
