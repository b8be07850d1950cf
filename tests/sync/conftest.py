"""A server with an account, for devices with real stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.clock import FixedClock
from tests.support.sync_devices import SyncPlace, sync_place
from tests.support.sync_programs import Program, programs, quick_derivation
from tests.support.sync_server import RunningServer, sync_server


@pytest.fixture
def place(tmp_path: Path, clock: FixedClock) -> Iterator[SyncPlace]:
    """A server with one account and no device yet."""
    with sync_place(tmp_path, clock) as place:
        yield place


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Program]]:
    """Starts programs without a window."""
    with quick_derivation(), programs(tmp_path) as start:
        yield start


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server on loopback."""
    with sync_server(tmp_path / "server.sqlite") as server:
        yield server
