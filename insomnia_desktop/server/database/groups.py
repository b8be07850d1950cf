"""Rows of groups, of who is a member and of the wraps of their keys."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, bindparam, cast, delete, exists, func, select, update

from insomnia_desktop.server.database.inserting import Inserting, values_of
from insomnia_desktop.server.database.prepared import Prepared
from insomnia_desktop.server.database.schema import accounts, groups, members, wraps

_INSERT = Inserting(groups, lambda insert: insert.on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group, its fields in the order of the columns; milliseconds since 1970 UTC.

    `bytes` are those of every blob that is kept, `live` counts the rows that are no tombstones, `empty_since` is None
    while there are any.
    """

    group_id: bytes
    created_at: int
    head_seq: int
    digest: bytes
    epoch: int
    log_n: int
    floor_seq: int
    bytes: int
    live: int
    empty_since: int | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A group as a member of it has it."""

    group: GroupRow
    role: str


@dataclass(frozen=True, slots=True)
class LockedGroup:
    """A group that nobody else changes until the transaction ends; `used_elsewhere` are the account's other bytes."""

    group: GroupRow
    used_elsewhere: int


@dataclass(frozen=True, slots=True)
class WrapRow:
    """A group key under the account's own key."""

    group_id: bytes
    epoch: int
    wrap: bytes


_others = groups.alias("others")
_others_members = members.alias("others_members")
# Built once: these are part of every request for changes.
_OF_MEMBER = (
    select(groups)
    .join(members, members.c.group_id == groups.c.group_id)
    .where(members.c.account_id == bindparam("account"), groups.c.group_id == bindparam("group"))
)
_USED_ELSEWHERE = (
    select(cast(func.coalesce(func.sum(_others.c.bytes), 0), BigInteger))
    .join(_others_members, _others_members.c.group_id == _others.c.group_id)
    .where(_others_members.c.account_id == bindparam("account"), _others.c.group_id != bindparam("group"))
    .scalar_subquery()
)
_LOCKED = Prepared(lambda *_: _OF_MEMBER.add_columns(_USED_ELSEWHERE).with_for_update(of=groups))
_OF_ACCOUNT = (
    select(groups, members.c.role)
    .join(members, members.c.group_id == groups.c.group_id)
    .where(members.c.account_id == bindparam("account"))
    .order_by(groups.c.group_id)
)
_HEADS = Prepared(
    lambda *_: (
        select(accounts.c.rev, groups, members.c.role)
        .select_from(accounts)
        .outerjoin(members, members.c.account_id == accounts.c.account_id)
        .outerjoin(groups, groups.c.group_id == members.c.group_id)
        .where(accounts.c.account_id == bindparam("account"))
        .order_by(groups.c.group_id)
    )
)
_COUNTERS = ("head_seq", "digest", "floor_seq", "bytes", "live", "empty_since")
_WRITE = Prepared(
    lambda *_: (
        update(groups)
        .where(groups.c.group_id == bindparam("group"))
        .values({name: bindparam(f"new_{name}") for name in _COUNTERS})
    )
)


def of_account(connection: Connection, account_id: bytes) -> list[Membership]:
    """Return the groups of an account, by id."""
    rows = connection.execute(_OF_ACCOUNT, {"account": account_id})
    return [Membership(GroupRow(*row[:-1]), row[-1]) for row in rows]


def heads(connection: Connection, account_id: bytes) -> tuple[int | None, list[Membership]]:
    """Return the number of an account's last change and its groups, by id; None where there is no such account."""
    rows = _HEADS.run(connection, {"account": account_id}).all()
    mine = [Membership(GroupRow(*row[1:-1]), row[-1]) for row in rows if row[-1] is not None]
    return rows[0][0] if rows else None, mine


def wraps_of_account(connection: Connection, account_id: bytes) -> list[WrapRow]:
    """Return the wraps of all group keys of an account, by epoch."""
    columns = (wraps.c.group_id, wraps.c.epoch, wraps.c.wrap)
    statement = select(*columns).where(wraps.c.account_id == account_id).order_by(wraps.c.epoch)
    return [WrapRow(*row) for row in connection.execute(statement)]


