"""A store that was damaged, mended or not, goes on with its server, and no edit of anybody is lost."""

from __future__ import annotations

import json

import pytest

from insomnia_desktop.base.ids import singleton_id
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import database
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import documents, sync
from insomnia_desktop.store.salvage import salvage
from tests.support.clock import FixedClock
from tests.support.sync_devices import SyncDevice, SyncPlace


def mended(place: SyncPlace, device: SyncDevice, *damage: str) -> None:
    """Close a device's store, damage the file, and go on with what a salvage makes of it."""
    device.store.close()
    folder = DataFolder(place.root / f"device{place.devices.index(device)}")
    connection = database.connect_writer(folder.store_file)
    for statement in damage:
        connection.execute(statement)
    connection.close()
    salvage(folder, clock=FixedClock())
    device.reopen(folder.root)


def settled(*devices: SyncDevice) -> None:
    """Let all run rounds until they have the same."""
    for device in (*devices, *devices, *devices):
        assert device.sync(recompute=True).verified
    first, *others = (
        {
            name: (*row[:-1], json.loads(row[-1]))
            for name, row in device.desk.state().items()
            if not name.startswith("jar_")
        }
        for device in devices
    )
    assert all(other == first for other in others)


def test_a_mended_store_goes_on_where_it_was_without_conflicts(place: SyncPlace) -> None:
    device, other = place.device(), place.device()
    workspace = device.desk.workspace("Shop")
    request = device.desk.request(device.desk.folder(workspace, "Orders"), "List", url="https://example.com")
    deleted = device.desk.request(workspace, "Deleted")
    settled(device, other)
    device.desk.run(DeleteDocuments((deleted,)))
    settled(device, other)
    mended(place, device)
    settled(device, other)
    assert [binding.workspace_id for binding in sync.bindings(device.store.reader())] == [workspace]
    assert sync.conflicts(device.store.reader()) == []
    assert sync.conflicts(other.store.reader()) == []
    assert [row.id for row in documents.trash(device.store.reader(), workspace)] == [deleted]
    other.desk.set(request, name="Edited there")
    settled(device, other)
    assert device.desk.fields(request)["name"] == "Edited there"


def test_edits_of_both_sides_survive_a_salvage(place: SyncPlace) -> None:
    device, other = place.device(), place.device()
    workspace = device.desk.workspace("Shop")
    mine, both, theirs = (device.desk.request(workspace, name) for name in ("Mine", "Both", "Theirs"))
    settled(device, other)
    device.desk.set(mine, name="Edited here, not sent")
    device.desk.set(both, name="Edited here")
    other.desk.set(both, name="Edited there")
    other.desk.set(theirs, url="https://example.com/there")
    made = other.desk.request(workspace, "Made there")
    other.sync()
    mended(place, device)
    settled(device, other)
    assert device.desk.fields(mine)["name"] == "Edited here, not sent"
    assert device.desk.fields(made)["name"] == "Made there"
    kept = [(row.document_id, row.mine, row.theirs) for row in sync.conflicts(device.store.reader())]
    assert (both, '"Edited here"', '"Edited there"') in kept
    # Without a base nobody knows that only they edited this: mine stays, and theirs is listed.
    assert (theirs, '""', '"https://example.com/there"') in kept


def test_what_the_damage_took_comes_back_from_the_server(place: SyncPlace) -> None:
    device, other = place.device(), place.device()
    workspace = device.desk.workspace("Shop")
    whole = device.desk.request(workspace, "Whole", url="https://example.com", description="kept at the server")
    half = device.desk.request(workspace, "Half", url="https://example.com", description="kept at the server too")
    settled(device, other)
    mended(
        place,
        device,
        f"DELETE FROM content WHERE id IN ('{whole}', '{half}')",
        f"DELETE FROM document WHERE id = '{whole}'",
    )
    settled(device, other)
    assert device.desk.fields(whole)["description"] == "kept at the server"
    assert device.desk.fields(half)["description"] == "kept at the server too"


