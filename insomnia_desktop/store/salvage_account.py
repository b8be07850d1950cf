"""Account, pins and device id out of a damaged store."""

from __future__ import annotations

import contextlib
import sqlite3

import msgspec

from insomnia_desktop.store.account_rows import AccountRow
from insomnia_desktop.store.broken_file import BrokenFile
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.account import KeepDeviceId, SaveAccount

_COLUMNS = "server, hosted, email, name, account_id, state, keeping, rev, profile"


def salvage_account(broken: BrokenFile, connection: sqlite3.Connection, context: CommandContext) -> None:
    """Copy what can be read of them; what is lost is asked of the server at the next sign-in.

    A row that makes no sense is left out, as if nobody had been signed in.
    """
    for _, server, hosted, *rest in broken.rows(f"number, {_COLUMNS}", "account"):
        fields = dict(zip(_COLUMNS.split(", "), [server, bool(hosted), *rest], strict=True))
        with contextlib.suppress(msgspec.ValidationError, sqlite3.IntegrityError):
            SaveAccount(msgspec.convert(fields, AccountRow), 0).run(connection, context)
    for _, server, email, account_id, iterations in broken.rows(
        "number, server, email, account_id, iterations", "account_pin"
    ):
        with contextlib.suppress(sqlite3.IntegrityError, sqlite3.DataError):
            connection.execute(
                "INSERT OR REPLACE INTO account_pin (server, email, account_id, iterations) VALUES (?, ?, ?, ?)",
                (server, email, account_id, iterations),
            )
    for _, device_id in broken.rows("number, id", "device"):
        with contextlib.suppress(sqlite3.IntegrityError):
            KeepDeviceId(device_id).run(connection, context)
