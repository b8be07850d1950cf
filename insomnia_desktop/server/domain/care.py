"""What the server does by itself: it forgets what is over, and looks after streams and history."""

from __future__ import annotations

from insomnia_desktop.protocol.limits import FAILURES_FORGOTTEN_AFTER, HANDSHAKE_LIFE, SESSION_IDLE
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import failures, handshakes, invites, sessions
from insomnia_desktop.server.domain import retention
from insomnia_desktop.server.domain.announcing import look_after_streams

MS = 1000


async def look_after_groups(context: ServerContext) -> None:
    """Do what is due for streams and history; raises DatabaseUnavailable."""
    # Hints get lost, and another process may have ended a session.
    await look_after_streams(context, context.events.accounts())
    await retention.thin_crowded(context)
    await retention.daily(context)


async def forget_what_is_over(context: ServerContext) -> None:
    """Delete it, in one short transaction for each kind."""
    now = context.clock.now_ms()
    async with context.database.write() as connection:
        await handshakes.purge(connection, since=now - HANDSHAKE_LIFE * MS, until=now + HANDSHAKE_LIFE * MS)
    forgotten = FAILURES_FORGOTTEN_AFTER * MS
    async with context.database.write() as connection:
        await failures.purge(connection, since=now - forgotten, until=now + forgotten)
    async with context.database.write() as connection:
        await sessions.purge(connection, used_before=now - SESSION_IDLE * MS, now=now)
    async with context.database.write() as connection:
        await invites.purge(connection, now)
    context.attempts.sweep(context.clock.monotonic())
    context.requests.sweep(context.clock.monotonic())