@pytest.mark.parametrize("bases", ["kept", "lost"])
def test_a_workspace_that_was_lost_is_on_all_devices_what_it_was(place: SyncPlace, bases: str) -> None:
    device, other = place.device(), place.device()
    # Not the first in the order of workspaces, so that its own order differs from one that is made up.
    device.desk.workspace("Other")
    workspace = device.desk.workspace("Shop")
    seed = device.desk.fields(workspace)["seed"]
    environment, jar = singleton_id(seed, "base_environment"), singleton_id(seed, "cookie_jar")
    device.desk.set(environment, color="#00aa55", variables=[{"id": "v1", "enabled": True, "name": "a", "value": "b"}])
    request = device.desk.request(workspace, "List")
    settled(device, other)
    before = {each: other.desk.fields(each) for each in (workspace, environment, request)}
    environments = {each for each in other.desk.state() if each.startswith("env_")}
    lost = [
        f"DELETE FROM {table} WHERE id IN ('{workspace}', '{environment}', '{jar}')"
        for table in ("document", "content")
    ]
    mended(place, device, *lost, *(["DELETE FROM base"] if bases == "lost" else []))
    settled(device, other)
    for each in (device, other):
        assert {document: each.desk.fields(document) for document in before} == before
        assert {name for name in each.desk.state() if name.startswith("env_")} == environments
        assert each.desk.get(jar).workspace_id == workspace
    # Without a base nobody knows the order of the workspace here, and none is right but one.
    assert {row.path for row in sync.conflicts(device.store.reader())} <= ({'["#place"]'} if bases == "lost" else set())


def test_a_document_that_lost_its_row_stays_in_its_workspace(place: SyncPlace) -> None:
    device, other = place.device(), place.device()
    first, second = device.desk.workspace("First"), device.desk.workspace("Second")
    request = device.desk.request(device.desk.folder(second, "Orders"), "List")
    gone = device.desk.request(second, "Gone")
    device.sync()
    device.desk.run(DeleteDocuments((gone,)))
    settled(device, other)
    before = other.desk.state()
    mended(place, device, f"DELETE FROM document WHERE id IN ('{request}', '{gone}')")
    assert device.desk.get(request).workspace_id == second
    settled(device, other)
    assert other.desk.state() == before
    assert sync.conflicts(device.store.reader()) == []
    assert device.desk.names(first) == []


class Damaged:
    """Two devices with a workspace of two requests; one of them cannot be read on the first device."""

    def __init__(self, place: SyncPlace, *, edited_here: bool, edited_there: bool) -> None:
        self.first, self.second = place.device(), place.device()
        self.workspace = self.first.desk.workspace("Shop")
        self.request, self.other = (self.first.desk.request(self.workspace, name) for name in ("List", "Other"))
        settled(self.first, self.second)
        if edited_here:
            self.first.desk.set(self.request, url="https://example.com/lost")
        self.first.desk.set(self.other, url="https://example.com/here")
        if edited_there:
            self.second.desk.set(self.request, name="Edited there")
            self.second.sync()
        self.first.store.close()
        folder = place.root / "device0"
        connection = database.connect_writer(folder / "store.sqlite")
        connection.execute("UPDATE content SET fields = '{\"name\":' WHERE id = ?", (self.request,))
        connection.close()
        self.first.reopen(folder)


def test_a_damaged_document_is_not_sent_and_the_rest_is(place: SyncPlace) -> None:
    damaged = Damaged(place, edited_here=True, edited_there=False)
    assert not damaged.first.sync().verified
    damaged.second.sync()
    assert damaged.second.desk.fields(damaged.other)["url"] == "https://example.com/here"
    assert damaged.second.desk.fields(damaged.request)["name"] == "List"
    group = sync.bindings(damaged.first.store.reader())[0].group_id or ""
    assert [(each[0], each[1]) for each in sync.blocked(damaged.first.store.reader(), group)] == [
        (damaged.request, "invalid")
    ]


@pytest.mark.parametrize("edited_here", [True, False])
def test_what_another_device_edits_mends_a_damaged_document(place: SyncPlace, edited_here: bool) -> None:
    damaged = Damaged(place, edited_here=edited_here, edited_there=True)
    settled(damaged.first, damaged.second)
    assert damaged.first.desk.fields(damaged.request)["name"] == "Edited there"
    assert damaged.second.desk.fields(damaged.other)["url"] == "https://example.com/here"
