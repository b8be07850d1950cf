"""Rows of resources: the newest version of each, live or a tombstone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, fields
from functools import lru_cache
from operator import attrgetter

from sqlalchemy import Connection, Dialect, Insert, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

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
_CURRENT = select(*(resources.c[each.name] for each in fields(Current))).where(
    _IN_GROUP, resources.c.resource_id.in_(bindparam("ids", expanding=True))
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


def _put(dialect: str) -> Insert:
    insert = postgresql.insert(resources) if dialect == "postgresql" else sqlite.insert(resources)
    changed = {column.name: insert.excluded[column.name] for column in resources.c if column.name not in _KEY}
    return insert.on_conflict_do_update(index_elements=_KEY, set_=changed)


_PUT = {dialect: _put(dialect) for dialect in ("postgresql", "sqlite")}


# Of two databases at most: a cache without an end would keep every engine that there ever was.
@lru_cache(maxsize=2)
def _put_text(dialect: Dialect) -> str:
    compiled = _PUT[dialect.name].compile(dialect=dialect)
    assert tuple(compiled.positiontup or ()) == _NAMES
    return str(compiled)


def current(connection: Connection, group_id: bytes, ids: Collection[bytes]) -> dict[bytes, Current]:
    """Return the newest versions of those resources that there are."""
    rows = connection.execute(_CURRENT, {"group": group_id, "ids": list(ids)})
    return {row[0]: Current(*row) for row in rows}


def put(connection: Connection, rows: Sequence[ResourceRow]) -> None:
    """Write newest versions in the place of those that were."""
    # As the driver takes it: dictionaries, which SQLAlchemy makes tuples of, take half as long as the writing itself.
    connection.exec_driver_sql(_put_text(connection.dialect), [_ALL(row) for row in rows])


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
