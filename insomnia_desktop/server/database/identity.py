"""The one row that says which server this is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database.schema import server

SECRET_BYTES = 32
EPOCH_BYTES = 16


@dataclass(frozen=True, slots=True)
class Identity:
    """`secret` makes the answers for unknown e-mails; clients compare `server_epoch` with the one they knew."""

    secret: bytes = field(repr=False)
    server_epoch: bytes


async def make(connection: AsyncConnection) -> None:
    """Make the identity of a new database."""
    values = {"id": 1, "secret": os.urandom(SECRET_BYTES), "server_epoch": os.urandom(EPOCH_BYTES)}
    await connection.execute(server.insert().values(values))


async def get(connection: AsyncConnection) -> Identity | None:
    """Return the identity, None where somebody took it away."""
    row = (await connection.execute(select(server.c.secret, server.c.server_epoch))).one_or_none()
    return None if row is None else Identity(row.secret, row.server_epoch)


async def renew_epoch(connection: AsyncConnection) -> None:
    """Say that the database was restored: every client looks at what it has, and uploads what is missing."""
    await connection.execute(update(server).values(server_epoch=os.urandom(EPOCH_BYTES)))
