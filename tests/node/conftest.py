"""The client in Node, installed once, and a server for each test; where it cannot be installed, that is said aloud."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.node_program import LEFT_OUT, MISSING, NodeClient, RegistryOutOfReach, install, server_process

_HERE = Path(__file__).parent
_FOLDER = tempfile.TemporaryDirectory(prefix="insomnia-desktop-node-", ignore_cleanup_errors=True)
_found: list[NodeClient] = []
_left_out: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Install the client if a test of this folder is to run; without npm or a registry none of them does."""
    mine = [item for item in items if item.path.is_relative_to(_HERE)]
    if not mine or config.option.collectonly or _found:
        return
    try:
        if MISSING:
            raise RegistryOutOfReach(LEFT_OUT)
        _found.append(install(Path(_FOLDER.name)))
    except RegistryOutOfReach as error:
        _left_out.append(str(error))
        for item in mine:
            item.add_marker(pytest.mark.skipif(True, reason=str(error)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say that the tests of this folder did not run, and why."""
    for reason in _left_out:
        terminalreporter.write_line(f"Left out: {reason}.")


@pytest.fixture(scope="session")
def node() -> NodeClient:
    """The client with its packages, which npm has installed into a folder of its own."""
    (client,) = _found
    return client


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a server with an empty database."""
    with server_process(tmp_path) as address:
        yield address
