"""Rows of revisions: the versions before the newest one, with their blobs as long as these are kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields

from sqlalchemy import ColumnElement, Connection, TextClause, bindparam, select, update

from insomnia_desktop.server.database.prepared import Prepared, is_pair, items_of
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
_ARCHIVE = Prepared(
    lambda _, count: revisions.insert().from_select(
        _COLUMNS,
        select(*(resources.c[name] for name in _COLUMNS)).where(
            resources.c.group_id == bindparam("group"),
            resources.c.resource_id.in_(items_of(resources.c.resource_id, count)),
        ),
    )
)
_VERSION = (revisions.c.resource_id, revisions.c.version)


def _among(count: int) -> tuple[ColumnElement[bool], TextClause]:
    return revisions.c.group_id == bindparam("group"), is_pair(*_VERSION, count)


_HASHES = Prepared(lambda _, count: select(*_VERSION, revisions.c.rev_hash).where(*_among(count)))
_TIMES = Prepared(lambda _, count: select(*_VERSION, revisions.c.at).where(*_among(count)))
_DROP_BLOBS = Prepared(
    lambda _, count: (
        update(revisions)
        .where(*_among(count), revisions.c.blob.is_not(None))
        .values(blob=None)
        .returning(revisions.c.size)
    )
)
Version = tuple[bytes, int]
"""A resource's id and a version of it."""


def archive(connection: Connection, group_id: bytes, ids: Collection[bytes]) -> None:
    """Copy the newest versions of resources here, before they are replaced."""
    _ARCHIVE.run(connection, {"group": group_id}, list(ids))


def hashes(connection: Connection, group_id: bytes, versions: Collection[Version]) -> dict[Version, bytes]:
    """Return the hashes of those versions that were replaced."""
    rows = _HASHES.run(connection, {"group": group_id}, list(versions))
    return {(resource_id, version): rev_hash for resource_id, version, rev_hash in rows}


def times(connection: Connection, group_id: bytes, versions: Collection[Version]) -> dict[Version, int]:
    """Return when those versions were pushed, as far as they have been replaced."""
    rows = _TIMES.run(connection, {"group": group_id}, list(versions))
    return {(resource_id, version): at for resource_id, version, at in rows}


def drop_blobs(connection: Connection, group_id: bytes, versions: Collection[Version]) -> int:
    """Drop the blobs of versions and return how many bytes they had."""
    return sum(_DROP_BLOBS.run(connection, {"group": group_id}, list(versions)).scalars())


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
