"""The history of a workspace: its documents, what was deleted, and all of it as it was at a moment."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.model.tree_index import ROOT, TreeIndex
from insomnia_desktop.services.sync_views import DeletedRow, VersionRow, WorkspaceCopy
from insomnia_desktop.store.changes import ChangeSet
from insomnia_desktop.ui.i18n.words import in_sentence
from insomnia_desktop.ui.models.list_entries import ListEntry
from insomnia_desktop.ui.panes.sync.column_page import SECTION_GAP, ColumnPage
from insomnia_desktop.ui.panes.sync.overview_tab import KIND_ICONS
from insomnia_desktop.ui.panes.sync.sync_rows import Ground, MethodSign, SyncRow, column_of
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.copy_words import copy_words, gap_words, why_no_copy
from insomnia_desktop.ui.viewmodels.latest_deed import LatestDeed
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import moment_of, moved_words, one_of_kind
from insomnia_desktop.ui.viewmodels.workspace_view_model import WorkspaceViewModel
from insomnia_desktop.ui.widgets.bars import Bar
from insomnia_desktop.ui.widgets.buttons import DefaultButton
from insomnia_desktop.ui.widgets.entry_list import EntryList
from insomnia_desktop.ui.widgets.fields import LineField
from insomnia_desktop.ui.widgets.icon_line import IconLine
from insomnia_desktop.ui.widgets.keyed_rows import KeyedRows
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
from insomnia_desktop.ui.widgets.page_heading import PageHeading
from insomnia_desktop.ui.widgets.search_field import SearchField
from insomnia_desktop.ui.widgets.splitter import HairlineSplitter
from insomnia_desktop.ui.widgets.tab_order import order_as_laid_out

LIST_WIDTH, NARROW_LIST, NARROW = 320, 232, 760
MOMENT_WIDTH = 176
MOMENT_FORMAT = "%Y-%m-%d %H:%M"
_DAY_MS, _MINUTE_MS = 86_400_000, 60_000
_NAMED_GAPS = 20
_LISTED = frozenset({"request", "folder", "environment"})


class HistoryTab(HairlineSplitter):
    """Left the documents, each opens its versions; right what was deleted, and the whole workspace.

    Signals:
        history_wanted(document_id, name): the versions of a document are to be seen.
        restored(document_id, name): something came back out of the trash.
        notice_requested(text, action_text, call): a fact to be shown.
    """

    history_wanted = Signal(str, str)
    restored = Signal(str, str)
    notice_requested = Signal(str, str, object)

    def __init__(self, session: UiSession, workspace: WorkspaceViewModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._session = session
        self._workspace = workspace
        self._deed = LatestDeed(session, self)
        self._first = LatestDeed(session, self)
        self._is_moment_typed = False
        self.search = SearchField(self.tr("Filter"))
        self.search.setObjectName("historyFilter")
        self.search.setAccessibleName(self.tr("Filter documents"))
        self.list = EntryList()
        self.list.setObjectName("historyDocuments")
        self.list.setAccessibleName(self.tr("Documents with a history"))
        self.addWidget(self._left())
        self.addWidget(self._right())
        self.setStretchFactor(0, 0)
        self.setStretchFactor(1, 1)
        self.reset_requested.connect(self._share_out)
        self.search.text_changed.connect(self._show_documents)
        self.list.opened.connect(self._on_opened)
        session.feed.changed.connect(self._on_changed)
        self._show_documents()
        self._show_deleted()

    def showEvent(self, event: QShowEvent) -> None:
        """Give the list its width for this window, and ask since when the workspace is kept."""
        super().showEvent(event)
        self._share_out()
        if not self._is_moment_typed:
            workspace_id = self._workspace.workspace_id
            # Before the second version there is only the first.
            self._first.ask(
                lambda: self._session.services.syncing.history(workspace_id, 2), self._on_first, lambda _error: None
            )

    @Slot()
    def _share_out(self) -> None:
        width = px(NARROW_LIST if self.width() < px(NARROW) else LIST_WIDTH)
        self.setSizes([width, max(1, self.width() - width - 1)])

    def _left(self) -> QWidget:
        part = Ground()
        column = column_of(part)
        bar = Bar(40, left=8)
        bar.add(self.search, stretch=1)
        column.addWidget(bar)
        column.addSpacing(px(4))
        column.addWidget(self.list, 1)
        part.setMinimumWidth(px(200))
        return part

    def _right(self) -> QWidget:
        page = ColumnPage(two=False)
        page.left.addWidget(PageHeading(self.tr("Deleted or moved away")))
        self._nothing = Label("", rank="dim")
        self._nothing.setFixedHeight(px(40))
        self._deleted = KeyedRows(self._deleted_row, self._show_deleted_row)
        page.left.addWidget(self._nothing)
        page.left.addWidget(self._deleted.part)
        page.left.addSpacing(px(SECTION_GAP))
        page.left.addWidget(PageHeading(self.tr("The whole workspace as it was")))
        page.left.addSpacing(px(10))
        text = self.tr(
            "A copy is made beside the workspace, which stays as it is. The copy is a new workspace, and is synced like"
            " the others."
        )
        page.left.addWidget(WrappedLabel(text, size=12))
        page.left.addSpacing(px(12))
        page.left.addLayout(self._moment_row())
        self._wrong = IconLine("warning", token="danger", rank="danger")
        self._wrong.setObjectName("momentError")
        self._wrong.set_gap(8)
        self._wrong.hide()
        page.left.addWidget(self._wrong)
        # A notice goes after some seconds: what the copy has not stays to be read.
        self._gaps = WrappedLabel("", size=12)
        self._gaps.setObjectName("copyGaps")
        self._gaps.setContentsMargins(0, px(8), 0, 0)
        self._gaps.hide()
        page.left.addWidget(self._gaps)
        self._ground = page.widget()
        return page

    def _moment_row(self) -> QHBoxLayout:
        yesterday = self._session.clock.now_ms() - _DAY_MS
        self.moment = LineField(_moment_text(yesterday))
        self.moment.setObjectName("momentEdit")
        self.moment.setAccessibleName(self.tr("Day and time, as 2026-11-23 14:00"))
        self.moment.setPlaceholderText("2026-11-23 14:00")
        self.moment.setFixedWidth(px(MOMENT_WIDTH))
        self.copy_button = DefaultButton(self.tr("Make a copy as of then"))
        self.copy_button.setObjectName("copyAsOfButton")
        self.copy_button.set_measures(height=32)
        self.copy_button.clicked.connect(self._make_copy)
        self.moment.returnPressed.connect(self._make_copy)
        self.moment.textEdited.connect(self._on_moment_typed)
        self._deed.running_changed.connect(lambda running: self.copy_button.setEnabled(not running))
        row = QHBoxLayout()
        row.setSpacing(px(8))
        row.addWidget(self.moment)
        row.addWidget(self.copy_button)
        row.addStretch(1)
        return row

    @Slot()
    def _show_documents(self) -> None:
        wanted = self.search.text().casefold()
        tree = TreeIndex(self._session.services.documents.tree(self._workspace.workspace_id))
        rows = [tree.row(handle) for handle in tree.descendants(ROOT)]
        entries = [
            ListEntry(
                key=row.id,
                title=row.name or one_of_kind(row.kind),
                method=row.method if row.kind == "request" else "",
                icon="" if row.kind == "request" else KIND_ICONS.get(row.kind, "file"),
            )
            for row in rows
        ]
        entries += [ListEntry(key=each.id, title=each.name, icon="braces") for each in self._workspace.environments()]
        # What is in the trash stands at the right, where it can be brought back whole.
        entries += [
            ListEntry(
                key=each.document_id,
                title=each.name or one_of_kind(each.kind),
                sub=self.tr("Deleted, no longer in the trash"),
                icon=KIND_ICONS.get(each.kind, "send"),
                faint=True,
            )
            for each in self._session.services.syncing.let_go(self._workspace.workspace_id)
            if each.kind in _LISTED
        ]
        self.list.show_entries([entry for entry in entries if wanted in entry.title.casefold()])

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        shown = [change for change in change_set.changes if change.kind in _LISTED]
        if any(change.action != "updated" or "name" in change.parts for change in shown):
            self._show_documents()
            self._show_deleted()

    def _show_deleted(self) -> None:
        now = self._session.clock.now_ms()
        workspace_id = self._workspace.workspace_id
        rows = self._session.services.syncing.deleted(workspace_id)
        away = self._session.services.documents.moved_away(workspace_id)
        self._nothing.setText(
            self.tr("Nothing is in the trash; what it let go of is in the list of documents.")
            if self._session.services.syncing.let_go(workspace_id)
            else self.tr("Nothing was deleted or moved away.")
        )
        self._nothing.setVisible(not rows)
        shown = []
        for each in rows:
            words = moment_of(each.at, now)
            if each.document_id in away:
                words = f"{moved_words(away[each.document_id])}, {in_sentence(words)}"
            shown.append((each.document_id, (each, words)))
        if self._deleted.show_rows(shown):
            order_as_laid_out(self._ground)

    def _deleted_row(self, deleted: tuple[DeletedRow, str]) -> SyncRow:
        document_id = deleted[0].document_id
        row = SyncRow(
            MethodSign("", KIND_ICONS.get(deleted[0].kind, "send")),
            "",
            "",
            button=self.tr("Restore"),
            name="restoreDeletedButton",
            link=self.tr("Versions"),
        )
        assert row.button is not None
        assert row.link is not None
        row.button.clicked.connect(lambda: self._restore(deleted[0]))
        row.link.clicked.connect(lambda: self.history_wanted.emit(document_id, deleted[0].name))
        return row

    def _show_deleted_row(self, row: SyncRow, deleted: tuple[DeletedRow, str], last: bool) -> None:
        document, words = deleted
        row.show_words(document.name or one_of_kind(document.kind), words, last=last)

    def _restore(self, deleted: DeletedRow) -> None:
        # The panel stays, so that the next one can be restored.
        self._workspace.leave_closed()
        name = deleted.name or one_of_kind(deleted.kind)
        self._session.bridge.watch(
            self._session.services.documents.restore([deleted.document_id]),
            lambda _: self.restored.emit(deleted.document_id, name),
            owner=self,
        )

    @Slot(str)
    def _on_opened(self, document_id: str) -> None:
        name = next((entry.title for entry in self.list.entries() if entry.key == document_id), "")
        self.history_wanted.emit(document_id, name)

    @Slot()
    def _make_copy(self) -> None:
        at = moment_from(self.moment.text())
        if at is None or at > self._session.clock.now_ms():
            words = self.tr("Write a day and a time of the past, as 2026-11-23 14:00.")
            self._say_wrong(words)
            return
        # All of the minute: what is shown with it has come in it.
        at = min(at + _MINUTE_MS - 1, self._session.clock.now_ms())
        workspace_id = self._workspace.workspace_id
        self._say_wrong("")
        self._say_gaps("")
        self._deed.ask(
            lambda: self._session.services.syncing.workspace_as_of(workspace_id, at),
            lambda copy: self._on_copied(copy, at),
            self._on_failed,
        )

    @Slot()
    def _on_moment_typed(self) -> None:
        self._is_moment_typed = True
        self._say_wrong("")

    def _on_first(self, rows: tuple[VersionRow, ...]) -> None:
        """Propose no moment before the first version."""
        yesterday = self._session.clock.now_ms() - _DAY_MS
        if rows and rows[-1].at > yesterday and not self._is_moment_typed:
            self.moment.setText(_moment_text(rows[-1].at))

    def _on_copied(self, copy: WorkspaceCopy, at: int) -> None:
        text = copy_words(copy, at, self._session.clock.now_ms())
        self._say_gaps(gap_words(copy, _NAMED_GAPS))
        self.notice_requested.emit(text, self.tr("Open"), lambda: self._workspace.use_workspace(copy.workspace_id))

    def _on_failed(self, error: AppError) -> None:
        self._say_wrong(why_no_copy(error, self._session.clock.now_ms()))

    def _say_gaps(self, words: str) -> None:
        self._gaps.set_plain_text(words)
        self._gaps.setVisible(bool(words))

    def _say_wrong(self, words: str) -> None:
        self.moment.set_wrong(bool(words))
        self._wrong.set_text(words)
        self._wrong.setVisible(bool(words))


def _moment_text(at: int) -> str:
    return datetime.fromtimestamp(at / 1000).astimezone().strftime(MOMENT_FORMAT)


def moment_from(text: str) -> int | None:
    """Return a local day and time in ms since 1970, or None where it is none."""
    try:
        return int(datetime.strptime(text.strip(), MOMENT_FORMAT).astimezone().timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None
