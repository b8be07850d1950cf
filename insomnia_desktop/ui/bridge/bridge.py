"""The one door from worker threads to the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from insomnia_desktop.base.errors import AppError

T = TypeVar("T")


class Bridge(QObject):
    """Runs calls on the GUI thread, in the order in which they were posted.

    Threads: made on the GUI thread; `post` and `watch` may be called from any thread.

    Signals:
        failed(AppError): a watched future failed and nobody else takes the error.
    """

    failed = Signal(object)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Run `call` on the GUI thread soon; after `close` nothing runs any more."""
        if self._open:
            self._posted.emit(call)

    def watch(
        self,
        future: Future[T],
        done: Callable[[T], None] | None = None,
        failed: Callable[[AppError], None] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Deliver the result or the AppError of a future on the GUI thread.

        Nothing is delivered for a cancelled future, nor once `owner` is deleted. An exception that is no AppError
        is a bug: it is raised on the GUI thread, where the crash hooks take it.
        """
        future.add_done_callback(lambda finished: self.post(partial(self._deliver, finished, done, failed, owner)))

    def close(self) -> None:
        """Drop what is posted from now on."""
        self._open = False

    def _deliver(
        self,
        future: Future[Any],
        done: Callable[[Any], None] | None,
        failed: Callable[[AppError], None] | None,
        owner: QObject | None,
    ) -> None:
        if future.cancelled() or (owner is not None and not shiboken6.isValid(owner)):
            return
        error = future.exception()
        if error is None:
            if done is not None:
                done(future.result())
        elif isinstance(error, AppError):
            (failed or self.failed.emit)(error)
        else:
            raise error

    @Slot(object)
    def _run(self, call: Callable[[], None]) -> None:
        if self._open:
            call()
