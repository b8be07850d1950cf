"""Hints between the server processes of one PostgreSQL: what has changed, never what it says (protocol v1, section 5).

A NOTIFY inside of a push would make all pushes wait for one lock; so each process collects for 50 ms and sends apart.

A client with a stream asks for nothing by itself, so no hint may be lost while its stream is open. What the database
does not take, or what cannot be looked up there, waits and is tried again. What others sent while a process did not
listen nobody can say: each time that it begins to, it ends its streams, and their clients ask for heads when they
connect again. To offer the heads instead would miss what is no head: a group that is gone, a session that is over.
What a process had collected when it was killed is told with the next change of the same group or account.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text

from insomnia_desktop.protocol.binary import decode, encode
from insomnia_desktop.protocol.limits import ID_BYTES
from insomnia_desktop.server.database.engine import Database, DatabaseUnavailable
from insomnia_desktop.server.log_lines import write_event

CHANNEL = "insomnia_sync"
COLLECT_SECONDS = 0.05
RETRY_SECONDS = 2.0
# A connection on which nothing is said may be gone without anybody having heard of it: a router forgets it.
ASK_SECONDS = 30.0
ANSWER_SECONDS = 10.0
# A server that stops waits no longer for what it still has to tell.
LAST_SECONDS = 2.0
# A payload of PostgreSQL is shorter than 8,000 bytes.
MOST_CHARACTERS = 7_900
# So much of a token's hash goes along that the session that pushed is not told of its own push.
PUSHER_BYTES = 6
_GROUP, _ACCOUNT, _REMOVED = "g", "a", "r"
# Characters of an id in base64url.
_ID = 22
_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Collected:
    """What has changed: groups with the beginning of the pusher's token hash (empty for several), and accounts.

    Of a group that was removed nobody can look up whose it was: its account goes along, then who removed it (empty for
    the server itself). Where hints were `lost`, anything may have changed.
    """

    groups: dict[bytes, bytes] = field(default_factory=dict)
    accounts: set[bytes] = field(default_factory=set)
    removed: dict[bytes, tuple[bytes, bytes]] = field(default_factory=dict)
    lost: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups or self.accounts or self.removed or self.lost)

    def add_group(self, group_id: bytes, pusher: bytes) -> None:
        """Add a group; one that several sessions pushed to concerns them all."""
        self.groups[group_id] = pusher if self.groups.get(group_id, pusher) == pusher else b""

    def add(self, other: Collected) -> None:
        """Add all of another collection."""
        for group_id, pusher in other.groups.items():
            self.add_group(group_id, pusher)
        self.accounts |= other.accounts
        self.removed |= other.removed
        self.lost |= other.lost


def payloads(node: str, collected: Collected) -> Iterator[str]:
    """Return the payloads that tell what was collected, the name of the node first."""
    words = [f"{_GROUP}{encode(group_id)}{encode(pusher)}" for group_id, pusher in collected.groups.items()]
    words += [f"{_ACCOUNT}{encode(account_id)}" for account_id in collected.accounts]
    words += [_REMOVED + "".join(map(encode, (group_id, *rest))) for group_id, rest in collected.removed.items()]
    payload = node
    for word in words:
        if len(payload) + 1 + len(word) > MOST_CHARACTERS:
            yield payload
            payload = node
        payload = f"{payload} {word}"
    if payload != node:
        yield payload


def read_payload(node: str, payload: str) -> Collected:
    """Return what another node collected; empty for the node's own, and what is no hint is left out."""
    sender, *words = payload.split(" ")
    collected = Collected()
    if sender == node:
        return collected
    for word in words:
        with contextlib.suppress(ValueError):
            _read_word(word[:1], word[1:], collected)
    return collected


def _read_word(kind: str, text: str, collected: Collected) -> None:
    """Add a word to what was collected; raises ValueError for what is no hint of ours."""
    data, rest = decode(text[:_ID], ID_BYTES), text[_ID:]
    if kind == _GROUP:
        collected.add_group(data, decode(rest, PUSHER_BYTES) if rest else b"")
    elif kind == _ACCOUNT and not rest:
        collected.accounts.add(data)
    elif kind == _REMOVED:
        account_id, remover = decode(rest[:_ID], ID_BYTES), rest[_ID:]
        collected.removed[data] = (account_id, decode(remover, PUSHER_BYTES) if remover else b"")


