"""The versions of one document: listed, one opened beside the current one, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from PySide6.QtCore import QObject, Signal, Slot

from insomnia_desktop.base.errors import AppError
from insomnia_desktop.services.error_text import one_line
from insomnia_desktop.store.changes import Change, ChangeSet
from insomnia_desktop.ui.viewmodels.account_deed import RunningDeed
from insomnia_desktop.ui.viewmodels.latest_deed import LatestDeed
from insomnia_desktop.ui.viewmodels.session import UiSession
from insomnia_desktop.ui.viewmodels.sync_words import version_clock
from insomnia_desktop.ui.viewmodels.version_changes import VersionChanges
from insomnia_desktop.ui.viewmodels.version_sections import compare

if TYPE_CHECKING:
    from insomnia_desktop.services.history_views import Against, VersionRow, VersionView
    from insomnia_desktop.services.sync_views import SyncService
    from insomnia_desktop.ui.models.difference_sections import ComparedSection
    from insomnia_desktop.ui.viewmodels.sync_view_model import SyncViewModel

# So many versions come at once; where as many came there may be more.
PAGE = 100
# What stands in place of a version while the current one has none yet; versions count from 1.
NOT_SENT: Final = 0


class HistoryViewModel(QObject):
    """The history of a request, a folder or an environment, living or deleted.

    `changes` tells what each version changed; `device` is the one whose versions are shown, "" for all; `against` is
    what versions are compared with; `may_be_more` says that older versions may be there. `sections` is what the open
    version differs in, line by line, None while it is compared. `problem` and `version_problem` say in a sentence why
    the versions cannot be listed, and why the chosen one cannot be opened.

    By `sync`, where it is given, the versions are read anew when what was edited here is sent, and until then none of
    them is the current one: that is of this device alone, and `is_unsent`.

    Signals:
        versions_changed(): other versions are known, or why there are none.
        version_changed(): another version is open, or why it cannot be.
        running_changed(): an answer of the server is awaited, or no longer.
        restored(words, edit): a version was brought back; the words say which. `edit` is its workspace and the number
            of the ChangeSet, by which it can be taken back; None where it was no edit of the document alone.
        copied(document_id): a version was opened as a copy.
        failed(words): a deed failed.
    """

    versions_changed = Signal()
    version_changed = Signal()
    running_changed = Signal()
    restored = Signal(str, object)
    copied = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        session: UiSession,
        document_id: str,
        parent: QObject | None = None,
        *,
        sync: SyncViewModel | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._sync: SyncService = session.services.syncing
        self.document_id = document_id
        self._versions: tuple[VersionRow, ...] | None = None
        self.may_be_more = False
        self.device = ""
        self.against: Against = "current"
        self._chosen = 0
        self._open: VersionView | None = None
        self.sections: tuple[ComparedSection, ...] | None = None
        self.problem = ""
        self.version_problem = ""
        self._list = LatestDeed(session, self)
        self._one = LatestDeed(session, self)
        self._comparing = LatestDeed(session, self)
        self._deed = RunningDeed(session, self)
        self.changes = VersionChanges(session, document_id, self)
        for each in (self._list, self._one, self._deed):
            each.running_changed.connect(lambda _running: self.running_changed.emit())
        # Edits of the document since the last version was asked to come back.
        self._edits: list[tuple[Change, int]] = []
        self._sync_model = sync
        self.is_unsent = sync is not None and document_id in sync.unsaved
        if sync is not None:
            sync.unsaved_changed.connect(self._follow)
            sync.status_changed.connect(self._follow)
        session.feed.changed.connect(self._on_changed)

    @property
    def versions(self) -> tuple[VersionRow, ...]:
        """The versions by the chosen device, newest first."""
        return tuple(row for row in self._rows() if not self.device or row.device == self.device)

    @property
    def is_known(self) -> bool:
        """Whether the server has told the versions."""
        return self._versions is not None

    @property
    def devices(self) -> list[str]:
        """The names of the devices that made a version."""
        return sorted({row.device for row in self._versions or () if row.device})

    @property
    def is_running(self) -> bool:
        """Whether an answer of the server is awaited."""
        return self._list.is_running or self._one.is_running or self._deed.is_running

    @property
    def chosen(self) -> VersionRow | None:
        """The version that is chosen."""
        return next((row for row in self._rows() if row.version == self._chosen), None)

    @property
    def opened(self) -> VersionView | None:
        """The chosen version with its fields, once it came."""
        return self._open

    @property
    def may_restore(self) -> bool:
        """Whether the chosen version can be brought back: it is open, has a text, and is not the current one."""
        row = self.chosen
        return self._open is not None and row is not None and row.kept and not (row.current or row.deleted)

    def load(self) -> None:
        """Ask for the newest versions."""
        self.problem = ""
        self._list.ask(lambda: self._sync.history(self.document_id), self._on_versions, self._on_unlisted)

    def load_more(self) -> None:
        """Ask for older versions than those that are known."""
        known = self._versions or ()
        if known and self.may_be_more:
            last = known[-1].version
            self._list.ask(lambda: self._sync.history(self.document_id, last), self._on_more, self._on_failed)

    def show_device(self, device: str) -> None:
        """Show the versions of one device, or of all ("")."""
        self.device = device
        self.versions_changed.emit()

    def choose(self, version: int) -> None:
        """Open a version beside what it is compared with; `NOT_SENT` opens none."""
        if version == self._chosen and (self._open is not None or self._one.is_running):
            return
        self._chosen, self.version_problem = version, ""
        self._close_version()
        row = self.chosen
        self.version_changed.emit()
        if row is not None and row.kept and not row.deleted:
            self._ask_version(version)
        else:
            self._one.cancel()

    def compare_with(self, against: Against) -> None:
        """Compare the chosen version, and those that are chosen from now on, with something else."""
        if against == self.against:
            return
        self.against, self.version_problem = against, ""
        row = self.chosen
        if row is not None and row.kept and not row.deleted:
            self._close_version()
            self.version_changed.emit()
            self._ask_version(row.version)

    def restore(self) -> None:
        """Bring the chosen version back as the newest one; the others stay."""
        row = self.chosen
        if row is not None and self.may_restore:
            self._edits = []
            words = self.tr("Restored version of %s") % version_clock(row, self.versions)
            self._deed.start(
                lambda _: self._sync.restore(self.document_id, row.version),
                lambda _: self._on_restored(words),
                self._on_deed_failed,
            )

    def open_copy(self) -> None:
        """Put the chosen version beside the document, as another one."""
        row = self.chosen
        if row is not None and self._open is not None:
            self._deed.start(
                lambda _: self._sync.restore_as_copy(self.document_id, row.version),
                self.copied.emit,
                self._on_deed_failed,
            )

    def _ask_version(self, version: int) -> None:
        against = self.against
        self._one.ask(
            lambda: self._sync.version(self.document_id, version, against), self._on_version, self._on_unopened
        )

    def _close_version(self) -> None:
        self._comparing.cancel()
        self._open = self.sections = None

    def _rows(self) -> tuple[VersionRow, ...]:
        rows = self._versions or ()
        if not self.is_unsent:
            return rows
        return tuple(msgspec.structs.replace(row, current=False) if row.current else row for row in rows)

    @Slot()
    def _follow(self) -> None:
        is_unsent = self._sync_model is not None and self.document_id in self._sync_model.unsaved
        if is_unsent == self.is_unsent:
            return
        self.is_unsent = is_unsent
        if self.is_known:
            self.versions_changed.emit()
            self.version_changed.emit()
            if not is_unsent:
                self.load()

    @Slot(object)
    def _on_changed(self, change_set: ChangeSet) -> None:
        own = [change for change in change_set.changes if change.id == self.document_id]
        if not self.is_known or not own:
            return
        self._edits += [(change, change_set.number) for change in own]
        if self._open is not None:
            # It was compared with what the document was.
            self._ask_version(self._chosen)
        if change_set.origin.kind == "sync":
            self.load()

    def _on_versions(self, rows: tuple[VersionRow, ...]) -> None:
        self._versions = tuple(sorted(rows, key=lambda row: row.version, reverse=True))
        self.may_be_more = len(rows) >= PAGE
        self.changes.follow(self._versions)
        if self.chosen is None and self._versions:
            # What one comes for is what was before; the current one is in the editor.
            older = [row for row in self._versions if not row.current and row.kept and not row.deleted]
            self._chosen = 0
            self.versions_changed.emit()
            self.choose((older or list(self._versions))[0].version)
        else:
            self.versions_changed.emit()
            self.version_changed.emit()

    def _on_more(self, rows: tuple[VersionRow, ...]) -> None:
        known = {row.version: row for row in (*(self._versions or ()), *rows)}
        self._versions = tuple(known[version] for version in sorted(known, reverse=True))
        self.may_be_more = len(rows) >= PAGE
        self.changes.follow(self._versions)
        self.versions_changed.emit()

    def _on_version(self, view: VersionView) -> None:
        self._open = view
        if view.differences:
            loop = self._session.services.sync_loop
            self._comparing.ask(lambda: compare(loop, view), self._on_compared, self._on_unopened)
        else:
            self._comparing.cancel()
            self.sections = ()
        self.version_changed.emit()

    def _on_compared(self, sections: tuple[ComparedSection, ...]) -> None:
        self.sections = sections
        self.version_changed.emit()

    def _on_restored(self, words: str) -> None:
        self._close_version()
        self._chosen = 0
        if self._sync_model is not None:
            # It may be sent before the next look at what is not.
            self._sync_model.refresh()
        self.restored.emit(words, self._edit())
        self.load()

    def _edit(self) -> tuple[str, int] | None:
        if len(self._edits) != 1:
            return None
        change, number = self._edits[0]
        return (change.workspace_id or "", number) if change.action == "updated" else None

    def _on_unlisted(self, error: AppError) -> None:
        if error.code == "sync.version_gone":
            # What the server was never sent has no versions.
            self._on_versions(())
        else:
            self._on_failed(error)

    def _on_failed(self, error: AppError) -> None:
        self.problem = one_line(error)
        self.versions_changed.emit()

    def _on_unopened(self, error: AppError) -> None:
        self.version_problem = one_line(error)
        self.version_changed.emit()

    def _on_deed_failed(self, error: AppError) -> None:
        self.failed.emit(one_line(error))
