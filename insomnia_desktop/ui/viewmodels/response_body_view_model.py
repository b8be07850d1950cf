"""The files behind a response's body: the one that came, its pretty copy, and copies that a person keeps."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.model import Response
from insomnia_desktop.services.body_export import save_body
from insomnia_desktop.services.formatting import LARGEST_JSON, LARGEST_XML
from insomnia_desktop.ui.viewmodels.session import UiSession


class ResponseBodyViewModel(QObject):
    """Finds the body of one response at a time and has a pretty copy made of it.

    Signals:
        pretty_ready(path): the pretty copy of the present body is there; None: it is shown as it came.
        saved(path): a copy was written where the person wanted it.
    """

    pretty_ready = Signal(object)
    saved = Signal(object)

    def __init__(self, session: UiSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._formatting = session.services.formatting
        self._response: Response | None = None
        self._pretty: Path | None = None
        self._asked = False

    @property
    def path(self) -> Path | None:
        """The file of the present body, or None where there is none (any more)."""
        return self._session.services.sending.body_path(self._response) if self._response is not None else None

    def open(self, response: Response | None) -> None:
        """Take another response; call it only once nothing of the last one is open any more."""
        if self._pretty is not None:
            self._formatting.discard(self._pretty)
        self._response, self._pretty, self._asked = response, None, False

    def can_be_pretty(self, language: str) -> bool:
        """Say whether a pretty copy of a body in a language is worth asking for."""
        limit = {"json": LARGEST_JSON, "xml": LARGEST_XML}.get(language, 0)
        return self._response is not None and 0 < self._response.size_decoded <= limit

    def ask_for_pretty(self) -> None:
        """Have a pretty copy made, once; `pretty_ready` tells of it, at once if it is there already."""
        response = self._response
        if response is None:
            return
        if self._pretty is not None:
            self.pretty_ready.emit(self._pretty)
        elif not self._asked:
            self._asked = True
            future = self._formatting.pretty(response)
            self._session.bridge.watch(future, partial(self._on_pretty, response), owner=self)

    def save(self, source: Path, target: Path) -> None:
        """Copy a file of the body to where the person wants it; an error is told by the window."""
        future = save_body(self._session.services.send_loop, source, target)
        self._session.bridge.watch(future, self._on_saved, self._on_save_failed, owner=self)

    def _on_pretty(self, response: Response, path: Path | None) -> None:
        if response is not self._response:
            if path is not None:
                self._formatting.discard(path)
            return
        self._pretty = path
        self.pretty_ready.emit(path)

    def _on_saved(self, path: Path) -> None:
        self.saved.emit(path)

    def _on_save_failed(self, error: AppError) -> None:
        self._session.bridge.failed.emit(error)