def get(connection: Connection, account_id: bytes, group_id: bytes) -> GroupRow | None:
    """Return a group of which the account is a member."""
    result = connection.execute(_OF_MEMBER, {"account": account_id, "group": group_id})
    return _group(result.one_or_none())


def lock(connection: Connection, account_id: bytes, group_id: bytes) -> LockedGroup | None:
    """Lock a group of which the account is a member, as it is once others are done with it."""
    row = _LOCKED.run(connection, {"account": account_id, "group": group_id}).one_or_none()
    return None if row is None else LockedGroup(GroupRow(*row[:-1]), row[-1])


def lock_any(connection: Connection, group_id: bytes) -> GroupRow | None:
    """Lock a group whosever it is."""
    statement = select(groups).where(groups.c.group_id == group_id).with_for_update()
    return _group(connection.execute(statement).one_or_none())


def get_any(connection: Connection, group_id: bytes) -> GroupRow | None:
    """Return a group whosever it is."""
    return _group(connection.execute(select(groups).where(groups.c.group_id == group_id)).one_or_none())


def write(connection: Connection, group: GroupRow) -> None:
    """Write the counters of a group that is locked."""
    values = {f"new_{name}": getattr(group, name) for name in _COUNTERS}
    _WRITE.run(connection, {"group": group.group_id, **values})


def insert(connection: Connection, group: GroupRow, account_id: bytes, role: str, wrap: bytes) -> bool:
    """Add a group with its first member and the wrap of its first key; False where its id is taken."""
    if not _INSERT.run_sync(connection, values_of(group)).rowcount:
        return False
    member = {"account_id": account_id, "group_id": group.group_id}
    connection.execute(members.insert().values(member | {"role": role}))
    connection.execute(wraps.insert().values(member | {"epoch": group.epoch, "wrap": wrap}))
    return True


def remove(connection: Connection, group_id: bytes) -> None:
    """Delete a group and all that is in it."""
    connection.execute(delete(groups).where(groups.c.group_id == group_id))


def remove_all(connection: Connection, account_id: bytes) -> None:
    """Delete the groups that nobody but the account is a member of."""
    mine, another = members.alias("mine"), members.alias("another")
    shared = exists().where(another.c.group_id == mine.c.group_id, another.c.account_id != account_id)
    own = select(mine.c.group_id).where(mine.c.account_id == account_id, ~shared)
    connection.execute(delete(groups).where(groups.c.group_id.in_(own)))


def used(connection: Connection, account_id: bytes) -> int:
    """Return the bytes of an account, history counted."""
    total = func.coalesce(func.sum(groups.c.bytes), 0)
    statement = select(total).join(members).where(members.c.account_id == account_id)
    return int(connection.execute(statement).scalar_one())


def every_id(connection: Connection) -> list[bytes]:
    """Return the ids of all groups."""
    return list(connection.execute(select(groups.c.group_id).order_by(groups.c.group_id)).scalars())


def who_hears_of(connection: Connection, group_ids: Collection[bytes]) -> list[tuple[bytes, bytes, int]]:
    """Return group id, account id and head_seq for each member of the groups."""
    columns = (groups.c.group_id, members.c.account_id, groups.c.head_seq)
    statement = select(*columns).join(members).where(groups.c.group_id.in_(group_ids))
    return [(row[0], row[1], row[2]) for row in connection.execute(statement)]


def owners_used(connection: Connection, group_id: bytes) -> int:
    """Return the bytes of the account that uses most, of those a group belongs to."""
    mine = members.alias("mine")
    statement = (
        select(cast(func.sum(groups.c.bytes), BigInteger).label("used"))
        .join(members, members.c.group_id == groups.c.group_id)
        .join(mine, mine.c.account_id == members.c.account_id)
        .where(mine.c.group_id == group_id)
        .group_by(members.c.account_id)
    )
    return max(connection.execute(statement).scalars(), default=0)


def _group(row: Row[Any] | None) -> GroupRow | None:
    return None if row is None else GroupRow(*tuple(row))
