"""Which workspaces are synced, with which account, and what ends that (protocol v1, 3.10); about sync.bindings."""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest

from insomnia_desktop.base.ids import from_base64url, to_base64url
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.services.workspaces import FIRST_NAME
from insomnia_desktop.store.commands.bindings import KeepWraps, SwitchSync
from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash, RestoreDocuments
from insomnia_desktop.store.queries import documents, sync
from insomnia_desktop.sync.bindings import wraps_text
from tests.support.server_groups import all_groups, purge, remove_groups
from tests.support.sync_devices import SyncDevice, SyncPlace
from tests.support.sync_people import person

AS_JSON = {"content-type": "application/json"}
Deliver = Callable[[], Awaitable[httpx.Response]]


def groups(place: SyncPlace) -> set[str]:
    """Return the groups that the server has."""
    return {to_base64url(group) for group in place.server.run(all_groups(place.server.context))}


def switch(device: SyncDevice, workspace: str, state: str) -> None:
    """Switch the sync of a workspace on or off, on this device."""
    device.desk.run(SwitchSync(workspace, device.session.account, state))  # type: ignore[arg-type]


def texts(device: SyncDevice) -> dict[str, object]:
    """Return all documents but cookie jars."""
    return {name: row for name, row in device.desk.state().items() if not name.startswith("jar_")}


def test_switched_off_before_the_first_push_no_group_is_ever_made(place: SyncPlace) -> None:
    device = place.device()
    workspace = device.desk.workspace("Here")
    switch(device, workspace, "off")
    device.sync()
    device.desk.request(workspace, "Edited")
    device.sync()
    assert groups(place) == set()
    assert not any(request.method == "POST" for request in device.wire.requests)
    switch(device, workspace, "on")
    assert device.sync().verified
    assert len(groups(place)) == 1


def test_switched_off_while_a_page_is_on_its_way_the_round_ends(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "Item")
    first.sync()
    second.sync()
    first.desk.set(request, name="Edited there")
    first.sync()

    async def switches_off(asked: httpx.Request, deliver: Deliver) -> httpx.Response:
        answer = await deliver()
        if asked.url.path.endswith("/changes"):
            switch(second, workspace, "off")
        return answer

    second.wire.carry = switches_off
    assert not second.sync().verified
    assert second.desk.fields(request)["name"] == "Item"
    second.wire.carry = None
    switch(second, workspace, "on")
    assert second.sync().verified
    assert second.desk.fields(request)["name"] == "Edited there"


