"""What a round has done so far, and how far it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(slots=True)
class Tally:
    """Counts of documents; `on_progress` is told of `done` out of `total`, which is what is known to be needed."""

    pushed: int = 0
    pulled: int = 0
    conflicts: int = 0
    quarantined: int = 0
    done: int = 0
    total: int = 0
    on_progress: Callable[[int, int], None] | None = None

    def expect(self, more: int) -> None:
        """Note that so many more are needed."""
        self.total += max(0, more)
        self._tell()

    def advance(self, more: int) -> None:
        """Note that so many more are done."""
        self.done += more
        self.total = max(self.total, self.done)
        self._tell()

    def _tell(self) -> None:
        if self.on_progress is not None:
            self.on_progress(self.done, self.total)
