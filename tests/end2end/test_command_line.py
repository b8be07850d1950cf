"""The real program on the command line, by insomnia_desktop.__main__: its streams, its statuses, its neighbours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop import __version__
from insomnia_desktop.app import container
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store.changes import Origin
from tests.support.http_echo import EchoServer

_ROOT = Path(__file__).parents[2]
_PROGRAM = [sys.executable, "-m", "insomnia_desktop"]
_SECONDS = 60


def _run(folder: DataFolder, *words: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [*_PROGRAM, "--data-dir", str(folder.root), *words]
    return subprocess.run(command, input=data, capture_output=True, cwd=_ROOT, timeout=_SECONDS, check=False)


@pytest.fixture
def server() -> Iterator[EchoServer]:
    """A server on loopback that tells what it was asked."""
    with EchoServer() as server:
        yield server


def test_the_version_is_told_and_next_to_nothing_is_loaded() -> None:
    told = subprocess.run([*_PROGRAM, "--version"], capture_output=True, text=True, cwd=_ROOT, check=True)
    assert told.stdout == f"insomnia-desktop {__version__}\n"
    program = "import sys; from insomnia_desktop.app.main import main; main(['--version']); print(len(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=_ROOT, check=True)
    plain = [sys.executable, "-c", "import sys; print(len(sys.modules))"]
    bare = subprocess.run(plain, capture_output=True, text=True, cwd=_ROOT, check=True)
    assert int(loaded.stdout.splitlines()[-1]) <= int(bare.stdout) + 30


def test_a_command_loads_no_qt(data_folder: DataFolder, server: EchoServer) -> None:
    program = (
        "import sys; from insomnia_desktop.app.main import main; status = main(sys.argv[1:]);"
        "qt = [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6', 'insomnia_desktop.ui'))];"
        "sys.stderr.write(' '.join(qt)); sys.exit(status)"
    )
    for words in (("requests", "list"), ("send", "--url", server.url)):
        ended = subprocess.run(
            [sys.executable, "-c", program, "--data-dir", str(data_folder.root), *words],
            capture_output=True, cwd=_ROOT, timeout=_SECONDS, check=False,
        )  # fmt: skip
        assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_request_is_made_sent_and_read_by_separate_processes(data_folder: DataFolder, server: EchoServer) -> None:
    made = _run(data_folder, "requests", "create", "Bestellung ü", "--url", server.url + "/ü", "--json")
    assert json.loads(made.stdout)["name"] == "Bestellung ü"
    sent = _run(data_folder, "send", "Bestellung ü")
    assert sent.returncode == 0, sent
    assert json.loads(sent.stdout)["path"] == "/%C3%BC"
    failed = _run(data_folder, "send", "Bestellung")
    assert (failed.returncode, failed.stdout) == (1, b"")
    assert failed.stderr.decode("utf-8").count("\n") == 1
    assert _run(data_folder, "nonsense").returncode == 2


def test_commands_write_while_a_window_has_the_folder_open(data_folder: DataFolder) -> None:
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    workspace_id = services.workspaces.last_used()
    services.external_changes()
    made = _run(data_folder, "requests", "create", "From outside", "--url", "http://a.example")
    assert made.returncode == 0, made
    told = services.external_changes()
    assert told is not None
    assert made.stdout.decode().strip() in {change.id for change in told.changes}
    assert [row.name for row in services.documents.tree(workspace_id)] == ["From outside"]
    services.close()


def test_first_commands_at_once_share_one_workspace(data_folder: DataFolder) -> None:
    command = [*_PROGRAM, "--data-dir", str(data_folder.root), "folders", "create", "Folder"]
    running = [subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    ended = [(process.communicate(timeout=_SECONDS), process.returncode) for process in running]
    assert [status for _, status in ended] == [0, 0, 0], ended
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    (workspace,) = services.workspaces.all()
    assert len(services.documents.tree(workspace.id)) == 3
    services.close()


def test_ctrl_c_stops_a_send_and_keeps_what_arrived(data_folder: DataFolder, server: EchoServer) -> None:
    request = json.loads(
        _run(data_folder, "requests", "create", "Slow", "--url", f"{server.url}/slow", "--json").stdout
    )
    command = [*_PROGRAM, "--data-dir", str(data_folder.root), "send", "Slow"]
    running = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert server.arrived.wait(_SECONDS)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=_SECONDS)
    assert (running.returncode, output, errors) == (130, b"", b"")
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    assert [summary.state for summary in services.sending.history(request["id"])] == ["cancelled"]
    services.close()


def test_a_killed_send_leaves_no_half_response(data_folder: DataFolder, server: EchoServer) -> None:
    request = json.loads(
        _run(data_folder, "requests", "create", "Slow", "--url", f"{server.url}/slow", "--json").stdout
    )
    command = [*_PROGRAM, "--data-dir", str(data_folder.root), "send", "Slow"]
    running = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert server.arrived.wait(_SECONDS)
    running.kill()
    running.communicate(timeout=_SECONDS)
    services = container.build(data_folder, SystemClock(), Origin("window", 1))
    assert services.sending.history(request["id"]) == []
    for forgotten in data_folder.responses.iterdir():
        os.utime(forgotten, (0, 0))
    services.storage.tidy().result(_SECONDS)
    assert list(data_folder.responses.iterdir()) == []
    services.close()


def test_a_reader_that_goes_away_is_no_crash(data_folder: DataFolder, server: EchoServer) -> None:
    command = [*_PROGRAM, "--data-dir", str(data_folder.root), "requests", "list", "--json"]
    for number in range(3):
        _run(data_folder, "requests", "create", str(number), "--url", "http://a.example/" + "x" * 40_000)
    running = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    errors = running.stderr.read()
    running.stderr.close()
    assert running.wait(_SECONDS) == 1
    assert errors == b""
    assert list(data_folder.logs.glob("crash-*")) == []
