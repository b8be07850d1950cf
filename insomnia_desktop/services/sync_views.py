"""What window and command line are told of sync, and the face of the service that they call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from enum import StrEnum
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from insomnia_desktop.services.account_views import AccountDeed
from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.services.history_views import Against
from insomnia_desktop.services.history_views import Difference as Difference
from insomnia_desktop.services.history_views import ShownValue as ShownValue
from insomnia_desktop.services.history_views import VersionChange as VersionChange
from insomnia_desktop.services.history_views import VersionRow as VersionRow
from insomnia_desktop.services.history_views import VersionView as VersionView


class SyncState(StrEnum):
    """The sync footer in one word."""

    OFF = "on_device"
    """Nobody is signed in, or the keys are locked."""
    UP_TO_DATE = "up_to_date"
    SAVING = "saving"
    """Edits are waiting or going."""
    OFFLINE = "offline"
    """The last try did not reach the server; `SyncStatus.problem` says why."""
    NEEDS_ATTENTION = "needs_attention"
    SIGNED_OUT_ELSEWHERE = "signed_out_elsewhere"
    LOCAL_ONLY = "local_only"
    """The workspace asked for is not synced."""
    PAUSED = "paused"
    """The person works offline: the keys stay locked."""


AttentionCode: TypeAlias = Literal[
    "conflict",
    "quarantined",
    "blocked",
    "server_went_back",
    "edit_won",
    "moved_to_trash",
    "other_account",
    "removed_elsewhere",
    "recovery_key_replaced",
    "digest",
    "row_missing",
    "unopened",
    "choose_workspaces",
]


class AttentionItem(msgspec.Struct, frozen=True):
    """Something that a person should look at.

    `conflict`: values changed on two devices, one item a document. `quarantined`: `detail` is `undecryptable`,
    `malformed`, `newer_schema` or `type_changed`. `blocked`: the server refuses it; `detail` is `invalid`,
    `too_large`, `stale_epoch`, `full` or `quota`. `server_went_back`, `edit_won`, `moved_to_trash`,
    `removed_elsewhere`, `other_account` and `recovery_key_replaced` (one that waited here to be kept is worth nothing
    any more) are notices, gone after `dismiss`. `digest`, `row_missing`: the last round
    could not verify the workspace. `unopened`: `count` workspaces at the server could not be opened here.
    `choose_workspaces`: nothing is sent before `choose_first`. `id` is what `dismiss` takes, 0 for what ends by itself.
    """

    code: AttentionCode
    id: int = 0
    workspace_id: str = ""
    resource_id: str = ""
    kind: str = ""
    name: str = ""
    detail: str = ""
    at: int = 0
    count: int = 1


class Check(msgspec.Struct, frozen=True):
    """One thing that a backup really checked; there is none for what was not.

    `stored`: the server has accepted everything sent (`items`, `workspaces`). `digest`: the server's digest equals the
    sum computed anew from the stored rows (`digest`: the first 12 hex digits of it). `at_head`: everything the server
    told of was pulled (`head_seq`, the sum of the groups). `not_older`: no group went back in time. `readable`:
    everything pulled could be opened (`count`: what could not). `opened`, in place of `at_head`: `workspaces` of the
    server could not be opened at all.
    """

    code: Literal["stored", "at_head", "opened", "digest", "not_older", "readable"]
    ok: bool
    params: dict[str, str | int] = {}


class BackupReport(msgspec.Struct, frozen=True):
    """The outcome of the last round; `items` counts live documents at the server, `at` is in ms since 1970.

    A round that sent the edits of one workspace asked about no other: of all together no more is known than at
    `checked_at`. Where that is 0, all were asked about at `at`. `unopened` workspaces at the server could not
    be opened here: `verified` is false then, and `rest_verified` says it of all others.
    """

    at: int
    items: int
    verified: bool
    workspaces: int = 0
    checks: tuple[Check, ...] = ()
    checked_at: int = 0
    unopened: int = 0
    rest_verified: bool = False

    @property
    def is_partial(self) -> bool:
        """Whether something in it was found out before this round."""
        return 0 < self.checked_at < self.at


class Progress(msgspec.Struct, frozen=True):
    """How far a backup is: documents sent and received of those known to be needed."""

    done: int
    total: int


class SyncStatus(msgspec.Struct, frozen=True):
    """How sync stands; `pending` counts documents not yet accepted, `next_try_at` is in ms since 1970.

    `problem` is the code of the error of the last failed round, with `problem_params`, empty after a good one.
    """

    state: SyncState
    pending: int = 0
    last_backup: BackupReport | None = None
    backing_up: Progress | None = None
    attention: tuple[AttentionItem, ...] = ()
    next_try_at: int | None = None
    verified: bool = False
    problem: str = ""
    problem_params: dict[str, Any] = {}


class GroupReport(msgspec.Struct, frozen=True):
    """One workspace after a round; `id` is the group's on the wire."""

    id: str
    workspace_id: str
    workspace: str
    head_seq: int
    items: int
    verified: bool


