"""The versions of one document by day, the chosen one beside another one, and the way back to it."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from insomnia_desktop.services.history_views import VersionRow, VersionView
from insomnia_desktop.ui.i18n.words import clock_words, day_key, day_words, size_words
from insomnia_desktop.ui.models.list_entries import ListEntry
from insomnia_desktop.ui.panes.sync.empty_note import EmptyNote
from insomnia_desktop.ui.panes.sync.sync_rows import Ground, column_of
from insomnia_desktop.ui.panes.sync.version_bar import VersionBar
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.comparison_words import comparison_words, same_words
from insomnia_desktop.ui.viewmodels.history_view_model import NOT_SENT, HistoryViewModel
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import count_words, moved_words, version_clock
from insomnia_desktop.ui.widgets.bars import Bar, Surface
from insomnia_desktop.ui.widgets.buttons import IconButton, QuietButton
from insomnia_desktop.ui.widgets.difference_view import DifferenceView
from insomnia_desktop.ui.widgets.entry_list import EntryList
from insomnia_desktop.ui.widgets.icon_line import Icon
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.progress_line import ProgressLine
from insomnia_desktop.ui.widgets.splitter import HairlineSplitter

LIST_WIDTH, NARROW_LIST, LEAST_LIST = 320, 232, 200
NARROW = 760
MORE_KEY = "more"


class HistoryPage(Surface):
    """A page over request and response; Escape and the cross go back.

    Signals:
        closed(): it is to go.
        notice_requested(text, action_text, call): a fact to be shown.
        done(words, document_id, edit): a version was brought back, or put beside the document, which the id tells;
            `edit` is as in HistoryViewModel, None for a copy.
    """

    closed = Signal()
    notice_requested = Signal(str, str, object)
    done = Signal(str, str, object)

    def __init__(self, session: UiSession, history: HistoryViewModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setObjectName("historyPage")
        self.setAccessibleName(self.tr("History of %s") % name)
        self._session = session
        self._history = history
        self._waits_for_focus = False
        self.list = EntryList()
        self.list.setObjectName("historyList")
        self.list.setAccessibleName(self.tr("Versions"))
        self.differences = DifferenceView()
        self.differences.setObjectName("versionDifferences")
        self._splitter = HairlineSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(self._left())
        self._splitter.addWidget(self._right())
        self._splitter.setStretchFactor(0, 0)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.reset_requested.connect(self._share_out)
        column = column_of(self)
        self._head = self._make_head(name)
        self._progress = ProgressLine(self._head)
        column.addWidget(self._head)
        column.addWidget(self._splitter, 1)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self._on_chosen)
        history.versions_changed.connect(self._show_versions)
        history.changes.changed.connect(self._show_changes)
        history.version_changed.connect(self._show_version)
        history.running_changed.connect(self._on_running)
        history.restored.connect(self._on_restored)
        history.copied.connect(self._on_copied)
        history.failed.connect(lambda words: self.notice_requested.emit(words, "", None))
        self._show_versions()
        self._show_version()

    def focus_first(self) -> None:
        """Put the focus into the list of versions, once there are some."""
        self._waits_for_focus = not self.list.isVisible()
        (self._close if self._waits_for_focus else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the list its width for this window."""
        super().showEvent(event)
        self._share_out()

    @Slot()
    def _share_out(self) -> None:
        width = px(NARROW_LIST if self.width() < px(NARROW) else LIST_WIDTH)
        self._splitter.setSizes([width, max(1, self.width() - width - 1)])

    def _make_head(self, name: str) -> Bar:
        head = Bar(48)
        head.add(Icon("clock"))
        head.add(Label(self.tr("History of"), size=14, rank="dim"))
        head.add(Label(name, size=14, weight=600, elide=Qt.TextElideMode.ElideRight), stretch=1)
        self._close = IconButton("close", self.tr("Close (Esc)"), name=self.tr("Close"))
        self._close.setObjectName("closePageButton")
        self._close.clicked.connect(self.closed)
        head.add(self._close)
        return head

    def _left(self) -> QWidget:
        part = Ground()
        part.setMinimumWidth(px(LEAST_LIST))
        column = column_of(part)
        bar = Bar(40)
        self._count = Label("", rank="dim")
        self._device_button = QuietButton(self.tr("All devices"), arrow=True, dim=True)
        self._device_button.setObjectName("historyDeviceButton")
        self._devices = QMenu(self._device_button)
        self._devices.aboutToShow.connect(self._fill_devices)
        self._device_button.set_menu(self._devices)
        bar.add(self._count)
        bar.add_stretch()
        bar.add(self._device_button)
        column.addWidget(bar)
        self._list_note = EmptyNote()
        self._list_pages = QStackedWidget()
        self._list_pages.addWidget(self.list)
        self._list_pages.addWidget(self._list_note)
        column.addWidget(self._list_pages, 1)
        foot = Bar(40, hairline="top")
        kept = Label(
            self.tr("Newest 50, one a day for 90 days"), rank="dim", size=12, elide=Qt.TextElideMode.ElideRight
        )
        kept.setToolTip(self.tr("The server keeps the newest 50 versions, and one a day for 90 days."))
        foot.add(kept, stretch=1)
        column.addWidget(foot)
        return part

    def _right(self) -> QWidget:
        part = Ground()
        column = column_of(part)
        self.bar = VersionBar()
        self.copy_button, self.restore_button = self.bar.copy_button, self.bar.restore_button
        self.copy_button.clicked.connect(self._history.open_copy)
        self.restore_button.clicked.connect(self._history.restore)
        self.bar.against_chosen.connect(self._history.compare_with)
        column.addWidget(self.bar)
        self._note = EmptyNote(button=self.tr("Try again"))
        self._note.button.setObjectName("retryHistoryButton")
        self._note.button.clicked.connect(self._history.load)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.differences)
        self._pages.addWidget(self._note)
        column.addWidget(self._pages, 1)
        return part

    @Slot()
    def _fill_devices(self) -> None:
        self._devices.clear()
        for device in ("", *self._history.devices):
            action = self._devices.addAction(device or self.tr("All devices"))
            action.setCheckable(True)
            action.setChecked(device == self._history.device)
            action.triggered.connect(lambda _checked=False, to=device: self._history.show_device(to))

    @Slot()
    def _show_versions(self) -> None:
        versions = self._history.versions
        self._count.setText(count_words(len(versions), self.tr("version"), self.tr("versions")) if versions else "")
        self._device_button.setText(self._history.device or self.tr("All devices"))
        self._device_button.setVisible(len(self._history.devices) > 1)
        self._device_button.updateGeometry()
        if versions:
            self.list.show_entries(self._entries(versions))
            self._list_pages.setCurrentWidget(self.list)
            if self._waits_for_focus:
                self._waits_for_focus = False
                self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            chosen = self._history.chosen
            if chosen is not None:
                self.list.choose(str(chosen.version))
            return
        waits = not self._history.is_known and not self._history.problem
        self._list_note.show_note("", self.tr("Asking the server…") if waits else "")
        self._list_pages.setCurrentWidget(self._list_note)
        self._show_version()

    @Slot()
    def _show_changes(self) -> None:
        if self._history.versions:
            self.list.show_entries(self._entries(self._history.versions))

    def _entries(self, versions: tuple[VersionRow, ...]) -> list[ListEntry]:
        entries: list[ListEntry] = []
        now, day = self._session.clock.now_ms(), ""
        minutes = Counter(_minute(row) for row in versions)
        if self._history.is_unsent and not self._history.device:
            words = self.tr("Not sent yet")
            entries.append(ListEntry(key=str(NOT_SENT), title=self.tr("Now"), sub=words, tag=self.tr("current")))
        for row in versions:
            if day_key(row.at) != day:
                day = day_key(row.at)
                entries.append(ListEntry(title=day_words(row.at, now)))
            entries.append(
                ListEntry(
                    key=str(row.version),
                    # Of one minute: the seconds tell them apart.
                    title=clock_words(row.at, seconds=minutes[_minute(row)] > 1),
                    sub=self._sub(row),
                    right=row.device,
                    tag=self.tr("current") if row.current else "",
                    faint=not row.kept,
                )
            )
        if self._history.may_be_more:
            entries.append(ListEntry(key=MORE_KEY, title=self.tr("Show older versions"), icon="clock"))
        return entries

    def _sub(self, row: VersionRow) -> str:
        moved_to = self._history.changes.moved_to(row)
        if moved_to is not None:
            return moved_words(moved_to)
        changes = self._history.changes.words_of(row.version)
        if changes:
            return changes
        number = self.tr("Version %s") % f"{row.version:,}"
        if row.deleted:
            return self.tr("%s: deleted") % number
        return f"{number}, {size_words(row.size)}" if row.kept else self.tr("%s, its text is gone") % number

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        if key == MORE_KEY:
            self._history.load_more()
        else:
            self._history.choose(int(key))

    @Slot()
    def _show_version(self) -> None:
        row, view = self._history.chosen, self._history.opened
        if row is not None:
            self.list.choose(str(row.version))
        self.bar.show_version("" if row is None else version_clock(row, self._history.versions))
        has_text = row is not None and row.kept and not row.deleted
        against = self._history.against
        compared = comparison_words(against, view, self._session.clock.now_ms())
        self.bar.show_against(against, compared.other, compared.signs, visible=has_text)
        may_copy = view is not None and row is not None and not row.current
        self.bar.show_deeds(may_copy=may_copy, may_restore=self._history.may_restore)
        self.restore_button.setEnabled(not self._history.is_running)
        sections = self._history.sections
        if view is not None and sections:
            self.differences.setAccessibleName(compared.spoken)
            self.differences.show_sections(sections)
            self._pages.setCurrentWidget(self.differences)
            return
        self._note.show_note(*self._words(row, view), button=bool(self._history.problem))
        self._pages.setCurrentWidget(self._note)

    def _words(self, row: VersionRow | None, view: VersionView | None) -> tuple[str, str]:
        if self._history.problem:
            return self.tr("The history cannot be read"), self._history.problem
        if self._history.version_problem:
            return self.tr("This version cannot be opened"), self._history.version_problem
        if row is None:
            if self._history.is_known and not self._history.versions:
                return self.tr("No versions yet"), self.tr("The server gets the first one with the next backup.")
            if self._history.is_unsent:
                return self.tr("Not sent yet"), self.tr("What stands here now is a version once it is sent.")
            return "", ""
        if row.deleted:
            moved_to = self._history.changes.moved_to(row)
            gone = self.tr("Deleted here") if moved_to is None else moved_words(moved_to)
            return gone, self.tr("Choose an older version to see what there was.")
        if not row.kept:
            return self.tr("Its text is gone"), self.tr("The server keeps the newest 50, and one a day for 90 days.")
        if view is None:
            return "", self.tr("Asking the server…")
        if self._history.sections is None:
            return "", self.tr("Comparing…")
        return same_words(view, self._session.clock.now_ms())

    @Slot()
    def _on_running(self) -> None:
        self.restore_button.setEnabled(not self._history.is_running)
        self.copy_button.setEnabled(not self._history.is_running)
        if self._history.is_running:
            self._progress.start()
        else:
            self._progress.stop()

    @Slot(str, object)
    def _on_restored(self, words: str, edit: tuple[str, int] | None) -> None:
        self.done.emit(words, self._history.document_id, edit)

    @Slot(str)
    def _on_copied(self, document_id: str) -> None:
        self.done.emit(self.tr("The version was put beside it as a copy"), document_id, None)


def _minute(row: VersionRow) -> tuple[str, str]:
    return day_key(row.at), clock_words(row.at)
