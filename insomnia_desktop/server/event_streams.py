"""The event streams that are open at this server process: hints, coalesced until they are read (protocol v1, 3.12).

Threads: the loop of the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable

import msgspec

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.protocol.binary import Bytes16
from insomnia_desktop.protocol.codec import encode_body
from insomnia_desktop.protocol.events import (
    ACCOUNT,
    COMMENT_EVERY,
    HEAD,
    REVOKED,
    AccountEvent,
    HeadEvent,
    RevokedEvent,
)
from insomnia_desktop.server.database.sessions import SessionRow

COMMENT = b":\n\n"
# Who is sent away connects again and asks for heads: not all of them in one instant.
ENDED_A_SECOND = 500


class EventStream:
    """What one session has not been told yet. However slow its reader, no more than the last seq of each group."""

    def __init__(self, session: SessionRow, clock: Clock) -> None:
        self.session = session
        self._clock = clock
        self._heads: dict[bytes, int] = {}
        self._known_rev: int | None = None
        self._new_rev: int | None = None
        # At once, so that the client hears that the stream is open.
        self._comments = True
        self._revoked = self._closed = False
        self._wake = asyncio.Event()
        self._wake.set()
        self._said_at = clock.monotonic()

    def offer_head(self, group_id: bytes, seq: int) -> None:
        """Tell that a group has reached a seq."""
        self._heads[group_id] = max(seq, self._heads.get(group_id, 0))
        self._wake.set()

    def offer_rev(self, rev: int) -> None:
        """Tell that the account is another one, if it is; the first number offered is the one the client finds."""
        if self._known_rev is not None and rev != self._known_rev:
            self._new_rev = rev
            self._wake.set()
        self._known_rev = rev

    def revoke(self) -> None:
        """Tell that the session is over, and end."""
        self._revoked = True
        self._wake.set()

    def close(self) -> None:
        """End without a word; the client connects again."""
        self._closed = True
        self._wake.set()

    def tick(self) -> None:
        """Say something if nothing was said for 25 seconds."""
        if self._clock.monotonic() - self._said_at >= COMMENT_EVERY:
            self._comments = True
            self._wake.set()

    async def next(self) -> bytes | None:
        """Wait for something to say and return it as it is sent; None at the end."""
        while not self._closed:
            await self._wake.wait()
            self._wake.clear()
            text = self._take()
            if text:
                return text
        return None

    def _take(self) -> bytes:
        parts: list[bytes] = []
        if not self._closed:
            parts += [_event(HEAD, HeadEvent(Bytes16(group_id), seq)) for group_id, seq in self._heads.items()]
            if self._new_rev is not None:
                parts.append(_event(ACCOUNT, AccountEvent(self._new_rev)))
            if self._revoked:
                parts.append(_event(REVOKED, RevokedEvent()))
            if self._comments and not parts:
                parts.append(COMMENT)
        self._closed = self._closed or self._revoked
        self._heads, self._new_rev, self._comments = {}, None, False
        self._said_at = self._clock.monotonic()
        return b"".join(parts)


class EventHub:
    """All streams of this process, found by account."""

    def __init__(self, clock: Clock, streams_a_session: int) -> None:
        self._clock = clock
        self._most = streams_a_session
        # In the order in which they were opened.
        self._streams: dict[bytes, list[EventStream]] = {}
        self._closed = False

    def __len__(self) -> int:
        return sum(map(len, self._streams.values()))

    def open(self, session: SessionRow) -> EventStream:
        """Open a stream; one too many of a session closes the oldest of it."""
        stream = EventStream(session, self._clock)
        streams = self._streams.setdefault(session.account_id, [])
        streams.append(stream)
        own = [each for each in streams if each.session.token_hash == session.token_hash]
        for oldest in own[: -self._most]:
            self.leave(oldest)
        if self._closed:
            self.leave(stream)
        return stream

    def leave(self, stream: EventStream) -> None:
        """Forget a stream, and end it if it has not ended."""
        stream.close()
        streams = self._streams.get(stream.session.account_id, [])
        if stream in streams:
            streams.remove(stream)
            if not streams:
                del self._streams[stream.session.account_id]

    def accounts(self) -> list[bytes]:
        """Return the accounts that have streams here."""
        return list(self._streams)

    def of_accounts(self, account_ids: Collection[bytes]) -> list[EventStream]:
        """Return the streams of accounts."""
        return [stream for account_id in account_ids for stream in self._streams.get(account_id, ())]

    def offer_head(self, account_ids: Iterable[bytes], group_id: bytes, seq: int, but: bytes) -> None:
        """Tell accounts about a group; not the session whose token's hash begins with `but`, unless that is empty."""
        for stream in self.of_accounts(list(account_ids)):
            if not but or not stream.session.token_hash.startswith(but):
                stream.offer_head(group_id, seq)

    def tick(self) -> None:
        """Say something on every stream that was silent for 25 seconds; asked every second."""
        for streams in self._streams.values():
            for stream in streams:
                stream.tick()

    def end_all(self) -> None:
        """End all streams that are open now, 500 a second, as their clients may have missed something."""
        loop = asyncio.get_running_loop()
        for number, stream in enumerate(self.of_accounts(self.accounts())):
            loop.call_later(number / ENDED_A_SECOND, self.leave, stream)

    def close(self) -> None:
        """End all streams, and each that is opened from now on."""
        self._closed = True
        for stream in self.of_accounts(self.accounts()):
            self.leave(stream)


def _event(name: str, message: msgspec.Struct) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode("ascii"), encode_body(message))
