"""A clock that stands still until a test moves it, and one that runs on from the same noon."""

from __future__ import annotations

import time

# 2026-03-01 12:00:00 UTC
START_MS = 1_772_366_400_000


class FixedClock:
    """Satisfies `base.clock.Clock`; time passes only by `advance`."""

    def __init__(self, start_ms: int = START_MS) -> None:
        self._now_ms = start_ms
        self._monotonic = 1000.0

    def now_ms(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        return self._now_ms

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back."""
        return self._monotonic

    def advance(self, ms: int) -> None:
        """Let `ms` milliseconds pass."""
        self._now_ms += ms
        self._monotonic += ms / 1000


class RunningClock:
    """Satisfies `base.clock.Clock`; it is noon when it is made, hours from the midnight that makes "Today" wrong."""

    def __init__(self, start_ms: int = START_MS) -> None:
        self._start_ms = start_ms
        self._begun = time.perf_counter()

    def now_ms(self) -> int:
        """Return milliseconds since 1970-01-01 UTC."""
        return self._start_ms + int((self.monotonic() - self._begun) * 1000)

    def monotonic(self) -> float:
        """Return seconds on a clock that never goes back."""
        return time.perf_counter()
