"""Measures the window at work: opening a large tree, one keystroke in the filter, what an autosave takes of the GUI."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from insomnia_desktop.app.main import TURN
from insomnia_desktop.base.clock import SystemClock
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.ui.panes.sidebar.sidebar import Sidebar
from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.viewmodels.request_view_model import RequestViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from tests.performance.row import Row, at_most
from tests.support.filled_store import fill
from tests.support.ui_session import open_session

_WIDTH, _HEIGHT = 256, 800
_OPENINGS = 5
_SAVES = 1000
_TYPED = ("order", "payment 77", "get vou", "{{ base", "zzzz")


def rows() -> Iterator[Row]:
    """Yield the figures, the large tree last."""
    application = QApplication.instance() or QApplication([])
    sys.setswitchinterval(TURN)
    switch().choose("dark")
    with _filled(10_000) as session:
        yield _filter(session)
        yield _autosave(session)
    with _filled(100_000) as session:
        yield _tree(session)
    application.processEvents()


@contextmanager
def _filled(requests: int) -> Iterator[UiSession]:
    clock = SystemClock()
    with tempfile.TemporaryDirectory() as temporary:
        folder = DataFolder(Path(temporary))
        fill(folder, requests, clock=clock)
        with open_session(folder, clock) as session:
            yield session


def _tree(session: UiSession) -> Row:
    """From the first question to the store to the first picture of the sidebar."""
    workspace = WorkspaceViewModel(session)
    taken = []
    for _ in range(_OPENINGS):
        image = _picture()
        begun = time.perf_counter()
        sidebar = Sidebar(session, workspace)
        sidebar.resize(_WIDTH, _HEIGHT)
        sidebar.show()
        sidebar.render(image)
        taken.append((time.perf_counter() - begun) * 1000)
        assert sidebar.tree.model().rowCount() == 5000
        _close(sidebar)
    return at_most("tree of 100,000: open", 300, statistics.median(taken), "ms", f"slowest {max(taken):.0f} ms")


def _filter(session: UiSession) -> Row:
    """One more letter in the filter: what matches is found, and what is seen of it is drawn."""
    sidebar = Sidebar(session, WorkspaceViewModel(session))
    sidebar.resize(_WIDTH, _HEIGHT)
    sidebar.show()
    image = _picture()
    sidebar.render(image)
    taken = []
    for text in _TYPED:
        for length in range(1, len(text) + 1):
            begun = time.perf_counter()
            sidebar.view_model.set_filter(text[:length])
            sidebar.tree.render(image)
            taken.append((time.perf_counter() - begun) * 1000)
        sidebar.view_model.set_filter("")
        sidebar.tree.render(image)
    _close(sidebar)
    note = f"slowest {max(taken):.1f} ms, the first letter of a word"
    return at_most("sidebar filter, one keystroke at 10,000", 10, statistics.median(taken), "ms", note)


def _autosave(session: UiSession) -> Row:
    """What writing down one typed letter takes of the GUI thread; the commit itself is done on another."""
    workspace = WorkspaceViewModel(session)
    tree = session.services.documents.tree(workspace.workspace_id)
    workspace.open_request(next(row.id for row in tree if row.kind == "request"))
    model = RequestViewModel(session, workspace)
    request = model.request
    assert request is not None
    taken, worked = [], []
    for number in range(_SAVES):
        model.set_url(f"{request.url}/{number}")
        begun, before = time.perf_counter(), time.thread_time()
        future = model.flush()
        taken.append((time.perf_counter() - begun) * 1000)
        worked.append((time.thread_time() - before) * 1000)
        assert future is not None
        future.result()
        QCoreApplication.processEvents()
    model.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    note = f"p50 {statistics.median(taken):.3f} ms; of its own work p99 {_p99(worked):.3f} ms, the rest it waited"
    return at_most("autosave of one edit, GUI thread time, p99", 0.1, _p99(taken), "ms", note)


def _p99(taken: list[float]) -> float:
    return sorted(taken)[round(len(taken) * 0.99) - 1]


def _picture() -> QImage:
    return QImage(_WIDTH, _HEIGHT, QImage.Format.Format_RGB32)


def _close(sidebar: Sidebar) -> None:
    sidebar.close()
    sidebar.deleteLater()
    QCoreApplication.processEvents()
