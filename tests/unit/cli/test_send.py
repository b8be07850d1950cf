"""insomnia_desktop.cli.send: what goes out, what is written where, and the exit status."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.cli import send
from insomnia_desktop.cli.context import Context
from insomnia_desktop.cli.output import Output
from insomnia_desktop.cli.parser import parse
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.store.changes import Origin
from tests.support.http_echo import EchoServer
from tests.unit.cli.conftest import Program


def test_a_stored_request_is_sent_and_the_body_is_the_output(program: Program, server: EchoServer) -> None:
    program("environments", "set", "Base environment", "base", server.url)
    program("requests", "create", "Order", "--url", "{{ base }}/orders", "--body", "{}")
    ended = program("send", "Order")
    assert (ended.status, ended.errors) == (0, "")
    assert ended.json["path"] == "/orders"
    assert ended.json["body"] == "{}"


def test_the_json_of_a_send_has_its_promised_shape(program: Program, server: EchoServer) -> None:
    program("requests", "create", "Order", "--url", f"{server.url}/orders")
    sent = program.json("send", "Order")
    assert set(sent) >= {"status", "reason", "http_version", "url", "headers", "timings", "size", "body_file"}
    assert set(sent["timings"]) >= {"dns", "connect", "tls", "wait", "download", "total"}
    assert set(sent["size"]) == {"wire", "decoded"}
    assert (sent["status"], sent["reason"], sent["url"]) == (200, "OK", f"{server.url}/orders")
    assert ["Content-Type", "application/json"] in sent["headers"]
    assert json.loads(Path(sent["body_file"]).read_bytes())["method"] == "GET"


def test_an_address_is_sent_without_being_stored(program: Program, server: EchoServer, tmp_path: Path) -> None:
    program("environments", "create", "Staging")
    program("environments", "set", "Staging", "word", "staging")
    body = tmp_path / "body.json"
    body.write_bytes(b'{"raw": "{{ word }}"}')
    ended = program(
        "send", "--url", f"{server.url}/{{{{ word }}}}", "--method", "PUT", "--header", "X-A: 1",
        "--body-file", str(body), "--env", "Staging",
    )  # fmt: skip
    assert ended.status == 0
    asked = ended.json
    assert (asked["method"], asked["path"], asked["body"]) == ("PUT", "/staging", '{"raw": "{{ word }}"}')
    assert ["X-A", "1"] in asked["headers"]
    assert ["Content-Type", "application/json"] in asked["headers"]
    assert program.json("requests", "list") == []
    kept = program.json("send", "--url", server.url, "--body", "x")
    assert Path(kept["body_file"]).is_file()
    assert server.requests[-1]["method"] == "POST"


def test_bodies_that_nobody_can_ask_for_any_more_are_removed(
    program: Program, server: EchoServer, data_folder: DataFolder, tmp_path: Path
) -> None:
    def bodies() -> set[str]:
        return {path.name for path in data_folder.responses.iterdir()}

    program("send", "--url", server.url)
    program("send", "--url", server.url, "--output", str(tmp_path / "out"), "--json")
    program("send", "--url", f"{server.url}/status/404", "--fail")
    assert bodies() == set()
    program("requests", "create", "Kept", "--url", server.url)
    stored = Path(program.json("send", "Kept")["body_file"])
    told = [Path(program.json("send", "--url", server.url)["body_file"]) for _ in range(2)]
    assert bodies() == {stored.name, *(path.name for path in told)}
    for path in (stored, told[0]):
        os.utime(path, (0, 0))
    program("send", "--url", server.url)
    assert bodies() == {stored.name, told[1].name}


def test_standard_input_is_sent_byte_by_byte(
    program: Program, server: EchoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\xff{{ b }}")))
    ended = program("send", "--url", server.url, "--body-file", "-", "--type", "text/plain")
    assert ended.json["body"] == "a\\xff{{ b }}"
    assert ["Content-Type", "text/plain"] in ended.json["headers"]


def test_the_body_goes_into_a_file_on_demand(program: Program, server: EchoServer, tmp_path: Path) -> None:
    target = tmp_path / "out.bin"
    ended = program("send", "--url", f"{server.url}/bytes", "--output", str(target))
    assert (ended.status, ended.output) == (0, b"")
    assert target.read_bytes() == b"\0\x01binary"
    assert program.json("send", "--url", f"{server.url}/bytes", "--output", str(target))["body_file"] == str(target)
    missing = tmp_path / "missing" / "out"
    assert program.fails("send", "--url", server.url, "--output", str(missing))["code"] == "cli.file_unwritable"


def test_binary_goes_into_a_pipe_but_not_onto_a_terminal(
    program: Program, server: EchoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program("send", "--url", f"{server.url}/bytes").output == b"\0\x01binary"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    refused = program("send", "--url", f"{server.url}/bytes")
    assert (refused.status, refused.output) == (1, b"")
    assert refused.errors == one_line(KnownError("cli.binary_output", bytes=8)) + "\n"
    assert program("send", "--url", f"{server.url}/bytes", "--output", "-").output == b"\0\x01binary"
    assert program("send", "--url", server.url).status == 0


def test_fail_turns_a_refusal_into_a_failure(program: Program, server: EchoServer) -> None:
    url = f"{server.url}/status/404"
    assert program("send", "--url", url).status == 0
    plain = program("send", "--url", url, "--fail")
    assert (plain.status, plain.errors) == (
        1,
        "The server answered 404 Not Found. Leave out --fail to take that as an answer.\n",
    )
    assert plain.json["path"] == "/status/404"
    told = program("send", "--url", url, "--fail", "--json")
    assert told.status == 1
    assert (told.json["status"], told.json["error"]["code"]) == (404, "cli.status")
    assert program("send", "--url", f"{server.url}/status/302", "--fail").status == 0


def test_failures_are_sentences(program: Program, tmp_path: Path) -> None:
    assert program.fails("send", "--url", "http://127.0.0.1:1")["code"] == "send.refused"
    assert program.fails("send", "--url", "http://127.0.0.1:1/{{ a }}")["code"] == "template.unknown_names"
    assert program.fails("send", "Nothing")["code"] == "cli.unknown_name"
    missing = str(tmp_path / "missing")
    assert program.fails("send", "--url", "http://a", "--body-file", missing)["code"] == "cli.file_unreadable"
    assert program.fails("send", "--url", "http://a", "--env", "None")["code"] == "cli.unknown_name"


def test_a_send_that_the_end_of_the_program_cut_off_is_no_success(
    data_folder: DataFolder, server: EchoServer, tmp_path: Path
) -> None:
    output = tmp_path / "partial"
    services = container.build(data_folder, SystemClock(), Origin("command_line"))
    context = Context(services, Output(as_json=False), workspace=None)
    arguments = parse(("send", "--url", f"{server.url}/slow", "--output", str(output)))

    def end_once_it_runs() -> None:
        server.arrived.wait(20)
        services.sending.close()

    ending = threading.Thread(target=end_once_it_runs)
    ending.start()
    try:
        with pytest.raises(KnownError) as stopped:
            send.run(context, arguments)
    finally:
        ending.join()
        services.close()
    assert stopped.value.code == "send.cancelled"
    assert not output.exists()


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "made up by the system", "nobody's"])
def test_what_is_no_file_is_refused_as_a_body_before_it_is_read(
    program: Program, server: EchoServer, tmp_path: Path, kind: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    paths = {
        "pipe": str(tmp_path / "pipe"), "device": "/dev/zero", "folder": str(tmp_path),
        "made up by the system": "/proc/self/status", "nobody's": "~nobody-has-this-name/x",
    }  # fmt: skip
    refused = program.fails("send", "--url", server.url, "--body-file", paths[kind])
    assert refused["code"] == ("send.file_unreadable" if kind == "made up by the system" else "cli.file_unreadable")
    assert server.requests == []
    if kind != "made up by the system":
        kept = program.fails("requests", "create", "A", "--url", server.url, "--body-file", paths[kind])
        assert kept["code"] == "cli.file_unreadable"


@pytest.mark.parametrize("closed", [True, False])
def test_standard_input_that_cannot_be_read_is_told(
    program: Program, server: EchoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closed: bool
) -> None:
    with (tmp_path / "only written").open("w") as unreadable:
        broken = io.TextIOWrapper(io.BufferedReader(io.FileIO(unreadable.fileno(), closefd=False, mode="rb")))
        monkeypatch.setattr(sys, "stdin", None if closed else broken)
        for words in (("send",), ("requests", "create", "A")):
            refused = program.fails(*words, "--url", server.url, "--body-file", "-")
            assert refused["code"] == "cli.no_standard_input"


def test_a_file_that_stands_in_the_way_is_whole_or_as_it_was(
    program: Program, server: EchoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out"
    target.write_text("old")

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "x")

    with monkeypatch.context() as broken:
        broken.setattr("shutil.copyfileobj", full)
        refused = program.fails("send", "--url", server.url, "--output", str(target))
    assert refused["code"] == "cli.file_unwritable"
    assert target.read_text() == "old"
    assert list(tmp_path.glob("out*")) == [target]
    link = tmp_path / "link"
    link.symlink_to(target)
    assert program("send", "--url", f"{server.url}/bytes", "--output", str(link)).status == 0
    assert link.is_symlink()
    assert target.read_bytes() == b"\0\x01binary"
