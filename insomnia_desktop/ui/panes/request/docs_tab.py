"""The docs of a request: Markdown, written or read."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QTextBrowser, QWidget

from insomnia_desktop.ui.theme.active import switch
from insomnia_desktop.ui.theme.fonts import ui_font
from insomnia_desktop.ui.viewmodels.editor_settings import EditorSettings
from insomnia_desktop.ui.widgets.code_editor import CodeEditor


class MarkdownView(QTextBrowser):
    """Shows Markdown; loads nothing from anywhere, and opens no link by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(16)
        self._dress()
        switch().changed.connect(self._dress)

    def loadResource(self, kind: int, name: object) -> object:
        """Load nothing: docs come from others too, and a picture would tell who reads them."""
        return None

    def _dress(self) -> None:
        self.setFont(ui_font(13))


class DocsTab(QWidget):
    """The Markdown of a request; `set_reading` shows how it reads.

    Signals:
        edited(text): the person changed it.
        focus_left(): the focus went elsewhere.
    """

    edited = Signal(str)
    focus_left = Signal()

    def __init__(self, editor_settings: EditorSettings) -> None:
        super().__init__()
        self.editor = CodeEditor()
        self.editor.setObjectName("docsEditor")
        self.editor.setAccessibleName(self.tr("Docs"))
        self.editor.setPlaceholderText(self.tr("What this request is for, in Markdown"))
        self.editor.set_language("markdown")
        editor_settings.follow(self.editor, always_wraps=True)
        self._view = MarkdownView()
        self._view.setAccessibleName(self.tr("Docs, as they read"))
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.editor)
        self._pages.addWidget(self._view)
        self.setFocusProxy(self.editor)
        self.editor.edited.connect(self.edited)
        self.editor.focus_left.connect(self.focus_left)

    def show_text(self, text: str, *, fresh: bool) -> None:
        """Show the docs; `fresh` are those of another request."""
        (self.editor.load_text if fresh else self.editor.set_text)(text)
        if self.is_reading():
            self._view.setMarkdown(text)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed, or all again."""
        self.editor.setReadOnly(read_only)

    def is_reading(self) -> bool:
        """Say whether the docs are shown as they read."""
        return self._pages.currentWidget() is self._view

    def set_reading(self, reading: bool) -> None:
        """Show the docs as they read, or as they are written."""
        if reading:
            self._view.setMarkdown(self.editor.text())
        self._pages.setCurrentWidget(self._view if reading else self.editor)
