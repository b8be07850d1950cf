"""Groups at a sync server and what devices do with them; envelopes are random bytes unless a test seals them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from insomnia_desktop.crypto.envelope import NO_PREV, Revision, rev_hash
from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32, Bytes61, encode
from insomnia_desktop.protocol.resource_groups import Group, Head, Heads, NewGroup
from insomnia_desktop.protocol.resources import Revisions, Row
from insomnia_desktop.protocol.sync import Change, Page, Push, PushAnswer, Result
from tests.support.sync_desk import Signed, SyncDesk

ENVELOPE = 289


def envelope(size: int = ENVELOPE, epoch: int = 1) -> bytes:
    """Return bytes that a server takes for an envelope."""
    return b"\x01" + epoch.to_bytes(4, "big") + os.urandom(size - 5)


@dataclass(frozen=True)
class Known:
    """The newest version of a resource, as who pushed it knows it."""

    id: bytes
    version: int
    rev_hash: bytes


class Workspace:
    """A group, and a device of its account that pushes to it and pulls from it."""

    def __init__(self, desk: SyncDesk, signed: Signed, group_id: bytes | None = None) -> None:
        """Make the group, unless one is given."""
        self.desk = desk
        self.signed = signed
        self.id = group_id or os.urandom(16)
        if group_id is None:
            answer = make_group(desk, signed, self.id)
            assert answer.status_code == 201, answer.text

    @property
    def path(self) -> str:
        """The path of the group."""
        return f"/v1/groups/{encode(self.id)}"

    def on(self, signed: Signed) -> Workspace:
        """Return the same group on another device."""
        return Workspace(self.desk, signed, self.id)

    def change(
        self, known: Known | None = None, *, deleted: bool = False, size: int = ENVELOPE, blob: bytes | None = None
    ) -> Change:
        """Return the next version of a resource, or the first of a new one."""
        version, prev = (known.version + 1, known.rev_hash) if known else (1, NO_PREV)
        resource_id = known.id if known else os.urandom(16)
        data = envelope(size) if blob is None else blob
        return Change(Bytes16(resource_id), version, Bytes32(prev), deleted, Binary(data))

    def known(self, change: Change) -> Known:
        """Return what the device knows once a change was accepted."""
        author = self.signed.person.account_id
        revision = Revision(self.id, change.id, change.version, change.prev, change.deleted, author)
        return Known(bytes(change.id), change.version, rev_hash(revision, change.blob))

    def ask_push(self, changes: Iterable[Change], after: int = 0) -> httpx.Response:
        """Push, whatever is answered."""
        message = Push(after, list(changes))
        return self.desk.ask("POST", f"{self.path}/push", message, self.signed.token)

    def push(self, *changes: Change, after: int = 0) -> PushAnswer:
        """Push, and return the answer."""
        return self.desk.answer(self.ask_push(changes, after), PushAnswer)

    def results(self, *changes: Change) -> list[Result]:
        """Push, and return the results alone."""
        return self.push(*changes, after=1 << 40).results

    def stored(self, *changes: Change) -> list[Known]:
        """Push what must be accepted, and return what is known then."""
        assert {result.result for result in self.results(*changes)} == {"ok"}
        return [self.known(change) for change in changes]

    def grow(self, known: Known, versions: int, size: int = ENVELOPE) -> Known:
        """Push so many versions of a resource, one after the other."""
        for _ in range(versions):
            (known,) = self.stored(self.change(known, size=size))
        return known

    def ask_page(self, query: str = "") -> httpx.Response:
        """Pull, whatever is answered."""
        return self.desk.ask("GET", f"{self.path}/changes{query}", token=self.signed.token)

    def page(self, after: int = 0, limit: int = 500, full: int = 0) -> Page:
        """Pull, and return the page."""
        return self.desk.answer(self.ask_page(f"?after={after}&limit={limit}&full={full}"), Page)

    def everything(self, limit: int = 500) -> list[Row]:
        """Pull page by page from the beginning."""
        rows: list[Row] = []
        page = self.page(limit=limit)
        rows += page.rows
        while page.more:
            page = self.page(page.next, limit)
            rows += page.rows
        return rows

    def revisions(self, resource_id: bytes, query: str = "") -> Revisions:
        """List the versions of a resource."""
        path = f"{self.path}/resources/{encode(resource_id)}/revisions{query}"
        return self.desk.answer(self.desk.ask("GET", path, token=self.signed.token), Revisions)

    def ask_revision(self, resource_id: bytes, version: int | str) -> httpx.Response:
        """Ask for one version of a resource."""
        path = f"{self.path}/resources/{encode(resource_id)}/revisions/{version}"
        return self.desk.ask("GET", path, token=self.signed.token)

    def head(self) -> Head:
        """Return how far the group is."""
        (found,) = [head for head in heads(self.desk, self.signed).groups if head.id == self.id]
        return found


def make_group(desk: SyncDesk, signed: Signed, group_id: bytes, wrap: bytes | None = None) -> httpx.Response:
    """Make a group, whatever is answered."""
    message = NewGroup(Bytes16(group_id), 1, Bytes61(wrap or b"\x01" + os.urandom(60)))
    return desk.ask("POST", "/v1/groups", message, signed.token)


def heads(desk: SyncDesk, signed: Signed) -> Heads:
    """Return how far all groups are."""
    return desk.answer(desk.ask("GET", "/v1/heads", token=signed.token), Heads)


def made(desk: SyncDesk, response: httpx.Response) -> Group:
    """Return the group of an answer that must be a good one."""
    return desk.answer(response, Group)