class SyncReport(msgspec.Struct, frozen=True):
    """What one round did, counted in documents; `verified`: at head, digests equal, nothing left to send.

    `unopened` and `rest_verified` are as in BackupReport.
    """

    pushed: int
    pulled: int
    conflicts: int
    quarantined: int
    verified: bool
    groups: tuple[GroupReport, ...] = ()
    unopened: int = 0
    rest_verified: bool = False


SyncMode: TypeAlias = Literal["synced", "this_device", "other_account"]


class WorkspaceSync(msgspec.Struct, frozen=True):
    """How one workspace is synced; `group_id` is the one on the wire, empty where there is none yet.

    `cookies`: its cookies are synced too (`Workspaces.set_sync_cookies`).
    """

    workspace_id: str
    name: str
    mode: SyncMode
    group_id: str = ""
    head_seq: int = 0
    items: int = 0
    pending: int = 0
    cookies: bool = False


class ProposedWorkspace(msgspec.Struct, frozen=True):
    """A workspace of this device that could be added to the account."""

    workspace_id: str
    name: str
    items: int


class ConflictOrigin(msgspec.Struct, frozen=True):
    """The versions that hold what stands in a conflict, None where none was found; `mine` names this device."""

    mine: str = ""
    base: VersionRow | None = None
    theirs: VersionRow | None = None


class DeletedRow(msgspec.Struct, frozen=True):
    """A document in the trash, as the root of what was deleted together, or one that the trash let go of (`at` 0)."""

    document_id: str
    kind: str
    name: str
    at: int


class CopyGap(msgspec.Struct, frozen=True):
    """A document that a copy as of a moment has as it was at another one, `at` in ms since 1970, or (0) not at all.

    Where nothing of it can be read it has neither kind nor name.
    """

    kind: str
    name: str
    at: int = 0


class WorkspaceCopy(msgspec.Struct, frozen=True):
    """A copy of a workspace as of a moment.

    The server keeps not every version: `moved` has the documents of which the nearest one that is kept was taken,
    `left_out` those of which none can be opened.
    """

    workspace_id: str
    moved: tuple[CopyGap, ...] = ()
    left_out: tuple[CopyGap, ...] = ()


class ConflictRow(msgspec.Struct, frozen=True):
    """One value that two devices changed: mine stands in the document, theirs is kept here for 90 days.

    `mine` is what stands where mine is kept: merged with theirs, or edited since, it is another value than the one that
    was `found`, which is None otherwise. One that is `unreadable` only ends, by keeping mine; its path may be ().
    """

    id: int
    resource_id: str
    name: str
    kind: str
    workspace_id: str
    path: tuple[str, ...]
    field: str
    base: ShownValue
    mine: ShownValue
    theirs: ShownValue
    at: int
    found: ShownValue | None = None
    unreadable: bool = False


class ServerRow(msgspec.Struct, frozen=True):
    """Exactly what the server holds of one resource, beside what it means here; ids and hashes are as on the wire.

    `prev` is the hash of the version before, `author` the account, `envelope` its bytes; `document` is the plain JSON
    text, None where it cannot be opened, for which `problem` is the reason. Of a tombstone `deleted` is true.
    `server_revision` tells the rest.
    """

    resource_id: str
    group_id: str
    version: int
    seq: int
    prev: str
    deleted: bool
    author: str
    size: int
    envelope: bytes
    document: str | None = None
    problem: str = ""


