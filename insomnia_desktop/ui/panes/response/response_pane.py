"""The right column: what came of the last send, or how far the present one is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QDir, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from insomnia_desktop.model import Response
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.panes.response import last_facts
from insomnia_desktop.ui.panes.response.advice import ENVIRONMENTS, PASSWORD, PREFERENCES
from insomnia_desktop.ui.panes.response.body_page import COPY_LIMIT, BodyPage
from insomnia_desktop.ui.panes.response.history_menu import HistoryMenu
from insomnia_desktop.ui.panes.response.last_bar import LastBar
from insomnia_desktop.ui.panes.response.response_pages import ResponsePages
from insomnia_desktop.ui.panes.response.response_tabs import ResponseTabs
from insomnia_desktop.ui.panes.response.set_cookies import set_cookies
from insomnia_desktop.ui.panes.response.status_bar import StatusBar
from insomnia_desktop.ui.theme.active import theme
from insomnia_desktop.ui.viewmodels.response_body_view_model import ResponseBodyViewModel
from insomnia_desktop.ui.viewmodels.response_view_model import ResponseViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.tab_order import order_behind_page

_AGE_MS = 20_000
_WRAP = "response.wrap"


class ResponsePane(QWidget):
    """Shows a response of the open request, its history, and sends on their way.

    Signals:
        preferences_requested(page), environments_requested(): the window opens them.
        send_requested(): the person wants to send again.
        sending_changed(running): the open request runs, or does not any more.
        certificate_password_requested(path): ask for it, then call `view_model.use_certificate_password`.
        notice_requested(text, action_text, call): a fact to be shown, with what can be done about it.
    """

    preferences_requested = Signal(str)
    environments_requested = Signal()
    send_requested = Signal()
    sending_changed = Signal(bool)
    certificate_password_requested = Signal(str)
    notice_requested = Signal(str, str, object)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("responsePane")
        self._session = session
        self.view_model = ResponseViewModel(session, workspace, self)
        self.bodies = ResponseBodyViewModel(session, self)
        self.status = StatusBar()
        self.tabs = ResponseTabs()
        self.body = BodyPage(self.bodies)
        self.pages = ResponsePages(self.body, session, workspace)
        self.last_bar = LastBar()
        self.history_menu = HistoryMenu(self)
        # The tab that the person looks at; a failure has others and does not change it.
        self._wanted_tab = "preview"
        self._is_started = False
        self._age = QTimer(self)
        self._age.setInterval(_AGE_MS)
        self._age.timeout.connect(self._show_age)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.status)
        column.addWidget(self.tabs)
        column.addWidget(self.pages, 1)
        column.addWidget(self.last_bar)
        self._show_wrap()
        self._connect()
        self.status.show_blank()
        self._show_frame(False)
        self.pages.show_blank()

    def send(self, request_id: str) -> None:
        """Send a request; its run and its response are shown while it is the open one."""
        self._is_started = True
        self.view_model.send(request_id)

    @Slot()
    def cancel(self) -> None:
        """Stop the send of the open request."""
        self.view_model.cancel()

    def is_sending(self) -> bool:
        """Say whether the open request runs."""
        return self.view_model.is_sending()

    def focus_response(self) -> None:
        """Put the focus on what is shown."""
        self.pages.focus_page()

    @Slot()
    def open_history_menu(self) -> None:
        """Open the menu of responses."""
        shown = self.view_model.response
        self.history_menu.show_history(
            self.view_model.history, shown_id=shown.id if shown is not None else "", now=self._session.clock.now_ms()
        )
        self.history_menu.popup(self.status.history_position(self.history_menu.sizeHint().width()))

    def open_find(self) -> None:
        """Find in the text of the body."""
        if "preview" in self.tabs.keys():  # noqa: SIM118
            self._show_page("preview")
            self.body.open_find()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground; the first time something is to be seen, look for the response."""
        QPainter(self).fillRect(event.rect(), theme().color("window"))
        if not self._is_started:
            self._is_started = True
            QTimer.singleShot(0, self, self._start)

    def showEvent(self, event: QShowEvent) -> None:
        """Let "4 minutes ago" stay true."""
        super().showEvent(event)
        self._age.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._age.stop()

    def _connect(self) -> None:
        model = self.view_model
        model.response_changed.connect(self._on_response)
        model.history_changed.connect(self._show_facts)
        model.run_changed.connect(self._show_status)
        model.progressed.connect(self._on_progress)
        model.sending_changed.connect(self.sending_changed)
        self.bodies.saved.connect(self._on_saved)
        self.body.facts_changed.connect(self._on_body)
        self.body.failed.connect(self._session.bridge.failed)
        self.body.copy_truncated.connect(self._on_copy_truncated)
        self.status.cancel_requested.connect(self.cancel)
        self.status.history_requested.connect(self.open_history_menu)
        self.tabs.page_chosen.connect(self._on_page_chosen)
        self.tabs.mode_chosen.connect(self._on_mode)
        self.tabs.wrap_toggled.connect(self._on_wrap)
        self.tabs.copy_requested.connect(self._on_copy_page)
        self.pages.deed_requested.connect(self._on_deed)
        self.pages.details_copied.connect(partial(self._say, self.tr("The details are copied.")))
        self.last_bar.requested.connect(self._on_last_bar)
        self.history_menu.chosen.connect(model.choose)
        self.history_menu.delete_requested.connect(self._on_delete)
        self.history_menu.clear_requested.connect(model.clear_history)
        self._session.feed.changed.connect(self._on_changed)

    @Slot()
    def _start(self) -> None:
        self.view_model.start()
        # Where there is no response nothing changes, and yet something has to be said.
        if self.view_model.response is None:
            self._on_response()

    @Slot()
    def _on_response(self) -> None:
        response = self.view_model.response
        self.pages.take(response)
        self._show_frame(response is not None)
        self._show_status()
        if response is None:
            self.bodies.open(None)
            self.pages.show_empty()
            return
        if is_unanswered(response):
            words = self.tr("Error") if response.state == "failed" else self.tr("Cancelled")
            self.tabs.show_failure_tabs(words, timeline=len(response.timeline))
        elif response.state == "failed":
            self.tabs.show_failure_tabs(
                self.tr("Error"),
                timeline=len(response.timeline),
                headers=len(response.headers),
                cookies=len(set_cookies(response)),
            )
        else:
            self.tabs.show_response_tabs(headers=len(response.headers), cookies=len(set_cookies(response)))
        keys = self.tabs.keys()
        shown = "error" if "error" in keys else self._wanted_tab
        self._show_page(shown if shown in keys else keys[0])

    def _show_frame(self, shown: bool) -> None:
        self.tabs.setVisible(shown)
        self.last_bar.setVisible(shown)

    @Slot()
    def _show_status(self) -> None:
        run, response = self.view_model.run, self.view_model.response
        if run is not None:
            self.status.show_run(run, self.view_model.elapsed_ms)
        elif response is not None:
            self.status.show_response(response, self._session.clock.now_ms())
        else:
            self.status.show_nothing()
        self._show_facts()

    @Slot()
    def _on_progress(self) -> None:
        run = self.view_model.run
        if run is not None:
            self.status.show_run(run, self.view_model.elapsed_ms)

    @Slot()
    def _show_age(self) -> None:
        response = self.view_model.response
        if response is not None:
            self.status.show_age(response, self._session.clock.now_ms())
            self._show_facts()

    @Slot()
    def _show_facts(self) -> None:
        facts = last_facts.facts_of(self.view_model, self.body, self.tabs.current(), now=self._session.clock.now_ms())
        self.last_bar.show_facts(facts.note, facts.strong, deeds=facts.deeds, is_notice=facts.is_notice)

    @Slot(str)
    def _on_page_chosen(self, key: str) -> None:
        if key != "error":
            self._wanted_tab = key
        self._show_page(key)

    def _show_page(self, key: str) -> None:
        self.tabs.set_current(key)
        self.pages.show_page(key)
        self._on_body()

    @Slot()
    def _on_body(self) -> None:
        first = self.tr("Picture") if self.body.kind.kind == "image" else self.tr("Pretty")
        self.tabs.set_modes(self.body.mode, first)
        self.tabs.set_tools(self.tabs.current(), wraps=self.body.is_text())
        order_behind_page(self.pages.currentWidget(), self.tabs.bar, self.last_bar.controls())
        self._show_facts()

    @Slot(str)
    def _on_mode(self, mode: str) -> None:
        self._show_page("preview")
        self.body.set_mode(mode)

    @Slot(bool)
    def _on_wrap(self, wrap: bool) -> None:
        self._session.services.preferences.set(_WRAP, wrap)
        self._show_wrap()

    def _show_wrap(self) -> None:
        wrap = bool(self._session.services.preferences.get(_WRAP))
        self.tabs.set_wrap(wrap)
        self.body.set_wrap(wrap)

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        if any(change.kind == "setting" and change.id == _WRAP for change in change_set.changes):
            self._show_wrap()

    @Slot()
    def _on_copy_page(self) -> None:
        QGuiApplication.clipboard().setText(self.pages.text_to_copy(self.tabs.current()))
        self._say(self.tr("Copied."))

    @Slot(int)
    def _on_copy_truncated(self, limit: int) -> None:
        self._say(self.tr("Only the first %d MB are copied; Save… keeps all of it.") % (limit // 1_000_000))

    @Slot(str, str)
    def _on_deed(self, deed: str, target: str) -> None:
        if deed == ENVIRONMENTS:
            self.environments_requested.emit()
        elif deed == PREFERENCES:
            self.preferences_requested.emit(target)
        elif deed == PASSWORD:
            self.certificate_password_requested.emit(target)
        else:
            self.send_requested.emit()

    @Slot(str)
    def _on_last_bar(self, deed: str) -> None:
        if deed == "show_last":
            last = self.view_model.last_good()
            self.view_model.choose(last.id if last is not None else None)
        elif deed == "show_newest":
            self.view_model.choose(None)
        elif deed == "format":
            self.body.set_mode("pretty")
        elif deed == "go_to_line":
            self._open_go_to_line()
        elif deed == "copy_body":
            whole = self.body.copy()
            self._say(self.tr("The body is copied.")) if whole else self._on_copy_truncated(COPY_LIMIT)
        else:
            self._open_save()

    def _open_go_to_line(self) -> None:
        from insomnia_desktop.ui.panes.response.go_to_line_dialog import GoToLineDialog

        dialog = GoToLineDialog(self)
        dialog.line_chosen.connect(self.body.viewer.go_to_line)
        dialog.line_chosen.connect(self.body.focus_body)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _open_save(self) -> None:
        response = self.view_model.response
        # As it was received: what is shown may be a copy that was laid out anew.
        source = self._session.services.sending.body_path(response) if response is not None else None
        if response is None or source is None:
            return
        dialog = QFileDialog(self, self.tr("Save the body"))
        dialog.setObjectName("responseSaveDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDirectory(QDir.home())
        dialog.selectFile(last_facts.file_name(response))
        dialog.fileSelected.connect(lambda target: self.bodies.save(source, Path(target)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(object)
    def _on_saved(self, path: Path) -> None:
        self._say(self.tr("Saved as %s.") % path.name)

    @Slot()
    def _on_delete(self) -> None:
        response = self.view_model.response
        if response is not None:
            self.view_model.delete(response.id)

    def _say(self, text: str) -> None:
        self.notice_requested.emit(text, "", None)


def is_unanswered(response: Response) -> bool:
    """Say whether no answer began to come."""
    return response.state != "ok" and response.status == 0
