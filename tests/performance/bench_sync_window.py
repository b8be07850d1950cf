"""Measures a window whose account is synced: how soon it shows an edit made elsewhere, and how it stays alive."""

from __future__ import annotations

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtWidgets import QApplication

from insomnia_desktop.app import container
from insomnia_desktop.app.main import TURN
from insomnia_desktop.app.window_start import RunningWindow, make_application
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.model import Edit
from insomnia_desktop.services.application import Services
from insomnia_desktop.services.sync_views import SyncState, SyncStatus
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands.documents import PatchDocument
from insomnia_desktop.sync import pacing
from tests.performance.heartbeat import Heartbeat
from tests.performance.load import load
from tests.performance.row import Row, at_most
from tests.performance.sync_programs import Place, finished, place, worked_note
from tests.support.account_desk import EMAIL, PASSWORD

_REQUESTS = 10_000
_EDITS, _EDITS_AT_ONCE = 5, 20
_P99_MS, _MOST_MS = 16, 50
_SETTLES_S = 2.0
_IDLE_S = 2.0


def rows() -> Iterator[Row]:
    """Show edits of another device, with the wait after typing and without it; then pull 10,000 requests."""
    application = make_application()
    sys.setswitchinterval(TURN)
    with tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as temporary, place(Path(temporary)) as at:
        yield from _edits(application, at)
    with tempfile.TemporaryDirectory(prefix="insomnia-desktop-bench-") as temporary, place(Path(temporary)) as at:
        yield from _pull(application, at, Path(temporary))


class _Window:
    """A window on a data folder of its own, signed in when that is asked for."""

    def __init__(self, application: QApplication, root: Path) -> None:
        folder = DataFolder(root / "window")
        folder.prepare()
        self.services = container.build(folder, SystemClock(), Origin("window", 1), key_file=root / "window.key")
        self.services.workspaces.ensure_one()
        self._application = application
        self._running = RunningWindow(self.services)
        self._running.show()
        gc.freeze()
        # What the program loads after its first picture belongs to the start.
        Heartbeat().during(None, _SETTLES_S)

    def sign_in(self, address: str) -> None:
        """Sign in; what the account has is pulled from then on."""
        self.services.accounts.sign_in(server=address, email=EMAIL, password=PASSWORD)

    def synced(self, items: int) -> Future[None]:
        """Return a future that is done once so many documents are here and nothing is left to do."""
        done: Future[None] = Future()

        def look(status: SyncStatus) -> None:
            if status.state == SyncState.UP_TO_DATE and not done.done() and self._items() >= items:
                done.set_result(None)

        self.services.syncing.subscribe(look)
        return done

    def shown(self, request_id: str, name: str) -> Future[float]:
        """Return a future with the moment at which a request has a name in the window, as far as its models go."""
        done: Future[float] = Future()

        def look(changes: ChangeSet) -> None:
            # Connected after those of the window, this comes after what they made of it.
            if any(change.id == request_id for change in changes.changes) and not done.done():
                row = self.services.documents.row(request_id)
                if row is not None and row.name == name:
                    done.set_result(time.perf_counter())

        self._running.feed.changed.connect(look)
        return done

    def close(self) -> None:
        """Close it as a person does."""
        self._running.window.close()
        self._running.stop()
        self._application.processEvents()
        gc.unfreeze()

    def _items(self) -> int:
        return sum(workspace.items for workspace in self.services.syncing.workspaces())


def _edits(application: QApplication, at: Place) -> Iterator[Row]:
    other = at.program("other", requests=20)
    finished(other.syncing.sync_once().future)
    other.syncing.start()
    window = _Window(application, at.root)
    everything = window.synced(20)
    window.sign_in(at.address)
    Heartbeat().during(everything)
    taken = _taken(other, window, _EDITS)
    note = f"the wait after typing is {pacing.DEBOUNCE} s of it; slowest {max(taken):.0f} ms; {load()}"
    yield at_most("one edit on A to shown on B", 3_000, statistics.median(taken), "ms", note)
    waits, pacing.DEBOUNCE = pacing.DEBOUNCE, 0.0  # type: ignore[misc]
    taken = _taken(other, window, _EDITS_AT_ONCE)
    pacing.DEBOUNCE = waits  # type: ignore[misc]
    note = f"fastest {min(taken):.0f} ms, slowest {max(taken):.0f} ms; {load()}"
    yield at_most("one edit on A to shown on B, sent at once", 300, statistics.median(taken), "ms", note)
    window.close()


def _taken(other: Services, window: _Window, edits: int) -> list[float]:
    workspace_id = other.workspaces.all()[0].id
    request_id = next(row.id for row in other.documents.tree(workspace_id) if row.kind == "request")
    taken = []
    for number in range(edits):
        name = f"Edited {number} of {edits}"
        shown = window.shown(request_id, name)
        began = time.perf_counter()
        other.store.submit(PatchDocument(request_id, (Edit(("name",), name),)), origin=Origin("window", 1))
        Heartbeat().during(shown)
        taken.append((shown.result() - began) * 1000)
        # The next one is another round.
        Heartbeat().during(None, 0.5)
    return taken


def _pull(application: QApplication, at: Place, root: Path) -> Iterator[Row]:
    other = at.program("other", requests=_REQUESTS)
    finished(other.syncing.sync_once().future)
    window = _Window(application, root)
    idle, busy = Heartbeat(), Heartbeat()
    idle.during(None, _IDLE_S)
    everything = window.synced(_REQUESTS)
    window.sign_in(at.address)
    own, server, began = time.process_time(), at.worked(), time.perf_counter()
    busy.during(everything)
    seconds = time.perf_counter() - began
    words = worked_note(time.process_time() - own, at.worked() - server)
    window.close()
    note = (
        f"sign-in and pull {seconds:.1f} s, {len(busy.late)} beats; "
        f"idle p99 {idle.p99():.1f} ms, max {max(idle.late):.0f} ms; {words}"
    )
    what = f"GUI heartbeat lateness while {_REQUESTS:,} resources are pulled"
    yield at_most(f"{what}, p99", _P99_MS, busy.p99(), "ms", note)
    yield at_most(f"{what}, max", _MOST_MS, max(busy.late), "ms", f"idle max {max(idle.late):.0f} ms")
