"""The thread that writes and who hears of it, about store.writer, store.feed, store.changes and store.command."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field

import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.paths import DataFolder
from insomnia_desktop.store import Change, ChangeSet, Origin, Store
from insomnia_desktop.store.commands import CommandContext
from insomnia_desktop.store.commands.settings import SetLocal, SetSetting
from insomnia_desktop.store.queries.settings import settings
from tests.support.clock import FixedClock
from tests.support.desk import WINDOW, Desk
from tests.support.logfail import LogGuard


@dataclass(frozen=True)
class _Gate:
    """Keeps the writer busy until it is opened."""

    opened: threading.Event = field(default_factory=threading.Event)
    reached: threading.Event = field(default_factory=threading.Event)

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        self.reached.set()
        assert self.opened.wait(10)
        return []


@dataclass(frozen=True)
class _Fails:
    error: BaseException

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        SetSetting("half", context.number).run(connection, context)
        raise self.error


def test_urgent_commands_go_first_each_kind_in_its_order(desk: Desk) -> None:
    heard: list[ChangeSet] = []
    desk.store.subscribe(heard.append)
    gate = _Gate()
    desk.store.submit(gate, origin=WINDOW)
    assert gate.reached.wait(10)
    futures: list[Future[ChangeSet]] = []
    for key, urgent in (("p1", False), ("u1", True), ("p2", False), ("u2", True)):
        futures.append(desk.store.submit(SetSetting(key, 1), origin=WINDOW, urgent=urgent))
    gate.opened.set()
    for future in futures:
        future.result(10)
    assert [change_set.changes[0].id for change_set in heard] == ["u1", "u2", "p1", "p2"]
    assert [each.number for each in heard] == sorted(each.number for each in heard)


def test_a_change_set_carries_its_origin_and_a_rising_number(desk: Desk) -> None:
    first = desk.run(SetSetting("a", 1), origin=Origin("import", 7))
    second = desk.run(SetSetting("a", 2))
    assert first.origin == Origin("import", 7)
    assert second.number == first.number + 1


def test_a_command_that_fails_leaves_nothing_and_the_writer_goes_on(desk: Desk) -> None:
    heard: list[ChangeSet] = []
    desk.store.subscribe(heard.append)
    before = desk.run(SetSetting("a", 1)).number
    for error in (
        KnownError("document.cycle"),
        ValueError("a mistake"),
        sqlite3.IntegrityError("another"),
        SystemExit(),
    ):
        with pytest.raises(type(error)):
            desk.run(_Fails(error))
    assert settings(desk.store.reader()) == {"a": 1}
    assert desk.run(SetSetting("b", 1)).number == before + 1
    assert [change_set.changes[0].id for change_set in heard] == ["a", "b"]


def test_a_subscriber_that_fails_is_logged_and_the_others_hear(desk: Desk, log_guard: LogGuard) -> None:
    heard: list[ChangeSet] = []

    def fails(change_set: ChangeSet) -> None:
        raise ValueError("from a subscriber")

    end = desk.store.subscribe(fails)
    desk.store.subscribe(heard.append)
    with log_guard.expect("A subscriber failed"):
        assert desk.run(SetSetting("a", 1)).changes
    assert len(heard) == 1
    end()
    desk.run(SetSetting("a", 2))
    assert len(heard) == 2


def test_subscribers_hear_before_the_future_is_done_and_on_the_writer_thread(desk: Desk) -> None:
    seen: list[tuple[str, bool]] = []
    gate = _Gate()
    desk.store.submit(gate, origin=WINDOW)
    future = desk.store.submit(SetSetting("a", 1), origin=WINDOW)
    desk.store.subscribe(lambda _: seen.append((threading.current_thread().name, future.done())))
    gate.opened.set()
    future.result(10)
    assert seen == [("store-writer", False)]


def test_a_cancelled_write_is_not_done(desk: Desk) -> None:
    gate = _Gate()
    desk.store.submit(gate, origin=WINDOW)
    assert gate.reached.wait(10)
    future = desk.store.submit(SetSetting("a", 1), origin=WINDOW)
    assert future.cancel()
    gate.opened.set()
    desk.run(SetSetting("b", 1))
    assert settings(desk.store.reader()) == {"b": 1}


def test_closing_commits_what_waits(data_folder: DataFolder) -> None:
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    gate = _Gate()
    store.submit(gate, origin=WINDOW)
    futures = [store.submit(SetSetting(str(n), n), origin=WINDOW, urgent=n % 2 == 0) for n in range(50)]
    gate.opened.set()
    store.close()
    assert all(future.done() for future in futures)
    store = Store.open(data_folder, clock=FixedClock(), care_after_s=3600)
    assert len(settings(store.reader())) == 50
    store.close()


def test_a_write_that_nobody_needs_to_hear_of_has_no_number(desk: Desk) -> None:
    before = desk.run(SetSetting("a", 1)).number
    assert desk.run(SetLocal("w", 1)) == ChangeSet(0, WINDOW, ())
    assert desk.run(SetSetting("a", 2)).number == before + 1


def test_the_log_goes_into_the_file_when_it_is_long(desk: Desk, data_folder: DataFolder) -> None:
    log = data_folder.root / "store.sqlite-wal"
    for number in range(40):
        desk.run(SetLocal(f"big {number}", "x" * 4_000_000))
    sizes = log.stat().st_size
    # Written as a whole it would be 160 MB.
    assert sizes < 140_000_000
    assert data_folder.store_file.stat().st_size > 20_000_000
