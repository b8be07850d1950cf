"""The server killed with -9 under pushes: every push that was answered is there, none is half there, and all holds.

Covers server.domain.pushing on a real process.
"""

from __future__ import annotations

import os
import random
import signal
import threading
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.crypto.envelope import NO_PREV, Revision, rev_hash
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, encode
from insomnia_desktop.protocol.codec import decode_body, encode_body
from insomnia_desktop.protocol.sync import Change, Page, Push, PushAnswer
from insomnia_desktop.server import operations
from tests.support.clock import FixedClock
from tests.support.sync_desk import Signed, sync_desk
from tests.support.sync_groups import Workspace, envelope
from tests.support.sync_people import person
from tests.support.sync_process import ServerProcess, where

DEVICES = 3
RESOURCES = 4
_LONGER_LIVES = 20


@dataclass
class Pusher:
    """One device: a push of it changes all its resources at once, so that half of one would show."""

    signed: Signed
    group_id: bytes
    ids: list[bytes] = field(default_factory=lambda: [os.urandom(16) for _ in range(RESOURCES)])
    version: int = 0
    prev: list[bytes] = field(default_factory=lambda: [NO_PREV] * RESOURCES)
    unanswered: Push | None = None
    answered: int = 0

    def live(self, client: httpx.Client) -> None:
        """Push one version after the other, the unanswered one first and unchanged, until the server is gone."""
        while True:
            message = self.unanswered or self._next()
            self.unanswered = message
            answer = client.post(
                f"/v1/groups/{encode(self.group_id)}/push",
                headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.signed.token}"},
                content=encode_body(message),
            )
            if answer.status_code == 429:
                return
            assert answer.status_code == 200, answer.text
            results = decode_body(answer.content, PushAnswer).results
            assert [result.result for result in results] == ["ok"] * RESOURCES, results
            self._accepted(message)

    def _next(self) -> Push:
        changes = [
            Change(Bytes16(name), self.version + 1, Bytes32(prev), False, Binary(envelope()))
            for name, prev in zip(self.ids, self.prev, strict=True)
        ]
        return Push(1 << 40, changes)

    def _accepted(self, message: Push) -> None:
        author = self.signed.person.account_id
        self.version += 1
        self.prev = [
            rev_hash(Revision(self.group_id, each.id, each.version, each.prev, each.deleted, author), each.blob)
            for each in message.changes
        ]
        self.unanswered = None
        self.answered += 1

    def check(self, page: Page) -> None:
        """Compare what the server has with what is known for certain."""
        versions = {row.version for row in page.rows if bytes(row.id) in self.ids}
        may_be = {self.version, self.version + (self.unanswered is not None)} - {0}
        assert len(versions) <= 1, "half of a push is there"
        assert versions <= may_be, (versions, may_be)
        assert versions or self.version == 0


def one_life(database: Path | str, pushers: list[Pusher], seconds: float) -> list[BaseException]:
    """Run the server with everybody at work, and kill it in the midst of it; returns what was no loss of connection."""
    process = ServerProcess(*where(database), "--port", "0")
    bad: list[BaseException] = []
    try:
        address = process.address()

        def work(pusher: Pusher) -> None:
            try:
                with httpx.Client(base_url=address, timeout=30) as client:
                    pusher.live(client)
            except httpx.TransportError:
                # The server is gone: what it was asked last may have been done, or not.
                pass
            except BaseException as error:
                bad.append(error)

        threads = [threading.Thread(target=work, args=(each,), name="pusher") for each in pushers]
        for thread in threads:
            thread.start()
        # Nothing is waited for: at any moment is the point of it.
        threads[0].join(seconds)
        process.send(signal.SIGKILL)
        for thread in threads:
            thread.join(60)
    finally:
        process.kill()
    return bad


def people(database: Path | str) -> list[Pusher]:
    """Make an account with a group and sign its devices in; the server has no other clock than the real one."""
    with sync_desk(database, FixedClock(SystemClock().now_ms())) as desk:
        first = desk.sign_in(desk.sign_up(person()))
        group = Workspace(desk, first)
        return [Pusher(each, group.id) for each in (first, *(desk.sign_in(first.person) for _ in range(DEVICES - 1)))]


def lives(database: Path | str, count: int, seed: int) -> int:
    """Kill the server so many times; returns how many pushes were answered."""
    chance = random.Random(seed)
    pushers = people(database)
    for number in range(count + _LONGER_LIVES):
        if number >= count and sum(pusher.answered for pusher in pushers):
            break
        # On a busy machine a life may be over before anything is answered: then longer ones follow.
        bad = one_life(database, pushers, chance.uniform(0.0, 0.6) * max(1, number + 2 - count))
        assert not bad, bad
        page = stored(database, pushers[0])
        for pusher in pushers:
            pusher.check(page)
    return sum(pusher.answered for pusher in pushers)


def stored(database: Path | str, pusher: Pusher) -> Page:
    """Return what the server has, once it is open again."""
    with sync_desk(database, FixedClock(SystemClock().now_ms())) as desk:
        # Every counter is that of the rows, and every row is whole.
        desk.run(operations.check(database))
        page = Workspace(desk, pusher.signed, pusher.group_id).page()
        assert [row.seq for row in page.rows] == sorted({row.seq for row in page.rows})
        return page


def test_three_kills(database: Path | str) -> None:
    assert lives(database, 3, seed=3) > 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_three_hundred_kills(database: Path | str) -> None:
    assert lives(database, 300, seed=300) > 300
