"""The program that `make package` built: it starts its window, sends requests, and needs no Python around it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop import __version__
from insomnia_desktop.base.paths import DataFolder
from tests.end2end.account_steps import choose_port
from tests.support import postgresql
from tests.support.http_echo import EchoServer
from tests.support.logfail import LET_PASS

pytestmark = pytest.mark.slow

_CHECKOUT = Path(__file__).parents[2]
_BUILT = _CHECKOUT / "dist" / "insomnia-desktop" / f"insomnia-desktop{'.exe' if sys.platform == 'win32' else ''}"
_SECONDS = 90
_EMAIL = "ada@example.com"
_PASSWORD = "four wet stones sing"
# The other leg says that it is none: see tests/server/conftest.py.
_DATABASES = ("sqlite", "postgresql") if postgresql.binaries() else ("sqlite",)
# Imported by name, or by none of the tests below: what a desktop's keyring, a form and other systems need.
_CARRIED = ("keyring.backends.SecretService", "keyring.backends.macOS", "keyring.backends.Windows", "zxcvbn.matching")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a program started from a menu finds: nothing of Python's, no virtual environment, another folder."""
    if not _BUILT.exists():
        pytest.fail("There is no built program in dist/: run `make package` first, as `make test-all` does.")
    assert _BUILT.stat().st_mtime >= (_CHECKOUT / "build.spec").stat().st_mtime, "older than build.spec: make package"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "PATH": os.defpath, "PWD": str(tmp_path)}


@pytest.fixture
def server() -> Iterator[EchoServer]:
    """A server on loopback that tells what it was asked."""
    with EchoServer() as server:
        yield server


def _run(
    folder: DataFolder, environment: dict[str, str], *words: str, seconds: float = _SECONDS
) -> subprocess.CompletedProcess[str]:
    command = [str(_BUILT), "--data-dir", str(folder.root), *words]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=folder.root, timeout=seconds, check=False
    )


def test_it_tells_its_version(data_folder: DataFolder, environment: dict[str, str]) -> None:
    ended = subprocess.run([str(_BUILT), "--version"], capture_output=True, text=True, env=environment, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"insomnia-desktop {__version__}\n", "")


def test_it_sends_a_request_with_variables_and_keeps_the_answer(
    data_folder: DataFolder, environment: dict[str, str], server: EchoServer
) -> None:
    for words in (
        ("environments", "set", "Base environment", "base_url", server.url),
        ("requests", "create", "Ask", "--url", "{{ base_url }}/asked?a=1", "--body", '{"b": "{{ base_url }}"}'),
    ):
        made = _run(data_folder, environment, *words)
        assert made.returncode == 0, made
    sent = _run(data_folder, environment, "send", "Ask", "--json")
    assert sent.returncode == 0, sent
    told = json.loads(sent.stdout)
    assert told["status"] == 200
    body = json.loads(Path(told["body_file"]).read_text("utf-8"))
    assert (body["method"], body["path"], json.loads(body["body"])) == ("POST", "/asked?a=1", {"b": server.url})


