"""A push: its changes judged and stored in one transaction, under the lock of the group (protocol v1, 3.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from insomnia_desktop.protocol.limits import PAGE_ROWS
from insomnia_desktop.protocol.sync import Change, Push, PushAnswer
from insomnia_desktop.server.context import ServerContext
from insomnia_desktop.server.database import groups, resources, revisions
from insomnia_desktop.server.database.groups import GroupRow, LockedGroup
from insomnia_desktop.server.database.resources import Current, ResourceRow
from insomnia_desktop.server.database.sessions import SessionRow
from insomnia_desktop.server.domain import history, pages
from insomnia_desktop.server.domain.announcing import group_moved
from insomnia_desktop.server.domain.pages import Chosen
from insomnia_desktop.server.domain.push_rules import Offer, Tally, Verdict, judge, offer
from insomnia_desktop.server.problems import Refused


@dataclass(frozen=True, slots=True)
class _Judged:
    """The verdicts of a push; `stored` are the changes that are to be, `replaced` what was there before them."""

    group: GroupRow
    verdicts: list[Verdict]
    stored: list[ResourceRow]
    replaced: list[Current]


@dataclass(frozen=True, slots=True)
class _Pushed:
    """What a push came to; `crowded` says that little is left of the account's quota."""

    answer: PushAnswer
    stored: bool
    crowded: bool


async def push(context: ServerContext, session: SessionRow, group_id: bytes, message: Push) -> PushAnswer:
    """Store what may be stored, and answer each change; raises Refused `invalid`, `not_found`."""
    _check(context, message.changes)
    # Hashing waits for nothing, so nobody waits for it with the group locked.
    offers = [offer(group_id, session.account_id, change) for change in message.changes]
    pushed = await context.database.run_write(_push, context, session, group_id, offers, message.after)
    if pushed.stored:
        if pushed.crowded:
            context.crowded.add(session.account_id)
        group_moved(context, session, group_id, pushed.answer.head_seq)
    return pushed.answer


def _push(
    connection: Connection,
    context: ServerContext,
    session: SessionRow,
    group_id: bytes,
    offers: Sequence[Offer],
    after: int,
) -> _Pushed:
    locked = groups.lock(connection, session.account_id, group_id)
    if locked is None:
        raise Refused("not_found")
    judged = _judge(context, connection, session, locked, offers)
    group = _store(context, connection, locked, judged) if judged.stored else locked.group
    answer = _answer(context, connection, locked.group, group, after, judged)
    crowded = history.is_crowded(context, locked.used_elsewhere + group.bytes)
    return _Pushed(answer, bool(judged.stored), crowded)


def _check(context: ServerContext, changes: Sequence[Change]) -> None:
    if len(changes) > context.config.limits.wire.changes:
        raise Refused("invalid", field="changes")
    seen: set[bytes] = set()
    for number, change in enumerate(changes):
        if change.id in seen:
            raise Refused("invalid", field=f"changes[{number}].id")
        seen.add(change.id)


def _judge(
    context: ServerContext,
    connection: Connection,
    session: SessionRow,
    locked: LockedGroup,
    offers: Sequence[Offer],
) -> _Judged:
    group_id = locked.group.group_id
    current = resources.current(connection, group_id, [made.change.id for made in offers]) if offers else {}
    older = [made.version for made in offers if _may_be_history(made, current.get(made.change.id))]
    replaced_hashes = revisions.hashes(connection, group_id, older) if older else {}
    tally = Tally(locked.group, locked.used_elsewhere, context.config.limits.wire)
    now = context.clock.now_ms()
    verdicts: list[Verdict] = []
    stored: list[ResourceRow] = []
    replaced: list[Current] = []
    for made in offers:
        before = current.get(made.change.id)
        verdict = judge(made, before, replaced_hashes, tally)
        verdicts.append(verdict)
        if verdict.stored:
            stored.append(_row(group_id, session, made, tally.head_seq, now))
            if before is not None:
                replaced.append(before)
    return _Judged(tally.result(now), verdicts, stored, replaced)


def _may_be_history(made: Offer, current: Current | None) -> bool:
    return current is not None and made.rev_hash is not None and 0 < made.change.version < current.version


def _row(group_id: bytes, session: SessionRow, made: Offer, seq: int, now: int) -> ResourceRow:
    change = made.change
    assert made.rev_hash is not None
    return ResourceRow(
        group_id=group_id,
        resource_id=bytes(change.id),
        version=change.version,
        seq=seq,
        rev_hash=made.rev_hash,
        prev=bytes(change.prev),
        deleted=change.deleted,
        author=session.account_id,
        device=session.device_id,
        at=now,
        size=made.size,
        blob=bytes(change.blob),
    )


def _store(context: ServerContext, connection: Connection, locked: LockedGroup, judged: _Judged) -> GroupRow:
    """Write the versions and the group's counters; returns the latter."""
    group = judged.group
    if judged.replaced:
        revisions.archive(connection, group.group_id, [each.resource_id for each in judged.replaced])
        group = history.thin_replaced(context, connection, group, locked.used_elsewhere, judged.replaced)
    resources.put(connection, judged.stored)
    groups.write(connection, group)
    return group


def _answer(
    context: ServerContext,
    connection: Connection,
    before: GroupRow,
    group: GroupRow,
    after: int,
    judged: _Judged,
) -> PushAnswer:
    """Return the results with the page after the cursor, of the same state of the group."""
    results = [verdict.result for verdict in judged.verdicts]
    if pages.is_below_floor(group, after):
        fields = pages.frame(context, group, Chosen([], False)) | {"next": after, "more": True}
        return PushAnswer(**fields, results=results, resync=True)
    chosen = Chosen([], False)
    # Seqs above the old head are of this push alone, and so are left out of the page.
    if after < before.head_seq:
        accepted = {result.id for result in results if result.result == "ok"}
        chosen = pages.choose(context, connection, group, after, PAGE_ROWS, accepted, len(results))
    return PushAnswer(**pages.frame(context, group, chosen), results=results)
