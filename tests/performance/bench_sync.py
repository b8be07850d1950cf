"""Measures sync of programs with a server process: rounds with nothing, with one change, and with 10,000 requests."""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from insomnia_desktop.app.main import TURN
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.model import Edit
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import Origin
from insomnia_desktop.store.commands.documents import PatchDocument
from insomnia_desktop.sync.rounds import RoundOutcome, Rounds
from insomnia_desktop.sync.session import Exchange, SyncSession, open_session
from insomnia_desktop.ui.bridge.bridge import Bridge
from insomnia_desktop.ui.bridge.feed_adapter import FeedAdapter
from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.performance import anki_server
from tests.performance.load import load
from tests.performance.row import Row, at_most
from tests.performance.sync_programs import Counter, Place, finished, place, worked_note

_REQUESTS = 10_000
# Of a request as `filled_store` makes it, as JSON.
_CHARACTERS = 1_080
# With the changes after them fewer than a session may ask for at once.
_NO_OPS = 120
_CHANGES = 100
_ACCOUNTS = 5
_WIDTH, _HEIGHT = 256, 800


def rows() -> Iterator[Row]:
    """Measure rounds with little in a small account, then the first ones of 10,000 requests."""
    application = QApplication.instance() or QApplication([])
    sys.setswitchinterval(TURN)
    switch().choose("dark")
    anki = anki_server.measured(_REQUESTS, _CHARACTERS)
    with tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as temporary, place(Path(temporary)) as at:
        yield from _small(at, anki)
    with tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as temporary:
        yield from _large(Path(temporary), anki)
    application.processEvents()


class _Device:
    """A signed-in program whose rounds are run by hand, as its background runs them."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self.exchanges: list[Exchange] = []
        self._rounds = Rounds(services.store)
        self._session: SyncSession = self._run(self._open())

    def round(self, *, edited: bool = False) -> tuple[RoundOutcome, float]:
        """Run a round; returns its outcome and its milliseconds on the worker."""

        async def timed() -> tuple[RoundOutcome, float]:
            began = time.perf_counter()
            outcome = await self._rounds.run(self._session, choose_all=True, edited=edited)
            return outcome, (time.perf_counter() - began) * 1000

        result: tuple[RoundOutcome, float] = self._run(timed())
        return result

    def change(self, request_id: str, number: int) -> float:
        """Edit a request and return the milliseconds until the server has acknowledged it."""
        command = PatchDocument(request_id, (Edit(("url",), f"https://example.test/{number}"),))
        began = time.perf_counter()
        finished(self.services.store.submit(command, origin=Origin("window", 1)))
        outcome, _ = self.round(edited=True)
        taken = (time.perf_counter() - began) * 1000
        assert outcome.tally.pushed == 1
        return taken

    def close(self) -> None:
        """Close the connection."""
        self._run(self._session.api.close())

    async def _open(self) -> SyncSession:
        access = await self.services.accounts.sessions.access()
        return open_session(access.address, access.token, access.account_id, access.account_key, self.exchanges.append)

    def _run(self, coroutine: Any) -> Any:
        future: Future[Any] = self.services.sync_loop.submit(coroutine)
        return finished(future)


def _small(at: Place, anki: dict[str, float] | None) -> Iterator[Row]:
    """Time on a connection of its own; bytes on one that is counted."""
    device = _Device(at.program("a", requests=100))
    request_id = _a_request(device.services)
    device.round()
    device.round()
    taken = [device.round()[1] for _ in range(_NO_OPS)]
    device.exchanges.clear()
    device.round()
    requests = len(device.exchanges)
    yield at_most("no-op sync: requests", 1, requests, "requests")
    note = f"{_spread(taken)}; {load()}; {anki_server.beside(anki, 'no_op')}"
    yield at_most("no-op sync, loopback", 2, statistics.median(taken), "ms", note)
    taken = [device.change(request_id, number) for number in range(_CHANGES)]
    device.exchanges.clear()
    device.change(request_id, _CHANGES)
    requests = len(device.exchanges)
    device.close()
    counter = Counter(at.address)
    counted = _Device(at.program("b", address=counter.address))
    counted.round()
    counted.round()
    counter.reset()
    counted.round()
    yield at_most("no-op sync: bytes, both ways", 400, counter.up + counter.down, "bytes", _ways(counter))
    counter.reset()
    counted.change(request_id, _CHANGES + 1)
    size = counter.up + counter.down
    words = _ways(counter)
    counted.close()
    counter.close()
    yield at_most("one changed request: requests", 1, requests, "requests")
    note = f"{_spread(taken)}; {load()}; {anki_server.beside(anki, 'one_change')}"
    yield at_most("one changed request, edit to acknowledged", 6, statistics.median(taken), "ms", note)
    yield at_most("one changed request: bytes, both ways", 3_000, size, "bytes", words)


def _large(root: Path, anki: dict[str, float] | None) -> Iterator[Row]:
    """Some accounts one after another: a single time says more of the machine's moment than of the program."""
    backups, pulls, words = [], [], {}
    for number in range(_ACCOUNTS):
        with place(root / str(number)) as at:
            _warm(at)
            first, second = _Device(at.program("a", requests=_REQUESTS)), _Device(at.program("b"))
            # As the program does once its window is there.
            gc.freeze()
            outcome, taken, words["up"] = _measured(at, first)
            assert outcome.tally.pushed > _REQUESTS
            backups.append(taken)
            began = time.perf_counter()
            outcome, pulled, words["down"] = _measured(at, second)
            shown = _show(second.services, began)
            pulls.append(shown)
            words["down"] += f"; the tree {shown - pulled:,.0f} ms of it"
            gc.unfreeze()
            first.close()
            second.close()
    note = f"{_each(backups)}; the last: {words['up']}; {anki_server.beside(anki, 'first_up')}"
    what = f"first backup of {_REQUESTS:,} requests: encrypt, push, stored"
    yield at_most(what, 1_500, statistics.median(backups), "ms", note)
    note = f"{_each(pulls)}; the last: {words['down']}; {anki_server.beside(anki, 'first_down')}"
    what = f"second device, {_REQUESTS:,} requests: pull, decrypt, stored, tree shown"
    yield at_most(what, 1_500, statistics.median(pulls), "ms", note)


