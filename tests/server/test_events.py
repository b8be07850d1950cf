"""The event stream: who hears of what, and when it ends.

Covers server.event_streams, routes.events and domain.announcing.
"""

from __future__ import annotations

import asyncio
import json

import pytest

from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.accounts import Credentials
from insomnia_desktop.protocol.binary import Bytes32, encode
from insomnia_desktop.protocol.sync import Push
from insomnia_desktop.server.database import sessions
from insomnia_desktop.server.domain.care import look_after_groups
from insomnia_desktop.server.domain.retention import daily
from insomnia_desktop.server.routes import events
from tests.support.event_reader import EventReader, reading
from tests.support.sync_desk import Signed, SyncDesk, code_of
from tests.support.sync_groups import Workspace
from tests.support.sync_people import new_credentials, person

DAY = 86_400_000


@pytest.fixture
def signed(desk: SyncDesk) -> Signed:
    """A device of somebody with an account."""
    return desk.sign_in(desk.sign_up(person()))


@pytest.fixture
def other(desk: SyncDesk, signed: Signed) -> Signed:
    """Her other device."""
    return desk.sign_in(signed.person)


@pytest.fixture
def group(desk: SyncDesk, signed: Signed) -> Workspace:
    """A group of hers."""
    return Workspace(desk, signed)


async def push(group: Workspace) -> None:
    """Push one change."""
    message = Push(0, [group.change()])
    answer = await group.desk.asking("POST", f"{group.path}/push", message, group.signed.token)
    assert answer.status_code == 200


async def heard(reader: EventReader) -> tuple[str, object]:
    """Return the name and the data of the one event that is said next, past comments."""
    text = await reader.next()
    while text == ":\n\n":
        text = await reader.next()
    assert text is not None
    name, data, end, rest = text.split("\n")
    assert (end, rest) == ("", "")
    return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_its_head_says_what_it_is(desk: SyncDesk, signed: Signed) -> None:
    async def look() -> None:
        async with reading(desk, signed.token) as reader:
            assert reader.status == 200
            assert reader.headers["content-type"].startswith("text/event-stream")
            assert reader.headers["cache-control"] == "no-store"
            assert "content-length" not in reader.headers

    desk.run(look())
    assert len(desk.context.events) == 0
    assert code_of(desk.ask("GET", "/v1/events")) == "unauthorized"
    assert desk.ask("HEAD", "/v1/events", token=signed.token).status_code == 200


def test_the_other_device_hears_of_a_push_and_the_pusher_does_not(
    desk: SyncDesk, group: Workspace, signed: Signed, other: Signed
) -> None:
    async def look() -> None:
        async with reading(desk, signed.token) as mine, reading(desk, other.token) as theirs:
            await push(group)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})
            await push(group.on(other))
            # The first thing that she hears is the push of the other device.
            assert await heard(mine) == ("head", {"g": encode(group.id), "seq": 2})
            assert theirs.nothing()

    desk.run(look())


def test_nobody_else_hears_of_it(desk: SyncDesk, group: Workspace, other: Signed) -> None:
    bob = desk.sign_in(desk.sign_up(person("bob@example.com")))

    async def look() -> None:
        async with reading(desk, bob.token) as his, reading(desk, other.token) as hers:
            await push(group)
            assert (await heard(hers))[0] == "head"
            assert his.nothing()

    desk.run(look())


def test_a_push_that_stores_nothing_is_not_told(desk: SyncDesk, group: Workspace, other: Signed) -> None:
    message = Push(0, [group.change()])

    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            for _ in range(3):
                await desk.asking("POST", f"{group.path}/push", message, group.signed.token)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})
            await push(group)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 2})

    desk.run(look())


def test_a_group_made_or_removed_is_a_hint_too(desk: SyncDesk, signed: Signed, other: Signed) -> None:
    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            group = Workspace(desk, signed, b"g" * 16)
            body = {"id": encode(group.id), "epoch": 1, "wrap": encode(bytes(61))}
            assert (await desk.asking("POST", "/v1/groups", body, signed.token)).status_code == 201
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 0})
            await push(group)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})
            await desk.asking("DELETE", group.path, token=signed.token)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})

    desk.run(look())


def test_a_group_that_the_server_lets_go_is_a_hint_to_all_devices(
    desk: SyncDesk, signed: Signed, other: Signed, group: Workspace
) -> None:
    (known,) = group.stored(group.change())
    group.stored(group.change(known, deleted=True))
    kept = Workspace(desk, signed)
    kept.stored(kept.change())
    desk.clock.advance(180 * DAY)
    mine, theirs = desk.sign_in(signed.person), desk.sign_in(signed.person)

    async def look() -> None:
        async with reading(desk, mine.token) as reader, reading(desk, theirs.token) as another:
            assert await daily(desk.context)
            for each in (reader, another):
                assert await heard(each) == ("head", {"g": encode(group.id), "seq": 2})
                assert each.nothing()

    desk.run(look())


def test_a_reader_that_is_slow_gets_the_last_seq_of_each_group(
    desk: SyncDesk, group: Workspace, signed: Signed, other: Signed
) -> None:
    second = Workspace(desk, signed)

    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            theirs.reads.clear()
            await push(group)
            # Its task takes the first event and then waits for the connection.
            await asyncio.sleep(0)
            for _ in range(5):
                await push(group)
                await push(second)
            theirs.reads.set()
            texts = [await theirs.next()]
            while encode(second.id) not in (texts[-1] or ""):
                texts.append(await theirs.next())
            assert len(texts) <= 2
            assert texts[-1] == "".join(
                f'event: head\ndata: {{"g":"{encode(each.id)}","seq":{seq}}}\n\n'
                for each, seq in ((group, 6), (second, 5))
            )

    desk.run(look())


