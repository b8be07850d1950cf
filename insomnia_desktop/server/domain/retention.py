"""What is done once a day: old tombstones, history and groups without a live row go (protocol v1, 3.10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import groups, retention, revisions
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.domain.history import (
    DAY_MS,
    KEPT_DAYS,
    KEPT_NEWEST,
    KEPT_NEWEST_CROWDED,
    is_crowded,
)

TOMBSTONE_DAYS = 180
EMPTY_GROUP_DAYS = 180
FACT_DAYS = 400
_CHORE = "retention"
_VERSIONS_AT_ONCE = 400


async def daily(context: ServerContext) -> bool:
    """Go through all groups if that was not done for a day; says whether it was."""
    now = context.clock.now_ms()
    async with context.database.write() as connection:
        if not await retention.claim_chore(connection, _CHORE, now, DAY_MS):
            return False
    async with context.database.read() as connection:
        ids = await groups.every_id(connection)
    await _tidy(context, ids)
    return True


async def thin_crowded(context: ServerContext) -> None:
    """Go through the groups of accounts that pushed while little of their quota was left."""
    while context.crowded:
        account_id = context.crowded.pop()
        async with context.database.read() as connection:
            ids = [each.group.group_id for each in await groups.of_account(connection, account_id)]
        await _tidy(context, ids)


async def _tidy(context: ServerContext, ids: Iterable[bytes]) -> None:
    """Look at each group without keeping anybody waiting, and change it in a transaction of its own where need be."""
    for group_id in ids:
        async with context.database.read() as connection:
            due = await _is_due(context, connection, group_id)
        if due:
            async with context.database.write() as connection:
                group = await groups.lock_any(connection, group_id)
                if group is not None:
                    await _tidy_locked(context, connection, group)


async def _is_due(context: ServerContext, connection: AsyncConnection, group_id: bytes) -> bool:
    now = context.clock.now_ms()
    group = await groups.get_any(connection, group_id)
    if group is None:
        return False
    newest, days_since = await _kept(context, connection, group_id)
    return (
        _is_over(group, now)
        or await retention.last_tombstone(connection, group_id, now - TOMBSTONE_DAYS * DAY_MS) is not None
        or bool(await retention.thin_versions(connection, group_id, newest, days_since, most=1))
        or await retention.has_facts_before(connection, group_id, now - FACT_DAYS * DAY_MS)
    )


async def _tidy_locked(context: ServerContext, connection: AsyncConnection, group: GroupRow) -> None:
    now, group_id = context.clock.now_ms(), group.group_id
    if _is_over(group, now):
        await groups.remove(connection, group_id)
        return
    last = await retention.last_tombstone(connection, group_id, now - TOMBSTONE_DAYS * DAY_MS)
    if last is not None:
        freed = await retention.remove_tombstones(connection, group_id, last)
        group = replace(group, floor_seq=max(group.floor_seq, last), bytes=group.bytes - freed)
    newest, days_since = await _kept(context, connection, group_id)
    versions = await retention.thin_versions(connection, group_id, newest, days_since)
    for first in range(0, len(versions), _VERSIONS_AT_ONCE):
        freed = await revisions.drop_blobs(connection, group_id, versions[first : first + _VERSIONS_AT_ONCE])
        group = replace(group, bytes=group.bytes - freed)
    await retention.remove_facts(connection, group_id, now - FACT_DAYS * DAY_MS)
    await groups.write(connection, group)


async def _kept(context: ServerContext, connection: AsyncConnection, group_id: bytes) -> tuple[int, int | None]:
    """Return how many of the newest versions are kept, and since when the last of each day is."""
    if is_crowded(context, await groups.owners_used(connection, group_id)):
        return KEPT_NEWEST_CROWDED, None
    return KEPT_NEWEST, context.clock.now_ms() - KEPT_DAYS * DAY_MS


def _is_over(group: GroupRow, now: int) -> bool:
    return group.empty_since is not None and group.empty_since <= now - EMPTY_GROUP_DAYS * DAY_MS
