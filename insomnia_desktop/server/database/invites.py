"""Rows of invitations; of the invitation itself only a hash is kept."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database.schema import invites


async def insert(connection: AsyncConnection, key_hash: bytes, created_at: int, expires_at: int) -> None:
    """Keep an invitation; milliseconds since 1970 UTC."""
    values = {"key_hash": key_hash, "created_at": created_at, "expires_at": expires_at}
    await connection.execute(invites.insert().values(values))


async def use(connection: AsyncConnection, key_hash: bytes, now: int) -> bool:
    """Use an invitation up; False where there is none, or where it has expired."""
    statement = delete(invites).where(invites.c.key_hash == key_hash, invites.c.expires_at > now)
    return (await connection.execute(statement)).rowcount == 1


async def purge(connection: AsyncConnection, now: int) -> None:
    """Delete the invitations that have expired."""
    await connection.execute(delete(invites).where(invites.c.expires_at <= now))
