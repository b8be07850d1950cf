"""The first page of the sync panel: what needs a choice, the last backup, devices, workspaces, what the server sees."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from insomnia_desktop.services.sync_views import AttentionItem, SyncState
from insomnia_desktop.ui.panes.account.account_rows import DeviceRow
from insomnia_desktop.ui.panes.sync.column_page import SECTION_GAP, ColumnPage
from insomnia_desktop.ui.panes.sync.sync_rows import (
    CheckRow,
    MethodSign,
    SeenRow,
    SyncRow,
    WorkspaceRow,
    clear,
    column_of,
)
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictedDocument, ConflictsViewModel, fields_words
from insomnia_desktop.ui.viewmodels.footer_states import problem_words
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel
from insomnia_desktop.ui.viewmodels.sync_words import (
    BACKUP,
    CHOOSE_WORKSPACES,
    DISMISS,
    OPEN,
    SHOW_BYTES,
    attention_line,
    check_line,
    item_words,
    kind_words,
    moment_of,
    workspace_words,
)
from insomnia_desktop.ui.widgets.icon_line import Icon, IconLine
from insomnia_desktop.ui.widgets.labels import Label
from insomnia_desktop.ui.widgets.page_heading import PageHeading

SHOWN_DEVICES, SHOWN_CONFLICTS = 3, 3
KIND_ICONS = {"folder": "folder", "environment": "braces", "workspace": "folder", "cookie_jar": "cookie"}


class OverviewTab(ColumnPage):
    """What needs a choice stands first; a line with a tick stands for a check that was made, and for no other.

    Signals:
        conflict_wanted(document_id), workspaces_wanted(): a choice is to be made.
        document_wanted(document_id): a document is to be seen.
        tab_wanted(key): another page of the panel is wanted.
        mode_wanted(WorkspaceSync, mode): a workspace is to be synced, or no longer.
    """

    conflict_wanted = Signal(str)
    workspaces_wanted = Signal()
    document_wanted = Signal(str)
    tab_wanted = Signal(str)
    mode_wanted = Signal(object, str)

    def __init__(
        self, session: UiSession, sync: SyncViewModel, account: AccountViewModel, conflicts: ConflictsViewModel
    ) -> None:
        super().__init__()
        self._session = session
        self._sync = sync
        self._account = account
        self._conflicts = conflicts
        self._choices = self._section(self.left)
        self._backup = self._section(self.left)
        self._devices = self._section(self.left)
        self._seen = self._section(self.right)
        self._workspaces = self._section(self.right)
        sync.status_changed.connect(self._show_status)
        sync.workspaces.changed.connect(self._show_workspaces)
        conflicts.documents_changed.connect(self._show_choices)
        account.devices_changed.connect(self._show_devices)
        self._show_status()
        self._show_devices()
        self._show_workspaces()

    def _section(self, column: QVBoxLayout) -> QVBoxLayout:
        part = QWidget()
        column.addWidget(part)
        return column_of(part)

    @Slot()
    def _show_status(self) -> None:
        self._show_choices()
        self._show_backup()
        self._show_seen()

    @Slot()
    def _show_choices(self) -> None:
        clear(self._choices)
        documents, others = self._conflicts.documents, self._sync.attention()
        if documents:
            heading = PageHeading(self.tr("Conflicts"), warning=True)
            heading.set_count(len(documents))
            if len(documents) > SHOWN_CONFLICTS:
                heading.link.setText(self.tr("Show all"))
                heading.link.show()
                heading.link.clicked.connect(lambda: self.tab_wanted.emit("conflicts"))
            self._choices.addWidget(heading)
            self._choices.addSpacing(px(6))
            shown = documents[:SHOWN_CONFLICTS]
            for at, document in enumerate(shown):
                self._choices.addWidget(self._conflict_row(document, last=at == len(shown) - 1))
            self._choices.addSpacing(px(SECTION_GAP))
        if others:
            heading = PageHeading(self.tr("Needs attention"), warning=True)
            heading.set_count(len(others))
            self._choices.addWidget(heading)
            self._choices.addSpacing(px(6))
            for at, item in enumerate(others):
                self._choices.addWidget(self._attention_row(item, last=at == len(others) - 1))
            self._choices.addSpacing(px(SECTION_GAP))

    def _conflict_words(self, document: ConflictedDocument) -> str:
        return self.tr("Changed on two devices: %s") % fields_words(document)

    def _conflict_row(self, document: ConflictedDocument, *, last: bool) -> SyncRow:
        sign = MethodSign(document.method, KIND_ICONS.get(document.kind, "file"))
        row = SyncRow(
            sign,
            document.name or self.tr("A %s") % kind_words(document.kind),
            self._conflict_words(document),
            button=self.tr("Choose…"),
            name="chooseButton",
            last=last,
        )
        assert row.button is not None
        row.button.clicked.connect(lambda: self.conflict_wanted.emit(document.id))
        return row

    def _attention_row(self, item: AttentionItem, *, last: bool) -> SyncRow:
        line = attention_line(item)
        row = SyncRow(
            Icon("warning", "warning", height=20),
            line.title,
            line.text,
            button=line.deed_words,
            name="attentionButton",
            last=last,
            wraps=True,
        )
        if row.button is not None and line.deed == DISMISS:
            row.button.clicked.connect(lambda: self._sync.dismiss(item.id))
        elif row.button is not None and line.deed == CHOOSE_WORKSPACES:
            row.button.clicked.connect(self.workspaces_wanted)
        elif row.button is not None and line.deed == BACKUP:
            row.button.clicked.connect(self._sync.backup_now)
        elif row.button is not None and line.deed == OPEN:
            row.button.clicked.connect(lambda: self.document_wanted.emit(item.resource_id))
        elif row.button is not None and line.deed == SHOW_BYTES:
            row.button.clicked.connect(lambda: self.tab_wanted.emit("server"))
        return row

    def _show_backup(self) -> None:
        clear(self._backup)
        status, now = self._sync.status, self._session.clock.now_ms()
        self._backup.addWidget(PageHeading(self.tr("Last backup")))
        report = status.last_backup
        figure = Label(self.tr("No backup yet") if report is None else moment_of(report.at, now), size=20, weight=600)
        figure.setObjectName("lastBackup")
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(figure)
        row.addStretch(1)
        if report is not None:
            parts = [item_words(report.items), *([workspace_words(report.workspaces)] if report.workspaces else [])]
            row.addWidget(Label(", ".join(parts), rank="dim", size=12, figures=True))
        head.setFixedHeight(px(46))
        self._backup.addWidget(head)
        checks = report.checks if report is not None else ()
        for at, check in enumerate(checks):
            assert report is not None
            self._backup.addWidget(CheckRow(check_line(check, report.at), last=at == len(checks) - 1))
        problem = problem_words(status)
        if problem:
            line = IconLine("warning", problem, token="warning", rank="dim")
            line.setObjectName("syncProblem")
            line.set_gap(8)
            self._backup.addWidget(line)
        if status.state == SyncState.OFFLINE and status.next_try_at is not None:
            self._backup.addWidget(self._next_try(status.next_try_at, now))
        self._backup.addSpacing(px(SECTION_GAP))

    def _next_try(self, at: int, now: int) -> Label:
        seconds = max(0, (at - now + 999) // 1000)
        minutes = (seconds + 59) // 60
        words = self.tr("The next try is in %d s.") % seconds if seconds < 60 else self.tr("in %d min") % minutes
        if seconds >= 60:
            words = self.tr("The next try is %s.") % words
        label = Label(words, rank="dim", size=12, figures=True)
        label.setContentsMargins(px(24), px(2), 0, 0)
        return label

    @Slot()
    def _show_devices(self) -> None:
        clear(self._devices)
        devices = self._account.devices
        heading = PageHeading(self.tr("Devices"), link=self.tr("Manage"))
        heading.link.setObjectName("manageDevicesLink")
        heading.link.clicked.connect(lambda: self.tab_wanted.emit("devices"))
        self._devices.addWidget(heading)
        if devices is None:
            words = self._account.devices_problem or self.tr("Asking the server…")
            waiting = Label(words, rank="dim", elide=Qt.TextElideMode.ElideRight)
            waiting.setFixedHeight(px(40))
            self._devices.addWidget(waiting)
        shown = (devices or ())[:SHOWN_DEVICES]
        for at, device in enumerate(shown):
            now = self._session.clock.now_ms()
            self._devices.addWidget(DeviceRow(device, now, last=at == len(shown) - 1, may_revoke=False))
        self._show_seen()

    def _show_seen(self) -> None:
        clear(self._seen)
        heading = PageHeading(self.tr("What the server sees"), link=self.tr("Show the bytes"))
        heading.link.setObjectName("showBytesLink")
        heading.link.clicked.connect(lambda: self.tab_wanted.emit("server"))
        self._seen.addWidget(heading)
        account, report = self._account.status, self._sync.status.last_backup
        devices = ", ".join(device.name for device in self._account.devices or ())
        counted = self.tr("%s, each change") % item_words(report.items) if report is not None else self.tr("Yes")
        encrypted = self.tr("Encrypted")
        rows = (
            SeenRow(self.tr("Your e-mail"), account.email),
            SeenRow(self.tr("Device names"), devices or self.tr("Yes")),
            SeenRow(self.tr("Number, size, time"), counted),
            SeenRow(self.tr("Network address"), self.tr("With every connection")),
            SeenRow(self.tr("Names and addresses"), encrypted, sealed=True),
            SeenRow(self.tr("Bodies, headers, docs"), encrypted, sealed=True),
            SeenRow(self.tr("Environments"), encrypted, sealed=True),
            SeenRow(self.tr("Your password"), self.tr("Never sent"), sealed=True, last=True),
        )
        for row in rows:
            self._seen.addWidget(row)
        self._seen.addSpacing(px(SECTION_GAP))

    @Slot()
    def _show_workspaces(self) -> None:
        clear(self._workspaces)
        workspaces = self._sync.workspaces.all()
        if not workspaces:
            return
        self._workspaces.addWidget(PageHeading(self.tr("Workspaces")))
        for at, workspace in enumerate(workspaces):
            row = WorkspaceRow(workspace, last=at == len(workspaces) - 1)
            row.mode_wanted.connect(lambda _id, mode, each=workspace: self.mode_wanted.emit(each, mode))
            self._workspaces.addWidget(row)
