"""The sync server on this computer: it starts and ends with the program, and its port and address stay the same."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread, begin_detached, run_detached, run_to_the_end
from insomnia_desktop.services import deeds
from insomnia_desktop.services.account_views import AccountDeed, HostingStatus

if TYPE_CHECKING:
    import asyncio

_LOG = logging.getLogger(__name__)


class HostedPlace(msgspec.Struct, frozen=True):
    """Where the server on this computer is reached: by this computer, and by others (empty where they may not)."""

    port: int
    address: str
    other_devices: bool
    address_for_others: str = ""


class LocalServer(Protocol):
    """The process of that server; all methods may take long. Threads: any, one at a time, but for `stop`."""

    @property
    def running(self) -> bool:
        """Whether it runs, as far as this process knows."""
        ...

    def known_place(self) -> HostedPlace | None:
        """Return where it is reached when it runs; None where there never was one in this data folder."""
        ...

    def start(self, *, other_devices: bool) -> HostedPlace:
        """Let it run in this way and return once it answers.

        Raises KnownError `account.port_taken`, `account.server_did_not_start`.
        """
        ...

    def invitation(self) -> str:
        """Return an invitation; empty where it wants none. Raises KnownError `account.server_did_not_start`."""
        ...

    def stop(self) -> None:
        """End it, at the latest after some seconds; also where it is just starting."""
        ...


class Hosting:
    """Starts and stops the server on this computer, on the worker. Threads: any.

    Only who asks for the other way changes the way it runs in. A call that is cancelled ends it only where it did not
    run before, and where nobody else waits for it.
    """

    def __init__(self, loop: LoopThread, server: LocalServer) -> None:
        self._loop = loop
        self._server = server
        self._problem: KnownError | None = None
        self._turn: asyncio.Lock | None = None
        self._waiting = 0
        # A start whose end nobody has seen yet, and whether there was a server before it.
        self._begun: asyncio.Future[HostedPlace] | None = None
        self._ran_before = False
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._told: HostedPlace | None = None

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Call back on the worker, once it is reached at another address than before; only enqueue there."""
        self._listeners = (*self._listeners, callback)

    def status(self) -> HostingStatus:
        """Return whether it runs and where; reads a small file."""
        place = self._server.known_place()
        if place is None:
            return HostingStatus(running=False, problem=self._problem)
        return HostingStatus(
            running=self._server.running,
            port=place.port,
            address=place.address,
            other_devices=place.other_devices,
            address_for_others=place.address_for_others,
            problem=self._problem,
        )

    def start(self, *, other_devices: bool) -> AccountDeed[HostingStatus]:
        """Start it, or start it again in the other way."""
        return deeds.start(self._loop, lambda: self._start(other_devices))

    def stop(self) -> Future[None]:
        """End it, on the worker: that may take a moment; it starts again when it is needed."""
        self._problem = None
        return self._loop.submit(self._stop())

    def share_file(self, path: Path) -> None:
        """Write the address for other devices, with the certificate that it pins, into a file.

        Raises KnownError `account.file_unwritable`, `account.not_shared`.
        """
        address = self.status().address_for_others
        if not address:
            raise KnownError("account.not_shared")
        try:
            path.write_text(f"{address}\n", encoding="utf-8")
        except OSError as error:
            raise KnownError("account.file_unwritable", path=str(path), reason=os.strerror(error.errno or 0)) from error

    def close(self) -> None:
        """End it with the program."""
        if self._server.running:
            _LOG.info("The sync server on this computer is to end: the program ends.")
        self._server.stop()

    async def begin(self, *, other_devices: bool | None) -> str:
        """Let it run, as before where `other_devices` is None, and return its address on this computer."""
        return (await self._start(other_devices)).address

    async def invitation(self) -> str:
        """Return an invitation to it, empty where it wants none."""
        return await run_detached(self._server.invitation)

    def owns(self, address: str) -> bool:
        """Say whether an address leads to it, the one for other devices included."""
        place = self._server.known_place()
        return place is not None and address.partition("#")[0] in _spellings(place)

    async def _stop(self) -> None:
        # Not while one is starting: what is ending would be taken for that of another process.
        async with self._one_after_another():
            _LOG.info("The sync server on this computer is to end: it is not wanted any more.")
            await self._end()

    def _one_after_another(self) -> asyncio.Lock:
        from asyncio import Lock

        if self._turn is None:
            self._turn = Lock()
        return self._turn

    async def _start(self, other_devices: bool | None) -> HostingStatus:
        from asyncio import CancelledError

        self._waiting += 1
        try:
            async with self._one_after_another():
                await self._start_in_turn(other_devices)
        except CancelledError:
            if self._waiting == 1:
                await self._give_up()
            raise
        finally:
            self._waiting -= 1
        return self.status()

    async def _start_in_turn(self, other_devices: bool | None) -> None:
        from asyncio import shield, wait, wrap_future

        if self._begun is not None:
            # Who began it waits no more.
            await wait({self._begun})
        # Read in turn: the one before may just have changed it.
        place = self._server.known_place()
        wanted = other_devices if other_devices is not None else place is not None and place.other_devices
        self._told = self._told or place
        self._ran_before = self._server.running
        self._begun = wrap_future(begin_detached(partial(self._server.start, other_devices=wanted)))
        try:
            await shield(self._begun)
        except KnownError as error:
            # A new one: that of the deed holds on to its frames, and what was typed is in them.
            self._problem = KnownError(error.code, **error.params)
            raise
        finally:
            if self._begun.done():
                self._begun = None
        self._problem = None
        self._tell()

    def _tell(self) -> None:
        place = self._server.known_place()
        if place != self._told:
            self._told = place
            for listener in self._listeners:
                listener()

    async def _give_up(self) -> None:
        """End what is just starting for nobody; what ran before goes on."""
        async with self._one_after_another():
            if self._waiting > 1 or self._begun is None or self._ran_before:
                return
            _LOG.info("The sync server on this computer is to end: who let it start was cancelled.")
            await self._end()

    async def _end(self) -> None:
        from asyncio import wait

        await run_to_the_end(self._server.stop)
        begun, self._begun = self._begun, None
        if begun is not None:
            await wait({begun})
            if begun.exception() is None:
                # It came to its begin only after it was told to end.
                await run_to_the_end(self._server.stop)


def _spellings(place: HostedPlace) -> set[str]:
    scheme = place.address.partition("://")[0]
    here = {f"{scheme}://{host}:{place.port}" for host in ("127.0.0.1", "localhost", "[::1]")}
    return here | {each.partition("#")[0] for each in (place.address, place.address_for_others) if each}
