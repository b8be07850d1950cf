"""The real sync server on a thread of its own, on a port of the loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insomnia_desktop.base.clock import Clock
from insomnia_desktop.server.config import ServerConfig
from insomnia_desktop.server.serving import Stopping, serve

_PATIENCE_S = 30.0


@dataclass(frozen=True)
class RunningServer:
    """A server that listens."""

    address: str
    config: ServerConfig


@contextmanager
def sync_server(database: Path | str, clock: Clock | None = None, **settings: Any) -> Iterator[RunningServer]:
    """Serve a database until the block ends; `settings` are those of ServerConfig, the port is a free one."""
    config = ServerConfig(database, **{"port": 0, **settings})
    stopping, listening = Stopping(), threading.Event()
    addresses: list[str] = []
    failures: list[BaseException] = []

    def announce(address: str) -> None:
        addresses.append(address)
        listening.set()

    def run() -> None:
        try:
            asyncio.run(serve(config, stopping, announce, clock))
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            listening.set()

    thread = threading.Thread(target=run, name="sync-server", daemon=True)
    thread.start()
    try:
        assert listening.wait(_PATIENCE_S)
        assert addresses, failures
        yield RunningServer(addresses[0], config)
    finally:
        stopping.request()
        thread.join(_PATIENCE_S)
        assert not thread.is_alive()
