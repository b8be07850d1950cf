"""The response that is shown, the history it stands in, and the sends that run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.model import Response, ResponseSummary
from insomnia_desktop.services.send_events import (
    BodyProgress,
    Finished,
    HeadersReceived,
    Phase,
    PhaseChanged,
    SendEvent,
)
from insomnia_desktop.services.sending import SendHandle
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

SHOWN_AFTER_MS = 150
TICK_MS = 100


@dataclass(slots=True)
class Run:
    """One send on its way: what is known of it so far; sizes in bytes, `began` in seconds of the session's clock."""

    request_id: str
    began: float
    phase: Phase | None = None
    received: int = 0
    total: int | None = None
    has_headers: bool = False
    is_shown: bool = False
    is_cancelled: bool = False
    finished: Response | None = None
    handle: SendHandle | None = None


class ResponseViewModel(QObject):
    """Sends requests, each with a run of its own, and chooses which response of the open request is shown.

    Nothing is read before `start`: the window is usable first. A run that takes less than 150 ms is never shown.

    Signals:
        response_changed(): another response is shown, or none.
        history_changed(): responses of the open request came or went.
        run_changed(): the run of the open request is shown now, or is over.
        progressed(): time went on, or bytes arrived.
        sending_changed(running): the open request began to be shown as running, or ended.
    """

    response_changed = Signal()
    history_changed = Signal()
    run_changed = Signal()
    progressed = Signal()
    sending_changed = Signal(bool)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sending = session.services.sending
        self._workspace = workspace
        self._started = False
        self._request_id: str | None = None
        self._chosen_id: str | None = None
        self._response: Response | None = None
        self._history: list[ResponseSummary] = []
        self._runs: dict[str, Run] = {}
        # What came of sends that are in no history: an unknown variable, or a full disk.
        self._unkept: dict[str, Response] = {}
        self._told_sending = False
        self._appear = QTimer(self)
        self._appear.setSingleShot(True)
        self._appear.setInterval(SHOWN_AFTER_MS)
        self._appear.timeout.connect(self._on_appear)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self.progressed)
        workspace.request_changed.connect(self._on_request_changed)
        session.feed.changed.connect(self._on_changed)

    @property
    def response(self) -> Response | None:
        """The response that is shown, or None."""
        return self._response

    @property
    def history(self) -> list[ResponseSummary]:
        """The kept responses of the open request, newest first."""
        return self._history

    @property
    def run(self) -> Run | None:
        """The run of the open request once it is shown, or None."""
        run = self._open_run()
        return run if run is not None and run.is_shown else None

    @property
    def elapsed_ms(self) -> float:
        """How long the run of the open request takes by now."""
        run = self._open_run()
        return (self._session.clock.monotonic() - run.began) * 1000 if run is not None else 0.0

    def start(self) -> None:
        """Begin to follow the open request; for after the first paint."""
        if not self._started:
            self._started = True
            self._on_request_changed()

    def is_sending(self) -> bool:
        """Say whether the open request runs, shown or not."""
        return self._open_run() is not None

    def is_newest(self) -> bool:
        """Say whether nothing newer than what is shown came of the open request."""
        newest = self._newest_id()
        return self._response is None or newest is None or self._response.id == newest

    def last_good(self) -> ResponseSummary | None:
        """Return the newest response that is whole, other than the one that is shown."""
        shown = self._response.id if self._response is not None else ""
        return next((each for each in self._history if each.state == "ok" and each.id != shown), None)

    def send(self, request_id: str) -> None:
        """Send a request; nothing happens while it already runs."""
        self.start()
        if request_id in self._runs:
            return
        run = Run(request_id, self._session.clock.monotonic())
        try:
            run.handle = self._sending.send(request_id, listener=partial(self._on_worker, run))
        except KnownError as error:
            self._session.bridge.failed.emit(error)
            return
        self._runs[request_id] = run
        self._session.bridge.watch(
            run.handle.future, partial(self._on_done, run), partial(self._on_failed, run), owner=self
        )
        if request_id == self._request_id:
            self._appear.start()

    def cancel(self) -> None:
        """Stop the run of the open request; what arrived is kept."""
        run = self._open_run()
        if run is not None and run.handle is not None and not run.is_cancelled:
            run.is_cancelled = True
            run.handle.cancel()

    def choose(self, response_id: str | None) -> None:
        """Show another response of the history; None for the newest."""
        self._chosen_id = response_id
        self._show_chosen()

    def delete(self, response_id: str) -> None:
        """Remove a response and its body for good."""
        self._history = [each for each in self._history if each.id != response_id]
        if self._response is not None and self._response.id == response_id:
            # Another one is shown first: where a file is open it cannot be deleted on every system.
            self.choose(None)
        self._session.bridge.watch(self._sending.delete_response(response_id), owner=self)

    def clear_history(self) -> None:
        """Remove all responses of the open request for good."""
        if self._request_id is not None:
            self._history = []
            self._unkept.pop(self._request_id, None)
            self.choose(None)
            self._session.bridge.watch(self._sending.clear_history(self._request_id), owner=self)

    def use_certificate_password(self, path: str, password: str) -> None:
        """Open a locked client certificate with a password from now on, and send the open request again."""
        self._sending.use_certificate_password(path, password)
        self.start()
        if self._request_id is not None:
            self.send(self._request_id)

    def _open_run(self) -> Run | None:
        return self._runs.get(self._request_id) if self._request_id is not None else None

    def _newest_id(self) -> str | None:
        unkept = self._unkept.get(self._request_id or "")
        if unkept is not None:
            return unkept.id
        return self._history[0].id if self._history else None

    @Slot()
    def _on_request_changed(self) -> None:
        if not self._started:
            return
        self._request_id = self._workspace.request_id
        self._read_history()
        self.history_changed.emit()
        self.choose(None)
        self._appear.stop()
        run = self._open_run()
        if run is not None:
            run.is_shown = True
        self._tell_run()

    def _read_history(self) -> None:
        self._history = self._sending.history(self._request_id) if self._request_id is not None else []

    def _kept_response(self, response_id: str) -> Response | None:
        try:
            return self._sending.response(response_id)
        except KnownError as error:
            # One damaged record: it is said, and the others are there.
            self._session.bridge.failed.emit(error)
            return None

    def _show_chosen(self) -> None:
        before = self._response
        wanted = self._chosen_id or self._newest_id()
        unkept = self._unkept.get(self._request_id or "")
        if wanted is None:
            self._response = None
        elif unkept is not None and unkept.id == wanted:
            self._response = unkept
        elif before is None or before.id != wanted:
            self._response = self._kept_response(wanted)
        if self._response is not before:
            self.response_changed.emit()

    @Slot()
    def _on_appear(self) -> None:
        run = self._open_run()
        if run is not None:
            run.is_shown = True
            self._tell_run()

    def _tell_run(self) -> None:
        run = self.run
        if run is not None:
            self._tick.start()
        else:
            self._tick.stop()
        self.run_changed.emit()
        if self._told_sending != (run is not None):
            self._told_sending = run is not None
            self.sending_changed.emit(self._told_sending)

    def _on_worker(self, run: Run, event: SendEvent) -> None:
        # On the worker thread: only enqueued here.
        self._session.bridge.post(partial(self._on_event, run, event))

    def _on_event(self, run: Run, event: SendEvent) -> None:
        if not shiboken6.isValid(self):
            return
        if isinstance(event, PhaseChanged):
            run.phase = event.phase
        elif isinstance(event, HeadersReceived):
            run.has_headers, run.total = True, event.total
        elif isinstance(event, BodyProgress):
            run.received, run.total = event.received, event.total
        elif isinstance(event, Finished):
            run.finished = event.response
        if run is self.run:
            self.progressed.emit()

    def _on_done(self, run: Run, response: Response) -> None:
        self._end(run, response)

    def _on_failed(self, run: Run, error: AppError) -> None:
        # It came, but could not be stored: it is shown as long as the window is open, and the error says why.
        self._end(run, run.finished)
        self._session.bridge.failed.emit(error)

    def _end(self, run: Run, response: Response | None) -> None:
        self._runs.pop(run.request_id, None)
        self._unkept.pop(run.request_id, None)
        is_open = run.request_id == self._request_id
        kept = response is not None and self._kept_response(response.id) is not None
        if response is not None and not kept:
            self._unkept[run.request_id] = response
        if not is_open:
            return
        self._appear.stop()
        self._read_history()
        self.history_changed.emit()
        self._chosen_id = None
        self._show_chosen()
        self._tell_run()

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        workspace_id = self._workspace.workspace_id
        mine = [each for each in change_set.changes if each.kind == "response" and each.workspace_id == workspace_id]
        if not mine or not self._started or self._request_id is None:
            return
        before = self._history
        self._read_history()
        if self._history == before:
            return
        self.history_changed.emit()
        shown = self._response
        there = {each.id for each in self._history}
        if shown is None or (shown.id not in there and self._unkept.get(self._request_id) is not shown):
            self._chosen_id = None
            self._show_chosen()
        elif not self._runs.get(self._request_id) and self._chosen_id is None:
            # Sent elsewhere: nothing moves by itself, the newer one stands in the history.
            self._chosen_id = shown.id
