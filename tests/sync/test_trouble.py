"""What a device does when the server refuses, lies, forgets, or cannot be read.

About sync.group_pull, group_round, envelopes and endings, store.commands.sync and bindings, and store.sync_writes.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from insomnia_desktop.base.ids import to_wire
from insomnia_desktop.protocol.binary import decode, encode
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.store.commands.documents import DeleteDocuments, PurgeTrash
from insomnia_desktop.store.queries import documents, sync
from insomnia_desktop.sync.bindings import read_wraps
from insomnia_desktop.sync.endings import SignedOutElsewhere
from insomnia_desktop.sync.history import History
from tests.support.clock import FixedClock
from tests.support.desk import refused
from tests.support.server_groups import purge
from tests.support.sync_devices import SyncDevice, SyncPlace, sync_place

Change = Callable[[httpx.Request, dict[str, Any]], dict[str, Any]]


@pytest.fixture
def narrow(tmp_path: Path, clock: FixedClock) -> Iterator[SyncPlace]:
    """A server with small limits."""
    wire = Limits(blob=2000, body=40_000, changes=5, page=3, resources=12, groups=3)
    with sync_place(tmp_path, clock, limits=ServerLimits(wire=wire)) as place:
        yield place


def two(place: SyncPlace) -> tuple[SyncDevice, SyncDevice, str, str]:
    """Return two devices with the same workspace and request."""
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List", url="https://example.com")
    assert first.sync().verified
    assert second.sync().verified
    return first, second, workspace, request


def changing(device: SyncDevice, path: str, change: Change) -> None:
    """Let the answers to a path pass through a change."""

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        response = await deliver()
        body = b"".join([chunk async for chunk in response.aiter_raw()])
        if path in request.url.path and response.status_code == 200:
            body = json.dumps(change(request, json.loads(body))).encode()
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        return httpx.Response(response.status_code, headers=headers, stream=httpx.ByteStream(body))

    device.wire.carry = carry


def test_one_poisoned_row_among_many_is_put_aside_and_the_rest_goes_on(place: SyncPlace) -> None:
    first, second, workspace, request = two(place)
    first.desk.set(request, name="Changed")
    others = [first.desk.request(workspace, f"R{number}") for number in range(20)]
    first.sync()

    def poison(_: httpx.Request, page: dict[str, Any]) -> dict[str, Any]:
        for row in page["rows"]:
            if row["id"] == to_wire(request):
                row["blob"] = row["blob"][:-8] + "AAAAAAAA"
        return page

    changing(second, "/changes", poison)
    outcome = second.sync()
    assert outcome.tally.quarantined == 1
    assert not outcome.verified
    assert second.desk.fields(request)["name"] == "List"
    assert all(second.desk.get(each) for each in others)
    (held,) = sync.held(second.store.reader(), outcome.groups[0].group_id)
    assert held.reason == "undecryptable"
    # What was typed before that was known is kept, and not sent, until the row can be read; nothing more is typed.
    with refused("document.quarantined"):
        second.desk.set(request, url="https://example.com/later")
    second.desk.set(request, typed_before=True, url="https://example.com/mine")
    second.sync()
    second.wire.carry = None
    second.restart()
    # The digest differs, since the head is a row that nobody wrote: one repair mends it.
    assert second.sync().verified
    first.sync()
    assert first.desk.fields(request) == second.desk.fields(request)
    assert first.desk.fields(request)["url"] == "https://example.com/mine"
    # The row in between was nobody's: what is good is merged with what was last agreed on.
    assert first.desk.fields(request)["name"] == "Changed"
    assert sync.conflicts(second.store.reader()) == []
    assert sync.notices(second.store.reader(), second.session.account) == []


def test_a_group_that_is_removed_right_after_it_was_listed_is_left_out(place: SyncPlace) -> None:
    first, second = place.device(), place.device()
    first.desk.workspace("Shop")
    kept = first.desk.workspace("Kept")
    assert first.sync().verified
    gone: list[str] = []

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        answer = await deliver()
        if request.url.path == "/v1/groups" and not gone:
            gone.extend(
                each.group_id or "" for each in sync.bindings(first.store.reader()) if each.workspace_id != kept
            )
            assert (await place.server.asking("DELETE", f"/v1/groups/{gone[0]}", token=first.signed.token)).is_success
        return answer

    second.wire.carry = carry
    second.sync()
    assert second.workspaces() == [kept]


def test_a_row_of_no_envelope_at_all_stops_nothing(place: SyncPlace) -> None:
    first, second, _, request = two(place)
    first.desk.set(request, name="Changed")
    first.sync()

    def empty(_: httpx.Request, page: dict[str, Any]) -> dict[str, Any]:
        page["rows"] = [{**row, "blob": encode(b"\x07nothing"), "version": 0} for row in page["rows"]]
        return page

    changing(second, "/changes", empty)
    assert not second.sync().verified
    second.wire.carry = None
    second.restart()
    assert second.sync().verified
    assert second.desk.fields(request)["name"] == "Changed"
    assert sync.conflicts(second.store.reader()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"next": 1, "more": True},
        {"rows": [], "more": True},
        {"head_seq": 99},
        {"rows": "none"},
        {"digest": encode(bytes(31))},
    ],
    ids=str,
)
def test_a_page_that_makes_no_sense_is_no_page(place: SyncPlace, change: dict[str, Any]) -> None:
    first, second, _, request = two(place)
    first.desk.set(request, name="Changed")
    first.sync()
    changing(second, "/changes", lambda _, page: {**page, **change})
    with pytest.raises(Exception, match=r"account\.(server_failed|not_a_sync_server)"):
        second.sync()
    assert second.desk.fields(request)["name"] == "List"
    second.wire.carry = None
    assert second.sync().verified
    assert second.desk.fields(request)["name"] == "Changed"


def test_results_of_other_changes_are_no_results(place: SyncPlace) -> None:
    first, _, _, request = two(place)
    first.desk.set(request, name="Changed")
    changing(first, "/push", lambda _, answer: {**answer, "results": []})
    with refused("account.server_failed"):
        first.sync()
    # What was sealed goes again as it is, and was stored the first time.
    first.wire.carry = None
    outcome = first.sync()
    assert outcome.verified
    assert outcome.tally.pushed == 1
    assert outcome.groups[0].head_seq == 4


def test_many_documents_go_in_many_pushes_and_come_in_many_pages(narrow: SyncPlace) -> None:
    first, second = narrow.device(), narrow.device()
    workspace = first.desk.workspace("Shop")
    for number in range(8):
        first.desk.request(workspace, f"R{number}")
    assert first.sync(recompute=True).verified
    assert second.sync(recompute=True).verified
    assert second.desk.names(workspace) == first.desk.names(workspace)


def test_what_is_too_large_or_too_many_stays_here_marked_and_the_rest_goes(narrow: SyncPlace) -> None:
    first, second = narrow.device(), narrow.device()
    workspace = first.desk.workspace("Shop")
    noise = "".join(chr(0x4E00 + (number * 7919) % 20000) for number in range(3000))
    large = first.desk.request(workspace, "Large", description=noise)
    small = first.desk.request(workspace, "Small")
    outcome = first.sync()
    assert not outcome.verified
    group = outcome.groups[0].group_id
    assert [(each, code) for each, code, _ in sync.blocked(first.store.reader(), group)] == [(large, "too_large")]
    second.sync()
    assert second.desk.names(workspace) == ["Small"]
    # It is not tried again until it is another one.
    assert first.sync().tally.pushed == 0
    first.desk.set(large, description="short")
    assert first.sync().verified
    for number in range(12):
        first.desk.request(workspace, f"R{number}")
    assert not first.sync().verified
    assert {code for _, code, _ in sync.blocked(first.store.reader(), group)} == {"full"}
    first.desk.run(DeleteDocuments((small,)))
    first.sync()
    second.sync()
    assert "Small" not in second.desk.names(workspace)


def test_a_whole_push_that_is_refused_goes_one_by_one(place: SyncPlace) -> None:
    first, second, workspace, _ = two(place)
    added = [first.desk.request(workspace, f"R{number}") for number in range(3)]

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        many = request.url.path.endswith("/push") and request.content.count(b'"blob"') > 1
        marked = to_wire(added[1]).encode() in request.content
        if request.url.path.endswith("/push") and (many or marked):
            body = b'{"type":"about:blank","title":"Invalid","status":422,"code":"invalid","field":"changes"}'
            headers = {"content-type": "application/problem+json"}
            return httpx.Response(422, headers=headers, stream=httpx.ByteStream(body))
        return await deliver()

    first.wire.carry = carry
    outcome = first.sync()
    assert not outcome.verified
    assert outcome.tally.pushed == 2
    second.sync()
    assert second.desk.names(workspace) == ["List", "R0", "R2"]


def test_a_proxy_that_takes_less_than_the_server_is_believed(place: SyncPlace) -> None:
    first, second, workspace, _ = two(place)
    for number in range(3):
        first.desk.request(workspace, f"R{number}")
    large = first.desk.request(workspace, "Large", description="".join(map(str, range(3000))))

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        if len(request.content) <= 2000:
            return await deliver()
        body = b"<html><head><title>413 Request Entity Too Large</title></head></html>"
        return httpx.Response(413, headers={"content-type": "text/html"}, stream=httpx.ByteStream(body))

    first.wire.carry = carry
    outcome = first.sync()
    # That one stays here, marked; the others arrive one by one.
    assert not outcome.verified
    assert outcome.tally.pushed == 3
    second.sync()
    assert second.desk.names(workspace) == ["List", "R0", "R1", "R2"]
    # Edited to be small enough it goes.
    first.desk.set(large, description="")
    assert first.sync().verified
    assert second.sync().verified
    assert "Large" in second.desk.names(workspace)


def test_a_proxy_that_asks_to_wait_is_told_so(place: SyncPlace) -> None:
    first, _, _, request = two(place)
    first.desk.set(request, name="Typed")

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        return httpx.Response(429, headers={"content-type": "text/html"}, stream=httpx.ByteStream(b"<html></html>"))

    first.wire.carry = carry
    with refused("sync.server_busy"):
        first.sync()
    first.wire.carry = None
    assert first.sync().verified


def test_a_session_that_is_over_ends_the_round_and_keeps_everything(place: SyncPlace) -> None:
    first, second, _, request = two(place)
    first.desk.set(request, name="Typed")
    answer = place.server.ask("DELETE", f"/v1/devices/{encode(first.signed.device.id)}", token=second.signed.token)
    assert answer.status_code == 204
    with pytest.raises(SignedOutElsewhere):
        first.sync()
    assert first.desk.fields(request)["name"] == "Typed"
    assert len(sync.unsaved(first.store.reader(), first.workspaces()[0])) == 1


@pytest.mark.parametrize(("status", "code"), [(429, "sync.server_busy"), (503, "account.server_failed")])
def test_a_server_that_asks_to_wait_is_told_so(place: SyncPlace, status: int, code: str) -> None:
    first, _, _, request = two(place)
    first.desk.set(request, name="Typed")

    async def carry(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        body = b'{"type":"about:blank","title":"Wait","status":429,"code":"rate_limited"}'
        headers = {"content-type": "application/problem+json", "retry-after": "7"}
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))

    first.wire.carry = carry
    with refused(code):
        first.sync()
    first.wire.carry = None
    assert first.sync().verified


@pytest.mark.parametrize(("field", "value"), [("role", "reader"), ("epoch", 2), ("log_n", 1)])
def test_groups_of_a_kind_to_come_want_a_newer_program(place: SyncPlace, field: str, value: object) -> None:
    first, _, _, _ = two(place)
    first.restart()
    changing(
        first, "/heads", lambda _, heads: {**heads, "groups": [{**group, field: value} for group in heads["groups"]]}
    )
    with refused("account.newer_protocol"):
        first.sync()


def test_what_was_deleted_long_ago_goes_to_the_trash_of_who_was_away(place: SyncPlace) -> None:
    first, second, workspace, request = two(place)
    kept = second.desk.request(workspace, "Edited away from everybody")
    second.sync()
    first.sync()
    second.desk.set(kept, name="Edited while away")
    first.desk.run(DeleteDocuments((request, kept)))
    first.sync()
    group = first.sync().groups[0].group_id
    place.server.run(purge(place.server.context, decode(group), 1.0))
    outcome = second.sync()
    assert outcome.verified
    assert documents.document(second.store.reader(), request) is None
    assert [row.id for row in documents.trash(second.store.reader(), workspace)] == [request]
    # An edit is never lost for somebody's deletion.
    assert second.desk.fields(kept)["name"] == "Edited while away"
    assert first.sync().verified
    assert first.desk.fields(kept)["name"] == "Edited while away"


def test_the_trash_keeps_what_the_server_has_not_heard_of(place: SyncPlace) -> None:
    first, _, workspace, request = two(place)
    never_sent = first.desk.request(workspace, "Never sent")
    first.desk.run(DeleteDocuments((request, never_sent)))
    first.desk.run(PurgeTrash(0))
    assert {row.id for row in documents.trash(first.store.reader(), workspace)} == {request, never_sent}
    first.sync()
    first.desk.run(PurgeTrash(0))
    assert documents.trash(first.store.reader(), workspace) == []
    assert first.sync(recompute=True).verified


def test_another_account_leaves_the_workspaces_of_the_first_alone(place: SyncPlace) -> None:
    from tests.support.sync_people import person

    first, _, workspace, request = two(place)
    somebody = place.server.sign_up(person("bob@example.com", recovery=False))
    first.signed = place.server.sign_in(somebody)
    first.restart()
    outcome = first.sync()
    assert outcome.groups == ()
    assert first.desk.fields(request)["name"] == "List"
    (binding,) = sync.bindings(first.store.reader())
    assert binding.workspace_id == workspace
    assert binding.account_id != encode(somebody.account_id)


def test_a_version_that_is_not_the_one_listed_is_not_shown(place: SyncPlace) -> None:
    first, _, workspace, request = two(place)
    group = first.sync().groups[0].group_id
    (binding,) = sync.bindings(first.store.reader())
    keys = first.session.keys_of(group, workspace, read_wraps(binding.wraps))
    assert keys is not None
    history = History(first.session, group, keys)
    resource = to_wire(request)
    (listed,) = place.server.run(history.versions(resource))
    assert place.server.run(history.open(resource, listed)).plaintext.fields["name"] == "List"
    changing(first, "/revisions/1", lambda _, row: {**row, "deleted": True})
    with refused("sync.version_unreadable"):
        place.server.run(history.open(resource, listed))
    changing(first, "/revisions/1", lambda _, row: {**row, "version": 7})
    with refused("sync.version_unreadable"):
        place.server.run(history.open(resource, listed))
    first.wire.carry = None
    with refused("sync.version_gone"):
        place.server.run(history.open_number(resource, 9))
