"""What a test does to the groups of a server behind its endpoints: let tombstones go, remove all."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import groups, retention


async def all_groups(context: ServerContext) -> set[bytes]:
    """Return the ids of all groups."""
    return set(await context.database.run_read(groups.every_id))


async def remove_groups(context: ServerContext) -> None:
    """Remove every group."""
    for group_id in await all_groups(context):
        await context.database.run_write(groups.remove, group_id)


async def purge(context: ServerContext, group_id: bytes, up_to: float) -> None:
    """Let go of the tombstones up to a part (0 to 1) of a group's head, whatever their age."""

    def run(connection: Connection) -> None:
        group = groups.lock_any(connection, group_id)
        assert group is not None
        last = round(group.head_seq * up_to)
        freed = retention.remove_tombstones(connection, group_id, last)
        floor = max(group.floor_seq, last)
        groups.write(connection, replace(group, floor_seq=floor, bytes=group.bytes - freed))

    await context.database.run_write(run)
