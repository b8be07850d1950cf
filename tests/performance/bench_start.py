"""Measures the start: the whole process, up to the first picture of the window, beside an empty window."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.performance.load import load
from tests.performance.registry import CHECKOUT
from tests.performance.row import Row, at_most
from tests.performance.sync_programs import Place, finished, place

_STARTS = 9
# Name, words, milliseconds and megabytes.
_LIMITS = (
    ("empty", "an empty store", 250, 90),
    ("filled", "10,000 requests", 320, 120),
    ("synced", "signed in, 10,000 requests synced", 320, 120),
)
# What the targets were set beside; a machine that is slower at this is slower at the rest.
_EMPTY_WINDOW_THEN = 95
# Both programs tell the moment and their memory when the events of the first picture are done with.
_TELLING = """
import json, sys, time
from PySide6.QtCore import QEvent, QObject, QTimer

class FirstPicture(QObject):
    def __init__(self, window, application):
        super().__init__(window)
        self.application = application
        window.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        now, memory = time.monotonic(), 0
        try:
            with open("/proc/self/status") as file:
                memory = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
        except OSError:
            import resource
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        print(json.dumps({"now": now, "memory": memory, "modules": len(sys.modules)}), flush=True)
        self.application.quit()
"""
_EMPTY_WINDOW = (
    """
from PySide6.QtWidgets import QApplication, QMainWindow
application = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
"""
    + _TELLING
    + """
first_picture = FirstPicture(window, application)
application.exec()
"""
)
# The program itself, by its own door; only its window is told to say when it was drawn.
_PROGRAM = (
    """
import sys
from insomnia_desktop.app import main
main.load_qt()
from insomnia_desktop.app import window_start
from PySide6.QtWidgets import QApplication
"""
    + _TELLING
    + """
show = window_start.RunningWindow.show

def watched_show(running):
    FirstPicture(running.window, QApplication.instance())
    show(running)

window_start.RunningWindow.show = watched_show
sys.exit(main.main([]))
"""
)

_FILLING = """
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import default_data_folder
from tests.support.filled_store import fill
fill(default_data_folder(), 10_000, clock=SystemClock())
"""


_WHERE = """
from insomnia_desktop.base.paths import default_data_folder
print(default_data_folder().root)
"""


class _Start(NamedTuple):
    """One start: milliseconds to the first picture, and the most memory the process held until then, in MB."""

    took: float
    memory: float


def rows() -> Iterator[Row]:
    """Yield time and memory of starts, in turn with an empty window.

    With an empty store, with 10,000 requests, and with as many that are synced with an account which is signed in.
    """
    with tempfile.TemporaryDirectory() as temporary, place(Path(temporary) / "sync") as at:
        root = Path(temporary)
        environment = _environment(root / "bytecode")
        programs = {
            "window": (_EMPTY_WINDOW, environment),
            "empty": (_PROGRAM, environment | _home(root / "empty")),
            "filled": (_PROGRAM, environment | _home(root / "filled")),
            "synced": (_PROGRAM, environment | _home(root / "synced")),
        }
        _fill(programs["filled"][1])
        programs["synced"][1].update(_sync(at, programs["synced"][1]))
        for program, around in programs.values():
            _start(program, around)
        starts: dict[str, list[_Start]] = {name: [] for name in programs}
        for _ in range(_STARTS):
            for name, (program, around) in programs.items():
                starts[name].append(_start(program, around))
    anchor = statistics.median(start.took for start in starts["window"])
    beside = f"empty window {max(start.memory for start in starts['window']):.0f} MB"
    for name, words, limit, memory in _LIMITS:
        took = statistics.median(start.took for start in starts[name])
        fastest = min(start.took for start in starts[name])
        what = f"process start to first paint, {words}"
        yield at_most(what, limit, took, "ms", f"fastest {fastest:.0f} ms; empty window {anchor:.0f} ms; {load()}")
        then = f"{limit} ms of {_EMPTY_WINDOW_THEN} ms when the target was set"
        yield at_most(f"{what}, over an empty window's", round(limit / _EMPTY_WINDOW_THEN, 2), took / anchor, "x", then)
        most = max(start.memory for start in starts[name])
        yield at_most(f"memory at the first paint, {words}", memory, most, "MB", beside)


def _start(program: str, environment: dict[str, str]) -> _Start:
    began = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=True,
    )
    told = json.loads(run.stdout)
    return _Start((told["now"] - began) * 1000, told["memory"] / 1_000_000)


def _home(folder: Path) -> dict[str, str]:
    """Return what makes a program keep its data under a folder."""
    return {name: str(folder) for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "XDG_DATA_HOME")}


def _fill(environment: dict[str, str]) -> None:
    """Put 10,000 requests where the program will look for them."""
    subprocess.run([sys.executable, "-c", _FILLING], cwd=CHECKOUT, env=environment, check=True)


def _sync(at: Place, environment: dict[str, str]) -> dict[str, str]:
    """Put 10,000 requests that are synced where the program will look for them; returns what it finds its keys by."""
    services = at.program("synced", requests=10_000)
    finished(services.syncing.sync_once().future)
    at.close(services)
    where = subprocess.run(
        [sys.executable, "-c", _WHERE], cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    folder = Path(where.stdout.strip())
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(at.root / "synced", folder)
    return {"INSOMNIA_DESKTOP_KEY_FILE": str(at.root / "synced.key")}


def _environment(bytecode: Path) -> dict[str, str]:
    """Return an environment in which modules are compiled once, as they are where the program is installed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(bytecode)}
