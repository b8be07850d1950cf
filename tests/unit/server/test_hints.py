"""What hints look like on their way between servers."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.server import event_streams, hints
from insomnia_desktop.server.database.engine import Database, connect
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.event_streams import EventHub
from insomnia_desktop.server.hints import PUSHER_BYTES, Collected, Hints, payloads, read_payload

NODE, OTHER = encode(b"n" * 16), encode(b"o" * 16)


def test_what_was_collected_comes_back_at_another_node_and_not_at_its_own() -> None:
    removed = {b"r" * 16: (b"a" * 16, b"remove")}
    collected = Collected({b"g" * 16: b"pusher", b"h" * 16: b""}, {b"a" * 16}, removed)
    (payload,) = payloads(NODE, collected)
    assert read_payload(OTHER, payload) == collected
    assert not read_payload(NODE, payload)


def test_a_payload_is_one_that_postgresql_takes() -> None:
    groups = {os.urandom(16): os.urandom(PUSHER_BYTES) for _ in range(700)}
    removed = {os.urandom(16): (os.urandom(16), os.urandom(PUSHER_BYTES)) for _ in range(100)}
    found = list(payloads(NODE, Collected(dict(groups), {os.urandom(16)}, dict(removed))))
    assert len(found) == 4
    assert max(len(payload.encode()) for payload in found) < 8000
    together = Collected()
    for payload in found:
        together.add(read_payload(OTHER, payload))
    assert (together.groups, together.removed, len(together.accounts)) == (groups, removed, 1)
    assert list(payloads(NODE, Collected())) == []


def test_a_group_of_several_pushers_concerns_them_all() -> None:
    collected = Collected()
    collected.add_group(b"g" * 16, b"first.")
    collected.add_group(b"g" * 16, b"first.")
    assert collected.groups == {b"g" * 16: b"first."}
    collected.add_group(b"g" * 16, b"second")
    assert collected.groups == {b"g" * 16: b""}
    collected.add_group(b"g" * 16, b"second")
    assert collected.groups == {b"g" * 16: b""}


def test_words_that_are_no_hints_are_left_out() -> None:
    good = f"g{encode(b'g' * 16)}"
    words = ["", "g", "gAA", f"x{encode(b'x' * 16)}", f"{good}AA", f"{good}=", f"a{encode(b'a' * 16)}AAAAAAAA", good]
    words += [f"r{encode(b'r' * 16)}", f"r{encode(b'r' * 32)}", f"r{encode(b'r' * 16)}AAAAAAAA"]
    assert read_payload(OTHER, " ".join((NODE, *words))) == Collected({b"g" * 16: b""})
    assert not read_payload(OTHER, "")


def test_what_was_lost_stays_lost_among_what_was_not() -> None:
    together = Collected(lost=True)
    together.add(Collected({b"g" * 16: b""}))
    assert together.lost
    assert Collected(lost=True)
    assert not Collected().lost


class Silent:
    """A connection whose other end is gone without a word: nothing is ever answered."""

    def __init__(self) -> None:
        self.closed = False
        self.asked = 0

    def add_termination_listener(self, listener: object) -> None:
        """Say nothing of its end."""

    def remove_termination_listener(self, listener: object) -> None:
        """Forget nothing."""

    async def add_listener(self, channel: str, listener: object) -> None:
        """Listen while the other end was still there."""

    async def execute(self, statement: str) -> None:
        """Wait for ever."""
        self.asked += 1
        await asyncio.Event().wait()

    def terminate(self) -> None:
        """Close it without a word."""
        self.closed = True

    def is_closed(self) -> bool:
        """Whether it was closed."""
        return self.closed


def test_a_connection_that_answers_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hints, "ASK_SECONDS", 0)
    monkeypatch.setattr(hints, "ANSWER_SECONDS", 0)

    async def listen() -> Silent:
        database, silent = connect(tmp_path / "unused.db"), Silent()
        async with asyncio.timeout(20):
            await Hints(database)._listen(silent)
        await database.close()
        return silent

    silent = asyncio.run(listen())
    assert (silent.asked, silent.closed) == (1, True)


class Slow:
    """A database that is slow the first time, and takes everything after that."""

    def __init__(self, slow_at: str) -> None:
        self._slow_at = slow_at
        self.asked = asyncio.Event()
        self.taken: list[str] = []

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Slow]:
        """Give itself as the connection."""
        await self._reach("hold")
        yield self

    async def execute(self, statement: object, values: dict[str, str]) -> None:
        """Take a payload."""
        await self._reach("execute")
        self.taken.append(values["payload"])

    async def _reach(self, place: str) -> None:
        if place == self._slow_at and not self.asked.is_set():
            self.asked.set()
            await asyncio.Event().wait()


@pytest.mark.parametrize("slow_at", ["hold", "execute"])
def test_a_server_that_stops_while_it_sends_sends_that_in_its_last_moment(
    slow_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hints, "COLLECT_SECONDS", 0)

    async def stop() -> list[str]:
        database = Slow(slow_at)
        sender = Hints(cast(Database, database))
        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(sender._send_on())
            sender.account(b"a" * 16)
            await database.asked.wait()
            # Comes while the other is on its way.
            sender.group(b"g" * 16, b"pusher")
            sending.cancel()
        return database.taken

    (payload,) = asyncio.run(stop())
    assert read_payload(OTHER, payload) == Collected({b"g" * 16: b"pusher"}, {b"a" * 16})


def test_streams_whose_clients_may_have_missed_something_end_one_after_another(monkeypatch: pytest.MonkeyPatch) -> None:
    async def left(ended_a_second: float) -> int:
        monkeypatch.setattr(event_streams, "ENDED_A_SECOND", ended_a_second)
        hub = EventHub(SystemClock(), 3)
        for number in range(3):
            hub.open(SessionRow(bytes([number]), b"a" * 16, b"d" * 16, "", "", "", 0, 0, 0))
        hub.end_all()
        assert len(hub) == 3
        for _ in range(3):
            await asyncio.sleep(0)
        return len(hub)

    assert asyncio.run(left(1e12)) == 0
    # The second one in a quarter of an hour.
    assert asyncio.run(left(0.001)) == 2
