"""Rows of resources: the newest version of each, live or a tombstone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter

from sqlalchemy import Connection, Insert, bindparam, select

from insomnia_desktop.server.database.inserting import insert_into
from insomnia_desktop.server.database.prepared import Prepared, items_of
from insomnia_desktop.server.database.schema import resources


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A version with its blob, its fields in the order of the columns; `at` in milliseconds since 1970 UTC."""

    group_id: bytes
    resource_id: bytes
    version: int
    seq: int
    rev_hash: bytes
    prev: bytes
    deleted: bool
    author: bytes
    device: bytes
    at: int
    size: int
    blob: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Current:
    """What a push compares with: the newest version without its blob."""

    resource_id: bytes
    version: int
    seq: int
    rev_hash: bytes
    deleted: bool


@dataclass(frozen=True, slots=True)
class Length:
    """How long a row is that a page may hold; `size` in bytes."""

    resource_id: bytes
    seq: int
    size: int


_IN_GROUP = resources.c.group_id == bindparam("group")
_CURRENT = Prepared(
    lambda _, count: select(*(resources.c[each.name] for each in fields(Current))).where(
        _IN_GROUP, resources.c.resource_id.in_(items_of(resources.c.resource_id, count))
    )
)
_LENGTHS = (
    select(*(resources.c[each.name] for each in fields(Length)))
    .where(_IN_GROUP, resources.c.seq > bindparam("after"))
    .order_by(resources.c.seq)
    .limit(bindparam("most"))
)
_OF_SEQS = (
    select(resources).where(_IN_GROUP, resources.c.seq.in_(bindparam("seqs", expanding=True))).order_by(resources.c.seq)
)
_KEY = ("group_id", "resource_id")
_NAMES = tuple(each.name for each in fields(ResourceRow))
_ALL = attrgetter(*_NAMES)


def _put(dialect: str, _: int) -> Insert:
    insert = insert_into(resources, dialect)
    changed = {column.name: insert.excluded[column.name] for column in resources.c if column.name not in _KEY}
    return insert.on_conflict_do_update(index_elements=_KEY, set_=changed)


_PUT = Prepared(_put)


def current(connection: Connection, group_id: bytes, ids: Collection[bytes]) -> dict[bytes, Current]:
    """Return the newest versions of those resources that there are."""
    rows = _CURRENT.run(connection, {"group": group_id}, list(ids))
    return {row[0]: Current(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows}


def put(connection: Connection, rows: Sequence[ResourceRow]) -> None:
    """Write newest versions in the place of those that were."""
    _PUT.run_many(connection, map(_ALL, rows), _NAMES)


def lengths(connection: Connection, group_id: bytes, after: int, most: int) -> list[Length]:
    """Return how long the rows after a seq are, by seq, at most so many."""
    rows = connection.execute(_LENGTHS, {"group": group_id, "after": after, "most": most})
    return [Length(*row) for row in rows]


def of_seqs(connection: Connection, group_id: bytes, seqs: Collection[int]) -> list[ResourceRow]:
    """Return the rows of seqs, by seq."""
    rows = connection.execute(_OF_SEQS, {"group": group_id, "seqs": list(seqs)})
    return [ResourceRow(*row) for row in rows]


def get(connection: Connection, group_id: bytes, resource_id: bytes) -> ResourceRow | None:
    """Return the newest version of a resource."""
    statement = select(resources).where(resources.c.group_id == group_id, resources.c.resource_id == resource_id)
    row = connection.execute(statement).one_or_none()
    return None if row is None else ResourceRow(*row)
