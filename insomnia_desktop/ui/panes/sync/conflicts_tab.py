"""The documents that two devices changed in the same place, each opened with a click."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from insomnia_desktop.ui.i18n.words import when_words
from insomnia_desktop.ui.models.list_entries import ListEntry
from insomnia_desktop.ui.panes.sync.empty_note import EmptyNote
from insomnia_desktop.ui.panes.sync.overview_tab import KIND_ICONS
from insomnia_desktop.ui.panes.sync.sync_rows import Ground
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictsViewModel, fields_words
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import one_of_kind
from insomnia_desktop.ui.widgets.entry_list import EntryList


class ConflictsTab(Ground):
    """A list, or the word that there is nothing to choose.

    Signals:
        conflict_wanted(document_id): its values are to be seen side by side.
    """

    conflict_wanted = Signal(str)

    def __init__(self, session: UiSession, conflicts: ConflictsViewModel) -> None:
        super().__init__()
        self._session = session
        self._conflicts = conflicts
        self.list = EntryList()
        self.list.setObjectName("conflictList")
        self.list.setAccessibleName(self.tr("Documents in conflict"))
        self.list.opened.connect(self.conflict_wanted)
        self.list.viewport().setContentsMargins(0, 0, 0, 0)
        note = self.tr("What two devices changed in different places is merged by itself.")
        self._empty = EmptyNote(self.tr("No conflicts"), note)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(6), 0, 0)
        column.addWidget(self._pages)
        conflicts.documents_changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        now = self._session.clock.now_ms()
        documents = self._conflicts.documents
        self.list.show_entries(
            [
                ListEntry(
                    key=each.id,
                    title=each.name or one_of_kind(each.kind),
                    sub=self.tr("Changed on two devices: %s") % fields_words(each),
                    right=when_words(each.at, now),
                    method=each.method,
                    icon="" if each.method else KIND_ICONS.get(each.kind, "file"),
                )
                for each in documents
            ]
        )
        self._pages.setCurrentWidget(self.list if documents else self._empty)
