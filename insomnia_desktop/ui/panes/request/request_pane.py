"""The middle column: address, tabs, and the line that says what will be sent."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.model import GraphQLBody, TextBody
from insomnia_desktop.services.error_text import sentence
from insomnia_desktop.services.sending import Preview
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.panes.request.request_pages import RequestPages
from insomnia_desktop.ui.panes.request.request_tabs import RequestTabs
from insomnia_desktop.ui.panes.request.settings_page import count_settings
from insomnia_desktop.ui.panes.request.url_bar import UrlBar
from insomnia_desktop.ui.panes.request.url_preview import UrlPreview
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.viewmodels.request_page_memory import RequestPageMemory
from insomnia_desktop.ui.viewmodels.request_view_model import RequestViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.held_bar import HeldNote
from insomnia_desktop.ui.widgets.problem_page import ProblemPage
from insomnia_desktop.ui.widgets.tab_order import order_behind_page


class RequestPane(QWidget):
    """Shows and edits the open request.

    Signals:
        send_requested(), cancel_requested(): the person wants to send, or to stop.
        environments_requested(): the environment editor is wanted.
        notice_requested(text, action_text, call): a fact to be shown, with what can be done about it.
    """

    send_requested = Signal()
    cancel_requested = Signal()
    environments_requested = Signal()
    notice_requested = Signal(str, str, object)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("requestPane")
        self._session = session
        self.view_model = RequestViewModel(session, workspace, self)
        self._page_memory = RequestPageMemory(session.services.preferences)
        self.url_bar = UrlBar(workspace)
        self.held = HeldNote()
        self.preview = UrlPreview()
        self.tabs = RequestTabs()
        self.pages = RequestPages(self.view_model, workspace, session)
        self.problem_page = ProblemPage("requestProblem")
        self._lay_out()
        self._connect()
        self._show(fresh=True)
        self._on_draft()

    def flush(self) -> Future[ChangeSet] | None:
        """Write the draft down now."""
        return self.view_model.flush()

    def has_request(self) -> bool:
        """Say whether a request is open."""
        return self.view_model.request is not None

    def focus_address(self, select_all: bool = True) -> None:
        """Put the caret into the address."""
        self.url_bar.address.url_edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if select_all:
            self.url_bar.address.url_edit.selectAll()

    def open_method_menu(self) -> None:
        """Open the menu of methods."""
        self.url_bar.address.method_picker.open_menu()

    @Slot()
    def beautify(self) -> None:
        """Lay out the text that is edited; a text that cannot be read stays and a notice says why."""
        editor = self.pages.body.current_editor()
        if editor is None or self.view_model.request is None or self.view_model.held.is_held():
            return
        body = self.view_model.request.body
        media_type = body.media_type if isinstance(body, TextBody) else "application/json"
        if isinstance(body, GraphQLBody) and editor is self.pages.body.graphql.query:
            media_type = "application/graphql"
        try:
            pretty = self._session.services.formatting.beautify(editor.text(), media_type)
        except AppError as error:
            self._session.bridge.failed.emit(error)
            return
        self.view_model.end_typing()
        editor.replace_text(pretty)
        self.view_model.end_typing()

    def open_find(self) -> None:
        """Find in the text that is edited."""
        if self.tabs.current() == "docs":
            self.pages.docs.editor.open_find()
        elif (editor := self.pages.body.current_editor()) is not None:
            self._show_page("body")
            editor.open_find()

    def set_sending(self, sending: bool) -> None:
        """Offer Cancel while a request runs."""
        self.url_bar.set_sending(sending)

    def show_address_problem(self, text: str) -> None:
        """Say under the address what is wrong with it."""
        self.url_bar.show_problem(text)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.url_bar)
        column.addWidget(self.held)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        column.addWidget(self.preview)
        column.addWidget(self.problem_page, 1)

    def _connect(self) -> None:
        model = self.view_model
        self.url_bar.method_changed.connect(model.set_method)
        self.url_bar.url_edited.connect(self._on_url)
        self.url_bar.send_requested.connect(self.send_requested)
        self.url_bar.cancel_requested.connect(self.cancel_requested)
        self.url_bar.address.url_edit.editingFinished.connect(model.end_typing)
        self.pages.body_type_requested.connect(self.tabs.open_body_menu)
        self.tabs.page_chosen.connect(self._on_page_chosen)
        self.tabs.body_type_chosen.connect(self._on_body_type)
        self.tabs.beautify_requested.connect(self.beautify)
        self.tabs.bulk_toggled.connect(self._on_bulk)
        self.tabs.reading_toggled.connect(lambda reading: self.pages.docs.set_reading(reading))
        self.preview.settings_requested.connect(self._on_settings)
        self.preview.copied.connect(lambda: self.notice_requested.emit(self.tr("The address is copied."), "", None))
        model.opened.connect(lambda: self._show(fresh=True))
        model.reloaded.connect(lambda: self._show(fresh=False))
        model.draft_changed.connect(self._on_draft)
        model.held_changed.connect(self._show_held)
        model.preview_changed.connect(self._on_preview)

    def _show(self, *, fresh: bool) -> None:
        request = self.view_model.request
        problem = self.view_model.problem
        self.url_bar.show_problem("")
        if problem is not None:
            words = sentence(problem)
            self.problem_page.show_words(words.title, words.text, words.hint)
        self.problem_page.setVisible(problem is not None)
        for part in (self.url_bar, self.tabs, self.pages, self.preview):
            part.setVisible(problem is None)
        if fresh:
            self._show_held()
        if request is None:
            return
        if fresh:
            self.url_bar.address.set_request(request.method, request.url)
        else:
            self.url_bar.address.merge_request(request.method, request.url)
        self.pages.show_request(request, fresh=fresh)
        if fresh:
            remembered = self._page_memory.page_of(request.id)
            if remembered is not None:
                self.tabs.set_current(remembered)
            else:
                self.tabs.choose_for(request)
            self._show_page(self.tabs.current())
        elif not self.pages.shows_settings():
            self.tabs.show_tools(self.tabs.current(), self.pages)
            self._order_tabs()

    @Slot()
    def _show_held(self) -> None:
        """Say why the request cannot be changed, and let nothing in it be; or let it be changed again."""
        is_held = self.view_model.held.is_held()
        self.held.show_words(self.view_model.held.words())
        for part in (self.url_bar.address, self.tabs, self.pages):
            part.set_read_only(is_held)
        if self.view_model.request is not None and not self.pages.shows_settings():
            self.tabs.show_tools(self.tabs.current(), self.pages)
            self._order_tabs()

    @Slot()
    def _on_draft(self) -> None:
        request = self.view_model.request
        if request is not None:
            self.tabs.show_request(request)
            self.preview.set_settings(shown=self.pages.shows_settings(), count=count_settings(request.settings))

    def _on_url(self, url: str) -> None:
        if self.view_model.take_pasted(url):
            self.notice_requested.emit(self.tr("Taken over from the curl line."), "", None)
            return
        self.view_model.set_url(url)
        request = self.view_model.request
        if request is not None and self.tabs.current() == "params":
            self.pages.parameters.show_path_rows(request.path_parameters, fresh=False)

    @Slot(str)
    def _on_page_chosen(self, key: str) -> None:
        if self.view_model.request is not None:
            self._page_memory.remember(self.view_model.request.id, key)
        self._show_page(key)

    def _show_page(self, key: str) -> None:
        self.pages.open_page(key)
        if key != "settings":
            self.tabs.set_current(key)
        self.tabs.show_tools(key, self.pages)
        self._order_tabs()
        self._on_draft()

    def _order_tabs(self) -> None:
        order_behind_page(self.pages.currentWidget(), self.tabs.bar, self.preview.controls())

    @Slot(str, str)
    def _on_body_type(self, body_type: str, media_type: str) -> None:
        self._show_page("body")
        self.view_model.set_body_type(body_type, media_type)

    def _on_settings(self) -> None:
        self._show_page(self.tabs.current() if self.pages.shows_settings() else "settings")

    def _on_bulk(self, bulk: bool) -> None:
        table = self.pages.current_table()
        if table is not None:
            table.set_bulk(bulk)
            self._order_tabs()

    def _on_preview(self, preview: Preview) -> None:
        request = self.view_model.request
        self.preview.show_preview(request.method if request is not None else "", preview)
