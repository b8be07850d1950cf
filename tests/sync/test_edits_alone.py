"""Rounds that only send edits, of sync.rounds and bindings: one request, and a whole round where it has to be.

What the engine makes of them is in test_engine.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from insomnia_desktop.services.asked_groups import AskedGroups
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import sync
from insomnia_desktop.sync.bindings import remove_group
from insomnia_desktop.sync.rounds import RoundOutcome
from tests.support.sync_devices import SyncDevice, SyncPlace


class Pair:
    """Two devices with the same two workspaces, each with a request."""

    def __init__(self, place: SyncPlace) -> None:
        self.place = place
        self.first, self.second = place.device(), place.device()
        desk = self.first.desk
        self.shop, self.blog = desk.workspace("Shop"), desk.workspace("Blog")
        self.item, self.post = desk.request(self.shop, "Item"), desk.request(self.blog, "Post")
        for _ in range(2):
            assert self.first.sync().verified
            assert self.second.sync().verified

    def asked(self, device: SyncDevice) -> list[str]:
        """Send what was edited, and return what the server was asked for."""
        device.wire.requests.clear()
        assert device.sync(edited=True).verified
        return [f"{each.method} {each.url.path.rpartition('/')[2]}" for each in device.wire.requests]


@pytest.fixture
def pair(place: SyncPlace) -> Pair:
    """The devices."""
    return Pair(place)


def test_one_edit_is_one_request_and_the_next_one_too(pair: Pair) -> None:
    for name in ("One", "Two", "Three"):
        pair.first.desk.set(pair.item, name=name)
        assert pair.asked(pair.first) == ["POST push"]
    assert pair.asked(pair.first) == ["GET heads"]
    assert pair.second.sync().verified
    assert pair.second.desk.fields(pair.item)["name"] == "Three"


def test_for_one_edit_no_index_of_all_documents_is_read_from_end_to_end(pair: Pair) -> None:
    connection = pair.first.store.reader().connection
    asked: list[str] = []
    pair.first.desk.set(pair.item, name="One")
    connection.set_trace_callback(asked.append)
    try:
        assert pair.asked(pair.first) == ["POST push"]
    finally:
        connection.set_trace_callback(None)
    assert any("document" in statement for statement in asked)
    # The roots are workspaces alone; every other index, and the table, has all documents in it.
    plans = {
        statement: [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")] for statement in set(asked)
    }
    scanned = {
        statement: step
        for statement, steps in plans.items()
        for step in steps
        if step.startswith(("SCAN document", "SCAN parent", "SCAN head")) and "document_roots" not in step
    }
    assert scanned == {}


def test_the_report_has_all_workspaces_as_they_are(pair: Pair) -> None:
    before = pair.first.sync()
    assert before.only is None
    pair.first.desk.request(pair.shop, "Another")
    sent = pair.first.sync(edited=True)
    assert sent.tally.pushed == 1
    # Of the other one nothing new is known.
    (shop,) = (group for group in sent.groups if group.workspace_id == pair.shop)
    assert sent.only == shop.group_id
    assert [group for group in sent.groups if group is not shop] == [
        group for group in before.groups if group.group_id != shop.group_id
    ]
    assert [group.group_id for group in sent.groups] == [group.group_id for group in before.groups]
    assert sum(group.items for group in sent.groups) == sum(group.items for group in before.groups) + 1
    # And the same as a whole round says.
    whole = pair.first.sync(recompute=True)
    assert whole.verified
    assert [(group.head_seq, group.digest) for group in whole.groups] == [
        (group.head_seq, group.digest) for group in sent.groups
    ]


def test_that_a_workspace_went_back_stays_so_until_the_server_is_asked_about_it_again(pair: Pair) -> None:
    remembered = pair.first.rounds._before
    assert remembered is not None
    groups = tuple(replace(group, went_back=True) for group in remembered.outcome.groups)
    pair.first.rounds._before = replace(remembered, outcome=replace(remembered.outcome, groups=groups))
    pair.first.desk.set(pair.item, name="One")
    sent = pair.first.sync(edited=True)
    assert {group.workspace_id: group.went_back for group in sent.groups} == {pair.shop: False, pair.blog: True}


def test_of_all_workspaces_together_no_more_is_known_than_of_the_one_asked_about_longest_ago(pair: Pair) -> None:
    asked = AskedGroups()

    def noted(outcome: RoundOutcome, at: int) -> int:
        """Take in this round as one that ended then."""
        return asked.note(replace(outcome, at=at))

    assert noted(pair.first.sync(), 1000) == 1000
    for name, at, known in (("One", 2000, 1000), ("Two", 3000, 1000)):
        pair.first.desk.set(pair.item, name=name)
        assert noted(pair.first.sync(edited=True), at) == known
    pair.first.desk.set(pair.post, name="Three")
    assert noted(pair.first.sync(edited=True), 4000) == 3000
    assert noted(pair.first.sync(), 5000) == 5000


def test_what_others_did_meanwhile_comes_with_the_answer(pair: Pair) -> None:
    pair.second.desk.set(pair.item, url="https://example.com/theirs")
    pair.second.sync()
    pair.first.desk.set(pair.item, name="Mine")
    asked = pair.asked(pair.first)
    assert asked[0] == "POST push"
    assert "GET heads" not in asked
    assert pair.first.desk.fields(pair.item)["url"] == "https://example.com/theirs"
    assert pair.second.sync().verified
    assert pair.first.desk.fields(pair.item) == pair.second.desk.fields(pair.item)


def test_edits_of_two_workspaces_want_a_whole_round(pair: Pair) -> None:
    pair.first.desk.set(pair.item, name="One")
    pair.first.desk.set(pair.post, name="Two")
    assert pair.asked(pair.first) == ["GET heads", "POST push", "POST push"]


def test_a_deletion_alone_is_one_request_too(pair: Pair) -> None:
    pair.first.desk.run(DeleteDocuments((pair.item,)))
    assert pair.asked(pair.first) == ["POST push"]
    assert pair.second.sync().verified
    assert pair.second.desk.names(pair.shop) == []


def test_a_new_workspace_wants_a_whole_round(pair: Pair) -> None:
    fresh = pair.first.desk.workspace("Fresh")
    pair.first.desk.request(fresh, "First")
    assert pair.asked(pair.first)[0] == "GET heads"
    assert pair.asked(pair.first) == ["GET heads"]
    pair.first.desk.request(fresh, "Second")
    assert pair.asked(pair.first) == ["POST push"]


def test_after_a_start_the_server_is_asked_first(pair: Pair) -> None:
    pair.first.restart()
    pair.first.desk.set(pair.item, name="One")
    assert "GET heads" in pair.asked(pair.first)


def test_a_workspace_that_is_gone_at_the_server_is_found_out(pair: Pair) -> None:
    group = next(each for each in sync.bindings(pair.first.store.reader()) if each.workspace_id == pair.shop)
    assert group.group_id is not None
    pair.place.server.run(remove_group(pair.second.session, group.group_id))
    pair.first.desk.set(pair.item, name="One")
    asked = pair.asked(pair.first)
    assert asked[:2] == ["POST push", "GET heads"]
    assert {each.workspace_id for each in sync.bindings(pair.first.store.reader()) if each.state == "on"} >= {pair.blog}
    pair.first.desk.set(pair.post, name="Two")
    assert pair.asked(pair.first) == ["POST push"]
