"""`sync --watch` as a process of its own, about cli.sync: a line for each change, and one when it is stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from insomnia_desktop.base.paths import DataFolder
from tests.support.sources import CHECKOUT
from tests.support.sync_programs import EMAIL, PASSWORD, quick_derivation
from tests.support.sync_server import sync_server
from tests.unit.cli.test_sync_commands import KeyedProgram

_PATIENCE_S = 60.0


@contextmanager
def watching(folder: DataFolder) -> Iterator[subprocess.Popen[str]]:
    """Run the command until the block ends, at the latest."""
    keys = ["--data-dir", str(folder.root), "--key-file", str(folder.root / "vault.key")]
    process = subprocess.Popen(
        [sys.executable, "-m", "insomnia_desktop", *keys, "sync", "--watch"],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """Read lines until one has these words."""
    assert process.stdout is not None
    for line in process.stdout:
        if words in line:
            return line
    raise AssertionError(f"ended without {words!r}")


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Stop it as Ctrl+C does; returns its exit status and what it said on standard error."""
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=_PATIENCE_S)
    return process.returncode, errors


@pytest.fixture
def program(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> KeyedProgram:
    """A data folder of its own."""
    return KeyedProgram(DataFolder(tmp_path / "data"), capsysbinary)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_it_goes_on_until_it_is_stopped_and_says_one_line_then(tmp_path: Path, program: KeyedProgram) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORD + "\n")
    with quick_derivation(), sync_server(tmp_path / "server.sqlite") as server:
        place = ("--server", server.address, "--email", EMAIL, "--password-file", str(password))
        program.json("account", "create", *place)
        program.json("requests", "create", "List", "--url", "https://example.com")
        with watching(program.folder) as process:
            assert line_with(process, "Sent") == "Sent 3, received 0; 3 items at the server, verified.\n"
            line_with(process, "Up to date. Last backup at ")
            # What another process writes is seen, and sent.
            program.json("requests", "create", "Second", "--url", "https://example.com/2")
            line_with(process, ": 4 items, verified.")
            assert stopped(process) == (130, "Stopped.\n")
    # Without a server it waits for one.
    with watching(program.folder) as process:
        line_with(process, "Offline. The server ")
        assert stopped(process) == (130, "Stopped.\n")
