"""Qt calls must not eat references to None: PySide6 6.12.0 does with Python 3.11, and the process aborts."""

from __future__ import annotations

import os
import subprocess
import sys

CALLS = 3000
# One lost reference a call would be CALLS or more; the interpreter's own comings and goings are a few dozen.
# From Python 3.12 on None is immortal and its count stands still.
HEAD_ROOM = 200

PROGRAM = f"""
import gc, sys
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel

class Source(QObject):
    told = Signal(object)

app = QApplication([])
source, label = Source(), QLabel()
seen = []
source.told.connect(seen.append)

def rounds(count):
    for number in range(count):
        source.told.emit(number)
        label.setText(str(number))

rounds(10)
gc.collect()
before = sys.getrefcount(None)
rounds({CALLS})
seen.clear()
gc.collect()
print(sys.getrefcount(None) - before)
"""


def test_three_thousand_emits_and_calls_lose_no_reference_to_none() -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > -HEAD_ROOM
