"""Fails a test that leaves a thread, a loop task, a running Qt timer or a top-level widget behind."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QWidget

_THREAD_PATIENCE_S = 20.0
# Made and kept by Qt itself, one each for the whole application.
_WIDGETS_OF_QT = ("QTipLabel", "QRubberBand", "QShapedPixmapWidget")

_timers: weakref.WeakSet[QTimer] = weakref.WeakSet()


def watch_timers() -> None:
    """Know every QTimer made from now on; Qt has no list of them."""
    from PySide6.QtCore import QTimer

    original = QTimer.__init__

    def init(self: QTimer, *arguments: Any, **named: Any) -> None:
        original(self, *arguments, **named)
        _timers.add(self)

    QTimer.__init__ = init  # type: ignore[method-assign]


class Before:
    """What was alive before the test."""

    def __init__(self) -> None:
        self.threads = set(threading.enumerate())
        self.tasks = _pending_tasks()
        self.timers = _running_timers()
        self.widgets = set(map(_identity, _top_level_widgets()))


def check(before: Before) -> None:
    """Fail with the names of what the test left; threads are given a moment to end."""
    left = _left(before)
    if left:
        # Python frees what stands in reference cycles in its own time: not a leak.
        gc.collect()
        left = _left(before)
    if left:
        pytest.fail("left behind:\n" + "\n".join(sorted(left)), pytrace=False)


def _left(before: Before) -> list[str]:
    _delete_later_now()
    left = [f"thread {thread.name}" for thread in _left_threads(before.threads)]
    left += [f"loop task {task!r}" for task in _pending_tasks() - before.tasks]
    left += [_named("timer", timer) for timer in _running_timers() - before.timers]
    left += [_named("top-level widget", w) for w in _top_level_widgets() if _identity(w) not in before.widgets]
    return left


def _left_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    # A thread that Python did not start (a pool of Qt's) shows as a _DummyThread for ever.
    fresh = [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]
    for thread in fresh:
        thread.join(_THREAD_PATIENCE_S)
    return [thread for thread in fresh if thread.is_alive()]


def _pending_tasks() -> set[asyncio.Task[Any]]:
    # CPython 3.11 calls it _all_tasks, 3.12 and later _scheduled_tasks.
    known = getattr(asyncio.tasks, "_scheduled_tasks", None) or getattr(asyncio.tasks, "_all_tasks", None) or ()
    return {task for task in list(known) if not task.done()}


def _delete_later_now() -> None:
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _running_timers() -> set[QTimer]:
    if "PySide6.QtCore" not in sys.modules:
        return set()
    import shiboken6

    return {timer for timer in list(_timers) if shiboken6.isValid(timer) and timer.isActive()}


def _top_level_widgets() -> list[QWidget]:
    if "PySide6.QtWidgets" not in sys.modules:
        return []
    from PySide6.QtWidgets import QApplication

    if not isinstance(QApplication.instance(), QApplication):
        return []
    return [w for w in QApplication.topLevelWidgets() if w.metaObject().className() not in _WIDGETS_OF_QT]


def _identity(widget: QWidget) -> object:
    # The Python object of a widget that Qt made may be another one at the next look.
    import shiboken6

    return shiboken6.getCppPointer(widget)


def _named(what: str, thing: QTimer | QWidget) -> str:
    parent = thing.parent()
    of = f" of {type(parent).__name__} {parent.objectName()!r}" if parent is not None else ""
    return f"{what} {type(thing).__name__} {thing.objectName()!r}{of}"
