"""insomnia_desktop.app.lifecycle: one window a folder, a second start raises it, and everything stops in order."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from insomnia_desktop.app import lifecycle
from insomnia_desktop.app.lifecycle import WindowLock, stop_in_order
from insomnia_desktop.base.errors import KnownError
from tests.support.logfail import LogGuard

_HOLDER = """
import sys
from pathlib import Path
from insomnia_desktop.app import lifecycle
from insomnia_desktop.app.lifecycle import WindowLock
lock = WindowLock(Path(sys.argv[1]))
assert lock.acquire()
lock.listen(lambda: print("raised", flush=True))
print("ready", flush=True)
sys.stdin.readline()
"""


def _hold(path: Path) -> subprocess.Popen[str]:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == "ready\n"
    return holder


def _end(holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.communicate()


def test_a_second_process_is_kept_out_and_raises_the_first_window(tmp_path: Path) -> None:
    path = tmp_path / "window.lock"
    holder = _hold(path)
    try:
        lock = WindowLock(path)
        assert not lock.acquire()
        assert lock.raise_first()
        assert holder.stdout is not None
        assert holder.stdout.readline() == "raised\n"
        assert path.stat().st_mode & 0o777 == 0o600
    finally:
        _end(holder)


def test_a_window_that_is_just_opening_is_asked_until_it_listens(tmp_path: Path) -> None:
    raised = threading.Event()
    lock = WindowLock(tmp_path / "window.lock")
    assert lock.acquire()
    asked: list[bool] = []
    second = threading.Thread(target=lambda: asked.append(WindowLock(tmp_path / "window.lock").raise_first()))
    second.start()
    lock.listen(raised.set)
    second.join(20)
    lock.release()
    assert asked == [True]
    assert raised.is_set()


def test_a_killed_holder_leaves_the_folder_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "_ANSWERS_WITHIN", 0.1)
    path = tmp_path / "window.lock"
    _end(_hold(path))
    lock = WindowLock(path)
    assert not lock.raise_first()
    assert lock.acquire()
    lock.release()


def test_only_who_knows_the_word_of_the_lock_file_can_raise_the_window(tmp_path: Path) -> None:
    raised = threading.Event()
    lock = WindowLock(tmp_path / "window.lock")
    assert lock.acquire()
    lock.listen(raised.set)
    text = (tmp_path / "window.lock").read_text()
    port = int(text.partition('"port": ')[2].partition(",")[0])
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"0" * 32 + b"\n")
        assert connection.recv(2) == b""
    assert not raised.is_set()
    assert WindowLock(tmp_path / "window.lock").raise_first()
    assert raised.is_set()
    listener = lock._listener
    assert listener is not None
    lock.release()
    assert not any(thread.name == "window-lock" for thread in threading.enumerate())
    # Its port may be somebody else's already.
    assert listener.fileno() == -1


def test_a_lock_that_listens_to_nobody_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lifecycle, "_ANSWERS_WITHIN", 0.1)
    lock = WindowLock(tmp_path / "window.lock")
    assert lock.acquire()
    assert not WindowLock(tmp_path / "window.lock").acquire()
    assert not WindowLock(tmp_path / "window.lock").raise_first()
    lock.release()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as caught:
        WindowLock(tmp_path / "missing" / "window.lock").acquire()
    assert caught.value.code == "store.folder_unusable"
    assert caught.value.params["reason"] == os.strerror(2)


def test_steps_run_in_order_and_a_failure_stops_none_of_them(log_guard: LogGuard) -> None:
    done: list[str] = []

    def fail() -> None:
        raise ValueError("first")

    with log_guard.expect("Stopping: b failed"), pytest.raises(ValueError, match="first"):
        stop_in_order([("a", lambda: done.append("a")), ("b", fail), ("c", lambda: done.append("c"))])
    assert done == ["a", "c"]
    stop_in_order([])
