"""The demo as it is started by hand: two windows of one account, and nothing left of it after Ctrl+C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Store
from insomnia_desktop.store.queries import documents
from tests.demo import tea_workspace
from tests.support.sources import CHECKOUT

SECONDS = 120


def names_in(folder: Path) -> list[str]:
    store = Store.open(DataFolder(folder), clock=SystemClock())
    try:
        (workspace,) = documents.workspaces(store.reader())
        assert workspace.name == tea_workspace.NAME
        return sorted(row.name for row in documents.tree_rows(store.reader(), workspace.id))
    finally:
        store.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that Ctrl+C in a terminal could be sent as")
def test_two_devices_of_one_account_and_nothing_left_after_ctrl_c(tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "tests.demo"],
        cwd=CHECKOUT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert demo.stdout is not None
        first, *_ = said = [demo.stdout.readline() for _ in range(3)]
        assert "Ctrl+C" in said[2], demo.communicate(timeout=SECONDS)[1]
        (root,) = tmp_path.iterdir()
        left, right = names_in(root / "Left"), names_in(root / "Right")
        assert left == right
        assert {"Create order", "Echo", "Orders"} <= set(left)
        demo.send_signal(signal.SIGINT)
        _, errors = demo.communicate(timeout=SECONDS)
        assert (demo.returncode, errors) == (0, "")
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.communicate()
    assert list(tmp_path.iterdir()) == []
    for port in map(int, re.findall(r"127\.0\.0\.1:(\d+)", first)):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
