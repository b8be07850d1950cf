"""A device of the simulation: its real store and rounds, its person, and every way in which a round can be cut off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Protocol

import httpx

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Document, Edit
from insomnia_desktop.protocol.limits import PUSH_CHANGES
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.store import ChangeSet, Origin, Store
from insomnia_desktop.store.command import Command
from insomnia_desktop.store.commands.documents import (
    CreateDocument,
    DeleteDocuments,
    MoveDocuments,
    PatchDocument,
    RestoreDocuments,
)
from insomnia_desktop.store.commands.moves import MoveToWorkspace
from insomnia_desktop.store.reader import Reader
from insomnia_desktop.sync.rounds import RoundOutcome, Rounds
from insomnia_desktop.sync.session import SyncSession
from insomnia_desktop.transport.connection import Connection
from insomnia_desktop.transport.resource_api import ResourceApi
from insomnia_desktop.transport.server_address import read_server_address
from tests.support.sync_devices import Wire, at_once

FIELDS = ("f0", "f1", "f2")
_PERSON = Origin("window")
_TURNS = 12


class Crash(BaseException):
    """The program ends here; what is committed stays."""


class Luck(Protocol):
    """What the world decides: all random numbers of a seed come from one place."""

    random: random.Random
    trouble: bool
    tokens: set[str]
    deleted_on_purpose: set[str]

    def for_edits(self) -> bool: ...
    def token(self) -> str: ...
    def new_id(self, kind: str) -> str: ...


class FailingStore:
    """A store at whose commits a device of the simulation may crash, or its person may type."""

    def __init__(self, store: Store, around: Callable[[str], None]) -> None:
        self._store = store
        self._around = around

    def reader(self) -> Reader:
        return self._store.reader()

    def submit(self, command: Command, *, origin: Origin, urgent: bool = True) -> Future[ChangeSet]:
        self._around("before")
        future = self._store.submit(command, origin=origin, urgent=urgent)
        # The same every time: nothing else happens until it is committed or refused.
        with suppress(Exception):
            future.result()
        self._around("after")
        return future


class Device:
    """One device. Its round is a task that stops at every message, until the world lets it go on."""

    def __init__(self, luck: Luck, store: Store, wire: Wire, token: bytes, account: tuple[bytes, bytes]) -> None:
        self.store = store
        self.outcome: RoundOutcome | None = None
        self.running: asyncio.Task[None] | None = None
        self.failpoints = 0
        self.crash_at: int | None = None
        self.crashes = 0
        self.attentions: list[str] = []
        # Rounds that came to their end, and those of them that were for edits alone.
        self.rounds = self.rounds_for_edits = 0
        self._luck = luck
        self._wire = wire
        self._token = token
        self._account = account
        self._most = luck.random.choice((2, 3, PUSH_CHANGES, PUSH_CHANGES))
        self._starts = 0
        self._parked = asyncio.Event()
        self._go = asyncio.Event()
        wire.carry = self._carry
        self.restart()

    def restart(self) -> None:
        """Begin anew with what is on the disk."""
        connection = Connection(read_server_address("http://localhost"), carrier=self._wire)
        self._session = SyncSession(ResourceApi(connection, self._token), *self._account)
        # Half of all devices send little at a time: what a round sends is then more than one push holds.
        if self._most < PUSH_CHANGES:
            # And less after each start: what a crash left in the outbox may then be several pushes.
            self._session.limits = Limits(changes=self._most - self._starts % self._most)
        self._starts += 1
        # Not ahead: which of two things that go on at once comes first would be the machine's luck, not the seed's.
        store = FailingStore(self.store, self._at_commit)
        self._rounds = Rounds(store, at_once, ahead=False)  # type: ignore[arg-type]

    async def go_on(self) -> None:
        """Let the round go on to its next message, or begin one."""
        loop = asyncio.get_running_loop()
        if self.running is None:
            self.running = loop.create_task(self._round())
        self._parked.clear()
        self._go.set()
        parked = loop.create_task(self._parked.wait())
        await asyncio.wait({parked, self.running}, return_when=asyncio.FIRST_COMPLETED)
        parked.cancel()
        with suppress(asyncio.CancelledError):
            await parked
        if self.running.done():
            ended, self.running = self.running, None
            ended.result()

    async def stop(self) -> None:
        """Cut the round off where it stands."""
        task, self.running = self.running, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        self.restart()

    async def _round(self) -> None:
        self.outcome = None
        try:
            edited = self._luck.for_edits()
            if edited:
                self.type()
            self.outcome = await self._rounds.run(self._session, choose_all=True, edited=edited)
            self.rounds += 1
            self.rounds_for_edits += self.outcome.only is not None
            self.attentions += [each.attention for each in self.outcome.groups if each.attention is not None]
        except KnownError:
            return
        except Crash:
            self.crashes += 1
            self.restart()

    # The wire

    async def _gate(self) -> None:
        if not self._luck.trouble:
            return
        self._go.clear()
        self._parked.set()
        await self._go.wait()

    async def _carry(self, request: httpx.Request, deliver: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
        await self._gate()
        # What goes on beside a push comes to its end first, so that a seed is the same every time.
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        self._may_crash()
        if self._chance(0.05):
            raise httpx.ConnectError("the request is lost", request=request)
        response = await deliver()
        if self._chance(0.05):
            # A proxy that sends it again.
            response = await deliver()
        await self._gate()
        self._may_crash()
        if self._chance(0.06):
            raise httpx.ReadError("the answer is lost", request=request)
        if self._chance(0.03):
            return self._spoiled(b"".join([chunk async for chunk in response.aiter_raw()]))
        return response

    def _spoiled(self, body: bytes) -> httpx.Response:
        """Return what arrives when the network between cuts an answer short, or answers itself."""
        kind = self._luck.random.choice(["cut", "page", "busy"])
        if kind == "cut":
            return _response(200, "application/json", body[: len(body) // 2])
        if kind == "page":
            return _response(200, "text/html", b"<html>Sign in to this network")
        return _response(503, "text/plain", b"busy")

    def _at_commit(self, when: str) -> None:
        self._may_crash()
        if when == "before" and self._chance(0.05):
            self.type()

    def _may_crash(self) -> None:
        self.failpoints += 1
        if self.failpoints == self.crash_at or self._chance(0.02):
            raise Crash

    def _chance(self, probability: float) -> bool:
        return self._luck.trouble and self._luck.random.random() < probability

    # The person

    def type(self) -> None:
        """Do one thing that a person does."""
        living = self.living()
        choice = self._luck.random.random()
        folders = sorted(each.id for each in living.values() if each.kind in ("workspace", "folder"))
        if not folders:
            return
        named = sorted(name for name, each in living.items() if each.kind in ("folder", "request"))
        if choice < 0.2 or not named:
            self._create(living[self._luck.random.choice(folders)])
            return
        chosen = living[self._luck.random.choice(named)]
        if choice < 0.7:
            self._overwrite(chosen)
        elif choice < 0.8:
            self._move(chosen, living[self._luck.random.choice(folders)], living)
        elif choice < 0.93:
            self._delete(chosen, living)
        else:
            self._restore()

    def create_workspace(self, document: Document) -> None:
        """Make a workspace."""
        from insomnia_desktop.store.commands.documents import CreateWorkspace

        self._do(CreateWorkspace(document))

    def living(self) -> dict[str, Document]:
        """Return the documents that the person sees, but for cookie jars."""
        from insomnia_desktop.store import codec

        rows = self.store.reader().rows(
            f"SELECT {codec.DOCUMENT_COLUMNS} FROM document JOIN content USING (number)"
            " WHERE deleted_at IS NULL AND kind != 'cookie_jar'"
        )
        return {row[0]: codec.document(row) for row in rows}

    def texts(self, table: str) -> str:
        """Return everything that is written in a table, for a search in it."""
        statements = {
            "trash": "SELECT fields FROM document JOIN content USING (number) WHERE deleted_at IS NOT NULL",
            "conflict": "SELECT coalesce(base, '') || coalesce(mine, '') || coalesce(theirs, '') FROM conflict",
        }
        return "\n".join(row[0] for row in self.store.reader().rows(statements[table]))

    def _create(self, parent: Document) -> None:
        kind = self._luck.random.choice(["folder", "request", "request"])
        document = Document(
            id=self._luck.new_id(kind),
            kind=kind,
            workspace_id=parent.workspace_id,
            parent_id=parent.id,
            sort_key="",
            fields={"name": "n", **{field: self._luck.token() for field in FIELDS}},
        )
        self._do(CreateDocument(document))

    def _overwrite(self, document: Document) -> None:
        field = self._luck.random.choice(FIELDS)
        self._luck.tokens.discard(str(document.fields.get(field)))
        self._do(PatchDocument(document.id, (Edit((field,), self._luck.token()),)))

    def _move(self, document: Document, parent: Document, living: dict[str, Document]) -> None:
        if parent.workspace_id != document.workspace_id:
            self._do(MoveToWorkspace(self._named(document, living), parent.id))
        elif parent.id != document.parent_id:
            self._do(MoveDocuments((document.id,), parent.id))

    def _named(self, document: Document, living: dict[str, Document]) -> list[tuple[str, str]]:
        """Return a document and all below it with the ids that their copies get: the seed's, not the program's."""
        found, level = {document.id}, {document.id}
        while level:
            level = {each.id for each in living.values() if each.parent_id in level} - found
            found |= level
        return [(name, self._luck.new_id(living[name].kind)) for name in sorted(found)]

    def _delete(self, document: Document, living: dict[str, Document]) -> None:
        for each in living.values():
            at, walked = each, set()
            while at.id != document.id and at.parent_id in living and at.id not in walked:
                walked.add(at.id)
                at = living[at.parent_id]
            if at.id == document.id:
                self._luck.deleted_on_purpose |= {str(each.fields.get(field)) for field in FIELDS}
        self._do(DeleteDocuments((document.id,)))

    def _restore(self) -> None:
        rows = self.store.reader().rows(
            "SELECT id FROM document WHERE deleted_at IS NOT NULL AND kind IN ('folder', 'request') ORDER BY id"
        )
        if rows:
            self._do(RestoreDocuments((self._luck.random.choice(rows)[0],)))

    def _do(self, command: Any) -> None:
        # A move into oneself, or under what was just deleted: refused, as the window would be.
        with suppress(KnownError):
            self.store.submit(command, origin=_PERSON).result()


def _response(status: int, media_type: str, body: bytes) -> httpx.Response:
    return httpx.Response(status, headers={"content-type": media_type}, stream=httpx.ByteStream(body))
