"""The page that shows a body: text with finding, a picture, bytes, or the fact that there is nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Response
from insomnia_desktop.ui.panes.response.body_kind import BodyKind, kind_of
from insomnia_desktop.ui.panes.response.image_view import ImageView
from insomnia_desktop.ui.panes.response.note_page import NotePage
from insomnia_desktop.ui.viewmodels.response_body_view_model import ResponseBodyViewModel
from insomnia_desktop.ui.widgets.find_bar import FindBar

if TYPE_CHECKING:
    from insomnia_desktop.ui.widgets.hex_view import HexView
    from insomnia_desktop.ui.widgets.text_viewer import TextViewer

MODES: Final = ("pretty", "raw", "hex")
LARGE: Final = 1_000_000
"""Bytes from which a body is said to be shown from disk, and can be gone through by line."""
COPY_LIMIT: Final = 16 * 1024 * 1024
_PRETTY_PATIENCE_MS: Final = 120


class BodyPage(QWidget):
    """Shows the body of one response in one of three ways.

    A pretty copy is made by a worker; if it takes longer than a blink, the body is shown as it came meanwhile, and is
    exchanged only while the person has not moved in it.

    Signals:
        facts_changed(): another way of showing, or another fact for the last bar.
        failed(AppError): the body cannot be opened.
        copy_truncated(int): only so many bytes of a selection were copied.
    """

    facts_changed = Signal()
    failed = Signal(object)
    copy_truncated = Signal(int)

    def __init__(self, bodies: ResponseBodyViewModel) -> None:
        super().__init__()
        self._bodies = bodies
        self._response: Response | None = None
        self._path: Path | None = None
        self._pretty: Path | None = None
        self._kind = BodyKind("empty")
        self._mode = "pretty"
        self._waiting = False
        self._wrap = True
        self._text: TextViewer | None = None
        self.image = ImageView()
        self.note = NotePage()
        self._hex: HexView | None = None
        self.find_bar = FindBar()
        self.find_bar.hide()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.note)
        self._stack.addWidget(self.image)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.find_bar)
        column.addWidget(self._stack, 1)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PRETTY_PATIENCE_MS)
        self._patience.timeout.connect(self._on_impatient)
        bodies.pretty_ready.connect(self._on_pretty)
        self.find_bar.search_changed.connect(self._on_search)
        self.find_bar.closed.connect(self._on_find_closed)

    @property
    def viewer(self) -> TextViewer:
        """The viewer of texts; made for the first one, because the start of the program needs none."""
        if self._text is None:
            self._text = self._made_viewer()
        return self._text

    @property
    def mode(self) -> str:
        """The way in which the body is shown."""
        return self._mode

    @property
    def kind(self) -> BodyKind:
        """What the body is."""
        return self._kind

    @property
    def shown_path(self) -> Path | None:
        """The file that is shown: the body as it came, or its pretty copy."""
        return self._pretty if self.is_pretty() else self._path

    @property
    def length(self) -> int:
        """How many bytes the body has."""
        return self._response.size_decoded if self._response is not None else 0

    def is_pretty(self) -> bool:
        """Say whether the pretty copy is shown."""
        return self._mode == "pretty" and self._pretty is not None and not self._waiting

    def can_format(self) -> bool:
        """Say whether a pretty copy could be shown and is not."""
        if self._kind.kind != "text" or self._mode == "hex" or self.is_pretty() or self._patience.isActive():
            return False
        return self._pretty is not None or (self._mode == "raw" and self._bodies.can_be_pretty(self._kind.language))

    def is_text(self) -> bool:
        """Say whether text is shown, which can be wrapped, searched, and gone through by line."""
        return self._text is not None and self._stack.currentWidget() is self._text

    def set_wrap(self, wrap: bool) -> None:
        """Break long lines at the edge, or let them run out of sight."""
        self._wrap = wrap
        if self._text is not None:
            self._text.set_wrap(wrap)

    def show_response(self, response: Response | None) -> None:
        """Show the body of another response in the usual way."""
        self.release()
        self._response = response
        self._mode = "pretty"
        self._bodies.open(response)
        self._path = self._bodies.path
        if response is None:
            return
        size = response.size_decoded if response.body_file else 0
        self._kind = kind_of(self._path, response.content_type, size)
        self._show()

    def release(self) -> None:
        """Close the files: they can then be deleted on every system."""
        self._patience.stop()
        self._pretty, self._waiting = None, False
        self._response, self._path, self._kind = None, None, BodyKind("empty")
        self._close_find()
        if self._text is not None:
            self._text.close_file()
        self.image.close_file()
        self._close_hex()

    def set_mode(self, mode: str) -> None:
        """Show the body in another way."""
        if mode != self._mode or self._waiting:
            self._mode = mode
            self._waiting = False
            self._show()

    def open_find(self) -> None:
        """Find in the text that is shown."""
        if self.is_text() and self._kind.kind == "text":
            self.find_bar.open_with("")

    def copy(self) -> bool:
        """Put what is shown on the clipboard, at most `COPY_LIMIT` bytes of text; True where that was all of it."""
        if self._stack.currentWidget() is self.image:
            self.image.copy()
            return True
        path = self.shown_path
        if path is None:
            return True
        try:
            with path.open("rb") as file:
                data = file.read(COPY_LIMIT + 1)
        except OSError as error:
            self.failed.emit(KnownError("viewer.body_unreadable", path=str(path), reason=error.strerror or ""))
            return True
        try:
            text = data[:COPY_LIMIT].decode(self._kind.charset, "replace")
        except LookupError:
            text = data[:COPY_LIMIT].decode("utf-8", "replace")
        QGuiApplication.clipboard().setText(text)
        return len(data) <= COPY_LIMIT

    def focus_body(self) -> None:
        """Put the focus on what is shown."""
        current = self._stack.currentWidget()
        if current is not None:
            current.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show(self) -> None:
        self._patience.stop()
        self._close_find()
        kind = self._kind.kind
        if kind in ("empty", "missing"):
            self._show_note()
        elif self._mode == "hex" or (kind == "binary" and self._mode == "pretty"):
            self._show_hex()
        elif kind == "image" and self._mode == "pretty":
            self._show_image()
        elif self._mode == "pretty" and self._bodies.can_be_pretty(self._kind.language):
            self.viewer.close_file()
            self._stack.setCurrentWidget(self.viewer)
            self._patience.start()
            self._bodies.ask_for_pretty()
        else:
            self._open_text(self._path)
        self.facts_changed.emit()

    def _show_note(self) -> None:
        if self._kind.kind == "missing":
            self.note.show_note(self.tr("The body is not kept any more."), self.tr("Send again to get it."))
        else:
            self.note.show_note(self.tr("This response has no body."))
        self._stack.setCurrentWidget(self.note)

    def _show_image(self) -> None:
        assert self._path is not None
        if self.image.open_file(self._path, self._kind.picture):
            self._stack.setCurrentWidget(self.image)
        else:
            words = self.tr("This picture cannot be shown.")
            self.note.show_note(words, self.tr("It is damaged or too large; Hex shows its bytes."))
            self._stack.setCurrentWidget(self.note)

    def _show_hex(self) -> None:
        from insomnia_desktop.ui.widgets.hex_view import HexView  # few bodies need it

        assert self._path is not None
        self._close_hex()
        view = HexView()
        view.setObjectName("responseHexView")
        self._hex = view
        self._stack.addWidget(view)
        try:
            view.open_file(self._path)
        except KnownError as error:
            self.failed.emit(error)
        self._stack.setCurrentWidget(view)

    def _close_hex(self) -> None:
        if self._hex is not None:
            self._stack.removeWidget(self._hex)
            self._hex.close_file()
            self._hex.deleteLater()
            self._hex = None

    def _open_text(self, path: Path | None) -> None:
        if path is None:
            return
        try:
            self.viewer.open_file(path, language=self._kind.language, charset=self._kind.charset)
        except KnownError as error:
            self._kind = BodyKind("missing")
            self._show_note()
            self.failed.emit(error)
            return
        self._stack.setCurrentWidget(self.viewer)

    @Slot()
    def _on_impatient(self) -> None:
        self._open_text(self._path)
        self.facts_changed.emit()

    @Slot(object)
    def _on_pretty(self, path: Path | None) -> None:
        in_time = self._patience.isActive()
        self._pretty = path
        if self._mode != "pretty" or self._kind.kind != "text":
            return
        self._patience.stop()
        if path is None:
            if in_time:
                self._open_text(self._path)
        elif in_time or self._is_untouched():
            self._open_text(path)
        else:
            # The person is reading: the pretty copy waits for the button.
            self._waiting = True
        self.facts_changed.emit()

    def _is_untouched(self) -> bool:
        at_top = self.viewer.verticalScrollBar().value() == 0
        return at_top and not self.viewer.has_selection() and self.find_bar.isHidden() and not self.viewer.hasFocus()

    def _made_viewer(self) -> TextViewer:
        from insomnia_desktop.ui.widgets.text_viewer import TextViewer

        viewer = TextViewer()
        viewer.setObjectName("responseView")
        viewer.setAccessibleName(self.tr("Body of the response"))
        viewer.set_wrap(self._wrap)
        self._stack.addWidget(viewer)
        self.find_bar.next_requested.connect(viewer.find_next)
        self.find_bar.previous_requested.connect(viewer.find_previous)
        viewer.search_progress.connect(self._on_search_progress)
        viewer.search_failed.connect(self.find_bar.set_error)
        viewer.content_lost.connect(self.facts_changed)
        viewer.copy_truncated.connect(self.copy_truncated)
        return viewer

    @Slot(str, bool, bool)
    def _on_search(self, text: str, case: bool, regex: bool) -> None:
        self.viewer.find_text(text, case=case, regex=regex)

    @Slot(int, int, int)
    def _on_search_progress(self, current: int, total: int, percent: int) -> None:
        if not self.find_bar.isHidden():
            self.find_bar.set_count(current, total, percent if percent < 100 else None)

    @Slot()
    def _on_find_closed(self) -> None:
        self._close_find()
        self.viewer.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_find(self) -> None:
        if not self.find_bar.isHidden():
            self.find_bar.hide()
            self.viewer.find_text("")
