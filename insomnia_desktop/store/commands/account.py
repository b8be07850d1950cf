"""Writes about the account of this data folder; none of them touches a document."""

from __future__ import annotations

import sqlite3

import msgspec

from insomnia_desktop.store import codec
from insomnia_desktop.store.account_rows import AccountRow, AccountRowState, unkept_recovery_key
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.sync import add_notice

_CHANGED = Change("updated", "account", "account", None)


class SaveAccount(msgspec.Struct, frozen=True):
    """Keeps who is signed in, and pins its id and iteration count, which only rises."""

    row: AccountRow
    iterations: int

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the row and the pin."""
        row = self.row
        connection.execute(
            "INSERT OR REPLACE INTO account (number, server, hosted, email, name, account_id, state, keeping, rev,"
            " profile, change) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.server,
                int(row.hosted),
                row.email,
                row.name,
                row.account_id,
                row.state,
                row.keeping,
                row.rev,
                row.profile,
                context.number,
            ),
        )
        connection.execute(
            "INSERT INTO account_pin (server, email, account_id, iterations) VALUES (?, ?, ?, ?) ON CONFLICT (server,"
            " email) DO UPDATE SET account_id = excluded.account_id, iterations = max(iterations, excluded.iterations)",
            (row.place, row.email, row.account_id, self.iterations),
        )
        return [_CHANGED]


class SetAccountState(msgspec.Struct, frozen=True):
    """Notes that the account was signed out, here or elsewhere; nothing where another one took its place meanwhile."""

    account_id: str
    state: AccountRowState

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the state, if it is another one."""
        found = connection.execute(
            "SELECT 1 FROM account WHERE account_id = ? AND state != ?", (self.account_id, self.state)
        )
        if found.fetchone() is None:
            return []
        connection.execute("UPDATE account SET state = ?, change = ?", (self.state, context.number))
        return [_CHANGED]


class ForgetAccount(msgspec.Struct, frozen=True):
    """Forgets an account whole, its pin included: it was deleted, or its data was removed from this device."""

    account_id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove the pin and the row, and leave word for other processes."""
        connection.execute("DELETE FROM account_pin WHERE account_id = ?", (self.account_id,))
        if not connection.execute("DELETE FROM account WHERE account_id = ?", (self.account_id,)).rowcount:
            return []
        connection.execute(
            "INSERT INTO gone (id, kind, workspace_id, change) VALUES ('account', 'account', NULL, ?)",
            (context.number,),
        )
        return [_CHANGED]


class WithdrawUnkeptRecovery(msgspec.Struct, frozen=True):
    """Forgets the recovery key that waits here to be kept, since a newer one replaced it, and leaves a notice of that.

    `sealed` is what lies here of it: another one, which came meanwhile, stays.
    """

    account_id: str
    sealed: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove it and tell the person."""
        removed = connection.execute(
            "DELETE FROM local WHERE key = ? AND value = ?",
            (unkept_recovery_key(self.account_id), codec.encode(self.sealed)),
        ).rowcount
        if not removed:
            return []
        add_notice(connection, context, self.account_id, "recovery_key_replaced", workspace_id="")
        return [Change("updated", "sync", "", None)]


class KeepDeviceId(msgspec.Struct, frozen=True):
    """Gives this data folder the id of its device, unless it has one: it is made once."""

    id: str

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the id if there is none."""
        connection.execute("INSERT OR IGNORE INTO device (number, id) VALUES (1, ?)", (self.id,))
        return []
