"""Writes about which workspaces are synced, with which account, and what is forgotten when that ends."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import singleton_id
from insomnia_desktop.crypto.digest import EMPTY
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store import full_text
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.sync import add_notice, sync_changed
from insomnia_desktop.store.response_rows import remove_of_requests
from insomnia_desktop.store.sync_rows import BindingState, is_private, synced
from insomnia_desktop.store.trash_rows import note_gone

_TABLES_OF_A_GROUP = ("cursor", "head", "base", "outbox", "quarantine", "blocked")


class Bind(msgspec.Struct, frozen=True):
    """Lets a workspace be synced as a group; what it was bound to before is forgotten.

    All its living documents count as edited then: the group may have none of them. The workspace need not be there
    yet. Nothing happens where it is bound to this group already. `server_epoch` is the one under which the group was
    there: should it be absent under another one, the server has lost it.
    """

    workspace_id: str
    account_id: str
    group_id: str
    wraps: str
    server_epoch: bytes

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write binding and cursor."""
        before = connection.execute(
            "SELECT group_id FROM binding WHERE workspace_id = ?", (self.workspace_id,)
        ).fetchone()
        if before is not None and before[0] == self.group_id:
            return []
        _drop(connection, self.workspace_id)
        connection.execute(
            "INSERT INTO binding (workspace_id, account_id, group_id, state, wraps, change)"
            " VALUES (?, ?, ?, 'on', ?, ?)",
            (self.workspace_id, self.account_id, self.group_id, self.wraps, context.number),
        )
        connection.execute(
            "INSERT INTO cursor (group_id, seq, server_epoch, last_head, full_pull, generation, digest)"
            " VALUES (?, 0, ?, 0, 'first', 1, ?)",
            (self.group_id, self.server_epoch, EMPTY),
        )
        _make_dirty(connection, self.workspace_id)
        return [Change("updated", "sync", self.workspace_id, self.workspace_id)]


class KeepWraps(msgspec.Struct, frozen=True):
    """Keeps a group's wrapped keys as the server gave them."""

    group_id: str
    wraps: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write them."""
        connection.execute("UPDATE binding SET wraps = ? WHERE group_id = ?", (self.wraps, self.group_id))
        return []


class SwitchSync(msgspec.Struct, frozen=True):
    """Switches the sync of a workspace on this device off, or on again where it has a group.

    A workspace without a binding is kept from being bound by `off`; `on` lets such a one be bound by the next round.
    One that is bound to another account is unbound by `on`. Raises KnownError `document.not_found`.
    """

    workspace_id: str
    account_id: str
    state: BindingState

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the state."""
        if rows.place(connection, self.workspace_id) is None:
            raise KnownError("document.not_found", id=self.workspace_id)
        if self.state == "on":
            # What the person was told of it is over.
            connection.execute(
                "DELETE FROM notice WHERE workspace_id = ? AND code IN ('removed_elsewhere', 'other_account')",
                (self.workspace_id,),
            )
        found = connection.execute(
            "SELECT account_id, group_id FROM binding WHERE workspace_id = ?", (self.workspace_id,)
        ).fetchone()
        if found is not None and found[0] == self.account_id and found[1] is not None:
            connection.execute("UPDATE binding SET state = ? WHERE workspace_id = ?", (self.state, self.workspace_id))
            return [sync_changed(context, connection, self.workspace_id)]
        if self.state == "on":
            _drop(connection, self.workspace_id)
        elif found is None:
            connection.execute(
                "INSERT INTO binding (workspace_id, account_id, group_id, state, wraps, change)"
                " VALUES (?, ?, NULL, 'off', '[]', ?)",
                (self.workspace_id, self.account_id, context.number),
            )
        else:
            return []
        return [Change("updated", "sync", self.workspace_id, self.workspace_id)]


class MakeLocal(msgspec.Struct, frozen=True):
    """Makes a synced workspace one of this device alone: its group is no more. No document is touched.

    A `notice` is kept for the person where one is given.
    """

    workspace_id: str
    account_id: str
    notice: str = ""

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Drop what was known of the group, and switch the workspace off."""
        _drop(connection, self.workspace_id)
        connection.execute(
            "INSERT INTO binding (workspace_id, account_id, group_id, state, wraps, change)"
            " VALUES (?, ?, NULL, 'off', '[]', ?)",
            (self.workspace_id, self.account_id, context.number),
        )
        if self.notice:
            add_notice(connection, context, self.account_id, self.notice, workspace_id=self.workspace_id)
        return [Change("updated", "sync", self.workspace_id, self.workspace_id)]


class ChooseWorkspaces(msgspec.Struct, frozen=True):
    """Keeps what the person said at the first sign-in: these unbound workspaces may be bound, the others not."""

    account_id: str
    refused: tuple[str, ...]

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write it."""
        connection.execute(
            "INSERT INTO sync_account (account_id, chosen, report) VALUES (?, 1, '')"
            " ON CONFLICT (account_id) DO UPDATE SET chosen = 1",
            (self.account_id,),
        )
        changes = []
        for workspace_id in self.refused:
            changes += SwitchSync(workspace_id, self.account_id, "off").run(connection, context)
        return changes or [Change("updated", "sync", "", None)]


