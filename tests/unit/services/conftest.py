"""Real services on a store of the test's own, and a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import Origin
from tests.support.http_echo import EchoServer


@pytest.fixture
def services(data_folder: DataFolder) -> Iterator[Services]:
    """The services on a fresh store, written by a window."""
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    yield services
    services.close()


@pytest.fixture
def workspace_id(services: Services) -> str:
    """The id of the first workspace."""
    return services.workspaces.ensure_one()


@pytest.fixture
def server() -> Iterator[EchoServer]:
    """A server on loopback that tells what it was asked."""
    with EchoServer() as server:
        yield server
