"""insomnia_desktop.app.crash_hooks: every uncaught error becomes one redacted report and one sentence."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from insomnia_desktop.app.crash_hooks import CrashHooks
from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.loop_thread import LoopThread
from tests.support.logfail import LogGuard


class Said:
    """Collects the sentences, and lets a test wait for one."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self.came = threading.Event()

    def __call__(self, text: str) -> None:
        self.sentences.append(text)
        self.came.set()


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def hooks(tmp_path: Path, said: Said) -> Iterator[CrashHooks]:
    hooks = CrashHooks(tmp_path, said)
    hooks.install()
    yield hooks
    hooks.uninstall()


def _reports(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted(folder.glob("crash-*.txt"))]


def test_an_error_of_a_thread_is_reported_without_its_secrets(hooks: CrashHooks, said: Said, tmp_path: Path) -> None:
    def fail() -> None:
        raise ValueError("password=hunter2 at https://me:secret@example.com")

    thread = threading.Thread(target=fail, name="worker-test")
    thread.start()
    thread.join()
    (report,) = _reports(tmp_path)
    assert "thread worker-test" in report
    assert "ValueError" in report
    assert "Versions: insomnia-desktop" in report
    assert "hunter2" not in report
    assert "secret@" not in report
    assert len(said.sentences) == 1
    assert "A report lies in" in said.sentences[0]
    (path,) = tmp_path.glob("crash-*.txt")
    assert path.stat().st_mode & 0o777 == 0o600


def test_an_error_of_a_loop_and_of_a_finaliser_is_reported(hooks: CrashHooks, said: Said, tmp_path: Path) -> None:
    loop = LoopThread("worker-test")
    loop.start()
    hooks.watch_loop(loop)

    async def fail_later() -> None:
        def fail() -> None:
            raise KeyError("callback")

        asyncio.get_running_loop().call_soon(fail)

    loop.submit(fail_later()).result(20)
    assert said.came.wait(20)
    loop.stop(5)

    class Fails:
        def __del__(self) -> None:
            raise RuntimeError("finaliser")

    Fails()
    gc.collect()
    first, second = sorted(_reports(tmp_path), key=lambda text: "finaliser" in text)
    assert "KeyError: 'callback'" in first
    assert "RuntimeError: finaliser" in second


def test_no_more_than_ten_reports_stay_and_a_storm_ends(hooks: CrashHooks, said: Said, tmp_path: Path) -> None:
    for _ in range(30):
        hooks.report(ValueError("again"), "test")
    assert len(_reports(tmp_path)) == 10
    assert len(said.sentences) == 20


def test_a_folder_that_cannot_be_written_still_gets_its_sentence(
    said: Said, tmp_path: Path, log_guard: LogGuard
) -> None:
    hooks = CrashHooks(tmp_path / "missing", said)
    with log_guard.expect("Crashes of native code will not be noted"):
        hooks.install()
    with log_guard.expect("lost words"):
        hooks.report(ValueError("lost words"), "test")
    hooks.uninstall()
    assert said.sentences == ["Something went wrong inside the program; what was saved is safe."]


def test_ctrl_c_and_exits_are_no_crashes(hooks: CrashHooks, said: Said, tmp_path: Path) -> None:
    hooks.report(KeyboardInterrupt(), "test")
    hooks.report(SystemExit(3), "test")
    assert _reports(tmp_path) == []
    assert said.sentences == []


def test_the_hooks_are_given_back(tmp_path: Path, said: Said) -> None:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    hooks = CrashHooks(tmp_path, said)
    hooks.install()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) != before
    hooks.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before


def test_the_window_can_say_it_in_its_own_way(hooks: CrashHooks, said: Said) -> None:
    later: list[str] = []
    hooks.tell = later.append
    hooks.report(ValueError(), "test")
    assert said.sentences == []
    assert len(later) == 1


def test_an_error_on_the_main_thread_ends_in_a_report_not_in_a_traceback(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from insomnia_desktop.app.crash_hooks import CrashHooks\n"
        "CrashHooks(Path(sys.argv[1]), lambda text: sys.stderr.write(text)).install()\n"
        "raise ValueError('main')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.startswith("Something went wrong inside the program")
    assert "Traceback" not in ended.stderr
    assert "ValueError: main" in _reports(tmp_path)[0]


def test_a_known_error_that_was_let_through_is_told_by_its_own_sentence(
    hooks: CrashHooks, said: Said, tmp_path: Path, log_guard: LogGuard
) -> None:
    def fail() -> None:
        raise KnownError("store.disk_full")

    with log_guard.expect("store.disk_full"):
        thread = threading.Thread(target=fail, name="worker-test")
        thread.start()
        thread.join()
    assert said.sentences == [
        "There is no room to save. Nothing that was saved is lost. Make room on the disk, and try again."
    ]
    assert _reports(tmp_path) == []
