"""Long work of the GUI thread done in slices of a few milliseconds between events."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

# With the longest single step a slice stays under 5 ms.
BUDGET_S = 0.003


class Slices(QObject):
    """Runs steps of jobs, in turn, by a timer that waits for nothing but the events before it.

    Signals:
        sliced: a slice is over; whoever shows progress looks at the jobs now.
    """

    sliced = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin with nothing to do."""
        super().__init__(parent)
        self._jobs: list[Callable[[], bool]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_timeout)

    def add(self, job: Callable[[], bool]) -> None:
        """Run `job` again and again until it returns True; a step must be short (about 1 ms)."""
        self._jobs.append(job)
        self._timer.start()

    def remove(self, job: Callable[[], bool]) -> None:
        """Forget a job."""
        if job in self._jobs:
            self._jobs.remove(job)

    def clear(self) -> None:
        """Forget all jobs."""
        self._jobs.clear()
        self._timer.stop()

    def run(self, seconds: float) -> None:
        """Work now for at most about so long, without the signal."""
        deadline = time.perf_counter() + seconds
        while self._jobs and time.perf_counter() < deadline:
            job = self._jobs.pop(0)
            # A job may clear the list, or add to it: it goes back to the end only while it is not done.
            if not job():
                self._jobs.append(job)

    def _on_timeout(self) -> None:
        self.run(BUDGET_S)
        if not self._jobs:
            self._timer.stop()
        self.sliced.emit()
