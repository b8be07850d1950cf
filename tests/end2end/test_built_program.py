"""The program that `make package` built: it starts its window, sends requests, and needs no Python around it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop import __version__
from insomnia_desktop.base.paths import DataFolder
from tests.support.http_echo import EchoServer
from tests.support.logfail import LET_PASS

pytestmark = pytest.mark.slow

_CHECKOUT = Path(__file__).parents[2]
_BUILT = _CHECKOUT / "dist" / "insomnia-desktop" / f"insomnia-desktop{'.exe' if sys.platform == 'win32' else ''}"
_SECONDS = 90


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
