"""What a round of one group does next, from what is stored and what the round has learned (protocol v1, 3.5 to 3.7).

The caller loops: `next_step`, do it, note what came of it with the functions here, until a step ends the round. What is
stored survives a crash; a Round is made anew each time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from insomnia_desktop.sync.cursor import (
    Advance,
    Cursor,
    GroupState,
    Invalid,
    PageOutcome,
    RepairReason,
    Restart,
    is_at_head,
)
from insomnia_desktop.sync.push_results import Accepted, Answered, Awaited, Blocked

# An answer may be replayed without end; the round is not played along. What was broken off goes on after a back-off.
MOST_IN_VAIN = 10
MOST_RESTARTS = 3

Attention: TypeAlias = Literal["digest", "row_missing"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store says before each step.

    `outbox`, `live` and `tombstones` count rows: sealed ones, and dirty documents that may be sent (deleted ones that
    only have to be marked clean are among the tombstones); `held` counts those that may not (blocked, in quarantine).
    `to_restore` counts deleted parents of something living, `digest` is the sum over the heads; both matter at head.
    """

    cursor: Cursor
    digest: bytes
    outbox: int = 0
    live: int = 0
    tombstones: int = 0
    held: int = 0
    to_restore: int = 0

    @property
    def to_send(self) -> int:
        """How many rows are to be sent: what is sealed goes before the rest is looked at."""
        return self.outbox or self.live + self.tombstones


@dataclass(frozen=True, slots=True)
class Round:
    """What this round has learned.

    `told` is the newest that the server said of the group; `more` says that a page was not the last. `awaited` are the
    resources whose push met a newer row that has not come yet. `alone`: the outbox goes one row at a time. `vain` and
    `restarts` count what an honest server does seldom: pushes in a row of which nothing was taken, full pulls begun.
    """

    told: GroupState | None = None
    more: bool = False
    awaited: frozenset[str] = frozenset()
    repaired: bool = False
    alone: bool = False
    vain: int = 0
    restarts: int = 0
    went_back: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """Send the outbox as it is; one row a request if `alone`."""

    alone: bool


@dataclass(frozen=True, slots=True)
class Pull:
    """Ask for the changes behind `after`."""

    after: int
    full: bool


@dataclass(frozen=True, slots=True)
class Seal:
    """Seal dirty documents into the outbox; tombstones wait if `tombstones` is false."""

    tombstones: bool


@dataclass(frozen=True, slots=True)
class RestoreParents:
    """Bring deleted parents of something living back, by an ordinary edit (3.6 rule 7)."""


@dataclass(frozen=True, slots=True)
class Repair:
    """Begin a full pull: `cursor.repair_pull`."""

    reason: RepairReason


@dataclass(frozen=True, slots=True)
class LiveSent:
    """Only tombstones are left; they wait for the living rows of the other groups (3.10)."""


@dataclass(frozen=True, slots=True)
class Done:
    """The round is at its end. `verified`: at head, digests equal, nothing left to send; `held` as it is stored."""

    verified: bool
    attention: Attention | None = None
    held: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The round ends by an answer that is none; it counts as a failure of the network."""


Step: TypeAlias = Send | Pull | Seal | RestoreParents | Repair | LiveSent | Done | Failed


def next_step(stored: Stored, state: Round, *, tombstones: bool = True) -> Step:
    """Return what the round does next; `tombstones` is false while another group has living rows to send."""
    cursor = stored.cursor
    if state.broken:
        return Failed()
    if stored.outbox:
        return Send(state.alone)
    if cursor.full is not None:
        return Pull(cursor.seq, full=True)
    if state.more:
        return Pull(cursor.seq, full=False)
    at_head = state.told is not None and is_at_head(cursor, state.told)
    if state.awaited:
        # The row that stood in the way is looked for before anything is sent again.
        return _unless_repaired(stored, state, "row_missing") if at_head else Pull(cursor.seq, full=False)
    if stored.live or (stored.tombstones and tombstones):
        return Seal(tombstones)
    if state.told is None or not at_head:
        return Pull(cursor.seq, full=False)
    return _at_head(stored, state, state.told)


def _at_head(stored: Stored, state: Round, told: GroupState) -> Step:
    if stored.to_restore:
        return RestoreParents()
    if stored.digest != told.digest:
        return _unless_repaired(stored, state, "digest")
    return LiveSent() if stored.tombstones else Done(verified=not stored.held, held=stored.held)


def _unless_repaired(stored: Stored, state: Round, reason: Attention) -> Step:
    """Return a repair, once in a round: what it does not mend, another one does not."""
    return Done(verified=False, attention=reason, held=stored.held) if state.repaired else Repair(reason)


def learned(state: Round, told: GroupState) -> Round:
    """Return the round after heads told of the group."""
    return replace(state, told=told)


def pulled(state: Round, page: GroupState, outcome: PageOutcome, arrived: Iterable[str]) -> Round:
    """Return the round after a page and what it did; `arrived` are the ids of its rows that were new here."""
    if isinstance(outcome, Restart):
        return restarted(state, outcome)
    if isinstance(outcome, Invalid):
        return replace(state, broken=True)
    if not isinstance(outcome, Advance):
        return state
    return replace(state, told=page, more=page.more, awaited=state.awaited.difference(arrived))


def pushed(state: Round, answered: Collection[Answered] | None) -> Round:
    """Return the round after the answer to a push; its page comes after it. None: the results answer something else."""
    if answered is None:
        return replace(state, broken=True)
    awaited = state.awaited.union(each.id for each in answered if isinstance(each, Awaited))
    vain = 0 if any(isinstance(each, Accepted | Blocked) for each in answered) else state.vain + 1
    return replace(state, awaited=awaited, vain=vain, broken=vain > MOST_IN_VAIN)


def restarted(state: Round, restart: Restart) -> Round:
    """Return the round after a full pull began, by a page, an entry of heads, a 410 or a Repair."""
    return replace(
        state,
        more=False,
        repaired=state.repaired or restart.reason != "resync",
        restarts=state.restarts + 1,
        went_back=state.went_back or restart.went_back,
        broken=state.restarts >= MOST_RESTARTS,
    )


def sealed(state: Round) -> Round:
    """Return the round after a new outbox was written: it goes in one request."""
    return replace(state, alone=False)


def refused_whole(state: Round) -> Round:
    """Return the round after a whole push was refused with 413 or 422: its changes go one at a time (3.6 rule 2)."""
    return replace(state, alone=True)
