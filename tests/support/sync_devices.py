"""Devices of one account: a real store and the real rounds each, and the real server behind a wire without sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.sync.rounds import RoundOutcome, Rounds
from insomnia_desktop.sync.session import SyncSession
from insomnia_desktop.transport.connection import Connection
from insomnia_desktop.transport.resource_api import ResourceApi
from insomnia_desktop.transport.server_address import read_server_address
from tests.support.clock import FixedClock
from tests.support.desk import Desk
from tests.support.sync_desk import Signed, SyncDesk, sync_desk

T = TypeVar("T")
NEVER = 3600.0
Carry = Callable[[httpx.Request, Callable[[], Awaitable[httpx.Response]]], Awaitable[httpx.Response]]


class Wire(httpx.AsyncBaseTransport):
    """Carries requests to an application in this process; `carry` may lose, repeat, delay or change them."""

    def __init__(self, app: Callable[[], Starlette], carry: Carry | None = None) -> None:
        self._app = app
        self.carry = carry
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request."""
        self.requests.append(request)

        async def deliver() -> httpx.Response:
            carrier = httpx.ASGITransport(self._app(), raise_app_exceptions=False, client=("127.0.0.1", 4711))
            return await carrier.handle_async_request(request)

        return await (deliver() if self.carry is None else self.carry(request, deliver))


def at_once(function: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
    """Stand in for the pool of the loop: done when it is begun, so that it is the same every time."""
    done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    try:
        done.set_result(function(*arguments))
    except Exception as error:
        done.set_exception(error)
    return done


class SyncDevice:
    """One device: what a person does by `desk`, what sync does by `sync`."""

    def __init__(
        self, store: Store, signed: Signed, wire: Wire, run: Callable[[Coroutine[Any, Any, Any]], Any]
    ) -> None:
        self.store = store
        self.desk = Desk(store)
        self.signed = signed
        self.wire = wire
        self._run = run
        self.session = self.new_session()
        self.rounds = Rounds(store, at_once)

    def new_session(self) -> SyncSession:
        """Return a session as after a start of the program."""
        connection = Connection(read_server_address("http://localhost"), carrier=self.wire)
        person = self.signed.person
        api = ResourceApi(connection, bytes(self.signed.session.token))
        return SyncSession(api, bytes(person.account_id), person.account_key)

    def restart(self) -> None:
        """Forget everything that is not on the disk."""
        self.session = self.new_session()
        self.rounds = Rounds(self.store, at_once)

    def reopen(self, folder: Path) -> None:
        """Go on with the store of a folder, as after a start of the program; the one before is closed."""
        self.store = Store.open(DataFolder(folder), clock=FixedClock(), care_after_s=NEVER)
        self.desk = Desk(self.store)
        self.restart()

    def sync(self, **more: Any) -> RoundOutcome:
        """Run a whole round."""
        outcome = self._run(self.rounds.run(self.session, choose_all=True, **more))
        assert isinstance(outcome, RoundOutcome)
        return outcome

    def workspaces(self) -> list[str]:
        """Return the ids of the living workspaces."""
        names = queries.workspace_names(self.store.reader())
        return [workspace_id for workspace_id, (_, deleted) in names.items() if not deleted]


class SyncPlace:
    """A server with one account, and the devices that a test asks for."""

    def __init__(self, server: SyncDesk, signed: Callable[[], Signed], root: Path, clock: Clock) -> None:
        self.server = server
        self._signed = signed
        self.root = root
        self._clock = clock
        self.devices: list[SyncDevice] = []

    def device(self) -> SyncDevice:
        """Return another device, signed in, with an empty store."""
        folder = DataFolder(self.root / f"device{len(self.devices)}")
        folder.prepare()
        store = Store.open(folder, clock=self._clock, care_after_s=NEVER)
        device = SyncDevice(store, self._signed(), Wire(lambda: self.server.app), self.server.run)
        self.devices.append(device)
        return device

    def close(self) -> None:
        """Close what was opened."""
        for device in self.devices:
            self.server.run(device.session.api.close())
            device.store.close()


@contextmanager
def sync_place(root: Path, clock: Any, **settings: Any) -> Iterator[SyncPlace]:
    """Run a server with an account; `settings` are those of ServerConfig."""
    from tests.support.sync_people import person

    with sync_desk(root / "server.sqlite", clock, **settings) as server:
        somebody = server.sign_up(person(recovery=False))
        place = SyncPlace(server, lambda: server.sign_in(somebody), root, clock)
        try:
            yield place
        finally:
            place.close()
