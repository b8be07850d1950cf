"""Sync with the server that a program runs itself: it may not start, it may be ended, it may change its address.

About services.sync_runner and the ways of sync.engine back to a server.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial

import pytest

from insomnia_desktop.app import container
from insomnia_desktop.app.local_server import ChildServer
from insomnia_desktop.services.account_views import ServerPlace
from insomnia_desktop.services.sync_views import SyncState, SyncStatus
from tests.end2end.account_steps import choose_port, wait_for_end_of_server
from tests.support.sync_programs import EMAIL, PASSWORD, Program

Start = Callable[[], Program]


def _hosting(start: Start) -> Program:
    """Return a program with a synced workspace and its own server, on a port that is free."""
    program = start()
    choose_port(program.folder)
    program.desk.workspace("Shop")
    place = ServerPlace("here")
    program.wait(program.services.accounts.create(place=place, email=EMAIL, name="Ann", password=PASSWORD))
    program.wait(program.syncing.sync_once())
    return program


def _workspace(program: Program) -> str:
    workspace_id = program.workspace_named("Shop")
    assert workspace_id is not None
    return workspace_id


def _reaches(program: Program, state: SyncState) -> SyncStatus:
    status = program.until(lambda: (now := program.syncing.status()).state == state and now)
    assert isinstance(status, SyncStatus)
    return status


def test_a_server_that_cannot_start_is_tried_again(start: Start) -> None:
    program = _hosting(start)
    port = program.services.hosting.status().port
    program.close()
    wait_for_end_of_server(program.folder)
    with socket.create_server(("127.0.0.1", port)):
        program.open()
        program.syncing.start()
        _reaches(program, SyncState.OFFLINE)
        # Nothing holds up the end of a program that waits for its next try.
        program.close()
        program.open()
        program.syncing.start()
        program.desk.request(_workspace(program), "Made meanwhile")
        status = _reaches(program, SyncState.OFFLINE)
        assert (status.problem, status.problem_params) == ("account.port_taken", {"port": port})
        assert status.pending == 1
        assert status.next_try_at is not None
    program.syncing.wake()
    _reaches(program, SyncState.UP_TO_DATE)
    assert program.syncing.status().pending == 0


def test_sync_finds_a_server_that_ended_or_got_another_address(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    # No network is asked which address it would use.
    monkeypatch.setattr(container, "ChildServer", partial(ChildServer, find_address=lambda: "127.0.0.1"))
    program = _hosting(start)
    program.syncing.start()
    _reaches(program, SyncState.UP_TO_DATE)
    _end_server(program)
    program.desk.request(_workspace(program), "Made without a server")
    assert program.syncing.status().pending == 1
    program.until(lambda: not program.syncing.status().pending)
    assert program.services.hosting.status().running
    # What the one that ended said can still be read beside what its successor says.
    assert all((program.folder.server / name).read_text("utf-8") for name in ("server.log", "server.log.1"))
    program.wait(program.services.hosting.start(other_devices=True))
    program.desk.request(_workspace(program), "Made since it is another address")
    program.until(lambda: not program.syncing.status().pending)


def _end_server(program: Program) -> None:
    """End the server's process as the system may."""
    server = program.services.hosting._server
    assert isinstance(server, ChildServer)
    assert server._process is not None
    server._process.kill()
    wait_for_end_of_server(program.folder)
