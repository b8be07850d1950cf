"""Clients and servers killed (kill -9) in the midst of editing and syncing: nothing that was told is lost or doubled.

`INSOMNIA_KILLS=N` kills so many times, `INSOMNIA_SEED=N` with the moments and edits of an earlier run. What a moment
finds at work is up to the machine.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from insomnia_desktop.base.paths import DataFolder
from tests.end2end.kill_steps import (
    Ledger,
    Starts,
    addresses,
    check_server,
    expect_kept,
    kills,
    own_requests,
    seed,
    settle,
    versions,
)
from tests.end2end.process import Program as Window
from tests.end2end.sync_steps import type_address
from tests.support.http_peer import peer_in_thread
from tests.support.server_relay import ServerRelay
from tests.support.sync_client_process import READY
from tests.support.sync_client_process import start as start_client
from tests.support.sync_process import ServerProcess, command, server_process, where
from tests.support.sync_programs import Program, programs, quick_derivation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(0)]
Start = Callable[[], Program]
MANY = 300
# A window takes longer to start: for so many of the others one of these.
WINDOWS = 10
SHARED = 8


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts programs without a window."""
    with quick_derivation(), programs(tmp_path) as start:
        yield start


def test_a_client_that_is_killed_loses_and_doubles_nothing(start: Start, tmp_path: Path) -> None:
    luck, ledger, starts = random.Random(seed()), Ledger(), Starts()
    file = tmp_path / "server.sqlite"
    with server_process(*where(file), "--port", "0") as server:
        killed, other = _pair(start, server.address())
        workspace_id, shared = _shared(killed, other)
        killed.close()
        other.syncing.start()
        for _ in range(kills(MANY)):
            life = _Life(killed.folder, luck, workspace_id)
            # Another device edits other fields of requests that both have: they are merged where the kill falls.
            chosen = luck.choice(shared)
            other.desk.set(chosen, url=f"http://127.0.0.1/{luck.randrange(10**6)}")
            life.run(ledger, starts)
            ledger.check(own_requests(killed.folder))
        killed.open()
        settle(killed, other)
        ledger.check(own_requests(other.folder))
        expect_kept(killed, file)
    assert command(*where(file), "check").returncode == 0
    sys.stdout.write(f"{ledger.stored} edits were stored, {versions(file)} versions\n")
    starts.expect_quick("client")


def test_a_server_that_is_killed_loses_and_doubles_nothing(start: Start, tmp_path: Path) -> None:
    luck, starts, kept = random.Random(seed()), Starts(), 0
    file = tmp_path / "server.sqlite"
    with peer_in_thread(peer=ServerRelay()) as relay:
        assert isinstance(relay, ServerRelay)
        server = _serve(file, relay, Starts())
        first, second = _pair(start, relay.address)
        workspace_id, shared = _shared(first, second)
        for program in (first, second):
            program.syncing.start()
        written: dict[str, dict[str, str]] = {each: {} for each in shared}
        for life in range(kills(MANY)):
            _edit_for(luck.uniform(0.0, 0.8), luck, first, second, written, str(life))
            relay.server = ""
            server.kill()
            check_server(file)
            kept += expect_kept(first, file) + expect_kept(second, file)
            server = _serve(file, relay, starts)
        try:
            settle(first, second)
        finally:
            relay.server = ""
            server.kill()
    assert command(*where(file), "check").returncode == 0
    for request_id, fields in written.items():
        found = first.desk.fields(request_id)
        assert {name: found[name] for name in fields} == fields
    assert sorted(first.names(workspace_id)) == sorted(f"shared {number}" for number in range(SHARED))
    sys.stdout.write(f"{versions(file)} versions, {kept} times one was looked up that a device had been told of\n")
    starts.expect_quick("server")


