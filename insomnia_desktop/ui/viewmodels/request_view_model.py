"""The draft of the open request: what was typed and is not written yet."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from insomnia_desktop.base.errors import AppError, KnownError
from insomnia_desktop.base.json_value import JsonObject
from insomnia_desktop.model import (
    Authentication,
    Body,
    Document,
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
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

AUTOSAVE_MS = 300
PREVIEW_MS = 60


class RequestViewModel(QObject):
    """Holds the draft of one request and writes it 300 ms after the last key, or at once on `flush`.

    Signals:
        opened(): another request is shown, or none; widgets load everything anew.
        reloaded(): the same request changed elsewhere; widgets take over what differs and keep their carets.
        draft_changed(): the draft is another one, by the person or from elsewhere; counts and dots follow.
        preview_changed(Preview): the address as it will be sent is another one.
        failed(AppError): the open request cannot be shown.
    """

    opened = Signal()
    reloaded = Signal()
    draft_changed = Signal()
    preview_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._services = session.services
        self._workspace = workspace
        self._stored: Request | None = None
        self._draft: Request | None = None
        self._field = ""
        self._typing = 0
        self._autosave = self._timer(AUTOSAVE_MS)
        self._preview_timer = self._timer(PREVIEW_MS)
        self._autosave.timeout.connect(self.flush)
        self._preview_timer.timeout.connect(self._show_preview)
        workspace.request_changed.connect(self._open)
        workspace.environment_changed.connect(self._preview_timer.start)
        session.feed.changed.connect(self._on_changed)
        self._open()

    @property
    def request(self) -> Request | None:
        """The draft, or None where no request is open."""
        return self._draft

    def set_method(self, method: str) -> None:
        """Take over another method."""
        self._edit("method", method=method)

    def set_url(self, url: str) -> None:
        """Take over another address; path parameters follow its `:name` segments."""
        request = self._draft
        if request is not None:
            self._edit("url", url=url, path_parameters=path_parameter_rows(url, request.path_parameters))

    def set_parameters(self, rows: tuple[Row, ...]) -> None:
        """Take over other parameters."""
        self._edit("parameters", parameters=rows)

    def set_path_parameters(self, rows: tuple[Row, ...]) -> None:
        """Take over other path parameters."""
        self._edit("path_parameters", path_parameters=rows)

    def set_headers(self, rows: tuple[Row, ...]) -> None:
        """Take over other headers."""
        self._edit("headers", headers=rows)

    def set_body(self, body: Body) -> None:
        """Take over another body."""
        self._edit("body", body=body)

    def set_body_type(self, body_type: str, media_type: str = "") -> None:
        """Change the type of the body, with what of its content the new type can hold; one step of undo."""
        if self._draft is not None:
            self.end_typing()
            self._edit("body", body=converted_body(self._draft.body, body_type, media_type))
            self.end_typing()
            self.reloaded.emit()

    def set_authentication(self, authentication: Authentication) -> None:
        """Take over another authentication."""
        self._edit("authentication", authentication=authentication)

    def set_description(self, text: str) -> None:
        """Take over other docs."""
        self._edit("description", description=text)

    def set_settings(self, settings: RequestSettings) -> None:
        """Take over other settings of the request."""
        self._edit("settings", settings=settings)

    def take_pasted(self, text: str) -> bool:
        """Take over what a pasted curl line would send, as one step of undo; False where the text is none."""
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
        """Write the draft down now; return the future of the commit, or None where nothing differs."""
        self._autosave.stop()
        draft, stored = self._draft, self._stored
        if draft is None or stored is None:
            return None
        patch = patch_between(stored, draft)
        if not patch:
            return None
        self._stored = draft
        future = self._services.editing.patch(
            draft.id, patch, coalesce=f"{draft.id}:{self._field}:{self._typing}", token=self._session.token
        )
        self._session.bridge.watch(future, failed=self._on_write_failed, owner=self)
        return future

    @Slot()
    def end_typing(self) -> None:
        """Write down what was typed and begin a new step of undo: the focus left the field."""
        self.flush()
        self._typing += 1

    def _timer(self, interval: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        return timer

    def _edit(self, field: str, **values: Any) -> None:
        if self._draft is None:
            return
        changed = msgspec.structs.replace(self._draft, **values)
        if changed == self._draft:
            return
        if field != self._field:
            self.end_typing()
            self._field = field
        self._draft = changed
        self._autosave.start()
        self.draft_changed.emit()
        self._preview_timer.start()

    @Slot()
    def _open(self) -> None:
        self.end_typing()
        self._stored = self._draft = self._read()
        self._field = ""
        self.opened.emit()
        self.draft_changed.emit()
        self._preview_timer.start()

    def _read(self) -> Request | None:
        request_id = self._workspace.request_id
        if request_id is None:
            return None
        try:
            typed = self._services.documents.view(request_id)
        except KnownError as error:
            self.failed.emit(error)
            return None
        return typed if isinstance(typed, Request) else None

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        draft = self._draft
        if draft is None or not any(change.id == draft.id for change in change_set.changes):
            return
        if change_set.origin.kind == "window" and change_set.origin.token == self._session.token:
            return
        fresh = self._read()
        if fresh is None or self._stored is None:
            return
        # What was typed meanwhile stays: the difference to the last stored version is put on top of the fresh one.
        typed = patch_between(self._stored, draft)
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

    def _on_write_failed(self, error: AppError) -> None:
        # The draft stays as it is and differs from what is stored, so the next flush tries again.
        if self._draft is not None:
            stored = self._read()
            self._stored = stored if stored is not None else self._stored
        self._session.bridge.failed.emit(error)


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
