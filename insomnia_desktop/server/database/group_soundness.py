"""Reads every group with its resources and says what does not hold together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from insomnia_desktop.crypto import digest
from insomnia_desktop.crypto.envelope import Revision, rev_hash
from insomnia_desktop.crypto.errors import Undecryptable
from insomnia_desktop.protocol import limits
from insomnia_desktop.protocol.binary import encode
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.database.resources import ResourceRow
from insomnia_desktop.server.database.schema import groups, members, resources, revisions, wraps

# Blobs of a megabyte each.
_ROWS_AT_ONCE = 20


@dataclass(slots=True)
class _Sum:
    """What the rows of a group come to."""

    digest: bytes = digest.EMPTY
    live: int = 0
    bytes: int = 0
    last_seq: int = 0


async def group_faults(connection: AsyncConnection) -> AsyncIterator[str]:
    """Give one sentence for each fault."""
    for row in (await connection.execute(select(groups).order_by(groups.c.group_id))).all():
        group = GroupRow(*tuple(row))
        name = f"the group {encode(group.group_id)}"
        for table, fault in ((members, "has no member"), (wraps, "has no key")):
            statement = select(func.count()).select_from(table).where(table.c.group_id == group.group_id)
            if not (await connection.execute(statement)).scalar_one():
                yield f"{name} {fault}"
        counted = _Sum()
        async for fault in _row_faults(connection, group, counted):
            yield fault
        counted.bytes += await _history_bytes(connection, group)
        if (counted.digest, counted.live, counted.bytes) != (group.digest, group.live, group.bytes):
            yield f"{name} counts its rows wrongly"
        if max(counted.last_seq, group.floor_seq) > group.head_seq:
            yield f"{name} has a row beyond its head"
        if (group.empty_since is None) != bool(group.live):
            yield f"{name} is wrong about being empty"


async def _row_faults(connection: AsyncConnection, group: GroupRow, counted: _Sum) -> AsyncIterator[str]:
    result = await connection.stream(select(resources).where(resources.c.group_id == group.group_id))
    async for rows in result.partitions(_ROWS_AT_ONCE):
        for each in rows:
            row = ResourceRow(*tuple(each))
            if not resource_is_sound(row):
                yield f"the resource {encode(row.resource_id)} is another one than its hash says"
            counted.bytes += row.size
            counted.last_seq = max(counted.last_seq, row.seq)
            if not row.deleted:
                counted.live += 1
                part = digest.term(row.resource_id, row.version, row.rev_hash)
                counted.digest = digest.add(counted.digest, part)


async def _history_bytes(connection: AsyncConnection, group: GroupRow) -> int:
    kept = select(cast(func.coalesce(func.sum(revisions.c.size), 0), BigInteger)).where(
        revisions.c.group_id == group.group_id, revisions.c.blob.is_not(None)
    )
    found: int = (await connection.execute(kept)).scalar_one()
    return found


def resource_is_sound(row: ResourceRow) -> bool:
    """Say whether the hash and the size of a version are those of its envelope."""
    if len(row.resource_id) != limits.ID_BYTES or len(row.prev) != limits.HASH_BYTES or row.size != len(row.blob):
        return False
    revision = Revision(row.group_id, row.resource_id, row.version, row.prev, row.deleted, row.author)
    try:
        return rev_hash(revision, row.blob) == row.rev_hash
    except Undecryptable:
        return False
