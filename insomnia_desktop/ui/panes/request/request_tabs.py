"""The tab bar of the request, with the tool of the tab that is shown at its right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from insomnia_desktop.model import (
    FileBody,
    FormBody,
    GraphQLBody,
    MultipartBody,
    NoAuthentication,
    NoBody,
    Request,
    TextBody,
    UnknownBody,
)
from insomnia_desktop.ui.panes.request.request_pages import RequestPages
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import QuietButton
from insomnia_desktop.ui.widgets.tab_bar import Tab, TabBar

MEDIA_TYPES = (
    ("JSON", "application/json"),
    ("XML", "application/xml"),
    ("YAML", "application/yaml"),
    ("Plain", "text/plain"),
)
_OTHER = "application/octet-stream"


class RequestTabs(Bar):
    """Params, Body, Auth, Headers, Docs; and Beautify, Bulk edit or Read where they fit.

    Signals:
        page_chosen(key): another tab.
        body_type_chosen(type, media_type): another type of body.
        beautify_requested(), bulk_toggled(on), reading_toggled(on): the tool.
    """

    page_chosen = Signal(str)
    body_type_chosen = Signal(str, str)
    beautify_requested = Signal()
    bulk_toggled = Signal(bool)
    reading_toggled = Signal(bool)

    def __init__(self) -> None:
        super().__init__(40, left=8)
        self._read_only = False
        self.bar = TabBar(more_tip=self.tr("More"))
        self.bar.setObjectName("requestTabs")
        self.bar.setAccessibleName(self.tr("Parts of the request"))
        self.bar.set_tabs(
            [
                Tab("params", self.tr("Params")),
                Tab("body", self.tr("Body"), arrow=True),
                Tab("auth", self.tr("Auth")),
                Tab("headers", self.tr("Headers")),
                Tab("docs", self.tr("Docs")),
            ]
        )
        self._beautify = QuietButton(self.tr("Beautify"))
        self._beautify.setToolTip(self.tr("Lay out the text (Ctrl+Shift+B)"))
        self._bulk = QuietButton(self.tr("Bulk edit"))
        self._bulk.setCheckable(True)
        self._read = QuietButton(self.tr("Read"))
        self._read.setCheckable(True)
        self.add(self.bar, stretch=1)
        for tool in (self._beautify, self._bulk, self._read):
            tool.set_dim(True)
            self.add(tool)
        self.body_menu = QMenu(self)
        self.body_menu.setObjectName("bodyTypePicker")
        self._fill_menu()
        self.bar.current_changed.connect(self.page_chosen)
        self.bar.arrow_clicked.connect(lambda _key: self.open_body_menu())
        self._beautify.clicked.connect(self.beautify_requested)
        self._bulk.toggled.connect(self.bulk_toggled)
        self._read.toggled.connect(self.reading_toggled)

    def current(self) -> str:
        """Return the key of the tab that is shown."""
        return self.bar.current()

    def set_current(self, key: str) -> None:
        """Show another tab."""
        self.bar.set_current(key)

    def set_read_only(self, read_only: bool) -> None:
        """Offer nothing that changes the request, or all again; `show_tools` follows."""
        self._read_only = read_only
        self.bar.update_tab("body", arrow=not read_only)

    def open_body_menu(self) -> None:
        """Open the menu of body types."""
        if self._read_only:
            return
        self.body_menu.popup(self.bar.menu_position("body"))

    def choose_for(self, request: Request) -> None:
        """Show the tab that says most of a request, unless the one that is shown says something."""
        if self.current() == "params" and not request.parameters and not isinstance(request.body, NoBody):
            self.set_current("body")

    def show_request(self, request: Request) -> None:
        """Show counts, dots and the type of the body."""
        self.bar.update_tab("params", badge=_count(request.parameters) + len(request.path_parameters))
        self.bar.update_tab("headers", badge=_count(request.headers))
        self.bar.update_tab("auth", dot=not isinstance(request.authentication, NoAuthentication))
        self.bar.update_tab("docs", dot=bool(request.description))
        self.bar.update_tab("body", sub_text=body_words(request))

    def show_tools(self, key: str, pages: RequestPages) -> None:
        """Show the tool that fits the page that is shown."""
        table = pages.current_table()
        self._beautify.setVisible(not self._read_only and key == "body" and pages.body.current_editor() is not None)
        self._bulk.setVisible(not self._read_only and table is not None)
        self._bulk.blockSignals(True)
        self._bulk.setChecked(table is not None and table.is_bulk())
        self._bulk.blockSignals(False)
        self._read.setVisible(key == "docs")

    def _fill_menu(self) -> None:
        for words, media_type in MEDIA_TYPES:
            self._add(words, "text", media_type)
        self._add(self.tr("Other text"), "text", _OTHER)
        self.body_menu.addSeparator()
        self._add(self.tr("Form, URL-encoded"), "form")
        self._add(self.tr("Multipart form"), "multipart")
        self._add(self.tr("File"), "file")
        self._add("GraphQL", "graphql")
        self.body_menu.addSeparator()
        self._add(self.tr("No body"), "none")

    def _add(self, words: str, body_type: str, media_type: str = "") -> None:
        action = self.body_menu.addAction(words)
        action.triggered.connect(lambda _checked=False: self.body_type_chosen.emit(body_type, media_type))


def body_words(request: Request) -> str:
    """Return the word for the type of the body, empty for none."""
    body = request.body
    if isinstance(body, TextBody):
        return next((words for words, media_type in MEDIA_TYPES if media_type == body.media_type), body.media_type)
    if isinstance(body, UnknownBody):
        return body.type
    words = {FormBody: "Form", MultipartBody: "Multipart", FileBody: "File", GraphQLBody: "GraphQL"}
    return words.get(type(body), "")


def _count(rows: tuple[object, ...]) -> int:
    return sum(1 for row in rows if getattr(row, "enabled", True))
