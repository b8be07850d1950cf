"""The pages behind the tabs of the request; each is made when it is wanted first."""

from __future__ import annotations

from functools import cached_property
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from insomnia_desktop.model import Request
from insomnia_desktop.ui.panes.request.authentication_tab import AuthenticationTab
from insomnia_desktop.ui.panes.request.body_tab import BodyTab
from insomnia_desktop.ui.panes.request.docs_tab import DocsTab
from insomnia_desktop.ui.panes.request.rows_tab import ParametersTab, RowsTab
from insomnia_desktop.ui.panes.request.settings_page import RequestSettingsPage
from insomnia_desktop.ui.viewmodels.editor_settings import EditorSettings
from insomnia_desktop.ui.viewmodels.request_view_model import RequestViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.key_value_table import KeyValueTable

_Page = TypeVar("_Page", bound=QWidget)


class RequestPages(QStackedWidget):
    """Parameters, body, authentication, headers, docs and settings of one request.

    A page that was never opened is not made, and not told of changes: it reads the draft when it is made.

    Signals:
        body_type_requested(): the person wants to choose a type of body.
    """

    body_type_requested = Signal()

    def __init__(self, view_model: RequestViewModel, workspace: WorkspaceViewModel, session: UiSession) -> None:
        super().__init__()
        self._model = view_model
        self._workspace = workspace
        self._preferences = session.services.preferences
        self._editor_settings = EditorSettings(session, self)

    @cached_property
    def parameters(self) -> ParametersTab:
        """The page of parameters."""
        page = ParametersTab(self._workspace)
        page.rows_edited.connect(self._model.set_parameters)
        page.path_rows_edited.connect(self._model.set_path_parameters)
        return self._made(page)

    @cached_property
    def body(self) -> BodyTab:
        """The page of the body."""
        page = BodyTab(self._workspace, self._editor_settings)
        page.edited.connect(self._model.set_body)
        page.focus_left.connect(self._model.end_typing)
        page.type_requested.connect(self.body_type_requested)
        return self._made(page)

    @cached_property
    def authentication(self) -> AuthenticationTab:
        """The page of authentication."""
        page = AuthenticationTab(self._workspace)
        page.edited.connect(self._model.set_authentication)
        page.focus_left.connect(self._model.end_typing)
        return self._made(page)

    @cached_property
    def headers(self) -> RowsTab:
        """The page of headers."""
        page = RowsTab("headersTable", self.tr("Headers"), self._workspace)
        page.rows_edited.connect(self._model.set_headers)
        return self._made(page)

    @cached_property
    def docs(self) -> DocsTab:
        """The page of docs."""
        page = DocsTab(self._editor_settings)
        page.edited.connect(self._model.set_description)
        page.focus_left.connect(self._model.end_typing)
        return self._made(page)

    @cached_property
    def settings(self) -> RequestSettingsPage:
        """The page of settings."""
        page = RequestSettingsPage(self._preferences)
        page.edited.connect(self._model.set_settings)
        page.focus_left.connect(self._model.end_typing)
        return self._made(page)

    def open_page(self, key: str) -> None:
        """Show a page: `params`, `body`, `auth`, `headers`, `docs` or `settings`."""
        names = {"params": "parameters", "auth": "authentication"}
        self.setCurrentWidget(getattr(self, names.get(key, key)))

    def shows_settings(self) -> bool:
        """Say whether the settings are shown."""
        return isinstance(self.currentWidget(), RequestSettingsPage)

    def current_table(self) -> KeyValueTable | None:
        """Return the table of rows that is shown, if one is."""
        page = self.currentWidget()
        if isinstance(page, RowsTab):
            return page.table
        return page.current_table() if isinstance(page, BodyTab) else None

    def show_request(self, request: Request, *, fresh: bool) -> None:
        """Show a request in the pages that are made; `fresh` is another one."""
        for at in range(self.count()):
            page = self.widget(at)
            if page is not None:
                _fill(page, request, fresh=fresh)

    def set_read_only(self, read_only: bool) -> None:
        """Let nothing be changed in any page, or all again."""
        for at in range(self.count()):
            page = self.widget(at)
            if page is not None:
                _hold(page, read_only)

    def _made(self, page: _Page) -> _Page:
        self.addWidget(page)
        _hold(page, self._model.held.is_held())
        if self._model.request is not None:
            _fill(page, self._model.request, fresh=True)
        return page


def _hold(page: QWidget, read_only: bool) -> None:
    if isinstance(page, RowsTab | BodyTab | AuthenticationTab | DocsTab | RequestSettingsPage):
        page.set_read_only(read_only)


def _fill(page: QWidget, request: Request, *, fresh: bool) -> None:
    if isinstance(page, ParametersTab):
        page.show_rows(request.parameters, fresh=fresh)
        page.show_path_rows(request.path_parameters, fresh=fresh)
    elif isinstance(page, RowsTab):
        page.show_rows(request.headers, fresh=fresh)
    elif isinstance(page, BodyTab):
        page.show_body(request.body, fresh=fresh)
    elif isinstance(page, AuthenticationTab):
        page.show_authentication(request.authentication, fresh=fresh)
    elif isinstance(page, DocsTab):
        page.show_text(request.description, fresh=fresh)
    elif isinstance(page, RequestSettingsPage):
        page.show_settings(request.settings)
