"""Two devices with real stores and the real rounds over the real server: every pair of edits.

About sync.rounds, sync.group_round, group_pull, group_store, bindings, session, stored, envelopes, tally and endings,
and store.synced_documents.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest

from insomnia_desktop.base.ids import new_id
from insomnia_desktop.model import Document, Edit
from insomnia_desktop.store.commands.documents import (
    CreateDocument,
    DeleteDocuments,
    MoveDocuments,
    PatchDocument,
    RestoreDocuments,
)
from insomnia_desktop.store.commands.environments import MakePrivate, MakeShared
from insomnia_desktop.store.commands.moves import MoveToWorkspace
from insomnia_desktop.store.queries import documents, sync
from tests.support.sync_devices import SyncDevice, SyncPlace


class Pair:
    """Two devices with the same workspace: two folders, and a request in the first one."""

    def __init__(self, place: SyncPlace) -> None:
        self.first, self.second = place.device(), place.device()
        desk = self.first.desk
        self.workspace = desk.workspace("Shop")
        self.folder, self.other = desk.folder(self.workspace, "Orders"), desk.folder(self.workspace, "Archive")
        self.request = desk.request(
            self.folder, "List", url="https://example.com", description="one\ntwo\nthree\nfour\n"
        )
        self.settle()

    def settle(self) -> None:
        """Let both run rounds until nothing is left."""
        for _ in range(4):
            first, second = self.first.sync(recompute=True), self.second.sync(recompute=True)
            if (
                first.verified
                and second.verified
                and not any(each.tally.pulled or each.tally.pushed for each in (first, second))
            ):
                break
        assert first.verified
        assert second.verified
        assert shared(self.first) == shared(self.second)

    def is_alive(self, document_id: str) -> bool:
        """Say whether a document lives on both."""
        found = [documents.document(device.store.reader(), document_id) for device in (self.first, self.second)]
        assert (found[0] is None) == (found[1] is None)
        return found[0] is not None


def shared(device: SyncDevice) -> dict[str, object]:
    """Return what both must have: all but the cookie jars."""
    return {name: row for name, row in device.desk.state().items() if not name.startswith("jar_")}


def set_name(device: SyncDevice, pair: Pair) -> None:
    device.desk.set(pair.request, name=f"Named on {device.desk is pair.first.desk}")


def set_url(device: SyncDevice, pair: Pair) -> None:
    device.desk.set(pair.request, url="https://example.com/orders")


def set_line(device: SyncDevice, pair: Pair) -> None:
    lines = device.desk.fields(pair.request)["description"].split("\n")
    lines[0 if device is pair.first else 3] = "changed"
    device.desk.set(pair.request, description="\n".join(lines))


def move(device: SyncDevice, pair: Pair) -> None:
    device.desk.run(MoveDocuments((pair.request,), pair.other))


def delete(device: SyncDevice, pair: Pair) -> None:
    device.desk.run(DeleteDocuments((pair.request,)))


def delete_folder(device: SyncDevice, pair: Pair) -> None:
    device.desk.run(DeleteDocuments((pair.folder,)))


def create_inside(device: SyncDevice, pair: Pair) -> None:
    device.desk.request(pair.folder, "Fresh")


def nothing(device: SyncDevice, pair: Pair) -> None:
    pass


Deed = Callable[[SyncDevice, Pair], None]
DEEDS: tuple[Deed, ...] = (nothing, set_name, set_url, set_line, move, delete, delete_folder, create_inside)
EDITS: tuple[Deed, ...] = (set_name, set_url, set_line)


@pytest.mark.parametrize("mine", DEEDS, ids=lambda deed: deed.__name__)
@pytest.mark.parametrize("theirs", DEEDS, ids=lambda deed: deed.__name__)
def test_every_pair_of_edits_ends_in_the_same_on_both(place: SyncPlace, mine: Deed, theirs: Deed) -> None:
    pair = Pair(place)
    mine(pair.first, pair)
    theirs(pair.second, pair)
    pair.settle()
    deeds = {mine, theirs}
    expected = not deeds & {delete, delete_folder} or bool(deeds & {*EDITS, move})
    # A deletion stands unless the other side edited what it deletes; whoever is in the folder brings it back.
    assert pair.is_alive(pair.request) is expected
    if expected or create_inside in deeds:
        assert pair.is_alive(pair.folder) or pair.is_alive(pair.other)
    found = sync.conflicts(pair.first.store.reader()) + sync.conflicts(pair.second.store.reader())
    both = mine is theirs and mine is set_name
    assert [each.path for each in found] == (['["name"]'] if both else [])
    for deed, field, value in ((set_url, "url", "https://example.com/orders"),):
        if deed in deeds:
            assert pair.first.desk.fields(pair.request)[field] == value
    assert shared(pair.first) == shared(pair.second)


def test_what_one_device_has_the_other_gets(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    folder = first.desk.folder(workspace, "Orders")
    request = first.desk.request(folder, "List", url="https://example.com")
    outcome = first.sync(recompute=True)
    assert outcome.verified
    assert outcome.tally.pushed == 4
    outcome = second.sync(recompute=True)
    assert outcome.verified
    assert outcome.tally.pulled == 4
    assert second.desk.fields(request)["url"] == "https://example.com"
    assert shared(second) == shared(first)


def test_a_round_with_nothing_to_do_is_one_request(place: SyncPlace) -> None:
    pair = Pair(place)
    pair.first.wire.requests.clear()
    assert pair.first.sync().verified
    assert [request.url.path for request in pair.first.wire.requests] == ["/v1/heads"]


def test_one_edit_is_one_request_after_the_heads(place: SyncPlace) -> None:
    pair = Pair(place)
    set_url(pair.first, pair)
    pair.first.wire.requests.clear()
    assert pair.first.sync().verified
    assert [request.method for request in pair.first.wire.requests] == ["GET", "POST"]


def test_the_same_field_on_both_keeps_mine_and_lists_theirs(place: SyncPlace) -> None:
    pair = Pair(place)
    pair.first.desk.set(pair.request, name="A")
    pair.second.desk.set(pair.request, name="B")
    pair.settle()
    assert pair.first.desk.fields(pair.request)["name"] == "B"
    (conflict,) = sync.conflicts(pair.second.store.reader())
    assert (conflict.base, conflict.mine, conflict.theirs) == ('"List"', '"B"', '"A"')


def test_a_restored_folder_comes_back_with_what_it_held(place: SyncPlace) -> None:
    pair = Pair(place)
    delete_folder(pair.first, pair)
    pair.settle()
    assert [row.id for row in documents.trash(pair.second.store.reader(), pair.workspace)] == [pair.folder]
    pair.second.desk.run(RestoreDocuments((pair.folder,)))
    pair.settle()
    assert pair.is_alive(pair.request)
    assert documents.trash(pair.first.store.reader(), pair.workspace) == []


def test_a_deleted_workspace_goes_everywhere_and_comes_back(place: SyncPlace) -> None:
    pair = Pair(place)
    pair.first.desk.run(DeleteDocuments((pair.workspace,)))
    pair.settle()
    assert documents.workspaces(pair.second.store.reader()) == []
    pair.second.desk.run(RestoreDocuments((pair.workspace,)))
    pair.settle()
    assert pair.is_alive(pair.request)


def test_unknown_keys_survive_the_way_there_and_back(place: SyncPlace) -> None:
    pair = Pair(place)
    pair.first.desk.run(PatchDocument(pair.request, (Edit(("x_future",), {"deep": [1, None]}),)))
    pair.settle()
    assert pair.second.desk.fields(pair.request)["x_future"] == {"deep": [1, None]}


def test_cookies_stay_here_until_their_workspace_says_otherwise(place: SyncPlace) -> None:
    pair = Pair(place)
    (jar,) = [name for name in pair.first.desk.state() if name.startswith("jar_")]
    pair.first.desk.set(jar, cookies=[{"id": "c1", "name": "session", "value": "mine"}])
    pair.settle()
    assert pair.second.desk.fields(jar)["cookies"] == []
    pair.first.desk.set(pair.workspace, sync_cookies=True)
    pair.settle()
    assert pair.second.desk.fields(jar)["cookies"][0]["value"] == "mine"


def environment(device: SyncDevice, pair: Pair, **fields: object) -> str:
    """Make an environment in the workspace of both and return its id."""
    made = Document(
        id=new_id("environment"),
        kind="environment",
        workspace_id=pair.workspace,
        parent_id=pair.workspace,
        sort_key="",
        fields={"name": "Mine", "variables": [], **fields},
    )
    device.desk.run(CreateDocument(made))
    return made.id


def test_a_private_environment_stays_on_its_device_and_is_gone_on_the_others(place: SyncPlace) -> None:
    pair = Pair(place)
    private = environment(pair.first, pair, private=True)
    synced = environment(pair.first, pair)
    assert pair.first.sync(recompute=True).verified
    assert pair.second.sync().verified
    assert private not in pair.second.desk.state()
    assert synced in pair.second.desk.state()
    copy_id = new_id("environment")
    pair.first.desk.run(MakePrivate(synced, copy_id))
    assert pair.first.sync(recompute=True).verified
    assert pair.second.sync(recompute=True).verified
    assert {private, copy_id} <= set(pair.first.desk.state())
    assert not {private, copy_id, synced} & set(pair.second.desk.state())
    # What it was is in the trash there.
    assert [row.id for row in documents.trash(pair.second.store.reader(), pair.workspace)] == [synced]
    pair.first.desk.run(MakeShared(private))
    pair.first.sync()
    pair.second.sync()
    assert private in pair.second.desk.state()


def test_a_private_environment_goes_and_comes_back_with_its_workspace(place: SyncPlace) -> None:
    pair = Pair(place)
    private, gone = environment(pair.first, pair, private=True), environment(pair.first, pair, private=True)
    pair.first.desk.run(DeleteDocuments((gone,)))
    pair.second.desk.run(DeleteDocuments((pair.workspace,)))
    pair.settle()
    assert private not in pair.first.desk.state()
    assert pair.first.desk.state() == {}
    pair.second.desk.run(RestoreDocuments((pair.workspace,)))
    assert pair.second.sync().verified
    assert pair.first.sync(recompute=True).verified
    assert private in pair.first.desk.state()
    assert gone not in pair.first.desk.state()


def test_nothing_in_plain_lies_at_the_server(place: SyncPlace) -> None:
    pair = Pair(place)
    marker = "canary-5d3f"
    pair.first.desk.set(pair.request, name=marker, description=marker * 40)
    pair.settle()
    for file in place.server.config.database.parent.glob("server.sqlite*"):  # type: ignore[union-attr]
        content = file.read_bytes()
        assert marker.encode() not in content
        assert b"example.com/orders" not in content


class Shops:
    """Two devices with two workspaces; the first one holds a folder with a request."""

    def __init__(self, place: SyncPlace) -> None:
        self.first, self.second = place.device(), place.device()
        desk = self.first.desk
        self.here, self.there = desk.workspace("Here"), desk.workspace("There")
        self.folder = desk.folder(self.here, "Orders")
        self.request = desk.request(self.folder, "List")
        self.settle()

    def settle(self) -> None:
        """Let both run rounds until both have everything."""
        for device in (self.first, self.second, self.first, self.second):
            assert device.sync(recompute=True).verified
        assert shared(self.first) == shared(self.second)

    def move(self, device: SyncDevice) -> str:
        """Move the folder and return its id in the other workspace."""
        copy_id = new_id("folder")
        device.desk.run(MoveToWorkspace(((self.folder, copy_id),), self.there))
        return copy_id


def pushed(device: SyncDevice) -> list[tuple[bool, ...]]:
    """Return for each push that a device sent whether its changes are deletions."""
    bodies = [json.loads(request.content) for request in device.wire.requests if request.url.path.endswith("/push")]
    return [tuple(change["deleted"] for change in body["changes"]) for body in bodies]


def test_what_moves_to_another_workspace_arrives_before_it_leaves(place: SyncPlace) -> None:
    shops = Shops(place)
    copy_id = shops.move(shops.first)
    shops.first.wire.requests.clear()
    assert shops.first.sync(recompute=True).verified
    assert pushed(shops.first) == [(False, False), (True, True)]
    shops.settle()
    assert shops.second.desk.names(copy_id) == ["List"]
    assert shops.second.desk.names(shops.here) == []


def test_a_move_in_the_middle_of_a_round_arrives_before_it_leaves(place: SyncPlace) -> None:
    shops = Shops(place)
    device = shops.first
    device.desk.run(DeleteDocuments((device.desk.request(shops.there, "Gone"),)))
    device.desk.set(shops.request, name="Edited")
    moved: list[str] = []

    async def move(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        answer = await deliver()
        if request.url.path.endswith("/push") and not moved:
            moved.append(shops.move(device))
        return answer

    device.wire.requests.clear()
    device.wire.carry = move
    assert device.sync(recompute=True).verified
    device.wire.carry = None
    kinds = [deleted for changes in pushed(device) for deleted in changes]
    assert kinds == sorted(kinds)
    assert kinds.count(True) == 2
    shops.settle()
    assert shops.second.desk.names(moved[0]) == ["Edited"]


def test_who_edits_what_another_device_moves_keeps_it_where_it_was_too(place: SyncPlace) -> None:
    shops = Shops(place)
    copy_id = shops.move(shops.first)
    shops.second.desk.set(shops.request, name="Edited here")
    shops.settle()
    shops.settle()
    assert shops.first.desk.fields(shops.request)["name"] == "Edited here"
    assert shops.first.desk.names(copy_id) == ["List"]


def test_two_devices_that_move_the_same_leave_two_copies(place: SyncPlace) -> None:
    shops = Shops(place)
    copies = {shops.move(shops.first), shops.move(shops.second)}
    shops.settle()
    shops.settle()
    for device in (shops.first, shops.second):
        rows = documents.tree_rows(device.store.reader(), shops.there)
        assert {row.id for row in rows if row.kind == "folder"} == copies
        assert [row.name for row in rows if row.kind == "request"] == ["List", "List"]
