"""A whole round: all groups of the account, what lives before what was deleted, and what can be said of it then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import msgspec

from insomnia_desktop.crypto import digest as digests
from insomnia_desktop.protocol.resource_groups import Heads
from insomnia_desktop.protocol.service import Limits
from insomnia_desktop.store import Store
from insomnia_desktop.store.queries import sync as queries
from insomnia_desktop.sync.bindings import Bindings, BoundGroup
from insomnia_desktop.sync.endings import GroupChanged, MakesNoSense, told
from insomnia_desktop.sync.group_pull import Offload
from insomnia_desktop.sync.group_round import GroupRound
from insomnia_desktop.sync.group_store import GroupStore
from insomnia_desktop.sync.round_plan import Attention, Done, LiveSent
from insomnia_desktop.sync.session import SyncSession
from insomnia_desktop.sync.tally import Tally

T = TypeVar("T")
# Who types without a pause in one workspace holds up the deletions of another one until the next round.
_MOST_TURNS: Final = 4
_LEAST_BODY: Final = 1024


@dataclass(frozen=True, slots=True)
class GroupOutcome:
    """One group at the end of a round; `recomputed`: the digest of the stored rows, summed anew, equals the server's.

    `head_seq` and `digest` are what the server told last. `attention` is what a repair did not mend.
    """

    group_id: str
    workspace_id: str
    head_seq: int
    items: int
    digest: bytes
    verified: bool
    attention: Attention | None
    went_back: bool
    held: int
    recomputed: bool | None = None


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """A whole round, with what it did not bring to its end.

    `left_out` are groups that changed hands meanwhile, that nobody here can read, or whose deletions had to wait.
    `again` says that another round would get further with some of them. `only` is the one group that a round for edits
    was about: the others stand as the rounds before found them. None: the server was asked about all. `at` is when it
    came to its end, in ms since 1970, as the engine notes.
    """

    tally: Tally
    groups: tuple[GroupOutcome, ...]
    left_out: tuple[str, ...]
    again: bool = False
    only: str | None = None
    at: int = 0

    @property
    def verified(self) -> bool:
        """Whether every group is at head with equal digests and has nothing left to send."""
        return not self.left_out and all(group.verified and group.recomputed is not False for group in self.groups)


@dataclass(frozen=True, slots=True)
class _Before:
    """How a round ended, and whose session it was."""

    session: SyncSession
    outcome: RoundOutcome


def offload(function: Callable[..., T], *arguments: Any) -> asyncio.Future[T]:
    """Begin with a function on a thread of the loop's pool."""
    return asyncio.get_running_loop().run_in_executor(None, lambda: function(*arguments))


def _within_ours(told_: Limits) -> Limits:
    """Return what a server tells as far as anybody can work with it; never more than this program's own."""
    own = Limits()
    bounded = {name: max(1, min(getattr(told_, name), getattr(own, name))) for name in ("changes", "page")}
    # Not one envelope would fit into a body that is smaller; what is really too much is refused.
    body = min(told_.body, own.body) if told_.body >= _LEAST_BODY else own.body
    return msgspec.structs.replace(told_, **bounded, body=body)


def _is_stuck(end: Done | LiveSent | None) -> bool:
    """Say whether a group is at its end with rows that it cannot send in this round."""
    return isinstance(end, Done) and end.attention is not None