def test_switched_off_neither_pushes_nor_pulls_and_on_goes_on_where_it_was(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    mine, theirs = first.desk.request(workspace, "Mine"), first.desk.request(workspace, "Theirs")
    first.sync()
    second.sync()
    switch(first, workspace, "off")
    first.desk.set(mine, name="Edited here")
    second.desk.set(theirs, name="Edited there")
    second.sync()
    first.wire.requests.clear()
    first.sync()
    assert [request.url.path for request in first.wire.requests] == ["/v1/heads"]
    assert first.desk.fields(theirs)["name"] == "Theirs"
    switch(first, workspace, "on")
    first.wire.requests.clear()
    assert first.sync().verified
    assert not any("full=1" in str(request.url) for request in first.wire.requests)
    second.sync()
    assert texts(first) == texts(second)
    assert second.desk.fields(mine)["name"] == "Edited here"


def test_the_same_workspace_on_both_before_the_first_sync_becomes_one(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List")
    # A copied data folder, or the same import.
    second.store.close()
    first.store.save_copy(place.root / "device1" / "store.sqlite")
    second.reopen(place.root / "device1")
    second.desk.set(request, url="https://example.com/there")
    first.desk.set(request, description="edited here")
    assert first.sync().verified
    assert second.sync().verified
    assert first.sync().verified
    assert len(groups(place)) == 1
    assert texts(first) == texts(second)
    assert first.desk.fields(request)["url"] == "https://example.com/there"
    assert first.desk.fields(request)["description"] == "edited here"


def test_a_group_that_a_restored_server_lost_is_made_again_with_its_key(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List")
    first.sync()
    second.sync()
    before = groups(place)
    (binding,) = sync.bindings(first.store.reader())
    # A backup of before the workspace was put back: no group, and another epoch.
    place.server.run(remove_groups(place.server.context))
    place.server.app.state.context = replace(place.server.context, server_epoch=os.urandom(16))
    first.desk.set(request, name="Edited meanwhile")
    made = second.desk.request(workspace, "Made meanwhile")
    for device in (first, second, first):
        assert device.sync(recompute=True).verified
    assert groups(place) == before
    assert sync.bindings(first.store.reader())[0].wraps == binding.wraps
    assert texts(first) == texts(second)
    assert first.desk.fields(made)["name"] == "Made meanwhile"
    # A fork is merged without a base: each side's value stands, or is listed.
    (conflict,) = sync.conflicts(second.store.reader())
    assert (second.desk.fields(request)["name"], conflict.theirs) == ("List", '"Edited meanwhile"')


def test_under_another_account_a_workspace_stays_here_until_it_is_switched_on(place: SyncPlace) -> None:
    first, other = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List")
    first.sync()
    before = groups(place)
    bob = place.server.sign_up(person("bob@example.com", recovery=False))
    first.signed = place.server.sign_in(bob)
    first.restart()
    first.desk.set(request, name="Edited under Bob")
    assert first.sync().groups == ()
    assert groups(place) == before
    switch(first, workspace, "on")
    assert first.sync(recompute=True).verified
    (binding,) = sync.bindings(first.store.reader())
    assert binding.account_id == encode(bob.account_id)
    assert binding.group_id not in before
    # What the first account has is not touched.
    other.sync()
    assert other.desk.fields(request)["name"] == "List"


def test_what_the_program_made_and_nobody_touched_is_not_sent(place: SyncPlace) -> None:
    device = place.device()
    workspace = device.desk.workspace(FIRST_NAME)
    device.sync()
    assert groups(place) == set()
    device.desk.request(workspace, "Touched")
    device.sync()
    assert len(groups(place)) == 1


def test_the_trash_lets_go_after_the_push_and_the_head_stays(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List")
    first.sync()
    second.sync()
    first.desk.run(DeleteDocuments((request,)))
    first.desk.run(PurgeTrash(0))
    assert [row.id for row in documents.trash(first.store.reader(), workspace)] == [request]
    first.sync()
    first.desk.run(PurgeTrash(0))
    (binding,) = sync.bindings(first.store.reader())
    kept = sync.resources(first.store.reader(), binding.group_id or "", workspace, [request[4:]])[request[4:]]
    assert kept.local is None
    assert kept.head is not None
    assert kept.head.deleted
    # An edit of another device still wins over the deletion.
    second.desk.set(request, name="Edited there")
    for device in (second, first, second):
        device.sync()
    assert first.desk.fields(request)["name"] == "Edited there"


def asked(device: SyncDevice) -> list[str]:
    """Return the paths that a device asked for since the last time."""
    paths = [request.url.path for request in device.wire.requests]
    device.wire.requests.clear()
    return paths


def test_a_group_made_and_not_yet_filled_is_no_fault_and_costs_nothing(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    first.desk.workspace("Shop")
    first.sync()
    assert second.sync().verified
    blog = first.desk.workspace("Blog")
    place.server.run(first.session.api.create_group(first.session.new_group(first.session.group_of(blog))))
    asked(second)
    for _ in range(2):
        outcome = second.sync(recompute=True)
        assert outcome.verified
        assert outcome.left_out == ()
        assert asked(second) == ["/v1/heads"]
    # As soon as there is something in it, it comes.
    first.sync()
    assert second.sync(recompute=True).verified
    assert blog in second.workspaces()


@pytest.mark.parametrize("purged", [False, True])
def test_a_group_of_which_all_was_deleted_is_no_fault_either(place: SyncPlace, purged: bool) -> None:
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    group = first.sync().groups[0].group_id
    first.desk.run(DeleteDocuments((workspace,)))
    assert first.sync().verified
    if purged:
        place.server.run(purge(place.server.context, from_base64url(group), 1.0))
    kept = second.desk.workspace(FIRST_NAME)
    asked(second)
    outcome = second.sync(recompute=True)
    assert outcome.verified
    assert (outcome.groups, outcome.left_out) == ((), ())
    assert asked(second) == ["/v1/version", "/v1/heads"]
    # Nothing was found that would take the place of the workspace that the program made.
    assert second.workspaces() == [kept]
    first.desk.run(RestoreDocuments((workspace,)))
    assert first.sync().verified
    assert second.sync(recompute=True).verified
    assert workspace in second.workspaces()


def test_what_cannot_be_read_is_left_out_and_asked_for_again_once_it_may_have_changed(place: SyncPlace) -> None:
    stranger, device = place.device(), place.device()
    # What it makes opens with none of our keys.
    stranger.session.account_key = bytes(32)
    strange = stranger.desk.workspace("Strange")
    group = stranger.sync().groups[0].group_id
    device.desk.workspace("Shop")
    device.sync()
    asked(device)
    for _ in range(2):
        outcome = device.sync()
        assert not outcome.verified
        assert (outcome.left_out, outcome.again) == ((group,), False)
        assert [each.verified for each in outcome.groups] == [True]
        assert asked(device) == ["/v1/heads"]
    # Its head moves.
    stranger.desk.request(strange, "More")
    stranger.sync()
    assert device.sync().left_out == (group,)
    assert asked(device) == ["/v1/heads", "/v1/groups"]
    assert device.sync().left_out == (group,)
    assert asked(device) == ["/v1/heads"]
    # A start of the program.
    device.restart()
    assert device.sync().left_out == (group,)
    assert "/v1/groups" in asked(device)
    # Nothing is in it any more.
    stranger.desk.run(DeleteDocuments((strange,)))
    stranger.sync()
    assert device.sync(recompute=True).verified
    assert asked(device) == ["/v1/heads"]
    assert device.session.unread == {}


def test_beside_what_cannot_be_read_rounds_are_as_short_as_ever(place: SyncPlace) -> None:
    stranger, device = place.device(), place.device()
    stranger.session.account_key = bytes(32)
    strange = stranger.desk.workspace("Strange")
    group = stranger.sync().groups[0].group_id
    request = device.desk.request(device.desk.workspace("Shop"), "Item")
    assert device.sync().left_out == (group,)
    device.sync()
    statuses = []

    async def note(request: httpx.Request, deliver: Deliver) -> httpx.Response:
        answer = await deliver()
        statuses.append((request.url.path.rpartition("/")[2], answer.status_code))
        return answer

    device.wire.carry = note
    assert device.sync().left_out == (group,)
    assert statuses == [("heads", 304)]
    # What is edited is one request, and it is not forgotten that something else cannot be read.
    for name in ("One", "Two"):
        statuses.clear()
        device.desk.set(request, name=name)
        sent = device.sync(edited=True)
        assert (sent.left_out, sent.verified, sent.tally.pushed) == ((group,), False, 1)
        assert statuses == [("push", 200)]
    # A backup looks at it again, and so does everybody once it has changed.
    stranger.desk.run(DeleteDocuments((strange,)))
    stranger.sync()
    statuses.clear()
    assert device.sync().verified
    assert statuses == [("heads", 200)]


def test_edits_go_alone_beside_a_workspace_of_ours_that_does_not_open(place: SyncPlace) -> None:
    device = place.device()
    shop, blog = device.desk.workspace("Shop"), device.desk.workspace("Blog")
    request = device.desk.request(blog, "Post")
    named = {each.workspace_id: each.group_id for each in device.sync().groups}
    device.desk.run(KeepWraps(named[shop], wraps_text([])))
    device.restart()

    async def without(request: httpx.Request, deliver: Deliver) -> httpx.Response:
        answer = await deliver()
        if request.url.path != "/v1/groups":
            return answer
        listed = json.loads(await answer.aread())["groups"]
        left = [each for each in listed if each["id"] != named[shop]]
        return httpx.Response(200, headers=AS_JSON, stream=httpx.ByteStream(json.dumps({"groups": left}).encode()))

    device.wire.carry = without
    assert device.sync().left_out == (named[shop],)
    asked(device)
    device.desk.set(request, name="Edited")
    sent = device.sync(edited=True)
    assert (sent.left_out, sent.verified, sent.tally.pushed) == ((named[shop],), False, 1)
    assert [path.rpartition("/")[2] for path in asked(device)] == ["push"]


def test_rows_that_do_not_tell_their_workspace_are_read_once(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    first.desk.workspace("Shop")
    first.sync()

    async def nameless(request: httpx.Request, deliver: Deliver) -> httpx.Response:
        answer = await deliver()
        if not request.url.path.endswith("/changes"):
            return answer
        page = {**json.loads(await answer.aread()), "rows": []}
        return httpx.Response(200, headers=AS_JSON, stream=httpx.ByteStream(json.dumps(page).encode()))

    second.wire.carry = nameless
    group = second.sync().left_out
    assert len(group) == 1
    assert any(path.endswith("/changes") for path in asked(second))
    assert second.sync().left_out == group
    assert asked(second) == ["/v1/heads"]


def test_a_workspace_of_ours_whose_keys_do_not_open_any_more_is_asked_for_once(place: SyncPlace) -> None:
    device = place.device()
    device.desk.workspace("Shop")
    group = device.sync().groups[0].group_id
    device.restart()
    device.session.account_key = bytes(32)
    asked(device)
    assert device.sync().left_out == (group,)
    assert asked(device).count("/v1/groups") == 1
    assert device.sync().left_out == (group,)
    assert asked(device) == ["/v1/heads"]


@pytest.mark.parametrize("kept_from_us", [False, True])
def test_a_group_listed_and_not_given_is_gone_or_kept_from_us(place: SyncPlace, kept_from_us: bool) -> None:
    first, second = place.device(), place.device()
    first.desk.workspace("Shop")
    group = first.sync().groups[0].group_id

    async def not_there(request: httpx.Request, deliver: Deliver) -> httpx.Response:
        if request.url.path != "/v1/groups":
            return await deliver()
        if not kept_from_us:
            await remove_groups(place.server.context)
        return httpx.Response(200, headers=AS_JSON, stream=httpx.ByteStream(b'{"groups":[]}'))

    second.wire.carry = not_there
    assert second.sync().left_out == ((group,) if kept_from_us else ())