class UnbindAccount(msgspec.Struct, frozen=True):
    """Unbinds every workspace from an account that was deleted, or whose data is to be removed.

    With `remove` those that have nothing unsaved are removed for good from this device; what is private to it is
    nowhere else, and a side of a conflict may be so too, of a document that lives: others are shown to nobody.
    """

    account_id: str
    remove: bool

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Drop bindings with all that belongs to them, and the workspaces if asked for."""
        found = connection.execute(
            "SELECT workspace_id, group_id IS NOT NULL FROM binding WHERE account_id = ?", (self.account_id,)
        ).fetchall()
        changes: list[Change] = []
        for workspace_id, was_synced in found:
            unsaved = connection.execute(
                f"SELECT 1 FROM document WHERE workspace_id = ? AND (local_rev != synced_rev AND {synced('document')}"
                f" OR deleted_at IS NULL AND {is_private('document')})"
                " UNION ALL SELECT 1 FROM conflict JOIN document ON document.id = document_id"
                " WHERE conflict.workspace_id = ? AND deleted_at IS NULL LIMIT 1",
                (workspace_id, workspace_id),
            ).fetchone()
            _drop(connection, workspace_id)
            if self.remove and was_synced and unsaved is None:
                changes += remove_workspace(connection, context, workspace_id)
            changes.append(Change("updated", "sync", workspace_id, workspace_id))
        connection.execute("DELETE FROM sync_account WHERE account_id = ?", (self.account_id,))
        connection.execute("DELETE FROM notice WHERE account_id = ?", (self.account_id,))
        return changes


class RemoveUntouched(msgspec.Struct, frozen=True):
    """Removes a workspace that the program made and nobody has touched, if that is still so and another one lives."""

    workspace_id: str
    name: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove it for good."""
        others = [found for found, _ in rows.siblings(connection, None, "workspace") if found != self.workspace_id]
        if not others or not is_untouched(connection, self.workspace_id, self.name):
            return []
        _drop(connection, self.workspace_id)
        return remove_workspace(connection, context, self.workspace_id)


class Notify(msgspec.Struct, frozen=True):
    """Keeps something that the person is told once."""

    account_id: str
    code: str
    workspace_id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write it, unless it stands there already."""
        add_notice(connection, context, self.account_id, self.code, workspace_id=self.workspace_id)
        return [sync_changed(context, connection, self.workspace_id)]


class DismissNotice(msgspec.Struct, frozen=True):
    """Forgets something that the person was told."""

    id: int

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove it."""
        connection.execute("DELETE FROM notice WHERE number = ?", (self.id,))
        return [Change("updated", "sync", "", None)]


def is_untouched(connection: sqlite3.Connection, workspace_id: str, name: str) -> bool:
    """Say whether a workspace is as the program made it: its three documents, none of them ever edited."""
    found = connection.execute(
        "SELECT id, kind, local_rev, synced_rev, deleted_at, name FROM document WHERE workspace_id = ? LIMIT 4",
        (workspace_id,),
    ).fetchall()
    if len(found) != 3 or any(row[2] > 1 or row[3] or row[4] is not None for row in found):
        return False
    named = {row[1]: row for row in found}
    if set(named) != {"workspace", "environment", "cookie_jar"} or named["workspace"][5] != name:
        return False
    at = rows.place(connection, workspace_id)
    seed = rows.fields(connection, at).get("seed") if at is not None else None
    return isinstance(seed, str) and named["environment"][0] == singleton_id(seed, "base_environment")


def remove_workspace(connection: sqlite3.Connection, context: CommandContext, workspace_id: str) -> list[Change]:
    """Remove a workspace with everything in it for good; there is no undo."""
    found = connection.execute(
        "SELECT number, id, kind FROM document WHERE workspace_id = ?", (workspace_id,)
    ).fetchall()
    for number, _, kind in found:
        connection.execute("DELETE FROM document WHERE number = ?", (number,))
        connection.execute("DELETE FROM content WHERE number = ?", (number,))
        if kind in full_text.SEARCHED_KINDS:
            full_text.remove(connection, number)
    connection.execute("DELETE FROM undo WHERE workspace_id = ?", (workspace_id,))
    connection.execute("DELETE FROM conflict WHERE workspace_id = ?", (workspace_id,))
    remove_of_requests(connection, context, [document_id for _, document_id, kind in found if kind == "request"])
    note_gone(connection, context, workspace_id, "workspace", workspace_id)
    return [
        Change("deleted", "workspace", workspace_id, workspace_id),
        Change("purged", "workspace", workspace_id, workspace_id),
    ]


def _drop(connection: sqlite3.Connection, workspace_id: str) -> None:
    found = connection.execute("SELECT group_id FROM binding WHERE workspace_id = ?", (workspace_id,)).fetchone()
    if found is None:
        return
    for table in _TABLES_OF_A_GROUP:
        connection.execute(f"DELETE FROM {table} WHERE group_id = ?", (found[0],))
    connection.execute("DELETE FROM binding WHERE workspace_id = ?", (workspace_id,))


def _make_dirty(connection: sqlite3.Connection, workspace_id: str) -> None:
    connection.execute(
        "UPDATE document SET local_rev = local_rev + 1 WHERE workspace_id = ? AND local_rev = synced_rev"
        " AND deleted_at IS NULL",
        (workspace_id,),
    )
