"""Rows of sessions, one for each device that is signed in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.database.inserting import Inserting, values_of
from insomnia_desktop.server.database.prepared import Prepared
from insomnia_desktop.server.database.schema import sessions


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session, its fields in the order of the columns; milliseconds since 1970 UTC, `client` is the User-Agent."""

    token_hash: bytes = field(repr=False)
    account_id: bytes
    device_id: bytes
    name: str
    platform: str
    client: str
    created_at: int
    last_seen_at: int
    expires_at: int


def find(connection: Connection, token_hash: bytes) -> SessionRow | None:
    """Return the session of a token's hash, also one that has expired."""
    row = _GET.run(connection, {"sought": token_hash}).one_or_none()
    return None if row is None else SessionRow(*row)


async def get(connection: AsyncConnection, token_hash: bytes) -> SessionRow | None:
    """Return a session as `find` does, in an asynchronous transaction."""
    return await connection.run_sync(find, token_hash)


async def of_account(connection: AsyncConnection, account_id: bytes) -> list[SessionRow]:
    """Return all sessions of an account, the one used last first."""
    statement = select(sessions).where(sessions.c.account_id == account_id)
    rows = await connection.execute(statement.order_by(sessions.c.last_seen_at.desc(), sessions.c.device_id))
    return [SessionRow(*row) for row in rows]


def of_accounts(connection: Connection, account_ids: Collection[bytes]) -> dict[bytes, SessionRow]:
    """Return all sessions of accounts by the hash of their token."""
    rows = connection.execute(select(sessions).where(sessions.c.account_id.in_(account_ids)))
    return {row[0]: SessionRow(*row) for row in rows}


def replace(connection: Connection, row: SessionRow) -> None:
    """Add a session, in place of the one that the device had."""
    _REPLACE.run_sync(connection, values_of(row))


def keep_newest(connection: Connection, account_id: bytes, device_id: bytes, others: int) -> None:
    """Delete the sessions of an account that were idle longest; the one of the device and `others` more stay."""
    connection.execute(_KEEP_NEWEST, {"account": account_id, "device": device_id, "others": others})


async def touch(connection: AsyncConnection, token_hash: bytes, now: int) -> None:
    """Write when a session was used last."""
    await connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(last_seen_at=now))


async def remove_device(connection: AsyncConnection, account_id: bytes, device_id: bytes) -> bool:
    """Delete the session of a device; False where it has none."""
    statement = delete(sessions).where(sessions.c.account_id == account_id, sessions.c.device_id == device_id)
    return (await connection.execute(statement)).rowcount == 1


async def remove_all(connection: AsyncConnection, account_id: bytes, but: bytes | None = None) -> None:
    """Delete the sessions of an account, all `but` the one of a token's hash."""
    statement = delete(sessions).where(sessions.c.account_id == account_id)
    await connection.execute(statement if but is None else statement.where(sessions.c.token_hash != but))


async def purge(connection: AsyncConnection, *, used_before: int, now: int) -> None:
    """Delete the sessions that are over: unused for too long, or past their end."""
    over = or_(sessions.c.last_seen_at < used_before, sessions.c.expires_at <= now)
    await connection.execute(delete(sessions).where(over))


_GET = Prepared(lambda *_: select(sessions).where(sessions.c.token_hash == bindparam("sought")))
_REPLACE = Inserting(
    sessions,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[sessions.c.account_id, sessions.c.device_id],
        set_={column.name: insert.excluded[column.name] for column in sessions.columns},
    ),
)
_KEEP_NEWEST = delete(sessions).where(
    sessions.c.token_hash.in_(
        select(sessions.c.token_hash)
        .where(sessions.c.account_id == bindparam("account"), sessions.c.device_id != bindparam("device"))
        .order_by(sessions.c.last_seen_at.desc(), sessions.c.device_id)
        .offset(bindparam("others"))
    )
)
