"""Every connection that was made to the sync server, newest first; no secret is in it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from insomnia_desktop.services.sync_views import ConnectionLogRow
from insomnia_desktop.ui.i18n.words import clock_words, duration_words, short_day_words, size_words
from insomnia_desktop.ui.models.fact_rows import FactColumn, FactRow
from insomnia_desktop.ui.panes.sync.empty_note import EmptyNote
from insomnia_desktop.ui.panes.sync.sync_rows import Ground
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel
from insomnia_desktop.ui.widgets.fact_table import FactTable

FAILED_FROM = 400


class LogTab(Ground):
    """A table that follows while the page is open."""

    def __init__(self, session: UiSession, sync: SyncViewModel) -> None:
        super().__init__()
        self._session = session
        self._sync = sync
        columns = (
            FactColumn(self.tr("Time"), 88),
            FactColumn(self.tr("Method"), 56, mono=True),
            FactColumn(self.tr("Path"), mono=True, middle=True),
            FactColumn(self.tr("Answer"), 64, marks=True),
            FactColumn(self.tr("Sent"), 64, right=True, dim=True),
            FactColumn(self.tr("Received"), 72, right=True, dim=True),
            FactColumn(self.tr("Took"), 72, right=True, dim=True),
        )
        self.table = FactTable(columns)
        self.table.setObjectName("connectionLog")
        self.table.setAccessibleName(self.tr("Connections to the server"))
        self._empty = EmptyNote(self.tr("No connection yet"), self.tr("Each request to your server is listed here."))
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        sync.status_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        connections, now = self._sync.connections(), self._session.clock.now_ms()
        self.table.show_rows([self._row(each, now) for each in connections])
        self._pages.setCurrentWidget(self.table if connections else self._empty)

    def _row(self, connection: ConnectionLogRow, now: int) -> FactRow[ConnectionLogRow]:
        status = connection.status
        texts = (
            f"{short_day_words(connection.at, now)} {clock_words(connection.at, seconds=True)}".lstrip(),
            connection.method,
            connection.path,
            str(status) if status else self.tr("No answer"),
            size_words(connection.bytes_up),
            size_words(connection.bytes_down),
            duration_words(connection.ms),
        )
        return FactRow(texts, connection, "danger" if not status or status >= FAILED_FROM else "")
