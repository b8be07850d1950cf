"""One deed of an account at a time: started, followed step by step, and cancelled at any of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.ui.viewmodels.account_words import step_words
from insomnia_desktop.ui.viewmodels.session import UiSession

if TYPE_CHECKING:
    from insomnia_desktop.services.account_views import AccountDeed, AccountProgress

T = TypeVar("T")


class RunningDeed(QObject):
    """Starts deeds of the account service for one dialog or page.

    A deed that was cancelled too late still delivers its result: what was done is done, and is told.

    Signals:
        running_changed(running): a deed began or ended.
        stepped(words): what it is doing now.
    """

    running_changed = Signal(bool)
    stepped = Signal(str)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._cancel: Callable[[], None] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a deed is on its way."""
        return self._cancel is not None

    def start(
        self,
        make: Callable[[Callable[[AccountProgress], None]], AccountDeed[T]],
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        *,
        cancelled: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin a deed, unless one is running; `make` is given where to tell its steps, from whatever thread."""
        if self.is_running:
            return
        try:
            deed = make(self._on_progress)
        except KnownError as error:
            failed(error)
            return
        self._cancel = deed.cancel
        self.running_changed.emit(True)
        deed.future.add_done_callback(partial(self._post_end, done, failed, cancelled))

    def cancel(self) -> None:
        """Ask the deed to stop; it ends by itself where it stands."""
        if self._cancel is not None:
            self._cancel()

    def _on_progress(self, progress: AccountProgress) -> None:
        self._session.bridge.post(partial(self._tell_step, progress.step))

    def _tell_step(self, step: str) -> None:
        if shiboken6.isValid(self) and self.is_running:
            self.stepped.emit(step_words(step))

    def _post_end(
        self,
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        cancelled: Callable[[], None],
        future: Future[T],
    ) -> None:
        self._session.bridge.post(partial(self._end, done, failed, cancelled, future))

    def _end(
        self,
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        cancelled: Callable[[], None],
        future: Future[T],
    ) -> None:
        if not shiboken6.isValid(self):
            return
        self._cancel = None
        self.running_changed.emit(False)
        if future.cancelled():
            cancelled()
            return
        error = future.exception()
        if error is None:
            done(future.result())
        elif isinstance(error, AppError):
            failed(error)
        else:
            raise error
