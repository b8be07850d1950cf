"""What is done once a day: old tombstones, history and groups without a live row go (protocol v1, 3.10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import groups, retention, revisions
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.domain.announcing import group_dropped
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
    if not await context.database.run_write(retention.claim_chore, _CHORE, now, DAY_MS):
        return False
    await _tidy(context, await context.database.run_read(groups.every_id))
    return True


async def thin_crowded(context: ServerContext) -> None:
    """Go through the groups of accounts that pushed while little of their quota was left."""
    while context.crowded:
        account_id = context.crowded.pop()
        mine = await context.database.run_read(groups.of_account, account_id)
        await _tidy(context, [each.group.group_id for each in mine])


async def _tidy(context: ServerContext, ids: Iterable[bytes]) -> None:
    """Look at each group without keeping anybody waiting, and change it in a transaction of its own where need be."""
    for group_id in ids:
        if await context.database.run_read(_is_due, context, group_id):
            for _, account_id, seq in await context.database.run_write(_tidy_one, context, group_id):
                group_dropped(context, account_id, group_id, seq)


def _is_due(connection: Connection, context: ServerContext, group_id: bytes) -> bool:
    now = context.clock.now_ms()
    group = groups.get_any(connection, group_id)
    if group is None:
        return False
    newest, days_since = _kept(connection, context, group_id)
    return (
        _is_over(group, now)
        or retention.last_tombstone(connection, group_id, now - TOMBSTONE_DAYS * DAY_MS) is not None
        or bool(retention.thin_versions(connection, group_id, newest, days_since, most=1))
        or retention.has_facts_before(connection, group_id, now - FACT_DAYS * DAY_MS)
    )


def _tidy_one(connection: Connection, context: ServerContext, group_id: bytes) -> list[tuple[bytes, bytes, int]]:
    """Do what is due for a group; of one that goes as a whole, return who is to hear of it, with its last seq."""
    now, group = context.clock.now_ms(), groups.lock_any(connection, group_id)
    if group is None:
        return []
    if _is_over(group, now):
        hearers = groups.who_hears_of(connection, (group_id,))
        groups.remove(connection, group_id)
        return hearers
    last = retention.last_tombstone(connection, group_id, now - TOMBSTONE_DAYS * DAY_MS)
    if last is not None:
        freed = retention.remove_tombstones(connection, group_id, last)
        group = replace(group, floor_seq=max(group.floor_seq, last), bytes=group.bytes - freed)
    newest, days_since = _kept(connection, context, group_id)
    versions = retention.thin_versions(connection, group_id, newest, days_since)
    for first in range(0, len(versions), _VERSIONS_AT_ONCE):
        freed = revisions.drop_blobs(connection, group_id, versions[first : first + _VERSIONS_AT_ONCE])
        group = replace(group, bytes=group.bytes - freed)
    retention.remove_facts(connection, group_id, now - FACT_DAYS * DAY_MS)
    groups.write(connection, group)
    return []


def _kept(connection: Connection, context: ServerContext, group_id: bytes) -> tuple[int, int | None]:
    """Return how many of the newest versions are kept, and since when the last of each day is."""
    if is_crowded(context, groups.owners_used(connection, group_id)):
        return KEPT_NEWEST_CROWDED, None
    return KEPT_NEWEST, context.clock.now_ms() - KEPT_DAYS * DAY_MS


def _is_over(group: GroupRow, now: int) -> bool:
    return group.empty_since is not None and group.empty_since <= now - EMPTY_GROUP_DAYS * DAY_MS