class Hints:
    """Sends hints and takes those of others. Threads: the loop of the server."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._node = encode(os.urandom(ID_BYTES))
        self._outgoing, self._incoming = Collected(), Collected()
        self._send_wake, self._take_wake = asyncio.Event(), asyncio.Event()
        self.listening = asyncio.Event()

    def group(self, group_id: bytes, token_hash: bytes) -> None:
        """Tell the others that a session has changed a group."""
        self._outgoing.add_group(group_id, token_hash[:PUSHER_BYTES])
        self._send_wake.set()

    def removed(self, group_id: bytes, account_id: bytes, token_hash: bytes) -> None:
        """Tell the others that a session has removed a group of its account; no hash: the server itself did."""
        self._outgoing.removed[group_id] = (account_id, token_hash[:PUSHER_BYTES])
        self._send_wake.set()

    def account(self, account_id: bytes) -> None:
        """Tell the others that an account or its sessions have changed."""
        self._outgoing.accounts.add(account_id)
        self._send_wake.set()

    async def run(self, take: Callable[[Collected], Awaitable[None]]) -> None:
        """Send, and call `take` with the hints of other processes, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for work in (self._listen_on(), self._send_on(), self._take_on(take)):
                tasks.create_task(work, name="server-hints")

    async def _listen_on(self) -> None:
        while True:
            try:
                async with self._database.hold() as connection:
                    raw = await connection.get_raw_connection()
                    await self._listen(raw.driver_connection)
            except DatabaseUnavailable as error:
                write_event(_logger, logging.WARNING, "hints are not heard", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self, driver: Any) -> None:
        """Listen until the connection is gone, or says nothing when it is asked."""
        gone = asyncio.Event()

        def at_end(_connection: object) -> None:
            gone.set()

        driver.add_termination_listener(at_end)
        await driver.add_listener(CHANNEL, self._heard)
        # The streams that are open already heard nothing of the others until now.
        self._incoming.lost = True
        self._take_wake.set()
        self.listening.set()
        try:
            while not gone.is_set():
                await self._ask_in_a_while(driver, gone)
        finally:
            self.listening.clear()
            driver.remove_termination_listener(at_end)
            if not driver.is_closed():
                await driver.remove_listener(CHANNEL, self._heard)

    async def _ask_in_a_while(self, driver: Any, gone: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ASK_SECONDS):
                await gone.wait()
        if gone.is_set():
            return
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await driver.execute("SELECT 1")
        except TimeoutError:
            # Whoever would still say something on it would wait for its answer too.
            driver.terminate()
            gone.set()

    def _heard(self, _connection: object, _process: int, _channel: str, payload: object) -> None:
        self._incoming.add(read_payload(self._node, str(payload)))
        if self._incoming:
            self._take_wake.set()

    async def _take_on(self, take: Callable[[Collected], Awaitable[None]]) -> None:
        while True:
            await self._take_wake.wait()
            self._take_wake.clear()
            incoming, self._incoming = self._incoming, Collected()
            try:
                await take(incoming)
            except DatabaseUnavailable as error:
                write_event(_logger, logging.WARNING, "hints were not told", reason=str(error))
                self._incoming.add(incoming)
                await asyncio.sleep(RETRY_SECONDS)
                self._take_wake.set()

    async def _send_on(self) -> None:
        try:
            while True:
                await self._send_wake.wait()
                await asyncio.sleep(COLLECT_SECONDS)
                self._send_wake.clear()
                if not await self._send():
                    await asyncio.sleep(RETRY_SECONDS)
                    self._send_wake.set()
        finally:
            # The server stops: what it was told in its last moment has happened too.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST_SECONDS):
                    await self._send()

    async def _send(self) -> bool:
        """Send what was collected; False if the database did not take it, and then it is still to be sent."""
        outgoing, self._outgoing = self._outgoing, Collected()
        statement = text("SELECT pg_notify(:channel, :payload)")
        try:
            if outgoing:
                async with self._database.hold() as connection:
                    for payload in payloads(self._node, outgoing):
                        await connection.execute(statement, {"channel": CHANNEL, "payload": payload})
        except DatabaseUnavailable as error:
            write_event(_logger, logging.WARNING, "hints were not sent", reason=str(error))
            self._outgoing.add(outgoing)
            return False
        except asyncio.CancelledError:
            # The server stops: the last attempt has it to send still. What is heard twice does no harm.
            self._outgoing.add(outgoing)
            raise
        return True
