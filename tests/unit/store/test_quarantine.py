"""What is in quarantine is neither changed nor deleted by a person; about store.quarantine and
store.queries.quarantine.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import Edit
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.documents import (
    DeleteDocuments,
    DuplicateDocument,
    MoveDocuments,
    PatchDocument,
    PurgeTrash,
    RestoreDocuments,
)
from insomnia_desktop.store.commands.undo import Redo, Undo
from insomnia_desktop.store.quarantine import WHY_HELD
from insomnia_desktop.store.queries import quarantine
from tests.support.desk import Desk, refused
from tests.support.quarantine import Hold

RENAMED = (Edit(("name",), "Other"),)


class Held:
    """A request in quarantine, in a folder, beside one that is not."""

    def __init__(self, desk: Desk, workspace_id: str) -> None:
        self.desk, self.workspace = desk, workspace_id
        self.outer = desk.folder(workspace_id, "Outer")
        self.folder = desk.folder(self.outer, "Folder")
        self.request = desk.request(self.folder, "Held")
        self.other = desk.request(workspace_id, "Other request")

    def hold(self, document_id: str = "", reason: str = "newer_schema") -> None:
        self.desk.run(Hold(document_id or self.request, self.workspace, reason))

    def refuses(self, command: Command) -> None:
        """Expect that a command says why and changes nothing."""
        before = self.desk.state()
        with refused("document.quarantined"):
            self.desk.run(command)
        assert self.desk.state() == before


@pytest.fixture
def held(desk: Desk, workspace_id: str) -> Held:
    return Held(desk, workspace_id)


@pytest.mark.parametrize(
    "command",
    [
        lambda held: PatchDocument(held.request, RENAMED),
        lambda held: MoveDocuments((held.request,), held.workspace),
        lambda held: MoveDocuments((held.other, held.request), held.folder),
        lambda held: MoveDocuments((held.folder,), held.workspace),
        lambda held: DeleteDocuments((held.request,)),
        lambda held: DeleteDocuments((held.other, held.outer)),
        lambda held: DeleteDocuments((held.workspace,)),
    ],
)
def test_no_command_of_a_person_changes_it(held: Held, command: Callable[[Held], Command]) -> None:
    held.hold()
    held.refuses(command(held))
    held.hold(reason="")
    held.desk.run(command(held))


def test_a_folder_is_held_as_a_request_is(held: Held) -> None:
    held.hold(held.folder)
    held.refuses(PatchDocument(held.folder, RENAMED))
    held.refuses(MoveDocuments((held.folder,), held.workspace))
    held.refuses(DeleteDocuments((held.outer,)))
    held.desk.set(held.request, name="In it")
    held.desk.request(held.folder, "New in it")


def test_what_does_not_touch_it_goes_on(held: Held) -> None:
    desk = held.desk
    held.hold()
    desk.set(held.other, name="Typed")
    desk.set(held.folder, name="Named anew")
    desk.run(MoveDocuments((held.other,), held.folder, before_id=held.request))
    assert desk.names(held.folder) == ["Typed", "Held"]
    desk.run(DuplicateDocument(held.request, new_id=new_id("request")))
    assert desk.names(held.folder) == ["Typed", "Held", "Held copy"]
    desk.run(DeleteDocuments((held.other,)))
    for _ in range(3):
        desk.run(Undo(held.workspace))
    assert desk.names(held.folder) == ["Held"]


def test_undo_and_redo_say_the_same_and_change_nothing(held: Held) -> None:
    desk = held.desk
    desk.set(held.request, name="Typed")
    held.hold()
    held.refuses(Undo(held.workspace))
    held.hold(reason="")
    desk.run(Undo(held.workspace))
    held.hold()
    held.refuses(Redo(held.workspace))
    held.hold(reason="")
    desk.run(Redo(held.workspace))
    assert desk.fields(held.request)["name"] == "Typed"


def test_undo_of_a_new_folder_does_not_delete_what_is_held_in_it(desk: Desk, workspace_id: str) -> None:
    inside = desk.request(workspace_id, "Inside")
    folder = desk.folder(workspace_id, "New")
    desk.run(MoveDocuments((inside,), folder))
    desk.run(Hold(inside, workspace_id))
    before = desk.state()
    for _ in range(2):
        with refused("document.quarantined"):
            desk.run(Undo(workspace_id))
    assert desk.state() == before


def test_what_was_typed_before_is_kept(held: Held) -> None:
    held.hold()
    held.desk.run(PatchDocument(held.request, RENAMED, typed_before=True))
    assert held.desk.fields(held.request)["name"] == "Other"


def test_in_the_trash_it_is_not_removed_for_good_and_can_come_back(held: Held) -> None:
    desk = held.desk
    desk.run(DeleteDocuments((held.request, held.other)))
    held.hold()
    desk.run(PurgeTrash(0))
    desk.run(RestoreDocuments((held.request,)))
    assert desk.fields(held.request)["name"] == "Held"
    with refused("document.not_found"):
        desk.run(RestoreDocuments((held.other,)))


def test_the_reason_is_told(held: Held) -> None:
    reader = held.desk.store.reader()
    assert quarantine.reason(reader, held.request) == ""
    held.hold(reason="malformed")
    assert quarantine.reason(reader, held.request) == "malformed"
    assert quarantine.reason(reader, held.other) == ""


def test_in_whichever_group_it_is_held_it_is_found_by_the_index(held: Held) -> None:
    connection = held.desk.store.reader().connection
    plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {WHY_HELD}", ("x",)))
    assert plan == "SEARCH quarantine USING INDEX quarantine_resource (resource=?)"
    for group, document_id in (("a", held.other), ("b", held.folder), ("c", held.request)):
        held.desk.run(Hold(document_id, held.workspace, group_id=group))
    for document_id in (held.other, held.folder, held.request):
        held.refuses(PatchDocument(document_id, RENAMED))
    held.desk.set(held.outer, name="Typed")
