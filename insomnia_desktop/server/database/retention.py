"""What is old in a group: blobs of old revisions, facts of older ones, and tombstones."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, cast, delete, func, or_, select

from insomnia_desktop.server.database.inserting import Inserting
from insomnia_desktop.server.database.revisions import Version
from insomnia_desktop.server.database.schema import chores, resources, revisions

_DAY_MS = 86_400_000
_BEGIN = Inserting(chores, lambda insert: insert.on_conflict_do_nothing())


def claim_chore(connection: Connection, name: str, now: int, every: int) -> bool:
    """Say whether something that is done every so many milliseconds is due, and note that it has begun.

    Of several servers that ask at once one hears True. A time in the future is of a clock that was put back.
    """
    if _BEGIN.run_sync(connection, {"name": name, "begun_at": now}).rowcount:
        return True
    due = or_(chores.c.begun_at <= now - every, chores.c.begun_at > now)
    changed = connection.execute(chores.update().where(chores.c.name == name, due).values(begun_at=now))
    return changed.rowcount == 1


def thin_versions(
    connection: Connection, group_id: bytes, newest: int, days_since: int | None, most: int | None = None
) -> list[Version]:
    """Return the versions whose blobs are kept and need not be.

    Kept are a resource's `newest` ones, and the last of each UTC day from `days_since` on (none for None).
    """
    following = revisions.alias("following")
    joined = revisions.join(
        resources,
        and_(resources.c.group_id == revisions.c.group_id, resources.c.resource_id == revisions.c.resource_id),
    ).outerjoin(
        following,
        and_(
            following.c.group_id == revisions.c.group_id,
            following.c.resource_id == revisions.c.resource_id,
            following.c.version == revisions.c.version + 1,
        ),
    )
    statement = (
        select(revisions.c.resource_id, revisions.c.version)
        .select_from(joined)
        .where(
            revisions.c.group_id == group_id,
            revisions.c.blob.is_not(None),
            revisions.c.version <= resources.c.version - newest,
        )
    )
    if days_since is not None:
        same_day = revisions.c.at // _DAY_MS == following.c.at // _DAY_MS
        statement = statement.where(or_(revisions.c.at < days_since, same_day))
    return [(row[0], row[1]) for row in connection.execute(statement.limit(most))]


def has_facts_before(connection: Connection, group_id: bytes, before: int) -> bool:
    """Say whether there are revisions without a blob from before a time."""
    statement = select(revisions.c.version).where(*_facts(group_id, before)).limit(1)
    return connection.execute(statement).first() is not None


def remove_facts(connection: Connection, group_id: bytes, before: int) -> None:
    """Delete the revisions without a blob from before a time."""
    connection.execute(delete(revisions).where(*_facts(group_id, before)))


def last_tombstone(connection: Connection, group_id: bytes, before: int) -> int | None:
    """Return the greatest seq of a tombstone from before a time."""
    statement = select(func.max(resources.c.seq)).where(
        resources.c.group_id == group_id, resources.c.deleted, resources.c.at < before
    )
    last: int | None = connection.execute(statement).scalar_one()
    return last


def remove_tombstones(connection: Connection, group_id: bytes, up_to: int) -> int:
    """Delete all tombstones up to a seq with their history, and return how many bytes they had."""
    dead = and_(resources.c.group_id == group_id, resources.c.deleted, resources.c.seq <= up_to)
    ids = select(resources.c.resource_id).where(dead)
    theirs = and_(revisions.c.group_id == group_id, revisions.c.resource_id.in_(ids))
    history = select(_total(revisions.c.size)).where(theirs, revisions.c.blob.is_not(None))
    newest = select(_total(resources.c.size)).where(dead)
    freed = [connection.execute(statement).scalar_one() for statement in (history, newest)]
    connection.execute(delete(revisions).where(theirs))
    connection.execute(delete(resources).where(dead))
    return sum(freed)


def _facts(group_id: bytes, before: int) -> tuple[ColumnElement[bool], ...]:
    return (revisions.c.group_id == group_id, revisions.c.blob.is_(None), revisions.c.at < before)


def _total(size: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(size), 0), BigInteger)
