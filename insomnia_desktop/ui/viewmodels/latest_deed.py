"""Questions of which only the newest counts: a new one cancels the one before."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import AccountDeed

T = TypeVar("T")


class LatestDeed(QObject):
    """Asks a service; answers to older questions are dropped.

    Signals:
        running_changed(running): an answer is awaited, or no longer.
    """

    running_changed = Signal(bool)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._number = 0
        self._cancel: Callable[[], None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether an answer is awaited."""
        return self._cancel is not None

    def ask(
        self, make: Callable[[], AccountDeed[T]], done: Callable[[T], None], failed: Callable[[AppError], None]
    ) -> None:
        """Ask; what was asked before is cancelled."""
        self.cancel()
        self._number += 1
        try:
            deed = make()
        except KnownError as error:
            failed(error)
            return
        self._cancel = deed.cancel
        self.running_changed.emit(True)
        deed.future.add_done_callback(partial(self._post_end, self._number, done, failed))

    def cancel(self) -> None:
        """Take the question back."""
        cancel, self._cancel = self._cancel, None
        self._number += 1
        if cancel is not None:
            cancel()
            self.running_changed.emit(False)

    def _post_end(
        self, number: int, done: Callable[[Any], None], failed: Callable[[AppError], None], future: Future[Any]
    ) -> None:
        self._session.bridge.post(partial(self._end, number, done, failed, future))

    def _end(
        self, number: int, done: Callable[[Any], None], failed: Callable[[AppError], None], future: Future[Any]
    ) -> None:
        if not shiboken6.isValid(self) or number != self._number:
            return
        self._cancel = None
        self.running_changed.emit(False)
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            done(future.result())
        elif isinstance(error, AppError):
            failed(error)
        else:
            raise error
