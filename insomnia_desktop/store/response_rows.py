"""Writes and removals of responses within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from insomnia_desktop.model import Response
from insomnia_desktop.store import codec
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext

_RESPONSE = msgspec.json.Decoder(Response)


def insert(connection: sqlite3.Connection, context: CommandContext, response: Response) -> None:
    """Write a new response; the size of its body is that of the file."""
    connection.execute(
        "INSERT INTO response (id, request_id, workspace_id, started, state, status, reason, total_ms,"
        " size_decoded, error_code, body_file, body_size, change, record)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            response.id,
            response.request_id,
            response.workspace_id,
            response.started,
            response.state,
            response.status,
            codec.whole(response.reason),
            response.timings.total,
            response.size_decoded,
            response.error.code if response.error else "",
            response.body_file,
            context.bodies.size(response.body_file) if response.body_file else 0,
            context.number,
            codec.encode(response),
        ),
    )


def give(
    connection: sqlite3.Connection, context: CommandContext, owner_id: str, heir_id: str, workspace_id: str
) -> list[Change]:
    """Let another request, in that workspace, have the responses of one; what cannot be read stays where it is."""
    changes = []
    kept = connection.execute(
        "SELECT number, id, workspace_id, record FROM response WHERE request_id = ? ORDER BY number", (owner_id,)
    ).fetchall()
    for number, response_id, left_id, record in kept:
        try:
            response = _RESPONSE.decode(record)
        except codec.NO_JSON:
            continue
        moved = msgspec.structs.replace(response, request_id=heir_id, workspace_id=workspace_id)
        connection.execute(
            "UPDATE response SET request_id = ?, workspace_id = ?, change = ?, record = ? WHERE number = ?",
            (heir_id, workspace_id, context.number, codec.encode(moved), number),
        )
        changes.append(Change("deleted", "response", response_id, left_id))
        changes.append(Change("created", "response", response_id, workspace_id))
    return changes


def remove(connection: sqlite3.Connection, context: CommandContext, numbers: Iterable[int]) -> list[Change]:
    """Remove responses by row; their body files go once the transaction is through."""
    changes = []
    for number in numbers:
        row = connection.execute(
            "DELETE FROM response WHERE number = ? RETURNING id, workspace_id, body_file", (number,)
        ).fetchone()
        if row is None:
            continue
        response_id, workspace_id, body_file = row
        connection.execute(
            "INSERT INTO gone (id, kind, workspace_id, change) VALUES (?, 'response', ?, ?)",
            (response_id, workspace_id, context.number),
        )
        changes.append(Change("deleted", "response", response_id, workspace_id))
        if body_file:
            context.bodies_to_remove.append(body_file)
    return changes


def remove_of_requests(
    connection: sqlite3.Connection, context: CommandContext, request_ids: Iterable[str]
) -> list[Change]:
    """Remove all responses of requests."""
    changes = []
    for request_id in request_ids:
        numbers = connection.execute("SELECT number FROM response WHERE request_id = ?", (request_id,)).fetchall()
        changes += remove(connection, context, [number for (number,) in numbers])
    return changes
