"""The pages below the tabs of the response; each is made when it is first shown and filled when it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from insomnia_desktop.model import Response
from insomnia_desktop.ui.panes.response.body_page import BodyPage
from insomnia_desktop.ui.panes.response.empty_page import EmptyPage
from insomnia_desktop.ui.panes.response.note_page import NotePage
from insomnia_desktop.ui.panes.response.set_cookies import set_cookies
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel

if TYPE_CHECKING:
    from insomnia_desktop.ui.panes.response.failed_page import FailedPage
    from insomnia_desktop.ui.panes.response.response_table import ResponseTable
    from insomnia_desktop.ui.panes.response.timeline_page import TimelinePage


class ResponsePages(QStackedWidget):
    """Body, headers, cookies, timeline, failure, and the empty page of one response at a time.

    Signals:
        deed_requested(deed, target): what to try after a failure.
        details_copied(): the details of a failure are on the clipboard.
    """

    deed_requested = Signal(str, str)
    details_copied = Signal()

    def __init__(self, body: BodyPage, session: UiSession, workspace: WorkspaceViewModel) -> None:
        super().__init__()
        self.body = body
        self._session = session
        self._workspace = workspace
        self._response: Response | None = None
        # Which pages show the present response already.
        self._filled: set[str] = set()
        self._blank = QWidget()
        self.empty = EmptyPage()
        self._failed: FailedPage | None = None
        self._headers: ResponseTable | None = None
        self._cookies: ResponseTable | None = None
        self._timeline: TimelinePage | None = None
        self._no_rows = NotePage()
        for page in (self._blank, self.empty, self.body, self._no_rows):
            self.addWidget(page)

    @property
    def failed(self) -> FailedPage:
        """The page of failures."""
        if self._failed is None:
            from insomnia_desktop.ui.panes.response.failed_page import FailedPage

            self._failed = FailedPage()
            self._failed.deed_requested.connect(self.deed_requested)
            self._failed.copied.connect(self.details_copied)
            self.addWidget(self._failed)
        return self._failed

    def take(self, response: Response | None) -> None:
        """Take another response; pages are filled once they are shown."""
        self._response = response
        self._filled.clear()
        self.body.release()

    def show_blank(self) -> None:
        """Show nothing."""
        self.setCurrentWidget(self._blank)

    def show_empty(self) -> None:
        """Show the quiet page of a request without a response."""
        self.setCurrentWidget(self.empty)

    def show_page(self, key: str) -> None:
        """Show the page of a tab."""
        response = self._response
        if response is None:
            return
        is_fresh = key not in self._filled
        self._filled.add(key)
        if key == "preview":
            self.setCurrentWidget(self.body)
            if is_fresh:
                self.body.show_response(response)
        elif key == "error":
            if is_fresh:
                self._show_failure(response)
            self.setCurrentWidget(self.failed)
        elif key == "timeline":
            page = self._timeline_page()
            if is_fresh:
                page.show_response(response)
            self.setCurrentWidget(page)
        elif key == "headers":
            self._show_rows(self._headers_table(), list(response.headers), self.tr("No headers came."))
        else:
            rows: list[tuple[str, ...]] = [
                (each.name, each.value, each.domain, each.path, each.expires, each.flags)
                for each in set_cookies(response)
            ]
            self._show_rows(self._cookies_table(), rows, self.tr("This response sets no cookies."))

    def text_to_copy(self, key: str) -> str:
        """Return all of the page of a tab for the clipboard."""
        table = {"headers": self._headers, "cookies": self._cookies}.get(key)
        if table is not None:
            return table.as_text()
        return self._timeline_page().as_text() if key == "timeline" else ""

    def focus_page(self) -> None:
        """Put the focus on what is shown."""
        current = self.currentWidget()
        if current is self.body:
            self.body.focus_body()
        elif current is not None:
            current.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_failure(self, response: Response) -> None:
        from insomnia_desktop.ui.panes.response.failure_view import failure_of

        self.failed.show_failure(failure_of(response, self._session, self._workspace))

    def _show_rows(self, table: ResponseTable, rows: list[tuple[str, ...]], nothing: str) -> None:
        table.show_rows(rows)
        if not rows:
            self._no_rows.show_note(nothing)
        self.setCurrentWidget(table if rows else self._no_rows)

    def _headers_table(self) -> ResponseTable:
        if self._headers is None:
            from insomnia_desktop.ui.panes.response.response_table import ResponseTable

            self._headers = ResponseTable((self.tr("Name"), self.tr("Value")), (0.36, 0.64))
            self._headers.setObjectName("responseHeaders")
            self._headers.setAccessibleName(self.tr("Headers of the response"))
            self.addWidget(self._headers)
        return self._headers

    def _cookies_table(self) -> ResponseTable:
        if self._cookies is None:
            from insomnia_desktop.ui.panes.response.response_table import ResponseTable

            headings = (
                self.tr("Name"), self.tr("Value"), self.tr("Domain"), self.tr("Path"), self.tr("Expires"),
                self.tr("Flags"),
            )  # fmt: skip
            self._cookies = ResponseTable(headings, (0.16, 0.2, 0.17, 0.11, 0.2, 0.16))
            self._cookies.setObjectName("responseCookies")
            self._cookies.setAccessibleName(self.tr("Cookies that the response sets"))
            self.addWidget(self._cookies)
        return self._cookies

    def _timeline_page(self) -> TimelinePage:
        if self._timeline is None:
            from insomnia_desktop.ui.panes.response.timeline_page import TimelinePage

            self._timeline = TimelinePage()
            self.addWidget(self._timeline)
        return self._timeline