def _warm(at: Place) -> None:
    """Load what is loaded with the first round ever: the program has loaded it by then."""
    warm = _Device(at.program("warm"))
    warm.round()
    warm.close()


def _measured(at: Place, device: _Device) -> tuple[RoundOutcome, float, str]:
    """Run a whole round; returns its outcome, its milliseconds, and what it took of the processor."""
    own, server, began = time.process_time(), at.worked(), time.perf_counter()
    outcome, _ = device.round()
    taken = (time.perf_counter() - began) * 1000
    assert outcome.verified
    return outcome, taken, worked_note(time.process_time() - own, at.worked() - server)


def _each(taken: list[float]) -> str:
    return "each " + ", ".join(f"{one:,.0f}" for one in taken) + " ms"


def _show(services: Services, began: float) -> float:
    """Draw the sidebar of the workspace that came, and return the milliseconds since `began`."""
    session = _session(services)
    workspace = WorkspaceViewModel(session)
    workspace.use_workspace(services.workspaces.all()[-1].id)
    sidebar = Sidebar(session, workspace)
    sidebar.resize(_WIDTH, _HEIGHT)
    sidebar.show()
    sidebar.render(QImage(_WIDTH, _HEIGHT, QImage.Format.Format_RGB32))
    taken = (time.perf_counter() - began) * 1000
    assert sidebar.tree.model().rowCount() == _REQUESTS // 20
    sidebar.close()
    sidebar.deleteLater()
    session.feed.close()
    session.bridge.close()
    return taken


def _session(services: Services) -> UiSession:
    bridge = Bridge()
    return UiSession(services=services, bridge=bridge, feed=FeedAdapter(services, bridge), clock=SystemClock(), token=1)


def _a_request(services: Services) -> str:
    workspace_id = services.workspaces.all()[0].id
    return next(row.id for row in services.documents.tree(workspace_id) if row.kind == "request")


def _ways(counter: Counter) -> str:
    return f"{counter.up:,} up, {counter.down:,} down, heads and bodies"


def _spread(taken: list[float]) -> str:
    ordered = sorted(taken)
    return f"fastest {ordered[0]:.2f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.2f} ms"
