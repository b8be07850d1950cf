"""Groups of an account: listed, made and removed, and how far each is (protocol v1, 3.4)."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection

from insomnia_desktop.crypto.digest import EMPTY
from insomnia_desktop.protocol.binary import Bytes16, Bytes32, Bytes61
from insomnia_desktop.protocol.limits import FIRST_EPOCH
from insomnia_desktop.protocol.resource_groups import OWNER, Group, Groups, GroupWrap, Head, Heads, NewGroup
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import accounts, groups
from insomnia_desktop.server.database.groups import GroupRow, Membership, WrapRow
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.domain.announcing import group_moved, group_removed
from insomnia_desktop.server.problems import Refused


async def heads(context: ServerContext, session: SessionRow) -> Heads:
    """Return how far every group is; raises Refused `unauthorized` where the account was deleted meanwhile."""
    rev, mine = await context.database.run_read_at_once(groups.heads, session.account_id)
    if rev is None:
        raise Refused("unauthorized")
    told = [
        Head(
            id=Bytes16(each.group.group_id),
            head_seq=each.group.head_seq,
            digest=Bytes32(each.group.digest),
            epoch=each.group.epoch,
            role=each.role,
            log_n=each.group.log_n,
        )
        for each in mine
    ]
    return Heads(Bytes16(context.server_epoch), rev, told)


async def listed(context: ServerContext, session: SessionRow) -> Groups:
    """Return the groups with the wraps of their keys, by id."""

    def read(connection: Connection) -> tuple[list[Membership], list[WrapRow]]:
        mine = groups.of_account(connection, session.account_id)
        return mine, groups.wraps_of_account(connection, session.account_id)

    mine, keys = await context.database.run_read(read)
    wraps: dict[bytes, list[GroupWrap]] = defaultdict(list)
    for key in keys:
        wraps[key.group_id].append(GroupWrap(key.epoch, Bytes61(key.wrap)))
    return Groups([_told(each.group, each.role, wraps[each.group.group_id]) for each in mine])


async def make(context: ServerContext, session: SessionRow, message: NewGroup) -> Group:
    """Make a group; raises Refused `invalid`, `group_exists`, `limit`."""
    if message.epoch != FIRST_EPOCH:
        raise Refused("invalid", field="epoch")
    group = _new(bytes(message.id), context.clock.now_ms())

    def write(connection: Connection) -> None:
        # Locked, so that two who make groups at once are both counted, and nobody deletes the account meanwhile.
        if not accounts.lock_id(connection, session.account_id):
            raise Refused("unauthorized")
        mine = {each.group.group_id for each in groups.of_account(connection, session.account_id)}
        if group.group_id in mine:
            raise Refused("group_exists")
        if len(mine) >= context.config.limits.wire.groups:
            raise Refused("limit")
        if not groups.insert(connection, group, session.account_id, OWNER, bytes(message.wrap)):
            raise Refused("group_exists")

    await context.database.run_write(write)
    group_moved(context, session, group.group_id, group.head_seq)
    return _told(group, OWNER, [GroupWrap(group.epoch, message.wrap)])


async def remove(context: ServerContext, session: SessionRow, group_id: bytes) -> None:
    """Delete a group with its history; raises Refused `not_found`."""

    def write(connection: Connection) -> int:
        locked = groups.lock(connection, session.account_id, group_id)
        if locked is None:
            raise Refused("not_found")
        groups.remove(connection, group_id)
        return locked.group.head_seq

    group_removed(context, session, group_id, await context.database.run_write(write))


def _new(group_id: bytes, now: int) -> GroupRow:
    return GroupRow(
        group_id=group_id,
        created_at=now,
        head_seq=0,
        digest=EMPTY,
        epoch=FIRST_EPOCH,
        log_n=0,
        floor_seq=0,
        bytes=0,
        live=0,
        empty_since=now,
    )


def _told(group: GroupRow, role: str, wraps: list[GroupWrap]) -> Group:
    return Group(Bytes16(group.group_id), group.epoch, role, group.created_at, wraps)
