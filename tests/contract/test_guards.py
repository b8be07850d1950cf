"""The guards of the tests do fail a test: on warnings, on what is left behind, on the network."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.support import dangling, logfail, no_network
from tests.support.clock import FixedClock

FAILED = pytest.fail.Exception


def test_a_warning_nobody_announced_fails(log_guard: logfail.LogGuard) -> None:
    logging.getLogger("some.room").warning("the disk is %s", "full")
    with pytest.raises(FAILED, match=r"WARNING some\.room: the disk is full"):
        logfail.check(log_guard)
    logfail.check(log_guard)


def test_an_announced_warning_passes_and_must_come(log_guard: logfail.LogGuard) -> None:
    with log_guard.expect("disk"):
        logging.getLogger("some.room").warning("the disk is full")
    logfail.check(log_guard)
    with pytest.raises(AssertionError, match="nothing was logged"), log_guard.expect("disk"):
        logging.getLogger("some.room").info("the disk is full")


def test_another_warning_beside_the_announced_one_fails(log_guard: logfail.LogGuard) -> None:
    with log_guard.expect("disk"):
        logging.getLogger("some.room").warning("the disk is full")
        logging.getLogger("some.room").error("the moon is full")
    with pytest.raises(FAILED, match="the moon is full"):
        logfail.check(log_guard)


def test_a_message_of_qt_fails_but_those_of_the_offscreen_platform_pass(log_guard: logfail.LogGuard) -> None:
    qWarning("This plugin does not support raise()")
    logfail.check(log_guard)
    qWarning("QLayout: cannot add a null widget")
    with pytest.raises(FAILED, match="null widget"):
        logfail.check(log_guard)


def test_a_thread_left_running_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dangling, "_THREAD_PATIENCE_S", 0.01)
    before, gate = dangling.Before(), threading.Event()
    thread = threading.Thread(target=gate.wait, name="left-alone")
    thread.start()
    with pytest.raises(FAILED, match="thread left-alone"):
        dangling.check(before)
    gate.set()
    dangling.check(before)


def test_a_pool_left_open_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dangling, "_THREAD_PATIENCE_S", 0.01)
    before = dangling.Before()
    pool = ThreadPoolExecutor(1, thread_name_prefix="pool-left")
    pool.submit(len, "").result()
    with pytest.raises(FAILED, match="thread pool-left"):
        dangling.check(before)
    pool.shutdown()


def test_a_task_left_pending_fails() -> None:
    before = dangling.Before()
    loop = asyncio.new_event_loop()
    task = loop.create_task(asyncio.Event().wait())
    loop.run_until_complete(_one_turn())
    with pytest.raises(FAILED, match="loop task"):
        dangling.check(before)
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()
    dangling.check(before)


def test_a_timer_left_running_fails(qapp: QApplication) -> None:
    before = dangling.Before()
    timer = QTimer(qapp)
    timer.setObjectName("autosave")
    timer.start(60_000)
    with pytest.raises(FAILED, match="timer QTimer 'autosave' of QApplication"):
        dangling.check(before)
    timer.stop()
    dangling.check(before)
    timer.deleteLater()


def test_a_widget_left_alive_fails(qtbot: QtBot) -> None:
    before = dangling.Before()
    label = QLabel("left")
    label.setObjectName("left")
    with pytest.raises(FAILED, match="top-level widget QLabel 'left'"):
        dangling.check(before)
    label.deleteLater()
    dangling.check(before)


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)])
def test_a_socket_beyond_this_computer_fails_even_when_the_refusal_is_swallowed(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(no_network.NetworkRefused):
        connection.connect(address)
    with pytest.raises(FAILED, match=address[0]):
        no_network.check()


def test_no_name_is_looked_up_outside() -> None:
    with pytest.raises(no_network.NetworkRefused):
        socket.getaddrinfo("www.example.com", 443)
    with pytest.raises(FAILED, match=r"www\.example\.com"):
        no_network.check()


def test_a_name_that_never_exists_is_unknown_without_asking() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("nowhere.invalid", 443)
    no_network.check()


def test_the_loopback_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as connection:
        connection.connect(("localhost", server.getsockname()[1]))
    no_network.check()


def test_the_clock_moves_only_by_hand() -> None:
    clock = FixedClock(1_000)
    before = clock.monotonic()
    assert clock.now_ms() == clock.now_ms() == 1_000
    clock.advance(1_500)
    assert clock.now_ms() == 2_500
    assert clock.monotonic() - before == pytest.approx(1.5)


async def _one_turn() -> None:
    return None
