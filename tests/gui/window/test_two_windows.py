"""Two real windows, their real services and one real sync server: what one writes appears in the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from insomnia_desktop.ui.bridge.bridge import Bridge
from insomnia_desktop.ui.bridge.feed_adapter import FeedAdapter
from insomnia_desktop.ui.panes.sync.conflict_page import ConflictPage
from insomnia_desktop.ui.panes.sync.history_page import HistoryPage
from insomnia_desktop.ui.panes.sync.server_tab import ServerTab
from insomnia_desktop.ui.panes.sync.sync_panel import SyncPanel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.window.main_window import MainWindow
from tests.support.clock import RunningClock
from tests.support.sync_programs import Program, programs, quick_derivation
from tests.support.sync_server import sync_server

PATIENCE_MS = 30_000


class Seat:
    """One person's computer: a program and its window."""

    def __init__(self, program: Program, qtbot: QtBot) -> None:
        self.program = program
        self.qtbot = qtbot
        self.bridge = Bridge()
        self.feed = FeedAdapter(program.services, self.bridge)
        self.session = UiSession(program.services, self.bridge, self.feed, program.clock, 1)
        self.window = MainWindow(self.session)
        self.window.show()

    def until(self, fact: object) -> None:
        """Let the windows live until something is so."""
        self.qtbot.waitUntil(fact, timeout=PATIENCE_MS)  # type: ignore[arg-type]

    def names(self) -> list[str]:
        """Return the names in the tree."""
        model = self.window.sidebar.view_model.model
        return [model.index(row, 0).data() for row in range(model.rowCount())]

    def state(self) -> str:
        """Return the word of the footer."""
        return self.window.sidebar.sync_status.text()

    def press(self, name: str) -> None:
        """Click the visible button of a name."""
        self.until(lambda: any(each.isVisible() and each.isEnabled() for each in self._buttons(name)))
        next(each for each in self._buttons(name) if each.isVisible()).click()

    def _buttons(self, name: str) -> list[QAbstractButton]:
        return self.window.findChildren(QAbstractButton, name)

    def close(self) -> None:
        """Close the window and what it was given."""
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.feed.close()
        self.bridge.close()


@pytest.fixture
def seats(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Seat, Seat]]:
    """Two computers of one account with the workspace "Shop" in both windows."""
    with ExitStack() as stack:
        stack.enter_context(quick_derivation())
        clock = RunningClock()
        server = stack.enter_context(sync_server(tmp_path / "server.sqlite", clock, registration="open"))
        start = stack.enter_context(programs(tmp_path, clock))
        first, second = start(), start()
        workspace_id = first.desk.workspace("Shop")
        first.desk.request(workspace_id, "List orders", url="https://example.com")
        first.create_account(server.address)
        second.sign_in(server.address)
        for program in (first, second):
            program.wait(program.syncing.sync_once())
        seats = []
        for program in (first, second):
            seat = Seat(program, qtbot)
            stack.callback(seat.close)
            seat.window.workspace.use_workspace(workspace_id)
            program.syncing.start()
            seats.append(seat)
        for seat in seats:
            seat.until(lambda seat=seat: seat.state() == "Up to date" and seat.names() == ["List orders"])
        yield seats[0], seats[1]


def test_an_edit_here_appears_there_and_is_backed_up(seats: tuple[Seat, Seat]) -> None:
    here, there = seats
    request_id = here.window.sidebar.view_model.model.index(0, 0).data(256)
    here.window.sidebar.view_model.rename(request_id, "List all orders")
    there.until(lambda: there.names() == ["List all orders"])
    here.until(lambda: here.state() == "Up to date")
    here.press("backupNowButton")
    here.until(lambda: here.window.toast.text().endswith("items, verified."))
    here.window.sync.open_panel()
    panel = here.window.panes.page()
    assert isinstance(panel, SyncPanel)
    figure = panel.findChild(QLabel, "lastBackup")
    assert figure is not None
    assert figure.text().startswith("Today, ")


def test_a_version_is_brought_back_from_the_history(seats: tuple[Seat, Seat]) -> None:
    here, there = seats
    request_id = here.window.sidebar.view_model.model.index(0, 0).data(256)
    here.program.desk.set(request_id, url="https://changed.example")
    here.until(lambda: here.state() == "Up to date" and here.program.syncing.status().pending == 0)
    there.until(lambda: there.program.desk.fields(request_id)["url"] == "https://changed.example")
    here.window.sync.open_history(request_id)
    page = here.window.panes.page()
    assert isinstance(page, HistoryPage)
    here.until(page.differences.isVisible)
    assert page.differences.as_text() == "Address\n- https://example.com\n+ https://changed.example"
    here.press("restoreVersionButton")
    there.until(lambda: there.program.desk.fields(request_id)["url"] == "https://example.com")


def test_both_sides_of_a_conflict_and_the_choice(seats: tuple[Seat, Seat]) -> None:
    here, there = seats
    request_id = here.window.sidebar.view_model.model.index(0, 0).data(256)
    there.program.syncing._runner.stop(0.0, flush=False)  # as if its network were gone
    there.program.desk.set(request_id, name="Theirs", url="https://theirs.example")
    here.program.desk.set(request_id, name="Mine", url="https://mine.example")
    here.until(lambda: here.program.syncing.status().pending == 0)
    there.program.syncing.start()
    there.until(lambda: there.state() == "Needs attention")
    there.window.sync.open_conflict(request_id)
    page = there.window.panes.page()
    assert isinstance(page, ConflictPage)
    assert {row.accessibleName() for row in page.rows} == {"Name", "Address"}
    there.press("keepBothButton")
    there.until(lambda: there.names() == ["Theirs", "Mine"])
    here.until(lambda: here.names() == ["Theirs", "Mine"])
    copy_id = here.window.sidebar.view_model.model.index(1, 0).data(256)
    assert here.program.desk.fields(copy_id)["url"] == "https://mine.example"


def test_the_server_holds_nothing_in_plain(seats: tuple[Seat, Seat]) -> None:
    here, _ = seats
    here.window.sync.open_panel("server")
    panel = here.window.panes.page()
    assert isinstance(panel, SyncPanel)
    tab = panel.page("server")
    assert isinstance(tab, ServerTab)
    here.until(tab.table.isVisible)
    rows = [row.thing for row in tab.table.rows_model.rows()]
    assert any("List orders (request)" in row.texts for row in tab.table.rows_model.rows())
    assert not any(b"List orders" in row.envelope or b"example.com" in row.envelope for row in rows)
    here.until(lambda: len(tab._key.text().replace(" ", "")) >= 32)
    here.until(lambda: ", since " in tab._bytes_words.text())
