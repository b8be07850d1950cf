"""insomnia_desktop.app.main, app.arguments, insomnia_desktop.__main__: what a start with given words leads to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop import __version__
from insomnia_desktop.app import lifecycle, window_start
from insomnia_desktop.app.arguments import read
from insomnia_desktop.app.lifecycle import WindowLock
from insomnia_desktop.app.local_server import SERVER_WORD
from insomnia_desktop.app.main import main
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder, default_data_folder
from insomnia_desktop.cli import run

_ROOT = Path(__file__).parents[3]
_HOLDER = """
import sys
from pathlib import Path
from insomnia_desktop.app.lifecycle import WindowLock
lock = WindowLock(Path(sys.argv[1]))
assert lock.acquire()
lock.listen(lambda: print("raised", flush=True))
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def first_window(data_folder: DataFolder) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder as a window does."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(data_folder.window_lock)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=_ROOT,
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    yield holder
    holder.kill()
    holder.communicate()


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"insomnia-desktop {__version__}\n"
    with pytest.raises(SystemExit) as ended:
        main(["--version", "--debug"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"insomnia-desktop {__version__}\n"


def test_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ("workspaces", "folders", "requests", "environments", "send", "--data-dir"))


def test_without_a_command_the_window_is_meant(tmp_path: Path) -> None:
    assert read([]).command is None
    assert read([]).folder == default_data_folder()
    given = read(["--data-dir", str(tmp_path), "--debug"])
    assert (given.command, given.folder, given.debug) == (None, DataFolder(tmp_path), True)
    assert read(["send", "A"]).command is not None


def test_a_relative_folder_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read(["--data-dir", "there"]).folder == DataFolder(tmp_path / "there")


def test_a_second_start_raises_the_first_window_and_ends_without_qt(
    data_folder: DataFolder, first_window: subprocess.Popen[str]
) -> None:
    program = (
        "import sys; from insomnia_desktop.app.main import main; status = main(sys.argv[1:]);"
        "print(status, any(name.startswith('PySide6') for name in sys.modules))"
    )
    second = subprocess.run(
        [sys.executable, "-c", program, "--data-dir", str(data_folder.root)],
        capture_output=True, text=True, cwd=_ROOT, check=True,
    )  # fmt: skip
    assert (second.stdout, second.stderr) == ("0 False\n", "")
    assert first_window.stdout is not None
    assert first_window.stdout.readline() == "raised\n"


def test_a_first_window_that_does_not_answer_is_told(
    data_folder: DataFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[KnownError] = []
    monkeypatch.setattr(window_start, "explain", told.append)
    monkeypatch.setattr(lifecycle, "_ANSWERS_WITHIN", 0.1)
    silent = WindowLock(data_folder.window_lock)
    assert silent.acquire()
    assert main(["--data-dir", str(data_folder.root)]) == 1
    silent.release()
    assert [error.code for error in told] == ["window.already_open"]
    assert capsys.readouterr().err.startswith("Another window has the data folder")


def test_a_command_runs_beside_the_first_window(
    data_folder: DataFolder, first_window: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data-dir", str(data_folder.root), "--json", "workspaces", "list"]) == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == ["My workspace"]


def test_a_crash_of_a_command_is_a_sentence_and_a_report(
    data_folder: DataFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> int:
        raise ValueError("unforeseen")

    monkeypatch.setitem(run._ROOMS, "folders", fail)
    assert main(["--data-dir", str(data_folder.root), "folders", "list"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    (report,) = data_folder.logs.glob("crash-*.txt")
    assert str(report) in told.err
    assert "ValueError: unforeseen" in report.read_text()


def test_a_command_needs_no_streams_and_no_folder_to_stand_in(data_folder: DataFolder, tmp_path: Path) -> None:
    start = f"exec {sys.executable} -m insomnia_desktop --data-dir {data_folder.root} requests list"
    for redirected in ("<&- >&- 2>&-", ">&- 2>&-", "> /dev/full 2> /dev/full"):
        ended = subprocess.run(["sh", "-c", f"{start} {redirected}"], cwd=_ROOT, capture_output=True, check=False)
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    gone = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m insomnia_desktop"
    surroundings = {**os.environ, "PYTHONPATH": str(_ROOT)}
    for words in ("--data-dir there requests list", f"--data-dir {data_folder.root} send --url u --body-file here"):
        ended = subprocess.run(
            ["sh", "-c", f"{gone} {words}"], cwd=tmp_path, env=surroundings, capture_output=True, check=False
        )
        assert ended.returncode == 1
        assert ended.stderr.count(b"\n") == 1
        assert b"No such file" in ended.stderr
    assert not list(data_folder.logs.glob("crash-*.txt"))


def test_what_the_terminal_cannot_show_is_written_out(data_folder: DataFolder) -> None:
    command = [sys.executable, "-m", "insomnia_desktop", "--data-dir", str(data_folder.root)]
    ascii_only = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for form, shown in (("--debug", b"\\xe9\\u2603"), ("--json", b'"\\u00e9\\u2603"')):
        subprocess.run([*command, "folders", "create", "é☃"], cwd=_ROOT, check=True, capture_output=True)
        listed = subprocess.run(
            [*command, "folders", "list", form], env=ascii_only, cwd=_ROOT, capture_output=True, check=False
        )
        assert listed.returncode == 0
        assert shown in listed.stdout


def test_ctrl_c_while_the_program_is_loaded_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("insomnia_desktop.app.arguments.read", interrupted)
    assert main(["requests", "list"]) == 130
    assert capsys.readouterr() == ("", "")


def test_the_program_is_its_own_sync_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the frozen program is started with for the server on this computer; app.local_server tells the rest."""
    assert main([SERVER_WORD, "invite", "--data-dir", str(tmp_path)]) == 0
    assert len(capsys.readouterr().out.strip()) == 22
