"""Pages: rows of one snapshot of a group, by seq, as many as one answer holds (protocol v1, 3.4)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from insomnia_desktop.protocol.binary import Binary, Bytes16, Bytes32
from insomnia_desktop.protocol.resources import Row
from insomnia_desktop.protocol.sync import Page
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import groups, resources
from insomnia_desktop.server.database.groups import GroupRow
from insomnia_desktop.server.database.resources import Length, ResourceRow
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.problems import Refused

# Of the answer's bytes: what is around the rows, a row without its blob, and a result of a push, each at its longest.
_FRAME = 1024
_ROW_FRAME = 256
_RESULT = 112


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows of a page, and whether there are more."""

    rows: list[Row]
    more: bool


async def page(
    context: ServerContext, session: SessionRow, group_id: bytes, after: int, limit: int, *, full: bool
) -> Page:
    """Return the page after a cursor; raises Refused `not_found`, `resync`."""

    def read(connection: Connection) -> Page:
        group = groups.get(connection, session.account_id, group_id)
        if group is None:
            raise Refused("not_found")
        if not full and is_below_floor(group, after):
            raise Refused("resync")
        return Page(**frame(context, group, choose(context, connection, group, after, limit)))

    return await context.database.run_read(read)


def is_below_floor(group: GroupRow, after: int) -> bool:
    """Say whether tombstones after the cursor have been purged."""
    return 0 < after < group.floor_seq


def choose(
    context: ServerContext,
    connection: Connection,
    group: GroupRow,
    after: int,
    limit: int,
    leave_out: Collection[bytes] = (),
    results: int = 0,
) -> Chosen:
    """Return the rows after a cursor but those to `leave_out`; `results` is how many the answer has room to hold."""
    if after >= group.head_seq:
        return Chosen([], False)
    most = min(limit, context.config.limits.wire.page)
    # One more than is taken, to know whether there is more.
    found = resources.lengths(connection, group.group_id, after, most + len(leave_out) + 1)
    wanted = [length for length in found if length.resource_id not in leave_out]
    taken = _that_fit(wanted[:most], context.config.limits.wire.body - _FRAME - results * _RESULT)
    if not taken:
        return Chosen([], False)
    stored = resources.of_seqs(connection, group.group_id, [length.seq for length in taken])
    return Chosen([row_of(row) for row in stored], len(wanted) > len(taken))


def frame(context: ServerContext, group: GroupRow, chosen: Chosen) -> dict[str, Any]:
    """Return the fields of a page."""
    return {
        "rows": chosen.rows,
        "next": chosen.rows[-1].seq if chosen.more else group.head_seq,
        "more": chosen.more,
        "head_seq": group.head_seq,
        "floor_seq": group.floor_seq,
        "digest": Bytes32(group.digest),
        "server_epoch": Bytes16(context.server_epoch),
    }


def row_of(row: ResourceRow) -> Row:
    """Return a stored version as it is told."""
    return Row(
        id=Bytes16(row.resource_id),
        version=row.version,
        seq=row.seq,
        prev=Bytes32(row.prev),
        deleted=row.deleted,
        author=Bytes16(row.author),
        blob=Binary(row.blob),
    )


def _that_fit(lengths: Sequence[Length], room: int) -> list[Length]:
    """Return as many as there is room for, at least one."""
    taken: list[Length] = []
    for length in lengths:
        room -= _ROW_FRAME + -(-length.size * 4 // 3)
        if room < 0 and taken:
            break
        taken.append(length)
    return taken
