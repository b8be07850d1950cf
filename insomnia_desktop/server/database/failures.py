"""Rows of counted tries, by a hash of the e-mail."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database.inserting import Inserting
from insomnia_desktop.server.database.schema import failures


@dataclass(frozen=True, slots=True)
class FailureRow:
    """The last counted tries, how many waits were set, and until when the last one is; milliseconds since 1970 UTC."""

    times: tuple[int, ...] = ()
    waits: int = 0
    waits_until: int = 0
    last_at: int = 0


def lock(connection: Connection, key_hash: bytes) -> FailureRow:
    """Return the row of a key, made if there is none; nobody else counts until the transaction ends."""
    empty = {"key_hash": key_hash, "times": b"", "waits": 0, "waits_until": 0, "last_at": 0}
    row = _LOCK.run_sync(connection, empty).one()
    return FailureRow(_unpack(row.times), row.waits, row.waits_until, row.last_at)


def store(connection: Connection, key_hash: bytes, row: FailureRow) -> None:
    """Write the row of a key that was locked."""
    values = {"times": _pack(row.times), "waits": row.waits, "waits_until": row.waits_until, "last_at": row.last_at}
    connection.execute(_STORE, {"sought": key_hash, **values})


def forget(connection: Connection, key_hash: bytes) -> None:
    """Delete the row of a key."""
    connection.execute(_FORGET, {"sought": key_hash})


async def purge(connection: AsyncConnection, *, since: int, until: int) -> None:
    """Delete what was last counted outside the span of time."""
    outside = or_(failures.c.last_at <= since, failures.c.last_at >= until)
    await connection.execute(delete(failures).where(outside))


# An update that changes nothing locks the row and returns it, in one statement.
_LOCK = Inserting(
    failures,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[failures.c.key_hash], set_={"last_at": failures.c.last_at}
    ).returning(failures.c.times, failures.c.waits, failures.c.waits_until, failures.c.last_at),
)
_STORE = update(failures).where(failures.c.key_hash == bindparam("sought"))
_FORGET = delete(failures).where(failures.c.key_hash == bindparam("sought"))


def _pack(times: Sequence[int]) -> bytes:
    return struct.pack(f">{len(times)}Q", *times)


def _unpack(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(packed) // 8}Q", packed)
