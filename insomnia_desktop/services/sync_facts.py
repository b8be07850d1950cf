"""What is known of sync on this device, read from the store: quick, and without the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from insomnia_desktop.services.accounts import Accounts
from insomnia_desktop.services.conflict_facts import conflict_rows, open_conflicts, taken_fields
from insomnia_desktop.services.conflict_views import TakenField
from insomnia_desktop.services.store_access import StoreAccess
from insomnia_desktop.services.sync_views import (
    AttentionCode,
    AttentionItem,
    BackupReport,
    ConflictRow,
    ConnectionLogRow,
    DeletedRow,
    ProposedWorkspace,
    SyncMode,
    WorkspaceSync,
)
from insomnia_desktop.services.workspaces import FIRST_NAME
from insomnia_desktop.store.queries import documents as documents
from insomnia_desktop.store.queries import kept_heads
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.store.sync_rows import BindingRow, LogRow

_REPORT = msgspec.json.Decoder(BackupReport)


class SyncFacts:
    """Reads for window and command line. Threads: any."""

    def __init__(self, access: StoreAccess, accounts: Accounts, recent: Callable[[], Sequence[LogRow]] = tuple) -> None:
        self._access = access
        self._accounts = accounts
        self._recent = recent

    def workspaces(self) -> tuple[WorkspaceSync, ...]:
        """Return how each living workspace is synced, in their order."""
        reader = self._access.reader()
        bound, modes = self._bound(), self.modes()
        # What the program made, and nobody has touched, is not sent, and waits for nothing.
        untouched = queries.untouched(reader, FIRST_NAME)
        found = []
        for row in documents.workspaces(reader):
            binding = bound.get(row.id)
            mode = modes.get(row.id, "this_device")
            group_id = binding.group_id or "" if binding is not None else ""
            cursor = queries.cursor(reader, group_id) if group_id else None
            found.append(
                WorkspaceSync(
                    workspace_id=row.id,
                    name=row.name,
                    mode=mode,
                    group_id=group_id,
                    head_seq=cursor.last_head if cursor is not None else 0,
                    cookies=queries.syncs_cookies(reader, row.id),
                    items=queries.count_live(reader, group_id) if group_id else 0,
                    pending=self._pending(row.id, group_id) if mode == "synced" and row.id not in untouched else 0,
                )
            )
        return tuple(found)

    def modes(self) -> dict[str, SyncMode]:
        """Return how each living workspace is synced, by its id; nothing is counted."""
        reader = self._access.reader()
        bound, chosen = self._bound(), queries.is_chosen(reader, self._account)
        return {row.id: self._mode(bound.get(row.id), chosen=chosen) for row in documents.workspaces(reader)}

    def count_pending(self) -> int:
        """Return how many documents of all synced workspaces the server does not have as they are."""
        groups = {workspace_id: binding.group_id or "" for workspace_id, binding in self._bound().items()}
        untouched = queries.untouched(self._access.reader(), FIRST_NAME)
        return sum(
            self._pending(workspace_id, groups.get(workspace_id, ""))
            for workspace_id, mode in self.modes().items()
            if mode == "synced" and workspace_id not in untouched
        )

    def proposed_workspaces(self) -> tuple[ProposedWorkspace, ...]:
        """Return the workspaces of this device that could be added to the account; empty once that was chosen."""
        reader, account = self._access.reader(), self._account
        if not account or queries.is_chosen(reader, account):
            return ()
        bound = {binding.workspace_id for binding in queries.bindings(reader)}
        untouched = queries.untouched(reader, FIRST_NAME)
        return tuple(
            ProposedWorkspace(row.id, row.name, queries.count_documents(reader, row.id))
            for row in documents.workspaces(reader)
            if row.id not in bound and row.id not in untouched
        )

    def unsaved(self, workspace_id: str) -> frozenset[str]:
        """Return the ids of the documents of a synced workspace that are not at the server as they are."""
        if self.modes().get(workspace_id) != "synced":
            return frozenset()
        return queries.unsaved(self._access.reader(), workspace_id)

    def deleted(self, workspace_id: str) -> tuple[DeletedRow, ...]:
        """Return the deletions in a workspace that can be taken back, newest first."""
        rows = documents.trash(self._access.reader(), workspace_id)
        return tuple(DeletedRow(row.id, row.kind, row.name, row.deleted_at) for row in rows)

    def let_go(self, workspace_id: str) -> tuple[DeletedRow, ...]:
        """Return the deleted documents that are no longer in the trash, and of which the server still has a history."""
        found = kept_heads.let_go(self._access.reader(), workspace_id)
        return tuple(DeletedRow(each.id, each.kind, each.name, 0) for each in found)

    def conflicts(self) -> tuple[ConflictRow, ...]:
        """Return what was changed on two devices, newest first."""
        return conflict_rows(self._access.reader())

    def taken(self, document_id: str) -> tuple[TakenField, ...]:
        """Return what was merged without a question when the conflicts of a document were found."""
        return taken_fields(self._access.reader(), document_id)

    def connection_log(self) -> tuple[ConnectionLogRow, ...]:
        """Return the requests to the server, newest first."""
        return tuple(
            ConnectionLogRow(row.at, row.method, row.path, row.status, row.bytes_up, row.bytes_down, row.ms)
            for row in (*reversed(self._recent()), *queries.log(self._access.reader()))
        )

    def last_backup(self) -> BackupReport | None:
        """Return the report of the last whole round, None before the first."""
        text = queries.report(self._access.reader(), self._account)
        try:
            return _REPORT.decode(text) if text else None
        except msgspec.MsgspecError:
            return None

    def attention(self) -> tuple[AttentionItem, ...]:
        """Return what a person should look at, as far as it is stored."""
        reader, account = self._access.reader(), self._account
        items = [AttentionItem("choose_workspaces")] if self.proposed_workspaces() else []
        conflicts = {row.document_id: row for row in open_conflicts(reader)}
        items += [
            AttentionItem(
                "conflict",
                workspace_id=row.workspace_id,
                resource_id=row.document_id,
                kind=row.kind,
                name=row.name,
                at=row.at,
            )
            for row in conflicts.values()
        ]
        for binding in queries.bindings(reader):
            if binding.account_id == account and binding.group_id is not None and binding.state == "on":
                items += self._held(binding.workspace_id, binding.group_id)
        items += [
            AttentionItem(_code(row.code), row.id, row.workspace_id, row.document_id, name=row.name, at=row.at)
            for row in queries.notices(reader, account)
        ]
        return tuple(items)

    @property
    def _account(self) -> str:
        return self._accounts.status().account_id

    def _bound(self) -> dict[str, BindingRow]:
        return {binding.workspace_id: binding for binding in queries.bindings(self._access.reader())}

    def _mode(self, binding: BindingRow | None, *, chosen: bool) -> SyncMode:
        account = self._account
        if binding is None:
            return "synced" if account and chosen else "this_device"
        if binding.account_id != account and binding.group_id is not None:
            return "other_account" if account else "this_device"
        return "synced" if binding.state == "on" and binding.group_id is not None else "this_device"

    def _pending(self, workspace_id: str, group_id: str) -> int:
        counts = queries.pending(self._access.reader(), group_id, workspace_id)
        return counts.live + counts.tombstones

    def _held(self, workspace_id: str, group_id: str) -> list[AttentionItem]:
        reader = self._access.reader()
        held = queries.held(reader, group_id)
        names = queries.names_of(reader, [row.resource for row in held])
        items = []
        for row in held:
            document_id, kind, name = names.get(row.resource, (row.resource, "", ""))
            items.append(
                AttentionItem(
                    "quarantined",
                    workspace_id=workspace_id,
                    resource_id=document_id,
                    kind=kind,
                    name=name,
                    detail=row.reason,
                    at=row.at,
                )
            )
        for document_id, code, at in queries.blocked(reader, group_id):
            found = queries.names_of(reader, [document_id[4:]]).get(document_id[4:], (document_id, "", ""))
            items.append(
                AttentionItem(
                    "blocked",
                    workspace_id=workspace_id,
                    resource_id=document_id,
                    kind=found[1],
                    name=found[2],
                    detail=code,
                    at=at,
                )
            )
        return items


def _code(code: str) -> AttentionCode:
    known: AttentionCode = msgspec.convert(code, AttentionCode)
    return known
