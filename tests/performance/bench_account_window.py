"""Measures how the window stays alive while an account is made on this computer."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from insomnia_desktop.app import container
from insomnia_desktop.app.main import TURN
from insomnia_desktop.app.window_start import RunningWindow, make_application
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.services.account_views import AccountState, ServerPlace
from insomnia_desktop.store.changes import Origin
from tests.performance.heartbeat import Heartbeat
from tests.performance.load import load
from tests.performance.row import Row, at_most
from tests.support.account_desk import EMAIL, PASSWORD
from tests.support.ports import port_for_server

_SIGN_UPS = 5
_P99_MS = 16
_SETTLES_S = 2.0
_IDLE_S = 2.0


def rows() -> Iterator[Row]:
    """Make some accounts, each in a window and a data folder of its own."""
    application = make_application()
    sys.setswitchinterval(TURN)
    idle, busy = Heartbeat(), Heartbeat()
    seconds: list[float] = []
    for _ in range(_SIGN_UPS):
        with tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as temporary:
            seconds.append(_sign_up(application, Path(temporary), idle, busy))
    note = (
        f"max {max(busy.late):.0f} ms, {_SIGN_UPS} sign-ups of {statistics.median(seconds):.1f} s; "
        f"idle p99 {idle.p99():.1f} ms, max {max(idle.late):.0f} ms; {load()}"
    )
    yield at_most("GUI heartbeat lateness during a sign-up, p99", _P99_MS, busy.p99(), "ms", note)


def _sign_up(application: QApplication, root: Path, idle: Heartbeat, busy: Heartbeat) -> float:
    folder = DataFolder(root / "a")
    # The usual port may be another program's.
    folder.server.mkdir(parents=True)
    (folder.server / "hosting.json").write_text(json.dumps({"port": port_for_server()}))
    services = container.build(folder, SystemClock(), Origin("window", 1), key_file=root / "a.key")
    services.workspaces.ensure_one()
    running = RunningWindow(services)
    running.show()
    gc.freeze()
    # What the program loads after its first picture belongs to the start.
    Heartbeat().during(None, _SETTLES_S)
    idle.during(None, _IDLE_S)
    began = time.perf_counter()
    deed = services.accounts.create(place=ServerPlace("here"), email=EMAIL, name="Ada", password=PASSWORD)
    busy.during(deed.future)
    ended = time.perf_counter()
    assert deed.future.result(0).status.state == AccountState.SIGNED_IN
    running.window.close()
    running.stop()
    application.processEvents()
    gc.unfreeze()
    return ended - began
