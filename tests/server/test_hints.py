"""Two server processes over one PostgreSQL: what one is told the other one's streams hear.

Covers server.hints, domain.announcing and server.asgi.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.protocol.sync import Push
from insomnia_desktop.server import hints
from insomnia_desktop.server.config import ServerConfig
from insomnia_desktop.server.database import groups
from insomnia_desktop.server.database.engine import DatabaseUnavailable
from insomnia_desktop.server.domain.retention import daily
from insomnia_desktop.server.hints import CHANNEL, Collected
from tests.server.conftest import LEGS
from tests.support.clock import FixedClock
from tests.support.event_reader import EventReader, reading
from tests.support.logfail import LogGuard
from tests.support.postgresql import PostgresServer
from tests.support.sync_desk import Signed, SyncDesk
from tests.support.sync_groups import Workspace, heads
from tests.support.sync_people import person

DAY = 86_400_000
pytestmark = pytest.mark.skipif("postgresql" not in LEGS, reason="needs a PostgreSQL")


@dataclass
class Pair:
    """Two servers on one loop, and somebody with a device at each."""

    here: SyncDesk
    there: SyncDesk
    mine: Signed
    other: Signed
    runner: asyncio.Runner


@pytest.fixture
def pair(postgres: PostgresServer, clock: FixedClock) -> Iterator[Pair]:
    """Two servers over one database."""
    address = postgres.empty()
    with asyncio.Runner() as runner:
        here, there = (SyncDesk(ServerConfig(address), clock, runner) for _ in range(2))
        here.open()
        there.open()
        try:
            for desk in (here, there):
                desk.run(listening(desk))
            mine = here.sign_in(here.sign_up(person()))
            yield Pair(here, there, mine, there.sign_in(mine.person), runner)
        finally:
            there.close()
            here.close()


async def listening(desk: SyncDesk) -> None:
    """Wait until a server hears the others."""
    assert desk.context.hints is not None
    async with asyncio.timeout(20):
        await desk.context.hints.listening.wait()


async def cut(pair: Pair) -> None:
    """Take both servers the connection on which they listen; `listening` is set when they do so again."""
    for desk in (pair.here, pair.there):
        assert desk.context.hints is not None
        desk.context.hints.listening = asyncio.Event()
    async with pair.here.context.database.hold() as connection:
        found = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
        assert (await connection.execute(text(found))).all()


async def ended(reader: EventReader) -> None:
    """Wait until a stream ends; its client will ask for heads."""
    while await reader.next() is not None:
        pass


async def push(group: Workspace, token: str) -> None:
    """Push one change."""
    answer = await group.desk.asking("POST", f"{group.path}/push", Push(0, [group.change()]), token)
    assert answer.status_code == 200


async def heard(reader: EventReader) -> tuple[str, object]:
    """Return the name and the data of the one event that is said next, past comments and groups that are empty."""
    while True:
        name, data, *_ = (await reader.next() or "end\n").split("\n")
        if data and '"seq":0}' not in data:
            return name.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_a_push_at_one_server_is_heard_at_the_other(pair: Pair) -> None:
    group = Workspace(pair.here, pair.mine)
    bob = pair.there.sign_in(pair.there.sign_up(person("bob@example.com")))

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs, reading(pair.there, bob.token) as his:
            await push(group, pair.mine.token)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})
            assert his.nothing()

    pair.here.run(look())
    assert heads(pair.there, pair.other).groups[0].head_seq == 1


def test_a_group_that_is_removed_at_one_server_is_heard_at_the_other(pair: Pair) -> None:
    group = Workspace(pair.here, pair.mine)

    async def look() -> None:
        async with reading(pair.there, pair.mine.token) as mine, reading(pair.there, pair.other.token) as theirs:
            await push(group, pair.mine.token)
            assert (await heard(theirs))[0] == "head"
            await pair.here.asking("DELETE", group.path, token=pair.mine.token)
            # That the group was made may have been told apart from the push: then its head comes twice.
            while '"seq":1}' in (said := await theirs.next() or ""):
                pass
            assert said == f'event: head\ndata: {{"g":"{encode(group.id)}","seq":0}}\n\n'
            assert mine.nothing()

    pair.here.run(look())


def test_a_group_that_one_server_lets_go_is_heard_at_the_other(pair: Pair) -> None:
    group = Workspace(pair.here, pair.mine)
    (known,) = group.stored(group.change())
    group.stored(group.change(known, deleted=True))
    # Both servers have one clock; the sessions are over by then.
    pair.here.clock.advance(180 * DAY)
    there = pair.there.sign_in(pair.mine.person)

    async def look() -> None:
        async with reading(pair.there, there.token) as theirs:
            assert await daily(pair.here.context)
            while f'"g":"{encode(group.id)}","seq":0}}' not in (said := await theirs.next() or ""):
                assert "head" in said or said == ":\n\n"

    pair.here.run(look())


def test_a_removed_group_is_read_with_and_without_who_removed_it() -> None:
    removed = {b"g" * 16: (b"a" * 16, b"remove"), b"h" * 16: (b"a" * 16, b"")}
    (payload,) = hints.payloads("node", Collected(removed=removed))
    assert hints.read_payload("another", payload) == Collected(removed=removed)
    assert not hints.read_payload("another", f"node r{encode(b'g' * 16)}{encode(b'a' * 16)}AAAA")


def test_the_session_that_pushed_does_not_hear_of_it_at_another_server(pair: Pair) -> None:
    group = Workspace(pair.here, pair.mine)

    async def look() -> None:
        # Its stream is at the other server.
        async with reading(pair.there, pair.mine.token) as mine, reading(pair.there, pair.other.token) as theirs:
            await push(group, pair.mine.token)
            assert (await heard(theirs))[0] == "head"
            assert mine.nothing()
            await push(group, pair.other.token)
            assert await heard(mine) == ("head", {"g": encode(group.id), "seq": 2})

    pair.here.run(look())


def test_what_is_pushed_while_hints_are_collected_is_told_together(pair: Pair) -> None:
    groups = [Workspace(pair.here, pair.mine) for _ in range(3)]

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs:
            for group in groups:
                await push(group, pair.mine.token)
                await push(group, pair.mine.token)
            seqs: dict[str, int] = {}
            while len(seqs) < 3 or set(seqs.values()) != {2}:
                said = await theirs.next()
                assert said is not None
                for line in said.split("\n"):
                    if line.startswith("data: "):
                        data = json.loads(line.removeprefix("data: "))
                        seqs[data["g"]] = data["seq"]

    pair.here.run(look())


def test_a_change_of_the_account_and_a_revoked_device_are_heard(pair: Pair) -> None:
    recovery = person().sign_up.recovery

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs:
            await pair.here.asking("PUT", "/v1/account/recovery", recovery, pair.mine.token)
            assert await heard(theirs) == ("account", {"rev": 2})
            path = f"/v1/devices/{encode(pair.other.device.id)}"
            assert (await pair.here.asking("DELETE", path, token=pair.mine.token)).status_code == 204
            assert await heard(theirs) == ("revoked", {})
            assert await theirs.next() is None

    pair.here.run(look())


def test_what_is_no_hint_is_left_alone(pair: Pair) -> None:
    group = Workspace(pair.here, pair.mine)

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs:
            async with pair.here.context.database.hold() as connection:
                for payload in ("", "x", "node", "node g", "node gAA axx", f"node z{encode(group.id)}"):
                    statement = text("SELECT pg_notify(:channel, :payload)")
                    await connection.execute(statement, {"channel": CHANNEL, "payload": payload})
            await push(group, pair.mine.token)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})

    pair.here.run(look())


def test_a_server_hears_again_after_its_connection_was_cut(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "RETRY_SECONDS", 0.01)
    group = Workspace(pair.here, pair.mine)

    async def look() -> None:
        await cut(pair)
        for desk in (pair.here, pair.there):
            await listening(desk)
        async with reading(pair.there, pair.other.token) as theirs:
            await push(group, pair.mine.token)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})

    pair.here.run(look())


def test_what_was_pushed_while_a_server_did_not_hear_is_asked_for(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(hints, "COLLECT_SECONDS", 0)
    group = Workspace(pair.here, pair.mine)
    deaf, again = asyncio.Event(), asyncio.Event()

    async def listen_later(driver: object) -> None:
        deaf.set()
        await again.wait()
        await listen(driver)

    assert pair.there.context.hints is not None
    listen = pair.there.context.hints._listen

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs:
            monkeypatch.setattr(pair.there.context.hints, "_listen", listen_later)
            await cut(pair)
            async with asyncio.timeout(20):
                await deaf.wait()
            await push(group, pair.mine.token)
            again.set()
            await ended(theirs)

    pair.here.run(look())
    assert heads(pair.there, pair.other).groups[0].head_seq == 1


def test_hints_that_cannot_be_sent_are_sent_when_they_can_be(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, log_guard: LogGuard
) -> None:
    monkeypatch.setattr(hints, "RETRY_SECONDS", 0.01)
    group = Workspace(pair.here, pair.mine)
    database = pair.here.context.database
    # The first hint may be the one that the group was made.
    refused: list[None] = []
    hold = database.hold

    def refuse_twice() -> AbstractAsyncContextManager[AsyncConnection]:
        if len(refused) < 2:
            refused.append(None)
            raise DatabaseUnavailable("no connection is left")
        return hold()

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs:
            monkeypatch.setattr(database, "hold", refuse_twice)
            await push(group, pair.mine.token)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})

    with log_guard.expect("hints were not sent"):
        pair.here.run(look())


def test_hints_that_cannot_be_looked_up_are_told_when_they_can_be(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, log_guard: LogGuard
) -> None:
    monkeypatch.setattr(hints, "RETRY_SECONDS", 0.01)
    group = Workspace(pair.here, pair.mine)
    database = pair.there.context.database
    refused: list[None] = []
    run_read = database.run_read

    async def refuse_twice(work: Callable[..., Any], *args: Any) -> object:
        if work is groups.who_hears_of and len(refused) < 2:
            refused.append(None)
            raise DatabaseUnavailable("no connection is left")
        return await run_read(work, *args)

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs:
            monkeypatch.setattr(database, "run_read", refuse_twice)
            await push(group, pair.mine.token)
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})

    with log_guard.expect("hints were not told"):
        pair.here.run(look())


def test_a_server_that_stops_tells_what_it_still_has_to_tell(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    group = Workspace(pair.here, pair.mine)
    third = SyncDesk(pair.here.config, pair.here.clock, pair.runner)
    # It would send nothing before it stops.
    monkeypatch.setattr(hints, "COLLECT_SECONDS", 3600)

    async def look() -> None:
        async with reading(pair.there, pair.other.token) as theirs:
            async with third.app.router.lifespan_context(third.app):
                message = Push(0, [group.change()])
                answer = await third.asking("POST", f"{group.path}/push", message, pair.mine.token)
                assert answer.status_code == 200
            assert await heard(theirs) == ("head", {"g": encode(group.id), "seq": 1})

    pair.here.run(look())


def test_pushes_at_both_servers_are_one_order(pair: Pair) -> None:
    here = Workspace(pair.here, pair.mine)
    there = Workspace(pair.there, pair.other, here.id)

    async def look() -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(10):
                tasks.create_task(push(here, pair.mine.token))
                tasks.create_task(push(there, pair.other.token))

    pair.here.run(look())
    assert [row.seq for row in here.everything()] == list(range(1, 21))
    assert here.page() == there.page()


def test_pushes_to_another_group_do_not_wait(pair: Pair) -> None:
    locked, other = Workspace(pair.here, pair.mine), Workspace(pair.here, pair.mine)

    async def push_while_the_group_is_locked() -> None:
        async with pair.there.context.database.write() as connection:
            assert await connection.run_sync(groups.lock, pair.mine.person.account_id, locked.id)
            await push(other, pair.mine.token)

    pair.here.run(push_while_the_group_is_locked())
    assert other.page().head_seq == 1
