"""Rows of SRP handshakes: what the server keeps between the two requests of a sign-in."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, or_
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database.inserting import values_of
from insomnia_desktop.server.database.schema import srp_handshakes


@dataclass(frozen=True, slots=True)
class HandshakeRow:
    """A handshake, its fields in the order of the columns; `created_at` in milliseconds since 1970 UTC.

    For an unknown e-mail it looks the same.
    """

    handshake_id: bytes
    email: str
    srp_salt: bytes
    verifier: bytes = field(repr=False)
    srp_a: bytes
    secret: bytes = field(repr=False)
    transcript: bytes
    created_at: int


def insert(connection: Connection, row: HandshakeRow) -> None:
    """Keep a handshake."""
    connection.execute(_INSERT, values_of(row))


def burn(connection: Connection, handshake_id: bytes) -> HandshakeRow | None:
    """Delete a handshake and return it; of any number that ask at once one gets it."""
    row = connection.execute(_BURN, {"sought": handshake_id}).one_or_none()
    return None if row is None else HandshakeRow(*row)


async def remove_all(connection: AsyncConnection, email: str) -> None:
    """Delete the handshakes of an e-mail: its verifier is another one now."""
    await connection.execute(delete(srp_handshakes).where(srp_handshakes.c.email == email))


async def purge(connection: AsyncConnection, *, since: int, until: int) -> None:
    """Delete what was not made within the span of time: too old, or of a clock that has been put back."""
    outside = or_(srp_handshakes.c.created_at < since, srp_handshakes.c.created_at > until)
    await connection.execute(delete(srp_handshakes).where(outside))


_INSERT = srp_handshakes.insert()
_BURN = delete(srp_handshakes).where(srp_handshakes.c.handshake_id == bindparam("sought")).returning(srp_handshakes)
