"""Which workspaces are synced, and what a person is told of it, out of a damaged store.

Heads, bases, the outbox, and what was quarantined or blocked stay behind: where a page of them is newer than that of
the document beside it, an old text would pass for an edit. Every document counts as edited then, and the first round
pulls the whole group and merges it without a base, which loses nothing (protocol v1, 3.6 rule 4). Where something that
is lost stood, store.salvage_agreed reads in the bases.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any, Final

import msgspec

from insomnia_desktop.store.broken_file import BrokenFile
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.commands.bindings import Bind

_CONFLICT: Final = ("document_id", "workspace_id", "path", "base", "mine", "theirs", "at")
_NOTICE: Final = ("account_id", "code", "workspace_id", "document_id", "name", "at")
_LOG: Final = ("at", "method", "path", "status", "bytes_up", "bytes_down", "ms")


def salvage_sync(broken: BrokenFile, connection: sqlite3.Connection, context: CommandContext) -> None:
    """Copy what can be read of it; the documents are there already. A row that makes no sense is left out."""
    epochs = {
        group_id: epoch
        for _, group_id, epoch in broken.rows("number, group_id, server_epoch", "cursor")
        if isinstance(group_id, str) and isinstance(epoch, bytes)
    }
    for _, *binding in broken.rows("number, workspace_id, account_id, group_id, state, wraps", "binding"):
        with contextlib.suppress(sqlite3.IntegrityError):
            _bind(connection, context, binding, epochs)
    for _, *account in broken.rows("number, account_id, chosen, report", "sync_account"):
        with contextlib.suppress(sqlite3.IntegrityError):
            connection.execute("INSERT INTO sync_account (account_id, chosen, report) VALUES (?, ?, ?)", account)
    for _, *conflict in broken.rows(f"number, {', '.join(_CONFLICT)}", "conflict"):
        if all(side is None or _is_json(side) for side in conflict[3:6]) and _is_path(conflict[2]):
            _insert(connection, "conflict", (*_CONFLICT, "change"), [*conflict, context.number])
    for _, *notice in broken.rows(f"number, {', '.join(_NOTICE)}", "notice"):
        _insert(connection, "notice", _NOTICE, notice)
    for _, *request in broken.rows(f"number, {', '.join(_LOG)}", "sync_log"):
        _insert(connection, "sync_log", _LOG, request)


def _bind(
    connection: sqlite3.Connection, context: CommandContext, binding: list[Any], epochs: dict[str, bytes]
) -> None:
    workspace_id, account_id, group_id, state, wraps = binding
    if state not in ("on", "off") or not all(isinstance(each, str) for each in (workspace_id, account_id, wraps)):
        return
    if group_id is None:
        connection.execute(
            "INSERT INTO binding (workspace_id, account_id, group_id, state, wraps, change)"
            " VALUES (?, ?, NULL, ?, ?, ?)",
            (workspace_id, account_id, state, wraps, context.number),
        )
    elif isinstance(group_id, str):
        # As at a first sign-in, but that a server under another epoch is known to be a restored one.
        Bind(workspace_id, account_id, group_id, wraps, epochs.get(group_id, b"")).run(connection, context)
        connection.execute("UPDATE binding SET state = ? WHERE workspace_id = ?", (state, workspace_id))
        connection.execute("UPDATE cursor SET server_epoch = NULL WHERE server_epoch = ?", (b"",))


def _insert(connection: sqlite3.Connection, table: str, columns: tuple[str, ...], values: list[Any]) -> None:
    marks = ", ".join("?" * len(columns))
    with contextlib.suppress(sqlite3.IntegrityError):
        connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)


def _is_json(text: object) -> bool:
    try:
        msgspec.json.decode(text if isinstance(text, str) else b"")
    except msgspec.MsgspecError:
        return False
    return True


def _is_path(text: object) -> bool:
    try:
        return bool(msgspec.json.decode(text if isinstance(text, str) else b"", type=tuple[str, ...]))
    except msgspec.MsgspecError:
        return False