class ServerRevision(msgspec.Struct, frozen=True):
    """What the server tells of the version of a row when it lists versions; ids and hashes are as on the wire.

    `device_name` is empty for a device that is signed in no more; `at` (ms since 1970) is when the server took it.
    """

    rev_hash: str
    device: str
    device_name: str
    at: int
    kept: bool


class SpaceUsed(msgspec.Struct, frozen=True):
    """The bytes that the server counts for the account, of every version that it keeps; `quota` are those it gives."""

    used: int
    quota: int


class ConnectionLogRow(msgspec.Struct, frozen=True):
    """One request to the server: no secret is in it. `status` 0: no answer came."""

    at: int
    method: str
    path: str
    status: int
    bytes_up: int
    bytes_down: int
    ms: int


OnBackup: TypeAlias = Callable[[Progress], None]
Keep: TypeAlias = Literal["mine", "theirs", "both"]


class SyncFactsService(Protocol):
    """What is known on this device, as `services.sync_facts.SyncFacts` has it: cheap, and without the network."""

    def unsaved(self, workspace_id: str) -> frozenset[str]: ...
    def workspaces(self) -> tuple[WorkspaceSync, ...]: ...
    def proposed_workspaces(self) -> tuple[ProposedWorkspace, ...]: ...
    def deleted(self, workspace_id: str) -> tuple[DeletedRow, ...]: ...
    def let_go(self, workspace_id: str) -> tuple[DeletedRow, ...]: ...
    def conflicts(self) -> tuple[ConflictRow, ...]: ...
    def taken(self, document_id: str) -> tuple[TakenField, ...]: ...
    def connection_log(self) -> tuple[ConnectionLogRow, ...]: ...


class SyncHistoryService(Protocol):
    """What the server keeps, as `services.sync_history.SyncHistory` has it."""

    def history(self, document_id: str, before: int | None = None) -> AccountDeed[tuple[VersionRow, ...]]: ...
    def version(self, document_id: str, version: int, against: Against = "current") -> AccountDeed[VersionView]: ...
    def changes(self, document_id: str, versions: Sequence[int]) -> AccountDeed[tuple[VersionChange, ...]]: ...
    def conflict_origin(self, document_id: str) -> AccountDeed[ConflictOrigin]: ...
    def restore(self, document_id: str, version: int) -> AccountDeed[None]: ...
    def restore_as_copy(self, document_id: str, version: int) -> AccountDeed[str]: ...
    def workspace_as_of(self, workspace_id: str, at: int) -> AccountDeed[WorkspaceCopy]: ...
    def server_rows(self, workspace_id: str) -> AccountDeed[tuple[ServerRow, ...]]: ...
    def server_revision(self, workspace_id: str, row: ServerRow) -> AccountDeed[ServerRevision]: ...
    def fingerprint(self, workspace_id: str) -> AccountDeed[str]: ...
    def space(self) -> AccountDeed[SpaceUsed]: ...


class SyncService(SyncFactsService, SyncHistoryService, Protocol):
    """Sync, as `services.syncing.Syncing` has it.

    Threads: any; listeners are called on the worker thread and may only enqueue. Deeds raise the KnownErrors of the
    areas `account`, `sync` and `store`.
    """

    def status(self) -> SyncStatus: ...
    def status_of(self, workspace_id: str) -> SyncStatus: ...
    def subscribe(self, callback: Callable[[SyncStatus], None]) -> Callable[[], None]: ...
    def wake(self) -> None: ...
    def set_focused(self, focused: bool) -> None: ...
    def dismiss(self, attention_id: int) -> Future[None]: ...
    def backup_now(self) -> AccountDeed[BackupReport]: ...
    def sync_once(self) -> AccountDeed[SyncReport]: ...
    def set_mode(self, workspace_id: str, mode: Literal["on", "off"]) -> AccountDeed[None]: ...
    def remove_from_server(self, workspace_id: str) -> AccountDeed[None]: ...
    def choose_first(self, workspace_ids: Sequence[str]) -> AccountDeed[None]: ...
    def settle(self, choices: Sequence[tuple[int, Keep]]) -> Future[None]: ...
