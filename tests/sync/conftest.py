"""A server with an account, for devices with real stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clock import FixedClock
from tests.support.sync_devices import SyncPlace, sync_place


@pytest.fixture
def place(tmp_path: Path, clock: FixedClock) -> Iterator[SyncPlace]:
    """A server with one account and no device yet."""
    with sync_place(tmp_path, clock) as place:
        yield place
