"""Conflicts whose documents went on before they were ended: store.conflict_rows, services.conflict_facts."""

from __future__ import annotations

import pytest

from insomnia_desktop.services.conflict_facts import conflict_rows
from insomnia_desktop.store.commands.documents import DeleteDocuments, MoveDocuments, RestoreDocuments
from insomnia_desktop.store.queries import documents
from tests.support.conflicts import open_conflicts, resolve
from tests.support.sync_devices import SyncDevice, SyncPlace


class Pair:
    """Two devices that have a request, and each its own address for it; the first one found the conflict."""

    def __init__(self, place: SyncPlace, *, is_deleted: bool = False) -> None:
        self.first, self.second = place.device(), place.device()
        self.workspace = self.first.desk.workspace("Shop")
        self.request = self.first.desk.request(self.workspace, "List", url="/before")
        self.sync()
        self.first.desk.set(self.request, url="/mine")
        if is_deleted:
            self.first.desk.run(DeleteDocuments((self.request,)))
        self.second.desk.set(self.request, url="/theirs")
        self.sync()

    def sync(self) -> None:
        """Run rounds until both have everything."""
        for device in (self.second, self.first, self.second):
            device.sync()

    def told(self) -> list[tuple[str, str]]:
        """Return mine and theirs of each conflict."""
        return [(row.mine.text, row.theirs.text) for row in conflict_rows(self.first.store.reader())]

    def urls(self, device: SyncDevice) -> dict[str, str]:
        """Return the addresses by the names of the requests."""
        return {row.name: row.url for row in documents.children(device.store.reader(), self.workspace)}


def test_what_the_other_device_made_of_mine_is_mine(place: SyncPlace) -> None:
    pair = Pair(place)
    pair.second.desk.set(pair.request, url="/mine/2")
    pair.sync()
    assert pair.told() == [("/mine/2", "/theirs")]
    resolve(pair.first.desk, open_conflicts(pair.first.desk)[0], "mine")
    pair.sync()
    assert pair.urls(pair.first) == pair.urls(pair.second) == {"List": "/mine/2"}


@pytest.mark.parametrize(
    ("keep", "urls"),
    [
        ("mine", {"List": "/mine"}),
        ("theirs", {"List": "/theirs/2"}),
        ("both", {"List": "/theirs/2", "List (mine)": "/mine"}),
    ],
)
def test_what_was_deleted_here_stays_beside_what_goes_on_there(
    place: SyncPlace, keep: str, urls: dict[str, str]
) -> None:
    """Mine was never sent: nobody else has it."""
    pair = Pair(place, is_deleted=True)
    assert pair.told() == [("/mine", "/theirs")]
    pair.second.desk.set(pair.request, url="/theirs/2")
    pair.sync()
    assert pair.told() == [("/mine", "/theirs/2")]
    resolve(pair.first.desk, open_conflicts(pair.first.desk)[0], keep)  # type: ignore[arg-type]
    pair.sync()
    assert pair.urls(pair.first) == pair.urls(pair.second) == urls


def test_where_the_other_device_comes_to_mine_theirs_is_not_lost(place: SyncPlace) -> None:
    pair = Pair(place, is_deleted=True)
    pair.second.desk.set(pair.request, url="/mine")
    pair.sync()
    assert pair.told() == [("/mine", "/theirs")]


def test_a_conflict_waits_while_its_document_is_in_the_trash(place: SyncPlace) -> None:
    pair = Pair(place)
    pair.second.desk.run(DeleteDocuments((pair.request,)))
    pair.sync()
    assert pair.told() == []
    pair.second.desk.run(RestoreDocuments((pair.request,)))
    pair.sync()
    assert pair.told() == [("/mine", "/theirs")]
    resolve(pair.first.desk, open_conflicts(pair.first.desk)[0], "theirs")
    pair.sync()
    assert pair.urls(pair.second) == {"List": "/theirs"}


def test_a_place_there_goes_on_too(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    here, there, later = (first.desk.folder(workspace, name) for name in ("Here", "There", "Later"))
    request = first.desk.request(workspace, "List")
    first.sync()
    second.sync()
    first.desk.run(MoveDocuments((request,), here))
    first.desk.run(DeleteDocuments((request,)))
    for target in (there, later):
        second.desk.run(MoveDocuments((request,), target))
        second.sync()
        first.sync()
        (row,) = conflict_rows(first.store.reader())
        assert (row.mine.text, row.theirs.text) == ("In “Here”", "In “There”" if target == there else "In “Later”")
    resolve(first.desk, row.id, "mine")
    assert first.desk.get(request).parent_id == here


@pytest.mark.parametrize(
    ("keep", "orders"),
    [("mine", {"List": "bac"}), ("theirs", {"List": "cba"}), ("both", {"List": "cba", "List (mine)": "bac"})],
)
def test_an_order_of_rows_that_were_gone_for_a_while_stops_no_pull(
    place: SyncPlace, keep: str, orders: dict[str, str]
) -> None:
    pair = _pair_of_orders(place)
    # The other device puts its order back, and takes the rows away for a while.
    for body in (_form("cba"), {"type": "text", "media_type": "text/plain", "text": ""}, _form("cba")):
        pair.second.desk.set(pair.request, body=body)
        pair.sync()
        assert len(open_conflicts(pair.first.desk)) == 1
    pair.second.desk.request(pair.workspace, "New")
    pair.sync()
    assert list(pair.urls(pair.first)) == ["List", "New"]
    resolve(pair.first.desk, open_conflicts(pair.first.desk)[0], keep)  # type: ignore[arg-type]
    pair.sync()
    for device in (pair.first, pair.second):
        found = documents.children(device.store.reader(), pair.workspace)
        bodies = {row.name: device.desk.fields(row.id).get("body") for row in found if row.name != "New"}
        assert {name: "".join(row["id"] for row in body["rows"]) for name, body in bodies.items()} == orders


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_an_order_of_rows_that_came_back_here_stays(place: SyncPlace, keep: str) -> None:
    pair = _pair_of_orders(place)
    for body in (_form("cba"), {"type": "text", "media_type": "text/plain", "text": ""}):
        pair.second.desk.set(pair.request, body=body)
        pair.sync()
    pair.first.desk.set(pair.request, body=_form("abc"))
    resolve(pair.first.desk, open_conflicts(pair.first.desk)[0], keep)  # type: ignore[arg-type]
    assert [row["id"] for row in pair.first.desk.fields(pair.request)["body"]["rows"]] == ["a", "b", "c"]
    assert open_conflicts(pair.first.desk) == []


def _pair_of_orders(place: SyncPlace) -> Pair:
    """Return a pair whose one conflict is about the order of rows."""
    pair = Pair(place)
    resolve(pair.first.desk, open_conflicts(pair.first.desk)[0], "mine")
    pair.first.desk.set(pair.request, body=_form("abc"))
    pair.sync()
    pair.first.desk.set(pair.request, body=_form("bac"))
    pair.second.desk.set(pair.request, body=_form("cba"))
    pair.sync()
    return pair


def _form(ids: str) -> dict[str, object]:
    rows = [{"id": each, "enabled": True, "name": each, "value": "", "description": ""} for each in ids]
    return {"type": "form", "rows": rows}
