"""From other threads to the GUI thread: insomnia_desktop.ui.bridge.bridge, insomnia_desktop.ui.bridge.feed_adapter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.bridge.bridge import Bridge
from insomnia_desktop.ui.bridge.feed_adapter import FeedAdapter
from insomnia_desktop.ui.viewmodels.session import UiSession


@pytest.fixture
def bridge(qapp: object) -> Bridge:
    return Bridge()


def test_posts_run_on_the_gui_thread_in_order(bridge: Bridge, qtbot: QtBot) -> None:
    seen: list[tuple[int, bool]] = []

    def post_many() -> None:
        for number in range(1000):
            bridge.post(
                lambda number=number: seen.append((number, threading.current_thread() is threading.main_thread()))
            )

    with ThreadPoolExecutor(1) as pool:
        pool.submit(post_many).result()
    qtbot.waitUntil(lambda: len(seen) == 1000)
    assert seen == [(number, True) for number in range(1000)]


def test_results_and_known_errors_are_delivered(bridge: Bridge, qtbot: QtBot) -> None:
    done: list[object] = []
    failed: list[AppError] = []
    general: list[AppError] = []
    bridge.failed.connect(general.append)
    good: Future[int] = Future()
    bad: Future[int] = Future()
    bridge.watch(good, done.append)
    bridge.watch(bad, done.append, failed.append)
    bridge.watch(bad, done.append)
    good.set_result(7)
    bad.set_exception(KnownError("store.disk_full"))
    qtbot.waitUntil(lambda: bool(general))
    assert done == [7]
    assert [error.code for error in failed] == ["store.disk_full"]
    assert [error.code for error in general] == ["store.disk_full"]


def test_cancelled_ownerless_and_late_results_are_dropped(bridge: Bridge, qtbot: QtBot) -> None:
    seen: list[object] = []
    cancelled: Future[int] = Future()
    bridge.watch(cancelled, seen.append)
    cancelled.cancel()
    owner = QObject()
    orphan: Future[int] = Future()
    bridge.watch(orphan, seen.append, owner=owner)
    import shiboken6

    shiboken6.delete(owner)
    orphan.set_result(1)
    marker: list[bool] = []
    bridge.post(lambda: marker.append(True))
    qtbot.waitUntil(lambda: bool(marker))
    bridge.close()
    bridge.post(lambda: seen.append("late"))
    qtbot.wait(1)
    assert seen == []


def test_a_bug_is_raised_on_the_gui_thread(bridge: Bridge, qtbot: QtBot) -> None:
    broken: Future[int] = Future()
    bridge.watch(broken, lambda _: None)
    with qtbot.captureExceptions() as exceptions:
        broken.set_exception(ZeroDivisionError())
        qtbot.waitUntil(lambda: bool(exceptions))
    assert exceptions[0][0] is ZeroDivisionError


class _LostDisk:
    """Services whose store cannot be read for a while; the one thing that a feed asks them."""

    def __init__(self) -> None:
        self.looks: list[AppError | None] = []

    def subscribe(self, callback: object) -> Callable[[], None]:
        return lambda: None

    def external_changes(self) -> None:
        error = self.looks.pop(0)
        if error is not None:
            raise error


def test_a_store_that_cannot_be_read_for_a_while_is_told_once(bridge: Bridge, qtbot: QtBot) -> None:
    services = _LostDisk()
    told: list[str] = []

    def note(error: AppError) -> None:
        told.append(error.code)

    bridge.failed.connect(note)
    feed = FeedAdapter(services, bridge)  # type: ignore[arg-type]
    lost = KnownError("store.io_error")
    services.looks = [lost, lost, KnownError("store.busy"), None, lost]
    while services.looks:
        feed._poll()
    feed.close()
    assert told == ["store.io_error", "store.busy", "store.io_error"]


def test_the_feed_brings_commits_in_order(session: UiSession, qtbot: QtBot) -> None:
    workspace_id = session.services.workspaces.ensure_one()
    seen: list[ChangeSet] = []
    session.feed.changed.connect(seen.append)
    for number in range(5):
        session.services.documents.create_request(workspace_id, None, name=f"r{number}")
    qtbot.waitUntil(lambda: len([s for s in seen if s.changes and s.changes[0].kind == "request"]) == 5)
    numbers = [change_set.number for change_set in seen]
    assert numbers == sorted(numbers)
