"""Responses: add with pruning, delete, keep within the cap."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import msgspec

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.model import Patch, Response
from insomnia_desktop.store import document_rows as rows
from insomnia_desktop.store import operations
from insomnia_desktop.store.changes import Change
from insomnia_desktop.store.command import CommandContext
from insomnia_desktop.store.response_rows import insert, remove, remove_of_requests


class AddResponse(msgspec.Struct, frozen=True):
    """Stores a response, and the cookies it set, in one transaction; `keep` newest ones of the request stay.

    `cookie_jar_patch` is the id of the jar and the edits of it; it is no step of undo, and is left out where the jar
    is gone or cannot be read. Raises KnownError `document.not_found` where the request is gone for good (in the trash
    is not gone).
    """

    response: Response
    keep: int
    cookie_jar_patch: tuple[str, Patch] | None = None

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Write the row, remove what is too many, patch the jar."""
        response = self.response
        if rows.place(connection, response.request_id) is None:
            raise KnownError("document.not_found", id=response.request_id)
        insert(connection, context, response)
        changes = [Change("created", "response", response.id, response.workspace_id)]
        surplus = connection.execute(
            "SELECT number FROM response WHERE request_id = ? ORDER BY started DESC, number DESC LIMIT -1 OFFSET ?",
            (response.request_id, max(1, self.keep)),
        ).fetchall()
        changes += remove(connection, context, [number for (number,) in surplus])
        if self.cookie_jar_patch is not None:
            jar_id, patch = self.cookie_jar_patch
            changes += _cookies(connection, context, jar_id, patch)
        return changes


def _cookies(connection: sqlite3.Connection, context: CommandContext, jar_id: str, patch: Patch) -> list[Change]:
    try:
        return operations.perform(connection, context, [operations.edit(jar_id, patch)]).changes
    except KnownError as error:
        if error.code != "document.invalid":
            raise
        # The response is worth more than its cookies; the next send says what is wrong with the jar.
        return []


class DeleteResponses(msgspec.Struct, frozen=True):
    """Removes responses for good: those named, and all of a request; unknown ones are left out."""

    ids: Sequence[str] = ()
    request_id: str | None = None

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove the rows and, once committed, the bodies."""
        numbers = []
        for response_id in self.ids:
            row = connection.execute("SELECT number FROM response WHERE id = ?", (response_id,)).fetchone()
            if row is not None:
                numbers.append(row[0])
        changes = remove(connection, context, numbers)
        if self.request_id is not None:
            changes += remove_of_requests(connection, context, [self.request_id])
        return changes


class EnforceBodyCap(msgspec.Struct, frozen=True):
    """Removes the oldest responses that have a body until all bodies together are at most `bytes`.

    The newest response of a request always stays, so all together may still be more.
    """

    bytes: int

    def run(self, connection: sqlite3.Connection, context: CommandContext) -> list[Change]:
        """Remove the rows and, once committed, the bodies."""
        total = connection.execute("SELECT coalesce(sum(body_size), 0) FROM response").fetchone()[0]
        if total <= self.bytes:
            return []
        newest = {
            number
            for (number,) in connection.execute(
                "SELECT number FROM (SELECT number, row_number() OVER"
                " (PARTITION BY request_id ORDER BY started DESC, number DESC) AS place FROM response)"
                " WHERE place = 1"
            )
        }
        surplus = []
        for number, size in connection.execute(
            "SELECT number, body_size FROM response WHERE body_size > 0 ORDER BY started, number"
        ):
            if total <= self.bytes:
                break
            if number not in newest:
                surplus.append(number)
                total -= size
        return remove(connection, context, surplus)
