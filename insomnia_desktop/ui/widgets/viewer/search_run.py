"""The search of the viewer as Qt sees it: run in slices, reported at most twenty times a second."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Signal

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.ui.widgets.viewer.body import Body
from insomnia_desktop.ui.widgets.viewer.finder import Finder
from insomnia_desktop.ui.widgets.viewer.hits import MOST_HITS, Hits
from insomnia_desktop.ui.widgets.viewer.slices import Slices

_REPORT_MS = 50
# A small body is searched before the first report, so that no half result flashes up.
_FIRST_SLICE_S = 0.003
_NO_HITS = Hits()


class SearchRun(QObject):
    """At most one search at a time.

    Signals:
        progressed(int, int, int): number of the current hit (from 1, 0 for none yet), hits so far, per cent searched.
        failed(str): why the pattern cannot be used, as a sentence.
        limited(int): the search stopped at so many hits.
        reached(object): begin and end, in code units, of a hit that became the current one.
    """

    progressed = Signal(int, int, int)
    failed = Signal(str)
    limited = Signal(int)
    reached = Signal(object)

    def __init__(self, parent: QObject, slices: Slices) -> None:
        """Search nothing yet."""
        super().__init__(parent)
        self._slices = slices
        self._finder: Finder | None = None
        self._reached: int | None = None
        self._over = False
        self._since_report = QElapsedTimer()
        self._since_report.start()
        slices.sliced.connect(self._on_sliced)

    @property
    def hits(self) -> Hits:
        """Return what was found so far."""
        return self._finder.hits if self._finder is not None else _NO_HITS

    @property
    def current(self) -> int | None:
        """Return the number (from 0) of the current hit."""
        return self._finder.current if self._finder is not None else None

    @property
    def active(self) -> bool:
        """Say whether something is looked for, or was found and still shows."""
        return self._finder is not None

    def start(self, body: Body, text: str, *, case: bool, regex: bool, origin: int) -> None:
        """Search a body anew."""
        self._forget()
        try:
            self._finder = Finder(body, text=text, case=case, regex=regex, origin=origin)
        except KnownError as error:
            self.progressed.emit(0, 0, 100)
            self.failed.emit(self._sentence(error))
            return
        self._over = False
        self._slices.add(self._finder.step)
        self._slices.run(_FIRST_SLICE_S)
        self._report()

    def stop(self) -> None:
        """End the search, forget its hits and tell so."""
        if self._finder is not None:
            self._forget()
            self.progressed.emit(0, 0, 100)

    def move(self, *, forward: bool) -> None:
        """Go to the next or previous hit, around the ends; the only hit is shown anew."""
        if self._finder is not None:
            self._finder.move(forward=forward)
            self._reached = None
            self._report()

    def _forget(self) -> None:
        if self._finder is not None:
            self._slices.remove(self._finder.step)
        self._finder = None
        self._reached = None

    def _on_sliced(self) -> None:
        finder = self._finder
        if finder is not None and not self._over and (finder.done or self._since_report.hasExpired(_REPORT_MS)):
            self._report()

    def _report(self) -> None:
        finder = self._finder
        if finder is None:
            return
        self._since_report.restart()
        if finder.current is not None and finder.current != self._reached:
            self._reached = finder.current
            self.reached.emit(finder.hits[finder.current])
        number = 0 if finder.current is None else finder.current + 1
        self.progressed.emit(number, len(finder.hits), finder.percent)
        if finder.done and not self._over:
            self._over = True
            if finder.failure is not None:
                self.failed.emit(self._sentence(finder.failure))
            elif finder.full:
                self.limited.emit(MOST_HITS)

    def _sentence(self, error: KnownError) -> str:
        if error.code == "viewer.pattern_invalid":
            place = error.params["place"]
            return self.tr("The pattern is not valid at character {0}: {1}.").format(place, error.params["reason"])
        return self.tr("The pattern takes too long for a line of this text; make it more exact.")
