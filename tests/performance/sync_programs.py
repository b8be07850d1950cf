"""Programs without a window that are signed in to one account at a server process, for the measurements of sync."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import Origin
from tests.performance.load import load
from tests.support.account_desk import EMAIL, PASSWORD, prepared_account
from tests.support.filled_store import fill
from tests.support.sync_process import ServerProcess, server_process, where

PATIENCE_S = 120.0


class Place:
    """A server with one account on SQLite, every commit on the disk, and the programs that are signed in to it."""

    def __init__(self, root: Path, server: ServerProcess) -> None:
        self.root = root
        self._open: list[Services] = []
        self.server = server
        self.address = server.address()
        asyncio.run(_sign_up(self.address))

    def program(self, name: str, *, requests: int = 0, address: str = "") -> Services:
        """Return a program that is signed in; with `requests` its store has a workspace of so many, never sent."""
        folder = DataFolder(self.root / name)
        folder.prepare()
        if requests:
            fill(folder, requests, clock=SystemClock())
        key_file = self.root / f"{name}.key"
        services = container.build(folder, SystemClock(), Origin("window", 1), key_file=key_file)
        self._open.append(services)
        finished(services.accounts.sign_in(server=address or self.address, email=EMAIL, password=PASSWORD).future)
        return services

    def close(self, *programs: Services) -> None:
        """End these programs, or all."""
        for services in programs or tuple(self._open):
            self._open.remove(services)
            services.close()

    def worked(self) -> float:
        """Return the seconds that the server's process has had of the processor."""
        fields = Path(f"/proc/{self.server.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def place(root: Path) -> Iterator[Place]:
    """Run a server with one account; programs and server end with the block."""
    with ExitStack() as stack:
        server = stack.enter_context(server_process(*where(root / "server" / "server.sqlite"), "--port", "0"))
        made = Place(root, server)
        stack.callback(made.close)
        yield made


def finished(future: Future[Any]) -> Any:
    """Wait for a future and return its result."""
    return future.result(PATIENCE_S)


def worked_note(own: float, server: float) -> str:
    """Say what a measurement took of the processor: other work on the machine does not change that, as it does time."""
    return f"{own * 1000:,.0f} ms of processor here, {server * 1000:,.0f} ms at the server; {load()}"


class Counter:
    """Carries connections to a server and counts the bytes of both ways, heads and bodies."""

    def __init__(self, address: str) -> None:
        host, port = address.removeprefix("http://").split(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "http://{}:{}".format(*self._listener.getsockname())
        self.up = 0
        self.down = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def reset(self) -> None:
        """Count from nothing."""
        self.up = self.down = 0

    def close(self) -> None:
        """Let go of everything."""
        for each in (self._listener, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
                self._open += [near, far]
                threading.Thread(target=self._carry, args=(near, far, self._count_up), daemon=True).start()
                threading.Thread(target=self._carry, args=(far, near, self._count_down), daemon=True).start()

    def _count_up(self, size: int) -> None:
        self.up += size

    def _count_down(self, size: int) -> None:
        self.down += size

    def _carry(self, source: socket.socket, target: socket.socket, count: Callable[[int], None]) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                count(len(data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


async def _sign_up(address: str) -> None:
    from insomnia_desktop.transport.api import SyncApi
    from insomnia_desktop.transport.server_address import read_server_address

    api = SyncApi(read_server_address(address))
    await api.sign_up(prepared_account().message)
    await api.close()
