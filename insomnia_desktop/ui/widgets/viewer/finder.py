"""One search in a body: what was found, which hit is the current one, and how far it has come."""

from __future__ import annotations

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.ui.widgets.viewer.body import Body
from insomnia_desktop.ui.widgets.viewer.hits import Hits
from insomnia_desktop.ui.widgets.viewer.patterns import PcreMatcher
from insomnia_desktop.ui.widgets.viewer.scans import PatternScan, Scan, plain_scan


class Finder:
    """Searches step by step; the current hit is the first one at or behind `origin`, or the first of all."""

    def __init__(self, body: Body, *, text: str, case: bool, regex: bool, origin: int) -> None:
        """Prepare; raises KnownError `viewer.pattern_invalid`."""
        self.hits = Hits()
        self.failure: KnownError | None = None
        self.done = False
        self.current: int | None = None
        self._size = max(body.rows.size, 1)
        self._origin = origin
        self._wants_next = False
        rows = body.rows
        self._scan: Scan = (
            PatternScan(rows, self.hits, PcreMatcher(text, case=case))
            if regex
            else plain_scan(rows, self.hits, text=text, case=case)
        )

    @property
    def percent(self) -> int:
        """Return how much of the body was searched."""
        return 100 if self.done else min(self._scan.position * 100 // self._size, 99)

    @property
    def full(self) -> bool:
        """Say whether the search stopped because there are too many hits."""
        return self.hits.full

    def step(self) -> bool:
        """Search one piece on; True when it is over, by the end, by too many hits or by a failure."""
        try:
            self.done = self._scan.step()
        except KnownError as error:
            self.failure = error
            self.done = True
        self._choose()
        return self.done

    def move(self, *, forward: bool) -> None:
        """Make the next or previous hit the current one, around the ends; a next one not found yet is awaited."""
        if not len(self.hits) or self.current is None:
            return
        if forward and self.current == len(self.hits) - 1 and not self.done:
            self._wants_next = True
            return
        self._wants_next = False
        self.current = (self.current + (1 if forward else -1)) % len(self.hits)

    def _choose(self) -> None:
        if self.current is None:
            self.current = self.hits.first_from(self._origin)
            if self.current is None and self.done and len(self.hits):
                self.current = 0
        elif self._wants_next and (self.current + 1 < len(self.hits) or self.done):
            self._wants_next = False
            self.current = (self.current + 1) % len(self.hits)
