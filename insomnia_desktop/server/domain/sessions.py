"""Sessions: opened by a sign-in, found again by their token, and over at last (protocol v1, 3.3)."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.crypto.tuples import H
from insomnia_desktop.protocol.binary import Bytes16
from insomnia_desktop.protocol.devices import Device, DeviceRow, Devices
from insomnia_desktop.protocol.limits import (
    SESSION_ABSOLUTE,
    SESSION_FRESH,
    SESSION_IDLE,
    SESSION_USE_WRITTEN_EVERY,
    TOKEN_BYTES,
)
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, sessions
from insomnia_desktop.server.database.accounts import AccountRow
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.domain.announcing import account_changed
from insomnia_desktop.server.problems import Refused

MS = 1000


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """What the client gets: the token, which nobody keeps here, and the end in milliseconds since 1970 UTC."""

    token: bytes = field(repr=False)
    expires_at: int


def open_session(
    context: ServerContext, connection: Connection, account_id: bytes, device: Device, client: str
) -> OpenedSession:
    """Open a session in place of the device's earlier one; over the limit the devices that were idle longest go.

    The caller has locked the account.
    """
    now = context.clock.now_ms()
    token = os.urandom(TOKEN_BYTES)
    row = SessionRow(
        token_hash=H(token),
        account_id=account_id,
        device_id=device.id,
        name=device.name,
        platform=device.platform,
        client=client,
        created_at=now,
        last_seen_at=now,
        expires_at=now + SESSION_ABSOLUTE * MS,
    )
    sessions.replace(connection, row)
    sessions.keep_newest(connection, account_id, device.id, others=context.config.limits.wire.devices - 1)
    return OpenedSession(token, row.expires_at)


async def authenticate(context: ServerContext, token: bytes) -> SessionRow:
    """Return the session of a token; raises Refused `unauthorized`, `rate_limited`."""
    token_hash = H(token)
    session = await context.database.run_read_at_once(sessions.find, token_hash)
    now = context.clock.now_ms()
    if session is None or is_over(session, now):
        raise Refused("unauthorized")
    wait = context.requests.wait(token_hash, context.clock.monotonic())
    if wait:
        raise Refused("rate_limited", retry_after=math.ceil(wait))
    if abs(now - session.last_seen_at) >= SESSION_USE_WRITTEN_EVERY * MS:
        async with context.database.write() as connection:
            await sessions.touch(connection, token_hash, now)
    return session


def is_over(session: SessionRow, now: int) -> bool:
    """Say whether a session was not used for 30 days, or is 180 days old."""
    return now - session.last_seen_at >= SESSION_IDLE * MS or now >= session.expires_at


def require_fresh(context: ServerContext, session: SessionRow) -> None:
    """Raise Refused `reauth_required` unless the password was proven within the last five minutes."""
    if abs(context.clock.now_ms() - session.created_at) >= SESSION_FRESH * MS:
        raise Refused("reauth_required")


async def locked_account(connection: AsyncConnection, session: SessionRow) -> AccountRow:
    """Lock the account of a session that is still there: it may have ended since it was looked at.

    Raises Refused `unauthorized`.
    """
    account = await accounts.get(connection, session.account_id)
    if account is not None:
        account = await connection.run_sync(accounts.lock, account.email)
    if account is None or await sessions.get(connection, session.token_hash) is None:
        raise Refused("unauthorized")
    return account


async def devices(context: ServerContext, session: SessionRow) -> Devices:
    """Return the devices that are signed in, the one used last first."""
    now = context.clock.now_ms()
    async with context.database.read() as connection:
        rows = await sessions.of_account(connection, session.account_id)
    return Devices([_device(row, session) for row in rows if not is_over(row, now)])


async def revoke(context: ServerContext, session: SessionRow, device_id: bytes) -> None:
    """Sign a device of the account out, also the one that asks; raises Refused `not_found`.

    Of two that revoke each other at once the one that comes first stays: a stolen device does not answer in kind.
    """
    async with context.database.write() as connection:
        await locked_account(connection, session)
        if not await sessions.remove_device(connection, session.account_id, device_id):
            raise Refused("not_found")
    await account_changed(context, session.account_id)


def _device(row: SessionRow, caller: SessionRow) -> DeviceRow:
    return DeviceRow(
        id=Bytes16(row.device_id),
        name=row.name,
        platform=row.platform,
        client=row.client,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        current=row.device_id == caller.device_id,
    )