def test_a_window_that_is_killed_loses_and_doubles_nothing(start: Start, tmp_path: Path) -> None:
    luck, starts, stored = random.Random(seed()), Starts(), ""
    file = tmp_path / "server.sqlite"
    with server_process(*where(file), "--port", "0") as server:
        killed, other = _pair(start, server.address())
        workspace_id, (request_id, *_) = _shared(killed, other)
        killed.close()
        other.syncing.start()
        for life in range(kills(MANY) // WINDOWS):
            begun = time.monotonic()
            with Window(killed.folder, INSOMNIA_DESKTOP_KEY_FILE=str(killed.folder.root / "vault.key")) as window:
                window.wait("rows", name="requestTree", has="shared 0")
                starts.add(begun, window.process.pid)
                other.desk.set(request_id, description=str(life))
                window.do("click_row", name="requestTree", text="shared 0")
                window.wait("text", name="urlEdit", has=stored)
                stored = _edit_until_killed(window, luck, f"http://127.0.0.1/{life}/")
            (found,) = addresses(killed.folder, request_id)
            assert found.startswith(stored)
            stored = found
        killed.open()
        settle(killed, other)
        expect_kept(killed, file)
        fields = other.desk.fields(request_id)
        assert (fields["url"], fields["description"]) == (stored, str(life))
        assert sorted(other.names(workspace_id)) == sorted(f"shared {number}" for number in range(SHARED))
    assert command(*where(file), "check").returncode == 0
    starts.expect_quick("window")


def _edit_until_killed(window: Window, luck: random.Random, address: str) -> str:
    """Type an address, wait until it is stored, type on, and kill the window meanwhile; returns what was stored."""
    type_address(window, address)
    if luck.random() < 0.3:
        window.click("backupNowButton")
    if luck.random() < 0.5:
        window.type("more" * luck.randrange(1, 6))
    # Long enough that what was typed is sent by itself, now and then.
    with suppress(subprocess.TimeoutExpired):
        window.process.wait(luck.choice((0.1, 0.5, 2.5)) * luck.random())
    window.kill()
    return address


class _Life:
    """A client without a window, from its start to its kill."""

    def __init__(self, folder: DataFolder, luck: random.Random, workspace_id: str) -> None:
        self._luck = luck
        self._begun = time.monotonic()
        self._process = start_client(folder.root, luck.randrange(10**9), workspace_id)

    def run(self, ledger: Ledger, starts: Starts) -> None:
        """Kill it at a random moment, now and then while it is still starting, and hear what it had said."""
        assert self._process.stdout is not None
        if self._luck.random() > 0.15:
            assert self._process.stdout.readline() == READY
            starts.add(self._begun, self._process.pid)
        # Nothing is waited for: at any moment is the point of it.
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(self._luck.uniform(0.0, 0.8))
        self._process.kill()
        ledger.hear(line for line in self._process.stdout if line != READY)
        self._process.stdout.close()
        assert self._process.wait(60) == -9


def _pair(start: Start, address: str) -> tuple[Program, Program]:
    first, second = start(), start()
    first.desk.workspace("Shop")
    first.create_account(address)
    # A window would show the key again until somebody says that it is kept.
    first.wait(first.services.accounts.recovery_keys.note_kept())
    second.sign_in(address)
    return first, second


def _shared(first: Program, second: Program) -> tuple[str, list[str]]:
    """Make requests that both devices have; returns the workspace's id and theirs."""
    workspace_id = first.workspace_named("Shop")
    assert workspace_id is not None
    made = [first.desk.request(workspace_id, f"shared {number}", description="") for number in range(SHARED)]
    settle(first, second)
    return workspace_id, made


def _serve(file: Path, relay: ServerRelay, starts: Starts) -> ServerProcess:
    begun = time.monotonic()
    server = ServerProcess(*where(file), "--port", "0")
    relay.server = server.address()
    starts.add(begun, server.pid)
    return server


def _edit_for(
    seconds: float,
    luck: random.Random,
    first: Program,
    second: Program,
    written: dict[str, dict[str, str]],
    life: str,
) -> None:
    """Edit on both devices, other fields of the same requests, and let it be sent again and again."""
    ends = time.monotonic() + seconds
    for program in (first, second):
        program.syncing.wake()
    count = 0
    while time.monotonic() < ends:
        count += 1
        program, name = luck.choice(((first, "url"), (second, "description")))
        request_id, text = luck.choice(list(written)), f"{life}-{count}"
        program.desk.set(request_id, **{name: text})
        written[request_id][name] = text
        if luck.random() < 0.2:
            program.syncing.wake()
