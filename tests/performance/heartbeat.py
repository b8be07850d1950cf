"""How late the window's thread comes to what it has to do."""

from __future__ import annotations

import time
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer

_EVERY_MS = 5


class Heartbeat(QObject):
    """Beats each 5 ms on the window's thread and notes by how many milliseconds each beat was late."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._beat)

    def during(self, future: Future[Any] | None, seconds: float = 0.0) -> None:
        """Beat until the future is done, or for some seconds; the event loop runs as in the program."""
        loop = QEventLoop()
        ends = time.perf_counter() + seconds
        watch = QTimer()
        watch.setInterval(_EVERY_MS)
        watch.timeout.connect(
            lambda: loop.quit() if (time.perf_counter() > ends if future is None else future.done()) else None
        )
        self._last = time.perf_counter()
        self._timer.start()
        watch.start()
        loop.exec()
        watch.stop()
        self._timer.stop()

    def p99(self) -> float:
        """Return by how many milliseconds one beat in a hundred was late, or more."""
        return sorted(self.late)[round(len(self.late) * 0.99) - 1]

    def _beat(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, (now - self._last) * 1000 - _EVERY_MS))
        self._last = now
