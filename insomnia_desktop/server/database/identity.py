"""The one row that says which server this is."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database.inserting import insert_if_new
from insomnia_desktop.server.database.schema import server

SECRET_BYTES = 32
EPOCH_BYTES = 16


@dataclass(frozen=True, slots=True)
class Identity:
    """`secret` makes the answers for unknown e-mails; clients compare `server_epoch` with the one they knew."""

    secret: bytes = field(repr=False)
    server_epoch: bytes


async def ensure(connection: AsyncConnection, now: int) -> Identity:
    """Return the identity, made if the database is new."""
    fresh = {
        "id": 1,
        "secret": os.urandom(SECRET_BYTES),
        "server_epoch": os.urandom(EPOCH_BYTES),
        "created_at": now,
    }
    await insert_if_new(connection, server, fresh)
    row = (await connection.execute(select(server.c.secret, server.c.server_epoch))).one()
    return Identity(row.secret, row.server_epoch)


async def renew_epoch(connection: AsyncConnection) -> None:
    """Say that the database was restored: every client looks at what it has, and uploads what is missing."""
    await connection.execute(update(server).values(server_epoch=os.urandom(EPOCH_BYTES)))
