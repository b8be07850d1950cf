"""Whether a pull gets anywhere: an honest one does, however long it is; pages without end bring nothing new to read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from insomnia_desktop.sync.endings import MakesNoSense
from insomnia_desktop.sync.envelopes import Opened

MOST_FRUITLESS_PAGES: Final = 20
_UNREADABLE: Final = ("undecryptable", "malformed")


class PullProgress:
    """Counts the pages of a pull in which nothing can be read that did not come before.

    Only who has the keys makes rows that can be read, so their number has an end, and so has that of the pages.
    """

    def __init__(self) -> None:
        self._came: set[str] = set()
        self._is_fruitful = False
        self._fruitless = 0

    def begin_anew(self) -> None:
        """Note that everything is pulled once more."""
        self._came.clear()

    def rows(self, opened: Iterable[Opened]) -> None:
        """Note rows of a page."""
        fresh = {each.row.id for each in opened if each.read not in _UNREADABLE} - self._came
        self._came |= fresh
        self._is_fruitful = self._is_fruitful or bool(fresh)

    def page_ends(self, *, more: bool) -> None:
        """Note that a page is over; raises MakesNoSense where another one comes, as it did too often for nothing."""
        self._fruitless += more and not self._is_fruitful
        self._is_fruitful = False
        if self._fruitless > MOST_FRUITLESS_PAGES:
            raise MakesNoSense
