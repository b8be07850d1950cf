"""A store in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store
from tests.support.clock import FixedClock
from tests.support.desk import Desk

NEVER = 3600.0


@pytest.fixture
def desk(data_folder: DataFolder, clock: FixedClock) -> Iterator[Desk]:
    """An open store that leaves its daily care for later."""
    store = Store.open(data_folder, clock=clock, care_after_s=NEVER)
    yield Desk(store)
    store.close()


@pytest.fixture
def workspace_id(desk: Desk) -> str:
    """A workspace with its base environment and cookie jar."""
    return desk.workspace()
