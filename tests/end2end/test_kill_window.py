"""The real program killed in the midst of typing and of sending: it starts again, and what was saved is there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store
from insomnia_desktop.store.queries.documents import tree_rows, workspaces
from tests.end2end.process import Program, command_line
from tests.support.sample_server import SampleServer

NEVER = 3600.0


@pytest.fixture
def server() -> Iterator[SampleServer]:
    """The server of the sample requests."""
    with SampleServer() as server:
        yield server


def _saved_addresses(folder: DataFolder) -> list[str]:
    """Return the addresses of all requests as another process reads them now."""
    store = Store.open(folder, clock=SystemClock(), care_after_s=NEVER)
    (workspace,) = workspaces(store.reader())
    found = [row.url for row in tree_rows(store.reader(), workspace.id)]
    store.close()
    return found


def test_what_was_saved_before_a_kill_in_the_midst_of_typing_is_there(data_folder: DataFolder) -> None:
    typed = "http://127.0.0.1/"
    with Program(data_folder) as program:
        program.wait("windows", has="mainWindow")
        program.keys("Ctrl+N")
        program.wait("focus", equals="urlEdit")
        program.type(typed)
        program.wait("saved_url", equals=typed)
        program.kill()
    for round_number in range(3):
        with Program(data_folder) as program:
            program.wait("text", name="urlEdit", has=typed)
            shown = program.text("urlEdit")
            assert typed.startswith(shown) or shown.startswith(typed)
            program.keys("Ctrl+L End")
            program.type(f"saved{round_number}/")
            typed = f"{shown}saved{round_number}/"
            program.wait("saved_url", equals=typed)
            # What comes now may or may not be saved in time; what was is.
            program.type("lost or not" * (round_number + 1))
            program.kill()
        (saved,) = _saved_addresses(data_folder)
        assert saved.startswith(typed)
        typed = saved
    with Program(data_folder) as program:
        program.wait("text", name="urlEdit", equals=typed)
        program.close()


def test_a_kill_right_after_the_command_line_was_answered_loses_nothing(data_folder: DataFolder) -> None:
    with Program(data_folder) as program:
        program.wait("windows", has="mainWindow")
        made = command_line(data_folder, "requests", "create", "Promised", "--url", "http://127.0.0.1/promised")
        assert made.returncode == 0, made.stderr
        program.kill()
    assert _saved_addresses(data_folder) == ["http://127.0.0.1/promised"]


def test_a_kill_during_a_send_leaves_the_request_and_no_half_response(
    data_folder: DataFolder, server: SampleServer
) -> None:
    with Program(data_folder) as program:
        program.wait("windows", has="mainWindow")
        program.keys("Ctrl+N")
        program.wait("focus", equals="urlEdit")
        program.type(f"{server.url}/slow")
        program.keys("Ctrl+Return")
        assert server.arrived.wait(30)
        program.kill()
    with Program(data_folder) as program:
        program.wait("text", name="urlEdit", equals=f"{server.url}/slow")
        assert not program.look("is_shown", name="responseStatus")
        server.release.set()
        program.keys("Ctrl+Return")
        program.wait("text", name="responseStatus", equals="200 OK")
        program.close()
    assert len(list(data_folder.responses.glob("*.body"))) >= 1
