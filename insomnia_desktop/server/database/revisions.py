"""Rows of revisions: the versions before the newest one, with their blobs as long as these are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, bindparam, select, tuple_, update

from insomnia_desktop.server.database.schema import resources, revisions


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A version that was replaced, its fields in the order of the columns; `at` in milliseconds since 1970 UTC."""

    group_id: bytes
    resource_id: bytes
    version: int
    rev_hash: bytes
    prev: bytes
    deleted: bool
    author: bytes
    device: bytes
    at: int
    size: int
    blob: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedRevision:
    """A version as it is listed; `kept` says whether its blob is."""

    version: int
    rev_hash: bytes
    prev: bytes
    deleted: bool
    author: bytes
    device: bytes
    at: int
    size: int
    kept: bool


_LISTED = tuple(each.name for each in fields(ListedRevision) if each.name != "kept")
_COLUMNS = [column.name for column in revisions.c]
_ARCHIVE = revisions.insert().from_select(
    _COLUMNS,
    select(*(resources.c[name] for name in _COLUMNS)).where(
        resources.c.group_id == bindparam("group"), resources.c.resource_id.in_(bindparam("ids", expanding=True))
    ),
)
_VERSION = (revisions.c.resource_id, revisions.c.version)
# Built once, as these are part of a push: to build one takes longer than SQLite takes to carry it out.
_AMONG = (
    revisions.c.group_id == bindparam("group"),
    tuple_(*_VERSION).in_(bindparam("versions", expanding=True)),
)
_HASHES = select(*_VERSION, revisions.c.rev_hash).where(*_AMONG)
_TIMES = select(*_VERSION, revisions.c.at).where(*_AMONG)
_DROP_BLOBS = (
    update(revisions).where(*_AMONG, revisions.c.blob.is_not(None)).values(blob=None).returning(revisions.c.size)
)
Version = tuple[bytes, int]
"""A resource's id and a version of it."""


def archive(connection: Connection, group_id: bytes, ids: Collection[bytes]) -> None:
    """Copy the newest versions of resources here, before they are replaced."""
    connection.execute(_ARCHIVE, {"group": group_id, "ids": list(ids)})


def hashes(connection: Connection, group_id: bytes, versions: Collection[Version]) -> dict[Version, bytes]:
    """Return the hashes of those versions that were replaced."""
    rows = connection.execute(_HASHES, _of(group_id, versions))
    return {(row[0], row[1]): row[2] for row in rows}


def times(connection: Connection, group_id: bytes, versions: Collection[Version]) -> dict[Version, int]:
    """Return when those versions were pushed, as far as they have been replaced."""
    rows = connection.execute(_TIMES, _of(group_id, versions))
    return {(row[0], row[1]): row[2] for row in rows}


def drop_blobs(connection: Connection, group_id: bytes, versions: Collection[Version]) -> int:
    """Drop the blobs of versions and return how many bytes they had."""
    return sum(connection.execute(_DROP_BLOBS, _of(group_id, versions)).scalars())


def listed(
    connection: Connection, group_id: bytes, resource_id: bytes, before: int | None, most: int
) -> list[ListedRevision]:
    """Return the versions that were replaced and lie below one, the newest first, at most so many."""
    columns = (*(revisions.c[name] for name in _LISTED), revisions.c.blob.is_not(None))
    statement = select(*columns).where(revisions.c.group_id == group_id, revisions.c.resource_id == resource_id)
    if before is not None:
        statement = statement.where(revisions.c.version < before)
    rows = connection.execute(statement.order_by(revisions.c.version.desc()).limit(most))
    return [ListedRevision(*row) for row in rows]


def get(connection: Connection, group_id: bytes, resource_id: bytes, version: int) -> RevisionRow | None:
    """Return a version that was replaced."""
    statement = select(revisions).where(
        revisions.c.group_id == group_id, revisions.c.resource_id == resource_id, revisions.c.version == version
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else RevisionRow(*row)


def _of(group_id: bytes, versions: Collection[Version]) -> dict[str, Any]:
    return {"group": group_id, "versions": list(versions)}
