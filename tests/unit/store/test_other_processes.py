"""What one process hears of another, about store.other_processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Change, ChangeSet, Store
from insomnia_desktop.store.commands.documents import (
    DeleteDocuments,
    MoveDocuments,
    PurgeTrash,
    RestoreDocuments,
)
from insomnia_desktop.store.commands.responses import AddResponse, DeleteResponses
from insomnia_desktop.store.commands.settings import ResetSetting, SetSetting
from insomnia_desktop.store.commands.undo import Undo
from insomnia_desktop.store.other_processes import OtherProcesses
from tests.support.clock import FixedClock
from tests.support.desk import Desk, refused
from tests.support.responses import response_of


@pytest.fixture
def other(desk: Desk, data_folder: DataFolder) -> Iterator[Desk]:
    """The same store, opened a second time, as another process has it."""
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    yield Desk(store)
    store.close()


def _heard(desk: Desk) -> list[tuple[str, str, str]]:
    found = desk.store.external_changes()
    if found is None:
        return []
    assert found.origin.kind == "other_process"
    return [(change.action, change.kind, change.id) for change in found.changes]


def test_nothing_is_heard_where_nothing_was_written_and_of_ones_own_writes(desk: Desk) -> None:
    assert desk.store.external_changes() is None
    desk.workspace()
    assert desk.store.external_changes() is None
    assert desk.store.external_changes() is None


def test_every_kind_of_foreign_change_is_heard_once(desk: Desk, other: Desk, workspace_id: str) -> None:
    assert _heard(desk) == []
    folder = other.folder(workspace_id, "F")
    request_id = other.request(folder, "a")
    undo = ("updated", "undo", workspace_id)
    assert _heard(desk) == [("created", "folder", folder), ("created", "request", request_id), undo]
    assert _heard(desk) == []
    other.set(request_id, url="x")
    found = desk.store.external_changes()
    assert found is not None
    edited = next(change for change in found.changes if change.id == request_id)
    assert edited.action == "updated"
    assert {"url", "name", "headers", "parent", "order"} <= edited.parts
    other.run(MoveDocuments([request_id], workspace_id))
    assert ("updated", "request", request_id) in _heard(desk)
    other.run(MoveDocuments([request_id], folder))
    _heard(desk)
    other.run(DeleteDocuments([folder]))
    assert _heard(desk) == [("deleted", "folder", folder), undo]
    other.run(RestoreDocuments([folder]))
    assert _heard(desk) == [("restored", "folder", folder), undo]
    other.run(Undo(workspace_id))
    assert _heard(desk) == [("deleted", "folder", folder), undo]
    other.run(PurgeTrash(0))
    assert _heard(desk) == [("purged", "folder", folder)]


def test_foreign_responses_and_settings_are_heard(desk: Desk, other: Desk, workspace_id: str) -> None:
    request = desk.get(desk.request(workspace_id))
    response = response_of(request)
    other.run(AddResponse(response, keep=5))
    other.run(SetSetting("s", 1))
    assert _heard(desk) == [("created", "response", response.id), ("updated", "setting", "s")]
    other.run(DeleteResponses([response.id]))
    other.run(ResetSetting("s"))
    assert _heard(desk) == [("deleted", "response", response.id), ("updated", "setting", "s")]


def test_a_foreign_write_is_heard_before_it_is_written_over(desk: Desk, other: Desk, workspace_id: str) -> None:
    request_id = desk.request(workspace_id)
    heard: list[ChangeSet] = []
    desk.store.subscribe(heard.append)
    other.set(request_id, name="theirs")
    desk.set(request_id, url="mine")
    assert [each.origin.kind for each in heard] == ["other_process", "window"]
    assert heard[0].changes[0].id == request_id
    assert "name" in heard[0].changes[0].parts
    assert desk.store.external_changes() is None
    assert other.store.external_changes() is not None
    assert desk.fields(request_id)["name"] == "theirs"


def test_a_foreign_write_is_heard_also_where_the_own_one_fails(desk: Desk, other: Desk, workspace_id: str) -> None:
    heard: list[ChangeSet] = []
    desk.store.subscribe(heard.append)
    folder = other.folder(workspace_id)
    with refused("document.not_found"):
        desk.set("req_" + "0" * 32, name="x")
    assert Change("created", "folder", folder, workspace_id) in heard[0].changes
    # The number that was not used is another process's next one, and is not taken for an own one.
    second = other.folder(workspace_id)
    assert ("created", "folder", second) in _heard(desk)


def test_made_and_deleted_in_between_is_not_heard(desk: Desk, other: Desk, workspace_id: str) -> None:
    _heard(desk)
    other.run(DeleteDocuments([other.request(workspace_id)]))
    assert _heard(desk) == [("updated", "undo", workspace_id)]


def test_a_number_that_was_not_committed_is_no_own_number(desk: Desk, workspace_id: str) -> None:
    reader = desk.store.reader()
    (number,) = reader.rows("SELECT change FROM counter")[0]
    others = OtherProcesses(number)
    # The commit fails, as on a full disk, and another process takes the number.
    others.will_commit(number + 1)
    others.rolled_back(number + 1)
    folder = desk.folder(workspace_id)
    found = others.collect(reader.connection)
    assert found is not None
    assert ("created", folder) in [(change.action, change.id) for change in found.changes]
    others.will_commit(number + 2)
    desk.folder(workspace_id)
    assert others.collect(reader.connection) is None
