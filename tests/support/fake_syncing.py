"""A double of the sync service at its Protocol, driven by the test: it answers reads, and deeds are ended by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Literal

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.services.account_views import AccountDeed
from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.services.history_views import Against
from insomnia_desktop.services.sync_views import (
    BackupReport,
    ConflictOrigin,
    ConflictRow,
    ConnectionLogRow,
    DeletedRow,
    Keep,
    Progress,
    ProposedWorkspace,
    ServerRevision,
    ServerRow,
    SpaceUsed,
    SyncMode,
    SyncReport,
    SyncService,
    SyncState,
    SyncStatus,
    VersionChange,
    VersionRow,
    VersionView,
    WorkspaceCopy,
    WorkspaceSync,
)
from insomnia_desktop.store.changes import ChangeSet

OFF = SyncStatus(SyncState.OFF)


class AskedSync(msgspec.Struct):
    """One call of a deed: what it was given, and how it ends."""

    name: str
    given: tuple[Any, ...]
    future: Future[Any]
    cancelled: bool = False

    def succeed(self, result: object = None) -> None:
        """End well."""
        self.future.set_result(result)

    def fail(self, code: str, **params: object) -> None:
        """End with a known error."""
        self.future.set_exception(KnownError(code, **params))


class FakeSyncing:
    """Deeds wait in `asked` for their end, unless `answers` holds a result for their name."""

    def __init__(self, status: SyncStatus = OFF) -> None:
        self.current = status
        self.of_workspaces: dict[str, SyncStatus] = {}
        self.dirty: frozenset[str] = frozenset()
        self.asked: list[AskedSync] = []
        self.answers: dict[str, Any] = {}
        self.known_workspaces: tuple[WorkspaceSync, ...] = ()
        self.proposals: tuple[ProposedWorkspace, ...] = ()
        self.known_conflicts: tuple[ConflictRow, ...] = ()
        self.taken_fields: tuple[TakenField, ...] = ()
        self.trash: tuple[DeletedRow, ...] = ()
        self.gone: tuple[DeletedRow, ...] = ()
        self.log: tuple[ConnectionLogRow, ...] = ()
        self.calls: list[str] = []
        self._listeners: list[Callable[[SyncStatus], None]] = []

    @property
    def last(self) -> AskedSync:
        """The newest deed."""
        return self.asked[-1]

    def asked_of(self, name: str) -> list[AskedSync]:
        """Return the deeds of one name, in their order."""
        return [each for each in self.asked if each.name == name]

    def become(self, status: SyncStatus) -> None:
        """Change the status, and tell it."""
        self.current = status
        self.tell()

    def tell(self) -> None:
        """Tell the listeners that something is another."""
        for listener in list(self._listeners):
            listener(self.current)

    def progress(self, done: int, total: int) -> None:
        """Tell how far a backup is."""
        self.become(msgspec.structs.replace(self.current, backing_up=Progress(done, total)))

    def listeners(self) -> int:
        """Return how many listen."""
        return len(self._listeners)

    def status(self) -> SyncStatus:
        return self.current

    def status_of(self, workspace_id: str) -> SyncStatus:
        return self.of_workspaces.get(workspace_id, self.current)

    def unsaved(self, workspace_id: str) -> frozenset[str]:
        return self.dirty

    def subscribe(self, callback: Callable[[SyncStatus], None]) -> Callable[[], None]:
        self._listeners.append(callback)
        return lambda: self._listeners.remove(callback)

    def wake(self) -> None:
        self.calls.append("wake")

    def set_focused(self, focused: bool) -> None:
        self.calls.append(f"focused {focused}")

    def dismiss(self, attention_id: int) -> Future[None]:
        self.calls.append(f"dismiss {attention_id}")
        left = tuple(item for item in self.current.attention if item.id != attention_id)
        self.current = msgspec.structs.replace(self.current, attention=left)
        return _done(None)

    def backup_now(self) -> AccountDeed[BackupReport]:
        return self._begin("backup_now")

    def sync_once(self) -> AccountDeed[SyncReport]:
        return self._begin("sync_once")

    def workspaces(self) -> tuple[WorkspaceSync, ...]:
        return self.known_workspaces

    def modes(self) -> dict[str, SyncMode]:
        return {each.workspace_id: each.mode for each in self.known_workspaces}

    def set_mode(self, workspace_id: str, mode: Literal["on", "off"]) -> AccountDeed[None]:
        return self._begin("set_mode", workspace_id, mode)

    def remove_from_server(self, workspace_id: str) -> AccountDeed[None]:
        return self._begin("remove_from_server", workspace_id)

    def proposed_workspaces(self) -> tuple[ProposedWorkspace, ...]:
        return self.proposals

    def choose_first(self, workspace_ids: Sequence[str]) -> AccountDeed[None]:
        return self._begin("choose_first", *workspace_ids)

    def history(self, document_id: str, before: int | None = None) -> AccountDeed[tuple[VersionRow, ...]]:
        return self._begin("history", document_id, before)

    def version(self, document_id: str, version: int, against: Against = "current") -> AccountDeed[VersionView]:
        # The usual comparison is not named: most tests are not about it.
        return self._begin("version", document_id, version, *([] if against == "current" else [against]))

    def changes(self, document_id: str, versions: Sequence[int]) -> AccountDeed[tuple[VersionChange, ...]]:
        return self._begin("changes", document_id, tuple(versions))

    def conflict_origin(self, document_id: str) -> AccountDeed[ConflictOrigin]:
        return self._begin("conflict_origin", document_id)

    def restore(self, document_id: str, version: int) -> AccountDeed[None]:
        return self._begin("restore", document_id, version)

    def restore_as_copy(self, document_id: str, version: int) -> AccountDeed[str]:
        return self._begin("restore_as_copy", document_id, version)

    def deleted(self, workspace_id: str) -> tuple[DeletedRow, ...]:
        return self.trash

    def let_go(self, workspace_id: str) -> tuple[DeletedRow, ...]:
        return self.gone

    def workspace_as_of(self, workspace_id: str, at: int) -> AccountDeed[WorkspaceCopy]:
        return self._begin("workspace_as_of", workspace_id, at)

    def conflicts(self) -> tuple[ConflictRow, ...]:
        return self.known_conflicts

    def taken(self, document_id: str) -> tuple[TakenField, ...]:
        return self.taken_fields

    def settle(self, choices: Sequence[tuple[int, Keep]]) -> Future[None]:
        deed: AccountDeed[None] = self._begin("settle", *choices)
        return deed.future

    def server_rows(self, workspace_id: str) -> AccountDeed[tuple[ServerRow, ...]]:
        return self._begin("server_rows", workspace_id)

    def server_revision(self, workspace_id: str, row: ServerRow) -> AccountDeed[ServerRevision]:
        return self._begin("server_revision", workspace_id, row)

    def fingerprint(self, workspace_id: str) -> AccountDeed[str]:
        return self._begin("fingerprint", workspace_id)

    def space(self) -> AccountDeed[SpaceUsed]:
        return self._begin("space")

    def connection_log(self) -> tuple[ConnectionLogRow, ...]:
        return self.log

    def settle_conflicts(self, resource_id: str) -> None:
        """Have no conflict of a document any more, as after it was resolved."""
        self.known_conflicts = tuple(row for row in self.known_conflicts if row.resource_id != resource_id)

    def start(self) -> None:
        """Nothing runs here."""

    def note_changes(self, changes: ChangeSet) -> None:
        """Edits are nothing to a double."""

    def close(self) -> None:
        """Nothing runs here."""

    def _begin(self, name: str, /, *given: Any) -> AccountDeed[Any]:
        made = AskedSync(name, given, Future())
        self.asked.append(made)
        if name in self.answers:
            answer = self.answers[name]
            if isinstance(answer, KnownError):
                made.future.set_exception(answer)
            else:
                made.future.set_result(answer(*given) if callable(answer) else answer)

        def cancel() -> None:
            made.cancelled = True
            made.future.cancel()

        return AccountDeed(made.future, cancel)


def as_service(fake: FakeSyncing) -> SyncService:
    """Return the double as what it stands for: a type checker sees here that it fits."""
    return fake


def _done(result: None) -> Future[None]:
    ended: Future[None] = Future()
    ended.set_result(result)
    return ended
