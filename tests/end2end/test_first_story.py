"""The first story: a request typed, sent and read in the real program, and found again tomorrow."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from insomnia_desktop.base.paths import DataFolder
from tests.end2end.process import Program, command_line
from tests.support.sample_server import ORDER, SampleServer


@pytest.fixture
def server() -> Iterator[SampleServer]:
    """The server of the sample requests."""
    with SampleServer() as server:
        yield server


def _new_request(program: Program, address: str) -> None:
    program.wait("windows", has="mainWindow")
    program.keys("Ctrl+N")
    program.wait("focus", equals="urlEdit")
    program.type(address)


def test_a_request_is_made_sent_and_read_and_is_there_after_a_restart(
    data_folder: DataFolder, server: SampleServer
) -> None:
    with Program(data_folder) as program:
        _new_request(program, f"{server.url}/orders")
        program.click("methodPicker")
        program.wait("windows", has="methodMenu")
        program.do("choose", text="POST")
        program.keys("Ctrl+Return")
        program.wait("text", name="responseStatus", equals="201 Created")
        answer = program.wait("text", name="responseView", has="ord_4711")
        assert json.loads(answer) == ORDER
        assert server.requests == [("POST", "/v1/orders")]
        program.wait("rows", name="requestTree", equals=["New request"])
        program.keys("F2")
        program.wait("focus", equals="nameEditor")
        program.type("Create order\n")
        program.wait("rows", name="requestTree", equals=["Create order"])
        program.close()
    with Program(data_folder) as program:
        program.wait("rows", name="requestTree", equals=["Create order"])
        program.wait("text", name="urlEdit", equals=f"{server.url}/orders")
        program.wait("text", name="responseStatus", equals="201 Created")
        assert json.loads(program.wait("text", name="responseView", has="ord_4711")) == ORDER
        program.close()
    assert len(server.requests) == 1


def test_a_variable_of_the_environment_leads_to_the_server(data_folder: DataFolder, server: SampleServer) -> None:
    with Program(data_folder) as program:
        _new_request(program, "{{ base_url }}/orders")
        program.keys("Ctrl+E")
        program.wait("windows", has="environmentsDialog")
        # The ghost row of the base environment: a click begins its name, Tab walks to the value.
        program.do("click_cell", name="variablesTable", row=0, column="name")
        program.type("base_url")
        program.keys("Tab")
        program.type(server.url)
        program.keys("Return")
        program.wait("rows", name="variablesTable", has=[True, "base_url", server.url])
        program.do("click_text", name="environmentsDialog", text="Done")
        program.wait("windows", lacks="environmentsDialog")
        program.wait("text", name="urlPreview", equals=f"{server.url}/orders")
        program.keys("Ctrl+Return")
        program.wait("text", name="responseStatus", equals="200 OK")
        program.close()
    assert server.requests == [("GET", "/v1/orders")]


def test_an_unknown_variable_stops_the_send_and_is_named_with_its_place(
    data_folder: DataFolder, server: SampleServer
) -> None:
    with Program(data_folder) as program:
        _new_request(program, server.url + "/orders?region={{ regoin }}&sort={{ order }}")
        program.keys("Ctrl+Return")
        shown = program.wait("text", name="responseErrorContent", has="regoin")
        assert "order" in shown
        assert "address" in shown.lower()
        program.close()
    assert server.requests == []


def test_a_send_that_hangs_is_cancelled_and_the_program_lives_on(data_folder: DataFolder, server: SampleServer) -> None:
    with Program(data_folder) as program:
        _new_request(program, f"{server.url}/slow")
        program.keys("Ctrl+Return")
        program.wait("text", name="responseStatus", equals="Waiting")
        assert server.arrived.wait(30)
        program.click("responseCancelButton")
        program.wait("text", name="responseStatus", equals="Cancelled")
        program.wait("is_shown", name="sendButton", equals=True)
        program.keys("Ctrl+L")
        program.type(f"{server.url}/missing")
        program.keys("Ctrl+Return")
        program.wait("text", name="responseStatus", equals="404 Not Found")
        program.close()


def test_what_the_command_line_writes_is_seen_in_the_open_window(data_folder: DataFolder, server: SampleServer) -> None:
    with Program(data_folder) as program:
        _new_request(program, f"{server.url}/orders")
        made = command_line(data_folder, "requests", "create", "From a script", "--url", f"{server.url}/missing")
        assert made.returncode == 0, made.stderr
        program.wait("rows", name="requestTree", equals=["New request", "From a script"])
        sent = command_line(data_folder, "send", "New request")
        assert sent.returncode == 0, sent.stderr
        program.wait("text", name="responseStatus", equals="200 OK")
        changed = command_line(data_folder, "requests", "set", "New request", "--url", f"{server.url}/orders?x=1")
        assert changed.returncode == 0, changed.stderr
        program.wait("text", name="urlEdit", equals=f"{server.url}/orders?x=1")
        program.close()


def test_an_edit_is_taken_back_after_a_restart(data_folder: DataFolder) -> None:
    with Program(data_folder) as program:
        _new_request(program, "http://127.0.0.1/first")
        program.do("click", name="requestTree")
        program.keys("Ctrl+L")
        program.type("http://127.0.0.1/second")
        program.close()
    with Program(data_folder) as program:
        program.wait("text", name="urlEdit", equals="http://127.0.0.1/second")
        program.keys("Ctrl+Z")
        program.wait("text", name="urlEdit", equals="http://127.0.0.1/first")
        program.wait("text", name="toast", has="Undone")
        program.keys("Ctrl+Shift+Z")
        program.wait("text", name="urlEdit", equals="http://127.0.0.1/second")
        program.close()