def test_the_account_is_told_when_it_changes(desk: SyncDesk, signed: Signed, other: Signed) -> None:
    recovery = person().sign_up.recovery

    async def look() -> None:
        async with reading(desk, signed.token) as mine, reading(desk, other.token) as theirs:
            await desk.asking("PUT", "/v1/account/recovery", recovery, signed.token)
            assert await heard(mine) == ("account", {"rev": 2})
            assert await heard(theirs) == ("account", {"rev": 2})
            # Looked at again: nothing has changed since.
            await look_after_groups(desk.context)
            assert mine.nothing()

    desk.run(look())


@pytest.mark.parametrize("way", ["device", "password", "account", "behind_our_back"])
def test_a_session_that_ends_is_told_and_the_stream_ends(
    desk: SyncDesk, signed: Signed, other: Signed, way: str
) -> None:
    async def end_it() -> None:
        if way == "device":
            await desk.asking("DELETE", f"/v1/devices/{encode(other.device.id)}", token=signed.token)
        elif way == "account":
            await desk.asking("DELETE", "/v1/account", token=signed.token)
        elif way == "password":
            await change_password(desk, signed)
        else:
            async with desk.context.database.write() as connection:
                await sessions.remove_device(connection, other.person.account_id, other.device.id)
            await look_after_groups(desk.context)

    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            await end_it()
            assert await heard(theirs) == ("revoked", {})
            assert await theirs.next() is None

    desk.run(look())
    assert len(desk.context.events) == 0


async def change_password(desk: SyncDesk, signed: Signed) -> None:
    """Take another password."""
    who = signed.person
    fresh = new_credentials(who.email, who.account_id, who.account_key)
    old = Bytes32(H(who.credentials.account_key_wrap))
    message = Credentials(old, fresh.kdf, fresh.srp, fresh.account_key_wrap)
    answer = await desk.asking("PUT", "/v1/account/credentials", message, signed.token)
    assert answer.status_code == 204


def test_signing_in_again_on_a_device_ends_its_earlier_stream(desk: SyncDesk, other: Signed) -> None:
    ended: list[tuple[str, object]] = []

    async def look(ready: asyncio.Event) -> None:
        async with reading(desk, other.token) as theirs:
            ready.set()
            ended.append(await heard(theirs))
            assert await theirs.next() is None

    async def begin() -> asyncio.Task[None]:
        ready = asyncio.Event()
        task = asyncio.get_running_loop().create_task(look(ready))
        await ready.wait()
        return task

    task = desk.run(begin())
    desk.sign_in(other.person, other.device)

    async def wait() -> None:
        await task

    desk.run(wait())
    assert ended == [("revoked", {})]


def test_a_stream_says_something_every_25_seconds(desk: SyncDesk, group: Workspace, other: Signed) -> None:
    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            desk.clock.advance(24_999)
            desk.context.events.tick()
            await push(group)
            assert (await heard(theirs))[0] == "head"
            desk.clock.advance(24_999)
            desk.context.events.tick()
            assert theirs.nothing()
            desk.clock.advance(1)
            desk.context.events.tick()
            assert await theirs.next() == ":\n\n"
            desk.clock.advance(25_000)
            desk.context.events.tick()
            assert await theirs.next() == ":\n\n"

    desk.run(look())


def test_a_fourth_stream_closes_the_oldest_of_the_session(desk: SyncDesk, group: Workspace, other: Signed) -> None:
    async def look() -> None:
        async with (
            reading(desk, group.signed.token),
            reading(desk, other.token) as first,
            reading(desk, other.token) as second,
            reading(desk, other.token) as third,
            reading(desk, other.token) as fourth,
        ):
            assert await first.next() is None
            assert len(desk.context.events) == 4
            await push(group)
            for reader in (second, third, fourth):
                assert (await heard(reader))[0] == "head"

    desk.run(look())
    assert len(desk.context.events) == 0


def test_an_open_stream_is_a_use_of_its_session(desk: SyncDesk, other: Signed) -> None:
    async def look() -> None:
        async with reading(desk, other.token):
            for _ in range(40):
                desk.clock.advance(DAY)
                await look_after_groups(desk.context)
            assert len(desk.context.events) == 1

    desk.run(look())
    assert desk.ask("GET", "/v1/heads", token=other.token).status_code == 200


def test_a_stream_ends_with_the_life_of_its_session(desk: SyncDesk, other: Signed) -> None:
    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            for _ in range(9):
                desk.clock.advance(20 * DAY)
                await look_after_groups(desk.context)
            assert await heard(theirs) == ("revoked", {})

    desk.run(look())


def test_a_stream_of_a_stopping_server_ends(desk: SyncDesk, other: Signed) -> None:
    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            desk.context.events.close()
            assert await theirs.next() is None

    desk.run(look())


def test_a_client_that_does_not_read_is_left(
    desk: SyncDesk, group: Workspace, other: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "SILENCE", 0.05)

    async def look() -> None:
        async with reading(desk, other.token) as theirs:
            theirs.reads.clear()
            await push(group)
            assert await theirs.next() is None
            assert len(desk.context.events) == 0

    desk.run(look())
