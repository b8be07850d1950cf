"""The draft of the open request: what was typed and is not written yet."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import (
    Authentication,
    Body,
    Document,
    FormBody,
    MultipartBody,
    Request,
    RequestSettings,
    Row,
    fields_of,
    patch_between,
    view_as,
)
from insomnia_desktop.model import patch as patches
from insomnia_desktop.services.body_conversion import converted_body
from insomnia_desktop.services.path_parameters import path_parameter_rows
from insomnia_desktop.services.sending import Preview
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.viewmodels.held_request import HeldRequest
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.undo_steps import rows_step, value_step
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

AUTOSAVE_MS = 300
PREVIEW_MS = 60


class _Write:
    """One patch of a request on its way to the store; told apart by identity."""

    def __init__(self, request_id: str, patch: patches.Patch, coalesce: str) -> None:
        self.id = request_id
        self.patch = patch
        self.coalesce = coalesce


class RequestViewModel(QObject):
    """Holds the draft of one request and writes it 300 ms after the last key, or at once on `flush`.

    `held` knows whether it can be seen and not changed.

    Signals:
        opened(): another request is shown, or none; widgets load everything anew.
        reloaded(): the same request changed elsewhere; widgets take over what differs and keep their carets.
        draft_changed(): the draft is another one, by the person or from elsewhere; counts and dots follow.
        held_changed(): the same request cannot be changed any more, or can be again.
        preview_changed(Preview): the address as it will be sent is another one.
    """

    opened = Signal()
    reloaded = Signal()
    draft_changed = Signal()
    held_changed = Signal()
    preview_changed = Signal(object)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._services = session.services
        self._workspace = workspace
        self._stored: Request | None = None
        self._draft: Request | None = None
        self._problem: KnownError | None = None
        self.held = HeldRequest(self._services.documents)
        self._step = ""
        self._typing = 0
        # Writes on their way, the oldest first; what others wrote meanwhile is looked at when the last has arrived.
        self._in_flight: list[_Write] = []
        self._newest: Future[ChangeSet] | None = None
        self._missed = False
        # What could not be written of requests that are not open any more, by id.
        self._unwritten: dict[str, patches.Patch] = {}
        self._autosave = self._timer(AUTOSAVE_MS)
        self._preview_timer = self._timer(PREVIEW_MS)
        self._autosave.timeout.connect(self.flush)
        self._preview_timer.timeout.connect(self._show_preview)
        workspace.request_changed.connect(self._open)
        workspace.drafts_wanted.connect(self.flush)
        workspace.environment_changed.connect(self._preview_timer.start)
        session.feed.changed.connect(self._on_changed)
        self._open()

    @property
    def request(self) -> Request | None:
        """The draft, or None where no request is open."""
        return self._draft

    @property
    def problem(self) -> KnownError | None:
        """Why the open request cannot be shown, or None."""
        return self._problem

    def set_method(self, method: str) -> None:
        """Take over another method."""
        self._edit("", method=method)

    def set_url(self, url: str) -> None:
        """Take over another address; path parameters follow its `:name` segments."""
        request = self._draft
        if request is not None:
            self._edit("url", url=url, path_parameters=path_parameter_rows(url, request.path_parameters))

    def set_parameters(self, rows: tuple[Row, ...]) -> None:
        """Take over other parameters."""
        if self._draft is not None:
            self._edit(rows_step("parameters", self._draft.parameters, rows), parameters=rows)

    def set_path_parameters(self, rows: tuple[Row, ...]) -> None:
        """Take over other path parameters."""
        if self._draft is not None:
            self._edit(rows_step("path_parameters", self._draft.path_parameters, rows), path_parameters=rows)

    def set_headers(self, rows: tuple[Row, ...]) -> None:
        """Take over other headers."""
        if self._draft is not None:
            self._edit(rows_step("headers", self._draft.headers, rows), headers=rows)

    def set_body(self, body: Body) -> None:
        """Take over another body."""
        if self._draft is not None:
            self._edit(_body_step(self._draft.body, body), body=body)

    def set_body_type(self, body_type: str, media_type: str = "") -> None:
        """Change the type of the body, with what of its content the new type can hold; one step of undo."""
        if self._draft is not None and not self.held.is_held():
            self._edit("", body=converted_body(self._draft.body, body_type, media_type))
            self.reloaded.emit()

    def set_authentication(self, authentication: Authentication) -> None:
        """Take over another authentication."""
        if self._draft is not None:
            step = value_step("authentication", self._draft.authentication, authentication)
            self._edit(step, authentication=authentication)

    def set_description(self, text: str) -> None:
        """Take over other docs."""
        self._edit("description", description=text)

    def set_settings(self, settings: RequestSettings) -> None:
        """Take over other settings of the request."""
        if self._draft is not None:
            self._edit(value_step("settings", self._draft.settings, settings), settings=settings)

    def take_pasted(self, text: str) -> bool:
        """Take over what a pasted curl line would send, as one step of undo; False where the text is none."""
        if self.held.is_held():
            return False
        pasted = self._services.importing.pasted_request(text) if text[:8].lstrip().lower().startswith("curl") else None
        if pasted is None or self._draft is None:
            return False
        self.end_typing()
        self._draft = _with_fields(self._draft, pasted.fields)
        self.end_typing()
        self.reloaded.emit()
        self.draft_changed.emit()
        self._preview_timer.start()
        return True

    @Slot()
    def flush(self) -> Future[ChangeSet] | None:
        """Write the draft down now; return the future of the newest commit on its way, or None where all is written."""
        self._autosave.stop()
        draft = self._draft
        patch = self._unsaved()
        if draft is None or not patch:
            return self._on_its_way()
        self._stored = draft
        write = _Write(draft.id, patch, f"{draft.id}:{self._step}:{self._typing}")
        self._in_flight.append(write)
        return self._send(write, typed_before=self.held.is_held())

    @Slot()
    def end_typing(self) -> None:
        """Write down what was typed and begin a new step of undo: the focus left the field."""
        self.flush()
        self._typing += 1

    def _send(self, write: _Write, *, typed_before: bool) -> Future[ChangeSet]:
        future = self._services.editing.patch(
            write.id, write.patch, coalesce=write.coalesce, token=self._session.token, typed_before=typed_before
        )
        self._session.bridge.watch(
            future, partial(self._on_written, write), partial(self._on_write_failed, write), owner=self
        )
        self._newest = future
        return future

    def _timer(self, interval: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        return timer

    def _on_its_way(self) -> Future[ChangeSet] | None:
        newest = self._newest
        if newest is None or not self._in_flight:
            return None
        return None if newest.done() and not newest.cancelled() and newest.exception() is None else newest

    def _unsaved(self) -> patches.Patch:
        """Return what was typed since the draft was read or written last."""
        if self._stored is None or self._draft is None:
            return ()
        try:
            return patch_between(self._stored, self._draft)
        except KnownError as error:
            self._session.bridge.failed.emit(error)
            return ()

    def _edit(self, step: str, **values: Any) -> None:
        """Change the draft; edits with the same key in a row are one step of undo, an empty key is a step alone."""
        if self._draft is None or self.held.is_held():
            return
        changed = msgspec.structs.replace(self._draft, **values)
        if changed == self._draft:
            return
        if not step or step != self._step:
            self.end_typing()
            self._step = step
        self._draft = changed
        if step:
            self._autosave.start()
        else:
            self.end_typing()
        self.draft_changed.emit()
        self._preview_timer.start()

    @Slot()
    def _open(self) -> None:
        self.end_typing()
        self._show(self._read())

    def _show(self, request: Request | None) -> None:
        """Show another request, or the same one from its beginning."""
        on_their_way = [write.patch for write in self._in_flight if request is not None and write.id == request.id]
        if request is not None and on_their_way:
            # Opened again before its last edits are stored: they hold, and what is stored is looked at behind them.
            request = _applied(request, tuple(edit for patch in on_their_way for edit in patch))
            self._missed = True
        self._stored = self._draft = request
        self.held.look(request.id if request is not None else None)
        self._step = ""
        unwritten = self._unwritten.pop(request.id, ()) if request is not None else ()
        if request is not None and unwritten:
            self._draft = _applied(request, unwritten)
            self._autosave.start()
        self.opened.emit()
        self.draft_changed.emit()
        self._preview_timer.start()

    def _read(self) -> Request | None:
        """Return the open request as it is stored, and note why where it cannot be shown."""
        self._problem = None
        request_id = self._workspace.request_id
        if request_id is None:
            return None
        try:
            typed = self._services.documents.view(request_id)
        except KnownError as error:
            self._problem = error
            return None
        return typed if isinstance(typed, Request) else None

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        request_id = self._workspace.request_id
        if any(
            change.kind == "sync" and change.workspace_id == self._workspace.workspace_id
            for change in change_set.changes
        ):
            self._look_at_quarantine()
        if request_id is None or not any(change.id == request_id for change in change_set.changes):
            return
        if change_set.origin.kind == "window" and change_set.origin.token == self._session.token:
            return
        if self._in_flight:
            # What is stored does not hold yet what was typed last, so it must not be taken for the newest.
            self._missed = True
        else:
            self._take_over()

    def _look_at_quarantine(self) -> None:
        """Follow sync: what it put into quarantine is not changed any more, and what it can read is again."""
        if self._draft is None:
            return
        if self.held.look(self._draft.id):
            # What was typed before that was known is kept; behind what is still on its way it is written by itself.
            if not self._in_flight:
                self.end_typing()
            self.held_changed.emit()

    def _take_over(self) -> None:
        """Bring the draft in step with what is stored; what was typed meanwhile is put on top of it."""
        draft = self._draft
        fresh = self._read()
        if fresh is None or draft is None or draft.id != fresh.id:
            self._show(fresh)
            return
        typed = self._unsaved()
        self._stored = fresh
        self._draft = _applied(fresh, typed) if typed else fresh
        if self._draft != draft:
            self.reloaded.emit()
            self.draft_changed.emit()
            self._preview_timer.start()

    @Slot()
    def _show_preview(self) -> None:
        if self._draft is None:
            self.preview_changed.emit(Preview(""))
        else:
            self.preview_changed.emit(self._services.sending.preview(self._draft, self._workspace.workspace_id))

    def _on_written(self, write: _Write, _: ChangeSet) -> None:
        self._in_flight.remove(write)
        if self._missed and not self._in_flight:
            self._missed = False
            self._take_over()

    def _on_write_failed(self, write: _Write, error: AppError) -> None:
        # Nothing typed is lost: the draft differs again from what is stored, so the next flush tries once more.
        # What belongs to a request that is closed by now waits until it is opened again.
        if error.code == "document.quarantined":
            # It was typed before that was known here, so it is kept; nothing more can be typed.
            self._send(write, typed_before=True)
            self._look_at_quarantine()
            return
        self._in_flight.remove(write)
        draft = self._draft
        if draft is None or draft.id != write.id:
            if error.code != "document.not_found":
                self._unwritten[write.id] = self._unwritten.get(write.id, ()) + write.patch
        elif (stored := self._read()) is not None:
            self._stored = stored
        self._session.bridge.failed.emit(error)


def _body_step(before: Body, after: Body) -> str:
    if isinstance(before, FormBody) and isinstance(after, FormBody):
        return rows_step("body", before.rows, after.rows)
    if isinstance(before, MultipartBody) and isinstance(after, MultipartBody):
        return rows_step("body", before.parts, after.parts)
    return value_step("body", before, after)


def _applied(request: Request, typed: patches.Patch) -> Request:
    return _with_fields(request, patches.apply(fields_of(request), typed)[0])


def _with_fields(request: Request, fields: JsonObject) -> Request:
    document = Document(
        id=request.id,
        kind="request",
        workspace_id="",
        parent_id=request.parent_id,
        sort_key=request.sort_key,
        fields={**fields_of(request), **fields},
    )
    return view_as(document, Request)
