"""Who is told that something has changed: the streams here, and the server processes beside this one."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from insomnia_desktop.protocol.limits import SESSION_USE_WRITTEN_EVERY
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, groups, sessions
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.hints import Collected

MS = 1000
_AT_ONCE = 500


def group_moved(context: ServerContext, session: SessionRow, group_id: bytes, seq: int) -> None:
    """Tell the account of a session, but not the session itself, that it has changed a group.

    In version 1 a group has no member but the account that made it.
    """
    context.events.offer_head((session.account_id,), group_id, seq, but=session.token_hash)
    if context.hints is not None:
        context.hints.group(group_id, session.token_hash)


def group_removed(context: ServerContext, session: SessionRow, group_id: bytes, seq: int) -> None:
    """Tell the account of a session, but not the session itself, that a group is gone; `seq` was its last one."""
    context.events.offer_head((session.account_id,), group_id, seq, but=session.token_hash)
    if context.hints is not None:
        context.hints.removed(group_id, session.account_id, session.token_hash)


def group_dropped(context: ServerContext, account_id: bytes, group_id: bytes, seq: int) -> None:
    """Tell an account that the server itself has let a group of it go; `seq` was its last one."""
    context.events.offer_head((account_id,), group_id, seq, but=b"")
    if context.hints is not None:
        context.hints.removed(group_id, account_id, b"")


async def account_changed(context: ServerContext, account_id: bytes) -> None:
    """Tell an account's streams about a change of it, and end those whose session is gone."""
    await look_after_streams(context, (account_id,))
    if context.hints is not None:
        context.hints.account(account_id)


async def look_after_streams(context: ServerContext, account_ids: Collection[bytes]) -> None:
    """Compare the streams of accounts with what is stored: their sessions may be over, the accounts other ones.

    A stream that is open is a use of its session. Raises DatabaseUnavailable.
    """
    now = context.clock.now_ms()
    found = [account_id for account_id in account_ids if context.events.of_accounts((account_id,))]
    for first in range(0, len(found), _AT_ONCE):
        part = found[first : first + _AT_ONCE]
        revs, stored = await context.database.run_read(_as_stored, part)
        unused = []
        for stream in context.events.of_accounts(part):
            session = stored.get(stream.session.token_hash)
            if session is None or now >= session.expires_at:
                stream.revoke()
                continue
            stream.offer_rev(revs[session.account_id])
            if now - session.last_seen_at >= SESSION_USE_WRITTEN_EVERY * MS:
                unused.append(session.token_hash)
        for token_hash in unused:
            async with context.database.write() as connection:
                await sessions.touch(connection, token_hash, now)


def _as_stored(
    connection: Connection, account_ids: Collection[bytes]
) -> tuple[dict[bytes, int], dict[bytes, SessionRow]]:
    return accounts.revs(connection, account_ids), sessions.of_accounts(connection, account_ids)


async def take_hints(context: ServerContext, hints: Collected) -> None:
    """Tell the streams here what other server processes have changed; raises DatabaseUnavailable.

    Where hints were lost, nobody knows what to tell: the streams end, and their clients ask when they are back.
    """
    if hints.lost:
        context.events.end_all()
        return
    if hints.groups:
        heard = await context.database.run_read(groups.who_hears_of, list(hints.groups))
        for group_id, account_id, seq in heard:
            context.events.offer_head((account_id,), group_id, seq, but=hints.groups[group_id])
    for group_id, (account_id, remover) in hints.removed.items():
        context.events.offer_head((account_id,), group_id, 0, but=remover)
    await look_after_streams(context, hints.accounts)
