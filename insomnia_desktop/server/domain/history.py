"""The history of a resource: its versions listed, one of them, and what a push makes superfluous (protocol v1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.resources import Revision, RevisionRow, Revisions
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import groups, resources, revisions
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.database.resources import Current, ResourceRow
from insomnia_desktop.server.database.revisions import ListedRevision
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.problems import Refused

DAY_MS = 86_400_000
KEPT_NEWEST = 50
KEPT_DAYS = 90
# Of an account that uses more than so much of its quota less is kept.
CROWDED = 0.8
KEPT_NEWEST_CROWDED = 10


async def listed(
    context: ServerContext, session: SessionRow, group_id: bytes, resource_id: bytes, before: int | None, limit: int
) -> Revisions:
    """Return the versions of a resource below one, the newest first; raises Refused `not_found`."""

    def read(connection: Connection) -> tuple[ResourceRow, list[ListedRevision]]:
        newest = _newest(connection, session, group_id, resource_id)
        return newest, revisions.listed(connection, group_id, resource_id, before, limit + 1)

    newest, older = await context.database.run_read(read)
    found = [_told(each) for each in older]
    if before is None or newest.version < before:
        found.insert(0, _told(_as_listed(newest)))
    return Revisions(found[:limit], len(found) > limit)


async def one(
    context: ServerContext, session: SessionRow, group_id: bytes, resource_id: bytes, version: int
) -> RevisionRow:
    """Return a version with its blob; raises Refused `not_found`, also where the blob is no longer kept."""

    def read(connection: Connection) -> RevisionRow:
        newest = _newest(connection, session, group_id, resource_id)
        if newest.version == version:
            return _row(newest, newest.blob)
        older = revisions.get(connection, group_id, resource_id, version)
        if older is None or older.blob is None:
            raise Refused("not_found")
        return _row(older, older.blob)

    return await context.database.run_read(read)


def is_crowded(context: ServerContext, used: int) -> bool:
    """Say whether an account uses so much of its quota that less of its history is kept."""
    return used > CROWDED * context.config.limits.wire.quota


def thin_replaced(
    context: ServerContext,
    connection: Connection,
    group: GroupRow,
    used_elsewhere: int,
    replaced: Sequence[Current],
) -> GroupRow:
    """Drop the blobs that are not among the newest any more, now that versions were replaced.

    One for each resource at most; what else is superfluous is found once a day. Returns the group with its new size.
    """
    crowded = is_crowded(context, used_elsewhere + group.bytes)
    newest = KEPT_NEWEST_CROWDED if crowded else KEPT_NEWEST
    # A push makes version n + 1 of n: then n + 1 - newest is the first that is not among the newest.
    outside = [(each.resource_id, each.version + 1 - newest) for each in replaced if each.version >= newest]
    if not outside:
        return group
    if not crowded:
        neighbours = [(resource_id, version + step) for resource_id, version in outside for step in (0, 1)]
        times = revisions.times(connection, group.group_id, neighbours)
        since = context.clock.now_ms() - KEPT_DAYS * DAY_MS
        outside = [
            (resource_id, version)
            for resource_id, version in outside
            if not _is_last_of_day(times.get((resource_id, version)), times.get((resource_id, version + 1)), since)
        ]
    freed = revisions.drop_blobs(connection, group.group_id, outside) if outside else 0
    return replace(group, bytes=group.bytes - freed)


def _is_last_of_day(at: int | None, following: int | None, since: int) -> bool:
    return at is not None and at >= since and (following is None or at // DAY_MS != following // DAY_MS)


def _newest(connection: Connection, session: SessionRow, group_id: bytes, resource_id: bytes) -> ResourceRow:
    if groups.get(connection, session.account_id, group_id) is None:
        raise Refused("not_found")
    row = resources.get(connection, group_id, resource_id)
    if row is None:
        raise Refused("not_found")
    return row


def _as_listed(row: ResourceRow) -> ListedRevision:
    return ListedRevision(
        row.version, row.rev_hash, row.prev, row.deleted, row.author, row.device, row.at, row.size, kept=True
    )


def _told(row: ListedRevision) -> Revision:
    return Revision(
        version=row.version,
        rev_hash=Bytes32(row.rev_hash),
        prev=Bytes32(row.prev),
        deleted=row.deleted,
        author=Bytes16(row.author),
        device=Bytes16(row.device),
        at=row.at,
        size=row.size,
        kept=row.kept,
    )


def _row(row: ResourceRow | revisions.RevisionRow, blob: bytes) -> RevisionRow:
    return RevisionRow(
        id=Bytes16(row.resource_id),
        version=row.version,
        seq=None,
        prev=Bytes32(row.prev),
        deleted=row.deleted,
        author=Bytes16(row.author),
        blob=Binary(blob),
        at=row.at,
    )
