"""What the world does to sync: a full disk, a stalled line, an old backup, a wrong clock, half a year away, and more.

About sync.engine, sync.round_lock and transport.connection; what a refusal does is in test_trouble.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import singleton_id, to_wire
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.server import operations
from insomnia_desktop.server.config import ServerLimits
from insomnia_desktop.server.domain import retention
from insomnia_desktop.store import Store, database
from insomnia_desktop.store.commands.documents import DeleteDocuments
from insomnia_desktop.store.queries import documents, sync
from insomnia_desktop.sync.endings import SignedOutElsewhere
from insomnia_desktop.transport.connection import Connection, Patience
from insomnia_desktop.transport.resource_api import ResourceApi
from insomnia_desktop.transport.server_address import read_server_address
from tests.support.clock import FixedClock
from tests.support.desk import refused
from tests.support.small_disk import set_disk_full
from tests.support.sync_desk import sync_desk
from tests.support.sync_devices import NEVER, SyncDevice, SyncPlace, Wire, sync_place
from tests.support.tampering import lying
from tests.sync.test_engine import Engine

DAY_MS = 86_400_000
YEAR_MS = 365 * DAY_MS


def two(place: SyncPlace) -> tuple[SyncDevice, SyncDevice, str, str]:
    """Return two devices with the same workspace and request."""
    first, second = place.device(), place.device()
    workspace = first.desk.workspace("Shop")
    request = first.desk.request(workspace, "List", url="https://example.com")
    assert first.sync().verified
    assert second.sync().verified
    return first, second, workspace, request


@contextmanager
def next_server(root: Path, clock: FixedClock, before: Sequence[SyncDevice]) -> Iterator[list[SyncDevice]]:
    """Run another server on the same database, and start the devices again."""
    with sync_desk(root / "server.sqlite", clock) as server:
        place = SyncPlace(server, lambda: before[0].signed, root, clock)
        for number, device in enumerate(before):
            store = Store.open(DataFolder(root / f"device{number}"), clock=clock, care_after_s=NEVER)
            place.devices.append(SyncDevice(store, device.signed, Wire(lambda: server.app), server.run))
        try:
            yield place.devices
        finally:
            place.close()


def texts(device: SyncDevice) -> dict[str, Any]:
    """Return all documents but cookie jars."""
    return {name: row for name, row in device.desk.state().items() if not name.startswith("jar_")}


def notices(device: SyncDevice) -> set[str]:
    """Return what the person was told."""
    return {each.code for each in sync.notices(device.store.reader(), device.session.account)}


def test_one_poisoned_record_among_500_is_put_aside(place: SyncPlace) -> None:
    first, second, workspace, _ = two(place)
    made = [first.desk.request(workspace, f"R{number}") for number in range(499)]
    first.sync()
    poisoned = to_wire(made[250])
    lying(
        second,
        lambda answer, _: [each.update(blob="AAAA") for each in answer.rows if each["id"] == poisoned],  # type: ignore[arg-type, return-value]
        "changes",
    )
    outcome = second.sync()
    assert outcome.tally.quarantined == 1
    assert not outcome.verified
    assert {name for name in second.desk.state() if name.startswith("req_")} == {
        name for name in first.desk.state() if name.startswith("req_") and name != made[250]
    }
    second.wire.carry = None
    assert second.sync(recompute=True).verified
    assert texts(second) == texts(first)


@pytest.mark.parametrize("cookies", [True, False])
def test_a_device_that_comes_later_gets_the_cookies_where_they_are_synced(place: SyncPlace, cookies: bool) -> None:
    first, _, workspace, _ = two(place)
    first.desk.set(workspace, sync_cookies=cookies)
    jar = singleton_id(first.desk.fields(workspace)["seed"], "cookie_jar")
    first.desk.set(jar, cookies=[{"id": "c1", "name": "session", "value": "mine"}])
    first.sync()
    third = place.device()
    assert third.sync(recompute=True).verified
    assert bool(third.desk.fields(jar)["cookies"]) is cookies
    assert third.sync().tally.pushed == 0


def test_a_disk_that_is_full_in_the_middle_of_a_page_loses_nothing(place: SyncPlace) -> None:
    first, second, workspace, request = two(place)
    second.desk.set(request, name="Typed here")
    for number in range(150):
        first.desk.request(workspace, f"R{number}", description=f"{number} " * 400)
    first.sync()

    async def fill(request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        response = await deliver()
        if "/push" in request.url.path:
            await asyncio.to_thread(set_disk_full, second.store, True)
        return response

    second.wire.carry = fill
    with refused("store.disk_full"):
        second.sync()
    assert second.desk.fields(request)["name"] == "Typed here"
    before = len(second.desk.state())
    with refused("store.disk_full"):
        second.sync()
    assert len(second.desk.state()) == before < 150
    set_disk_full(second.store, False)
    second.wire.carry = None
    assert second.sync(recompute=True).verified
    assert first.sync(recompute=True).verified
    assert texts(first) == texts(second)
    assert first.desk.fields(request)["name"] == "Typed here"


def test_a_quota_that_is_used_up_marks_what_does_not_fit_and_the_rest_goes_later(
    tmp_path: Path, clock: FixedClock
) -> None:
    limits = ServerLimits(wire=Limits(quota=20_000))
    with sync_place(tmp_path, clock, limits=limits) as place:
        first, second = place.device(), place.device()
        workspace = first.desk.workspace("Shop")
        small = first.desk.request(workspace, "Small")
        first.sync()
        noise = "".join(random.Random(1).choices([chr(0x4E00 + number) for number in range(20_000)], k=12_000))
        large = first.desk.request(workspace, "Large", description=noise)
        first.desk.set(small, url="https://example.com/fits")
        outcome = first.sync()
        assert not outcome.verified
        group = outcome.groups[0].group_id
        assert [(each, code) for each, code, _ in sync.blocked(first.store.reader(), group)] == [(large, "quota")]
        second.sync()
        assert second.desk.fields(small)["url"] == "https://example.com/fits"
        # Not tried again by itself.
        assert first.sync().tally.pushed == 0
    with next_server(tmp_path, clock, (first, second)) as (first, second):
        assert first.sync().tally.pushed == 0

        async def ask() -> bool:
            return (await Engine(first, tmp_path / "lock").engine.round(recompute=True)).verified

        assert first._run(ask())
        assert second.sync(recompute=True).verified
        assert second.desk.fields(large)["description"] == noise


@pytest.mark.parametrize("far", [10 * YEAR_MS, -10 * YEAR_MS], ids=["ahead", "behind"])
def test_a_clock_that_jumps_ten_years_changes_nothing(tmp_path: Path, clock: FixedClock, far: int) -> None:
    with sync_place(tmp_path, clock) as place:
        first, second, workspace, request = two(place)
        wrong = FixedClock()
        second.store.close()
        second.store = Store.open(DataFolder(place.root / "device1"), clock=wrong, care_after_s=NEVER)
        second.desk.store = second.store
        second.restart()
        for step in (far, -2 * far, far):
            wrong.advance(step)
            first.desk.set(request, name=f"First {step}")
            second.desk.set(request, url=f"https://example.com/{step}")
            deleted = second.desk.request(workspace, f"Deleted {step}")
            for device in (first, second, first):
                assert device.sync(recompute=True).verified
            first.desk.run(DeleteDocuments((deleted,)))
            for device in (first, second):
                assert device.sync(recompute=True).verified
            assert texts(first) == texts(second)
            assert second.desk.fields(request)["name"] == f"First {step}"
            assert first.desk.fields(request)["url"] == f"https://example.com/{step}"
        assert sync.conflicts(second.store.reader()) == []
        assert notices(first) | notices(second) == set()


def test_a_server_restored_from_an_older_backup_gets_back_what_it_forgot(tmp_path: Path, clock: FixedClock) -> None:
    file, kept = tmp_path / "server.sqlite", tmp_path / "backup"
    with sync_place(tmp_path, clock) as place:
        first, second, workspace, request = two(place)
        place.server.run(operations.back_up(file, kept))
        first.desk.set(request, name="After the backup")
        added = second.desk.request(workspace, "Added after the backup")
        for device in (first, second, first):
            device.sync()
        second.desk.set(request, url="https://example.com/not-sent-yet")
    asyncio.run(operations.restore(file, kept))
    with next_server(tmp_path, clock, (first, second)) as (first, second):
        assert [device.sync(recompute=True).verified for device in (first, second, first)] == [True] * 3
        assert texts(first) == texts(second)
        assert first.desk.fields(request)["name"] == "After the backup"
        assert first.desk.fields(request)["url"] == "https://example.com/not-sent-yet"
        assert first.desk.get(added)
        assert notices(first) == {"server_went_back"}


def test_who_was_away_for_200_days_signs_in_again_and_loses_nothing(place: SyncPlace, clock: FixedClock) -> None:
    first, second, workspace, request = two(place)
    kept = first.desk.request(workspace, "Edited by who was away")
    for device in (first, second, first):
        device.sync()
    first.desk.run(DeleteDocuments((request, kept)))
    first.sync()
    second.desk.set(kept, url="https://example.com/offline")
    offline = second.desk.request(workspace, "Made offline")
    for _ in range(20):
        # Who comes by every ten days stays signed in for half a year at most.
        clock.advance(10 * DAY_MS)
        place.server.run(retention.daily(place.server.context))
    with pytest.raises(SignedOutElsewhere):
        second.sync()
    for device in (first, second):
        device.signed = place.device().signed
        device.restart()
    assert first.sync(recompute=True).verified
    cursor = sync.cursor(second.store.reader(), sync.bindings(second.store.reader())[0].group_id or "")
    assert cursor is not None
    page = place.server.run(first.session.api.changes(first.sync().groups[0].group_id, 0, full=True))
    assert 0 < cursor.seq < page.floor_seq
    for device in (second, first):
        assert device.sync(recompute=True).verified
    assert texts(first) == texts(second)
    assert first.desk.fields(kept)["url"] == "https://example.com/offline"
    assert first.desk.get(offline)
    assert [row.id for row in documents.trash(second.store.reader(), workspace)] == [request]
    assert notices(second) == {"moved_to_trash"}


# A document that is damaged in the store.


NO_TEXT = "DELETE FROM content WHERE id = ?"
NO_UTF_8 = "UPDATE content SET fields = CAST(x'fffe7b' AS TEXT) WHERE id = ?"
NO_OBJECT = "UPDATE content SET fields = '[]' WHERE id = ?"
# What a newer program said beside the fields.
NO_REST = "UPDATE content SET rest = '{\"later\"' WHERE id = ?"


@pytest.mark.parametrize(
    ("damage", "damaged", "edited"),
    [
        (NO_TEXT, "request", True),
        (NO_TEXT, "request", False),
        (NO_TEXT, "workspace", True),
        (NO_UTF_8, "request", True),
        (NO_UTF_8, "workspace", False),
        (NO_OBJECT, "request", False),
        (NO_REST, "request", True),
        (NO_REST, "workspace", False),
    ],
)
def test_a_damaged_document_stops_no_round(place: SyncPlace, damage: str, damaged: str, edited: bool) -> None:
    first, second, workspace, request = two(place)
    other = first.desk.request(workspace, "Other")
    for device in (first, second, first):
        device.sync()
    target = request if damaged == "request" else workspace
    if edited:
        second.desk.set(target, description="nobody can read this any more")
    second.store.close()
    connection = database.connect_writer(place.root / "device1" / "store.sqlite")
    connection.execute(damage, (target,))
    connection.close()
    second.reopen(place.root / "device1")
    second.desk.set(other, name="Typed here")
    assert not sync.syncs_cookies(second.store.reader(), workspace)
    assert second.sync().verified is not edited
    first.sync()
    assert first.desk.fields(other)["name"] == "Typed here"
    group = sync.bindings(second.store.reader())[0].group_id or ""
    assert [each for each, _, _ in sync.blocked(second.store.reader(), group)] == ([target] if edited else [])
    # What another device edits mends it.
    first.desk.set(target, name="Edited there")
    for device in (first, second, first, second):
        device.sync()
    assert second.desk.fields(target)["name"] == "Edited there"
    assert second.sync(recompute=True).verified


# A line on which nothing moves.


@pytest.mark.parametrize(
    "begin",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-",
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{"rows":[',
    ],
    ids=["no answer", "half a header", "half a page"],
)
def test_a_line_on_which_nothing_moves_is_given_up(begin: bytes) -> None:
    # A person is told of it within half a minute.
    assert Patience().connect <= 30.0
    assert Patience().read <= 30.0

    async def run() -> None:
        left = asyncio.Event()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(begin)
            await writer.drain()
            await reader.read()
            writer.close()
            left.set()

        async with await asyncio.start_server(talk, "127.0.0.1", 0) as peer:
            address = read_server_address(f"http://127.0.0.1:{peer.sockets[0].getsockname()[1]}")
            api = ResourceApi(Connection(address, Patience(connect=5.0, read=0.2, whole=30.0)), bytes(32))
            with pytest.raises(KnownError) as caught:
                await api.heads()
            assert caught.value.code == "account.server_unreachable"
            assert caught.value.params["reason"] == "it does not answer"
            await api.close()
            async with asyncio.timeout(20):
                await left.wait()

    asyncio.run(run())