def test_its_window_opens_and_a_second_start_finds_it(data_folder: DataFolder, environment: dict[str, str]) -> None:
    command = [str(_BUILT), "--data-dir", str(data_folder.root)]
    with subprocess.Popen(
        command, env=environment, cwd=data_folder.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as window:
        try:
            # Nobody waits here: a second start asks the first one again until its window is there, or says why not.
            while not data_folder.window_lock.exists() and window.poll() is None:
                window_made = _run(data_folder, environment, "workspaces", "list")
                assert window_made.returncode == 0, window_made
            second = _run(data_folder, environment)
            assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
            made = _run(data_folder, environment, "requests", "create", "Beside it", "--url", "http://a.example")
            assert made.returncode == 0, made
            assert window.poll() is None
        finally:
            window.terminate()
            output, errors = window.communicate(timeout=_SECONDS)
    assert output == ""
    assert [line for line in errors.splitlines() if not any(pattern.search(line) for pattern in LET_PASS)] == []


@contextlib.contextmanager
def _serving(environment: dict[str, str], log: Path, *words: str) -> Iterator[str]:
    """Run the program as the sync server that it is too, as long as its standard input is open; gives its address."""
    command = [str(_BUILT), "--sync-server", "--parent-pipe", "--json", *words]
    with log.open("wb") as errors, subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            said = server.stdout.readline()
            assert said.startswith("listening on "), (said, log.read_text())
            yield said.removeprefix("listening on ").strip()
            server.stdin.close()
            assert server.wait(_SECONDS) == 0, log.read_text()
        finally:
            server.kill()


def _account(folder: DataFolder, environment: dict[str, str], *words: str) -> dict[str, object]:
    ended = _run(folder, environment, "account", *words, "--key-file", f"{folder.root}.key", "--json")
    assert (ended.returncode, ended.stderr) == (0, ""), ended
    told = json.loads(ended.stdout)
    return told if isinstance(told, dict) else {"rows": told}


def test_it_creates_an_account_on_this_computer_and_serves_it(
    data_folder: DataFolder, environment: dict[str, str], tmp_path: Path
) -> None:
    port = choose_port(data_folder)
    address = f"http://127.0.0.1:{port}"
    (tmp_path / "password").write_text(f"{_PASSWORD}\n")
    person = ("--server", address, "--email", _EMAIL, "--password-file", str(tmp_path / "password"))
    # The address is known as its own, so it starts the server itself, and ends it with the command.
    made = _account(data_folder, environment, "create", *person, "--recovery-key-file", str(tmp_path / "recovery"))
    assert (made["email"], made["server"]) == (_EMAIL, address)
    assert (tmp_path / "recovery").read_text().count("-") == 8
    assert _account(data_folder, environment, "status")["state"] == "signed_in"
    other = DataFolder(tmp_path / "other")
    other.prepare()
    where = ("--data-dir", str(data_folder.server), "--port", str(port))
    with _serving(environment, tmp_path / "log", *where) as served:
        assert served == address
        _account(other, environment, "sign-in", *person)
        rows = _account(data_folder, environment, "devices")["rows"]
        assert isinstance(rows, list)
        assert len(rows) == 2
        (gone,) = (row["id"] for row in rows if not row["current"])
        _account(data_folder, environment, "devices", "revoke", gone)
    asked = _run(other, environment, "account", "devices", "--key-file", f"{other.root}.key", "--json")
    assert asked.returncode == 1
    assert json.loads(asked.stdout)["error"]["code"] == "account.server_unreachable"
    # Served once more, by the command itself.
    rows = _account(data_folder, environment, "devices")["rows"]
    assert isinstance(rows, list)
    assert len(rows) == 1


@pytest.mark.parametrize("kind", _DATABASES)
def test_it_serves_from_each_database(environment: dict[str, str], tmp_path: Path, kind: str) -> None:
    (tmp_path / "password").write_text(_PASSWORD)
    with contextlib.ExitStack() as stack:
        if kind == "sqlite":
            where = ["--data-dir", str(tmp_path / "server")]
        else:
            binaries = postgresql.binaries()
            assert binaries is not None
            where = ["--database", stack.enter_context(postgresql.running(binaries)).address]
        folder = DataFolder(tmp_path / "data")
        folder.prepare()
        with _serving(environment, tmp_path / "log", *where, "--port", "0") as address:
            person = ("--server", address, "--email", _EMAIL, "--password-file", str(tmp_path / "password"))
            assert _account(folder, environment, "create", *person)["email"] == _EMAIL
            # Without a key file it looks for a keyring, which is none here: the password is needed at the next start.
            keyring = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
            signed_in = _run(folder, environment | keyring, "account", "sign-in", *person)
            assert (signed_in.returncode, signed_in.stderr) == (0, ""), signed_in
            status = _run(folder, environment | keyring, "account", "status", "--json")
            assert json.loads(status.stdout)["state"] == "locked"
        checked = subprocess.run(
            [str(_BUILT), "--sync-server", "check", *where, "--json"],
            capture_output=True, text=True, env=environment, timeout=_SECONDS, check=False,
        )  # fmt: skip
        assert checked.returncode == 0, checked
        assert json.loads(checked.stdout)["rows"]["accounts"] == 1


def test_it_carries_what_is_imported_by_name(environment: dict[str, str]) -> None:
    # The table of contents of the packed modules holds their names as they are.
    packed = _BUILT.read_bytes()
    assert [name for name in _CARRIED if name.encode() not in packed] == []
    assert b"keyring.backends.no_such" not in packed
