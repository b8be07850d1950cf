"""The first page of the sync panel: what needs a choice, the last backup, devices, workspaces, what the server sees."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from insomnia_desktop.services.account_views import DeviceView
from insomnia_desktop.services.sync_views import AttentionItem, SyncState, WorkspaceSync
from insomnia_desktop.ui.i18n.words import clock_words
from insomnia_desktop.ui.panes.account.account_rows import DeviceRow
from insomnia_desktop.ui.panes.sync.column_page import SECTION_GAP, ColumnPage
from insomnia_desktop.ui.panes.sync.sync_rows import (
    CheckRow,
    MethodSign,
    SeenRow,
    SyncRow,
    WorkspaceRow,
    column_of,
)
from insomnia_desktop.ui.theme.fonts import px
from insomnia_desktop.ui.viewmodels.account_view_model import AccountViewModel
from insomnia_desktop.ui.viewmodels.conflicts_view_model import ConflictedDocument, ConflictsViewModel, fields_words
from insomnia_desktop.ui.viewmodels.footer_states import problem_words
from insomnia_desktop.ui.viewmodels.server_space import ServerSpace, space_tip, space_words
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel
from insomnia_desktop.ui.viewmodels.sync_words import (
    BACKUP,
    CHOOSE_WORKSPACES,
    DISMISS,
    OPEN,
    SHOW_BYTES,
    CheckLine,
    attention_line,
    check_line,
    item_words,
    moment_of,
    one_of_kind,
    workspace_words,
)
from insomnia_desktop.ui.widgets.icon_line import Icon, IconLine
from insomnia_desktop.ui.widgets.keyed_rows import KeyedRows
from insomnia_desktop.ui.widgets.labels import Label, WrappedLabel
from insomnia_desktop.ui.widgets.page_heading import PageHeading
from insomnia_desktop.ui.widgets.tab_order import order_as_laid_out

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
        self._space = ServerSpace(session, self)
        self._build_choices()
        self._build_backup()
        self._build_devices()
        self._build_seen()
        self._build_workspaces()
        sync.status_changed.connect(self._show_status)
        sync.workspaces.changed.connect(self._show_workspaces)
        conflicts.documents_changed.connect(self._show_choices)
        account.devices_changed.connect(self._show_devices)
        self._space.changed.connect(self._show_seen)
        self._show_status()
        self._show_devices()
        self._show_workspaces()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask how much the server keeps: only who looks at it wants to know."""
        super().showEvent(event)
        self._space.look(self._sync.status.last_backup, anew=True)

    def _build_choices(self) -> None:
        self._conflict_rows = KeyedRows(self._conflict_row, self._show_conflict)
        self._conflicts_section = _Section(PageHeading(self.tr("Conflicts"), warning=True), self._conflict_rows.part)
        link = self._conflicts_section.heading.link
        link.setText(self.tr("Show all"))
        link.clicked.connect(lambda: self.tab_wanted.emit("conflicts"))
        self._attention_rows = KeyedRows(self._attention_row, self._show_attention)
        self._attention_section = _Section(
            PageHeading(self.tr("Needs attention"), warning=True), self._attention_rows.part
        )
        self.left.addWidget(self._conflicts_section)
        self.left.addWidget(self._attention_section)

    def _build_backup(self) -> None:
        self._figure = Label("", size=20, weight=600)
        self._figure.setObjectName("lastBackup")
        self._counted = Label("", rank="dim", size=12, figures=True)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._figure)
        row.addStretch(1)
        row.addWidget(self._counted)
        head.setFixedHeight(px(46))
        self._check_rows: KeyedRows[CheckLine, CheckRow] = KeyedRows(
            lambda _: CheckRow(), lambda row, line, last: row.show_line(line, last=last)
        )
        self._problem = IconLine("warning", token="warning", rank="dim")
        self._problem.setObjectName("syncProblem")
        self._problem.set_gap(8, beside=12)
        self._next_try = Label("", rank="dim", size=12, figures=True)
        self._next_try.setContentsMargins(px(28), px(2), 0, 0)
        heading = PageHeading(self.tr("Last backup"))
        self.left.addWidget(_Section(heading, head, self._check_rows.part, self._problem, self._next_try, gap=0))

    def _build_devices(self) -> None:
        heading = self._devices_heading = PageHeading(self.tr("Devices"), link=self.tr("Manage"))
        heading.link.setObjectName("manageDevicesLink")
        heading.link.clicked.connect(lambda: self.tab_wanted.emit("devices"))
        self._waiting = WrappedLabel()
        self._waiting.setObjectName("overviewDevicesNote")
        self._waiting.setContentsMargins(0, px(10), 0, px(10))
        self._device_rows: KeyedRows[tuple[DeviceView, int], DeviceRow] = KeyedRows(
            lambda seen: DeviceRow(seen[0], may_revoke=False),
            lambda row, seen, last: row.show_device(*seen, last=last),
        )
        self.left.addWidget(_Section(heading, self._waiting, self._device_rows.part, gap=0, last=True))

    def _build_seen(self) -> None:
        heading = PageHeading(self.tr("What the server sees"), link=self.tr("Show the bytes"))
        heading.link.setObjectName("showBytesLink")
        heading.link.clicked.connect(lambda: self.tab_wanted.emit("server"))
        encrypted = self.tr("Encrypted")
        self._seen_name = SeenRow(self.tr("Your name"))
        self._seen_email = SeenRow(self.tr("Your e-mail"))
        self._seen_devices = SeenRow(self.tr("Device names"))
        self._seen_numbers = SeenRow(self.tr("Number, size, time"))
        rows = (
            self._seen_name,
            self._seen_email,
            self._seen_devices,
            SeenRow(self.tr("System and version"), self.tr("Of every device")),
            SeenRow(self.tr("Use of devices"), self.tr("Sign-in, last use, each change")),
            self._seen_numbers,
            SeenRow(self.tr("Network address"), self.tr("With every connection")),
            SeenRow(self.tr("Names and addresses"), encrypted, sealed=True),
            SeenRow(self.tr("Bodies, headers, docs"), encrypted, sealed=True),
            SeenRow(self.tr("Environments"), encrypted, sealed=True),
            SeenRow(self.tr("Your password"), self.tr("Never sent"), sealed=True, last=True),
        )
        self.right.addWidget(_Section(heading, *rows, gap=0))

    def _build_workspaces(self) -> None:
        self._workspace_rows = KeyedRows(self._workspace_row, self._show_workspace)
        self._workspaces_section = _Section(
            PageHeading(self.tr("Workspaces")), self._workspace_rows.part, gap=0, last=True
        )
        self.right.addWidget(self._workspaces_section)

    @Slot()
    def _show_status(self) -> None:
        self._show_choices()
        self._show_backup()
        self._show_seen()
        if self.isVisible():
            self._space.look(self._sync.status.last_backup)

    @Slot()
    def _show_choices(self) -> None:
        documents, others = self._conflicts.documents, self._sync.attention()
        heading = self._conflicts_section.heading
        heading.set_count(len(documents))
        heading.link.setVisible(len(documents) > SHOWN_CONFLICTS)
        shown = documents[:SHOWN_CONFLICTS]
        moved = self._conflict_rows.show_rows([((each.id, each.method, each.kind), each) for each in shown])
        self._attention_section.heading.set_count(len(others))
        moved = self._attention_rows.show_rows(_keyed(others)) or moved
        self._conflicts_section.setVisible(bool(documents))
        self._attention_section.setVisible(bool(others))
        if moved:
            order_as_laid_out(self.widget())

    def _conflict_row(self, document: ConflictedDocument) -> SyncRow:
        sign = MethodSign(document.method, KIND_ICONS.get(document.kind, "file"))
        row = SyncRow(sign, "", "", button=self.tr("Choose…"), name="chooseButton")
        assert row.button is not None
        row.button.clicked.connect(lambda: self.conflict_wanted.emit(document.id))
        return row

    def _show_conflict(self, row: SyncRow, document: ConflictedDocument, last: bool) -> None:
        title = document.name or one_of_kind(document.kind)
        row.show_words(title, self.tr("Changed on two devices: %s") % fields_words(document), last=last)

    def _attention_row(self, item: AttentionItem) -> SyncRow:
        line = attention_line(item)
        row = SyncRow(
            Icon("warning", "warning", height=20), "", "", button=line.deed_words, name="attentionButton", wraps=True
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

    def _show_attention(self, row: SyncRow, item: AttentionItem, last: bool) -> None:
        line = attention_line(item)
        row.show_words(line.title, line.text, last=last)

    def _show_backup(self) -> None:
        status, now = self._sync.status, self._session.clock.now_ms()
        report = status.last_backup
        self._figure.setText(self.tr("No backup yet") if report is None else moment_of(report.at, now))
        parts, lines = [], []
        if report is not None:
            parts = [item_words(report.items), *([workspace_words(report.workspaces)] if report.workspaces else [])]
            lines = [(check.code, check_line(check, report.at, report.checked_at)) for check in report.checks]
        self._counted.setText(", ".join(parts))
        self._check_rows.show_rows(lines)
        problem = problem_words(status)
        if problem != self._problem.text():
            self._problem.set_text(problem)
        self._problem.setVisible(bool(problem))
        tries = status.state == SyncState.OFFLINE and status.next_try_at is not None
        # A moment, not how long it is until then: the words stay right while nothing happens.
        at = clock_words(status.next_try_at or 0, seconds=True)
        self._next_try.setText(self.tr("The next try is at %s.") % at if tries else "")
        self._next_try.setVisible(tries)

    @Slot()
    def _show_devices(self) -> None:
        devices, now = self._account.devices, self._session.clock.now_ms()
        waiting = self._account.devices_problem or self.tr("Asking the server…")
        if waiting != self._waiting.plain_text():
            self._waiting.set_plain_text(waiting)
        self._waiting.setVisible(devices is None)
        count = len(devices or ())
        self._devices_heading.set_count(count if count > SHOWN_DEVICES else 0)
        self._device_rows.show_rows([(each.id, (each, now)) for each in (devices or ())[:SHOWN_DEVICES]])
        self._show_seen()

    @Slot()
    def _show_seen(self) -> None:
        report = self._sync.status.last_backup
        devices = ", ".join(device.name for device in self._account.devices or ())
        counted = [
            *([item_words(report.items)] if report is not None else []),
            *filter(None, [space_words(self._space.told)]),
            self.tr("each change"),
        ]
        self._seen_name.set_value(self._account.status.name)
        self._seen_email.set_value(self._account.status.email)
        self._seen_devices.set_value(devices or self.tr("Of every device"))
        words = ", ".join(counted)
        self._seen_numbers.set_value(f"{words[:1].upper()}{words[1:]}")
        self._seen_numbers.setToolTip(space_tip(self._space.told))
        self._seen_numbers.setAccessibleDescription(space_tip(self._space.told))

    def _workspace_row(self, workspace: WorkspaceSync) -> WorkspaceRow:
        row = WorkspaceRow(workspace)
        row.mode_wanted.connect(self.mode_wanted)
        return row

    def _show_workspace(self, row: WorkspaceRow, workspace: WorkspaceSync, last: bool) -> None:
        row.show_workspace(workspace, last=last)

    @Slot()
    def _show_workspaces(self) -> None:
        workspaces = self._sync.workspaces.all()
        keyed = [((each.workspace_id, each.mode == "other_account"), each) for each in workspaces]
        moved = self._workspace_rows.show_rows(keyed)
        for row in self._workspace_rows.rows():
            # Whoever thought better of it sees again what is in force.
            row.show_mode()
        self._workspaces_section.setVisible(bool(workspaces))
        if moved:
            order_as_laid_out(self.widget())


class _Section(QWidget):
    """A heading, `gap` under it, its parts, and the room before the next section, unless it is the last of a column."""

    def __init__(self, heading: PageHeading, *parts: QWidget, gap: int = 6, last: bool = False) -> None:
        super().__init__()
        self.heading = heading
        column = column_of(self)
        column.addWidget(heading)
        column.addSpacing(px(gap))
        for part in parts:
            column.addWidget(part)
        if not last:
            column.addSpacing(px(SECTION_GAP))


def _keyed(items: Sequence[AttentionItem]) -> list[tuple[Hashable, AttentionItem]]:
    """Give each item a key by which it is known again: what it is about, and the deed that its row offers."""
    return [
        ((each.code, each.id, each.workspace_id, each.resource_id, attention_line(each).deed), each) for each in items
    ]