class Rounds:
    """Runs whole rounds over a store, one at a time. Threads: one loop's."""

    def __init__(self, store: Store, run_beside: Offload = offload, *, ahead: bool = True) -> None:
        """Take the store; `ahead`: a page is asked for while the one before it is applied."""
        self._store = store
        self._ahead = ahead
        self._offload = run_beside
        self._before: _Before | None = None

    async def run(
        self,
        session: SyncSession,
        *,
        tally: Tally | None = None,
        choose_all: bool = False,
        recompute: bool = False,
        edited: bool = False,
    ) -> RoundOutcome:
        """Run a round; raises what the connection raises, SignedOutElsewhere, KnownErrors of `sync` and of the store.

        With `choose_all` every workspace of this device may be added to the account. With `recompute` the digests are
        summed anew from the stored rows at the end. With `edited` the round is for what was edited here: where it all
        belongs to one workspace the server is not asked how far the groups are, for its answer to the push says that.
        """
        tally = tally or Tally()
        before, self._before = self._before, None
        if edited and before is not None and (outcome := await self._send_edits(session, before, tally)) is not None:
            return outcome
        limits = await self._limits(session)
        heads, etag = await self._heads(session)
        bindings = Bindings(self._store, session)
        bound = await bindings.settle(heads, choose_all=choose_all)
        rounds = [(each, self._round(session, each, limits, tally)) for each in bound]
        for each, _ in rounds:
            self._expect(each, tally)
        if recompute:
            # A backup tries again what could not be read, as the first round of a session does.
            session.tried_again.clear()
        ended, failure = await self._run_all(session, rounds)
        changed = [each.group_id for each, _ in rounds if each.group_id not in ended]
        await bindings.finish()
        if failure is not None:
            raise failure
        if not changed and session.knows_unread(bindings.unreadable):
            # What could not be read is known by what heads told of it: the same heads tell nothing new.
            session.etag = etag
        outcomes = [
            await self._outcome(each, group, done, recompute=recompute)
            for each, group in rounds
            if isinstance(done := ended.get(each.group_id), Done)
        ]
        waiting = [group_id for group_id, end in ended.items() if isinstance(end, LiveSent)]
        outcome = RoundOutcome(
            tally, tuple(outcomes), (*bindings.unreadable, *changed, *waiting), bool(changed or waiting)
        )
        self._remember(session, outcome)
        return outcome

    async def _send_edits(self, session: SyncSession, before: _Before, tally: Tally) -> RoundOutcome | None:
        """Send what was edited, if all of it is of one group; None: a whole round is due, nothing was sent."""
        known = {group.group_id: group for group in before.outcome.groups}
        bound = Bindings(self._store, session).as_they_are(known) if before.session is session else None
        if bound is None or session.limits is None:
            return None
        rounds = [(each, self._round(session, each, session.limits, tally)) for each in bound]
        try:
            stored = [(each, group, group.stored()) for each, group in rounds]
            # A full pull that was broken off is to be ended, too.
            wanting = [found for found in stored if found[2].to_send or found[2].cursor.full is not None]
            if len(wanting) != 1:
                return None
            each, group, found = wanting[0]
            tally.expect(found.to_send)
            done = await group.run(may_delete=partial(self._may_delete, each, rounds, {}, ()))
        except GroupChanged:
            return None
        if not isinstance(done, Done):
            return None
        sent = await self._outcome(each, group, done, recompute=False)
        groups = (sent if other.group_id == each.group_id else other for other in known.values())
        outcome = RoundOutcome(tally, tuple(groups), before.outcome.left_out, only=each.group_id)
        self._remember(session, outcome)
        return outcome

    def _remember(self, session: SyncSession, outcome: RoundOutcome) -> None:
        """Keep the end of a round in which all that can be read was in order: what is edited then goes right away."""
        known = session.knows_unread(outcome.left_out)
        in_order = known and all(group.attention is None for group in outcome.groups)
        self._before = _Before(session, outcome) if in_order else None

    async def _run_all(
        self, session: SyncSession, rounds: Sequence[tuple[BoundGroup, GroupRound]]
    ) -> tuple[dict[str, Done | LiveSent], MakesNoSense | None]:
        """Run all groups; tombstones go once no group has anything living to send: what moves arrives before it leaves.

        Returns how each ended that was not lost on the way; LiveSent where somebody kept on editing elsewhere. Of a
        group about which the server talks nonsense the others do not suffer; that it does is returned too.
        """
        ended: dict[str, Done | LiveSent] = {}
        lost: set[str] = set()
        failure: MakesNoSense | None = None
        for turn in range(_MOST_TURNS):
            for each, group in rounds:
                if each.group_id in lost or not self._is_open(ended.get(each.group_id), each):
                    continue
                try:
                    if turn == 0:
                        await group.begin(each.told, try_again=each.group_id not in session.tried_again)
                        session.tried_again.add(each.group_id)
                    ended[each.group_id] = await group.run(
                        may_delete=partial(self._may_delete, each, rounds, ended, lost)
                    )
                except (GroupChanged, MakesNoSense) as error:
                    failure = error if isinstance(error, MakesNoSense) else failure
                    lost.add(each.group_id)
                    ended.pop(each.group_id, None)
            if not any(isinstance(end, LiveSent) for end in ended.values()):
                break
        return ended, failure

    def _is_open(self, end: Done | LiveSent | None, bound: BoundGroup) -> bool:
        return not isinstance(end, Done) or (end.attention is None and self._has_live(bound))

    def _may_delete(
        self,
        own: BoundGroup,
        rounds: Sequence[tuple[BoundGroup, GroupRound]],
        ended: Mapping[str, Done | LiveSent],
        lost: Collection[str],
    ) -> bool:
        """Say whether no other group that can still send has something living to send (3.10)."""
        return not any(
            self._has_live(each)
            for each, _ in rounds
            if each is not own and each.group_id not in lost and not _is_stuck(ended.get(each.group_id))
        )

    def _has_live(self, bound: BoundGroup) -> bool:
        return queries.pending(self._store.reader(), bound.group_id, bound.workspace_id).live > 0

    def _round(self, session: SyncSession, bound: BoundGroup, limits: Limits, tally: Tally) -> GroupRound:
        return GroupRound(
            GroupStore(self._store, bound.group_id, bound.workspace_id),
            session.api,
            bound.keys,
            account=session.account,
            limits=limits,
            offload=self._offload,
            tally=tally,
            ahead=self._ahead,
        )

    def _expect(self, bound: BoundGroup, tally: Tally) -> None:
        """Count what is known to be needed: what waits here, and how far behind the cursor is."""
        reader = self._store.reader()
        counts = queries.pending(reader, bound.group_id, bound.workspace_id)
        tally.expect(counts.outbox or counts.live + counts.tombstones)
        cursor = queries.cursor(reader, bound.group_id)
        if cursor is not None and bound.told is not None:
            tally.expect(bound.told.head_seq - cursor.seq)

    async def _limits(self, session: SyncSession) -> Limits:
        if session.limits is None:
            with told():
                session.limits = _within_ours((await session.api.version()).limits)
        return session.limits

    async def _heads(self, session: SyncSession) -> tuple[Heads, str]:
        """Return how far the groups are, and the mark of that: it counts once all of it was taken in."""
        # Else what a round did not bring to its end would not be looked at again.
        known, session.etag = session.etag if session.heads is not None else "", ""
        with told():
            heads, etag = await session.api.heads(known)
        if heads is not None:
            session.heads = heads
        assert session.heads is not None
        return session.heads, etag

    async def _outcome(self, bound: BoundGroup, group: GroupRound, done: Done, *, recompute: bool) -> GroupOutcome:
        state = group.state.told
        digest = state.digest if state is not None else digests.EMPTY
        recomputed = None
        if recompute:
            recomputed = await self._offload(self._sum, bound.group_id) == digest
        return GroupOutcome(
            group_id=bound.group_id,
            workspace_id=bound.workspace_id,
            head_seq=state.head_seq if state is not None else 0,
            items=queries.count_live(self._store.reader(), bound.group_id),
            digest=digest,
            verified=done.verified,
            attention=done.attention,
            went_back=group.state.went_back,
            held=done.held,
            recomputed=recomputed,
        )

    def _sum(self, group_id: str) -> bytes:
        heads: Sequence[tuple[str, int, bytes]] = queries.live_heads(self._store.reader(), group_id)
        return digests.total(
            digests.term(bytes.fromhex(resource), version, rev_hash) for resource, version, rev_hash in heads
        )
