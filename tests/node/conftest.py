"""The client in Node, installed once, and a server for each test; where it cannot be installed, that is said aloud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.node_program import LEFT_OUT, MISSING, NodeClient, RegistryOutOfReach, install, server_process

_left_out: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say that the tests of this folder did not run, and why."""
    for reason in dict.fromkeys(_left_out):
        terminalreporter.write_line(f"Left out: {reason}.")


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> NodeClient:
    """The client with its packages, installed by npm into a folder of its own."""
    try:
        if MISSING:
            raise RegistryOutOfReach(LEFT_OUT)
        return install(tmp_path_factory.mktemp("node"))
    except RegistryOutOfReach as error:
        _left_out.append(str(error))
        pytest.skip(str(error))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server with an empty database."""
    with server_process(tmp_path) as address:
        yield address
